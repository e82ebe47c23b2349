"""What a kept plan adapts to beside pain and days: rules L, A and C, and ten minutes in seven days.

Replayed from what is kept, like the days themselves, and kept nowhere. Rule C goes by what sets a
day apart and lowers that day alone: the week stays as it was made. Expected pain is that of the
person's own ladder (`live/plan_book`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.adaptation import (
    Adapt,
    Adaptation,
    AdaptDay,
    Adaptive,
    Expected,
    Lived,
    Muscle,
)
from lengthwise.contracts.own_plan import Apart, Begun, DayDecided, LivedTold, WeekMade
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.progress import Standing
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.week import PlannedItem, Purpose, WeekAsked
from lengthwise.live.plan_book import book_of
from lengthwise.plan.adapting import adapt, asked_of
from lengthwise.plan.allocation import DAYS, purpose_of
from lengthwise.plan.lessened import lessened
from lengthwise.plan.today import lengthens_s, of_today
from lengthwise.record.store import ProfileStore
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import exercises
from lengthwise.report import adaptation_words, plan_words

_SAID_DAYS = 7
"""For so long a look back stands beside the day."""
_DONE_PART = 0.5
"""Of what an exercise takes: what was left sooner is offered again."""

Given = Mapping[int, Mapping[Muscle, float]]


class LookedBack(Struct, frozen=True):
    """What six or twelve weeks came to (rule L), or what a day is apart by (rule C), in
    sentences."""

    action: Adapt
    reason: str
    would_change: str
    rules: tuple[str, ...]
    evidence: tuple[str, ...]


class Kept(Struct, frozen=True):
    """Of a plan: how it began, what was decided of each day, the week that was made last, and
    all `weeks`; how days were beside it."""

    begun: Begun | None
    days: Mapping[int, DayDecided]
    week: WeekMade | None
    today: int
    weeks: tuple[WeekMade, ...] = ()
    lived: Mapping[int, LivedTold] = {}


def lived_by(apart: Collection[Apart]) -> Lived:
    """The figures that rule C compares: usual ones, each with one whole step where the day was
    apart. Only differences of these count, never what they are."""
    stress, sleep_h, active_min = (
        constant("own_plan", name)
        for name in ("usual_stress_nrs", "usual_sleep_h", "usual_active_min")
    )
    if Apart.STRAINED in apart:
        stress += constant("plan", "calibration_stress_nrs")
    if Apart.SHORT_NIGHT in apart:
        sleep_h -= constant("plan", "calibration_sleep_h")
    if Apart.ON_FEET in apart:
        active_min *= 1.0 + constant("plan", "calibration_active_ratio")
    return Lived(stress=stress, sleep_h=sleep_h, active_min=active_min)


def adapted(store: ProfileStore, kept: Kept, standing: Standing, asked: WeekAsked) -> WeekAsked:
    """The question for a week, with what six weeks have been for standing back. What sets today
    apart lowers today, and makes no other week."""
    state, _ = replayed(kept, given_s(store.sessions(), kept.weeks), book_of(store))
    if kept.begun is None:
        return asked
    return asked_of(asked, replace(state, standing=standing, factor=1.0))


def looked_back(store: ProfileStore, kept: Kept) -> LookedBack | None:
    """The last look back, for the days after it."""
    _, said = replayed(kept, given_s(store.sessions(), kept.weeks), book_of(store))
    reviews = [a for a in said if a.rule_ids == ("L",) and a.day > kept.today - _SAID_DAYS]
    if not reviews:
        return None
    return _in_words(reviews[-1])


def _in_words(found: Adaptation) -> LookedBack:
    return LookedBack(
        action=found.action,
        reason=adaptation_words.reason(found),
        would_change=adaptation_words.would_change(found),
        rules=tuple(plan_words.rule_words(r) for r in found.rule_ids),
        evidence=tuple(plan_words.evidence_words(i) for i in found.evidence_ids),
    )


def items_today(store: ProfileStore, kept: Kept, standing: Standing) -> tuple[PlannedItem, ...]:
    """What of the week is for today: no muscle gets more than ten minutes in seven days, whatever
    week was made anew between them and whatever was done today beside the plan, and what is
    expected to hurt begins small. What is done already stays as it was planned, and what a held
    plan leaves out stays in, to be shown with its reason."""
    day = _Day.of(store, kept, standing)
    done = done_today(store, kept)
    left = day.items(day.planned - done, with_today=True)
    found = (*day.items(done, with_today=False), *lessened(left, day.factor))
    order = [i.exercise_id for i in day.week_items]
    return tuple(sorted(found, key=lambda i: order.index(i.exercise_id)))


def rounds_today(
    store: ProfileStore, kept: Kept, standing: Standing, exercise_id: str
) -> int | None:
    """How often an exercise is done today on each side, once more as well; None: it is not in the
    plan of today, or has no room left there."""
    if exercise_id in done_today(store, kept):
        items = _Day.of(store, kept, standing).items({exercise_id}, with_today=True)
    else:
        items = items_today(store, kept, standing)
    return min((i.rounds for i in items if i.exercise_id == exercise_id), default=None)


def lessened_by(store: ProfileStore, kept: Kept, standing: Standing) -> tuple[LookedBack, ...]:
    """Why today has less than the week has for it (rule C); nothing where no round went."""
    day = _Day.of(store, kept, standing)
    left = day.items(day.planned - done_today(store, kept), with_today=True)
    return day.said if lessened(left, day.factor) != left else ()


def done_today(store: ProfileStore, kept: Kept) -> frozenset[str]:
    """Exercises of today's plan that were led today for half of what they take, or longer. Ramps to
    tolerance without a hold after them are none of it."""
    planned = _week_items(kept)
    ramped = {r.session_id for r in store.person().ramps}
    longest: dict[str, float] = defaultdict(float)
    for totals in store.sessions():
        held_s = (totals.effective_s or 0.0) + (totals.uncertain_s or 0.0)
        if totals.session_id in ramped and held_s == 0.0:
            continue
        if totals.exercise_id is not None and _day_of(totals) == kept.today:
            longest[totals.exercise_id] = max(longest[totals.exercise_id], totals.duration_s)
    return frozenset(
        i.exercise_id for i in planned if longest[i.exercise_id] >= _DONE_PART * i.takes_s
    )


def _week_items(kept: Kept) -> tuple[PlannedItem, ...]:
    """What the week has on today; nothing where it does not hold today."""
    if kept.week is None or not kept.week.day <= kept.today < kept.week.day + DAYS:
        return ()
    return kept.week.week.days[kept.today - kept.week.day].items


class _Day(Struct, frozen=True):
    """Today within its week. `before_s`, `today_s`: seconds that each muscle was lengthened in the
    six days before it, and on it; `factor`: what rule C makes of it, with `said` why."""

    kept: Kept
    standing: Standing
    week_items: tuple[PlannedItem, ...]
    before_s: dict[Muscle, float]
    today_s: Mapping[Muscle, float]
    thirds: dict[str, int]
    factor: float
    said: tuple[LookedBack, ...]

    @classmethod
    def of(cls, store: ProfileStore, kept: Kept, standing: Standing) -> "_Day":
        given = given_s(store.sessions(), kept.weeks)
        state, decided = replayed(kept, given, book_of(store))
        of_day = [a for a in decided if a.action is Adapt.VOLUME and a.day == kept.today]
        sums: dict[Muscle, float] = defaultdict(float)
        for day in range(kept.today - DAYS + 1, kept.today):
            for muscle, seconds in given.get(day, {}).items():
                sums[muscle] += seconds
        thirds = {step.exercise_id: step.thirds for step in state.steps}
        items = _week_items(kept)
        return cls(
            kept,
            standing,
            items,
            sums,
            given.get(kept.today, {}),
            thirds,
            state.factor if kept.today in kept.days else 1.0,
            tuple(_in_words(a) for a in of_day if a.ratio < 1.0),
        )

    @property
    def planned(self) -> frozenset[str]:
        return frozenset(i.exercise_id for i in self.week_items)

    def items(self, only: Collection[str], *, with_today: bool) -> tuple[PlannedItem, ...]:
        """`only` these, as far as each muscle has room left: after what was done today too, or as
        the day began."""
        items = tuple(i for i in self.week_items if i.exercise_id in only)
        if not items:
            return ()
        assert self.kept.week is not None, "there are items of a week only"
        sums = defaultdict(float, self.before_s)
        for muscle, seconds in self.today_s.items() if with_today else ():
            sums[muscle] += seconds
        number = self.kept.today - self.kept.week.day + 1
        days = [
            replace(day, items=items) if n + 1 == number else day
            for n, day in enumerate(self.kept.week.week.days)
        ]
        week = replace(self.kept.week.week, days=tuple(days))
        going_on = replace(self.standing, held=False)
        return of_today(week, number, going_on, sums, exercises(), self.thirds)


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
            lived=kept.lived[day].lived if day in kept.lived else Lived(),
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
        day = _day_of(totals)
        sides = (e.written_for, e.written_for.other) if e.bilateral else ()
        most = max(e.dose.rounds, rounds[day, e.id])
        item = PlannedItem(e.id, sides, Purpose.LENGTH, most, e.dose.hold_s, 0.0)
        for muscle, seconds in lengthens_s(item, exercises()).items():
            found[day][muscle] += seconds
    return found


def _day_of(totals: SessionTotals) -> int:
    return datetime.fromisoformat(totals.started_utc).astimezone().date().toordinal()
