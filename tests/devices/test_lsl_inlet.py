"""What comes in over LSL, before a library that only plays it: stamps that jitter, a measure of the
clocks that is wrong, and that nothing is left open."""

import asyncio
import random
import time
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from lengthwise.body import emg
from lengthwise.contracts.devices import EmgSample, ForceSample
from lengthwise.contracts.observation import RejectionReason
from lengthwise.devices.link import LinkChanged, LinkState, Told
from lengthwise.devices.lsl import clock, following, transport
from lengthwise.devices.lsl.codec import LABELS, UNITS, Kind
from lengthwise.devices.lsl.driver import STREAMS
from lengthwise.devices.receiving import Received

RATE_HZ = 1000.0


class Played:
    """In place of pylsl: one stream, whose rows and stamps are given."""

    def __init__(self, kind: Kind, rate_hz: float) -> None:
        self.kind, self.rate_hz, self.measure_s, self.now_s = kind, rate_hz, 50.0, 0.0
        self.chunks: list[tuple[list[list[float]], list[float]]] = []
        self.opened: list[PlayedInlet] = []

    def local_clock(self) -> float:
        return self.now_s

    def resolve_byprop(self, *_: Any) -> list["PlayedInfo"]:
        return [PlayedInfo(self)]

    def resolve_streams(self, _: float) -> list["PlayedInfo"]:
        return [PlayedInfo(self), PlayedInfo(self)]

    def StreamInlet(self, *_: Any, **how: Any) -> "PlayedInlet":  # noqa: N802 - as pylsl has it
        self.opened.append(PlayedInlet(self, how))
        return self.opened[-1]


class PlayedInfo:
    def __init__(self, played: Played) -> None:
        self._played = played

    def name(self) -> str:
        return "played"

    def type(self) -> str:
        return self._played.kind.value

    def nominal_srate(self) -> float:
        return self._played.rate_hz

    def channel_count(self) -> int:
        return len(LABELS[self._played.kind])

    def get_channel_labels(self) -> tuple[str, ...]:
        return LABELS[self._played.kind]

    def get_channel_units(self) -> tuple[str, ...]:
        return UNITS[self._played.kind]

    def desc(self) -> "PlayedInfo":
        return self

    def child_value(self, _: str) -> str:
        return ""


class PlayedInlet:
    def __init__(self, played: Played, how: dict[str, Any]) -> None:
        self._played, self.how, self.closed = played, how, False

    def info(self, _: float) -> PlayedInfo:
        return PlayedInfo(self._played)

    def open_stream(self, _: float) -> None: ...

    def close_stream(self) -> None:
        self.closed = True

    def time_correction(self, _: float) -> float:
        return self._played.measure_s

    def pull_chunk(self, **_: Any) -> tuple[list[list[float]], list[float]]:
        return self._played.chunks.pop(0) if self._played.chunks else ([], [])


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    found = Played(Kind.EMG, RATE_HZ)
    monkeypatch.setattr(transport, "lsl_module", lambda: found)
    return found


def heard(played: Played, stamps: list[float], *, each: int = 40) -> list[Received]:
    """All rows of a stream with these stamps, so many in a pull; noise of a quiet muscle."""
    inlet, chance = transport.Inlet("played", monotonic_s=lambda: played.now_s), random.Random(100)
    got = []
    for n in range(0, len(stamps), each):
        part = stamps[n : n + each]
        rows = [[chance.gauss(0.0, 2e-6)] * len(LABELS[played.kind]) for _ in part]
        played.chunks.append((rows, part))
        played.now_s = part[-1] + 50.0
        got.append(inlet.pull())
    inlet.close()
    return got


def known_share(got: list[Received]) -> float:
    limits, state, known, asked = emg.published_limits(), emg.start(), 0, 0
    for told in got:
        for row in told.observations:
            assert isinstance(row, EmgSample)
            state = emg.step(limits, state, row)
        if told.observations:
            asked += 1
            known += emg.envelope_v(limits, state, told.observations[-1].t_s) is not None
    return known / asked


@pytest.mark.parametrize("jitter_s", [0.0, 0.001, 0.005])
def test_muscle_activity_is_known_however_its_stamps_jitter(
    played: Played, jitter_s: float
) -> None:
    chance = random.Random(101)
    got = heard(played, [10.0 + n / RATE_HZ + chance.gauss(0.0, jitter_s) for n in range(10_000)])
    assert not [r for told in got for r in told.rejections]
    rows = [o for told in got for o in told.observations if isinstance(o, EmgSample)]
    assert sum(len(r.emg_v) for r in rows) == 10_000, "none is lost"
    assert all(a.t_s < b.t_s for a, b in pairwise(rows))
    assert rows[-1].t_s == pytest.approx(60.0 + 9_999 / RATE_HZ, abs=0.004)
    assert known_share(got) > 0.88, "all but the first second"


def test_values_that_were_lost_are_no_jitter(played: Played) -> None:
    """A second that is missing is told as one at once, and what comes after is of its own time."""
    chance = random.Random(101)
    true_s = [10.0 + n / RATE_HZ + (n >= 5000) for n in range(8000)]
    got = heard(played, [t + chance.gauss(0.0, 0.002) for t in true_s])
    ends = [told.observations[-1].t_s - 50.0 for told in got]
    assert max(abs(end - true) for end, true in zip(ends, true_s[39::40], strict=True)) < 0.01
    assert emg_begun_s(got) == pytest.approx(66.0, abs=0.02)


def emg_begun_s(got: list[Received]) -> float:
    state = emg.start()
    for told in got:
        for row in told.observations:
            assert isinstance(row, EmgSample)
            state = emg.step(emg.published_limits(), state, row)
    return state.begun_s


def test_one_wrong_measure_of_the_clocks_moves_nothing_and_is_counted(played: Played) -> None:
    played.kind, played.rate_hz = Kind.FORCE, 0.0
    inlet = transport.Inlet("played", monotonic_s=lambda: played.now_s)
    times, refused = [], []
    for n, measure_s in enumerate([50.0, 50.0, 53.0, 53.0, 50.01, 50.01]):
        played.measure_s, played.now_s = measure_s, 10.0 + n
        played.chunks.append(([[1.0]], [10.0 + n]))
        got = inlet.pull()
        times += [o.t_s for o in got.observations if isinstance(o, ForceSample)]
        refused += got.rejections
    assert times == pytest.approx([60.0 + n for n in range(6)], abs=0.02)
    assert [r.reason for r in refused] == [RejectionReason.FUTURE]
    assert "3.00 s" in refused[0].detail


def test_a_step_forward_that_the_next_measure_confirms_is_taken() -> None:
    state, _ = clock.measured(clock.State(), 50.0)
    state, doubted = clock.measured(state, 53.0)
    assert doubted and state.measure_s == 50.0
    same, doubted = clock.measured(state, 53.0)
    assert not doubted and same == state, "the same measure again is no other one"
    assert clock.measured(state, 53.02)[0].measure_s == 53.02
    other, doubted = clock.measured(state, 57.0)
    assert doubted and other.measure_s == 50.0
    for nearby_s in (50.09, 49.0):
        assert clock.measured(state, nearby_s)[0].measure_s == nearby_s


def test_a_stream_that_is_gone_is_asked_anew_what_it_is(played: Played) -> None:
    """LSL would go on with whatever has the same id, without a word."""
    transport.Inlet("played", monotonic_s=time.monotonic)
    assert played.opened[0].how["recover"] is False


def test_whoever_only_lists_streams_leaves_none_open(played: Played) -> None:
    assert len(transport.sent_now(0.0)) == 2
    assert [inlet.closed for inlet in played.opened] == [True, True]


class Opened:
    """A stream that is there once and then ends."""

    clock = clock.State()

    def __init__(self, *, simulated: bool) -> None:
        self.simulated, self.closed = simulated, False

    def pull(self, *, wait_s: float = 0.0) -> Received:
        raise RuntimeError("the stream is gone")

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("first", [False, True])
def test_a_stream_that_comes_back_as_another_sender_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    opened = [Opened(simulated=s) for s in (first, not first, first)]
    coming = iter(opened)
    monkeypatch.setattr(following, "Inlet", lambda *_, **__: next(coming))
    told: list[Told] = []

    async def three_times(_: float) -> None:
        if sum(one.closed for one in opened) == 3:
            raise asyncio.CancelledError

    followed = following.Followed(
        STREAMS["lsl_force"], "gauge", source="gauge", tell=told.append, monotonic_s=time.monotonic,
        sleep=three_times,
    )  # fmt: skip
    with suppress(asyncio.CancelledError):
        asyncio.run(followed.run())
    links = [t for t in told if isinstance(t, LinkChanged) and t.state is not LinkState.SEARCHING]
    up, lost = LinkState.UP, LinkState.LOST
    assert [t.state for t in links] == [up, lost, LinkState.FAILED, up, lost]
    assert "simulated" in links[2].why and "choose the devices again" in links[2].why
    assert all(one.closed for one in opened)
