"""What the page may send about the plan, each with its bounds; anything more is refused."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.own_plan import LONGEST_WORDS, Apart, AtHand, Change, TightPlace
from lengthwise.contracts.teaching import Track
from lengthwise.contracts.workday import Desk
from lengthwise.web.forms import Form, Id

Nrs = Annotated[float, Field(ge=0.0, le=10.0)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS, strip_whitespace=True)]
Value = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,12}$")]
Told = Annotated[dict[AnswerName, Value], Field(max_length=9)]
Place = Literal["floor", "bed", "chair", "standing", "desk"]


class TightForm(Form):
    place: TightPlace
    side: Side


class IntakeForm(Form):
    usual_nrs: Nrs | None = None
    where: Words = ""
    movement: Words = ""
    activity: Words = ""
    minutes_a_day: Annotated[float, Field(ge=2.0, le=10.0)] = 10.0
    at_hand: Annotated[tuple[AtHand, ...], Field(max_length=10)] | None = None
    kneel: bool | None = None
    floor: bool | None = None
    tight: Annotated[tuple[TightForm, ...], Field(max_length=8)] = ()
    places: Annotated[tuple[Place, ...], Field(max_length=5)] = ()
    answers: Told = Field(default_factory=dict)


class DayForm(Form):
    pain: Nrs | None = None
    change: Change | None = None
    activity_lost: bool | None = None
    answers: Told = Field(default_factory=dict)
    apart: Annotated[tuple[Apart, ...], Field(max_length=3)] | None = None


class WishForm(Form):
    exercise_id: Id
    wish: Literal["like", "leave_out", "as_it_comes"]


class LookedForm(Form):
    who: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class ResultForm(Form):
    """One result that somebody measured by hand, today. `value` in the unit of the test;
    `replaces`: the place of a result that it corrects."""

    test: Id
    side: Side | None = None
    value: Annotated[float, Field(ge=-3600.0, le=3600.0)]
    controlled: bool | None = None
    symptom: bool | None = None
    replaces: Annotated[int, Field(ge=1, le=2**31)] | None = None


class MovementForm(Form):
    """Pain of the own movement; None: not told now."""

    before: Nrs | None = None
    after: Nrs | None = None


class LearningForm(Form):
    """With whom one learns, and the plan for worse days in own words; None: not told now."""

    track: Track | None = None
    calms: Words | None = None
    less: Words | None = None
    ask: Words | None = None


class LadderForm(Form):
    ladder: Id


class TriedForm(Form):
    """One step that was done today; None: not told. `stopped`: by a symptom."""

    rung: Id
    expected: Nrs | None = None
    actual: Nrs | None = None
    confidence: Nrs | None = None
    stopped: bool = False


class WorkdayForm(Form):
    """Minutes of the day; `lunch_at_min` None: no long break that there is anyway; `sitting_h`:
    hours that are sat on a whole day, None: not told."""

    from_min: Annotated[int, Field(ge=0, le=1439)]
    until_min: Annotated[int, Field(ge=1, le=1440)]
    desk: Desk
    lunch_at_min: Annotated[int, Field(ge=0, le=1439)] | None = None
    lunch_min: Annotated[int, Field(ge=1, le=240)] = 30
    minutes_each: Annotated[float, Field(ge=1.0, le=10.0)] = 2.0
    most: Annotated[int, Field(ge=0, le=12)] = 6
    stands: bool = True
    sitting_h: Annotated[float, Field(ge=0.0, le=24.0)] | None = None


class TakeBackForm(Form):
    place: Annotated[int, Field(ge=1, le=2**31)]


class WhoForm(Form):
    """What other people a result stands beside; None: not told, and what is kept stays."""

    age_years: Annotated[float, Field(ge=18.0, le=110.0)] | None = None
    sex: Sex | None = None
