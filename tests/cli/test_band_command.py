"""`lengthwise band simulate` and `evaluate band`: what they print, draw and refuse."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from lengthwise.cli.main import main
from lengthwise.live.evaluation import band as evaluation

FIGURES = {"rmse_ratio", "overshoot_ratio", "settle_s", "in_window_ratio", "peak_n"}


@pytest.mark.parametrize("plant", ["motor", "elastic", "strap"])
def test_the_figures_stand_beside_both_baselines(
    plant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["band", "simulate", "--plant", plant, "--seconds", "10", "--latency-ms", "200", "--json"]
    assert main(ask) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] is True
    assert told.keys() >= FIGURES
    assert told["baseline"].keys() == {"elastic", "strap"}
    for beside in told["baseline"].values():
        assert beside.keys() >= FIGURES
    if plant != "motor":
        assert {k: told[k] for k in FIGURES} == {k: told["baseline"][plant][k] for k in FIGURES}
    else:
        assert told["rmse_ratio"] < told["baseline"]["elastic"]["rmse_ratio"]
        assert told["released_by"] == []


def test_without_json_it_says_that_it_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["band", "simulate", "--seconds", "5", "--by-window"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("simulated: 80 N for 5 s")
    assert "elastic, locked" in said
    assert "in the person's window" in said


@pytest.mark.parametrize(
    "wrong",
    [
        ["--target-n", "900"],
        ["--target-n", "nan"],
        ["--seconds", "0"],
        ["--latency-ms", "-1"],
        ["--latency-ms", "900"],
        ["--plant", "rope"],
        ["--seed", "-3"],
        ["--plot", "band.jpg"],
        ["--plant", "strap", "--by-window"],
    ],
)
def test_bad_input_is_one_line(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["band", "simulate", *wrong]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert wrong[-1] in said.err or "strap" in said.err
    assert "allowed" in said.err


def test_the_picture_says_that_it_is_simulated(tmp_path: Path) -> None:
    path = tmp_path / "new" / "band.svg"
    assert main(["band", "simulate", "--seconds", "5", "--plot", str(path)]) == 0
    root = ElementTree.parse(path).getroot()
    words = " ".join(e.text or "" for e in root.iter() if e.tag.endswith("text"))
    assert "Simulated: keeping 80 N" in words
    assert "elastic band, locked" in words
    lines = [e for e in root.iter() if e.tag.endswith("polyline")]
    assert sum(len(e.attrib["points"]) > 1000 for e in lines) == 3


def test_a_png_holds_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "band.png"
    assert main(["band", "simulate", "--seconds", "5", "--plot", str(path)]) == 0
    with Image.open(path) as image:
        assert image.size == (2000, 1040)
        assert len(image.convert("RGB").getcolors(100_000) or []) > 20


def test_evaluate_band_meets_its_floors_on_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "HOLD_S", 12.0)
    page = tmp_path / "band.md"
    ask = ["evaluate", "band", "--scenarios", "16", "--people", "1", "--json", "--write", str(page)]
    assert main(ask) == 0
    tables = json.loads(capsys.readouterr().out)
    assert all(row[-1] is True for table in tables[:2] for row in table["rows"])
    assert "simulated" in page.read_text(encoding="utf-8")
