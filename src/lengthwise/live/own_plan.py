"""A person's plan as it is kept: where they stand, and what the next week is asked for with.

Nothing here is a second truth. Every day is told from what is kept (what was said of it, sessions,
stops), decided by `plan.progression`, and kept beside what it was decided by.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.assessment import DirectionTold, Impairments, ResultsTold, TestResult
from lengthwise.contracts.care import Care
from lengthwise.contracts.own_plan import (
    Begun,
    Change,
    DayDecided,
    Intake,
    IntakeTold,
    LivedTold,
    PlanEvent,
    PlanKept,
    ResultsKept,
    TakenBack,
    TestsTaken,
    WeekMade,
)
from lengthwise.contracts.progress import DayTold, SessionTold, Standing
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.live.cleared import cleared
from lengthwise.live.kept_answers import care_at
from lengthwise.live.plan_adapted import Kept, adapted, rounds_today
from lengthwise.live.plan_book import book_of
from lengthwise.live.sessions_told import day_of, sessions_told
from lengthwise.live.tests_read import untaken
from lengthwise.plan.allocation import DAYS
from lengthwise.plan.answers import care_with
from lengthwise.plan.assessment import assessed_told, barred_on
from lengthwise.plan.beginning import needs_of
from lengthwise.plan.progression import step
from lengthwise.record.store import ProfileStore
from lengthwise.reference.at_hand import is_at_hand
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Exercise, exercises

_MUCH_PAIN_NRS = constant("coach", "pain_no_stretch_nrs")
_ANYWAY = frozenset({ExerciseKind.BREATHING, ExerciseKind.WALKING})
"""What is left while a plan is held."""
_SAME_QUESTION = {"osteoporosis": "osteoporotic", "pregnant": "pregnant"}
"""Safety questions that ask what a care is told with, word for word."""


class OwnPlan(Struct, frozen=True):
    """What is kept, folded. `week`: the last that was made, `weeks` all of them; `results`,
    `directions` of tests that count; `today` never lies before a day that was decided, whatever the
    clock says."""

    intake: Intake | None
    begun: Begun | None
    days: dict[int, DayDecided]
    week: WeekMade | None
    results: tuple[TestResult, ...]
    today: int
    directions: tuple[DirectionTold, ...] = ()
    weeks: tuple[WeekMade, ...] = ()
    lived: Mapping[int, LivedTold] = {}


def utc_of(at_s: float) -> str:
    moment = datetime.fromtimestamp(at_s, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kept_plan(store: ProfileStore, *, at_s: float) -> OwnPlan:
    return folded(that_count(store, store.plan_events()), today=day_of(at_s))


def that_count(store: ProfileStore, kept: list[PlanKept]) -> list[PlanKept]:
    """Without the results that were taken back, and those of a session that was deleted. What a
    direction did stays, and so does a feeling in the leg: nothing that was left out is opened by a
    word."""
    back = {k.event.place for k in kept if isinstance(k.event, TakenBack)}
    led = any(isinstance(k.event, TestsTaken) for k in kept)
    there = {s.session_id for s in store.sessions()} if led else set()
    found = []
    for k in kept:
        gone = isinstance(k.event, TestsTaken) and k.event.session_id not in there
        if not gone and k.place not in back:
            found.append(k)
        elif isinstance(k.event, TestsTaken):
            felt = _felt(k.event.results)
            found.append(replace(k, event=replace(k.event, tested=(), results=felt)))
        elif isinstance(k.event, ResultsKept) and (felt := _felt(k.event.results)):
            found.append(replace(k, event=ResultsKept(felt)))
    return found


def _felt(results: tuple[TestResult, ...]) -> tuple[TestResult, ...]:
    """Of results, only that the leg felt them."""
    return tuple(
        TestResult(r.test, r.day, side=r.side, symptom=True) for r in results if r.symptom is True
    )


def folded(kept: list[PlanKept], *, today: int) -> OwnPlan:
    intake, begun = None, None
    weeks: list[WeekMade] = []
    days: dict[int, DayDecided] = {}
    lived: dict[int, LivedTold] = {}
    results: tuple[TestResult, ...] = ()
    directions: tuple[DirectionTold, ...] = ()
    for each in kept:
        match each.event:
            case IntakeTold(told):
                intake = told
            case Begun():
                begun = begun or each.event
            case DayDecided():
                days[each.event.told.day] = each.event
            case WeekMade():
                weeks.append(each.event)
            case LivedTold():
                lived[each.event.day] = each.event
            case ResultsKept(told_results):
                results += told_results
            case TestsTaken():
                results += each.event.results
                directions += each.event.directions
    last = weeks[-1] if weeks else None
    now = max([today, *days])
    return OwnPlan(intake, begun, days, last, results, now, directions, tuple(weeks), lived)


def decided_days(
    plan: OwnPlan,
    sessions: Mapping[int, SessionTold],
    said: DayTold | None = None,
    change: Change | None = None,
) -> tuple[DayDecided, ...]:
    """Every day up to today that is to be decided, in order, with what is kept of the others.

    `said`: what is told now of its day. A day of which nothing new is known stays as it was.
    """
    begun = plan.begun
    if begun is None:
        return ()
    standing = Standing(begun.level, since_day=begun.day)
    found = []
    for day in sorted({*plan.days, *(d for d in sessions if d <= plan.today), plan.today}):
        known = plan.days.get(day)
        told = _told(day, known, sessions.get(day), said)
        anew = change if said is not None and said.day == day else None
        anew = anew or (known.change if known else None)
        if known is None or (known.told, known.before, known.change) != (told, standing, anew):
            after, decided = step(standing, told)
            known = DayDecided(standing, told, after, decided, anew)
        found.append(known)
        standing = known.after
    return tuple(found)


def _told(
    day: int, known: DayDecided | None, session: SessionTold | None, said: DayTold | None
) -> DayTold:
    """All that is known of a day. What was kept is not lost with a session that is deleted."""
    told = DayTold(day) if known is None else known.told
    if session is not None:
        pain = session.before if told.pain is None else told.pain
        both = _both(told.session, session)
        more = max(len(both.stops) - 1, 0)
        told = replace(told, session=both, pain=pain, more_stops=more)
    if said is None or said.day != day:
        return told
    # How the back was before a session cannot be told after it.
    pain = said.pain if told.session is None else None
    return replace(
        told,
        pain=told.pain if pain is None else pain,
        activity_lost=said.activity_lost if said.activity_lost is not None else told.activity_lost,
        cleared=told.cleared or said.cleared,
        flare=told.flare or said.flare,
    )


def _both(kept: SessionTold | None, now: SessionTold) -> SessionTold:
    if kept is None:
        return now
    during = [n for n in (kept.during, now.during) if n is not None]
    return SessionTold(
        before=kept.before if now.before is None else now.before,
        during=max(during) if during else None,
        stops=max(kept.stops, now.stops, key=len),
        trained=kept.trained or now.trained,
    )


def is_easy(standing: Standing, today: int) -> bool:
    """Whether the days after a flare, without the end of any range, are not over."""
    return standing.end_range_from_day is not None and today < standing.end_range_from_day


class PlanOfToday(Struct, frozen=True):
    """What a plan says of who may be led today. `held`: nothing but breathing and walking (rule X);
    `easy`: nothing to the end of a range (rule F), without a plan neither; `bars`: rules that a
    direction which spread a feeling down the leg, or a test that it was felt in, brings up for
    seven days (rules K and N), also where the plan has not taken the test in yet."""

    held: bool = False
    easy: bool = False
    bars: frozenset[str] = frozenset()


def plan_of_today(store: ProfileStore, *, at_s: float) -> PlanOfToday:
    plan = kept_plan(store, at_s=at_s)
    standing = now_standing(store, plan)
    new = untaken(store)
    told = ResultsTold(
        (*plan.results, *(r for each in new for r in each.results)),
        (*plan.directions, *(d for each in new for d in each.directions)),
    )
    barred = frozenset(barred_on(told, plan.today))
    if standing is None:
        return PlanOfToday(bars=barred)
    return PlanOfToday(standing.held, is_easy(standing, plan.today), barred)


def held_back(e: Exercise) -> bool:
    """Whether an exercise waits while a plan is held."""
    return e.kind not in _ANYWAY


def first_day(plan: OwnPlan) -> int:
    """From which sessions count: the day before a plan tells how its first day was borne."""
    return plan.today if plan.begun is None else plan.begun.day - 1


def now_standing(store: ProfileStore, plan: OwnPlan) -> Standing | None:
    """Where the person stands today; None without a plan."""
    days = decided_days(plan, sessions_told(store, from_day=first_day(plan)))
    return days[-1].after if days else None


def care_now(store: ProfileStore, standing: Standing, *, at_s: float) -> Care:
    """What is known today, with everything that was not asked today unknown."""
    care = care_at(Care(), store.person(), utc_of(at_s), now=True)
    return _with_flare(with_screened(store, care), standing)


def care_as_told(store: ProfileStore, plan: OwnPlan, standing: Standing) -> Care:
    """The same with answers of earlier days as they were last told: a week is made for more than
    today, and each day asks again before anything is given."""
    care = care_with(Care(), store.person().answers)
    usual = standing.pains[-1][1] if standing.pains else plan.intake and plan.intake.usual_nrs
    today = plan.days.get(plan.today)
    pain = usual if today is None or today.told.pain is None else today.told.pain
    care = replace(care, baseline_nrs=pain, pain_relief=None, warm=None)
    return _with_flare(with_screened(store, care), standing)


def with_screened(store: ProfileStore, care: Care) -> Care:
    """What the safety questions asked in the same words, while they count."""
    answers = cleared(store).given
    told = {
        field: answers[question] is YesNo.YES
        for question, field in _SAME_QUESTION.items()
        if question in answers and getattr(care, field) is None
    }
    return replace(care, **told) if told else care


def _with_flare(care: Care, standing: Standing) -> Care:
    """The easy days of a flare hold whatever was answered since."""
    easy = standing.day is not None and is_easy(standing, standing.day)
    return replace(care, flare=True) if easy else care


def needs_now(plan: OwnPlan) -> tuple[NeededLength, ...]:
    """What was measured as short, and what feels tight."""
    return needs_of(impairments(plan), (plan.intake or Intake()).tight)


def impairments(plan: OwnPlan) -> Impairments:
    return assessed_told(ResultsTold(plan.results, plan.directions, plan.today))


def asked_for(store: ProfileStore, plan: OwnPlan, standing: Standing, care: Care) -> WeekAsked:
    """What a week, or a day of one, is asked for with."""
    intake = plan.intake or Intake()
    found = impairments(plan)
    book = book_of(store)
    clear = cleared(store)
    answers, barred = clear.given, None
    if clear.refusal is None:
        barred = tuple(sorted({*clear.result.barred, *found.bars}))
    there = intake.at_hand or ()
    out = {e.id for e in exercises().values() if not is_at_hand(e, there)}
    liked = {e.id for e in exercises().values() if e.place.value in intake.places}
    asked = WeekAsked(
        level=standing.level,
        care=care,
        needs=needs_of(found, intake.tight),
        sitting_h=None if book.workday is None else book.workday.sitting_h,
        clinician=book.clinician,
        barred=barred,
        kneel=_able(answers.get("kneel"), intake.kneel),
        floor=_able(answers.get("floor"), intake.floor),
        left_out=tuple(sorted({*out, *intake.left_out})),
        liked=tuple(sorted({*liked, *intake.liked})),
        minutes_a_day=intake.minutes_a_day,
        volume=standing.volume,
        preferred=found.preferred,
    )
    return adapted(store, plan_kept(plan), standing, asked)


def planned_rounds(store: ProfileStore, exercise_id: str, *, at_s: float) -> int | None:
    """How often today's plan has an exercise on each side; None: it has none of it."""
    plan = kept_plan(store, at_s=at_s)
    standing = now_standing(store, plan)
    if standing is None:
        return None
    return rounds_today(store, plan_kept(plan), standing, exercise_id)


def plan_kept(plan: OwnPlan) -> Kept:
    """What `plan_adapted` goes by."""
    return Kept(plan.begun, plan.days, plan.week, plan.today, plan.weeks, plan.lived)


def _able(answered: YesNo | None, comfortable: bool | None) -> bool | None:
    """The safety question decides; what the person would rather not is left out as well."""
    if answered is None:
        return None
    return answered is YesNo.YES and comfortable is not False


def same_week(plan: OwnPlan, asked: WeekAsked) -> bool:
    """Whether the week that is kept still answers what is asked."""
    week = plan.week
    if week is None or not week.day <= plan.today < week.day + DAYS:
        return False
    return _what_matters(week.asked) == _what_matters(asked)


def _what_matters(asked: WeekAsked) -> WeekAsked:
    """Pain counts by whether it bars: a week is not shuffled because a number moved by one."""
    pain = asked.care.baseline_nrs
    level = None if pain is None else (_MUCH_PAIN_NRS if pain >= _MUCH_PAIN_NRS else 0.0)
    return replace(asked, care=replace(asked.care, baseline_nrs=level))


def new_days(plan: OwnPlan, days: tuple[DayDecided, ...]) -> tuple[PlanEvent, ...]:
    """Those that are not kept yet."""
    return tuple(d for d in days if plan.days.get(d.told.day) != d)
