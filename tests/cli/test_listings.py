"""What the listing commands print: plain words, and what to do where nothing is found."""

from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.observation import Posture
from lengthwise.report import exercise_words


def test_every_start_posture_has_plain_words() -> None:
    assert set(exercise_words.START) == set(Posture)


def test_a_figure_that_is_not_measured_is_answered_with_the_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bench", "--only", "zzz", "--json"]) == 2
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    assert printed.out == ""
    assert "--only: found zzz" in line and "coach.step" in line and "cli.help" in line


def test_deleting_what_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    assert main(["person", "--mass-kg", "64"]) == 0
    capsys.readouterr()
    for session_id in ("20260131T081500Z-a1b2c3", ""):
        assert main(["history", "--delete", session_id, "--json"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "a session of profile default" in line
