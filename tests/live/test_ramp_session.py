"""Which ramp a session leads: by the answers of its day, earlier ramps, and its exercise."""

import pytest
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import ImuStream, RecordingHeader, Segment
from lengthwise.contracts.person import Mark, MarkKind, Person, RampLed
from lengthwise.contracts.session import (
    LOG_VERSION,
    DecisionLogged,
    RampAsked,
    SessionConfig,
    SessionStarted,
)
from lengthwise.live import ramp_session
from lengthwise.live.learning import check_stated
from lengthwise.live.marks_taken import MarksTaken
from lengthwise.live.params import pipeline_params
from lengthwise.live.ramp_outcome import RampOutcome
from lengthwise.plan.ramp_permission import RampBar

PSOAS, ILIACUS = (MuscleGroup.PSOAS, Side.LEFT), (MuscleGroup.ILIACUS, Side.LEFT)
HAMSTRINGS = (MuscleGroup.HAMSTRINGS, Side.LEFT)
CLEAR = Care(
    baseline_nrs=1.0, course=Course.CHRONIC, neural_signs=(), pain_relief=False, flare=False,
    irritable=False, hypermobile=False, osteoporotic=False, pregnant=False, warm=True,
)  # fmt: skip
AT = "2026-02-02T08:00:00Z"


def started(
    care: Care = CLEAR,
    *,
    today: tuple[tuple[MuscleGroup, Side], ...] | None = (),
    exercise_id: str = "half_kneeling_hip_flexor",
    marks: tuple[Mark, ...] = (),
) -> SessionStarted:
    return SessionStarted(
        LOG_VERSION,
        "20260202T080000Z-000000",
        AT,
        "test",
        SessionConfig(exercise_id=exercise_id, side=Side.LEFT, care=care, ramp=RampAsked(today)),
        RecordingHeader("made up", "none", (ImuStream(Segment.PELVIS, 100.0),)),
        Person("anna", marks=marks),
    )


def mark(group: MuscleGroup, kind: MarkKind, length_m: float) -> Mark:
    return Mark(group, Side.LEFT, kind, length_m, 0.002, 0.33, "2026-02-01T08:00:00Z", "")


def test_where_nothing_is_against_it_it_is_led_and_its_own_windows_are_left_out() -> None:
    """Of all that the stretch lengthens, and of nothing else."""
    marks = tuple(
        mark(group, kind, length_m)
        for group, _ in (PSOAS, ILIACUS, HAMSTRINGS)
        for kind, length_m in ((MarkKind.FIRST_RESISTANCE, 0.34), (MarkKind.TOLERANCE, 0.36))
    )
    session = started(marks=marks)
    assert ramp_session.bars(session) == ()
    params = pipeline_params(session)
    assert params.coach is not None and params.coach.ramp is not None
    assert params.coach.ramp.permitted and params.coach.ramp.warm
    kept = {(m.group, m.side) for m in params.tissue.ground.marks}
    assert kept == {HAMSTRINGS}


@pytest.mark.parametrize(
    ("change", "bar"),
    [
        ({"flare": True}, RampBar.FLARE),
        ({"hypermobile": None}, RampBar.HYPERMOBILE_NOT_KNOWN),
        ({"pain_relief": True}, RampBar.PAIN_RELIEF),
    ],
)
def test_where_something_is_it_is_not_led_and_every_window_forbids_as_before(
    change: dict[str, bool | None], bar: RampBar
) -> None:
    marks = (
        mark(PSOAS[0], MarkKind.FIRST_RESISTANCE, 0.34),
        mark(PSOAS[0], MarkKind.TOLERANCE, 0.36),
    )
    session = started(replace(CLEAR, **change), marks=marks)
    assert ramp_session.bars(session) == (bar,)
    params = pipeline_params(session)
    assert params.coach is not None and params.coach.ramp is not None
    assert not params.coach.ramp.permitted
    assert len(params.tissue.ground.marks) == 2


def test_only_warmth_may_still_come_in_the_session() -> None:
    for warm in (None, False):
        lead = ramp_session.lead(started(replace(CLEAR, warm=warm)))
        assert lead is not None and lead.permitted and not lead.warm


def test_of_whom_nothing_was_asked_every_answer_is_missing_by_name() -> None:
    bars = ramp_session.bars(started(Care(), today=None))
    assert len(bars) == 11 and all(b.value.endswith("not_known") for b in bars)
    told = RampOutcome(started(Care(), today=None)).told()
    assert len(told) == 13
    assert all("what changes it" in line for line in told[1:-1])


def test_a_ramp_of_two_targets_is_one_group_and_the_same_side_once_a_day() -> None:
    assert ramp_session.bars(started(today=(PSOAS,))) == ()
    assert ramp_session.bars(started(today=(PSOAS, PSOAS))) == (RampBar.BOTH_DONE,)
    assert ramp_session.bars(started(today=(HAMSTRINGS,))) == (RampBar.ANOTHER_GROUP_TODAY,)


def test_exercises_of_the_low_back_are_refused_by_name() -> None:
    found = ramp_session.bars(started(exercise_id="standing_side_bend"))
    assert RampBar.LUMBAR_END_RANGE in found


def test_a_day_is_twenty_hours_and_what_is_later_has_not_happened() -> None:
    def at(hours: str) -> RampLed:
        return RampLed(*PSOAS, hours)

    anna = Person("anna").with_ramps(
        (at("2026-02-01T11:59:59Z"), at("2026-02-01T12:00:01Z"), at("2026-02-02T08:00:01Z"))
    )
    assert ramp_session.asked_on(anna, AT).ramped_today == (PSOAS,)
    # Live it is the present: what seems later was begun under another clock.
    assert ramp_session.asked_on(anna, AT, now=True).ramped_today == (PSOAS, PSOAS)


def decided(
    *reasons: Reason, phase: Phase, kind: DecisionKind = DecisionKind.PHASE, t_s: float = 9.0
) -> DecisionLogged:
    return DecisionLogged(Decision(t_s, kind, phase, "x", Side.LEFT, reasons))


def kept(length_m: float = 0.36) -> Reason:
    return Reason("ramp.kept", {"ramp": 2.0, "length_m": length_m, "sd_m": 0.002})


def test_what_was_kept_is_told_with_its_length_and_taken_away_by_pain_afterwards() -> None:
    outcome = RampOutcome(started())
    outcome.take(decided(phase=Phase.EASE_IN))
    outcome.take(decided(kept(), phase=Phase.DONE))
    assert outcome.kept == 2
    (line,) = outcome.told()
    assert "360 mm, sd 2 mm" in line and "window" in line and "front of the left hip" in line
    pain = Reason("ramp.pain", {"ramp": 3.0})
    outcome.take(decided(pain, phase=Phase.DONE, kind=DecisionKind.MARK))
    assert outcome.kept is None
    assert "no tolerance" in outcome.told()[0] and "more pain" in outcome.told()[0]


def asked_later(outcome: RampOutcome, *, side: Side) -> tuple[RampBar, ...]:
    """What is against another ramp four hours later."""
    anna = Person("anna").with_ramps(outcome.led())
    session = started()
    ramp = ramp_session.asked_on(anna, "2026-02-02T12:00:00Z")
    return ramp_session.bars(replace(session, config=replace(session.config, side=side, ramp=ramp)))


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("harm", ["ramp.pain", "ramp.symptom", "ramp.stop"])
def test_after_harm_that_day_is_over_for_both_sides(harm: str, side: Side) -> None:
    outcome = RampOutcome(started())
    outcome.take(decided(phase=Phase.EASE_IN, t_s=10.0))
    assert asked_later(outcome, side=side) == ()
    outcome.take(decided(Reason(harm, {"ramp": 1.0}), phase=Phase.RELEASE))
    assert asked_later(outcome, side=side) == (RampBar.HARM_TODAY,)


@pytest.mark.parametrize("care", [CLEAR, Care()], ids=["permitted", "first pull alone"])
def test_so_it_is_after_pain_before_a_ramp_was_begun_or_where_none_was_permitted(
    care: Care,
) -> None:
    outcome = RampOutcome(started(care))
    if care != CLEAR:
        outcome.take(decided(phase=Phase.EASE_IN))
    outcome.take(decided(Reason("ramp.stop"), phase=Phase.GET_READY, kind=DecisionKind.MARK))
    assert outcome.led() == (), "a stop of what was never begun says nothing of the muscle"
    outcome.take(decided(Reason("ramp.pain"), phase=Phase.GET_READY, kind=DecisionKind.MARK))
    assert asked_later(outcome, side=Side.RIGHT) == (RampBar.HARM_TODAY,)


def test_what_was_not_written_down_of_a_ramp_of_that_day_refuses() -> None:
    old = RampLed(*PSOAS, "2026-02-02T07:00:00Z")
    asked = ramp_session.asked_on(Person("anna", ramps=(old,)), AT)
    assert asked.harmed_today == (PSOAS,)
    well = ramp_session.asked_on(Person("anna", ramps=(replace(old, harmed=False),)), AT)
    assert (well.ramped_today, well.harmed_today) == ((PSOAS,), ())


def test_what_was_never_begun_is_no_ramp_of_that_day() -> None:
    assert RampOutcome(started()).led() == ()
    refused = RampOutcome(started(Care()))
    refused.take(decided(phase=Phase.EASE_IN))
    assert refused.led() == (), "the first gentle pull alone is none"


def test_where_a_place_is_looked_for_no_ramp_is_led_and_the_old_marks_stay() -> None:
    """Its ceiling is the only one that watches a test with eyes closed."""
    marks = tuple(
        mark(MuscleGroup.HAMSTRINGS, kind, length_m)
        for kind, length_m in ((MarkKind.FIRST_RESISTANCE, 0.34), (MarkKind.TOLERANCE, 0.36))
    )
    session = started(exercise_id="supine_hamstring", marks=marks)
    config = replace(session.config, repositioning=Coordinate.HIP_FLEXION_L)
    session = replace(session, config=config)
    assert ramp_session.lead(session) is None
    assert ramp_session.marks_between(session, marks) == marks


@pytest.mark.parametrize(
    "beside", [{"check": True}, {"repositioning": Coordinate.HIP_FLEXION_L}], ids=str
)
def test_a_ramp_is_asked_for_by_itself(beside: dict[str, object]) -> None:
    config = started(exercise_id="supine_hamstring").config
    check_stated(config)
    with pytest.raises(InputError, match="--ramp"):
        check_stated(replace(config, **beside))


def test_a_stop_while_a_place_is_looked_for_takes_nothing_down() -> None:
    session = started(exercise_id="supine_hamstring")
    config = replace(session.config, ramp=None, repositioning=Coordinate.HIP_FLEXION_L)
    session = replace(session, config=config)
    taken = MarksTaken(session, pipeline_params(session))
    stop = Decision(
        1.0, DecisionKind.STOP, Phase.STOPPED, "supine_hamstring", Side.LEFT,
        (Reason("stop.person"),),
    )  # fmt: skip
    taken.take(DecisionLogged(stop))
    assert taken.marks() == ()
