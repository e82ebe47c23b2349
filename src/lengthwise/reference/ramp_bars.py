"""Why no ramp to tolerance is led, and what would change it, in plain words."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class BarWords(Struct, frozen=True, forbid_unknown_fields=True):
    why: str
    change: str


@cache
def bar_words() -> dict[str, BarWords]:
    """By the name of `plan.ramp_permission.RampBar`; treat as read-only."""
    raw = (files("lengthwise.reference") / "ramp_bars.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, BarWords])
