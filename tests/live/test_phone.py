"""A paired phone: what it brings comes at the right times, once, in order, and no faster than can
be; everything else is refused and counted."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.contracts.observation import ImuSample
from lengthwise.contracts.phone_wire import NotYetError
from lengthwise.contracts.wire import (
    MOST_LATE_S,
    MOST_SAMPLES,
    Clock,
    Credit,
    Hello,
    Motion,
    NotTakenError,
    Word,
)
from lengthwise.live.phone import LOST_AFTER_S, SILENT_AFTER_S, Phone, Samples

to_bytes = msgspec.msgpack.Encoder().encode
BEGUN_S = 4000.0
OFFSET_S = 317.0
"""The phone's clock shows so much more than the host's."""
REST = (0.0, 9.81, 0.0, 0.0, 0.0, 0.0)


def motion(seq: int, times_s: list[float], row: tuple[float, ...] = REST) -> Motion:
    return Motion(seq, np.array([[t, *row] for t in times_s]).astype("<f8").tobytes())


class Held:
    """A phone in a network with ways of 5 ms, whose clock may drift."""

    def __init__(self, *, drift: float = 0.0) -> None:
        self.got: list[ImuSample] = []
        self.drift = drift
        self.phone = Phone(begun_s=BEGUN_S, brought=self.take)
        self.now_s = BEGUN_S
        self.seq = 0
        self.last: tuple[float, float, float] | None = None

    def take(self, samples: Samples) -> None:
        self.got += samples

    def device_s(self, host_s: float) -> float:
        return host_s + OFFSET_S + self.drift * (host_s - BEGUN_S)

    def keeping(self, seconds: float) -> list[float]:
        """Times that it feels while it is not heard, by its own clock."""
        times = np.arange(self.now_s, self.now_s + seconds, 1 / 60.0)
        self.now_s += seconds
        return [self.device_s(t) for t in times]

    def bring(self, times: list[float]) -> None:
        """What was kept, in whole bundles."""
        for at in range(0, len(times), MOST_SAMPLES):
            self.seq += 1
            kept = motion(self.seq, times[at : at + MOST_SAMPLES])
            self.phone.take(to_bytes((kept,)), now_s=self.now_s)

    def compare(self) -> None:
        """A bundle without motion, and what its answer tells."""
        sent_s = self.now_s
        answer = self.phone.take(to_bytes((Clock(self.device_s(sent_s)),)), now_s=sent_s + 0.005)
        assert answer is not None
        back = self.device_s(sent_s + 0.01)
        last = (answer.sent_s, answer.answered_s, back)
        self.now_s += 0.01
        self.phone.take(to_bytes((Clock(self.device_s(self.now_s), last),)), now_s=self.now_s)
        self.now_s += 0.01

    def bundle(
        self, *, lasts_s: float = 0.1, on_way_s: float = 0.005, back_s: float = 0.005
    ) -> None:
        """What was felt in the time before now, sent now, answered after its way."""
        sent_s = self.now_s
        times = np.arange(sent_s - lasts_s, sent_s - 1e-6, 1 / 60.0)
        self.seq += 1
        parts: list[Clock | Motion] = [Clock(self.device_s(sent_s), self.last)]
        if self.last is not None:
            parts.append(motion(self.seq, [self.device_s(t) for t in times]))
        answer = self.phone.take(to_bytes(parts), now_s=sent_s + on_way_s)
        assert answer is not None
        back = self.device_s(sent_s + on_way_s + back_s)
        self.last = (answer.sent_s, answer.answered_s, back)
        self.now_s += lasts_s


@given(st.floats(-1e-4, 1e-4), st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_with_drift_and_jitter_every_sample_is_within_twenty_milliseconds(
    drift: float, seed: int
) -> None:
    rng, held = np.random.default_rng(seed), Held(drift=drift)
    first_s = held.now_s
    for _ in range(600):
        held.bundle(on_way_s=rng.uniform(0.002, 0.03), back_s=rng.uniform(0.002, 0.03))
    true_s = first_s + 0.1 + np.arange(0.0, 0.1 * 599 - 1e-6, 0.1)
    found = np.array([s.t_s for s in held.got])
    assert (np.diff(found) > 0.0).all()
    starts = found[:: len(found) // 599]
    assert np.abs(starts[:599] - (true_s - 0.1)).max() <= 0.020


def test_what_was_felt_arrives_as_it_was_felt() -> None:
    held = Held()
    for _ in range(30):
        held.bundle()
    assert held.got[-1].acc_m_s2 == REST[:3] and held.got[-1].gyr_rad_s == REST[3:]
    assert held.phone.rate_hz(held.now_s) == pytest.approx(60.0, rel=0.05)
    assert held.phone.received == len(held.got) and held.phone.refused == 0


def refusal(held: Held, raw: bytes) -> str:
    """Why it is not taken; it is counted, and nothing comes of it."""
    before, got = held.phone.refused, len(held.got)
    with pytest.raises(NotTakenError) as why:
        held.phone.take(raw, now_s=held.now_s)
    assert held.phone.refused == before + 1 and len(held.got) == got
    return str(why.value)


def test_what_is_replayed_overtaken_or_of_another_time_is_refused_and_counted() -> None:
    held = Held()
    held.bundle()
    held.bundle()
    at_s = held.device_s(held.now_s)
    again = to_bytes((motion(held.seq, [at_s]),))
    assert "older than the last one" in refusal(held, again)
    assert "not in order" in refusal(held, to_bytes((motion(99, [at_s, at_s]),)))
    long_ago = refusal(held, to_bytes((motion(100, [at_s - 60.0]),)))
    assert "not in order" in long_ago or "cannot be" in long_ago
    assert "cannot be" in refusal(held, to_bytes((motion(101, [at_s + 1.0]),)))
    assert "not in order" in refusal(held, to_bytes((motion(102, [at_s - 0.5]),)))
    assert "no number" in refusal(held, to_bytes((motion(103, [float("nan")]),)))
    assert "no phone measures" in refusal(held, to_bytes((motion(104, [at_s], (1e6, *REST[1:])),)))
    assert "not one clock" in refusal(held, to_bytes(()))
    assert "not one clock" in refusal(held, to_bytes((Clock(1.0), Clock(1.0))))
    assert "at most" in refusal(held, b"x" * 5000)
    held.seq = 200
    held.bundle()
    assert held.got[-1].t_s <= held.now_s


@pytest.mark.parametrize("other", [Word(1, "resume"), Word(2, "stop"), Credit(4), Hello(1, "k")])  # type: ignore[arg-type]
def test_a_phone_has_no_way_to_say_a_word(other: object) -> None:
    assert "not a bundle" in refusal(Held(), to_bytes((other,)))


def test_motion_before_the_clocks_were_compared_is_refused() -> None:
    assert "before the clocks were compared" in refusal(Held(), to_bytes((motion(1, [1.0]),)))


def test_more_than_a_phone_can_bring_is_refused() -> None:
    held = Held()
    held.bundle()
    for _ in range(200):
        try:
            held.phone.take(to_bytes((Clock(1.0),)), now_s=held.now_s)
        except NotTakenError as cause:
            assert "more bundles" in str(cause)
    assert 100 < held.phone.refused < 200


def test_it_is_lost_after_half_a_second_and_back_with_its_next_bundle() -> None:
    held = Held()
    for _ in range(5):
        held.bundle()
    heard_s = held.now_s
    assert not held.phone.lost(heard_s + 0.8 * LOST_AFTER_S)
    assert held.phone.lost(heard_s + 1.1 * LOST_AFTER_S)
    held.now_s += 3.0
    held.bundle()
    assert not held.phone.lost(held.now_s)


def test_a_phone_whose_sensors_stopped_is_silent_and_not_lost() -> None:
    held = Held()
    for _ in range(5):
        held.bundle()
    held.now_s += SILENT_AFTER_S + 0.1
    held.phone.take(to_bytes((Clock(1.0),)), now_s=held.now_s)
    assert held.phone.silent(held.now_s) and not held.phone.lost(held.now_s)


def paired(*, drift: float = 0.0) -> Held:
    held = Held(drift=drift)
    for _ in range(20):
        held.bundle()
    return held


@pytest.mark.parametrize("gone_s", [1.5, 5.0, 29.0])
def test_what_it_kept_comes_whole_in_order_and_at_its_times(gone_s: float) -> None:
    held = paired(drift=1e-4)
    before, from_s = len(held.got), held.now_s
    times = held.keeping(gone_s)
    held.compare()
    held.bring(times)
    held.now_s += 0.1
    held.bundle()
    kept = np.array([s.t_s for s in held.got[before:]])
    assert (np.diff([s.t_s for s in held.got]) > 0.0).all()
    true_s = from_s + np.arange(len(times)) / 60.0
    assert np.abs(kept[: len(times)] - true_s).max() < 0.02
    assert held.phone.refused == 0


def test_what_it_kept_waits_for_the_clocks_and_is_taken_then() -> None:
    held = paired()
    times = held.keeping(5.0)[:MOST_SAMPLES]
    raw = to_bytes((motion(500, times),))
    with pytest.raises(NotYetError):
        held.phone.take(raw, now_s=held.now_s)
    held.compare()
    before = len(held.got)
    held.phone.take(raw, now_s=held.now_s)
    assert len(held.got) == before + MOST_SAMPLES
    assert "older than the last one" in refusal(held, raw), "and once"


def test_of_a_clock_that_stood_still_meanwhile_nothing_is_dated() -> None:
    """Asleep for two of five seconds: what it felt before would seem two seconds younger."""
    held = paired()
    times = held.keeping(5.0)[:MOST_SAMPLES]
    asleep_s = 2.0
    awake = held.device_s
    held.device_s = lambda host_s: awake(host_s) - asleep_s  # type: ignore[method-assign]
    held.compare()
    assert "began anew" in refusal(held, to_bytes((motion(500, times),)))
    held.seq, held.last = 600, None
    for _ in range(3):
        held.bundle()
    assert held.got[-1].t_s == pytest.approx(held.now_s, abs=0.2), "what it feels now is taken"


@pytest.mark.parametrize("asleep_s", [0.5, 0.9])
def test_one_slow_exchange_that_fits_both_clocks_does_not_join_them(asleep_s: float) -> None:
    held = paired()
    slow = (held.device_s(held.now_s), held.now_s - BEGUN_S + 0.9, held.device_s(held.now_s + 1.8))
    held.now_s += 1.8
    held.phone.take(to_bytes((Clock(slow[2], slow),)), now_s=held.now_s)
    times = held.keeping(5.0)[:MOST_SAMPLES]
    awake = held.device_s
    held.device_s = lambda host_s: awake(host_s) - asleep_s  # type: ignore[method-assign]
    held.compare()
    assert "began anew" in refusal(held, to_bytes((motion(500, times),)))


def test_a_clock_that_stands_still_while_a_request_hangs_dates_nothing_of_before() -> None:
    held = paired()
    times = held.keeping(0.8)
    sent = held.device_s(held.now_s - 0.8)
    awake = held.device_s
    held.now_s += 3.0
    held.device_s = lambda host_s: awake(host_s) - 3.0  # type: ignore[method-assign]
    woken = (sent, held.now_s - BEGUN_S, held.device_s(held.now_s + 0.05))
    held.now_s += 0.05
    held.phone.take(to_bytes((Clock(woken[2], woken),)), now_s=held.now_s)
    assert "began anew" in refusal(held, to_bytes((motion(500, times[:MOST_SAMPLES]),)))


def test_a_phone_that_only_tells_of_the_past_is_silent() -> None:
    held = paired()
    times = held.keeping(5.0)
    held.compare()
    held.bring(times[: 2 * MOST_SAMPLES])
    assert held.phone.silent(held.now_s) and not held.phone.lost(held.now_s)
    held.bring(times[2 * MOST_SAMPLES :])
    assert not held.phone.silent(held.now_s)


def test_what_is_older_than_it_may_keep_is_refused() -> None:
    held = paired()
    times = held.keeping(MOST_LATE_S + 3.0)[:MOST_SAMPLES]
    held.compare()
    assert "cannot be" in refusal(held, to_bytes((motion(500, times),)))


def test_after_a_long_silence_the_session_still_finds_what_came_lately() -> None:
    held = paired()
    times = held.keeping(31.0)
    held.compare()
    held.bring(times[: 5 * 12])  # a second, all of it older than what is kept here
    assert held.phone.since(0.0) == ()
    held.now_s += 0.1
    held.bundle()
    assert len(held.phone.since(0.0)) > 0


floats = st.floats(allow_nan=True, allow_infinity=True)
parts = st.one_of(
    st.builds(Motion, st.integers(-(2**63), 2**63 - 1), st.binary(max_size=300)),
    st.builds(Motion, st.integers(0, 9), st.binary(min_size=56, max_size=56)),
    st.builds(Clock, floats, st.none() | st.tuples(floats, floats, floats)),
    st.dictionaries(st.text(max_size=8), st.integers(0, 9), max_size=4),
)


@given(st.binary(max_size=300) | st.lists(parts, max_size=4).map(to_bytes))
@settings(max_examples=300)
def test_garbage_is_refused_and_nothing_falls_over(raw: bytes) -> None:
    held = Held()
    held.bundle()
    try:
        held.phone.take(raw, now_s=held.now_s)
    except NotTakenError as cause:
        assert len(str(cause)) < 100 and held.phone.refused == 1
    assert all(np.isfinite(s.t_s) for s in held.got)
