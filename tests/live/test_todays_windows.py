"""Marks in a profile: given in a session, kept, and what they come to on another day."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind, Person
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionConfig,
    SessionStarted,
)
from lengthwise.live.analyze import AnalyzeRequest, _as_recorded, analyze
from lengthwise.live.marks_taken import MarksTaken
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearse
from lengthwise.live.todays_windows import person_at, window_notes, windows_at
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.store import ProfileStore
from lengthwise.sim.recording import Plan

pytestmark = pytest.mark.usefixtures("sparse")

PSOAS = (MuscleGroup.PSOAS, Side.LEFT)
SETUP = "imu:pelvis"
PLAN = Plan("half_kneeling_hip_flexor", Side.LEFT, seed=11, sensors="imu4", duration_s=30.0)


def mark(kind: MarkKind, length_m: float, day: str) -> Mark:
    return Mark(*PSOAS, kind, length_m, 0.004, 0.25, f"2026-{day}T08:00:00Z", SETUP)


KEPT = (
    mark(MarkKind.FIRST_RESISTANCE, 0.30, "02-01"),
    mark(MarkKind.TOLERANCE, 0.34, "02-01"),
    mark(MarkKind.FIRST_RESISTANCE, 0.29, "02-03"),
)


def test_a_session_is_given_what_all_marks_come_to() -> None:
    today = person_at(Person("anna", marks=KEPT), "2026-02-05T08:00:00Z", setup=SETUP)
    first, tolerance = today.marks
    assert (first.length_m, tolerance.length_m) == pytest.approx((0.29, 0.33))
    assert window_notes(Person("anna", marks=KEPT), "2026-02-05T08:00:00Z", setup=SETUP) == ()


def test_what_is_too_old_is_named_with_its_muscle() -> None:
    (note,) = window_notes(Person("anna", marks=KEPT), "2026-02-20T08:00:00Z", setup=SETUP)
    assert note == "no window of psoas, left: the first gentle pull was marked too long ago"


def test_marks_taken_after_a_session_do_not_reach_back_into_it() -> None:
    person = Person("anna", marks=KEPT)
    today = person_at(person, "2026-02-02T08:00:00Z", setup=SETUP)
    assert [m.length_m for m in today.marks] == [0.30, 0.34]
    assert "1 marks are not used" in window_notes(person, "2026-02-02T08:00:00Z", setup=SETUP)[-1]


def test_a_day_ends_by_utc_whatever_the_zone_of_a_mark() -> None:
    late = replace(KEPT[0], measured_utc="2026-02-01T23:30:00-02:00")
    (found,) = windows_at(Person("anna", marks=(late,)), "2026-02-02T02:00:00Z", setup=SETUP)
    assert found.first is not None and found.first.age_days == pytest.approx(0.5 / 24)


def test_the_marks_of_a_session_are_kept_in_the_profile_it_is_listed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person marks the first gentle pull of each way in; analysed twice it is still one."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    recorded = rehearse(Rehearsal(PLAN, tmp_path / "led", calibrated=False)).recording
    config = SessionConfig(care=Care(pain_relief=False))
    request = AnalyzeRequest(recorded, tmp_path / "again", config, profile="sim", replace=True)
    for _ in range(2):
        result = analyze(request)
    with ProfileStore.open(data_home(), "sim") as store:
        person = store.person()
    assert person.simulated
    found = {(m.group, m.side, m.kind) for m in person.marks}
    assert (*PSOAS, MarkKind.FIRST_RESISTANCE) in found
    assert {m.kind for m in person.marks} == {MarkKind.FIRST_RESISTANCE}
    assert len(person.marks) == len({(m.group, m.side, m.measured_utc) for m in person.marks})
    assert {m.session_id for m in person.marks} == {result.totals.session_id}
    assert {m.pain_relief for m in person.marks} == {False}
    assert all(m.setup.startswith("imu:") and 0.0 < m.sd_m < 0.05 for m in person.marks)
    kinds = {course: _kinds_with_tolerance(recorded, course) for course in Course}
    assert kinds[Course.CHRONIC] == {MarkKind.FIRST_RESISTANCE, MarkKind.TOLERANCE}
    assert kinds[Course.ACUTE] == {MarkKind.FIRST_RESISTANCE}


def _kinds_with_tolerance(recorded: Path, course: Course) -> set[MarkKind]:
    """What is kept of the same session, were tolerance said in it while the stretch is held."""
    return {m.kind for m in _marks_were_it_said(recorded, SignalKind.TOLERANCE, Phase.HOLD, course)}


def _marks_were_it_said(
    recorded: Path, kind: SignalKind, phase: Phase, course: Course = Course.CHRONIC
) -> tuple[Mark, ...]:
    """What is kept, were one more word said at the last frame of a phase."""
    events = list(read_sealed(recorded))
    started = next(e for e in events if isinstance(e, SessionStarted))
    config = replace(started.config, care=Care(course=course))
    started = replace(started, config=config)
    params = pipeline_params(started)
    assert params.coach is not None
    assert params.coach.limits.window_leads is (course is not Course.ACUTE)
    frames = [e for e in events if isinstance(e, FrameLogged) and e.guidance is not None]
    frame = next(e for e in reversed(frames) if e.guidance and e.guidance.phase is phase)
    at = events.index(frame) + 1
    name = {"first_resistance": "mark.first_resistance", "tolerance": "mark.tolerance"}[kind.value]
    word = PersonSignal(frame.body.t_s, kind)
    why = (Reason(name),)
    decision = Decision(word.t_s, DecisionKind.MARK, phase, PLAN.exercise_id, PLAN.side, why)
    taken = MarksTaken(started, params)
    for event in (*events[:at], ObservationLogged(word), DecisionLogged(decision), *events[at:]):
        taken.take(event)
    return taken.marks()


def test_a_word_is_a_mark_only_in_the_phase_where_it_means_one(tmp_path: Path) -> None:
    """A first pull that is said inside a hold is late, and at rest no tolerance is met: kept, both
    would lift the ceiling of the sessions to come."""
    recorded = rehearse(Rehearsal(PLAN, tmp_path / "led", calibrated=False)).recording
    heard = {
        (kind, phase): len(_marks_were_it_said(recorded, kind, phase))
        for kind in (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE)
        for phase in (Phase.GET_READY, Phase.EASE_IN, Phase.HOLD)
    }
    own = heard[SignalKind.FIRST_RESISTANCE, Phase.GET_READY]
    assert own > 0
    more = {key for key, count in heard.items() if count > own}
    assert more == {
        (SignalKind.FIRST_RESISTANCE, Phase.EASE_IN),
        (SignalKind.TOLERANCE, Phase.EASE_IN),
        (SignalKind.TOLERANCE, Phase.HOLD),
    }


def test_a_recording_is_analysed_again_with_the_care_that_it_was_made_with() -> None:
    recorded = SessionConfig(care=Care(baseline_nrs=4.0, course=Course.SUBACUTE))
    assert _as_recorded(SessionConfig(), recorded).care == recorded.care
    stated = SessionConfig(care=Care(pain_relief=True))
    assert _as_recorded(stated, recorded).care == replace(recorded.care, pain_relief=True)
