"""Reading numbers out of bytes of an untrusted length: no number is taken that is not there."""

from math import isfinite
from struct import Struct
from typing import Any

from lengthwise.devices.readings import UndecodableError


def unpacked(layout: Struct, raw: bytes, *, at: int = 0) -> tuple[Any, ...]:
    """The numbers of a layout from byte `at`. Raises UndecodableError where bytes are missing."""
    if at < 0 or len(raw) - at < layout.size:
        raise UndecodableError(f"{len(raw) - at} bytes where {layout.size} are needed")
    return layout.unpack_from(raw, at)


def finite(*values: float) -> tuple[float, ...]:
    """The same values. Raises UndecodableError where one is no number."""
    if not all(map(isfinite, values)):
        raise UndecodableError("a value that is no number")
    return values


def within(value: float, low: float, high: float, *, what: str) -> float:
    """The same value. Raises UndecodableError outside of the range, or where it is no number."""
    if not low <= value <= high:
        raise UndecodableError(f"{what} outside of {low:g} to {high:g}")
    return value
