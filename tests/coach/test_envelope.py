"""The envelope only ever makes a proposal gentler, and what it does not know makes it strict."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.envelope import Action, Limits, Sight, evaluate
from lengthwise.coach.limits.movement import Pace
from lengthwise.coach.limits.said import Now, Said, Symptom
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Reason
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import TargetPosition

LIMITS = Limits(published_settings(), baseline_nrs=1.0)
WINDOW = Window(MuscleGroup.PSOAS, Side.LEFT)
CALM = Sight(
    stop=False,
    body_age_s=0.0,
    calibrated=True,
    remarked=True,
    window=WINDOW,
    position=Estimate(0.7, 0.03),
    position_age_s=0.0,
    targets=(TargetPosition(Estimate(0.7, 0.03), WINDOW, known=True),),
    over_ceiling_s=0.0,
    now=Now(Said(), loaded=True, progress=0.5, asked_for_s=0.0),
    nerves=(NerveSight(Estimate(0.02, 0.005), 0.08, neural_sign=False),),
    lumbar=LumbarSight(Estimate(1.0, 0.1), 3.5, 2.0),
    pace=Pace(0.0, 0.5, 0.0),
    guarding=(),
    since_ease_s=math.inf,
)

target_positions = st.builds(
    TargetPosition,
    position=st.builds(Estimate, mean=st.floats(), sd=st.floats()),
    window=st.just(WINDOW),
    known=st.booleans(),
)
numbers = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
estimates = st.builds(Estimate, mean=st.floats(), sd=st.floats())
ratings = st.one_of(st.none(), st.floats(0.0, 10.0))
sayings = st.builds(
    Said,
    symptom=st.sampled_from([Symptom.NONE] * 4 + [Symptom.LEG, Symptom.DIZZY]),
    pain_nrs=ratings,
    pain_known=st.booleans(),
    least_nrs=ratings,
    eased_to=st.one_of(st.none(), st.floats(0.0, 1.0)),
    sensation=ratings,
    sensation_known=st.booleans(),
)
nows = st.builds(
    Now, said=sayings, loaded=st.booleans(), progress=numbers, asked_for_s=st.floats(0.0, 9.0)
)
nerve_sights = st.builds(
    NerveSight,
    strain=st.one_of(st.none(), estimates),
    limit_ratio=st.floats(),
    neural_sign=st.booleans(),
)
sights = st.builds(
    Sight,
    now=st.one_of(st.none(), nows),
    nerves=st.one_of(st.none(), st.lists(nerve_sights, max_size=2).map(tuple)),
    lumbar=st.one_of(
        st.none(),
        st.builds(
            LumbarSight,
            load=st.one_of(st.none(), estimates),
            eases_ratio=st.floats(),
            deepens_ratio=st.floats(),
        ),
    ),
    pace=st.one_of(st.none(), st.builds(Pace, rate_per_s=numbers)),
    guarding=st.sampled_from([None, (), (Reason("guarding.breath"),)]),
    since_ease_s=numbers,
    stop=st.one_of(st.none(), st.booleans()),
    body_age_s=numbers,
    calibrated=st.one_of(st.none(), st.booleans()),
    remarked=st.one_of(st.none(), st.booleans()),
    window=st.one_of(st.none(), st.just(WINDOW)),
    position=st.one_of(st.none(), st.builds(Estimate, mean=st.floats(), sd=st.floats())),
    position_age_s=numbers,
    targets=st.one_of(st.none(), st.lists(target_positions, max_size=2).map(tuple)),
    over_ceiling_s=numbers,
)
actions = st.sampled_from(Action)


@given(actions, sights)
def test_never_more_permissive_than_the_proposal(proposal: Action, sight: Sight) -> None:
    assert evaluate(proposal, sight, LIMITS).action <= proposal


@given(actions, sights)
def test_asking_twice_changes_nothing(proposal: Action, sight: Sight) -> None:
    once = evaluate(proposal, sight, LIMITS)
    assert evaluate(once.action, sight, LIMITS).action is once.action


@given(actions, actions, sights)
def test_a_gentler_proposal_is_never_answered_less_gently(
    one: Action, other: Action, sight: Sight
) -> None:
    low, high = sorted((one, other))
    assert evaluate(low, sight, LIMITS).action <= evaluate(high, sight, LIMITS).action


@given(actions, sights)
def test_every_change_has_a_reason(proposal: Action, sight: Sight) -> None:
    verdict = evaluate(proposal, sight, LIMITS)
    stops = verdict.action is Action.STOP
    assert (verdict.action is proposal) == (not verdict.reasons) or (stops and verdict.reasons)


@given(actions, sights)
def test_a_window_without_todays_first_pull_allows_nothing_more(
    proposal: Action, sight: Sight
) -> None:
    marked, not_marked = (replace(sight, remarked=told) for told in (True, False))
    allowed = evaluate(proposal, not_marked, LIMITS).action
    assert allowed <= evaluate(proposal, marked, LIMITS).action
    assert allowed < Action.DEEPEN or LIMITS.timed


@given(st.sampled_from([Action.PAUSE, Action.EASE, Action.HOLD, Action.DEEPEN]))
def test_any_missing_input_releases(proposal: Action) -> None:
    assert evaluate(Action.DEEPEN, CALM, LIMITS).action is Action.DEEPEN
    for name in CALM.__struct_fields__:
        blind = replace(CALM, **{name: None})
        assert evaluate(proposal, blind, LIMITS).action is Action.RELEASE, name


@given(st.sampled_from(["body_age_s", "position_age_s", "over_ceiling_s"]))
def test_what_is_no_number_releases(name: str) -> None:
    for value in (math.nan, math.inf, -1.0):
        assert evaluate(Action.HOLD, replace(CALM, **{name: value}), LIMITS).action <= (
            Action.RELEASE
        )


def test_a_position_that_is_no_number_releases() -> None:
    for position in (Estimate(math.nan, 0.1), Estimate(0.7, math.nan), Estimate(0.7, -0.1)):
        blind = replace(CALM, position=position)
        assert evaluate(Action.HOLD, blind, LIMITS).action is Action.RELEASE


@given(actions, sights)
def test_a_stop_is_a_stop(proposal: Action, sight: Sight) -> None:
    assert evaluate(proposal, replace(sight, stop=True), LIMITS).action is Action.STOP


@given(st.floats(0.0, 1.2), st.floats(0.0, 0.3))
def test_the_ceiling_is_held_against_the_estimate_and_its_doubt(mean: float, sd: float) -> None:
    assume(abs(mean + 1.64 * sd - 0.90) > 1e-9)
    action = evaluate(Action.HOLD, replace(CALM, position=Estimate(mean, sd)), LIMITS).action
    if mean > 1.0:
        assert action is Action.RELEASE
    elif mean + 1.64 * sd > 0.90:
        assert action is Action.EASE
    else:
        assert action is Action.HOLD


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.3))
def test_going_further_never_allows_more(one: float, other: float, sd: float) -> None:
    near, far = sorted((one, other))
    allowed = [
        evaluate(Action.DEEPEN, replace(CALM, position=Estimate(mean, sd)), LIMITS).action
        for mean in (near, far)
    ]
    assert allowed[1] <= allowed[0]


@pytest.mark.parametrize(
    ("age_s", "action"),
    [(0.9, Action.HOLD), (1.1, Action.PAUSE), (4.9, Action.PAUSE), (5.1, Action.RELEASE)],
)
def test_old_body_data_pauses_then_releases(age_s: float, action: Action) -> None:
    assert evaluate(Action.HOLD, replace(CALM, body_age_s=age_s), LIMITS).action is action
    assert evaluate(Action.HOLD, replace(CALM, position_age_s=age_s), LIMITS).action is action


def test_above_the_ceiling_for_long_releases() -> None:
    over = replace(CALM, position=Estimate(0.95, 0.01), over_ceiling_s=5.1)
    assert evaluate(Action.EASE, over, LIMITS).action is Action.RELEASE


def test_without_a_window_nobody_is_sent_deeper() -> None:
    uncalibrated = replace(CALM, calibrated=False, position=None, position_age_s=None)
    assert evaluate(Action.DEEPEN, uncalibrated, LIMITS).action is Action.HOLD
    assert evaluate(Action.HOLD, uncalibrated, LIMITS).action is Action.HOLD


def unsure(mean: float, sd: float, **others: object) -> Sight:
    """A stretch led by the first gentle pull, whose position is only roughly known."""
    target = TargetPosition(Estimate(mean, sd), WINDOW, known=False)
    rough = replace(CALM, calibrated=False, position=None, position_age_s=None, targets=(target,))
    return replace(rough, **others)


@pytest.mark.parametrize(
    ("mean", "sd", "action"),
    [(0.3, 0.3, Action.HOLD), (0.7, 0.2, Action.HOLD), (0.8, 0.2, Action.EASE),
     (1.2, 0.2, Action.RELEASE), (1.6, 0.4, Action.RELEASE), (1.2, 2.0, Action.HOLD)],
)  # fmt: skip
def test_a_position_too_unsure_to_show_is_eased_and_released_where_it_clearly_is_too_far(
    mean: float, sd: float, action: Action
) -> None:
    assert evaluate(Action.HOLD, unsure(mean, sd), LIMITS).action is action


def test_an_unsure_position_above_the_ceiling_for_long_releases() -> None:
    long = unsure(1.0, 0.2, over_ceiling_s=5.1)
    assert evaluate(Action.HOLD, long, LIMITS).action is Action.RELEASE


@given(st.floats(-3.0, 3.0), st.floats(0.0, 3.0))
def test_a_position_that_is_not_known_never_allows_deeper(mean: float, sd: float) -> None:
    beside = (*(CALM.targets or ()), TargetPosition(Estimate(mean, sd), WINDOW, known=False))
    sight = replace(CALM, targets=beside)
    assert evaluate(Action.DEEPEN, sight, LIMITS).action <= Action.HOLD


@given(actions, sights, st.lists(target_positions, max_size=2))
def test_one_more_target_never_allows_more(
    proposal: Action, sight: Sight, more: list[TargetPosition]
) -> None:
    assume(sight.targets is not None)
    wider = replace(sight, targets=(*(sight.targets or ()), *more))
    assert evaluate(proposal, wider, LIMITS).action <= evaluate(proposal, sight, LIMITS).action


def test_a_reason_is_given_once() -> None:
    far = replace(
        CALM,
        position=Estimate(0.95, 0.01),
        targets=(TargetPosition(Estimate(0.95, 0.01), WINDOW, known=True),) * 2,
    )
    assert [r.id for r in evaluate(Action.HOLD, far, LIMITS).reasons] == ["envelope.ceiling"]
