"""What is learnt of each exercise of a profile, as it is listed: values, and the same in words."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.session import SessionTotals
from lengthwise.live.learning import due_words, learning_of, made_words, share_words
from lengthwise.plan.learning import CheckKind, CheckMade, CheckResult, Doubt, Why


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
