"""Use case: results of guided tests that a profile keeps, as the plan reads them.

They stand in the record of their session, as a decision with its numbers: deleting the session
takes them along, and a replay finds them again.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from math import degrees
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.assessment import (
    Assessed,
    DirectionTold,
    Impairments,
    ResultsTold,
    TestResult,
)
from lengthwise.contracts.care import Direction
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.own_plan import ResultsKept as ResultsTyped
from lengthwise.contracts.own_plan import TakenBack, TestsTaken
from lengthwise.contracts.person import MeasureName, Person
from lengthwise.contracts.session import DecisionLogged
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.live.tested_decision import of_decision
from lengthwise.plan.assessment import assessed_told
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.reference.assessments import Short, Unit, assessments
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.joint_norms import norm

if TYPE_CHECKING:
    from lengthwise.record.store import ProfileStore

_DIRECTIONS = {
    "repeated_flexion": Direction.FLEXION,
    "repeated_extension": Direction.EXTENSION,
}


class Kept(Struct, frozen=True):
    """One test of one side that was led. `day`: of this machine's calendar, `date.toordinal`."""

    session_id: str
    day: int
    date: str
    tested: Tested


class Norm(Struct, frozen=True):
    """Of people of that age, and sex where it is known; mean and sd between them, in degrees."""

    value_deg: float
    sd_deg: float


class ResultsKept(Struct, frozen=True):
    """`norms` beside each of `found.assessed`, None where none was measured alike or the age is not
    known. `unread`: sessions of tests whose record could not be read. `typed`: results that were
    typed by hand on the page, of which no record tells; they count like the others."""

    kept: tuple[Kept, ...]
    told: ResultsTold
    found: Impairments
    norms: tuple[Norm | None, ...]
    unread: tuple[str, ...]
    typed: tuple[TestResult, ...] = ()


def results_of(
    profile: str,
    *,
    today: int | None = None,
    age_years: float | None = None,
    sex: Sex | None = None,
) -> ResultsKept:
    """Everything that a profile keeps of tests. Raises InputError for one that is not there."""
    # Imported here: it takes 0.3 s.
    from lengthwise.record.store import ProfileStore

    kept: list[Kept] = []
    unread: list[str] = []
    with ProfileStore.open_known(data_home(), profile) as store:
        person, back = store.person(), led_taken_back(store)
        for session in store.sessions():
            on = day_on(session.started_utc)
            if session.exercise_id not in guided_tests() or on is None:
                continue
            try:
                tested = tested_of(store.recording(session.session_id))
            except InputError:
                unread.append(session.session_id)
                continue
            # What a direction did stays: nothing that was left out is opened by a word.
            kept += [
                Kept(session.session_id, on.toordinal(), on.isoformat(), t)
                for t in tested
                if session.session_id not in back or _way(t) is Way.REPEATED
            ]
        typed = typed_results(store)
    now = date.today().toordinal() if today is None else today
    told = told_by(kept, now)
    told = replace(told, results=(*told.results, *typed))
    found = assessed_told(told)
    age = age_years if age_years is not None else age_at(person, now)
    norms = tuple(norm_of(a, age, sex or person.sex) for a in found.assessed)
    return ResultsKept(tuple(kept), told, found, norms, tuple(unread), typed)


def typed_results(store: "ProfileStore") -> tuple[TestResult, ...]:
    """Results of tests that a person typed on the page and did not take back."""
    kept = store.plan_events()
    back = {k.event.place for k in kept if isinstance(k.event, TakenBack)}
    return tuple(
        result
        for k in kept
        if isinstance(k.event, ResultsTyped) and k.place not in back
        for result in k.event.results
    )


def led_taken_back(store: "ProfileStore") -> frozenset[str]:
    """Sessions of tests whose results the person took back."""
    kept = store.plan_events()
    back = {k.event.place for k in kept if isinstance(k.event, TakenBack)}
    return frozenset(
        k.event.session_id for k in kept if isinstance(k.event, TestsTaken) and k.place in back
    )


def led_results(store: "ProfileStore") -> tuple[tuple[date, tuple[Tested, ...]], ...]:
    """What sessions of tests told the plan, with the day of each; without what was taken back."""
    kept, back = store.plan_events(), led_taken_back(store)
    on = {s.session_id: day for s in store.sessions() if (day := day_on(s.started_utc))}
    return tuple(
        (on[k.event.session_id], k.event.tested)
        for k in kept
        if isinstance(k.event, TestsTaken)
        and k.event.session_id in on
        and k.event.session_id not in back
    )


def date_of(typed: TestResult) -> date:
    """The day it was typed for; the first of all where what was typed is before every calendar."""
    return date.fromordinal(min(max(typed.day, 1), date.max.toordinal()))


def typed_by_hand(profile: str) -> tuple[TestResult, ...]:
    """Of a profile. Raises InputError for one that is not there."""
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open_known(data_home(), profile) as store:
        return typed_results(store)


def tested_of(recording: Path) -> tuple[Tested, ...]:
    """The results that a sealed session keeps. Raises InputError where it cannot be read."""
    found = (
        of_decision(event.decision)
        for event in read_sealed(recording)
        if isinstance(event, DecisionLogged)
    )
    return tuple(t for t in found if t is not None)


def _way(tested: Tested) -> Way | None:
    taken = guided_tests()[tested.test_id].taken
    return None if taken is None else taken.way


def told_by(kept: Sequence[Kept], today: int) -> ResultsTold:
    """What was found, in the form of `lengthwise plan assess`."""
    results, ways = [], []
    for k in kept:
        test = guided_tests()[k.tested.test_id]
        assert test.taken is not None, "only tests are kept"
        if test.taken.way is Way.REPEATED:
            ways.append(_direction(k, _DIRECTIONS[test.taken.result]))
        elif test.taken.result in assessments():
            results.append(_result(k, test.taken.result))
    return ResultsTold(tuple(results), tuple(ways), today)


def _direction(k: Kept, way: Direction) -> DirectionTold:
    t = k.tested
    return DirectionTold(way, k.day, t.reach_before, t.reach_after, t.symptom)


def _result(k: Kept, name: str) -> TestResult:
    """In the direction in which its cut is: a lag is what is left of the bend."""
    a, t = assessments()[name], k.tested
    value = t.value if t.untaken is None else None
    sd = t.sd if value is not None else None
    if value is not None and a.short is Short.ABOVE:
        value = -value
    seconds = a.unit is Unit.S
    return TestResult(
        name,
        k.day,
        None if seconds else value,
        None if seconds else sd,
        t.side,
        False if t.untaken is Untaken.NOT_CONTROLLED else t.controlled,
        t.symptom,
        value if seconds else None,
        sd if seconds else None,
        t.at_least,
    )


def norm_of(a: Assessed, age_years: float | None, sex: Sex | None) -> Norm | None:
    movement = assessments()[a.test].norm
    if movement is None or age_years is None:
        return None
    limit = norm(movement, round(age_years), sex)
    return Norm(degrees(limit.value_rad), degrees(limit.sd_rad))


def age_at(person: Person, today: int) -> float | None:
    """As it was stated, and the time since; `today` as `date.toordinal`."""
    measure = person.measure(MeasureName.AGE)
    if measure is None:
        return None
    then = day_on(measure.measured_utc)
    return measure.value + (0.0 if then is None else (today - then.toordinal()) / 365.25)


def day_on(utc: str) -> date | None:
    """The day of this machine's calendar, as the plan and who types a result count them."""
    try:
        moment = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone().date()
