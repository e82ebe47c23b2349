"""What a person's marks come to on the day of a session, asked of the plan, and saying so."""

from datetime import UTC, datetime

from msgspec.structs import replace

from lengthwise.contracts.person import Mark, Person
from lengthwise.live.kept_findings import valid
from lengthwise.live.kept_marks import edition_notes
from lengthwise.plan.windows import Lack, PersonalWindow, Taken, windows_of_today
from lengthwise.report.words import muscle_name

_DAY_S = 24 * 3600.0
LACKS = {
    Lack.NO_FIRST_RESISTANCE: "no first gentle pull was marked",
    Lack.NO_TOLERANCE: "no tolerance was marked",
    Lack.FIRST_RESISTANCE_EXPIRED: "the first gentle pull was marked too long ago",
    Lack.TOLERANCE_EXPIRED: "tolerance was marked too long ago",
    Lack.FIRST_RESISTANCE_UNDER_RELIEF: "the first gentle pull was marked only with pain relief",
    Lack.TOLERANCE_UNDER_RELIEF: "tolerance was marked only with pain relief",
    Lack.NOT_IN_ORDER: "tolerance was marked no further than the first gentle pull",
}
"""Why there is no window, as told to a person."""


def windows_at(person: Person, at_utc: str, *, setup: str | None) -> tuple[PersonalWindow, ...]:
    """The windows of a person at a time; marks taken later do not count yet, and those whose
    lengths are of another edition of the anatomical model not at all."""
    taken = (_taken(m, at_utc) for m in person.marks if m.holds)
    return windows_of_today(taken, person.windows, setup=setup)


def person_at(person: Person, at_utc: str, *, setup: str | None) -> Person:
    """The person as a session takes them: instead of all marks ever taken what they come to."""
    found = windows_at(person, at_utc, setup=setup)
    return replace(person, marks=tuple(m for window in found for m in window.marks()))


def window_notes(person: Person, at_utc: str, *, setup: str | None) -> tuple[str, ...]:
    """Of each muscle that was marked and has no window now, why; a sentence for each reason.
    And which marks are not used at all."""
    by_lack: dict[Lack, list[str]] = {}
    for window in windows_at(person, at_utc, setup=setup):
        for lack in window.lacks:
            by_lack.setdefault(lack, []).append(muscle_name(window.group, window.side))
    notes = [
        f"no window of {'; '.join(muscles)}: {LACKS[lack]}" for lack, muscles in by_lack.items()
    ]
    later = sum(_taken(m, at_utc).age_days < 0.0 for m in person.marks)
    if later:
        notes.append(f"{later} marks are not used: they were taken after this session")
    return (*notes, *edition_notes(person))


def _taken(mark: Mark, at_utc: str) -> Taken:
    when = _utc(mark.measured_utc)
    return Taken(
        mark,
        day=when.toordinal(),
        age_days=(_utc(at_utc) - when).total_seconds() / _DAY_S,
        expired=not valid(mark.expires_utc, at_utc),
    )


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
