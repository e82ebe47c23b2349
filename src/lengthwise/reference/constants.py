"""Constants of physiology, sensing and safety: value, unit, range, source and note, as data.

Files `constants_data/<area>.toml` hold tables `[name]` with `value`, `unit`, `low`, `high`,
`source`, `status` and `note`. `status` is `published`, `measured` or `expert default`.
"""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Status(StrEnum):
    PUBLISHED = "published"
    MEASURED = "measured"
    EXPERT_DEFAULT = "expert default"


class Constant(Struct, frozen=True, forbid_unknown_fields=True):
    """`evidence`: ids of entries that it rests on (`reference/evidence.toml`)."""

    value: float
    unit: str
    low: float
    high: float
    source: str
    status: Status
    note: str = ""
    evidence: tuple[str, ...] = ()


@cache
def constants(area: str) -> dict[str, Constant]:
    """All constants of one area (`body`, `tissue`, `coach`, `sim`, ...)."""
    raw = (files("lengthwise.reference") / "constants_data" / f"{area}.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Constant])


def constant(area: str, name: str) -> float:
    """The value of one constant, in the unit its name ends with."""
    return constants(area)[name].value
