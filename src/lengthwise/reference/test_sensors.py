"""With which sensors a guided test has a result, as data."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files

import msgspec

CAMERA = "camera"


@cache
def enough_for() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Sets of sensors that are enough, by test id, the easiest first; treat as read-only."""
    raw = (files("lengthwise.reference") / "test_sensors.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, tuple[tuple[str, ...], ...]])


def nearest_set(test_id: str, at_hand: Collection[str]) -> tuple[str, ...] | None:
    """The set of which the least is missing, of equals the first; None: no sensor shows it."""
    sets = enough_for().get(test_id, ())
    return min(sets, key=lambda s: len(set(s) - set(at_hand)), default=None)
