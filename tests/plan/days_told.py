"""Days as a person tells of them, and what a plan decides on each."""

from collections.abc import Iterable

from lengthwise.contracts.progress import DayTold, Decided, SessionTold, Standing
from lengthwise.plan.progression import step


def after(start: Standing, days: Iterable[DayTold]) -> tuple[Standing, list[Decided]]:
    decided = []
    for told in days:
        start, said = step(start, told)
        decided.append(said)
    return start, decided


def good(day: int, *, during: float = 2.0) -> DayTold:
    return DayTold(day, pain=2.0, session=SessionTold(before=2.0, during=during))


def steady(pain: float, days: Iterable[int], *, during: float | None = None) -> list[DayTold]:
    session = SessionTold(before=pain, during=pain if during is None else during)
    return [DayTold(d, pain=pain, session=session) for d in days]
