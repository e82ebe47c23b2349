"""What a session is given of a phone: its standing first, in order, on the session's clock; and
that a page which comes later misses nothing that was said before."""

import asyncio
from typing import Any

import msgspec
import numpy as np
import pytest

from lengthwise.contracts.observation import ImuSample, RecordingHeader, Segment
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionStarted
from lengthwise.contracts.wire import MOST_SAMPLES, Clock, Motion, ToSession, Welcome, read_message
from lengthwise.live.phone import Phone
from lengthwise.live.roles import PAGE
from lengthwise.live.workers import Join, Said, Take
from lengthwise.web import phone_feed
from lengthwise.web.hub import Guided, Hub
from lengthwise.web.phone_feed import Feed

BEGUN_S = 500.0


class Sent:
    """In the place of a process: what it is sent."""

    crowded = False
    rooms = 0

    def __init__(self) -> None:
        self.messages: list[Any] = []

    def send(self, message: Any) -> None:
        self.messages.append(message)

    def read(self) -> list[ToSession]:
        return [read_message(m.raw) for m in self.messages if isinstance(m, Take)]

    def times_s(self) -> np.ndarray:
        rows = [np.frombuffer(m.values, "<f8") for m in self.read() if isinstance(m, Motion)]
        return np.concatenate([r.reshape(-1, 7)[:, 0] for r in rows])


class Kept(Phone):
    """A phone that brought so many samples, a hundred a second, from before the session on."""

    def __init__(self, count: int) -> None:
        super().__init__(begun_s=0.0, brought=lambda _: None)
        self._kept.extend(samples(count))


def samples(count: int, *, from_s: float = BEGUN_S - 1.0) -> list[ImuSample]:
    at = Segment.PELVIS
    return [ImuSample(from_s + n / 100.0, at, (0.0, 9.8, 0.0), (0.0,) * 3) for n in range(count)]


def session_of(hub: Hub) -> tuple[Guided, Sent]:
    sent = Sent()
    started = SessionStarted(
        LOG_VERSION,
        "20260131T081500Z-a1b2c3",
        "2026-01-31T08:15:00Z",
        "0",
        SessionConfig(),
        RecordingHeader("made up", "live", ()),
        Person("anna"),
    )
    session = Guided(started, sent, gone_on=False)  # type: ignore[arg-type]
    hub._sessions[session.session_id] = session
    return session, sent


def hub() -> Hub:
    return Hub(processes=0, alarmed=lambda _: None, finished=lambda _: None, ramped=print)


def test_the_standing_goes_first_whole_and_on_the_clock_of_the_session() -> None:
    async def case() -> None:
        session, sent = session_of(hub_ := hub())
        feed = Feed(hub_, session, begun_s=BEGUN_S, over=lambda _: None)
        await feed.catch_up(Kept(400))
        feed.put(tuple(samples(3, from_s=BEGUN_S + 3.0)))
        assert isinstance(sent.messages[0], Join) and sent.messages[0].role == "phone"
        first = sent.read()[0]
        assert isinstance(first, Clock) and first.last is not None
        device_s, session_s, back_s = first.last
        assert (session_s, back_s) == (device_s - BEGUN_S, device_s), "one clock, read once"
        times_s = sent.times_s()
        assert times_s[0] == BEGUN_S and len(times_s) == 303
        assert (np.diff(times_s) > 0.0).all()
        motions = [m for m in sent.read() if isinstance(m, Motion)]
        assert all(len(m.values) <= MOST_SAMPLES * 56 for m in motions)
        assert [m.seq for m in motions] == sorted({m.seq for m in motions})
        feed.close()

    asyncio.run(case())


def test_without_a_standing_it_waits_for_the_page() -> None:
    async def case() -> None:
        session, sent = session_of(hub_ := hub())
        feed = Feed(hub_, session, begun_s=BEGUN_S, over=lambda _: None)
        feed.put(tuple(samples(3, from_s=BEGUN_S + 1.0)))
        assert not sent.read()
        hub_.join(session, PAGE)
        feed.put(tuple(samples(3, from_s=BEGUN_S + 2.0)))
        assert sent.times_s()[0] == BEGUN_S + 2.0
        feed.close()

    asyncio.run(case())


def test_what_was_kept_is_never_left_out_and_nothing_of_before_the_session_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def case() -> None:
        session, sent = session_of(hub_ := hub())
        feed = Feed(hub_, session, begun_s=BEGUN_S, over=lambda _: None)
        hub_.join(session, PAGE)
        monkeypatch.setattr(phone_feed.time, "monotonic", lambda: BEGUN_S + 6.0)
        feed.put(tuple(samples(60, from_s=BEGUN_S - 0.05)))
        feed.put(tuple(samples(10, from_s=BEGUN_S + 5.9)))
        motions = [m for m in sent.messages if isinstance(m, Take)][-2:]
        assert [m.fleeting for m in motions] == [False, True]
        assert sent.times_s()[0] == BEGUN_S
        feed.close()

    asyncio.run(case())


def test_its_end_is_told_once_and_nothing_of_the_session_waits_for_a_phone() -> None:
    over: list[Feed] = []

    async def case() -> None:
        session, _ = session_of(hub_ := hub())
        feed = Feed(hub_, session, begun_s=BEGUN_S, over=over.append)
        for n in range(2000):
            hub_._hear(Said(session.session_id, msgspec.msgpack.encode(n)))
            await asyncio.sleep(0)
        assert not over
        hub_._forget(session)
        async with asyncio.timeout(60.0):
            while not over:
                await asyncio.sleep(0)
        assert over == [feed]

    asyncio.run(case())


@pytest.mark.parametrize("before", [0, 3])
def test_what_was_said_before_the_page_came_reaches_it_first(before: int) -> None:
    async def case() -> None:
        session, _ = session_of(hub_ := hub())
        said = [msgspec.msgpack.encode(f"said {n}") for n in range(before)]
        for raw in said:
            hub_._hear(Said(session.session_id, raw))
        hub_._hear(Said(session.session_id, b"a view", newest=True))
        _, line = hub_.join(session, PAGE)
        welcome = line.ready()
        assert welcome is not None
        assert isinstance(msgspec.msgpack.decode(welcome, type=Welcome), Welcome)
        assert [line.ready() for _ in range(before)] == said
        assert line.ready() is None
        _, again = hub_.join(session, PAGE)
        again.ready()
        assert again.ready() is None, "a page that comes back is not told twice"

    asyncio.run(case())
