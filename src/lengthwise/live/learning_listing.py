"""What is learnt of each exercise of a profile, as it is listed: values, and the same in words."""

from collections.abc import Sequence
from datetime import datetime
from math import degrees, hypot, sqrt

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.repositioning import Repositioning
from lengthwise.contracts.session import SessionTotals
from lengthwise.live.learning import due_words, learning_of, made_words, share_words
from lengthwise.plan.learning import CheckKind, CheckMade, CheckResult, Doubt, Why
from lengthwise.report.repositioned import error_words, repositioned_words


class ListedCheck(Struct, frozen=True):
    """A retention check that was made; see `plan.learning.CheckMade`."""

    date: str
    kind: CheckKind | None
    after_days: int | None
    result: CheckResult
    doubt: Doubt | None
    uncued_between: int
    learnt: tuple[tuple[Side | None, Coordinate], ...]
    not_yet: tuple[tuple[Side | None, Coordinate], ...]
    not_told: tuple[tuple[Side | None, Coordinate], ...]


class ListedDue(Struct, frozen=True):
    kind: CheckKind
    date: str
    from_date: str
    until_date: str


class ListedLearning(Struct, frozen=True):
    """One exercise. `cue_share` of the next session and `why`; `words`: all of it, a line each."""

    exercise_id: str
    cue_share: float
    why: Why
    checks: tuple[ListedCheck, ...]
    due: ListedDue | None
    words: tuple[str, ...]


class ListedPlace(Struct, frozen=True):
    """Every time that one place of an exercise was looked for. `changed`: whether the constant
    error of the last differs from that of the first by more than both can tell; None: there is one.
    """

    exercise_id: str
    coordinate: Coordinate
    side: Side | None
    found: tuple[tuple[str, Repositioning], ...]
    changed: bool | None
    words: tuple[str, ...]


def listed_learning(sessions: Sequence[SessionTotals], at_utc: str) -> tuple[ListedLearning, ...]:
    """Of each exercise of which a constraint was ever counted."""
    counted = {s.exercise_id for s in sessions if s.practice and s.practice.constraints}
    return tuple(
        _listed(exercise_id, sessions, at_utc)
        for exercise_id in sorted(e for e in counted if e is not None)
    )


def _listed(exercise_id: str, sessions: Sequence[SessionTotals], at_utc: str) -> ListedLearning:
    found = learning_of(sessions, exercise_id, at_utc)
    due = found.due
    lines = [f"next time {share_words(found)}", *map(made_words, found.checks)]
    if due is not None:
        lines.append(due_words(due))
    return ListedLearning(
        exercise_id,
        found.cue_share,
        found.why,
        tuple(_check(c) for c in found.checks),
        None
        if due is None
        else ListedDue(due.kind, *(_date(d) for d in (due.day, due.from_day, due.until_day))),
        tuple(lines),
    )


def _check(c: CheckMade) -> ListedCheck:
    return ListedCheck(
        _date(c.day), c.kind, c.after_days, c.result, c.doubt, c.uncued, c.learnt, c.not_yet,
        c.not_told,
    )  # fmt: skip


def _date(day: int) -> str:
    return datetime.fromordinal(day).date().isoformat()


def listed_places(sessions: Sequence[SessionTotals], at_utc: str) -> tuple[ListedPlace, ...]:
    """Of each angle that was looked for in an exercise, up to a time."""
    places: dict[tuple[str, Coordinate, Side | None], list[tuple[str, Repositioning]]] = {}
    for s in sessions:
        r = s.repositioning
        if r is not None and s.exercise_id is not None and s.started_utc[:10] <= at_utc[:10]:
            key = (s.exercise_id, r.coordinate, r.side)
            places.setdefault(key, []).append((s.started_utc[:10], r))
    return tuple(_place(*key, tuple(found)) for key, found in places.items())


def _place(
    exercise_id: str,
    coordinate: Coordinate,
    side: Side | None,
    found: tuple[tuple[str, Repositioning], ...],
) -> ListedPlace:
    told = [r.errors for _, r in found if r.errors is not None]
    changed = None
    lines = [f"{date}: {_place_words(r)}" for date, r in found]
    if len(told) > 1:
        first, last = told[0], told[-1]
        change_rad = last.constant.mean - first.constant.mean
        least_rad = hypot(first.detectable_rad, last.detectable_rad) / sqrt(2.0)
        changed = abs(change_rad) > least_rad
        lines.append(
            f"since the first: {degrees(change_rad):+.1f}°, "
            + ("more" if changed else "no more")
            + f" than the {degrees(least_rad):.1f}° that such a test can tell"
        )
    return ListedPlace(exercise_id, coordinate, side, found, changed, tuple(lines))


def _place_words(r: Repositioning) -> str:
    if r.errors is None:
        return " ".join(repositioned_words(r))
    return error_words(r.coordinate, r.errors)
