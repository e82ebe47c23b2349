"""Nerve strain, lumbar load and speed: what eases, what pauses, and what is only not deeper."""

import math

import pytest
from coach_script import (
    Follower,
    Moment,
    first,
    lumbar_load,
    lunge,
    nerve_strain,
    tissue_state,
)
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.limits import movement, tissue
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.movement import Pace
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight
from lengthwise.coach.reading import read
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.care import Care, Course, Nerve, NerveLimit, NeuralSign
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Motion, exercise

S = published_settings()


@pytest.mark.parametrize(
    ("mean", "sd", "action"),
    [(0.05, 0.01, Action.DEEPEN), (0.07, 0.01, Action.HOLD), (0.081, 0.0, Action.EASE),
     (0.05, 0.5, Action.HOLD), (math.nan, 0.0, Action.HOLD), (0.05, -0.1, Action.HOLD)],
)  # fmt: skip
def test_strain_eases_by_its_mean_and_bars_deeper_by_its_edge(
    mean: float, sd: float, action: Action
) -> None:
    assert tissue.nerve(NerveSight(Estimate(mean, sd), 0.08, neural_sign=False)).action is action


def test_an_unknown_strain_pauses_with_a_neural_sign_and_else_bars_deeper() -> None:
    assert tissue.nerve(NerveSight(None, 0.03, neural_sign=True)).action is Action.PAUSE
    assert tissue.nerve(NerveSight(None, 0.08, neural_sign=False)).action is Action.HOLD


@pytest.mark.parametrize(
    ("mean", "sd", "action"),
    [(1.0, 0.1, Action.DEEPEN), (1.9, 0.1, Action.HOLD), (3.4, 0.0, Action.HOLD),
     (3.4, 0.1, Action.EASE), (1.0, 2.0, Action.EASE)],
)  # fmt: skip
def test_load_is_held_against_its_limit_by_the_upper_edge(
    mean: float, sd: float, action: Action
) -> None:
    assert tissue.lumbar(LumbarSight(Estimate(mean, sd), 3.5, 2.0)).action is action


def test_a_load_that_is_not_known_bars_deeper() -> None:
    assert tissue.lumbar(LumbarSight(None, 3.5, 2.0)).action is Action.HOLD


def plan_of(exercise_id: str, care: Care) -> coach.Params:
    return coach.Params(exercise(exercise_id), (Side.LEFT, Side.RIGHT), care=care)


def test_the_nerves_of_the_legs_that_move_are_watched() -> None:
    care = Care(
        neural_signs=(NeuralSign(Side.LEFT, Nerve.SCIATIC),),
        nerve_limits=(NerveLimit(Side.RIGHT, Nerve.SCIATIC, 0.05),),
    )
    left, right = plan_of("supine_hamstring", care).plans
    assert [(n.side, n.nerve) for n in left.nerves] == [(Side.LEFT, nerve) for nerve in Nerve]
    sciatic = next(n for n in left.nerves if n.nerve is Nerve.SCIATIC)
    assert sciatic.limit_ratio == S.nerve_sign_limit_ratio
    assert sciatic.neural_sign
    assert next(n for n in right.nerves if n.nerve is Nerve.SCIATIC).limit_ratio == 0.05
    lunged = plan_of("half_kneeling_hip_flexor", care).plans[0].nerves
    femoral = next(n for n in lunged if (n.side, n.nerve) == (Side.LEFT, Nerve.FEMORAL))
    assert femoral.limit_ratio == S.nerve_limit_ratio
    assert plan_of("walking", care).plans[0].nerves == ()


def test_the_limit_of_load_grows_with_the_course_and_is_doubtful_without_it() -> None:
    limits = [plan_of("cat_cow", Care(course=c)).plans[0].lumbar for c in Course]
    assert [x.eases_ratio for x in limits] == sorted(x.eases_ratio for x in limits)
    unknown = plan_of("cat_cow", Care()).plans[0].lumbar
    assert unknown.eases_ratio == limits[1].eases_ratio
    assert unknown.deepens_ratio == limits[0].eases_ratio
    own = plan_of("cat_cow", Care(lumbar_limit_ratio=1.2)).plans[0].lumbar
    assert (own.eases_ratio, own.deepens_ratio) == (1.2, 1.2)


def test_the_disc_whose_band_reaches_higher_is_the_one_that_counts() -> None:
    params = plan_of("cat_cow", Care())
    load = lumbar_load(1.0)
    sharper = replace(load.l5s1, compression_ratio=Estimate(1.1, 0.0))
    frame = tissue_state(0.0, {}, lumbar=replace(load, l5s1=sharper))
    body = lunge().run(0.2).items[0].body  # type: ignore[union-attr]
    found = read(params.plans[0], {}, body, frame, S).lumbar
    assert found.load == Estimate(1.0, 0.1)


@pytest.mark.parametrize("limit", [math.nan, math.inf])
def test_a_limit_that_is_no_number_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit"):
        Care(lumbar_limit_ratio=limit)
    with pytest.raises(ValueError, match="baseline"):
        Care(baseline_nrs=limit)


class Strained(Follower):
    """The same person with another strain and load from ten seconds into the first hold."""

    def with_tissue(self, **tissue_parts: object) -> "Strained":
        step = coach.step

        def strained(params, state, item):  # type: ignore[no-untyped-def]
            late = (
                isinstance(item, coach.CoachFrame)
                and state.phase is Phase.HOLD
                and item.body.t_s - state.phase_start_s >= 10.0
            )
            if late:
                item = replace(item, tissue=replace(item.tissue, **tissue_parts))
            return step(params, state, item)

        coach.step = strained
        try:
            self.run(40.0)
        finally:
            coach.step = step
        return self


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"nerve": nerve_strain(0.09)}, "nerve.limit"),
        ({"lumbar": lumbar_load(4.0)}, "lumbar.limit"),
    ],
)
def test_above_a_limit_of_tissue_is_eased_in_that_frame_and_nothing_counts(
    parts: dict[str, object], why: str
) -> None:
    person = Strained(exercise("half_kneeling_hip_flexor")).with_tissue(**parts)
    ease = person.of(DecisionKind.EASE)
    assert ease[0].t_s - first(person, Phase.HOLD).t_s == pytest.approx(10.0, abs=0.11)
    assert ease[0].reasons[0].id == why
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(10.0, abs=0.21)
    assert person.outputs[-1].guidance.waiting_for == (why,)
    assert person.outputs[-1].guidance.cue_text == "Ease off a little."


@pytest.mark.parametrize("rate_hz", [10.0, 30.0, 60.0])
def test_speed_is_the_same_at_any_rate_of_frames(rate_hz: float) -> None:
    pace = Pace()
    for k in range(int(2.0 * rate_hz) + 1):
        t_s = k / rate_hz
        pace = movement.followed(pace, 0.4 * t_s, t_s=t_s, time_s=S.pace_time_s)
    assert pace.rate_per_s == pytest.approx(0.4 * (1 - math.exp(-2.0 / S.pace_time_s)), rel=1e-6)


def test_quick_is_eased_quicker_pauses_and_backwards_is_free() -> None:
    def allowed(rate: float | None) -> Action:
        return movement.speed(Pace(0.0, 0.5, rate), S).action

    found = [allowed(r) for r in (-3.0, 0.2, 0.6, 1.2, None, math.nan)]
    assert found == [
        Action.DEEPEN, Action.DEEPEN, Action.EASE, Action.PAUSE, Action.HOLD, Action.HOLD,
    ]  # fmt: skip


def test_a_plunge_into_a_stretch_is_eased_then_paused_as_it_goes_on() -> None:
    person = lunge(pace_s=0.6).run(30.0)
    assert person.of(DecisionKind.EASE)[0].reasons[0].id == "speed.ease"
    allowed = [state.sighting.allowed for state in person.states]
    assert allowed.index(Action.EASE) < allowed.index(Action.PAUSE)
    quiet = lunge(pace_s=4.0).run(30.0)
    assert not [r for r in quiet.reason_ids() if r.startswith("speed.")]


def test_after_an_ease_nobody_is_asked_deeper_for_a_while() -> None:
    def dips(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.repetition == 1:
            over = 10.0 <= m.phase_s < 10.5
            m.position = Estimate(0.93 if over else 0.4, 0.02)

    person = lunge(change=dips).run(40.0)
    eased_s = person.of(DecisionKind.EASE)[0].t_s
    deeper_s = [d.t_s for d in person.of(DecisionKind.CUE) if d.cue_id == "deeper"]
    later = [t for t in deeper_s if t > eased_s]
    assert later
    assert min(later) - eased_s >= S.ease_lapse_s


@pytest.mark.parametrize(
    "exercise_id", ["seated_sciatic_slider", "supine_sciatic_slider", "roll_down", "figure_four"]
)
def test_what_moves_a_leg_or_the_low_back_is_held_against_the_sciatic_nerve(
    exercise_id: str,
) -> None:
    for plan in coach.Params(exercise(exercise_id)).plans:
        watched = {n.nerve for n in plan.nerves if n.side is plan.side}
        assert Nerve.SCIATIC in watched


def test_a_bend_of_the_trunk_draws_on_the_nerves_as_a_bend_of_the_low_back_does() -> None:
    bends = replace(
        exercise("roll_down"), path=(Motion(Coordinate.TRUNK_FLEXION, 0.0, 60.0),), required=()
    )
    (plan,) = coach.Params(bends).plans
    assert {(n.side, n.nerve) for n in plan.nerves} == {(s, n) for s in Side for n in Nerve}
