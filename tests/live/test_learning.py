"""Which cues a session is given: as stated, as recorded, or as the plan has it from the profile."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.observation import RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.repositioning import Repositioning, Untold
from lengthwise.contracts.session import (
    LOG_VERSION,
    SessionConfig,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.analyze import AnalyzeRequest, session_started
from lengthwise.live.learning import learning_of, practised, with_cues

HINGE = "hip_hinge"
LUNGE = "half_kneeling_hip_flexor"
TODAY = "2026-01-20T08:00:00Z"
STATED = SessionConfig(exercise_id=LUNGE, side=Side.LEFT)


def session(day: int, share: float, *, exercise_id: str = LUNGE) -> SessionTotals:
    kept = ConstraintKept(Side.LEFT, Coordinate.PELVIS_TILT, True, kept_s=59.0, beyond_s=1.0)
    return SessionTotals(
        f"s{day}", f"2026-01-{day:02d}T08:00:00Z", 60.0, 600, exercise_id, 30.0, 0.0, {}, {}, False,
        True, Practice(share, (kept,)),
    )  # fmt: skip


FADED = [session(1, 1.0), session(2, 1.0), session(3, 0.5), session(4, 0.5)]


@pytest.mark.parametrize(("count", "share"), [(1, 1.0), (2, 0.5), (3, 0.5), (4, 0.0)])
def test_the_plan_chooses_and_says_why(count: int, share: float) -> None:
    config, notes = with_cues(STATED, FADED[:count], TODAY, recorded=None)
    assert config == replace(STATED, cue_share=share)
    assert notes and "said" in notes[0]


def test_a_check_that_can_be_made_is_named() -> None:
    _, early = with_cues(STATED, FADED, "2026-01-06T08:00:00Z", recorded=None)
    _, due = with_cues(STATED, FADED, "2026-01-11T08:00:00Z", recorded=None)
    assert len(early) == 1
    assert "retention check after a week" in due[1]


@pytest.mark.parametrize(
    "config",
    [
        replace(STATED, cue_share=1.0),
        replace(STATED, check=True),
        SessionConfig(),
        SessionConfig(exercise_id="cat_cow", repositioning=Coordinate.LUMBAR_FLEXION),
        SessionConfig(exercise_id=HINGE),
    ],
)
def test_what_is_stated_or_not_known_of_is_left_as_it_is(config: SessionConfig) -> None:
    assert with_cues(config, FADED, TODAY, recorded=None) == (config, ())


def test_the_other_side_that_was_never_done_has_all_cues() -> None:
    config, _ = with_cues(replace(STATED, side=None), FADED, TODAY, recorded=None)
    assert config.cue_share == 1.0
    config, _ = with_cues(replace(STATED, side=Side.RIGHT), FADED, TODAY, recorded=None)
    assert config.cue_share == 1.0


def test_a_session_that_was_led_with_all_cues_was_not_led_with_fewer() -> None:
    recorded = SessionStarted(
        LOG_VERSION, "s9", TODAY, "lengthwise", STATED, RecordingHeader("r", "none", ()),
        Person("anna"),
    )  # fmt: skip
    assert with_cues(STATED, FADED, TODAY, recorded=recorded) == (STATED, ())
    other = replace(recorded, config=SessionConfig(exercise_id=HINGE))
    assert with_cues(STATED, FADED, TODAY, recorded=other)[0].cue_share == 0.0


def test_sessions_without_a_count_were_led_with_all_cues_and_those_of_a_place_are_none() -> None:
    old = replace(session(10, 1.0), practice=None)
    place = Repositioning(Coordinate.HIP_FLEXION_L, None, None, 0, None, Untold.NOT_SEEN)
    looked = replace(session(11, 1.0), practice=None, repositioning=place)
    undated = replace(session(12, 1.0), started_utc="some day")
    found = practised([*FADED, old, looked, undated, session(13, 1.0, exercise_id=HINGE)], LUNGE)
    assert [s.practice.cue_share for s in found] == [1.0, 1.0, 0.5, 0.5, 1.0]
    assert learning_of([*FADED, old], LUNGE, TODAY, side=Side.LEFT).cued_day == found[-1].day


class Still:
    """A recording without a picture."""

    header = RecordingHeader("still", "none", (), started_utc=TODAY)

    def close(self) -> None:
        """Nothing is open."""


def test_a_recording_without_a_profile_is_led_with_all_cues(tmp_path: Path) -> None:
    request = AnalyzeRequest(tmp_path / "in", tmp_path / "out", STATED)
    started = session_started(request, Still())  # type: ignore[arg-type]
    assert started.config == STATED
