"""Streams of LSL as devices of a session: their clock, rows of muscle activity, what says that it
is simulated, and one that is found, heard, lost and found again over loopback."""

import asyncio
import os
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.devices import EmgSample, ForceSample
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample, RejectionReason, Segment
from lengthwise.devices.device_clock import BACK_RATIO
from lengthwise.devices.driver import driver_named
from lengthwise.devices.link import LinkChanged, LinkState, Timing, Told
from lengthwise.devices.lsl import clock, codec, sim
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.lsl.driver import STREAMS, driver_of
from lengthwise.devices.lsl.following import SIMULATED, Followed
from lengthwise.devices.manifest import Write
from lengthwise.devices.readings import UndecodableError
from lengthwise.devices.receiving import Received

EMG = codec.own_layout(Kind.EMG, rate_hz=1000.0)


@given(
    st.lists(st.tuples(st.floats(0.0, 0.2), st.floats(-0.05, 0.05)), min_size=1, max_size=40),
    st.floats(-1e5, 1e5),
)
def test_times_keep_their_order(steps: list[tuple[float, float]], offset_s: float) -> None:
    """However the measure of the clocks jumps about."""
    state, sent_s, last_s = clock.State(), 0.0, float("-inf")
    for passed_s, wrong_s in steps:
        sent_s += passed_s
        state, t_s = clock.step(state, sent_s, offset_s + wrong_s)
        assert not isinstance(t_s, RejectionReason)
        assert last_s + (1.0 - BACK_RATIO) * passed_s - 1e-6 <= t_s
        assert abs(t_s - sent_s - offset_s) <= 0.05 + 1e-6
        last_s = t_s


def told_s(state: clock.State, sent_s: float, measure_s: float) -> tuple[clock.State, float]:
    state, _ = clock.measured(state, measure_s)
    assert state.measure_s is not None
    state, t_s = clock.step(state, sent_s, state.measure_s)
    assert not isinstance(t_s, RejectionReason)
    return state, t_s


def test_a_measure_that_sets_the_time_back_is_followed_slowly_and_a_little_forward_at_once() -> (
    None
):
    state, first_s = told_s(clock.State(), 1.0, 10.0)
    state, back_s = told_s(state, 1.1, 9.9)
    assert (first_s, back_s) == pytest.approx((11.0, 11.05))
    state, forward_s = told_s(state, 1.2, 9.99)
    assert forward_s == pytest.approx(11.19)
    state, doubted_s = told_s(state, 1.3, 12.0)
    assert doubted_s == pytest.approx(11.29), "not before another measure says so"
    _, confirmed_s = told_s(state, 1.4, 12.01)
    assert confirmed_s == pytest.approx(13.41)


@pytest.mark.parametrize("sent_s", [0.9, float("nan"), float("inf")])
def test_a_time_that_is_none_moves_no_clock(sent_s: float) -> None:
    state, _ = clock.step(clock.State(), 1.0, 10.0)
    after, why = clock.step(state, sent_s, 10.0)
    assert after == state and isinstance(why, RejectionReason)


def test_a_new_sender_begins_its_clock_anew_and_times_go_on() -> None:
    state, _ = clock.step(clock.State(), 5.0, 10.0)
    anew = clock.on_new_stream(state)
    assert clock.step(anew, 1.0, 13.0)[1] is RejectionReason.TIME_BACKWARDS
    assert clock.step(anew, 1.0, 15.0)[1] == pytest.approx(16.0)


@pytest.mark.parametrize(
    "unit, factor",
    [("V", 1.0), ("mV", 1e-3), ("uV", 1e-6), ("\u00b5V", 1e-6), ("microvolts", 1e-6)],
)
def test_muscle_activity_is_in_volts_whatever_its_one_channel_is_called(
    unit: str, factor: float
) -> None:
    layout = codec.layout_of(Kind.EMG, ("biceps femoris",), (unit,), rate_hz=2000.0)
    got = codec.decoded(layout, (20.0,), 1.0, "x", None)
    assert got == EmgSample(1.0, "x", 2000.0, (20.0 * factor,))


@pytest.mark.parametrize(
    "labels, units, rate_hz, told",
    [
        (("emg",), ("V",), 50.0, "rate"),
        (("emg",), ("V",), 0.0, "rate"),
        (("emg",), ("",), 1000.0, "unit"),
        (("emg",), ("%",), 1000.0, "unit"),
        (("left", "right"), ("V", "V"), 1000.0, "label"),
    ],
)
def test_muscle_activity_that_cannot_be_read_is_refused(
    labels: tuple[str, ...], units: tuple[str, ...], rate_hz: float, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        codec.layout_of(Kind.EMG, labels, units, rate_hz=rate_hz)


def test_rows_are_joined_and_apart_where_some_were_lost() -> None:
    def row(n: int) -> EmgSample:
        found = codec.decoded(EMG, (float(n),), n / 1000.0, "x", None)
        assert isinstance(found, EmgSample)
        return found

    first, second = codec.joined([row(n) for n in (1, 2, 3, 7, 8)], 512)
    assert (first.t_s, first.emg_v) == (0.003, (1.0, 2.0, 3.0))
    assert (second.t_s, second.emg_v) == (0.008, (7.0, 8.0))
    assert [len(s.emg_v) for s in codec.joined([row(n) for n in range(10)], 4)] == [4, 4, 2]
    with pytest.raises(UndecodableError):
        codec.decoded(EMG, (float("nan"),), 1.0, "x", None)


def test_each_kind_has_a_driver_that_is_sound_and_sends_nothing() -> None:
    assert {driver_of(kind) for kind in Kind} == set(STREAMS)
    assert driver_of("EEG") is None
    for name, driver in STREAMS.items():
        assert driver.manifest.faults() == () and driver_named(name) is driver
        assert not driver.permits(Write("0000", b"\x01"))
    with pytest.raises(InputError, match="lsl-simulate"):
        STREAMS["lsl_emg"].simulated()


def test_the_simulated_sensor_turns_as_its_up_says() -> None:
    """Up in sensor axes changes by -w x up."""
    found = [*sim.samples(Kind.INERTIAL, "x", 0.0, after=0, until_s=1.0)]
    for a, b in pairwise(found):
        assert isinstance(a, ImuSample) and isinstance(b, ImuSample) and a.gyr_rad_s is not None
        rise = (b.acc_m_s2[1] - a.acc_m_s2[1]) / 0.01
        assert rise == pytest.approx(a.gyr_rad_s[0] * a.acc_m_s2[2], abs=0.15)
    assert found[0].t_s == pytest.approx(0.01) and len(found) == 100


def test_the_simulated_muscle_is_silent_first_and_works_later() -> None:
    rows = [*sim.samples(Kind.EMG, "x", 0.0, after=0, until_s=15.0)]
    spread = {
        works: max(abs(v) for r in rows if isinstance(r, EmgSample)
                   and sim.works(r.t_s) is works and r.t_s < 14.9 for v in r.emg_v)
        for works in (False, True)
    }  # fmt: skip
    assert spread[True] > 10.0 * spread[False]


class Following:
    """What one that follows a stream tells, in a task, until `over`."""

    def __init__(self, driver: str, stream: str, *, segment: Segment | None = None) -> None:
        self.told: list[Told] = []
        self.followed = Followed(
            STREAMS[driver], stream, source="mine", tell=self.told.append,
            monotonic_s=time.monotonic, segment=segment,
            timing=Timing(silence_s=0.6, again_s=(0.05,)),
        )  # fmt: skip

    @property
    def samples(self) -> list[object]:
        return [o for t in self.told if isinstance(t, Received) for o in t.observations]

    @property
    def states(self) -> list[LinkState]:
        return [t.state for t in self.told if isinstance(t, LinkChanged)]

    async def until(self, so: object, at_most_s: float = 60.0) -> None:
        async with asyncio.timeout(at_most_s):
            while not so():  # type: ignore[operator]
                await asyncio.sleep(0.02)


def sends(kind: Kind, name: str) -> "object":
    from lengthwise.devices.lsl.transport import Outlet

    rate_hz = sim.SIM_HZ[kind]
    return Outlet(kind, name, monotonic_s=time.monotonic, rate_hz=rate_hz, simulated=True)


async def send(outlet: object, kind: Kind, seconds: float) -> None:
    begun_s, sent = time.monotonic(), 0
    while (passed_s := time.monotonic() - begun_s) < seconds:
        for sample in sim.samples(kind, "x", begun_s, after=sent, until_s=passed_s):
            outlet.send(sample)  # type: ignore[attr-defined]
            sent += 1
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "kind, driver",
    [(Kind.EMG, "lsl_emg"), (Kind.INERTIAL, "lsl_inertial"), (Kind.FORCE, "lsl_force")],
)
def test_a_stream_is_heard_at_the_time_it_was_sent_and_says_that_it_is_simulated(
    kind: Kind, driver: str
) -> None:
    name = f"{kind} amplifier {os.getpid()}"

    async def run() -> Following:
        outlet = sends(kind, name)
        following = Following(driver, name, segment=Segment.THIGH_L)
        task = asyncio.create_task(following.followed.run())
        sending = asyncio.create_task(send(outlet, kind, 30.0))
        await following.until(lambda: len(following.samples) > 10)
        sending.cancel()
        task.cancel()
        await asyncio.gather(task, sending, return_exceptions=True)
        return following

    heard = asyncio.run(run())
    up = next(t for t in heard.told if isinstance(t, LinkChanged) and t.state is LinkState.UP)
    assert up.why == SIMULATED
    now_s = time.monotonic()
    times = [o.t_s for o in heard.samples]  # type: ignore[attr-defined]
    assert times == sorted(times) and now_s - 40.0 < times[0] <= times[-1] <= now_s
    arrived = [t for t in heard.told if isinstance(t, Received)]
    assert not [r for t in arrived for r in t.rejections]
    wanted = {Kind.EMG: EmgSample, Kind.INERTIAL: ImuSample, Kind.FORCE: ForceSample}[kind]
    assert all(isinstance(o, wanted) for o in heard.samples)
    if kind is Kind.EMG:
        rows = [o for o in heard.samples if isinstance(o, EmgSample)]
        assert {r.rate_hz for r in rows} == {1000.0} and len(rows[-1].emg_v) > 1


@pytest.mark.usefixtures("loopback")
def test_a_stream_that_ends_is_lost_and_found_again_and_another_kind_is_refused() -> None:
    name = f"gauge again {os.getpid()}"

    async def run() -> tuple[Following, Following]:
        following, wrong = Following("lsl_force", name), Following("lsl_emg", name)
        outlet = sends(Kind.FORCE, name)
        tasks = [asyncio.create_task(f.followed.run()) for f in (following, wrong)]
        first = asyncio.create_task(send(outlet, Kind.FORCE, 30.0))
        await following.until(lambda: following.samples)
        await wrong.until(lambda: LinkState.FAILED in wrong.states)
        first.cancel()
        await following.until(lambda: LinkState.LOST in following.states)
        heard = len(following.samples)
        second = asyncio.create_task(send(outlet, Kind.FORCE, 60.0))
        await following.until(lambda: len(following.samples) > heard)
        for task in (*tasks, second):
            task.cancel()
        await asyncio.gather(*tasks, second, return_exceptions=True)
        return following, wrong

    following, wrong = asyncio.run(run())
    assert following.states.count(LinkState.UP) >= 2
    times = [o.t_s for o in following.samples]  # type: ignore[attr-defined]
    assert times == sorted(times)
    why = next(t.why for t in wrong.told if isinstance(t, LinkChanged) and t.why)
    assert "type of the LSL stream" in why and "allowed: EMG" in why and not wrong.samples
