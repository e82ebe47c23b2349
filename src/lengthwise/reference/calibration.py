"""The words of a calibration, as data."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """By id: what to do now, what was looked for, what it came to, and what to do about that."""

    ask: dict[str, str]
    looked_for: dict[str, str]
    outcome: dict[str, str]
    remedy: dict[str, str]


@cache
def calibration_words() -> Words:
    """Treat as read-only."""
    raw = (files("lengthwise.reference") / "calibration.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Words)
