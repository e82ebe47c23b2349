"""Use cases: what a person tells for their plan, kept with what is decided of it at once."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.assessment import TestResult
from lengthwise.contracts.care import Care
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.own_plan import (
    Apart,
    Begun,
    Change,
    DayDecided,
    FlareTold,
    Intake,
    IntakeTold,
    LivedTold,
    Looked,
    PlanEvent,
    ResultsKept,
    TakenBack,
    TestsTaken,
    WeekMade,
)
from lengthwise.contracts.progress import DayTold
from lengthwise.contracts.screening import FLARE_STOP
from lengthwise.live import apart
from lengthwise.live.cleared import cleared
from lengthwise.live.kept_answers import answer, care_at
from lengthwise.live.own_plan import (
    OwnPlan,
    asked_for,
    care_as_told,
    decided_days,
    first_day,
    is_easy,
    kept_plan,
    new_days,
    now_standing,
    plan_of_today,
    same_week,
    utc_of,
)
from lengthwise.live.plan_adapted import lived_by
from lengthwise.live.sessions_told import sessions_told
from lengthwise.live.tests_read import keep_tests
from lengthwise.plan.assessment import assessed, check_plausible
from lengthwise.plan.beginning import first_level
from lengthwise.record.store import ProfileStore
from lengthwise.reference.answers import asked as questions
from lengthwise.reference.exercises import exercises

Tell = Callable[[ProfileStore, float], None]
"""Something that is told of a person, at a time in seconds since 1970."""


class DaySaid(Struct, frozen=True):
    """What is told of today; None: not told. `answers`: of the questions of the day; `apart`: what
    sets it apart, empty: nothing does."""

    pain: float | None = None
    change: Change | None = None
    activity_lost: bool | None = None
    answers: dict[AnswerName, str] = {}
    apart: tuple[Apart, ...] | None = None


def tell_intake(
    store: ProfileStore, intake: Intake, answers: Mapping[AnswerName, str], *, at_s: float
) -> None:
    """Keep what the plan goes by; the first one begins it. Raises InputError on an exercise or an
    answer that is not known."""
    for exercise_id in (*intake.liked, *intake.left_out):
        _known_exercise(exercise_id)
    _keep_answers(store, answers, at_s=at_s)
    plan = kept_plan(store, at_s=at_s)
    events: list[PlanEvent] = [] if plan.intake == intake else [IntakeTold(intake)]
    if plan.begun is None:
        care = care_at(Care(), store.person(), utc_of(at_s), now=True)
        events.append(begun(plan.today, care, intake))
    store.add_plan_events(tuple(events), at_s=at_s)
    _decide(store, at_s=at_s)


def begun(day: int, care: Care, intake: Intake) -> Begun:
    """The beginning of a plan, with what decided it."""
    found = first_level(care, intake.usual_nrs)
    return Begun(
        day=day,
        care=care,
        usual_nrs=intake.usual_nrs,
        level=found.level,
        rule_ids=found.rule_ids,
        evidence_ids=found.evidence_ids,
        reason=found.reason,
        would_change=found.would_change,
    )


def tell_day(store: ProfileStore, said: DaySaid, *, at_s: float) -> None:
    """Keep how the back is today, and decide by it. Raises InputError."""
    answers = dict(said.answers)
    if said.pain is not None:
        answers[AnswerName.PAIN_NOW] = f"{said.pain:g}"
    plan = kept_plan(store, at_s=at_s)
    if answers.get(AnswerName.FLARE) == "yes" and not _flare_told(store, plan.today):
        tell_flare(store, at_s=at_s)
    _keep_answers(store, answers, at_s=at_s)
    if said.apart is not None:
        lived = LivedTold(plan.today, said.apart, lived_by(said.apart))
        store.add_plan_events(() if plan.lived.get(plan.today) == lived else (lived,), at_s=at_s)
    told = DayTold(plan.today, pain=said.pain, activity_lost=said.activity_lost)
    _decide(store, at_s=at_s, said=told, change=said.change)


def tell_flare(store: ProfileStore, *, at_s: float) -> None:
    """It is clearly worse: from this moment nothing is led before the safety questions were
    answered anew, and the easy days have begun."""
    plan = kept_plan(store, at_s=at_s)
    _flare_begins(store, plan.today, at_s=at_s)
    _decide(store, at_s=at_s, said=DayTold(plan.today, flare=True))


def _flare_begins(store: ProfileStore, day: int, *, at_s: float) -> None:
    # The stop first: where what follows fails, nobody is led all the same.
    store.add_safety_stop(f"{FLARE_STOP}{round(at_s * 1e9)}", at_s=at_s)
    _keep_answers(store, {AnswerName.FLARE: "yes"}, at_s=at_s)
    store.add_plan_events((FlareTold(day),), at_s=at_s)


def _flare_told(store: ProfileStore, day: int) -> bool:
    return any(kept.event == FlareTold(day) for kept in store.plan_events())


def tell_looked(store: ProfileStore, who: str, *, at_s: float) -> None:
    """Somebody has looked. Raises SafetyRefusedError where the plan is not held, on the day it was,
    and before the safety questions were answered anew (rule S)."""
    plan = kept_plan(store, at_s=at_s)
    standing = now_standing(store, plan)
    held_on = max(standing.stop_days, default=None) if standing and standing.held else None
    if standing is None or not standing.held:
        code, reason, remedy = "not_held", "the plan is not held", "go on with it"
    elif not who.strip():
        code, reason, remedy = "nobody_named", "nobody is named", "say who has looked"
    elif held_on is not None and plan.today <= held_on:
        code = "stopped_today"
        reason, remedy = "it was stopped today", "say so tomorrow at the earliest"
    elif cleared(store).refusal is not None:
        code = "questions_open"
        reason, remedy = "the safety questions are open", "answer them first"
    else:
        store.add_plan_events((Looked(plan.today, who.strip()),), at_s=at_s)
        _decide(store, at_s=at_s, said=DayTold(plan.today, cleared=True))
        return
    why = SafetyRefusedError("going on with the plan", reason=reason, remedy=remedy)
    raise why.coded(code)


def settle(store: ProfileStore, *, at_s: float) -> None:
    """Decide by what sessions and their pain have told since; without a plan nothing."""
    _decide(store, at_s=at_s)


def tell_results(
    store: ProfileStore,
    results: tuple[TestResult, ...],
    *,
    at_s: float,
    replaces: int | None = None,
) -> None:
    """Keep results of tests that were typed. `replaces`: the place of what they correct, which
    stays where it stands and counts no more. Raises InputError on a test or side that is not known,
    and on a value that no person has."""
    assessed(results)
    for r in results:
        value = r.value_deg if r.value_s is None else r.value_s
        if value is not None:
            check_plausible(r.test, value)
    corrected = () if replaces is None else (_taken_back(store, replaces),)
    store.add_plan_events((*corrected, ResultsKept(results)), at_s=at_s)
    _decide(store, at_s=at_s)


def take_back(store: ProfileStore, place: int, *, at_s: float) -> None:
    """Results that were wrong count no more; what was kept stays where it stands. Raises InputError
    on a place that holds no result, or one that was taken back."""
    store.add_plan_events((_taken_back(store, place),), at_s=at_s)
    _decide(store, at_s=at_s)


def _taken_back(store: ProfileStore, place: int) -> TakenBack:
    kept = store.plan_events()
    back = {k.event.place for k in kept if isinstance(k.event, TakenBack)}
    known = [k.place for k in kept if isinstance(k.event, ResultsKept | TestsTaken)]
    if place not in known or place in back:
        raise InputError(
            "result",
            value=place,
            allowed="one that counts" if known else "none is kept",
            remedy="choose one of the list of tests",
        ).coded("result_gone", place=place)
    return TakenBack(place)


def wish(store: ProfileStore, exercise_id: str, wanted: str, *, at_s: float) -> None:
    """`like`, `leave_out` or `as_it_comes`. Raises InputError without a plan or such a name."""
    _known_exercise(exercise_id)
    intake = kept_plan(store, at_s=at_s).intake
    if intake is None:
        raise InputError(
            "plan", value="none", allowed="one that has begun", remedy="say what it should go by"
        ).coded("no_plan")
    liked = {*intake.liked} - {exercise_id} | ({exercise_id} if wanted == "like" else set())
    out = {*intake.left_out} - {exercise_id}
    out |= {exercise_id} if wanted == "leave_out" else set()
    anew = replace(intake, liked=tuple(sorted(liked)), left_out=tuple(sorted(out)))
    tell_intake(store, anew, {}, at_s=at_s)


def _decide(
    store: ProfileStore,
    *,
    at_s: float,
    said: DayTold | None = None,
    change: Change | None = None,
) -> None:
    """Keep every day that is decided anew, and a new week where the old one answers no more; by
    what sessions of tests have told meanwhile as well."""
    keep_tests(store, at_s=at_s)
    plan = kept_plan(store, at_s=at_s)
    sessions = sessions_told(store, from_day=first_day(plan))
    days = decided_days(plan, sessions, said, change)
    if not days:
        return
    for d in days:
        if _begins_easy(d, plan.today) and not _flare_told(store, d.told.day):
            # Nobody called it so, and by its numbers it is one (rules F and S).
            _flare_begins(store, d.told.day, at_s=at_s)
    store.add_plan_events(new_days(plan, days), at_s=at_s)
    _renew_week(store, kept_plan(store, at_s=at_s), at_s=at_s)


def _begins_easy(day: DayDecided, today: int) -> bool:
    """Whether the easy days that are not over began with this one."""
    return is_easy(day.after, today) and not is_easy(day.before, day.told.day)


def _renew_week(store: ProfileStore, plan: OwnPlan, *, at_s: float) -> None:
    standing = plan.days[plan.today].after
    asked = asked_for(store, plan, standing, care_as_told(store, plan, standing))
    # While the safety questions are open nothing is given, and the week waits for the answers.
    if cleared(store).refusal is not None or same_week(plan, asked):
        return
    week, digest = apart.call(apart.WEEK_MADE, asked)
    store.add_plan_events((WeekMade(plan.today, asked, week, digest),), at_s=at_s)


def _keep_answers(store: ProfileStore, answers: Mapping[AnswerName, str], *, at_s: float) -> None:
    found = []
    plan_now = plan_of_today(store, at_s=at_s)
    for name, value in answers.items():
        if name is AnswerName.FLARE and value == "no" and plan_now.easy:
            continue  # nothing ends the easy days sooner
        usable = questions()[name].usable(value)
        if usable is None:
            raise InputError(
                f"answer {name.value}",
                value=value,
                allowed=questions()[name].allowed,
                remedy="leave it out where you do not know",
            )
        found.append(answer(name, usable, utc_of(at_s)))
    if found:
        store.save_person(store.person().with_answers(tuple(found)))


def _known_exercise(exercise_id: str) -> None:
    if exercise_id not in exercises():
        raise InputError(
            "exercise",
            value=exercise_id,
            allowed="one of the list",
            remedy="see: lengthwise exercises list",
        )
