"""`lengthwise simulate`: a session of a simulated person, and it says so."""

import json
from pathlib import Path

import pytest

from lengthwise.band.signals import Cause
from lengthwise.cli.main import main
from lengthwise.cli.simulate import FAULTS
from lengthwise.contracts.band import BandOrder
from lengthwise.live.band_taken import band_line
from lengthwise.sim.faults import USUAL


def test_every_fault_with_a_usual_size_can_be_asked_for() -> None:
    assert set(FAULTS) == {kind.value for kind in USUAL}


def test_what_is_simulated_says_so_on_the_screen_and_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["simulate", "cat_cow", "--fault", "cat", "--sensors", "front", "--seconds", "14"]
    assert main([*words, "--out", str(out), "--language", "de"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("a simulated person: cat\n")
    assert "estimates, simulated" in told
    assert json.loads((out / "summary.json").read_text())["simulated"] is True
    assert main([*words, "--out", str(out)]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ["no_such_exercise"],
        ["cat_cow", "--sensors", "radar"],
        ["cat_cow", "--fault", "dog"],
        ["cat_cow", "--sway", "2"],
        ["cat_cow", "--seconds", "nan"],
        ["cat_cow", "--seed", "-1"],
    ],
)
def test_what_cannot_be_simulated_is_said_in_one_line(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *words, "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_band_that_never_pulls_says_why_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["simulate", "supine_hamstring", "--sensors", "front", "--seconds", "5"]
    assert main([*words, "--band-n", "60", "--out", str(tmp_path / "out")]) == 0
    assert "the band never pulled: " in capsys.readouterr().out


def test_a_band_that_lets_go_says_why_in_words() -> None:
    why = (Cause.NOT_ALLOWED.value, Cause.OVER_SPEED.value)
    order = BandOrder(1.0, "band", 0.0, 100.0, 0.5, 0.0, "unload", why=why)
    assert band_line(order) == "lets go: the coach lets nothing pull now, it moved too fast"
