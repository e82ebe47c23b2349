"""What goes between the edge (`live/worker.py`) and a process of rooms (`live/rooms.py`), and how
it stands on the pipe. Nothing of either is loaded here.
"""

import struct

import msgspec
from msgspec import Struct

MOST_WAITING = 60


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

to_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
from_worker: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)
bytes_of = msgspec.msgpack.Encoder().encode

_LENGTH = struct.Struct("!i")
"""Stands before each message, as `multiprocessing` writes and reads it."""


def framed(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


def cut(came: bytes) -> tuple[list[bytes], bytes]:
    """The whole messages of what has come, and what is not whole yet."""
    found, at = [], 0
    while len(came) - at >= _LENGTH.size:
        begin = at + _LENGTH.size
        end = begin + _LENGTH.unpack_from(came, at)[0]
        if len(came) < end:
            break
        found.append(came[begin:end])
        at = end
    return found, came[at:]


def overtakes(message: ToWorker) -> bool:
    """A stop does, and the joining of a line, which its stop must not come before."""
    return isinstance(message, Join) or (isinstance(message, Take) and message.urgent)
