"""What a kept plan adapts to beside pain and days: rules L and A, and ten minutes in seven days.

Replayed from what is kept, like the days themselves, and kept nowhere. The page asks neither for
stress nor for sleep, so rule C moves nothing here: what is not told never does. Expected pain is
that of the person's own ladder (`live/plan_book`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.adaptation import (
    Adapt,
    Adaptation,
    AdaptDay,
    Adaptive,
    Expected,
    Muscle,
)
from lengthwise.contracts.own_plan import Begun, DayDecided, WeekMade
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.progress import Standing
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.week import PlannedItem, Purpose, WeekAsked
from lengthwise.live.plan_book import book_of
from lengthwise.plan.adapting import adapt, asked_of
from lengthwise.plan.allocation import DAYS, purpose_of
from lengthwise.plan.today import lengthens_s, of_today
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercises
from lengthwise.report import adaptation_words, plan_words

_SAID_DAYS = 7
"""For so long a look back stands beside the day."""

Given = Mapping[int, Mapping[Muscle, float]]


class LookedBack(Struct, frozen=True):
    """What six or twelve weeks came to (rule L), in sentences."""

    action: Adapt
    reason: str
    would_change: str
    rules: tuple[str, ...]
    evidence: tuple[str, ...]


class Kept(Struct, frozen=True):
    """Of a plan: how it began, what was decided of each day, the week that was made last, and
    all `weeks`."""

    begun: Begun | None
    days: Mapping[int, DayDecided]
    week: WeekMade | None
    today: int
    weeks: tuple[WeekMade, ...] = ()


def adapted(store: ProfileStore, kept: Kept, standing: Standing, asked: WeekAsked) -> WeekAsked:
    """The question for a week, with what six weeks have been for standing back."""
    state, _ = replayed(kept, given_s(store.sessions(), kept.weeks), book_of(store))
    return asked_of(asked, replace(state, standing=standing)) if kept.begun else asked


def looked_back(store: ProfileStore, kept: Kept) -> LookedBack | None:
    """The last look back, for the days after it."""
    _, said = replayed(kept, given_s(store.sessions(), kept.weeks), book_of(store))
    reviews = [a for a in said if a.rule_ids == ("L",) and a.day > kept.today - _SAID_DAYS]
    if not reviews:
        return None
    last = reviews[-1]
    return LookedBack(
        action=last.action,
        reason=adaptation_words.reason(last),
        would_change=adaptation_words.would_change(last),
        rules=tuple(plan_words.rule_words(r) for r in last.rule_ids),
        evidence=tuple(plan_words.evidence_words(i) for i in last.evidence_ids),
    )


def items_today(store: ProfileStore, kept: Kept, standing: Standing) -> tuple[PlannedItem, ...]:
    """What of the week is for today: no muscle gets more than ten minutes in seven days, whatever
    week was made anew between them, and what is expected to hurt begins small. What a held plan
    leaves out stays in, to be shown with its reason."""
    if kept.week is None or not kept.week.day <= kept.today < kept.week.day + DAYS:
        return ()
    given = given_s(store.sessions(), kept.weeks)
    state, _ = replayed(kept, given, book_of(store))
    sums: dict[Muscle, float] = defaultdict(float)
    for day in range(kept.today - DAYS + 1, kept.today):
        for muscle, seconds in given.get(day, {}).items():
            sums[muscle] += seconds
    number = kept.today - kept.week.day + 1
    thirds = {step.exercise_id: step.thirds for step in state.steps}
    return of_today(
        kept.week.week, number, replace(standing, held=False), sums, exercises(), thirds
    )


def rounds_today(
    store: ProfileStore, kept: Kept, standing: Standing, exercise_id: str
) -> int | None:
    """How often an exercise is done today on each side; None: it is not in the plan of today."""
    rounds = [
        item.rounds
        for item in items_today(store, kept, standing)
        if item.exercise_id == exercise_id
    ]
    return min(rounds, default=None)


def replayed(kept: Kept, given: Given, book: PlanBook) -> tuple[Adaptive, tuple[Adaptation, ...]]:
    """Every kept day once more, from where the person stood before it."""
    begun = kept.begun
    if begun is None:
        return Adaptive(Standing(0)), ()
    state = Adaptive(Standing(begun.level, since_day=begun.day), start_day=begun.day)
    expected = _expected(book)
    said: list[Adaptation] = []
    for day, decided in sorted(kept.days.items()):
        told = AdaptDay(
            decided.told,
            expected=expected.get(day, ()),
            stretched=tuple(sorted(given.get(day, ()))),
        )
        state, found = adapt(replace(state, standing=decided.before), told)
        state = replace(state, standing=decided.after)
        said += found.adapted
    return state, tuple(said)


def _expected(book: PlanBook) -> dict[int, tuple[Expected, ...]]:
    """Expected and actual pain of each step of the ladder that is done as an exercise, by day."""
    as_exercise = {rung.id: rung.exercise_id for rung in book.rungs}
    found: dict[int, list[Expected]] = defaultdict(list)
    for tried in book.tries:
        exercise_id = as_exercise.get(tried.rung)
        if exercise_id is not None and tried.expected is not None:
            each = Expected(exercise_id, tried.expected, tried.actual)
            found[tried.on.toordinal()].append(each)
    return {day: tuple(each) for day, each in found.items()}


def given_s(
    sessions: Iterable[SessionTotals], weeks: Iterable[WeekMade]
) -> dict[int, dict[Muscle, float]]:
    """Seconds for which each muscle was lengthened, by day: the whole dose of every stretch that
    was begun, on every side that it has, since it is not known to be less. `weeks`: all that were
    made; those of a day may have planned more rounds than an exercise has of its own."""
    rounds: dict[tuple[int, str], int] = defaultdict(int)
    for made in weeks:
        for item in (i for day in made.week.days for i in day.items):
            for day in range(made.day, made.day + DAYS):
                rounds[day, item.exercise_id] = max(rounds[day, item.exercise_id], item.rounds)
    found: dict[int, dict[Muscle, float]] = defaultdict(lambda: defaultdict(float))
    for totals in sessions:
        e = None if totals.exercise_id is None else exercises().get(totals.exercise_id)
        if e is None or purpose_of(e) is not Purpose.LENGTH:
            continue
        day = datetime.fromisoformat(totals.started_utc).astimezone().date().toordinal()
        sides = (e.written_for, e.written_for.other) if e.bilateral else ()
        most = max(e.dose.rounds, rounds[day, e.id])
        item = PlannedItem(e.id, sides, Purpose.LENGTH, most, e.dose.hold_s, 0.0)
        for muscle, seconds in lengthens_s(item, exercises()).items():
            found[day][muscle] += seconds
    return found
