"""Two moments of a movement compared: what comes into sight or goes is no movement."""

from math import radians

import pytest
from coach_script import Follower, Moment, lunge
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import way
from lengthwise.coach.plan import PathPart
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercises

C = Coordinate
PATH = (
    PathPart(C.HIP_FLEXION_L, radians(5), radians(-25), 0.0),
    PathPart(C.KNEE_FLEXION_L, radians(90), radians(-25), 0.0),
    PathPart(C.KNEE_FLEXION_R, radians(90), radians(25), 0.0),
)
angles = st.fixed_dictionaries({p.coordinate: st.floats(-2.0, 2.0) for p in PATH})
sights = st.sets(st.sampled_from([p.coordinate for p in PATH]))


def pose(angles_rad: dict[Coordinate, float], sd_rad: float = 0.03) -> way.Pose:
    return {c: Estimate(x, sd_rad) for c, x in angles_rad.items()}


def only(seen: way.Pose, kept: set[Coordinate]) -> way.Pose:
    return {c: e for c, e in seen.items() if c in kept}


@given(angles, angles, sights, sights)
def test_who_keeps_still_has_gained_nothing_whatever_is_seen(
    start: dict[Coordinate, float],
    held: dict[Coordinate, float],
    first: set[Coordinate],
    then: set[Coordinate],
) -> None:
    before, now = only(pose(held), first), only(pose(held), then)
    gained = way.gained(PATH, before, now)
    assert gained is None if not first & then else gained == pytest.approx(0.0, abs=1e-9)
    back = way.taken_back(PATH, pose(start), before, now, ratio=0.5)
    if back is not None:
        assert back.now == pytest.approx(back.begun)
        if back.begun > 1e-6:
            assert back.probability < 0.5


@given(angles, angles, sights)
def test_what_saw_less_than_half_of_the_way_tells_nothing_of_the_whole(
    begun: dict[Coordinate, float], now: dict[Coordinate, float], kept: set[Coordinate]
) -> None:
    """All three spans are alike, so that one of three is less than half and two are more."""
    back = way.taken_back(PATH, {}, pose(begun), only(pose(now), kept), ratio=0.5)
    assert (back is None) == (len(kept) < 2)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.001, 0.1))
def test_the_further_back_the_surer(one: float, other: float, sd_rad: float) -> None:
    part = PATH[0]
    begun = pose({part.coordinate: part.start_rad + part.span_rad}, sd_rad)
    found = [
        way.taken_back(
            (part,),
            pose({part.coordinate: part.start_rad}, sd_rad),
            begun,
            pose({part.coordinate: part.start_rad + share * part.span_rad}, sd_rad),
            ratio=0.5,
        )
        for share in sorted((one, other))
    ]
    assert found[0] is not None and found[1] is not None
    assert found[0].probability >= found[1].probability


def test_a_hip_that_is_seen_with_four_degrees_of_doubt_has_not_surely_come_half_back() -> None:
    """Worked: begun at 8.6 of 15 degrees, half of that is 4.3; now 4.2 are left.

    m = 3.6 - 5.7 / 2 - 5.4 / 2 = -1.95, so that the variance is 0.9 m^2 + 0.1 (3.6^2 + 2.85^2 +
    2.7^2) = 6.26 and the sd 2.5 degrees. Back at the start it stands out by 1.72 of them.
    """
    hip = PathPart(C.HIP_FLEXION_L, radians(-3), radians(-15), 0.0)

    def at(deg: float, sd_deg: float) -> way.Pose:
        return {C.HIP_FLEXION_L: Estimate(radians(deg), radians(sd_deg))}

    start, begun = at(-2.8, 5.4), at(-11.4, 5.7)
    half = way.taken_back((hip,), start, begun, at(-7.0, 3.6), ratio=0.5)
    whole = way.taken_back((hip,), start, begun, at(-2.8, 3.6), ratio=0.5)
    assert half is not None and whole is not None
    assert half.probability == pytest.approx(0.516, abs=0.002)
    assert whole.probability == pytest.approx(0.957, abs=0.002)


def hip_alone(m: Moment) -> None:
    """The hip has gone all the way, the knees have not moved."""
    m.angles_deg |= {C.KNEE_FLEXION_L: 90.0, C.KNEE_FLEXION_R: 90.0}


def knees_hidden(m: Moment) -> None:
    m.angles_deg.pop(C.KNEE_FLEXION_L)
    m.angles_deg.pop(C.KNEE_FLEXION_R)


def test_knees_that_come_into_sight_do_not_end_a_hold() -> None:
    """The hip alone is at 1; with knees that did not move, progress falls to a third."""

    def change(m: Moment) -> None:
        hip_alone(m)
        if m.phase is not Phase.HOLD or m.phase_s < 5.0:
            knees_hidden(m)

    person = lunge(change=change, sides=(Side.LEFT,)).run(40.0)
    assert ReasonId.HOLD_LET_GO not in person.reason_ids()
    assert ReasonId.HOLD_COMPLETE in person.reason_ids(DecisionKind.PHASE)


@pytest.mark.parametrize("hidden", [True, False])
def test_a_hip_that_comes_back_ends_the_hold_whatever_else_is_seen(hidden: bool) -> None:
    def change(m: Moment) -> None:
        hip_alone(m)
        if hidden:
            knees_hidden(m)
        if m.phase is Phase.HOLD and m.phase_s >= 5.0:
            m.angles_deg[C.HIP_FLEXION_L] = 5.0

    person = lunge(change=change, sides=(Side.LEFT,)).run(30.0)
    assert ReasonId.HOLD_LET_GO in person.reason_ids(DecisionKind.PHASE)


def test_in_doubt_of_having_come_back_a_hold_goes_on_and_nothing_of_it_is_effective() -> None:
    """With an sd of 8 degrees all along, that half of the way is gone is a guess."""

    def change(m: Moment) -> None:
        m.sd_deg = 8.0
        if m.phase is Phase.HOLD and m.phase_s >= 5.0:
            m.angles_deg[C.HIP_FLEXION_L] = -4.5

    person = lunge(
        change=change,
        sides=(Side.LEFT,),
        hidden=(C.KNEE_FLEXION_L, C.KNEE_FLEXION_R, C.TRUNK_SIDE_LEAN),
    ).run(35.0)
    assert ReasonId.HOLD_LET_GO not in person.reason_ids()
    assert ReasonId.NOT_KNOWN_PATH in person.reason_ids(DecisionKind.HOLD_COUNTING)
    ((effective_s, uncertain_s),) = list(person.holds().values())[:1]
    assert effective_s <= 5.2
    assert uncertain_s > 5.0


def test_a_knee_that_goes_out_of_sight_is_no_fast_movement() -> None:
    """The hip is far ahead; without the knees progress leaps, though everything moves slowly."""

    def change(m: Moment) -> None:
        hip_alone(m)
        if m.share > 0.5:
            knees_hidden(m)

    person = lunge(change=change, pace_s=10.0, depth=None).run(20.0)
    assert not {ReasonId.SPEED_EASE, ReasonId.SPEED_FAST} & set(person.reason_ids())


def test_a_fast_hip_is_seen_through_knees_that_come_and_go() -> None:
    """Every other frame shows the knees; a path in half a second is too fast all the same."""

    def change(m: Moment) -> None:
        if round(m.t_s * 10) % 2:
            knees_hidden(m)

    person = lunge(change=change, pace_s=0.5, depth=None).run(20.0)
    assert {ReasonId.SPEED_EASE, ReasonId.SPEED_FAST} & set(person.reason_ids())


@pytest.mark.parametrize("exercise_id", ["standing_leg_back", "bird_dog"])
def test_who_stands_most_of_the_way_along_from_the_start_has_not_reached_the_end(
    exercise_id: str,
) -> None:
    """Of a hold that is kept still, the own start shifted by 80 % of the span, and no movement."""
    chosen = exercises()[exercise_id]

    def shifted(m: Moment) -> None:
        for part in chosen.path:
            span_deg = part.end_deg - part.start_deg
            m.angles_deg[part.coordinate] = part.start_deg + 0.8 * span_deg

    person = Follower(chosen, change=shifted, sides=(Side.LEFT,)).run(50.0)
    assert ReasonId.EASE_IN_REACHED not in person.reason_ids()
    assert all(effective_s == 0.0 for effective_s, _ in person.holds().values())
    moved = Follower(chosen, sides=(Side.LEFT,)).run(50.0)
    assert ReasonId.EASE_IN_REACHED in moved.reason_ids()
