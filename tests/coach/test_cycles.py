"""Cycles are counted once, by what really moved, and are worth what their time deserved."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from coach_script import Follower, Moment, at, body_state, during, leaving
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import coach, cycles
from lengthwise.coach.cycles import CycleCount, CycleNews, CycleRule
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.reading import movement
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_parts import Behaviour, Tempo
from lengthwise.reference.exercises import exercise, exercises

S = published_settings()
ONE_WAY = cycles.cycle_rule(Tempo(out_s=3.0, back_s=3.0), both_ways=False, settings=S)
BOTH_WAYS = cycles.cycle_rule(Tempo(out_s=3.0, back_s=3.0), both_ways=True, settings=S)
Path = Callable[[float], float | None]


def eased(period_s: float, *, rest_s: float = 0.0, height: float = 1.0) -> Path:
    """There and back in `period_s`, and a rest before each."""

    def at(t_s: float) -> float:
        within_s = t_s % (period_s + rest_s) - rest_s
        turn = 2.0 * math.pi * max(within_s, 0.0) / period_s
        return height * 0.5 * (1.0 - math.cos(turn))

    return at


def after_rest(path: Path) -> Path:
    """The same after a second of rest: what begins unseen is not counted."""
    return lambda t_s: path(max(t_s - 1.0, 0.0))


def run(
    rule: CycleRule,
    path: Path,
    lasts_s: float,
    *,
    sd: float = 0.02,
    rate_hz: float = 20.0,
    deserves: Callable[[float], Counting] = lambda t_s: Counting.EFFECTIVE,
    claimed: float = 1.0,
) -> tuple[CycleCount, list[CycleNews]]:
    count, told = CycleCount(), []
    for k in range(int(lasts_s * rate_hz)):
        t_s = k / rate_hz
        x = path(t_s)
        count, news = cycles.step(
            count,
            rule,
            None if x is None else Estimate(x, sd),
            t_s=t_s,
            deserves=deserves(t_s),
            known=None if x is None else claimed * x,
        )
        if news is not None:
            told.append(news)
    return count, told


@given(
    period_s=st.floats(4.5, 15.0),
    rest_s=st.floats(0.0, 8.0),
    height=st.floats(0.35, 1.6),
    rate_hz=st.sampled_from([12.0, 30.0, 60.0]),
)
def test_each_slow_movement_is_counted_once(
    period_s: float, rest_s: float, height: float, rate_hz: float
) -> None:
    path = after_rest(eased(period_s, rest_s=rest_s, height=height))
    count, told = run(ONE_WAY, path, 4.0 * (period_s + rest_s) + 1.5, rate_hz=rate_hz)
    assert told == [CycleNews.COUNTED] * 4
    assert (count.counted, count.unsure) == (4, 0)


@given(offset=st.floats(-3.0, 3.0))
def test_where_rest_lies_does_not_matter(offset: float) -> None:
    path = eased(6.0)
    count, _ = run(ONE_WAY, lambda t_s: offset + (path(t_s) or 0.0), 24.5)
    assert count.counted == 4


@given(period_s=st.floats(5.0, 15.0))
def test_from_one_end_to_the_other_and_back_is_one_cycle(period_s: float) -> None:
    path = after_rest(lambda t_s: math.sin(2.0 * math.pi * t_s / period_s))
    count, told = run(BOTH_WAYS, path, 4.0 * period_s + 1.5)
    assert told == [CycleNews.COUNTED] * 4
    assert count.counted == 4


def test_of_a_movement_from_the_middle_nothing_counts_before_it_goes_to_the_other_end() -> None:
    path = after_rest(lambda t_s: math.sin(2.0 * math.pi * t_s / 8.0))
    assert run(BOTH_WAYS, path, 1.0 + 0.7 * 8.0)[1] == []
    assert run(BOTH_WAYS, path, 1.0 + 1.0 * 8.0)[1] == [CycleNews.COUNTED]


def test_from_either_end_or_from_the_middle_one_range_is_one_cycle() -> None:
    """A start that was measured at one end does not halve the count."""
    for phase in (0.0, 0.25, 0.5, 0.75):
        path = after_rest(lambda t_s, p=phase: math.sin(2.0 * math.pi * (t_s / 8.0 + p)))
        assert abs(run(BOTH_WAYS, path, 33.5)[0].counted - 4) <= 1


@pytest.mark.parametrize("at_share", [0.0, 0.5, 1.0])
def test_a_deliberate_pause_is_part_of_its_movement(at_share: float) -> None:
    """At rest, half way and at the end, five seconds each time on the way out."""
    way_s, pause_s = 3.0, 5.0

    def path(t_s: float) -> float:
        within_s = t_s % (2.0 * way_s + pause_s)
        reached_s = at_share * way_s
        moved_s = within_s if within_s < reached_s else max(reached_s, within_s - pause_s)
        return 0.5 * (1.0 - math.cos(math.pi * moved_s / way_s))

    _, told = run(ONE_WAY, path, 4.0 * (2.0 * way_s + pause_s) + 0.5)
    assert told == [CycleNews.COUNTED] * 4


def test_quick_cycles_are_not_counted_and_a_slow_one_after_them_is() -> None:
    quick, slow = eased(2.0), eased(6.0)
    path = after_rest(lambda t_s: quick(t_s) if t_s < 8.0 else slow(t_s - 8.0))
    count, told = run(ONE_WAY, path, 15.5)
    assert told == [CycleNews.FAST] * 4 + [CycleNews.COUNTED]
    assert count.counted == 1 and not count.last_fast


@given(tremor=st.floats(0.0, 0.1), hz=st.floats(4.0, 9.0))
def test_tremor_is_no_cycle(tremor: float, hz: float) -> None:
    path = eased(8.0)
    count, _ = run(
        ONE_WAY,
        lambda t_s: (path(t_s) or 0.0) + tremor * math.sin(2.0 * math.pi * hz * t_s),
        32.5,
        rate_hz=30.0,
    )
    assert count.seen <= 4, "it makes none"
    assert count.counted >= (4 if tremor <= 0.05 else 3), "it may hide the end of the last"


@pytest.mark.parametrize("sd", [0.05, 0.1, 0.3])
def test_who_keeps_still_makes_hardly_a_cycle_however_unsure_the_sight(sd: float) -> None:
    """The estimate wanders by the whole sd of its change, with a memory of two seconds: worse than
    any that was measured. Less than one a minute, and none
    where the least way decides."""
    keep, made = math.exp(-0.05 / 2.0), []
    for seed in range(12):
        noise = np.random.default_rng(seed).normal(0.0, sd / math.sqrt(2.0), 1200)
        walk = [noise[0]]
        for x in noise[1:]:
            walk.append(keep * walk[-1] + math.sqrt(1.0 - keep**2) * x)
        made.append(run(ONE_WAY, lambda t_s, w=walk: float(w[round(20.0 * t_s)]), 60.0, sd=sd))
    assert sum(count.seen for count, _ in made) < (1 if sd <= 0.05 else len(made))


@pytest.mark.parametrize(
    ("counting", "lasts_s", "news"),
    [
        (Counting.WAITING, 0.8, CycleNews.COUNTED),
        (Counting.UNCERTAIN, 0.8, CycleNews.COUNTED),
        (Counting.UNCERTAIN, 1.5, CycleNews.UNSURE),
        (Counting.WAITING, 1.5, CycleNews.UNKEPT),
    ],
)
def test_a_cycle_is_worth_what_its_time_under_way_deserved(
    counting: Counting, lasts_s: float, news: CycleNews
) -> None:
    def deserves(t_s: float) -> Counting:
        return counting if 3.0 <= t_s < 3.0 + lasts_s else Counting.EFFECTIVE

    _, told = run(ONE_WAY, eased(6.0), 12.5, deserves=deserves)
    assert told == [news, CycleNews.COUNTED]


def test_what_is_broken_at_rest_costs_no_cycle() -> None:
    def deserves(t_s: float) -> Counting:
        return Counting.WAITING if t_s % 12.0 < 5.0 else Counting.EFFECTIVE

    _, told = run(ONE_WAY, eased(6.0, rest_s=6.0), 24.5, deserves=deserves)
    assert told == [CycleNews.COUNTED] * 2


@given(begin_s=st.floats(0.0, 24.0), lasts_s=st.floats(0.0, 8.0))
def test_what_is_out_of_sight_never_adds_a_cycle(begin_s: float, lasts_s: float) -> None:
    path = eased(6.0)
    count, _ = run(
        ONE_WAY, lambda t_s: None if begin_s <= t_s < begin_s + lasts_s else path(t_s), 24.5
    )
    assert count.seen <= 4


@given(share=st.floats(0.0, 1.0), rule=st.sampled_from([ONE_WAY, BOTH_WAYS]))
def test_a_saved_and_restored_count_goes_on_the_same(share: float, rule: CycleRule) -> None:
    straight = restored = CycleCount()
    cut = int(share * 400)
    for k in range(400):
        move = Estimate(math.sin(k / 20.0), 0.05)
        straight, _ = cycles.step(straight, rule, move, t_s=k / 20.0, deserves=Counting.EFFECTIVE)
        restored, _ = cycles.step(restored, rule, move, t_s=k / 20.0, deserves=Counting.EFFECTIVE)
        if k == cut:
            restored = decode(encode(restored), CycleCount)
    assert encode(straight) == encode(restored)


def test_memory_is_bounded() -> None:
    """Ten minutes at one end, and fifty movements: no more is kept than of one movement."""
    held, _ = run(ONE_WAY, lambda t_s: min(t_s, 1.0), 600.0)
    many, _ = run(ONE_WAY, eased(6.0), 300.0)
    assert len(encode(held)) < 16_000
    assert len(encode(many)) < 4_000


def knee_opens(period_s: float) -> Callable[[Moment], None]:
    """The knee of the sliders and of the lying extension, in the phases that move."""
    wave = eased(period_s)
    begun: list[float] = []

    def change(m: Moment) -> None:
        share = 0.0
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun.append(m.t_s)
            share = wave(m.t_s - begun[0]) or 0.0
        m.angles_deg[Coordinate.KNEE_FLEXION_L] = 90.0 - 50.0 * share

    return change


def test_a_knee_that_opens_is_counted_long_before_its_angle_is_known() -> None:
    """Of twelve degrees of doubt nothing is claimed; the fifty that it opens are no doubt."""
    extension = exercise("knee_extension_90_90")
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        m.sd_deg = 12.0

    unsure = Follower(extension, (Side.LEFT,), change=change, depth=None)
    person = _with_unclaimed(unsure, Coordinate.KNEE_FLEXION_L).run(90.0)
    assert person.reason_ids().count("cycle.unsure") == 8
    assert "cycle.counted" not in person.reason_ids()
    assert leaving(person, Phase.HOLD).reasons[0].id == "cycle.complete_unsure"
    assert person.holds()[Side.LEFT, 1][0] == 0.0
    told = [r.id for d in person.of(DecisionKind.NOT_KNOWN) for r in d.reasons]
    assert "not_known.knee_flexion_l" in told
    assert told.count("cycle.hollow") == 1


@pytest.mark.parametrize("claimed_from", [0.3, 0.6, 0.9])
def test_an_angle_that_is_claimed_at_one_end_only_does_not_hide_the_movement(
    claimed_from: float,
) -> None:
    """Six sensors claim the knee of a slider where it is open and nowhere else."""
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        share = (90.0 - m.angles_deg[Coordinate.KNEE_FLEXION_L]) / 50.0
        m.doubtful = () if share > claimed_from else (Coordinate.KNEE_FLEXION_L,)
        m.sd_deg = 5.9 if share > claimed_from else 6.5

    extension = exercise("knee_extension_90_90")
    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(90.0)
    ids = person.reason_ids()
    assert ids.count("cycle.unsure") + ids.count("cycle.counted") == 8
    assert claimed_from < 0.5 or "cycle.counted" not in ids


def test_what_is_smaller_than_its_doubt_is_not_counted_and_told() -> None:
    """A press-up of which the camera sees a quarter, known to seven degrees."""
    press_up = exercise("press_up")
    wave, begun_s = eased(7.0), []

    def change(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun_s.append(m.t_s)
        share = wave(m.t_s - begun_s[0]) if begun_s else 0.0
        for part in press_up.path:
            m.angles_deg[part.coordinate] = part.start_deg
        m.angles_deg[Coordinate.TRUNK_FLEXION] = 90.0 - 7.0 * (share or 0.0)
        m.doubtful = (Coordinate.TRUNK_FLEXION,)
        m.sd_deg = 7.0

    hidden = (Coordinate.LUMBAR_FLEXION, Coordinate.THORAX_FLEXION)

    def seen(m: Moment) -> None:
        change(m)
        for coordinate in hidden:
            m.angles_deg.pop(coordinate)

    person = Follower(press_up, change=seen, depth=None).run(90.0)
    assert not [i for i in person.reason_ids() if i.startswith("cycle.")]
    assert "not_known.trunk_flexion" in person.reason_ids(DecisionKind.NOT_KNOWN)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"


def test_what_no_sensor_shows_is_not_counted_and_told() -> None:
    """Seated turning is led by ear: nobody sees a turn."""
    turning = exercise("seated_rotation")
    hidden = tuple(m.coordinate for m in turning.path)
    person = Follower(turning, hidden=hidden, depth=None).run(90.0)
    assert not [i for i in person.reason_ids() if i.startswith("cycle.")]
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"
    told = person.reason_ids(DecisionKind.NOT_KNOWN)
    assert "not_known.thorax_rotation" in told and "cycle.hollow" not in told
    assert person.outputs[-1].guidance.cycles == 0


def test_a_cycle_with_something_out_of_place_is_not_counted_and_says_why() -> None:
    extension = exercise("knee_extension_90_90")
    opens = knee_opens(7.0)

    def sink(m: Moment) -> None:
        m.angles_deg[Coordinate.HIP_FLEXION_L] -= 30.0

    sinks = during(7.5, 13.0, sink)

    def change(m: Moment) -> None:
        opens(m)
        sinks(m)

    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(120.0)
    ids = person.reason_ids()
    assert ids.count("cycle.unkept") == 1
    assert ids.count("cycle.counted") == 8
    assert leaving(person, Phase.HOLD).reasons[0].id == "cycle.complete"


def test_what_the_envelope_eases_fills_the_dose_and_is_never_asked_for_again() -> None:
    pain = at(SignalKind.PAIN, phase=Phase.HOLD, after_s=8.0)
    extension = exercise("knee_extension_90_90")
    person = Follower(
        extension, (Side.LEFT,), change=knee_opens(7.0), depth=None, signals=pain, value=4.0
    ).run(120.0)
    ids = person.reason_ids()
    assert "pain.ease" in ids
    assert "cycle.unkept" not in ids and ids.count("cycle.unsure") >= 1
    end = leaving(person, Phase.HOLD).reasons[0]
    assert end.id in ("cycle.complete", "cycle.complete_unsure")
    assert ids.count("cycle.unsure") + ids.count("cycle.counted") <= 12


def test_who_is_mostly_unseen_is_not_kept_at_it_until_all_were_seen() -> None:
    """Two of eight are seen: the hollow seconds end it, as if none had been."""
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        m.doubtful = (Coordinate.KNEE_FLEXION_L,)
        m.sd_deg = 12.0 if m.phase is not Phase.HOLD or m.phase_s < 14.0 else 60.0

    extension = exercise("knee_extension_90_90")
    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(150.0)
    assert person.reason_ids().count("cycle.unsure") <= 3
    end = leaving(person, Phase.HOLD).reasons[0]
    assert end.id == "hold.complete_uncertain"
    assert end.numbers["held_s"] == pytest.approx(56.0, abs=1.0)


TO_AND_FRO = sorted(e.id for e in exercises().values() if e.behaviour is Behaviour.TO_AND_FRO)


@pytest.mark.parametrize("exercise_id", TO_AND_FRO)
@pytest.mark.parametrize("share", [-0.4, 0.0, 0.7, 1.0])
def test_the_movement_is_the_share_of_the_path_and_its_doubt_grows(
    exercise_id: str, share: float
) -> None:
    plan = coach.Params(exercise(exercise_id), (Side.LEFT,)).plans[0]
    angles = {p.coordinate: math.degrees(p.start_rad + share * p.span_rad) for p in plan.path}
    found = [movement(plan, {}, {}, body_state(0.0, angles, sd_deg=sd)) for sd in (2.0, 12.0)]
    for seen in found:
        assert seen is not None and seen.mean == pytest.approx(share, abs=1e-9)
    assert found[1].sd == pytest.approx(6.0 * found[0].sd)
    assert movement(plan, {}, {}, body_state(0.0, {})) is None


def _with_unclaimed(person: Follower, coordinate: Coordinate) -> Follower:
    """In sight and too unsure to be claimed."""
    before = person.change

    def change(m: Moment) -> None:
        before(m)
        m.doubtful = (coordinate,)

    person.change = change
    return person


@pytest.mark.parametrize("claimed", [0.0, 0.1])
def test_a_movement_whose_claimed_angles_stand_still_is_hollow(claimed: float) -> None:
    count, told = run(ONE_WAY, eased(6.0), 12.5, claimed=claimed)
    assert told and set(told) == {CycleNews.UNSURE}
    assert count.counted == 0
