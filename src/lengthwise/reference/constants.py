"""Constants of physiology, sensing and safety: value, unit, range, source and note, as data.

Files `constants_data/<area>.toml` hold tables `[name]` with `value`, `unit`, `low`, `high`,
`source`, `status` and `note`. `status` is `published`, `measured` or `expert default`. Those of the
plan hold as a clinician has changed them (`edits`).
"""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.reference.edits import AREAS, in_force_here, usable


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
    """All constants of one area (`body`, `tissue`, `coach`, `sim`, ...) as they ship."""
    raw = (files("lengthwise.reference") / "constants_data" / f"{area}.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Constant])


def constant(area: str, name: str) -> float:
    """The value of one constant that holds here, in the unit its name ends with. Raises InputError
    where a change of it is not allowed or cannot be read."""
    c = constants(area)[name]
    edit = in_force_here().get(f"{area}.{name}") if area in AREAS else None
    return c.value if edit is None else usable(edit, default=c.value, low=c.low, high=c.high)
