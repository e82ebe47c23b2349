"""The process of rooms (`live/workers.py` is its other end): messages and time go to each of them.

Opening a room takes a second or two (the person's ranges are searched, a log is taken again), and
ending one as well (it is sealed), so that is done in a thread beside the rooms
that are going on.
"""

import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.device_wire import Ordered, written_order
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.person import RampLed
from lengthwise.contracts.session import SessionStarted, SessionTotals
from lengthwise.contracts.wire import ClockAnswer, Refused, Shown, written
from lengthwise.live.memory import give_back
from lengthwise.live.roles import DEVICES, PAGE, PHONE
from lengthwise.live.room import FromRoom, Room
from lengthwise.live.sequencer import TICK_S
from lengthwise.live.workers import (
    MOST_WAITING,
    Alarmed,
    Broken,
    Close,
    End,
    Ended,
    FromWorker,
    Join,
    Leave,
    Open,
    Opened,
    Ramped,
    Said,
    Take,
    Through,
    ToWorker,
    bytes_of,
    overtakes,
    to_worker,
)
from lengthwise.vault import keyring

_ROLES = {role.name: role for role in (PAGE, PHONE, DEVICES)}


def work(end: Connection) -> None:
    """The process: until the other end is closed, or asks that every room be ended."""
    Rooms(end, clock_s=time.monotonic).run()


class Rooms:
    def __init__(self, end: Connection, *, clock_s: Callable[[], float]) -> None:
        self._end, self._clock_s = end, clock_s
        self._rooms: dict[str, Room] = {}
        self._alarmed: set[str] = set()
        self._through: set[str] = set()
        self._ramps: dict[str, tuple[RampLed, ...]] = {}
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
        return len(self._waiting) >= MOST_WAITING

    def _read(self, within_s: float) -> None:
        """All that has come by now; waited for only where nothing waits already."""
        if not self._waiting:
            self._end.poll(within_s)
        while self._end.poll():
            message = to_worker.decode(self._end.recv_bytes())
            if overtakes(message):
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
                self._say(_broken(name, room))
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
            give_back()
            self._opened.put((message.room, room))

    def _attempt(self, name: str, line: str | None, what: Callable[[Room], list[FromRoom]]) -> None:
        """A room that cannot go on ends, and takes no other room with it."""
        try:
            said = what(self._rooms[name])
        except Exception as cause:  # noqa: BLE001 - whatever it is, the other rooms go on
            _left(self._rooms.pop(name))
            self._say(_broken(name, cause))
            return
        # First of all: nothing that is kept or shown is waited for by a band.
        self._order(name, [m for m in said if isinstance(m, BandOrder)])
        if self._rooms[name].screening_needed and name not in self._alarmed:
            self._alarmed.add(name)
            self._say(Alarmed(name))
        ramps = self._rooms[name].ramps_so_far
        if ramps != self._ramps.get(name, ()):
            self._ramps[name] = ramps
            self._say(Ramped(name, encode(ramps)))
        if self._rooms[name].over and name not in self._through:
            self._through.add(name)
            self._say(Through(name))
        for message in said:
            if isinstance(message, BandOrder):
                continue
            private = isinstance(message, ClockAnswer | Refused)
            to, newest = line if private else None, isinstance(message, Shown)
            self._say(Said(name, written(message), to, newest))

    def _order(self, name: str, orders: list[BandOrder]) -> None:
        room = self._rooms[name]
        for order in orders if room.devices_line is not None else ():
            ordered = Ordered(room.host_s(order.t_s), order)
            self._say(Said(name, written_order(ordered), room.devices_line))

    def _end_room(self, name: str) -> None:
        room = self._rooms.pop(name)
        ending = threading.Thread(target=self._finish, args=(name, room))
        self._ending.append(ending)
        ending.start()

    def _finish(self, name: str, room: Room) -> None:
        try:
            totals: SessionTotals = room.end()
            marks, ramps = encode(room.marks.marks()), encode(room.marks.ramps())
        except Exception as cause:  # noqa: BLE001 - whatever it is, the other rooms go on
            _left(room)
            self._ended.put(_broken(name, cause))
            return
        self._ended.put(Ended(name, encode(totals), marks, room.screening_needed, ramps))
        if not self._rooms and not self._opening:
            keyring.let_go(room.folder)
        del room
        give_back()

    def say_ended(self, *, wait: bool = False) -> None:
        """Which rooms are finished by now; `wait`: all that are being finished."""
        for ending in self._ending if wait else ():
            ending.join()
        self._ending = [ending for ending in self._ending if ending.is_alive()]
        while not self._ended.empty():
            self._say(self._ended.get())

    def _say(self, message: FromWorker) -> None:
        self._end.send_bytes(bytes_of(message))


def _left(room: Room) -> None:
    """Let go of its log, so that whoever comes next can finish it."""
    with suppress(LengthwiseError, OSError):
        room.let_be()


def _broken(name: str, cause: Exception) -> Broken:
    """What is expected says itself what to do; of what is not, the trace goes to the terminal."""
    if isinstance(cause, LengthwiseError):
        return Broken(name, str(cause), cause.code, dict(cause.values))
    traceback.print_exception(cause)
    return Broken(name, "the session was cut off; it is kept", "cut_off")
