"""What a sensor kept while it was not heard carries its orientation through the gap, and is never
taken for what it feels now."""

from math import cos, degrees, pi, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.body import estimator, imu_estimate
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.imu_geometry import LARGEST_GAP_S
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.observation import (
    ImuSample,
    ImuStream,
    LateSample,
    Observation,
    RejectionReason,
    Segment,
    Tick,
)
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Script, film

RATE_HZ, G = 100.0, 9.81
STREAM = ImuStream(Segment.THORAX, RATE_HZ)
GONE_S, BACK_S = 4.0, 9.0


def felt(seconds: float, *, pace: float = 3.0) -> list[ImuSample]:
    """A sensor that swings about y by 0.6 rad, with that many radians of phase a second, and is
    thrown to and fro sideways."""
    samples = []
    for n in range(round(seconds * RATE_HZ)):
        t_s = n / RATE_HZ
        a, rate = 0.6 * sin(pace * t_s), 0.6 * pace * cos(pace * t_s)
        thrown = 4.0 * cos(2.0 * pi * t_s)
        acc = (-G * sin(a) + thrown * cos(a), 1e-4 * (n % 7), G * cos(a) + thrown * sin(a))
        samples.append(ImuSample(t_s, Segment.THORAX, acc, (1e-5 * (n % 5), rate, 0.0)))
    return samples


def true_up(t_s: float) -> np.ndarray:
    a = 0.6 * sin(3.0 * t_s)
    return np.array([-sin(a), 0.0, cos(a)])


def fed(samples: list[ImuSample], *, kept: bool = True, stream: ImuStream = STREAM) -> ImuMemory:
    """Read all along; what was felt in the gap comes late, or never."""
    memory = ImuMemory()
    for sample in samples:
        if GONE_S <= sample.t_s < BACK_S:
            if kept:
                memory, _ = imu_estimate.take_late(stream, memory, sample)
            continue
        memory, _ = imu_estimate.take(stream, memory, sample, None)
        memory = imu_estimate.settle(stream, memory)
        if sample.t_s < GONE_S:
            memory = imu_estimate.mark_read(memory)
    return memory


def until(t_s: float) -> list[ImuSample]:
    return [s for s in felt(t_s + 1.0) if s.t_s <= t_s]


def test_kept_readings_lead_where_an_uninterrupted_sensor_is() -> None:
    whole, memory = until(BACK_S + 0.05), ImuMemory()
    for sample in whole:
        memory, _ = imu_estimate.take(STREAM, memory, sample, None)
    memory = imu_estimate.settle(STREAM, memory)
    assert encode(fed(whole).orientation) == encode(memory.orientation)


def test_up_is_sure_with_the_first_reading_of_now_however_it_is_thrown() -> None:
    forgetful = fed(until(BACK_S + 0.5), kept=False)
    assert imu_estimate.fresh_up(forgetful) is None
    back = fed(until(BACK_S))
    up = imu_estimate.fresh_up(back)
    assert up is not None and imu_estimate.rough_up(back) is None
    off_rad = np.arccos(min(1.0, float(np.dot(up, true_up(BACK_S)))))
    assert degrees(off_rad) < 2.0
    assert imu_estimate.interrupted(STREAM, back), "so whether it slipped is looked at, as ever"


def test_a_reading_of_the_past_is_never_one_of_now() -> None:
    memory = fed(until(GONE_S - 0.01))
    for sample in felt(BACK_S):
        if sample.t_s < GONE_S:
            continue
        memory, _ = imu_estimate.take_late(STREAM, memory, sample)
        settled = imu_estimate.settle(STREAM, memory)
        assert imu_estimate.fresh_up(settled) is None and imu_estimate.rough_up(settled) is None
        assert settled.heard_s is None or settled.heard_s < GONE_S
        assert imu_estimate.hang_rad(settled, sample.t_s) is None


def test_what_is_out_of_order_comes_twice_or_is_no_number_is_told_and_left() -> None:
    memory, at = fed(until(GONE_S - 0.01)), felt(BACK_S)[round(GONE_S * RATE_HZ)]
    memory, reason = imu_estimate.take_late(STREAM, memory, at)
    assert reason is None
    for bad, why in (
        (at, RejectionReason.DUPLICATE_TIME),
        (replace(at, t_s=GONE_S - 1.0), RejectionReason.TIME_BACKWARDS),
        (replace(at, t_s=float("nan")), RejectionReason.NON_FINITE),
        (replace(at, t_s=GONE_S + 0.01, acc_m_s2=(0.0, float("inf"), 0.0)), "non_finite"),
    ):
        after, rejection = imu_estimate.take_late(STREAM, memory, bad)
        assert rejection is not None and rejection.reason == why
        assert after is memory


@pytest.mark.parametrize("stream", [STREAM, ImuStream(Segment.THORAX, 0.0)])
def test_over_a_hole_in_what_was_kept_nothing_is_bridged(stream: ImuStream) -> None:
    """It begins anew behind the hole, and what it felt since is too little to be sure of up; also
    where nobody knows how many samples a hole holds."""
    hole = (BACK_S - 1.0, BACK_S - 1.0 + LARGEST_GAP_S + 0.05)
    memory = fed([s for s in until(BACK_S) if not hole[0] <= s.t_s < hole[1]], stream=stream)
    assert memory.orientation.since_s == pytest.approx(hole[1], abs=0.011)
    assert imu_estimate.fresh_up(memory) is None


def test_a_hole_further_back_than_what_makes_up_sure_costs_nothing() -> None:
    hole = (GONE_S, GONE_S + 1.0)
    samples = [s for s in felt(20.0) if s.t_s < GONE_S or s.t_s >= hole[1]]
    memory = fed(samples[: round(GONE_S * RATE_HZ)])
    for sample in samples[round(GONE_S * RATE_HZ) : -1]:
        memory, _ = imu_estimate.take_late(STREAM, memory, sample)
    memory, _ = imu_estimate.take(STREAM, memory, samples[-1], None)
    assert imu_estimate.fresh_up(imu_estimate.settle(STREAM, memory)) is not None


def sd_after(share: float, *, pace: float) -> float:
    """Stated for what never came, of readings kept but for a share of them."""
    gone = np.random.default_rng(3).random(2000) < share
    samples = felt(BACK_S + 0.03, pace=pace)
    kept = [s for n, s in enumerate(samples) if not (s.t_s >= GONE_S and gone[n])]
    rough = imu_estimate.rough_up(fed(kept))
    return 0.0 if rough is None else degrees(rough[1])


def test_what_is_missing_in_what_was_kept_is_in_the_doubt_of_who_turns_quickly() -> None:
    assert sd_after(0.0, pace=33.0) == 0.0
    few, many = sd_after(0.1, pace=33.0), sd_after(0.2, pace=33.0)
    assert 0.7 < few < many < 10.0
    assert sd_after(0.1, pace=3.0) == 0.0, "its neighbours say how an even turn went"


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_what_never_came_is_in_the_doubt_of_who_was_always_heard_too(share: float) -> None:
    gone = np.random.default_rng(3).random(2000) < share
    memory = ImuMemory()
    for n, sample in enumerate(felt(8.0, pace=30.0)):
        if not gone[n]:
            memory, _ = imu_estimate.take(STREAM, memory, sample, None)
    memory = imu_estimate.settle(STREAM, memory)
    rough = imu_estimate.rough_up(memory)
    assert (rough is not None) == (share > 0.0)
    assert (imu_estimate.fresh_up(memory) is None) == (share > 0.0)
    assert rough is None or rough[1] == pytest.approx(sqrt(memory.missed_rad2))


@given(st.integers(0, 500))
@settings(max_examples=15, deadline=None)
def test_saved_in_the_middle_it_goes_on_alike(at: int) -> None:
    memory, saved = fed(until(GONE_S - 0.01)), None
    for n, sample in enumerate(s for s in felt(BACK_S) if s.t_s >= GONE_S):
        if n == at:
            saved = decode(encode(memory), ImuMemory)
        memory, _ = imu_estimate.take_late(STREAM, memory, sample)
        if saved is not None:
            saved, _ = imu_estimate.take_late(STREAM, saved, sample)
    assert saved is None or encode(saved) == encode(memory)


def told(items: list[Observation], params: estimator.Params) -> list[BodyState]:
    state, out = estimator.start(params), []
    for item in items:
        state, seen = estimator.step(params, state, item)
        if seen.state is not None:
            out.append(seen.state)
    return out


def test_until_it_is_heard_again_the_body_is_told_as_if_nothing_had_come() -> None:
    """The same bytes at each tick, whether what was kept has come or not; then it is known."""
    motion = next(m for m in motions() if m.name == "squat")
    shares = ((2.0, 0.0), (6.0, 0.8), (12.0, 0.1))
    script = Script(motion, 103, shares, (), (Segment.PELVIS,), noise=0.0)
    made = film(script)
    live = made.samples[Segment.PELVIS]
    params = estimator.Params(
        (made.streams[Segment.PELVIS],), motion.posture, motion.start_rad, zero_s=(0.0, 3.0)
    )
    end_s = script.duration_s
    gone_s, back_s = end_s - 7.0, end_s - 2.0

    def run(*, late: bool) -> tuple[list[BodyState], list[BodyState]]:
        ticks: list[Observation] = [Tick(0.05 * n + 1e-6) for n in range(1, int(end_s / 0.05))]
        heard = [o for o in live if not gone_s <= o.t_s < back_s]
        items = sorted([*heard, *ticks], key=lambda o: o.t_s)
        first = next(n for n, o in enumerate(items) if o.t_s >= back_s)
        if late:
            kept = [LateSample(o) for o in live if gone_s <= o.t_s < back_s]
            items[first:first] = [*kept, Tick(back_s), Tick(back_s)]
        else:
            items[first:first] = [Tick(back_s), Tick(back_s)]
        found = told(items, params)
        return [b for b in found if b.t_s <= back_s], [b for b in found if b.t_s > back_s]

    (before, after), (before_late, after_late) = run(late=False), run(late=True)
    assert [encode(b) for b in before] == [encode(b) for b in before_late]
    assert before[-1].unseen == before_late[-1].unseen
    assert any(b.unseen != before[-1].unseen for b in after_late)
    assert Unseen.CLAIMED in after_late[2].unseen
    assert len(after) == len(after_late)
