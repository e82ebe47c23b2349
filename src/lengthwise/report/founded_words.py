"""How well something is founded, in words: an expert's choice says so wherever it shows."""

from collections.abc import Iterable, Sequence

from lengthwise.reference.evidence import EvidenceEntry, EvidenceStatus, evidence

_LEAST_SURE = (
    EvidenceStatus.EXPERT_DEFAULT,
    EvidenceStatus.UNVERIFIED,
    EvidenceStatus.VERIFIED,
)


def founded_words(found: EvidenceEntry) -> str:
    """Of one claim; of an expert's choice that alone, however sure what stands beside it is."""
    sure = f"certainty: {found.certainty.value}"
    if found.status is EvidenceStatus.VERIFIED:
        return sure
    unread = found.status is EvidenceStatus.UNVERIFIED
    return f"not verified, {sure}" if unread else found.status.value


def by_words(rule_ids: Sequence[str], evidence_ids: Iterable[str]) -> str:
    """By which rules, and the least sure of what they lean on: "rules D, B, expert default"."""
    known = evidence()
    graded = {known[i].status for i in evidence_ids if i in known}
    grade = next((f", {status.value}" for status in _LEAST_SURE if status in graded), "")
    return f"rule{'s' if len(rule_ids) > 1 else ''} {', '.join(rule_ids)}{grade}"
