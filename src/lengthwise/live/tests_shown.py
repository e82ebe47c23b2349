"""Use case: the tests of a person as a page shows them: which to do and why, what has been found,
and what the sensors at hand cannot tell. Nothing is kept by looking at it.
"""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.assessment import Impairments, Verdict
from lengthwise.contracts.care import Direction
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.observation import Segment
from lengthwise.live import guided
from lengthwise.live.own_plan import (
    OwnPlan,
    asked_for,
    care_now,
    impairments,
    kept_plan,
    now_standing,
)
from lengthwise.live.own_plan_shown import QUESTIONS_FIRST, not_now
from lengthwise.live.test_results_shown import AssessedShown, Beside, assessed_shown
from lengthwise.live.tests_kept import age_at
from lengthwise.plan.beginning import felt_in
from lengthwise.plan.eligible import bars
from lengthwise.record.store import ProfileStore
from lengthwise.reference.areas import about_s
from lengthwise.reference.assessments import assessments
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import Exercise, guided_tests
from lengthwise.reference.test_sensors import CAMERA, nearest_set
from lengthwise.reference.wearing import place_for_exercise, position
from lengthwise.report import test_results as words
from lengthwise.report.tested_words import way_words

_AT = {
    Segment.PELVIS: "sacrum",
    Segment.T12: "t12",
    Segment.THORAX: "thorax",
    Segment.THIGH_L: "thigh",
    Segment.THIGH_R: "thigh",
    Segment.SHANK_L: "shank",
    Segment.SHANK_R: "shank",
}
"""What `test_sensors` calls a sensor that is worn there, of the side that is tested."""
_OF_SIDE = {
    Segment.THIGH_L: Side.LEFT,
    Segment.SHANK_L: Side.LEFT,
    Segment.THIGH_R: Side.RIGHT,
    Segment.SHANK_R: Side.RIGHT,
}
SENSORS = {
    CAMERA: "this camera",
    "sacrum": "a sensor at the sacrum",
    "t12": "one on the spine at the lowest ribs",
    "thorax": "a sensor on the breastbone",
    "thigh": "one on the thigh",
    "shank": "one on the shin",
}
_DAYS = "Short on one day. Another day decides whether it counts."
_FELT = "You said that it feels tight there. This tells whether it is short."
_OPEN = "Not measured yet, so whether anything is short here is open."
_ITSELF = "It shows what changes from one day to another. By itself it is no finding."
_WAY = (
    "It shows which way of bending suits a feeling in the leg. Without such a feeling nobody needs "
    "it."
)
_DONE = "Measured. On another day it shows whether anything has changed."
WHYS = (_DAYS, _FELT, _OPEN, _ITSELF, _WAY, _DONE)


class Reach(StrEnum):
    """Whether a test can be led here. `READY`: the sensors at hand are enough; `PHONE`: with the
    phone worn where it says; `MORE`: it needs other worn sensors; `NONE`: no sensor shows it."""

    READY = "ready"
    PHONE = "phone"
    MORE = "more"
    NONE = "none"


class SensorsAtHand(Struct, frozen=True):
    """What there is beside the camera. `phone`: one is connected; `worn`: where worn sensors are
    heard from now; `named`: where those are worn that have a name here and are not heard."""

    phone: bool = False
    worn: frozenset[Segment] = frozenset()
    named: frozenset[Segment] = frozenset()


class SensorShown(Struct, frozen=True):
    """`named`: it has a name on this machine and is not heard; `phone`: a phone can be it."""

    name: str
    has: bool
    named: bool = False
    phone: bool = False


class TestShown(Struct, frozen=True):
    """`wanted`: one that this person should do next; `why` so. `not_now`: why it may not be led;
    empty: it may, where `reach` allows. `taken`: how, with `way` its words. `led_side`: the one
    side that there are sensors on, None: both, or both at once. `wear`: where the phone is worn in
    it, empty: without one."""

    __test__ = False

    id: str
    result: str
    plain_name: str
    name: str
    summary: str
    way: str
    taken: Way
    sides: bool
    place: str
    equipment: tuple[str, ...]
    screen_visible: bool
    about_s: float
    view: str
    wanted: bool
    why: str
    reach: Reach
    sensors: tuple[SensorShown, ...]
    led_side: Side | None
    wear: str
    not_now: tuple[str, ...]
    open: str


class TestsShown(Struct, frozen=True):
    """`age_years`, `sex`: for the norm; None: not told."""

    __test__ = False

    tests: tuple[TestShown, ...]
    measured: tuple[AssessedShown, ...]
    directions: tuple[str, ...]
    age_years: float | None
    sex: Sex | None
    planned: bool


def tests_shown(store: ProfileStore, at_hand: SensorsAtHand, *, at_s: float) -> TestsShown:
    """Everything of now, by the sensors that there are."""
    plan, person = kept_plan(store, at_s=at_s), store.person()
    found, closed = impairments(plan), _closed(store, plan, at_s=at_s)
    age = age_at(person, plan.today)
    beside = Beside(plan.results, age, person.sex)
    shown = tuple(_test(t, plan, found, closed[t.id], at_hand) for t in guided_tests().values())
    return TestsShown(
        tests=tuple(sorted(shown, key=lambda t: (_NEAREST.index(t.reach), not t.wanted))),
        measured=assessed_shown(found, beside, store.plan_events()),
        directions=(
            *(
                words.direction_found(
                    d.direction,
                    d.effect,
                    None if d.barred_until_day is None else d.barred_until_day - d.day,
                )
                for d in found.directions
            ),
            *(words.preferred_words(way) for way in Direction if way is found.preferred),
        ),
        age_years=age,
        sex=person.sex,
        planned=plan.begun is not None,
    )


def _closed(store: ProfileStore, plan: OwnPlan, *, at_s: float) -> dict[str, tuple[str, ...]]:
    """Why each test may not be led now: the door that everything passes, and what the plan leaves
    out today."""
    refused = guided.refusals(store)
    standing = now_standing(store, plan)
    if standing is None:
        return {i: (QUESTIONS_FIRST,) if refused[i] else () for i in guided_tests()}
    asked = asked_for(store, plan, standing, care_now(store, standing, at_s=at_s))
    holding = bars(asked)
    return {
        t.id: not_now(t, asked, holding, standing) or ((QUESTIONS_FIRST,) if refused[t.id] else ())
        for t in guided_tests().values()
    }


def _test(
    t: Exercise,
    plan: OwnPlan,
    found: Impairments,
    closed: tuple[str, ...],
    at_hand: SensorsAtHand,
) -> TestShown:
    assert t.taken is not None, "only tests are shown"
    wanted, why = _why(t, plan, found)
    reached = [_reached(t.for_side(side), at_hand) for side in _sides(t)]
    best = min(reached, key=lambda r: _NEAREST.index(r.reach))
    both = all(r.reach is best.reach for r in reached)
    return TestShown(
        id=t.id,
        result=t.taken.result,
        plain_name=t.plain_name,
        name=t.name,
        summary=t.summary,
        way=way_words(t),
        taken=t.taken.way,
        sides=t.bilateral,
        place=t.place.value,
        equipment=tuple(t.equipment),
        screen_visible=t.screen_visible,
        about_s=about_s(t),
        view=t.camera_view().value,
        wanted=wanted,
        why=why,
        reach=best.reach,
        sensors=best.sensors,
        led_side=None if both else best.side,
        wear=best.wear,
        not_now=closed,
        open=t.taken.open,
    )


def _sides(t: Exercise) -> tuple[Side, ...]:
    return (Side.LEFT, Side.RIGHT) if t.bilateral else (t.written_for,)


_NEAREST = (Reach.READY, Reach.PHONE, Reach.MORE, Reach.NONE)


class _Reached(Struct, frozen=True):
    reach: Reach
    side: Side
    sensors: tuple[SensorShown, ...] = ()
    wear: str = ""


def _reached(t: Exercise, at_hand: SensorsAtHand) -> _Reached:
    """How far the sensors at hand go for one side."""
    side = t.written_for
    where = position(place_for_exercise(t).recommended)
    worn, named = (_called(s, side) for s in (at_hand.worn, at_hand.named))
    phone = _AT[where.segment]
    here = {CAMERA, *worn, *((phone,) if at_hand.phone else ())}
    needs = nearest_set(t.id, here)
    if needs is None:
        return _Reached(Reach.NONE, side)
    missing = set(needs) - here
    by_phone = phone in needs and phone not in worn
    shown = tuple(
        SensorShown(SENSORS[s], s in here, s in named - here, by_phone and s == phone)
        for s in needs
    )
    lacking = Reach.PHONE if missing == {phone} else Reach.MORE
    reach = lacking if missing else Reach.READY
    return _Reached(reach, side, shown, where.name if by_phone else "")


def _called(worn: frozenset[Segment], side: Side) -> set[str]:
    """What worn sensors are called of which the test of this side knows."""
    return {_AT[s] for s in worn if s in _AT and _OF_SIDE.get(s, side) is side}


def _why(t: Exercise, plan: OwnPlan, found: Impairments) -> tuple[bool, str]:
    """Whether it is one to do next, and the open question that it closes."""
    assert t.taken is not None, "only tests are shown"
    if t.taken.way is Way.REPEATED:
        return False, _WAY
    a = assessments()[t.taken.result]
    if a.cut is None:
        return False, _ITSELF
    verdicts = {f.verdict for f in found.assessed if f.test == t.taken.result}
    if Verdict.ONE_DAY in verdicts:
        return True, _DAYS
    tight = plan.intake.tight if plan.intake else ()
    if felt_in(tight) & set(a.muscles) and Verdict.ENOUGH not in verdicts:
        return True, _FELT
    told = verdicts & {Verdict.SHORT, Verdict.NOT_BEYOND, Verdict.ENOUGH}
    return (False, _DONE) if told else (True, _OPEN)
