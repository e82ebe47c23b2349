"""The windows of a person as they are listed: values, and the same in plain words."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import Person
from lengthwise.live.todays_windows import LACKS, windows_at
from lengthwise.plan.windows import Lack, PersonalWindow, SettledMark
from lengthwise.report.words import muscle_name


class ListedMark(Struct, frozen=True):
    """What one kind of mark comes to: `marks` of all days, `days` that stand behind it."""

    length_m: float
    sd_m: float
    age_days: float
    marks: int
    days: int


class ListedWindow(Struct, frozen=True):
    """One muscle. `valid`: there is a window; else `lacks` says why not. `expires_utc`: when it is
    over, or was; None where a mark is missing. `several_setups`: marks of different sensors."""

    group: MuscleGroup
    side: Side
    valid: bool
    lacks: tuple[Lack, ...]
    first_resistance: ListedMark | None
    tolerance: ListedMark | None
    expires_utc: str | None
    several_setups: bool


def listed_windows(person: Person, at_utc: str) -> tuple[ListedWindow, ...]:
    """Of each muscle that was ever marked, as with the sensors of its latest mark."""
    found = []
    for muscle in GROUP_SIDES:
        marks = [m for m in person.marks if (m.group, m.side) == muscle]
        if not marks:
            continue
        setup = max(marks, key=lambda m: _utc(m.measured_utc)).setup
        windows = windows_at(person, at_utc, setup=setup)
        found += [_listed(w, at_utc) for w in windows if (w.group, w.side) == muscle]
    return tuple(found)


def window_cells(window: ListedWindow) -> tuple[str, str, str, str]:
    """Muscle, first gentle pull, tolerance, and the window, in plain words."""
    muscle = muscle_name(window.group, window.side)
    return (
        muscle + (" (of several sensors)" if window.several_setups else ""),
        _mark_words(window.first_resistance, never=Lack.NO_FIRST_RESISTANCE in window.lacks),
        _mark_words(window.tolerance, never=Lack.NO_TOLERANCE in window.lacks),
        _window_words(window),
    )


def _mark_words(mark: ListedMark | None, *, never: bool) -> str:
    if mark is None:
        return "not marked" if never else "none that counts"
    age = "today" if mark.age_days < 1.0 else _count(int(mark.age_days), "day") + " ago"
    return (
        f"{1e3 * mark.length_m:.0f} mm, sd {1e3 * mark.sd_m:.0f} mm; {age}; "
        f"{_count(mark.marks, 'mark')}, {_count(mark.days, 'day')} counted"
    )


def _window_words(window: ListedWindow) -> str:
    if window.valid and window.expires_utc is not None:
        return f"until {window.expires_utc[:10]}"
    return "none: " + "; ".join(LACKS[lack] for lack in window.lacks)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _listed(window: PersonalWindow, at_utc: str) -> ListedWindow:
    days = window.expires_in_days
    expires = (
        None
        if days is None
        else (_utc(at_utc) + timedelta(days=days)).isoformat(timespec="seconds")
    )
    return ListedWindow(
        window.group,
        window.side,
        window.valid,
        window.lacks,
        _mark(window.first),
        _mark(window.tolerance),
        None if expires is None else expires.replace("+00:00", "Z"),
        window.setup is None,
    )


def _mark(mark: SettledMark | None) -> ListedMark | None:
    if mark is None:
        return None
    return ListedMark(mark.length_m, mark.sd_m, mark.age_days, mark.marks, mark.days)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
