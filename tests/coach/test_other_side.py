"""The other side is told from this one by what is seen of the way and of the start."""

import numpy as np
import pytest
from coach_script import LUNGE, Follower, Moment, during
from hypothesis import given, settings
from hypothesis import strategies as st
from sides_drawn import BIRD_DOG, SIDED, S, at_share, led, mistaken, told_by

from lengthwise.coach import coach
from lengthwise.coach.other_side import OtherSide, followed, pairs, sides
from lengthwise.coach.stillness import Pose
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side, mirrored_pose_rad
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise, exercises

TOLD_BY_WAY = [i for i in SIDED if any(p.way_rad for p in pairs(exercise(i).for_side(Side.LEFT)))]


def claimed(pose_rad: np.ndarray, sd_rad: float = 0.03) -> Pose:
    return {c: Estimate(float(pose_rad[INDEX[c]]), sd_rad) for c in COORDINATES}


def begin(exercise_id: str, side: Side) -> Pose:
    return claimed(at_share(exercise(exercise_id), side, 0.0))


@pytest.mark.parametrize("exercise_id", TOLD_BY_WAY)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_way_is_one_at_this_sides_end_and_minus_one_at_the_others(
    exercise_id: str, share: float
) -> None:
    e = exercise(exercise_id)
    for side, towards in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0)):
        now = claimed(at_share(e, side, share))
        found = sides(told_by(exercise_id), begin(exercise_id, side), now, S)
        assert found.way is not None
        assert found.way.mean == pytest.approx(towards * share, abs=1e-9)
        if found.own is not None:
            assert found.other == pytest.approx(0.0 if side is Side.LEFT else share, abs=1e-9)
            assert found.own == pytest.approx(share if side is Side.LEFT else 0.0, abs=1e-9)


@pytest.mark.parametrize("exercise_id", SIDED)
def test_a_start_as_drawn_is_one_and_its_mirror_image_minus_one(exercise_id: str) -> None:
    for side, towards in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0)):
        posture = sides(told_by(exercise_id), {}, begin(exercise_id, side), S).start
        assert posture is None or posture.mean == pytest.approx(towards, abs=1e-9)


poses = st.lists(st.floats(-1.5, 1.5), min_size=len(COORDINATES), max_size=len(COORDINATES))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SIDED), poses, poses)
def test_left_and_right_are_alike(exercise_id: str, begun: list[float], now: list[float]) -> None:
    one, other = (
        sides(told_by(exercise_id, side), claimed(a), claimed(b), S)
        for side, a, b in (
            (Side.LEFT, np.array(begun), np.array(now)),
            (Side.RIGHT, mirrored_pose_rad(np.array(begun)), mirrored_pose_rad(np.array(now))),
        )
    )
    for a, b in ((one.start, other.start), (one.way, other.way)):
        assert (a is None) == (b is None)
        if a is not None and b is not None:
            assert (a.mean, a.sd) == pytest.approx((b.mean, b.sd))
    assert (one.own is None) == (other.own is None)
    assert one.own == pytest.approx(other.own)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SIDED), st.floats(0.0, 1.2), st.floats(0.01, 0.2), st.integers(0, 99))
def test_who_works_this_side_is_never_taken_for_the_other(
    exercise_id: str, share: float, sd_rad: float, seed: int
) -> None:
    """With errors as large as they are said to be: a sixth of a sway is left between the frames."""
    e, chance = exercise(exercise_id), np.random.default_rng(seed)
    bias = chance.normal(0.0, sd_rad, len(COORDINATES)).clip(-2 * sd_rad, 2 * sd_rad)
    begun = claimed(at_share(e, Side.LEFT, 0.0) + bias, sd_rad)
    memory = OtherSide()
    for k in range(60):
        sway = chance.normal(0.0, sd_rad / 6, len(COORDINATES))
        now = claimed(at_share(e, Side.LEFT, share * min(k / 20, 1.0)) + bias + sway, sd_rad)
        for phase in (Phase.EASE_IN, Phase.GET_READY):
            found = sides(told_by(exercise_id), begun, now, S)
            memory = followed(memory, found, phase=phase, still_s=9.0, t_s=k / 10, settings=S)
            assert not memory.noticed


@pytest.mark.parametrize("exercise_id", TOLD_BY_WAY)
@pytest.mark.parametrize("share", [-0.3, -0.6, -1.0])
def test_this_leg_gone_back_beyond_its_start_is_not_the_other_one(
    exercise_id: str, share: float
) -> None:
    """A knee that rests more bent than it began; of a bend of the trunk it is the other side."""
    e = exercise(exercise_id)
    now = claimed(at_share(e, Side.LEFT, share), 0.01)
    found = sides(told_by(exercise_id), begin(exercise_id, Side.LEFT), now, S)
    memory = OtherSide()
    for k in range(40):
        memory = followed(memory, found, phase=Phase.HOLD, still_s=0.0, t_s=k / 10, settings=S)
    assert memory.doubted is (found.own is None)


@pytest.mark.parametrize("exercise_id", SIDED)
@pytest.mark.parametrize("leg", ["_l", "_r"])
def test_one_leg_alone_tells_nothing(exercise_id: str, leg: str) -> None:
    """Where a leg is not seen, it may do anything."""
    e = exercise(exercise_id)
    told = [p for p in told_by(exercise_id) if p.one is not p.other]
    if not told:
        return
    begun, now = begin(exercise_id, Side.RIGHT), claimed(at_share(e, Side.RIGHT, 1.0))
    half = {c: x for c, x in now.items() if not c.value.endswith(leg)}
    found = sides(tuple(told), begun, half, S)
    assert (found.start, found.way, found.own, found.other) == (None, None, None, None)


HIPS = (Coordinate.HIP_FLEXION_L, Coordinate.HIP_FLEXION_R)


def pulled(seen_from: str, *, leg: str, hidden: tuple[Coordinate, ...] = HIPS) -> Follower:
    """A leg raise of the left leg in which `leg` is raised, and the first pull is said at 0.4;
    `hidden` hips are not known before `seen_from`, a phase."""
    raised, rests = HIPS if leg == "own" else HIPS[::-1]

    def change(m: Moment) -> None:
        up = m.angles_deg[HIPS[0]]
        m.angles_deg |= {rests: 0.0, raised: up}
        if m.phase is Phase.GET_READY and seen_from != "start":
            for hip in HIPS:
                del m.angles_deg[hip]
        for hip in hidden if seen_from == "never" else ():
            m.angles_deg.pop(hip, None)

    def says(m: Moment) -> SignalKind | None:
        due = m.phase is Phase.EASE_IN and m.share >= 0.4 and not said
        if due:
            said.append(m.t_s)
        return SignalKind.FIRST_RESISTANCE if due else None

    said: list[float] = []
    e = exercise("supine_hamstring")
    return Follower(e, (Side.LEFT,), change=change, signals=says, pulls=False).run(30.0)


@pytest.mark.parametrize("leg", ["own", "other"])
def test_a_first_pull_marks_nothing_where_no_hip_was_seen_at_the_start(leg: str) -> None:
    person = pulled("ease_in", leg=leg)
    assert "mark.first_resistance" not in person.reason_ids()
    assert not any(s.remarked for s in person.states)
    (told,) = [d for d in person.of(DecisionKind.NOT_KNOWN) if d.reasons[0].id == "side.unseen"]
    assert told.text is not None and "which side works" in told.text
    assert not all(coach.heeds_marks(s) for s in person.states)


def test_it_marks_where_the_declared_leg_was_seen_from_the_start() -> None:
    person = pulled("start", leg="own")
    assert person.reason_ids().count("mark.first_resistance") == 1
    assert person.states[-1].remarked


@pytest.mark.parametrize("exercise_id", SIDED)
@pytest.mark.parametrize("leg", ["_l", "_r"])
def test_one_leg_alone_tells_the_posture_by_where_it_lies(exercise_id: str, leg: str) -> None:
    told = tuple(p for p in told_by(exercise_id) if p.one is not p.other)
    for side, place in ((Side.LEFT, 1.0), (Side.RIGHT, 0.0)):
        posture = begin(exercise_id, side)
        half = {c: x for c, x in posture.items() if not c.value.endswith(leg)}
        found = sides(told, {}, half, S).here
        assert found is None or found.mean == pytest.approx(place, abs=1e-9)


@pytest.mark.parametrize(("share", "untold"), [(0.0, True), (0.04, True), (0.06, False)])
def test_of_one_leg_that_alone_is_seen_it_must_be_the_one_that_goes(
    share: float, untold: bool
) -> None:
    """By hand: half a step of a ramp, 0.05 of the way."""
    e, own = exercise("supine_hamstring"), HIPS[0]
    begun, now = (at_share(e, Side.LEFT, x) for x in (0.0, share))
    start, pose = ({own: claimed(x)[own]} for x in (begun, now))
    found = sides(told_by("supine_hamstring"), start, pose, S)
    memory = followed(OtherSide(), found, phase=Phase.EASE_IN, still_s=0.0, t_s=0.0, settings=S)
    assert memory.untold is untold
    assert memory.marks is not untold


def test_what_has_no_sides_has_no_other() -> None:
    assert all(pairs(e) == () for e in exercises().values() if not e.bilateral)


def test_a_brief_shift_of_a_leg_is_not_the_other_side() -> None:
    e = exercise(BIRD_DOG)
    begun, moved = begin(BIRD_DOG, Side.LEFT), claimed(at_share(e, Side.RIGHT, 0.5))
    memory, noticed = OtherSide(), []
    for k in range(60):
        now = moved if k < 15 else begun
        found = sides(told_by(BIRD_DOG), begun, now, S)
        memory = followed(memory, found, phase=Phase.HOLD, still_s=0.0, t_s=k / 10, settings=S)
        noticed.append(memory.noticed)
    assert not any(noticed)
    assert not memory.suspected


def test_a_leg_that_shifts_in_a_hold_stops_the_clock_and_is_not_named() -> None:
    """This leg is put down and the other one raised, for a second and a half."""
    shift = during(3.0, 4.5, mistaken(BIRD_DOG))
    right = mistaken(BIRD_DOG, until_s=0.0)

    def change(m: Moment) -> None:
        right(m)
        shift(m)

    person = led(BIRD_DOG, change, pace_s=1.0).run(18.0)
    assert "side.other" not in person.reason_ids()
    waited = [o.guidance.waiting_for for o in person.outputs]
    assert ("hold.not_reached",) in waited


def test_who_was_noticed_at_rest_is_waited_for_until_the_posture_looks_right() -> None:
    """Seen for four seconds, then too unsure to tell; and at once over where it has changed."""
    wrong, right = begin(LUNGE, Side.RIGHT), begin(LUNGE, Side.LEFT)
    unsure = claimed(at_share(exercise(LUNGE), Side.RIGHT, 0.0), 0.6)

    def after(then: Pose, seconds: float) -> OtherSide:
        memory = OtherSide()
        for k in range(int(10 * (4.0 + seconds))):
            found = sides(told_by(LUNGE), {}, wrong if k < 40 else then, S)
            memory = followed(
                memory, found, phase=Phase.GET_READY, still_s=9.0, t_s=k / 10, settings=S
            )
        return memory

    assert after(wrong, 1.0).noticed
    assert after(unsure, 10.0).noticed and after({}, 10.0).noticed
    assert not after(unsure, S.get_ready_max_s + 1.0).noticed
    assert not after(right, 0.1).suspected
