"""Use cases: a person's plan as a page shows it: today, the week, everything that was decided."""

from datetime import date

from msgspec import Struct

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.assessment import Assessed
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.own_plan import Begun, Change, DayDecided, Intake, PlanEvent, WeekMade
from lengthwise.contracts.progress import Move, Standing
from lengthwise.contracts.week import PlannedItem, Purpose, Unmet, Week, WeekAsked
from lengthwise.live import guided
from lengthwise.live.kept_answers import answers_at
from lengthwise.live.own_plan import (
    OwnPlan,
    asked_for,
    care_now,
    decided_days,
    first_day,
    held_back,
    impairments,
    is_easy,
    kept_plan,
    plan_kept,
    sessions_told,
    utc_of,
)
from lengthwise.live.plan_adapted import LookedBack, items_today, looked_back
from lengthwise.plan.allocation import DAYS, FLOOR_S, FULL_S
from lengthwise.plan.eligible import bars, left_out, raised
from lengthwise.record.store import ProfileStore
from lengthwise.reference.answers import asked as questions
from lengthwise.reference.assessments import assessments
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.report import plan_words, progress_words, week_words
from lengthwise.report.words import muscle_place

_DAILY = (AnswerName.FLARE, AnswerName.IRRITABLE, AnswerName.LEG_SIGN)
_LASTING = (AnswerName.COURSE, AnswerName.HYPERMOBILE)
WAITS = "It waits for your answers of today: what is not told is not taken for fine."
QUESTIONS_FIRST = "The safety questions come first."
LEFT_OUT = "You left them out, or what they need is not at hand."
NOT_TOLD = "Not told, and not taken for fine:"


class Words(Struct, frozen=True):
    """What decided, in sentences."""

    rules: tuple[str, ...]
    evidence: tuple[str, ...]


class ItemShown(Struct, frozen=True):
    """One exercise of a day. `not_now`: why it may not be given; empty: it may."""

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


class DecidedShown(Struct, frozen=True):
    move: Move
    reason: str
    would_change: str
    words: Words


class TodayShown(Struct, frozen=True):
    """`planned`: a week that holds today; `day_off`: nothing but breathing stands in it;
    `questions`: answers that are open; `check_in`: there was a session since the back was last
    asked about; `held`, `easy`: somebody looks first; no end of a range."""

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


class DayShown(Struct, frozen=True):
    date: str
    today: bool
    names: tuple[str, ...]
    takes_s: float


class MuscleShown(Struct, frozen=True):
    """Seconds of lengthening in the week, against the floor and where more brings nothing."""

    name: str
    finding: str
    week_s: float
    floor_s: float
    full_s: float


class WeekShown(Struct, frozen=True):
    days: tuple[DayShown, ...]
    muscles: tuple[MuscleShown, ...]
    unmet: tuple[str, ...]
    bars: tuple[str, ...]


class AssessedShown(Struct, frozen=True):
    test: str
    name: str
    sides: bool
    needs_control: bool
    asks_symptom: bool
    found: tuple[str, ...]


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
    tests: tuple[AssessedShown, ...]


class Kept(Struct, frozen=True):
    """One event of the timeline."""

    at_utc: str
    kind: str
    action: str
    sentence: str
    would_change: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    words: Words


def plan_shown(store: ProfileStore, *, at_s: float) -> PlanShown:
    """The plan of now. Nothing is kept by looking at it."""
    plan = kept_plan(store, at_s=at_s)
    days = decided_days(plan, sessions_told(store, from_day=first_day(plan)))
    return PlanShown(
        intake=plan.intake,
        questions=_questions(store, at_s),
        today=_today(store, plan, days, at_s=at_s) if days else None,
        week=None if plan.week is None or not days else _week(plan, plan.week),
        tests=_tests(plan),
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
        decided=_decided(now),
        level=standing.level,
        volume=standing.volume,
        held=standing.held,
        easy=is_easy(standing, plan.today),
        planned=_day_of_week(plan) is not None,
        day_off=all(i.purpose is Purpose.BREATH for i in items),
        items=items,
        looked_back=looked_back(store, plan_kept(plan)),
    )


def _decided(day: DayDecided) -> DecidedShown:
    decided = day.decided
    return DecidedShown(
        decided.move,
        progress_words.reason(decided),
        progress_words.would_change(decided),
        _words(decided.rule_ids, decided.evidence_ids),
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
    found = []
    for item in items_today(store, plan_kept(plan), standing):
        e = exercise(item.exercise_id)
        why, change, words = _why(week, e)
        not_now = _not_now(e, asked, holding, standing)
        if not not_now and refused[e.id] is not None:
            not_now = (QUESTIONS_FIRST,)
        liked = plan.intake is not None and e.id in plan.intake.liked
        found.append(_item(item, e, why, change, words, liked, not_now))
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
            _words(("B",), e.evidence),
        )
    return (
        week_words.reason(why),
        week_words.would_change(why),
        _words(why.rule_ids, why.evidence_ids),
    )


def _not_now(
    e: Exercise,
    asked: WeekAsked,
    holding: frozenset[str],
    standing: Standing,
) -> tuple[str, ...]:
    """Why the plan may not give it today."""
    if standing.held and held_back(e):
        return (progress_words.WHILE_HELD,)
    said = [
        WAITS if _not_told(reason, asked) else week_words.bar_words(reason)
        for reason in left_out(e, asked, holding)
    ]
    return tuple(dict.fromkeys(said))


def _not_told(reason: str, asked: WeekAsked) -> bool:
    """Whether it bars only because it was not asked, and nothing is taken for fine."""
    told = raised(asked.care) | set(asked.barred or ())
    if reason in ("S.cannot_kneel", "S.cannot_get_down_to_floor"):
        return False
    if reason == "D.much_pain":
        return asked.care.baseline_nrs is None
    if reason == "K.irritable":
        return asked.care.irritable is None
    return reason.startswith(("P.", "F.", "S.", "N.")) and reason not in told


def _week(plan: OwnPlan, made: WeekMade) -> WeekShown:
    week = made.week
    days = tuple(
        DayShown(
            date=date.fromordinal(made.day + n).isoformat(),
            today=made.day + n == plan.today,
            names=tuple(exercise(i.exercise_id).plain_name for i in day.items),
            takes_s=day.takes_s,
        )
        for n, day in enumerate(week.days)
    )
    muscles = tuple(
        MuscleShown(muscle_place(n.group, n.side), n.finding, given_s, FLOOR_S, FULL_S)
        for n, given_s in zip(week.needs, week.gives_s, strict=True)
    )
    holding = [
        f"{NOT_TOLD} {plan_words.rule_words(r)}"
        if _not_told(r, made.asked)
        else plan_words.rule_words(r)
        for r in sorted(bars(made.asked))
    ]
    return WeekShown(
        days, muscles, tuple(_unmet(u, made.asked) for u in week.unmet), tuple(holding)
    )


def _unmet(found: Unmet, asked: WeekAsked) -> str:
    """Here what is not at hand is left out like what is not wanted, and neither is blamed on the
    other; nor is what was not told on the person."""

    def words(rule: str) -> str:
        if rule == "wish":
            return LEFT_OUT
        said = week_words.bar_words(rule)
        return f"{NOT_TOLD} {said}" if _not_told(rule, asked) else said

    return week_words.unmet(found, words)


def _questions(store: ProfileStore, at_s: float) -> tuple[QuestionShown, ...]:
    valid = {a.name: a.value for a in answers_at(store.person(), utc_of(at_s), now=True)}
    found = []
    for name in (*_DAILY, *_LASTING):
        q = questions()[name]
        found.append(QuestionShown(name, q.ask, q.why, q.options, q.most, valid.get(name)))
    return tuple(found)


def _tests(plan: OwnPlan) -> tuple[AssessedShown, ...]:
    found = impairments(plan).assessed
    return tuple(
        AssessedShown(
            test=test,
            name=a.name,
            sides=a.sides,
            needs_control=a.needs_control,
            asks_symptom=a.void_with_symptom,
            found=tuple(_found(f) for f in found if f.test == test),
        )
        for test, a in assessments().items()
    )


def _found(f: Assessed) -> str:
    side = {Side.LEFT: "Left: ", Side.RIGHT: "Right: ", None: ""}[f.side]
    value = "" if f.value_deg is None else f"{f.value_deg:.0f} degrees, "
    repeat = "" if f.mdc_deg is None else f" (a repeat differs by {f.mdc_deg:.0f})"
    return f"{side}{value}{week_words.verdict(f.verdict)}{repeat}"


def plan_history(store: ProfileStore) -> list[Kept]:
    """Everything that was told and decided, the newest first. Of each day the last decision."""
    kept = store.plan_events()
    last = {k.event.told.day: k.place for k in kept if isinstance(k.event, DayDecided)}
    found = []
    for each in reversed(kept):
        event = each.event
        if isinstance(event, DayDecided) and last[event.told.day] != each.place:
            continue
        rule_ids, evidence_ids = _ids(event)
        found.append(
            Kept(
                at_utc=utc_of(each.at_s),
                kind=str(type(event).__struct_config__.tag),
                action=plan_words.action(event),
                sentence=plan_words.sentence(event),
                would_change=plan_words.would_change(event),
                rule_ids=rule_ids,
                evidence_ids=evidence_ids,
                words=_words(rule_ids, evidence_ids),
            )
        )
    return found


def _ids(event: PlanEvent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match event:
        case Begun():
            return event.rule_ids, event.evidence_ids
        case DayDecided():
            return event.decided.rule_ids, event.decided.evidence_ids
        case WeekMade():
            return event.week.rule_ids, event.week.evidence_ids
    return (), ()


def _words(rule_ids: tuple[str, ...], evidence_ids: tuple[str, ...]) -> Words:
    return Words(
        tuple(dict.fromkeys(plan_words.rule_words(r) for r in rule_ids)),
        tuple(plan_words.evidence_words(i) for i in evidence_ids),
    )
