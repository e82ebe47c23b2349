"""The plain sentence behind each reason id of a decision, and what that reason rests on."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.decision import Earcon


class Grade(StrEnum):
    """How well founded a reason is."""

    EXPERT_DEFAULT = "expert default"
    READING = "reading"
    PERSON = "person"
    ORDER = "order"


class Evidence(Struct, frozen=True, forbid_unknown_fields=True):
    """`about`: which figure of the reason the grade is about, or its citation; may be empty."""

    grade: Grade
    about: str = ""


class Spoken(Struct, frozen=True, forbid_unknown_fields=True):
    """How a reason is said aloud: `short` in a few words; its `sound`, or `silent`.

    `safety`: a stop or the envelope says it. Raises ValueError unless exactly one of sound and
    silent is stated, so that no reason is without a sound by oversight.
    """

    short: str
    sound: Earcon | None = None
    silent: bool = False
    safety: bool = False

    def __post_init__(self) -> None:
        if self.silent is (self.sound is not None):
            raise ValueError(f"{self.short!r} states a sound or silent = true, and one of them")


class Reasons(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of `reasons.toml`: `evidence` by reason id or by the id's part before the dot."""

    grade: dict[Grade, str]
    evidence: dict[str, Evidence]
    spoken: dict[str, Spoken]
    sentence: dict[str, str]


@cache
def reasons() -> Reasons:
    """Everything that is said about reasons; treat as read-only."""
    raw = (files("lengthwise.reference") / "reasons.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Reasons)


def reason_sentences() -> dict[str, str]:
    """Every listed reason id with its sentence; treat as read-only."""
    return reasons().sentence


def reason_sentence(reason_id: str) -> str:
    """The sentence of one reason. Raises KeyError for an id that is not listed."""
    return reasons().sentence[reason_id]


def reason_evidence(reason_id: str) -> Evidence | None:
    """What a reason rests on; None for a reason of another version that is not listed."""
    listed = reasons().evidence
    return listed.get(reason_id) or listed.get(reason_id.partition(".")[0])
