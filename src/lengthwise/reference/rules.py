"""Rules of safety that an exercise can name: who should not do it, when, and what that rests on.

An exercise file lists the ids; whoever plans asks here what they mean. Which rules a file must
carry is told from its angles in `exercise_check`.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.reference.evidence import EvidenceStatus


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """`sentence`: plain, second person, says when the exercise is left out. `source`: where it is
    from; `status`: how sure that is."""

    sentence: str
    source: str
    status: EvidenceStatus


@cache
def rules() -> dict[str, Rule]:
    """All rules by id; treat as read-only."""
    raw = (files("lengthwise.reference") / "rules.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Rule])
