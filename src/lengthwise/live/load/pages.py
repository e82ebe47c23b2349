"""Pages of scripted persons in a process of their own, which measure how soon they are answered.

    python -m lengthwise.live.load.pages < asked.msgpack > heard.msgpack

Each keeps the clocks compared and welcomes views as the real page does. A view is the answer to
the image of its time; a decision to the image that it came with.
"""

import asyncio
import os
import sys
import time
from collections import deque
from pathlib import Path

import msgspec
import websockets
from msgspec import Struct

from lengthwise.contracts.wire import Clock, Credit, Hello, Landmarks, ToSession, Word
from lengthwise.live.load.person import Drawn

_CLOCKS_AT_FIRST, _CLOCK_EVERY_S = 5, 2.0
_SAME_S = 0.016
"""Images are 33 ms apart. Both sides agree on the time of one by less than a millisecond, but where
the server was busy already when their clocks were compared."""
_LAST_S = 1.0


class Asked(Struct, frozen=True):
    """`persons`: files with a `Drawn`; each page is (session id, key, which of them). `seconds` of
    each, from when all are connected; `core`: to keep to."""

    origin: str
    cookie: str
    persons: tuple[str, ...]
    pages: tuple[tuple[str, str, int], ...]
    seconds: float
    core: int | None = None


class Heard(Struct, frozen=True):
    """Of one page. `answered`: when each image was sent (clock of this machine) and how long its
    view took; `told_s`: how long decisions took that came with an image. `late_s`: how much after
    its time each image left the page itself."""

    sent: int
    answered: tuple[tuple[float, float], ...]
    told_s: tuple[float, ...]
    late_s: tuple[float, ...]
    refused: int
    last_phase: str | None


class _At(Struct):
    t_s: float
    phase: str | None = None


class _Shown(Struct, tag_field="type", tag="view"):
    t_s: float


class _Told(Struct, tag_field="type", tag="told"):
    decision: _At


class _Answer(Struct, tag_field="type", tag="clock_answer"):
    sent_s: float
    answered_s: float


class _Welcome(Struct, tag_field="type", tag="welcome"):
    pass


class _Windows(Struct, tag_field="type", tag="windows"):
    pass


class _Refused(Struct, tag_field="type", tag="refused"):
    pass


class _Over(Struct, tag_field="type", tag="over"):
    pass


_Heard = _Shown | _Told | _Answer | _Welcome | _Windows | _Refused | _Over
_read = msgspec.msgpack.Decoder(_Heard).decode
_bytes_of = msgspec.msgpack.Encoder().encode
_now_s = time.monotonic


class _Page:
    def __init__(self, who: Drawn, socket: websockets.ClientConnection) -> None:
        self._who, self._socket = who, socket
        self._seq = 0
        self._apart_s, self._way_s = 0.0, float("inf")
        self._last: tuple[float, float, float] | None = None
        self.compared = 0
        self._waiting: deque[tuple[float, float]] = deque()
        self.sent, self.refused = 0, 0
        self.answered: list[tuple[float, float]] = []
        self.told_s: list[float] = []
        self.late_s: list[float] = []
        self.phase: str | None = None

    async def say(self, message: ToSession) -> None:
        await self._socket.send(_bytes_of(message))

    async def compare(self) -> None:
        await self.say(Clock(_now_s(), self._last))
        self._last = None

    async def listen(self) -> None:
        """What comes, until the line is cut."""
        async for raw in self._socket:
            back_s = _now_s()
            message = _read(raw)  # type: ignore[arg-type]
            if isinstance(message, _Shown):
                self._shown(message.t_s, back_s)
                await self.say(Credit(1))
            elif isinstance(message, _Told):
                self._told(message.decision, back_s)
            elif isinstance(message, _Answer):
                self._compared(message, back_s)
                if self.compared < _CLOCKS_AT_FIRST:
                    await self.compare()
            elif isinstance(message, _Refused):
                self.refused += 1

    def _compared(self, answer: _Answer, back_s: float) -> None:
        self._last = (answer.sent_s, answer.answered_s, back_s)
        self.compared += 1
        if back_s - answer.sent_s < self._way_s:
            self._way_s = back_s - answer.sent_s
            self._apart_s = answer.answered_s - 0.5 * (answer.sent_s + back_s)

    def _shown(self, t_s: float, back_s: float) -> None:
        at_s = t_s - self._apart_s
        while self._waiting and self._waiting[0][0] < at_s - _SAME_S:
            self._waiting.popleft()
        if self._waiting and abs(self._waiting[0][0] - at_s) < _SAME_S:
            captured_s, sent_s = self._waiting.popleft()
            self.answered.append((captured_s, back_s - sent_s))

    def _told(self, decision: _At, back_s: float) -> None:
        self.phase = decision.phase
        at_s = decision.t_s - self._apart_s
        for captured_s, sent_s in self._waiting:
            if abs(captured_s - at_s) < _SAME_S:
                self.told_s.append(back_s - sent_s)

    async def act(self, begun_s: float, seconds: float) -> None:
        """The person's images and words, each at its time."""
        compare_s = begun_s
        for step in self._who.steps:
            due_s = begun_s + step.t_s
            if step.t_s > seconds:
                break
            if (early_s := due_s - _now_s()) > 0.0:
                await asyncio.sleep(early_s)
            if due_s >= compare_s:
                compare_s = due_s + _CLOCK_EVERY_S
                await self.compare()
            self._seq += 1
            if step.word is not None:
                await self.say(Word(self._seq, step.word, step.value))
                continue
            sent_s = _now_s()
            self._waiting.append((sent_s, sent_s))
            self.late_s.append(sent_s - due_s)
            self.sent += 1
            await self.say(Landmarks(self._seq, sent_s, 1, step.values))

    def heard(self) -> Heard:
        return Heard(
            self.sent,
            tuple(self.answered),
            tuple(self.told_s),
            tuple(self.late_s),
            self.refused,
            self.phase,
        )


class _Gate:
    """Opens for all once each of them is there."""

    def __init__(self, pages: int) -> None:
        self._missing, self._open = pages, asyncio.Event()
        self.opened_s = 0.0

    async def passed(self) -> None:
        self._missing -= 1
        if not self._missing:
            self.opened_s = _now_s()
            self._open.set()
        await self._open.wait()


async def _led(
    asked: Asked, page: tuple[str, str, int], who: Drawn, gate: _Gate, after_s: float
) -> Heard:
    session_id, key, _ = page
    async with websockets.connect(
        asked.origin.replace("http", "ws") + f"/api/sessions/{session_id}/stream",
        additional_headers={"cookie": asked.cookie},
        origin=asked.origin,  # type: ignore[arg-type]
        compression=None,
    ) as socket:
        here = _Page(who, socket)
        await here.say(Hello(1, key))
        await here.compare()
        listening = asyncio.create_task(here.listen())
        while here.compared < _CLOCKS_AT_FIRST and not listening.done():
            await asyncio.sleep(0.01)
        await gate.passed()
        await here.act(gate.opened_s + after_s, asked.seconds)
        await asyncio.sleep(_LAST_S)
        listening.cancel()
        return here.heard()


async def _all_led(asked: Asked) -> list[Heard]:
    persons = [msgspec.msgpack.decode(Path(p).read_bytes(), type=Drawn) for p in asked.persons]
    apart_s, gate = 1.0 / 30.0 / len(asked.pages), _Gate(len(asked.pages))
    return list(
        await asyncio.gather(
            *(
                _led(asked, page, persons[page[2]], gate, n * apart_s)
                for n, page in enumerate(asked.pages)
            )
        )
    )


def main() -> None:
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    if asked.core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {asked.core})
    sys.stdout.buffer.write(_bytes_of(asyncio.run(_all_led(asked))))


if __name__ == "__main__":
    main()
