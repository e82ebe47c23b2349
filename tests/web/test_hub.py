"""The edge of sessions: what is kept before it is shown, and who leads one."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import RecordingHeader
from lengthwise.contracts.person import Person, RampLed
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionStarted, SessionTotals
from lengthwise.contracts.wire import FromSession, Over, Welcome
from lengthwise.live.roles import PAGE
from lengthwise.live.workers import (
    Alarmed,
    Broken,
    Ended,
    Join,
    Leave,
    Open,
    Opened,
    Ramped,
    Said,
    Take,
    Through,
)
from lengthwise.web import hub as hub_module
from lengthwise.web.hub import WAITS_FOR_PAGE_S, Finished, Guided, Hub, NotOpenError
from lengthwise.web.lines import Line

read = msgspec.msgpack.Decoder(FromSession)
TOTALS = SessionTotals(
    "a", "2026-01-31T08:15:00Z", 1.0, 30, None, None, None, {}, {}, simulated=True, complete=True
)


class Worker:
    """A process that opens whatever it is asked to, and says what a test has it say."""

    def __init__(self, hear: Callable[[Any], None], gone: Callable[[], None]) -> None:
        self.hear, self.gone = hear, gone
        self.rooms, self.crowded = 0, False
        self.sent: list[Any] = []

    def send(self, message: Any) -> None:
        self.sent.append(message)
        if isinstance(message, Open):
            self.hear(Opened(message.room))

    def close(self) -> None:
        self.gone()


class Edge:
    """A hub with one such process; `kept` is what the store will have answered by and by."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.kept: asyncio.Future[None] = loop.create_future()
        self.told: list[str | Finished] = []
        self.ramped: list[tuple[RampLed, ...]] = []

        def keep(what: str | Finished) -> "asyncio.Future[None]":
            self.told.append(what)
            return self.kept

        self.hub = Hub(processes=1, alarmed=keep, finished=keep, ramped=self.ramped.append)
        self.worker: Any = next(iter(self.hub._workers.values()))

    async def opened(self, name: str, *, away_s: float | None = None) -> Guided:
        return await self.hub.open(started(name), Path(name), away_s=away_s)

    async def says(self, *messages: Any) -> None:
        for message in messages:
            self.worker.hear(message)
        for _ in range(5):
            await asyncio.sleep(0)


def started(name: str) -> SessionStarted:
    return SessionStarted(
        LOG_VERSION, name, "2026-01-31T08:15:00Z", "test", SessionConfig(),
        RecordingHeader("live", "live", ()), Person("anna"),
    )  # fmt: skip


def waiting(line: Line) -> list[bytes]:
    found = []
    while (raw := line.ready()) is not None:
        found.append(raw)
    return found


def run(test: Callable[[Edge], Coroutine[Any, Any, None]]) -> None:
    async def within() -> None:
        await test(Edge())

    asyncio.run(within())


@pytest.fixture(autouse=True)
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "Worker", Worker)


def test_what_shows_a_stop_waits_until_it_is_kept_and_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "_KEPT_WITHIN_S", 1000.0)

    async def test(edge: Edge) -> None:
        a, b = await edge.opened("a"), await edge.opened("b")
        (_, of_a), (_, of_b) = edge.hub.join(a, PAGE), edge.hub.join(b, PAGE)
        waiting(of_a), waiting(of_b)
        await edge.says(Alarmed("a"), Said("a", b"stop"), Said("b", b"go on"), Said("a", b"rest"))
        assert edge.told == ["a"]
        assert (waiting(of_a), waiting(of_b)) == ([], [b"go on"])
        edge.kept.set_result(None)
        await edge.says()
        assert waiting(of_a) == [b"stop", b"rest"]

    run(test)


def test_a_store_that_does_not_answer_keeps_no_stop_from_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "_KEPT_WITHIN_S", 0.0)

    async def test(edge: Edge) -> None:
        a = await edge.opened("a")
        _, line = edge.hub.join(a, PAGE)
        waiting(line)
        await edge.says(Alarmed("a"), Said("a", b"stop"))
        async with asyncio.timeout(30.0):
            assert await line.next() == b"stop"
        assert not edge.kept.done()

    run(test)


def test_a_process_that_is_gone_counts_as_a_stop_that_is_kept() -> None:
    async def test(edge: Edge) -> None:
        a = await edge.opened("a")
        edge.kept.set_result(None)
        edge.worker.gone()
        with pytest.raises(NotOpenError):
            await asyncio.shield(a.finished)
        (found,) = edge.told
        assert isinstance(found, Finished) and found.screening_needed and found.totals is None

    run(test)


def test_a_page_is_told_why_its_session_could_not_go_on() -> None:
    async def test(edge: Edge) -> None:
        a = await edge.opened("a")
        _, line = edge.hub.join(a, PAGE)
        waiting(line)
        edge.kept.set_result(None)
        await edge.says(Broken("a", "writing a log: No space left on device; make room"))
        last = read.decode(waiting(line)[-1])
        assert isinstance(last, Over) and not last.complete
        assert last.why == "writing a log: No space left on device; make room"

    run(test)


def test_a_ramp_is_told_as_it_begins_and_again_at_the_end() -> None:
    async def test(edge: Edge) -> None:
        await edge.opened("a")
        begun = RampLed(MuscleGroup.PSOAS, Side.LEFT, "2026-01-31T08:16:00Z", "a")
        await edge.says(Ramped("a", encode((begun,))))
        assert edge.ramped == [(begun,)], "whatever becomes of the session"
        well = replace(begun, harmed=False)
        ends = Ended("a", encode(TOTALS), encode(()), False, encode((well,)))
        await edge.says(ends)
        (last,) = edge.told
        assert isinstance(last, Finished) and last.ramps == (well,)
        edge.kept.set_result(None)
        await edge.says()

    run(test)


def test_a_process_that_leads_nobody_goes_and_another_takes_its_place() -> None:
    async def test(edge: Edge) -> None:
        await edge.opened("a")
        edge.hub.let_idle_go()
        await edge.says(Ended("a", encode(TOTALS), encode(()), screening_needed=False))
        assert edge.worker in edge.hub._workers.values(), "it leads somebody"
        edge.kept.set_result(None)
        await edge.says()
        edge.hub.let_idle_go()
        assert not edge.hub._workers
        b = await edge.opened("b")
        assert b.worker is not edge.worker
        edge.worker.gone()  # heard late, it costs the new one nothing
        await edge.says()
        assert not b.finished.done()

    run(test)


def test_a_process_that_ends_while_it_opens_costs_a_moment_and_not_the_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[Worker] = []

    class Falls(Worker):
        def send(self, message: Any) -> None:
            begun.append(self)
            if len(begun) < falls:
                self.gone()
            else:
                super().send(message)

    monkeypatch.setattr(hub_module, "Worker", Falls)
    falls = 2

    async def once(edge: Edge) -> None:
        a = await edge.opened("a")
        assert a.worker is begun[1] is not begun[0] and edge.hub.going_on() == [a]

    run(once)
    begun.clear()
    falls = 3

    async def always(edge: Edge) -> None:
        with pytest.raises(NotOpenError):
            await edge.opened("a")
        assert not edge.hub.going_on()

    run(always)


def test_a_room_that_cannot_be_opened_says_why_and_keeps_nothing() -> None:
    async def test(edge: Edge) -> None:
        edge.worker.send = lambda message: (
            edge.worker.hear(Broken(message.room, "it is over"))
            if isinstance(message, Open)
            else None
        )
        with pytest.raises(NotOpenError, match="it is over"):
            await edge.opened("a")
        assert not edge.told and not edge.hub.going_on()

    run(test)


def test_a_page_is_told_whether_it_comes_back_and_how_long_it_is_waited_for() -> None:
    def welcome(line: Line) -> Welcome:
        (raw,) = waiting(line)
        found = read.decode(raw)
        assert isinstance(found, Welcome) and found.waits_s == WAITS_FOR_PAGE_S
        return found

    async def test(edge: Edge) -> None:
        begun, gone_on = await edge.opened("a"), await edge.opened("b", away_s=60.0)
        name, line = edge.hub.join(begun, PAGE)
        assert not welcome(line).resumed
        edge.hub.leave(begun, name)
        assert welcome(edge.hub.join(begun, PAGE)[1]).resumed
        assert welcome(edge.hub.join(gone_on, PAGE)[1]).resumed

    run(test)


def test_a_page_in_the_place_of_another_begins_at_rest_as_well() -> None:
    async def test(edge: Edge) -> None:
        a = await edge.opened("a")
        first, line = edge.hub.join(a, PAGE)
        second, _ = edge.hub.join(a, PAGE)
        assert line.closed
        lines = [m for m in edge.worker.sent if isinstance(m, Join | Leave)]
        assert Leave("a", first) in lines and Leave("a", second) not in lines
        edge.hub.leave(a, first)
        assert a.led and not any(isinstance(m, Take) for m in edge.worker.sent)

    run(test)


def test_the_key_before_opens_nothing_any_more() -> None:
    async def test(edge: Edge) -> None:
        a, b = await edge.opened("a"), await edge.opened("b")
        before = a.key
        key = a.change_key()
        assert edge.hub.session("a", before) is None and edge.hub.session("a", key) is a
        assert edge.hub.session("b", key) is None and edge.hub.session("a", b.key) is None

    run(test)


def test_what_was_stopped_is_not_left_to_go_on_with() -> None:
    async def test(edge: Edge) -> None:
        a, b = await edge.opened("a"), await edge.opened("b")
        for session in (a, b):
            name, _ = edge.hub.join(session, PAGE)
            if session is b:
                await edge.says(Through("b"))
            assert session not in edge.hub.left(), "somebody is led"
            edge.hub.leave(session, name)
        assert edge.hub.left() == [a] and edge.hub.going_on() == [a, b]

    run(test)
