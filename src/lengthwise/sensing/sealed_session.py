"""Driver for sealed sessions (`session.mcap`): the observations as they were delivered.

One channel `/session/events` (message encoding `x-msgpack-lengthwise`, schema
`lengthwise.SessionEvent`); each message is one encoded `SessionEvent`, in the order logged.
"""

import math
import struct
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import zstandard
from mcap.exceptions import McapError
from mcap.records import Channel, Message
from mcap.stream_reader import StreamReader

from lengthwise.contracts.codec import decoder
from lengthwise.contracts.devices import DeviceSample
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    AuditFrame,
    CameraStream,
    ImuSample,
    LandmarkFrame,
    LateSample,
    PersonSignal,
    Rejection,
    RejectionReason,
    Stream,
    Tick,
)
from lengthwise.contracts.session import (
    DeviceLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEvent,
    SessionStarted,
)
from lengthwise.sensing.driver import Manifest, OpenOptions
from lengthwise.vault.files import open_reading

TOPIC = "/session/events"
MESSAGE_ENCODING = "x-msgpack-lengthwise"

_MAGIC = b"\x89MCAP0\r\n"
_RECORD_LIMIT_BYTES = 1 << 28
_UNREADABLE = (
    McapError,
    zstandard.ZstdError,
    struct.error,
    ValueError,
    OSError,
    MemoryError,
    OverflowError,
)
"""What reading a damaged container may raise; a flipped length byte asks for absurd memory."""
_UNDECODABLE = (msgspec.MsgspecError, ValueError, TypeError, LookupError)
_LANDMARK_SHAPES = {
    "xy_px": (33, 2),
    "image_z_px": (33,),
    "visibility": (33,),
    "present": (33,),
}

Replayed = LandmarkFrame | AuditFrame | ImuSample | LateSample | PersonSignal | Tick


class SealedSessionDriver:
    """Reads sealed sessions of this product."""

    manifest = Manifest(
        name="sealed_session",
        reads="a sealed session (.mcap)",
        streams=("camera", "imu", "person", "clock"),
    )

    def accepts(self, path: Path) -> bool:
        return path.is_file() and (path.suffix.lower() == ".mcap" or _begins_as_mcap(path))

    def open(self, path: Path, options: OpenOptions) -> "SealedSessionRecording":
        return SealedSessionRecording(path, options)


DRIVER = SealedSessionDriver()


class SealedSessionRecording:
    """An open sealed session; one compressed chunk is in memory at a time.

    `started` is how it began, as recorded; in `header` what is stated now stands above that.
    """

    def __init__(self, path: Path, options: OpenOptions) -> None:
        self._path = path
        if not _begins_as_mcap(path):
            raise _unusable(path, "content that is not MCAP", "choose another file")
        if not _ends_as_mcap(path):
            raise _unusable(path, "a file that was cut off", "run: lengthwise recover")
        # mypy has no way to write the type of a union of types.
        self._decoder: msgspec.msgpack.Decoder[SessionEvent] = decoder(SessionEvent)  # type: ignore[arg-type]
        try:
            with closing(self._messages()) as messages:
                first = self._decoder.decode(next(messages, b""))
        except (*_UNREADABLE, *_UNDECODABLE) as cause:
            remedy = "run: lengthwise recover"
            raise _unusable(path, "no readable beginning", remedy) from cause
        if not isinstance(first, SessionStarted):
            raise _unusable(path, "a session without its beginning", "run: lengthwise recover")
        self.started = first
        self.header = msgspec.structs.replace(
            first.recording,
            driver=DRIVER.manifest.name,
            streams=tuple(_stated(stream, options) for stream in first.recording.streams),
        )

    def read(self) -> Iterator[Replayed | Rejection]:
        """What was observed, without what devices told beside it."""
        for item in self.delivered():
            if not isinstance(item, DeviceSample):
                yield item

    def delivered(self) -> Iterator[Replayed | DeviceSample | Rejection]:
        """Everything that the steps of the session were given, in its order."""
        last_s = 0.0
        messages = self._messages()
        while True:
            try:
                raw = next(messages)
            except StopIteration:
                return
            except _UNREADABLE as cause:
                yield Rejection(last_s, "recording", RejectionReason.TRUNCATED, str(cause)[:80])
                return
            try:
                event = self._decoder.decode(raw)
            except _UNDECODABLE as cause:
                yield Rejection(last_s, "recording", RejectionReason.UNDECODABLE, str(cause)[:80])
                continue
            if isinstance(event, RejectionLogged) and event.before_steps:
                yield event.rejection
            if isinstance(event, DeviceLogged) and math.isfinite(event.sample.t_s):
                yield event.sample
            if not isinstance(event, ObservationLogged):
                continue
            if not _is_whole(event.observation):
                yield Rejection(last_s, "recording", RejectionReason.UNDECODABLE, "not whole")
                continue
            if not isinstance(event.observation, LateSample):
                last_s = event.observation.t_s
            yield event.observation

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _messages(self) -> Generator[bytes, None, None]:
        """The encoded events in the order of the file."""
        channels: set[int] = set()
        with open_reading(self._path) as file:
            reader = StreamReader(file, validate_crcs=True, record_size_limit=_RECORD_LIMIT_BYTES)
            for record in reader.records:
                if isinstance(record, Channel):
                    if record.topic == TOPIC and record.message_encoding == MESSAGE_ENCODING:
                        channels.add(record.id)
                elif isinstance(record, Message) and record.channel_id in channels:
                    yield record.data


def _stated(stream: Stream, options: OpenOptions) -> Stream:
    """The stream as recorded, except for what a person states now."""
    if not isinstance(stream, CameraStream):
        return stream
    return msgspec.structs.replace(
        stream,
        view=options.view or stream.view,
        mirrored=stream.mirrored if options.mirrored is None else options.mirrored,
        posture=options.posture or stream.posture,
    )


def _is_whole(observation: Replayed) -> bool:
    if not math.isfinite(observation.t_s):
        return False
    if isinstance(observation, AuditFrame):
        observation = observation.frame
    if not isinstance(observation, LandmarkFrame):
        return True
    shapes = {name: getattr(observation, name).shape for name in _LANDMARK_SHAPES}
    world = observation.world_m
    return shapes == _LANDMARK_SHAPES and (world is None or world.shape == (33, 3))


def _begins_as_mcap(path: Path) -> bool:
    try:
        with open_reading(path) as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def _ends_as_mcap(path: Path) -> bool:
    try:
        with open_reading(path) as file:
            file.seek(-len(_MAGIC), 2)
            return file.tell() > len(_MAGIC) and file.read() == _MAGIC
    except OSError:
        return False


def _unusable(path: Path, found: str, remedy: str) -> InputError:
    return InputError(
        f"sealed session {path.name}",
        value=found,
        allowed=DRIVER.manifest.reads,
        remedy=remedy,
    )
