"""What the product leans on: every claim with its source and how sure that source is.

Claims that it was founded on and that nobody could find, or that others contradict, stand here
too, so that nothing leans on them unnoticed.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

REVIEW_AFTER = timedelta(days=730)
"""So old an entry is to be looked at again (expert default)."""


class EvidenceStatus(StrEnum):
    """`verified`: the source was read and says so; `unverified`: to be checked before it decides
    anything; `not found`: looked for, and no publication says so; `contradicted`: publications say
    otherwise; `expert default`: there is no source, and it can be edited."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    NOT_FOUND = "not found"
    CONTRADICTED = "contradicted"
    EXPERT_DEFAULT = "expert default"

    @property
    def may_be_leant_on(self) -> bool:
        return self not in (EvidenceStatus.NOT_FOUND, EvidenceStatus.CONTRADICTED)


class Certainty(StrEnum):
    """Our own grading: reviews of many trials that agree; one trial, or reviews of unlike trials;
    other people or tasks than ours, or an abstract alone; no source."""

    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"
    NONE = "none"


class EvidenceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`reviewed`: when source and status were last looked at; `asserted`: a text outside that says
    so. Fields of text are empty where nothing is known."""

    claim: str
    source: str
    status: EvidenceStatus
    certainty: Certainty
    reviewed: date
    doi: str = ""
    population: str = ""
    effect: str = ""
    asserted: str = ""
    note: str = ""

    def due(self, today: date) -> bool:
        """Whether it is to be looked at again."""
        return today - self.reviewed > REVIEW_AFTER


@cache
def evidence() -> dict[str, EvidenceEntry]:
    """All entries by id; treat as read-only."""
    raw = (files("lengthwise.reference") / "evidence.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, EvidenceEntry])
