"""The safety questions as data: what is asked, what an answer means, what is said then."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.screening import YesNo


class Level(StrEnum):
    """What an answer other than the good one means, the gravest first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    REFER = "refer"
    MODIFY = "modify"


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """`good`: the answer that raises nothing. `weekly`: asked anew each week and in a flare.
    `rules`: ids of `rules.toml` whose exercises are left out after the other answer."""

    id: str
    level: Level
    text: str
    weekly: bool
    good: YesNo = YesNo.NO
    rules: tuple[str, ...] = ()


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is told: to do `now`, and `next`."""

    now: str
    next: str


class Valid(Struct, frozen=True, forbid_unknown_fields=True):
    days: float
    note: str


class Screening(Struct, frozen=True, forbid_unknown_fields=True):
    """`told` by level, and `unanswered`. `version` changes with every question."""

    version: int
    valid: Valid
    told: dict[str, Told]
    question: tuple[Question, ...]


@cache
def screening() -> Screening:
    """The questions in the order in which they are asked."""
    raw = (files("lengthwise.reference") / "screening.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Screening)
