"""A decision of the plan in words: the part that all of them have."""

from msgspec import Struct


class DecisionSaid(Struct, frozen=True):
    """With its reasons in sentences, and what would change it."""

    action: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]
