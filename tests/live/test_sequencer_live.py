"""Laws of the live sequencer: what is no later than the lag is never late, whatever others do."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_sequencer import camera, delivered_s, imu, reasons, run

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.devices import HeartSample, LinkSample
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    LateSample,
    Observation,
    PersonSignal,
    Rejection,
    RejectionReason,
    Segment,
    SignalKind,
    Tick,
)
from lengthwise.contracts.wire import MOST_LATE_S
from lengthwise.live import sequencer

Arrived = tuple[float, Observation | None]
LAG_S = sequencer.LIVE_LAG_S


def run_live(arrivals: list[Arrived], *, save_at: int = -1) -> list[sequencer.Delivered]:
    """What is handed on, by time of arrival; None: only time passes."""
    state, out = sequencer.start(), []
    for i, (now_s, item) in enumerate(arrivals):
        if i == save_at:
            state = decode(encode(state), sequencer.State)
        if item is None:
            state, due = sequencer.pass_time(state, now_s=now_s)
        else:
            state, due = sequencer.take(state, item, now_s=now_s)
        out += due
    return out + sequencer.flush(state)[1]


@st.composite
def arrivals(draw: st.DrawFn, most_s: float = LAG_S) -> list[Arrived]:
    """Sensors at any times and rates, each item up to `most_s` later than it was captured."""
    kinds = st.sampled_from([camera, imu])
    times = draw(st.lists(st.floats(0, 5), min_size=1, max_size=40))
    items: list[Arrived] = [(t + draw(st.floats(0, most_s)), draw(kinds)(t)) for t in times]
    items += [(now_s, None) for now_s in draw(st.lists(st.floats(0, 6), max_size=20))]
    return sorted(items, key=lambda item: item[0])


@given(arrivals())
def test_what_takes_no_longer_than_the_lag_is_never_late(items: list[Arrived]) -> None:
    out = run_live(items)
    assert not reasons(out)
    assert delivered_s(out) == sorted(o.t_s for _, o in items if o is not None)


@given(arrivals(most_s=1.0), st.integers(0, 60))
def test_every_observation_is_handed_on_in_order_or_rejected(items: list[Arrived], at: int) -> None:
    out = run_live(items)
    times = [o.t_s for o in out if not isinstance(o, Rejection)]
    assert times == sorted(times)
    assert sum(not isinstance(o, Tick) for o in out) == sum(o is not None for _, o in items)
    assert set(reasons(out)) <= {RejectionReason.LATE}
    assert [encode(o) for o in run_live(items, save_at=at)] == [encode(o) for o in out]


@given(arrivals(most_s=1.0))
def test_what_was_handed_on_live_comes_out_unchanged_when_replayed(items: list[Arrived]) -> None:
    live = [o for o in run_live(items) if not isinstance(o, Rejection)]
    assert [encode(o) for o in run(live)] == [encode(o) for o in live]


def inferred(delay_s: float) -> list[Arrived]:
    """A sensor at 100 Hz, and a camera at 30 Hz whose frames take that long."""
    items: list[Arrived] = [(k / 100, imu(k / 100)) for k in range(300)]
    items += [(k / 30 + delay_s, camera(k / 30)) for k in range(90)]
    return sorted(items, key=lambda item: item[0])


def test_inference_of_150_ms_costs_the_camera_nothing() -> None:
    for delay_s in (0.06, 0.1, 0.15):
        out = run_live(inferred(delay_s))
        assert not reasons(out)
        assert sum(isinstance(o, LandmarkFrame) for o in out) == 90
    recorded = run([item for _, item in inferred(0.15) if item is not None])
    assert RejectionReason.LATE in reasons(recorded), "without the time of arrival it would"


def test_another_sensors_fast_clock_does_not_make_the_camera_late() -> None:
    """By 40 ms, within what is tolerated of a stamp; with the newest time as clock it would add."""
    ahead: list[Arrived] = [
        (now_s, imu(item.t_s + 0.04) if item is not None and not isinstance(item, LandmarkFrame)
         else item)
        for now_s, item in inferred(0.19)
    ]  # fmt: skip
    assert not reasons(run_live(ahead))


def test_a_stamp_from_the_future_is_plain_at_once() -> None:
    out = run_live([(0.0, camera(0.0)), (0.1, camera(5.0)), (0.2, camera(0.2))])
    assert reasons(out) == [RejectionReason.FUTURE]
    assert delivered_s(out) == [0.0, 0.2]


def test_time_passes_where_nothing_comes() -> None:
    """So that what is stale is known to be; nothing is ever handed on too early."""
    silent: list[Arrived] = [(0.0, camera(0.0)), *((k / 50, None) for k in range(1, 100))]
    ticks = [o.t_s for o in run_live(silent) if isinstance(o, Tick)]
    assert max(b - a for a, b in pairwise([0.0, *ticks])) <= 2 * sequencer.TICK_S
    assert ticks[-1] <= 99 / 50 - LAG_S + 1e-9
    assert ticks[-1] >= 99 / 50 - LAG_S - sequencer.TICK_S


@pytest.mark.parametrize(
    "kind", [SignalKind.STOP, SignalKind.LEG_SYMPTOM, SignalKind.DIZZY, SignalKind.PAIN]
)
def test_a_stop_and_what_may_lead_to_one_do_not_wait(kind: SignalKind) -> None:
    """Everything else waits 200 ms; these are handed on in the call in which they arrive."""
    state, _ = sequencer.take(sequencer.start(), imu(1.0), now_s=1.0)
    state, _ = sequencer.take(state, imu(1.1), now_s=1.1)
    state, out = sequencer.take(state, PersonSignal(1.25, kind), now_s=1.25)
    assert [type(o).__name__ for o in out][-1] == "PersonSignal"
    state, mark = sequencer.take(state, PersonSignal(1.3, SignalKind.TOLERANCE), now_s=1.3)
    assert not any(isinstance(o, PersonSignal) for o in mark)
    times = [o.t_s for o in [*out, *mark, *sequencer.flush(state)[1]]]
    assert times == sorted(times)


@st.composite
def in_their_order(draw: st.DrawFn) -> list[Arrived]:
    """Two sensors, neither overtaking itself, each as late as it pleases."""
    items: list[Arrived] = []
    for make in (camera, imu):
        at_s = 0.0
        for t in sorted(draw(st.lists(st.floats(0, 5), min_size=1, max_size=20, unique=True))):
            at_s = max(at_s, t + draw(st.floats(0, LAG_S)))
            items.append((at_s, make(t)))
    return sorted(items, key=lambda item: item[0])


@given(in_their_order())
def test_streams_in_order_wait_for_each_other_and_no_longer(items: list[Arrived]) -> None:
    state, seen, gone_s = sequencer.start(), dict[str, float](), dict[str, float]()
    both = {sequencer.source_of(o) for _, o in items if o is not None}
    for now_s, item in items:
        assert item is not None
        source = sequencer.source_of(item)
        # Before a stream was heard nobody waits for it: until it has caught up it may be late.
        gone_s.setdefault(source, state.delivered_s or 0.0)
        state, due = sequencer.take(state, item, now_s=now_s, in_order=True)
        late = [r for r in due if isinstance(r, Rejection)]
        assert not late or item.t_s < gone_s[source]
        seen[source] = item.t_s
        if seen.keys() == both:
            assert all(o.t_s > min(seen.values()) for o in state.waiting)


def test_a_camera_alone_waits_for_nothing() -> None:
    state, due = sequencer.take(sequencer.start(), camera(1.0), now_s=1.08, in_order=True)
    assert [o.t_s for o in due] == [1.0]
    state, due = sequencer.take(state, camera(1.1), now_s=1.19, in_order=True)
    assert delivered_s(due) == [1.1]


@given(arrivals(most_s=1.0), st.booleans())
def test_what_was_handed_on_tells_where_the_order_stands(
    items: list[Arrived], in_order: bool
) -> None:
    """As a log holds it: what goes on from there lets time pass as the uncut session does."""
    state, told = sequencer.start(), sequencer.start()
    for now_s, item in items:
        if item is None:
            state, due = sequencer.pass_time(state, now_s=now_s)
        else:
            state, due = sequencer.take(state, item, now_s=now_s, in_order=in_order)
        for o in due:
            if not isinstance(o, Rejection):
                told = sequencer.delivered(told, o)
        assert (told.delivered_s, told.emitted_s) == (state.delivered_s, state.emitted_s)


def test_what_a_device_tells_beside_waits_for_nothing_and_is_never_late() -> None:
    """A strap speaks once a second of what was; an image must not wait for it."""
    state = sequencer.start()
    state, _ = sequencer.take(state, Tick(5.0), now_s=5.3)
    state, _ = sequencer.pass_time(state, now_s=5.6)
    beat = HeartSample(3.0, "strap", 60.0, (1.0,))
    after, due = sequencer.take(state, beat, now_s=5.6, in_order=True)
    assert due == [beat] and after == state
    bad = replace(beat, t_s=float("nan"))
    _, (rejected,) = sequencer.take(state, bad, now_s=5.6)
    assert isinstance(rejected, Rejection) and rejected.source == "device:strap"


def test_nobody_waits_for_a_sensor_whose_link_is_gone() -> None:
    def sample(segment: Segment, t_s: float) -> ImuSample:
        return ImuSample(t_s, segment, (0.0, 0.0, 9.81), (0.0, 0.0, 0.0))

    state = sequencer.start()
    for segment in (Segment.PELVIS, Segment.T12):
        state, _ = sequencer.take(state, sample(segment, 1.0), now_s=1.0, in_order=True)
    state, waits = sequencer.take(state, sample(Segment.T12, 1.1), now_s=1.1, in_order=True)
    assert waits == []
    gone = LinkSample(1.11, "back", up=False, segment=Segment.PELVIS)
    state, _ = sequencer.take(state, gone, now_s=1.11, in_order=True)
    _, due = sequencer.take(state, sample(Segment.T12, 1.12), now_s=1.12, in_order=True)
    assert [d.t_s for d in due if isinstance(d, ImuSample)] == [1.1, 1.12]


def told_late(items: list[Arrived], *kept_by: Segment) -> list[sequencer.Came | Rejection]:
    """What is handed on of streams that bring their own in order, and of those that keep it."""
    state, out = sequencer.start(), []
    for now_s, item in items:
        if item is None:
            state, due = sequencer.pass_time(state, now_s=now_s)
        else:
            state, due = sequencer.take(
                state, item, now_s=now_s, in_order=True, kept_by=frozenset(kept_by)
            )
        out += due
    return [*out, *sequencer.flush(state)[1]]


def link_gone(from_s: float, until_s: float) -> list[Arrived]:
    """A camera, and a sensor whose readings of some time come together at its end."""
    items: list[Arrived] = [(k / 30, camera(k / 30)) for k in range(round(30 * until_s) + 30)]
    for k in range(round(50 * until_s) + 50):
        t_s = k / 50
        items.append((until_s if from_s <= t_s < until_s else t_s, imu(t_s)))
    return sorted(items, key=lambda item: item[0])


def test_what_a_sensor_kept_is_told_as_of_the_past_in_its_order_and_replayed_alike() -> None:
    out = told_late(link_gone(2.0, 7.0), Segment.PELVIS)
    assert not reasons([o for o in out if isinstance(o, Rejection)])
    late = [o.t_s for o in out if isinstance(o, LateSample)]
    assert late == sorted(late) and late[0] == 2.0
    assert len(late) == pytest.approx(50 * (5.0 - LAG_S), abs=2)
    present = [o.t_s for o in out if not isinstance(o, LateSample)]
    assert present == sorted(present), "nothing else is out of order for it"
    state, again = sequencer.start(), []
    for item in out:
        state, due = sequencer.step(state, item, lag_s=0.0)
        again += due
    assert [encode(o) for o in [*again, *sequencer.flush(state)[1]]] == [encode(o) for o in out]


def test_gone_on_with_a_log_it_stands_as_if_nothing_had_come_late() -> None:
    with_late, without = sequencer.start(), sequencer.start()
    for item in told_late(link_gone(2.0, 7.0), Segment.PELVIS):
        assert not isinstance(item, Rejection)
        with_late = sequencer.delivered(with_late, item)
        if not isinstance(item, LateSample):
            without = sequencer.delivered(without, item)
    assert with_late == without


def test_a_camera_and_what_nothing_keeps_or_is_of_long_ago_are_late_as_ever() -> None:
    now_s = 60.0
    before: list[Arrived] = [(now_s, camera(now_s)), (now_s + 1.0, camera(now_s + 1.0))]
    for late in (camera(now_s - 1.0), imu(now_s - MOST_LATE_S - 0.1)):
        out = told_late([*before, (now_s + 1.0, late)], Segment.PELVIS)
        assert reasons([o for o in out if isinstance(o, Rejection)]) == [RejectionReason.LATE]
        assert not any(isinstance(o, LateSample) for o in out)
    out = told_late([*before, (now_s + 1.0, imu(now_s - 1.0))], Segment.THORAX)
    assert reasons([o for o in out if isinstance(o, Rejection)]) == [RejectionReason.LATE]
    out = told_late([*before, (now_s + 1.0, imu(now_s + 2.0))], Segment.PELVIS)
    assert reasons([o for o in out if isinstance(o, Rejection)]) == [RejectionReason.FUTURE]
