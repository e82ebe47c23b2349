"""`person --learning` and `history`: what is told of cues and of retention checks."""

import json
from pathlib import Path

import pytest
from command_files import landmarks
from command_lines import refused

from lengthwise.cli.main import main
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.home import data_home
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.session import SessionTotals
from lengthwise.record.store import ProfileStore

LUNGE = "half_kneeling_hip_flexor"
TILTS = tuple(
    ConstraintKept(side, Coordinate.PELVIS_TILT, True, kept_s=58.0, beyond_s=1.0) for side in Side
)
UNSEEN = ConstraintKept(Side.LEFT, Coordinate.TRUNK_SIDE_LEAN, False, unsure_s=59.0)


def session(day: str, practice: Practice | None, exercise_id: str = LUNGE) -> SessionTotals:
    return SessionTotals(
        session_id=f"2026{day.replace('-', '')}T080000Z-a1b2c3",
        started_utc=f"2026-{day}T08:00:00Z",
        duration_s=120.0,
        frames=2400,
        exercise_id=exercise_id,
        effective_s=50.0,
        uncertain_s=5.0,
        rejections={},
        claimed_ratio={},
        simulated=False,
        complete=True,
        practice=practice,
    )


SESSIONS = [
    session("01-01", None),
    session("01-02", Practice(1.0, TILTS)),
    session("01-03", Practice(1.0, TILTS)),
    session("01-04", Practice(0.5, TILTS)),
    session("01-05", Practice(0.5, TILTS)),
    session("01-08", Practice(0.0, TILTS)),
    session("01-13", Practice(0.0, TILTS, check=True)),
    session("02-03", Practice(0.0, (*TILTS, UNSEEN), check=True)),
    session("01-06", Practice(1.0, (UNSEEN,)), "hip_hinge"),
]
LISTED = """\
half_kneeling_hip_flexor
  next time no correction is said: nothing that was seen asks for more or fewer
  check of 2026-01-13, 8 days after the last cues: learnt: pelvis tip (working side left) and \
pelvis tip (working side right) kept without a correction said (1 session without cues lay between)
  check of 2026-02-03, 29 days after the last cues: cannot be told: too little of it was seen \
(trunk side lean (working side left)); kept: pelvis tip (working side left) and pelvis tip \
(working side right)
  retention check after four weeks: from 2026-02-01 to 2026-02-16
hip_hinge
  next time all corrections are said: nothing is known yet
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    with ProfileStore.open(data_home(), "anna") as store:
        for one in SESSIONS:
            store.add_session(one, tmp_path / f"{one.session_id}.mcap")
    return tmp_path


def test_cues_checks_and_what_is_due_are_listed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("person", "--profile", "anna", "--learning", "--on", "2026-02-03")) == 0
    assert capsys.readouterr().out == LISTED


def test_an_earlier_day_knows_nothing_of_later_ones(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("person", "--profile", "anna", "--learning", "--json", "--on", "2026-01-07")
    assert main(arguments) == 0
    lunge = json.loads(capsys.readouterr().out)["exercises"][0]
    assert (lunge["exercise_id"], lunge["cue_share"], lunge["checks"]) == (LUNGE, 0.0, [])
    assert lunge["due"] == {
        "kind": "week", "date": "2026-01-12", "from_date": "2026-01-11", "until_date": "2026-01-18",
    }  # fmt: skip


def test_the_history_tells_how_each_session_was_led(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("history", "--profile", "anna")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "said" not in lines[0]
    assert "all corrections are said" in lines[1] and "half of the corrections" in lines[3]
    assert "retention check, 8 days after the last cues: learnt" in lines[7]


def test_a_profile_without_sessions_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("person", "--profile", "ben", "--height-m", "1.7")) == 0
    assert main(("person", "--profile", "ben", "--learning")) == 0
    assert "all corrections are said" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--check",), "only with an exercise"),
        (("--exercise", LUNGE, "--check", "--cues", "half"), "without cues"),
        (("--exercise", LUNGE, "--cues", "most"), "all"),
    ],
)
def test_a_check_of_nothing_or_with_cues_is_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    still = landmarks(home)
    assert told in refused(capsys, "analyze", str(still), "--out", str(home / "out"), *arguments)
