"""Rooms in processes of their own, each pinned to one: what computes never holds up who listens.

The holder of a `Worker` sends bytes to a room and gets back what it says, in order, by `hear`. What
is in the process is `live/rooms.py`; nothing of it is loaded here.
"""

import itertools
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

import msgspec
from msgspec import Struct

from lengthwise.live import nursery

MOST_WAITING = 60
_WORK = "lengthwise.live.rooms:work"


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


class Ramped(Struct, frozen=True, tag="ramped"):
    """A ramp to tolerance was begun, or harm was told with one. `ramps`: all of its session,
    encoded, of which it is not known before the end that no harm went with them."""

    room: str
    ramps: bytes


class Ended(Struct, frozen=True, tag="ended"):
    """`totals` encoded; `marks` encoded marks of the person, `ramps` its ramps to tolerance;
    `screening_needed`: it ended with a symptom or with pain."""

    room: str
    totals: bytes
    marks: bytes
    screening_needed: bool
    ramps: bytes | None = None


class Broken(Struct, frozen=True, tag="broken"):
    """The room cannot go on; what was recorded is kept. `why` is one clear line, `code` and
    `values` those of a `LengthwiseError`."""

    room: str
    why: str
    code: str | None = None
    values: dict[str, str | float] = {}


ToWorker = Open | Join | Take | Leave | End | Close
FromWorker = Opened | Said | Alarmed | Through | Ramped | Ended | Broken

to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
bytes_of = msgspec.msgpack.Encoder().encode


class Worker:
    """One process and the rooms in it. `hear` is called from a thread of its own.

    Nothing here waits for the process: what is sent stands in a queue, and where that grows long
    the process cannot keep up, so an image more would only make all others older.
    """

    def __init__(self, hear: Callable[[FromWorker], None], gone: Callable[[], None]) -> None:
        self._process = nursery.Process(_WORK)
        self._end = self._process.end
        self._hear, self._gone = hear, gone
        self._waiting: queue.PriorityQueue[tuple[bool, int, ToWorker]] = queue.PriorityQueue()
        self._sent = itertools.count()
        self._begun = False
        self._one_end = threading.Lock()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._sending = threading.Thread(target=self._begin, daemon=True)
        self._sending.start()
        self.rooms = 0

    @property
    def crowded(self) -> bool:
        return self._waiting.qsize() > MOST_WAITING

    def send(self, message: ToWorker) -> None:
        """In order, but for what is urgent."""
        self._waiting.put((not overtakes(message), next(self._sent), message))

    def close(self) -> None:
        """Let it finish what it records, then wait for it, and for all that it says to be heard.
        Closed by two at once, as an idle process while the server ends, it is one end."""
        with self._one_end:
            self.send(Close())
            self._sending.join(timeout=60.0)
            if not self._begun:
                return
            self._process.finish(within_s=30.0)
            self._reading.join(timeout=5.0)

    def _begin(self) -> None:
        """Beginning waits for the nursery, so nobody else waits for it."""
        try:
            self._process.start()
        except (OSError, EOFError):
            self._gone()
            return
        self._begun = True
        self._reading.start()
        self._send()

    def _send(self) -> None:
        message: ToWorker = Join("", "", "")
        with suppress(OSError):
            while not isinstance(message, Close):
                _, _, message = self._waiting.get()
                self._end.send_bytes(bytes_of(message))

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._hear(_from_worker.decode(self._end.recv_bytes()))
        self._gone()


def overtakes(message: ToWorker) -> bool:
    """A stop does, and the joining of a line, which its stop must not come before."""
    return isinstance(message, Join) or (isinstance(message, Take) and message.urgent)
