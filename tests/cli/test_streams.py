"""A full disk, a reader that went away, a place that cannot be written: one line, never a trace."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from lengthwise.cli.live_view import LiveView
from lengthwise.cli.main import main
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import BodyState, TissueState, Unseen

LENGTHWISE = [sys.executable, "-m", "lengthwise.cli.main"]


def frame() -> FrameLogged:
    """Every angle and every muscle known, so that both columns of the view are full."""
    n, m = len(COORDINATES), len(GROUP_SIDES)
    body = BodyState(
        0.0, frozen_array([0.5] * n), frozen_array([[0.0] * n] * n), (Unseen.CLAIMED,) * n, 1.0
    )
    known = frozen_array([0.5] * m)
    tissue = TissueState(0.0, known, known, known, known, (True,) * m, (None,) * m)
    return FrameLogged(body, tissue, None)


_COMMANDS = ("exercises", "doctor", "history")
# Unbuffered, argparse itself ignores that its own text could not be written.
_WRITERS = [(c, u) for c in _COMMANDS for u in ("", "1")] + [("--help", ""), ("--version", "")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is full")
@pytest.mark.parametrize(("command", "unbuffered"), _WRITERS)
def test_a_full_disk_behind_standard_output_is_one_line(
    tmp_path: Path, command: str, unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as out:
        ran = subprocess.run(
            [*LENGTHWISE, command],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=os.environ | {"LENGTHWISE_HOME": str(tmp_path), "PYTHONUNBUFFERED": unbuffered},
        )
    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert "standard output: No space left on device" in line


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_reader_that_went_away_is_no_trouble(tmp_path: Path, command: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as out:
        ran = subprocess.run(
            [*LENGTHWISE, command],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=os.environ | {"LENGTHWISE_HOME": str(tmp_path)},
        )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("command", ["setup", "history", "doctor"])
@pytest.mark.parametrize("home", ["file", "file/below", "link to nothing"])
def test_a_home_that_cannot_be_written_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    home: str,
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link to nothing").symlink_to(tmp_path / "absent" / "place")
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / home))
    assert main([command]) == 2
    printed = capsys.readouterr()
    if command == "doctor":
        assert "needed" in printed.out and printed.err == ""
    else:
        (line,) = printed.err.splitlines()
        assert str(tmp_path / home) in line and "can be written to" in line


def test_any_other_refusal_of_the_system_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", "/a/place")

    monkeypatch.setattr("lengthwise.cli.exercise_listing.listed", refuse)
    assert main(["exercises"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("lengthwise: /a/place: Permission denied; ")


class _Refusing(io.StringIO):
    """A stream onto a full disk."""

    refused = 0

    def write(self, _: str) -> int:
        self.refused += 1
        raise OSError(28, "No space left on device")


def test_a_session_goes_on_where_its_view_cannot_be_shown() -> None:
    disk, taken = _Refusing(), 0
    with LiveView(Console(file=disk), "a session", monotonic_s=lambda: 0.0) as view:
        for _ in range(3):
            view.take(frame())
            taken += 1
    assert disk.refused > 0 and taken == 3


def test_the_view_is_redrawn_at_most_every_tenth_of_a_second() -> None:
    now_s, drawn = 0.0, 0
    with LiveView(Console(file=io.StringIO()), "a session", monotonic_s=lambda: now_s) as view:
        picture = view.picture

        def counted(event: FrameLogged) -> object:
            nonlocal drawn
            drawn += 1
            return picture(event)

        view.picture = counted  # type: ignore[method-assign,assignment]
        for i in range(100):
            now_s = i / 100
            view.take(frame())
    assert 8 <= drawn <= 10


@pytest.mark.parametrize("width", [60, 100])
def test_no_line_of_the_view_is_broken_in_a_narrow_terminal(width: int) -> None:
    shown = io.StringIO()
    console = Console(file=shown, width=width)
    console.print(LiveView(console, "a session").picture(frame()))
    # The head, one line an angle; the muscles stand beside them.
    assert len(shown.getvalue().rstrip().splitlines()) == 1 + len(COORDINATES)
