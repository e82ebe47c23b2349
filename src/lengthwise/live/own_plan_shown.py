"""Use cases: a person's plan as a page shows it: today, the week, everything that was decided."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.own_plan import Apart, Begun, Change, DayDecided, Intake
from lengthwise.contracts.progress import Move, Standing
from lengthwise.contracts.week import PlannedItem, Purpose, Week, WeekAsked
from lengthwise.live import guided
from lengthwise.live.kept_answers import answers_at
from lengthwise.live.own_plan import (
    OwnPlan,
    asked_for,
    care_now,
    decided_days,
    first_day,
    held_back,
    is_easy,
    kept_plan,
    plan_kept,
    utc_of,
)
from lengthwise.live.own_plan_history import Words, words_of
from lengthwise.live.own_plan_week import WeekShown, week_shown
from lengthwise.live.plan_adapted import (
    LookedBack,
    done_today,
    items_today,
    lessened_by,
    looked_back,
)
from lengthwise.live.sessions_told import sessions_told
from lengthwise.plan.allocation import DAYS
from lengthwise.plan.eligible import bars, left_out, not_told
from lengthwise.record.store import ProfileStore
from lengthwise.reference.answers import asked as questions
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.report import plan_words, progress_words, week_words

_DAILY = (AnswerName.FLARE, AnswerName.IRRITABLE, AnswerName.LEG_SIGN)
_LASTING = (AnswerName.COURSE, AnswerName.HYPERMOBILE)
WAITS = "It waits for your answers of today. Until they are there, we stay on the safe side."
QUESTIONS_FIRST = "The safety questions come first."


class ItemShown(Struct, frozen=True):
    """One exercise of a day. `not_now`: why it may not be given; empty: it may. `done`: it was,
    today."""

    exercise_id: str
    plain_name: str
    name: str
    sides: tuple[Side, ...]
    purpose: Purpose
    rounds: int
    takes_s: float
    why: str
    would_change: str
    words: Words
    liked: bool
    not_now: tuple[str, ...]
    done: bool = False


class DecidedShown(Struct, frozen=True):
    move: Move
    reason: str
    would_change: str
    words: Words


class TodayShown(Struct, frozen=True):
    """`planned`: a week that holds today; `day_off`: nothing but breathing stands in it;
    `questions`: answers that are open; `check_in`: there was a session since the back was last
    asked about; `held`, `easy`: somebody looks first; no end of a range; `apart`: what sets it
    apart from most days, None: not told, and `lessened` why it has less by it."""

    date: str
    pain: float | None
    change: Change | None
    activity_lost: bool | None
    check_in: bool
    questions: tuple[AnswerName, ...]
    decided: DecidedShown
    level: int
    volume: float
    held: bool
    easy: bool
    planned: bool
    day_off: bool
    items: tuple[ItemShown, ...]
    looked_back: LookedBack | None = None
    apart: tuple[Apart, ...] | None = None
    lessened: tuple[LookedBack, ...] = ()


class QuestionShown(Struct, frozen=True):
    name: AnswerName
    ask: str
    why: str
    options: dict[str, str]
    most: float | None
    value: str | None


class PlanShown(Struct, frozen=True):
    """`intake` None: no plan has begun. `questions` of the intake and of a day, with what still
    counts."""

    intake: Intake | None
    questions: tuple[QuestionShown, ...]
    today: TodayShown | None
    week: WeekShown | None


def plan_shown(store: ProfileStore, *, at_s: float) -> PlanShown:
    """The plan of now. Nothing is kept by looking at it."""
    plan = kept_plan(store, at_s=at_s)
    days = decided_days(plan, sessions_told(store, from_day=first_day(plan)))
    return PlanShown(
        intake=plan.intake,
        questions=_questions(store, at_s),
        today=_today(store, plan, days, at_s=at_s) if days else None,
        week=None if plan.week is None or not days else week_shown(plan, plan.week),
    )


def _today(
    store: ProfileStore, plan: OwnPlan, days: tuple[DayDecided, ...], *, at_s: float
) -> TodayShown:
    now = days[-1]
    standing, told = now.after, now.told
    care = care_now(store, standing, at_s=at_s)
    asked = asked_for(store, plan, standing, care)
    items = _items(store, plan, asked, standing)
    earlier = [d for d in days[:-1] if d.told.session is not None]
    waits = bool(earlier) and earlier[-1].told.day == max(d.told.day for d in days[:-1])
    open_now = {q.name for q in _questions(store, at_s) if q.value is None}
    return TodayShown(
        date=date.fromordinal(plan.today).isoformat(),
        pain=told.pain,
        change=now.change,
        activity_lost=told.activity_lost,
        check_in=waits and now.change is None and told.session is None,
        questions=tuple(n for n in (*_DAILY, *_LASTING) if n in open_now),
        decided=_begun(plan.begun) if _untouched(days) else _decided(now),
        level=standing.level,
        volume=standing.volume,
        held=standing.held,
        easy=is_easy(standing, plan.today),
        planned=_day_of_week(plan) is not None,
        day_off=all(i.purpose is Purpose.BREATH for i in items),
        items=items,
        looked_back=looked_back(store, plan_kept(plan)),
        apart=plan.lived[plan.today].apart if plan.today in plan.lived else None,
        lessened=lessened_by(store, plan_kept(plan), standing),
    )


def _untouched(days: tuple[DayDecided, ...]) -> bool:
    """Whether nothing was told yet that anything could have been decided by; what is led today, an
    exercise or a test, is told by the day after it."""
    return all(d.decided.reason == "nothing_new" for d in days)


def _begun(begun: Begun | None) -> DecidedShown:
    assert begun is not None, "days are decided of a plan that has begun"
    return DecidedShown(
        Move.STAY,
        plan_words.sentence(begun),
        plan_words.would_change(begun),
        words_of(begun.rule_ids, begun.evidence_ids),
    )


def _decided(day: DayDecided) -> DecidedShown:
    decided = day.decided
    return DecidedShown(
        decided.move,
        progress_words.reason(decided),
        progress_words.would_change(decided),
        words_of(decided.rule_ids, decided.evidence_ids),
    )


def _day_of_week(plan: OwnPlan) -> int | None:
    """0 to 6 in the week that was made; None: it does not hold today."""
    n = -1 if plan.week is None else plan.today - plan.week.day
    return n if 0 <= n < DAYS else None


def _items(
    store: ProfileStore, plan: OwnPlan, asked: WeekAsked, standing: Standing
) -> tuple[ItemShown, ...]:
    n = _day_of_week(plan)
    if plan.week is None or n is None:
        return ()
    week, holding, refused = plan.week.week, bars(asked), guided.refusals(store)
    found, done = [], done_today(store, plan_kept(plan))
    for item in items_today(store, plan_kept(plan), standing):
        e = exercise(item.exercise_id)
        why, change, words = _why(week, e)
        closed = not_now(e, asked, holding, standing)
        if not closed and refused[e.id] is not None:
            closed = (QUESTIONS_FIRST,)
        liked = plan.intake is not None and e.id in plan.intake.liked
        shown = _item(item, e, why, change, words, liked, closed)
        found.append(replace(shown, done=item.exercise_id in done))
    return tuple(found)


def _item(
    item: PlannedItem,
    e: Exercise,
    why: str,
    change: str,
    words: Words,
    liked: bool,
    not_now: tuple[str, ...],
) -> ItemShown:
    return ItemShown(
        exercise_id=e.id,
        plain_name=e.plain_name,
        name=e.name,
        sides=item.sides,
        purpose=item.purpose,
        rounds=item.rounds,
        takes_s=item.takes_s,
        why=why,
        would_change=change,
        words=words,
        liked=liked,
        not_now=not_now,
    )


def _why(week: Week, e: Exercise) -> tuple[str, str, Words]:
    why = next((w for w in week.why if w.exercise_id == e.id), None)
    if why is None:
        return (
            "A minute of slow breathing comes first, so that the body comes along.",
            "Nothing but your own wish.",
            words_of(("B",), e.evidence),
        )
    return (
        week_words.reason(why),
        week_words.would_change(why),
        words_of(why.rule_ids, why.evidence_ids),
    )


def not_now(
    e: Exercise,
    asked: WeekAsked,
    holding: frozenset[str],
    standing: Standing,
) -> tuple[str, ...]:
    """Why the plan may not give it today."""
    if standing.held and held_back(e):
        return (progress_words.WHILE_HELD,)
    said = [
        WAITS if not_told(reason, asked) else week_words.bar_words(reason)
        for reason in left_out(e, asked, holding)
    ]
    return tuple(dict.fromkeys(said))


def _questions(store: ProfileStore, at_s: float) -> tuple[QuestionShown, ...]:
    valid = {a.name: a.value for a in answers_at(store.person(), utc_of(at_s), now=True)}
    found = []
    for name in (*_DAILY, *_LASTING):
        q = questions()[name]
        found.append(QuestionShown(name, q.ask, q.why, q.options, q.most, valid.get(name)))
    return tuple(found)
