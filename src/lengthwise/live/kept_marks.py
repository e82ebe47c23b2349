"""Which of a person's marks a session uses, and saying which it does not use any more."""

from collections.abc import Collection

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import FractionMark, Mark, MarkKind, Person
from lengthwise.live.kept_findings import valid
from lengthwise.report.words import muscle_name

_REMEDY = "mark it again with the next gentle pull"


def kept_marks(person: Person, at_utc: str) -> tuple[Mark, ...]:
    """Marks that have not expired at a time, and whose lengths are today's anatomical model's."""
    return tuple(m for m in person.marks if m.holds and valid(m.expires_utc, at_utc))


def mark_notes(person: Person, at_utc: str) -> tuple[str, ...]:
    """What of the person's marks is not used, with the reason, a sentence each."""
    taken = {(m.group, m.side, m.kind) for m in kept_marks(person, at_utc)}
    expired = [m for m in person.marks if m.holds and not valid(m.expires_utc, at_utc)]
    notes = []
    if gone := [m for m in expired if (m.group, m.side, m.kind) not in taken]:
        notes.append(f"no longer used, since it has expired: {_named(gone)}; {_REMEDY}")
    if old := [m for m in person.fraction_marks if (m.group, m.side, m.kind) not in taken]:
        notes.append(
            "no longer used, since an earlier version kept it as a share of a range and not as a "
            f"length: {_named(old)}; {_REMEDY}"
        )
    return (*notes, *edition_notes(person, but=taken))


def edition_notes(
    person: Person, *, but: Collection[tuple[MuscleGroup, Side, MarkKind]] = ()
) -> tuple[str, ...]:
    """One sentence of the marks whose lengths belong to another edition of the anatomical model,
    `but` those that were marked again; nothing where there is none."""
    again = {(m.group, m.side, m.kind) for m in person.marks if m.holds} | set(but)
    gone = [m for m in person.marks if not m.holds and (m.group, m.side, m.kind) not in again]
    if not gone:
        return ()
    return (
        "not used, since the path of the muscle in the anatomical model has changed since: "
        f"{_named(gone)}; {_REMEDY}",
    )


def _named(marks: list[Mark] | list[FractionMark]) -> str:
    return "; ".join(
        f"{m.kind.value.replace('_', ' ')} of {muscle_name(m.group, m.side)} "
        f"({m.measured_utc[:10]})"
        for m in marks
    )
