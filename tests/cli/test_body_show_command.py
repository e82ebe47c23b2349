"""`lengthwise body show` at the command line."""

import json
from pathlib import Path

import pytest
from command_lines import refused
from PIL import Image

from lengthwise.cli.body_show import SIGHTS
from lengthwise.cli.main import main
from lengthwise.report.posture_picture import Sight


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path_factory.getbasetemp() / "ranges"))


def test_the_views_offered_are_those_drawn() -> None:
    assert set(SIGHTS) == {sight.value for sight in Sight}


def test_an_exercise_without_a_posture_shows_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "leg.png"
    arguments = ["--exercise", "supine_hamstring", "--side", "r", "--size", "200x160", "--json"]
    assert main(["body", "show", "--out", str(out), *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["targets"] == ["hamstrings_r"] and told["title"].endswith(", right")
    assert Image.open(out).size == (200, 160)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("standing",), "--out"),
        (("standing", "--out", "a.gif"), ".png or .html"),
        (("handstand", "--out", "a.png"), "found handstand; allowed: standing"),
        (("--out", "a.png"), "say which posture"),
        (("standing", "--out", "a.png", "--muscles", "heart_l"), "found heart_l"),
        (("standing", "--out", "a.png", "--size", "big"), "WxH in pixels"),
        (("standing", "--out", "a.png", "--size", "10x10"), "from 120 to 4000"),
        (("standing", "--out", "a.png", "--pose", "x"), "only with a file of poses"),
        (("standing", "--out", "a.png", "--time", "soon"), "allowed: seconds"),
        (("none.mot", "--out", "a.png", "--time", "1"), "no such file"),
        (("standing", "--out", "a.png", "--exercise", "yoga"), "found yoga"),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says in refused(capsys, "body", "show", *arguments)
    assert list(tmp_path.iterdir()) == []
