"""What goes between a worn phone and this machine, as msgpack. The phone's own copy of these names
is `ui/src/phone/wire.ts`, and a test holds both side by side.

A phone brings its clock and motion, and hears whether that came and what to do with the phone.
Nothing about the person goes to it.
"""

from enum import StrEnum

import msgspec
from msgspec import Struct

from lengthwise.contracts.wire import MOST_BYTES, Clock, ClockAnswer, Motion, NotTakenError

MOST_CODE = 100


class PhoneSays(StrEnum):
    """What the phone shows; the words stand with its page."""

    WAIT = "wait"
    WEAR = "wear"
    KEEP_STILL = "keep_still"
    WORN_OTHERWISE = "worn_otherwise"
    WORN_WELL = "worn_well"
    GOING_ON = "going_on"
    BETWEEN = "between"
    OVER = "over"


class NotYetError(NotTakenError):
    """What was kept while the phone was not heard comes once more, when the clocks were compared:
    until then nobody knows whether its clock stood still meanwhile."""

    def __init__(self) -> None:
        super().__init__("readings that were kept, before the clocks were compared again")


class Pair(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="pair"):
    """`code` of the QR code, good once."""

    code: str


class Paired(Struct, frozen=True, tag_field="type", tag="paired"):
    """`token`: what every bundle shows from now on."""

    token: str


class Heard(Struct, frozen=True, tag_field="type", tag="heard"):
    """The answer to a bundle. `received` samples so far, `refused` bundles; `rate_hz` of samples
    lately, None at first; `place` where to wear it, by id, None while nothing was chosen."""

    clock: ClockAnswer | None
    received: int
    refused: int
    rate_hz: float | None
    says: PhoneSays
    place: str | None


class Bundle(Struct, frozen=True):
    clock: Clock | None
    motion: Motion | None


_pair: msgspec.msgpack.Decoder[Pair] = msgspec.msgpack.Decoder(Pair)
_bundle: msgspec.msgpack.Decoder[tuple[Clock | Motion, ...]] = msgspec.msgpack.Decoder(
    tuple[Clock | Motion, ...]
)
_encoder = msgspec.msgpack.Encoder()


def read_pair(raw: bytes) -> Pair:
    """Raises NotTakenError."""
    try:
        pair = _pair.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise NotTakenError("no code") from cause
    if len(pair.code) > MOST_CODE:
        raise NotTakenError("no code")
    return pair


def read_bundle(raw: bytes) -> Bundle:
    """At most one clock and one motion. Raises NotTakenError."""
    if len(raw) > MOST_BYTES:
        raise NotTakenError(f"{len(raw)} bytes; at most {MOST_BYTES}")
    try:
        parts = _bundle.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise NotTakenError("not a bundle of this version") from cause
    clocks = [p for p in parts if isinstance(p, Clock)]
    motions = [p for p in parts if isinstance(p, Motion)]
    if len(clocks) > 1 or len(motions) > 1 or not parts:
        raise NotTakenError("not one clock and one motion")
    return Bundle(clocks[0] if clocks else None, motions[0] if motions else None)


def phone_written(message: Paired | Heard) -> bytes:
    return _encoder.encode(message)
