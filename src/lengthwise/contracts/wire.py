"""What goes between a page or a phone and a session, as msgpack. The page's own copy of these names
is `ui/src/wire.ts`, and a test holds both side by side.

Times of a device are seconds of its own clock; every other time is the session's. Arrays go as
bytes, little-endian. A message that does not fit its type, or has more than it should, is refused
and counted; nothing in it is guessed.
"""

from math import isfinite
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.contracts.decision import Decision, Guidance
from lengthwise.contracts.observation import (
    LANDMARKS,
    ImuSample,
    LandmarkFrame,
    Segment,
    SignalKind,
)

WIRE_VERSION = 1
MOST_BYTES = 4096
"""Of one message to the session: a frame of landmarks is about 1 kB, a bundle of motion 2 kB."""
LANDMARK_COLUMNS = 7
MOTION_COLUMNS = 7
MOST_SAMPLES = 60
MOST_LATE_S = 32.0
"""A reading that came later than this after its capture is of no use to anything. A phone keeps
30 s of them while it is not heard (`KEPT_S` of its page), and takes a moment to bring them."""
_MOST_PX = 1.0e5
_MOST_M = 100.0
_MOST_ACC_M_S2 = 400.0
_MOST_GYR_RAD_S = 70.0


class Hello(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hello"):
    """First of all. `key`: what the session was opened with; it stands in no address."""

    version: Literal[1]
    key: str


class Landmarks(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="landmarks"):
    """One image. `seq` grows by one or more; `values` (33, 7) float32: x and y in pixels, image
    depth in pixels, visibility, world x, y, z in metres; a landmark that is not there is NaN."""

    seq: int
    t_s: float
    people: int
    values: bytes


class Motion(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="motion"):
    """A bundle of a worn phone. `values` (n, 7) float64: time, specific force (m/s2), turn
    (rad/s), in the phone's axes."""

    seq: int
    values: bytes


class Word(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="word"):
    """What the person says by key, button or clicker; `value` 0 to 10 where one belongs to it, 1
    with a stop of who is asked how they are and is not well."""

    seq: int
    kind: SignalKind
    value: float | None = None


class Clock(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="clock"):
    """Asks for the session's time, and says when the answer before came: `last` (sent, answered,
    back), None at first."""

    sent_s: float
    last: tuple[float, float, float] | None = None


class Credit(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="credit"):
    """So many views more are welcome."""

    views: int


ToSession = Hello | Landmarks | Motion | Word | Clock | Credit


class Welcome(Struct, frozen=True, tag_field="type", tag="welcome"):
    """`resumed`: the session had begun before, so the person is asked how they are, and goes on by
    their own word. `waits_s`: so long it waits for a page that is gone."""

    version: int
    session_id: str
    resumed: bool
    waits_s: float


class ClockAnswer(Struct, frozen=True, tag_field="type", tag="clock_answer"):
    sent_s: float
    answered_s: float


class RampView(Struct, frozen=True):
    """Where a ramp to tolerance stands. `part`: `warming` before anything is begun, `ready`,
    `pulling` to the first gentle pull, `stepping` (one step is offered) and `waiting` (stay) after
    it, `back`, `resting` between both, `over`: nothing of it follows. `number` of the `of` that are
    led. `warm_s` of `warm_needed_s` that were seen moving, `rest_s` left of the rest; None: not
    now."""

    part: str
    number: int
    of: int
    warm_s: float | None = None
    warm_needed_s: float | None = None
    rest_s: float | None = None


class Shown(Struct, frozen=True, tag_field="type", tag="view"):
    """One instant for a screen. `angles` float32 (21, 2) mean and sd in radians; `unseen` why each
    is not claimed, or `claimed`; `muscles` float32 (32, 2) range fraction and sd, NaN where it may
    not be shown. `turned_away`: how many readings were, by reason, since the session began.
    `ramp`: while one is led; None: none is, also in what follows it and as it is seen again."""

    seq: int
    t_s: float
    guidance: Guidance | None
    angles: bytes
    unseen: tuple[str, ...]
    muscles: bytes
    turned_away: dict[str, int]
    ramp: RampView | None = None


class Windows(Struct, frozen=True, tag_field="type", tag="windows"):
    """The person's own windows, at the beginning and whenever they change. `edges` float32 (32, 5)
    in range fractions: first resistance, lower and upper edge of the window, ceiling, tolerance.
    NaN: not known; no window of a population ever stands in its place."""

    edges: bytes


class Band(Struct, frozen=True, tag_field="type", tag="band"):
    """A band that this session may drive. `force_n` that it measures, None: it says nothing;
    `cap_n` it is never commanded above; `grip` held closed, None: not known; `slack`: it says that
    its motor pulls with nothing. `lead`: `window`, or `force` where the position is not known.
    `why_not`: id of `contracts.band.Withheld`, None while it pulls; `bars` of rule D by their ids.
    """

    t_s: float
    pulls: bool
    force_n: float | None
    cap_n: float
    grip: bool | None
    slack: bool
    lead: str | None
    why_not: str | None
    bars: tuple[str, ...]


class Told(Struct, frozen=True, tag_field="type", tag="told"):
    """A decision, none is left out; `seq` counts them."""

    seq: int
    decision: Decision


class Refused(Struct, frozen=True, tag_field="type", tag="refused"):
    """A message was not taken: `what` in plain words, `count` so far."""

    what: str
    count: int


class Over(Struct, frozen=True, tag_field="type", tag="over"):
    """The session is over and written down. `why`: one clear line where it could not go on; `code`
    and `values` for a page that words it itself (`contracts.errors`)."""

    session_id: str
    complete: bool
    why: str | None = None
    code: str | None = None
    values: dict[str, str | float] = {}


FromSession = Welcome | ClockAnswer | Shown | Windows | Band | Told | Refused | Over

_decoder: msgspec.msgpack.Decoder[ToSession] = msgspec.msgpack.Decoder(ToSession)
_encoder = msgspec.msgpack.Encoder()


class NotTakenError(ValueError):
    """A message that cannot be used; its text says why without repeating its content."""


def read_message(raw: bytes) -> ToSession:
    """The message of some bytes. Raises NotTakenError."""
    if len(raw) > MOST_BYTES:
        raise NotTakenError(f"{len(raw)} bytes; at most {MOST_BYTES}")
    try:
        message: ToSession = _decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise NotTakenError("not a message of this version") from cause
    return message


def written(message: FromSession) -> bytes:
    return _encoder.encode(message)


def landmark_frame(message: Landmarks, t_s: float) -> LandmarkFrame:
    """The frame at a time of the session's clock. Raises NotTakenError on what is no image."""
    values = _table(message.values, "<f4", LANDMARK_COLUMNS, rows=len(LANDMARKS))
    if not 0 <= message.people <= 100:
        raise NotTakenError("no number of people")
    present = np.isfinite(values).all(axis=1)
    kept = np.where(present[:, None], values, 0.0)
    if np.abs(kept[:, :3]).max() > _MOST_PX or np.abs(kept[:, 4:]).max() > _MOST_M:
        raise NotTakenError("a landmark is too far away to be one")
    if kept[:, 3].min() < 0.0 or kept[:, 3].max() > 1.0:
        raise NotTakenError("a visibility is not between 0 and 1")
    for array in (kept, present):
        array.flags.writeable = False
    return LandmarkFrame(
        t_s=t_s,
        xy_px=kept[:, :2],
        image_z_px=kept[:, 2],
        visibility=kept[:, 3],
        present=present,
        world_m=kept[:, 4:],
        person_count=message.people,
    )


def motion_samples(message: Motion, segment: Segment) -> list[ImuSample]:
    """The samples, at the device's own times. Raises NotTakenError on what is no motion."""
    values = _table(message.values, "<f8", MOTION_COLUMNS)
    if not 1 <= len(values) <= MOST_SAMPLES:
        raise NotTakenError(f"{len(values)} samples; 1 to {MOST_SAMPLES} in a bundle")
    if not np.isfinite(values).all():
        raise NotTakenError("a sample that is no number")
    acc, gyr = np.abs(values[:, 1:4]), np.abs(values[:, 4:])
    if acc.max() > _MOST_ACC_M_S2 or gyr.max() > _MOST_GYR_RAD_S:
        raise NotTakenError("a sample that no phone measures")
    rows = values.tolist()
    return [ImuSample(t, segment, (ax, ay, az), (gx, gy, gz)) for t, ax, ay, az, gx, gy, gz in rows]


def word_value(message: Word) -> float | None:
    """Its number. Raises NotTakenError where it is none from 0 to 10."""
    value = message.value
    if value is not None and not (isfinite(value) and 0.0 <= value <= 10.0):
        raise NotTakenError("a number that is not between 0 and 10")
    return value


def _table(raw: bytes, kind: str, columns: int, *, rows: int | None = None) -> np.ndarray:
    size = np.dtype(kind).itemsize * columns
    if len(raw) % size or (rows is not None and len(raw) != rows * size):
        raise NotTakenError(f"{len(raw)} bytes of numbers where {columns} columns are expected")
    return np.frombuffer(raw, dtype=kind).reshape(-1, columns).astype(np.float64)
