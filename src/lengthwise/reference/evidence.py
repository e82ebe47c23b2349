"""What the product leans on: every claim with its source and how sure that source is."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class EvidenceStatus(StrEnum):
    """`verified`: the source was read and says so; `unverified`: to be checked before it decides
    anything; `expert default`: there is no source, and it can be edited."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    EXPERT_DEFAULT = "expert default"


class EvidenceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`doi` empty where none is known."""

    claim: str
    source: str
    status: EvidenceStatus
    doi: str = ""
    note: str = ""


@cache
def evidence() -> dict[str, EvidenceEntry]:
    """All entries by id; treat as read-only."""
    raw = (files("lengthwise.reference") / "evidence.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, EvidenceEntry])
