"""Ladders of feared movements to begin from; the person makes them their own."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.ladder import Rung


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """`rungs` from the step that usually worries least."""

    id: str
    name: str
    rungs: tuple[Rung, ...]


class Ladders(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    ladder: tuple[Ladder, ...]


@cache
def ladders() -> Ladders:
    """The packaged ones; treat as read-only."""
    raw = (files("lengthwise.reference") / "ladders.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Ladders)
