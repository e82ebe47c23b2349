"""What came of a test, in plain words: how much, how surely, beside people of that age, and whether
it counts. Nothing of it alarms: a result is a number with its doubt, and a finding takes two days.
"""

from lengthwise.contracts.assessment import Assessed, Effect, TestResult, Verdict
from lengthwise.contracts.care import Direction
from lengthwise.contracts.coordinates import Side
from lengthwise.reference.assessments import Assessment, Short, Unit, assessments
from lengthwise.reference.constants import constant
from lengthwise.report.words import first_upper, whole

_USUAL_SDS = constant("own_plan", "usual_sd_ratio")
_SURE = 1.64
"""Times the sd of a value: beyond it lies one in twenty."""
_WITHIN = 1.96
COUNTS = {
    Verdict.SHORT: "Short on two days, and by more than a repeat differs. The plan takes it in.",
    Verdict.ONE_DAY: "Short on one day, and by more than a repeat differs. It counts once another "
    "day says the same.",
    Verdict.NOT_BEYOND: "So near the limit that a repeat may say otherwise, so it is no finding.",
    Verdict.ENOUGH: "Not short.",
    Verdict.NO_CUT: "There is no limit that it could be short of. Beside another day it shows "
    "whether anything has changed.",
    Verdict.NOT_MEASURED: "Nothing is measured yet.",
    Verdict.NOT_CONTROLLED: "It says nothing: the pelvis was not surely kept in place.",
    Verdict.SYMPTOM: "It says nothing: a feeling in the leg ended it.",
    Verdict.SYMPTOM_NOT_ASKED: "It says nothing: whether a feeling in the leg changed was not "
    "told.",
}
_DOES = {
    Effect.CENTRALISES: "the feeling moved up. It opens nothing and leaves nothing out",
    Effect.PERIPHERALISES: "the feeling moved further down the leg",
    Effect.NO_CHANGE: "the feeling stayed where it was",
    Effect.NOT_KNOWN: "what it does was not told",
}
_WAY = {Direction.FLEXION: "Bending forward", Direction.EXTENSION: "Bending backward"}


def side_words(side: Side | None) -> str:
    return {Side.LEFT: "Left", Side.RIGHT: "Right", None: ""}[side]


def amount_words(a: Assessment, value: float, sd: float, *, at_least: bool = False) -> str:
    """`About 47 degrees, probably between 39 and 55`. No figure of what is not known from none,
    where there is no cut that even such a one could be beside."""
    unit = "seconds" if a.unit is Unit.S else "degrees"
    if at_least:
        return f"At least {value:.0f} {unit}: it was ended by the clock or by a word"
    if not shows(a, value, sd):
        less = f"{_WITHIN * sd:.0f} degrees"
        return f"Too little to be told from none: what is less than {less} does not show"
    low, high = value - _WITHIN * sd, value + _WITHIN * sd
    if a.unit is Unit.S:
        low = max(low, 0.0)
    about, least, most = (whole(v) for v in (value, low, high))
    if about in ("1", whole(-1.0)):
        unit = unit.removesuffix("s")
    return f"About {about} {unit}, probably between {least} and {most}"


def shows(a: Assessment, value: float, sd: float) -> bool:
    """Whether a result is worth a figure: an angle whose very sign is in doubt says so only beside
    a cut."""
    return a.unit is Unit.S or a.cut is not None or abs(value) >= _WITHIN * sd


def repeat_words(a: Assessment, mdc: float) -> str:
    unit = "seconds" if a.unit is Unit.S else "degrees"
    return f"A repeat on another day may differ by {mdc:.0f} {unit} without meaning anything."


def counts_words(verdict: Verdict) -> str:
    """Whether it is a finding, and what would make it one."""
    return COUNTS[verdict]


def norm_beside(a: Assessment, value: float, sd: float, norm: tuple[float, float]) -> str:
    """Beside people of that age, whose mean and sd are `norm`; said as rare only where it surely
    is, and never as more than that."""
    mean, spread = norm
    toward = 1.0 if a.short is Short.BELOW else -1.0
    beyond = toward * (mean - value)
    edge = _USUAL_SDS * spread
    if beyond - _SURE * sd > edge:
        return "Less than most people of your age. People differ, and by itself it says little."
    if beyond > edge:
        return "About at the edge of what is usual for your age; the measurement cannot tell."
    if -beyond > edge:
        return "As much as most people of your age, or more."
    return "Within what is usual for your age."


def no_norm_words(a: Assessment, *, age_known: bool) -> str:
    if a.norm is None:
        return "For this test there are no figures of other people to compare with."
    return "" if age_known else "Tell your age below, and it stands beside people of that age."


def direction_found(way: Direction, effect: Effect, days: int | None) -> str:
    """What a direction does, and for how long it is left out."""
    said = f"{_WAY[way]}: {_DOES[effect]}."
    if days is None:
        return said
    return f"{said} It is left out for {days} {'day' if days == 1 else 'days'} from that test."


def preferred_words(way: Direction) -> str:
    """What a direction that drew the feeling up on two days is for."""
    return f"{_WAY[way]} comes first, in the middle of the range, while pain is new or worse."


def row_words(r: TestResult) -> str:
    """One result of one day, short."""
    a = assessments()[r.test]
    value = r.value_s if a.unit is Unit.S else r.value_deg
    side = side_words(r.side)
    if value is None:
        return first_upper(f"{side + ', ' if side else ''}no result")
    unit = " s" if a.unit is Unit.S else "°"
    sd = r.sd_s if a.unit is Unit.S else r.sd_deg
    if sd is not None and not shows(a, value, sd):
        return first_upper(f"{side + ', ' if side else ''}less than {_WITHIN * sd:.0f}°")
    least = "at least " if r.at_least else ""
    return first_upper(f"{side + ', ' if side else ''}{least}{whole(value)}{unit}")


def short_words(found: Assessed) -> str:
    """Side and verdict, for a line of a list."""
    side = side_words(found.side)
    return f"{side + ': ' if side else ''}{COUNTS[found.verdict]}"
