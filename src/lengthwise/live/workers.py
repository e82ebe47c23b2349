"""Rooms in processes of their own, each pinned to one: what computes never holds up who listens.

The holder of a `Workers` sends bytes to a room and gets back what it says, in order, by `hear`.
Opening a room takes a second or two (the person's ranges are searched, a log is taken again), and
ending one as well (it is sealed, its report is drawn), so that is done in a thread beside the rooms
that are going on.
"""

import itertools
import multiprocessing
import queue
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.session import SessionStarted, SessionTotals
from lengthwise.contracts.wire import ClockAnswer, FromSession, Refused, Shown, written
from lengthwise.live import nursery
from lengthwise.live.room import PAGE, PHONE, Room
from lengthwise.live.sequencer import TICK_S
from lengthwise.vault import keyring

_MOST_WAITING = 60
_ROLES = {role.name: role for role in (PAGE, PHONE)}


class Open(Struct, frozen=True, tag="open"):
    """`begun_s` on the host's clock, where it began with what was felt before; None: now. `away_s`
    None: a session begins; else the one in `folder` is gone on with, cut off so long ago. `key` of
    the profile where it is encrypted, else nothing."""

    room: str
    started: bytes
    folder: str
    begun_s: float | None = None
    away_s: float | None = None
    key: bytes = b""


class Join(Struct, frozen=True, tag="join"):
    room: str
    line: str
    role: str


class Take(Struct, frozen=True, tag="take"):
    """`urgent`: a stop, which overtakes all that waits. `fleeting`: a reading, worth nothing later
    and left out in a crowd."""

    room: str
    line: str
    raw: bytes
    urgent: bool = False
    fleeting: bool = False


class Leave(Struct, frozen=True, tag="leave"):
    room: str
    line: str


class End(Struct, frozen=True, tag="end"):
    room: str


class Close(Struct, frozen=True, tag="close"):
    """End every room, then the process."""


class Opened(Struct, frozen=True, tag="opened"):
    room: str


class Said(Struct, frozen=True, tag="said"):
    """`line` None: to everybody in the room; else the answer to one connection. `newest`: a view,
    which the next one makes old; of everything else nothing may be left out."""

    room: str
    raw: bytes
    line: str | None = None
    newest: bool = False


class Alarmed(Struct, frozen=True, tag="alarmed"):
    """A symptom or pain has stopped this session: once, and before anything that shows it."""

    room: str


class Through(Struct, frozen=True, tag="through"):
    """This session was stopped or is done: once. Nothing of it is left to go on with."""

    room: str


class Ended(Struct, frozen=True, tag="ended"):
    """`totals` encoded; `marks` encoded marks of the person; `screening_needed`: it ended with a
    symptom or with pain."""

    room: str
    totals: bytes
    marks: bytes
    screening_needed: bool


class Broken(Struct, frozen=True, tag="broken"):
    """The room cannot go on; what was recorded is kept. `why` is one clear line."""

    room: str
    why: str


ToWorker = Open | Join | Take | Leave | End | Close
FromWorker = Opened | Said | Alarmed | Through | Ended | Broken

_to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
_bytes_of = msgspec.msgpack.Encoder().encode


class Worker:
    """One process and the rooms in it. `hear` is called from a thread of its own.

    Nothing here waits for the process: what is sent stands in a queue, and where that grows long
    the process cannot keep up, so an image more would only make all others older.
    """

    def __init__(self, hear: Callable[[FromWorker], None], gone: Callable[[], None]) -> None:
        self._end, there = multiprocessing.Pipe()
        self._process = nursery.process(_work, there)
        self._hear, self._gone = hear, gone
        self._waiting: queue.PriorityQueue[tuple[bool, int, ToWorker]] = queue.PriorityQueue()
        self._sent = itertools.count()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._sending = threading.Thread(target=self._begin, args=(there,), daemon=True)
        self._sending.start()
        self.rooms = 0

    @property
    def crowded(self) -> bool:
        return self._waiting.qsize() > _MOST_WAITING

    def send(self, message: ToWorker) -> None:
        """In order, but for what is urgent."""
        self._waiting.put((not _overtakes(message), next(self._sent), message))

    def close(self) -> None:
        """Let it finish what it records, then wait for it, and for all that it says to be heard."""
        self.send(Close())
        self._sending.join(timeout=60.0)
        if self._process.pid is None:
            return
        self._process.join(timeout=30.0)
        if self._process.is_alive():
            self._process.terminate()
        self._reading.join(timeout=5.0)

    def _begin(self, there: Connection) -> None:
        """Beginning waits for the nursery, so nobody else waits for it."""
        try:
            try:
                self._process.start()
            except (OSError, EOFError):
                self._process = nursery.anew(_work, there)
                self._process.start()
        except (OSError, EOFError):
            self._gone()
            return
        finally:
            there.close()
        self._reading.start()
        self._send()

    def _send(self) -> None:
        message: ToWorker = Join("", "", "")
        with suppress(OSError):
            while not isinstance(message, Close):
                _, _, message = self._waiting.get()
                self._end.send_bytes(_bytes_of(message))

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._hear(_from_worker.decode(self._end.recv_bytes()))
        self._gone()


def _overtakes(message: ToWorker) -> bool:
    """A stop does, and the joining of a line, which its stop must not come before."""
    return isinstance(message, Join) or (isinstance(message, Take) and message.urgent)


def _work(end: Connection) -> None:
    """The process: messages and time go to the rooms until the other end is closed. Ctrl+C is for
    the edge alone, which then asks that every room be ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Rooms(end, clock_s=time.monotonic).run()


class _Rooms:
    def __init__(self, end: Connection, *, clock_s: Callable[[], float]) -> None:
        self._end, self._clock_s = end, clock_s
        self._rooms: dict[str, Room] = {}
        self._alarmed: set[str] = set()
        self._through: set[str] = set()
        self._given_up: set[str] = set()
        self._opening: set[str] = set()
        self._opened: queue.SimpleQueue[tuple[str, Room | Exception]] = queue.SimpleQueue()
        self._ending: list[threading.Thread] = []
        self._ended: queue.SimpleQueue[FromWorker] = queue.SimpleQueue()
        self._due_s = 0.0
        self._closing = False
        self._waiting: deque[ToWorker] = deque()

    def run(self) -> None:
        with suppress(EOFError, OSError, KeyboardInterrupt):
            while not self._closing:
                self._let_time_pass()
                self._read(max(self._due_s - self._clock_s(), 0.0))
                if self._waiting:
                    self._take(self._waiting.popleft())
        if self._closing:
            for name in list(self._rooms):
                self._end_room(name)
        else:
            # The edge was killed. Nobody has ended these: the next start offers to go on with them.
            for room in self._rooms.values():
                _left(room)
        with suppress(OSError):
            self.say_ended(wait=True)

    @property
    def _crowded(self) -> bool:
        """As many wait as may, so a reading more would only make all others older."""
        return len(self._waiting) >= _MOST_WAITING

    def _read(self, within_s: float) -> None:
        """All that has come by now; waited for only where nothing waits already."""
        if not self._waiting:
            self._end.poll(within_s)
        while self._end.poll():
            message = _to_worker.decode(self._end.recv_bytes())
            if _overtakes(message):
                self._take(message)
            elif not (self._crowded and isinstance(message, Take) and message.fleeting):
                self._waiting.append(message)

    def _let_time_pass(self) -> None:
        now_s = self._clock_s()
        if now_s < self._due_s:
            return
        self._due_s = now_s + TICK_S
        self.say_ended()
        while not self._opened.empty():
            name, room = self._opened.get()
            if isinstance(room, Exception):
                self._say(Broken(name, _one_line(room)))
            else:
                self._rooms[name] = room
                self._say(Opened(name))
                if name in self._given_up:
                    self._end_room(name)
            self._opening.discard(name)
            self._given_up.discard(name)
        for name in list(self._rooms):
            self._attempt(name, None, lambda room: room.pass_time(now_s=now_s))

    def _take(self, message: ToWorker) -> None:
        if isinstance(message, Close):
            self._closing = True
        elif isinstance(message, Open):
            self._opening.add(message.room)
            threading.Thread(target=self._open, args=(message,), daemon=True).start()
        elif message.room in self._rooms:
            self._to_room(message)
        elif isinstance(message, End) and message.room in self._opening:
            self._given_up.add(message.room)

    def _to_room(self, message: Join | Take | Leave | End) -> None:
        now_s = self._clock_s()
        if isinstance(message, Join):
            self._rooms[message.room].join(message.line, _ROLES[message.role])
        elif isinstance(message, End):
            self._end_room(message.room)
        elif isinstance(message, Leave):
            line = message.line
            self._attempt(message.room, line, lambda room: room.leave(line, now_s=now_s))
        else:
            line, raw = message.line, message.raw
            self._attempt(message.room, line, lambda room: room.take(line, raw, now_s=now_s))

    def _open(self, message: Open) -> None:
        try:
            folder, now_s = Path(message.folder), self._clock_s()
            keyring.take_over(folder, message.key)
            if message.away_s is None:
                started = decode(message.started, SessionStarted)
                begun_s = now_s if message.begun_s is None else message.begun_s
                room = Room(started, folder, begun_s=begun_s)
            else:
                room = Room.gone_on_with(folder, now_s=now_s, away_s=message.away_s)
        except Exception as cause:  # noqa: BLE001 - whatever it is, the other rooms go on
            self._opened.put((message.room, cause))
        else:
            nursery.give_back()
            self._opened.put((message.room, room))

    def _attempt(
        self, name: str, line: str | None, what: Callable[[Room], list[FromSession]]
    ) -> None:
        """A room that cannot go on ends, and takes no other room with it."""
        try:
            said = what(self._rooms[name])
        except Exception as cause:  # noqa: BLE001 - whatever it is, the other rooms go on
            _left(self._rooms.pop(name))
            self._say(Broken(name, _one_line(cause)))
            return
        if self._rooms[name].screening_needed and name not in self._alarmed:
            self._alarmed.add(name)
            self._say(Alarmed(name))
        if self._rooms[name].over and name not in self._through:
            self._through.add(name)
            self._say(Through(name))
        for message in said:
            private = isinstance(message, ClockAnswer | Refused)
            to, newest = line if private else None, isinstance(message, Shown)
            self._say(Said(name, written(message), to, newest))

    def _end_room(self, name: str) -> None:
        room = self._rooms.pop(name)
        ending = threading.Thread(target=self._finish, args=(name, room))
        self._ending.append(ending)
        ending.start()

    def _finish(self, name: str, room: Room) -> None:
        try:
            totals: SessionTotals = room.end()
            marks = encode(room.marks.marks())
        except Exception as cause:  # noqa: BLE001 - whatever it is, the other rooms go on
            _left(room)
            self._ended.put(Broken(name, _one_line(cause)))
            return
        self._ended.put(Ended(name, encode(totals), marks, room.screening_needed))
        if not self._rooms and not self._opening:
            keyring.let_go(room.folder)
        del room
        nursery.give_back()

    def say_ended(self, *, wait: bool = False) -> None:
        """Which rooms are finished by now; `wait`: all that are being finished."""
        for ending in self._ending if wait else ():
            ending.join()
        self._ending = [ending for ending in self._ending if ending.is_alive()]
        while not self._ended.empty():
            self._say(self._ended.get())

    def _say(self, message: FromWorker) -> None:
        self._end.send_bytes(_bytes_of(message))


def _left(room: Room) -> None:
    """Let go of its log, so that whoever comes next can finish it."""
    with suppress(LengthwiseError, OSError):
        room.let_be()


def _one_line(cause: Exception) -> str:
    """What is expected says itself what to do; of what is not, the trace goes to the terminal."""
    if isinstance(cause, LengthwiseError):
        return str(cause)
    traceback.print_exception(cause)
    return "the session was cut off; it is kept"
