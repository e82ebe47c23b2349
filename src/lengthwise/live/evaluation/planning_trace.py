"""Why a simulated person was given no stretch on a day, and why a hold was not led in a window.

    held_back(asked, held, known)      the fewest causes that any exercise for what is short had
    traced(lives)                      tables: days without a stretch, holds without a window

A day counts for the exercise that came nearest: with one cause, only that one stood in the way.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from lengthwise.contracts.week import Purpose, WeekAsked
from lengthwise.live.evaluation.planning_day import DayLog
from lengthwise.live.evaluation.table import Cell, Table
from lengthwise.plan.allocation import purpose_of
from lengthwise.plan.eligible import LeftOut, bars, left_out
from lengthwise.reference.exercises import Exercise

HELD = "a clinician is asked first (X)"
NOTHING_MADE = "no exercise for what is short"
OTHER_DAY = "allowed, and not planned for this day"
_LEVEL = "level 0, isometric work (G)"
_LEVEL_HIGHER = "every stretch for it is of a higher level (G)"
_NOT_TOLD = "{} not told"
_CARE = {
    "P.": ("course", "first six weeks (P)", "how long it has lasted"),
    "F.": ("flare", "easy days of a flare (F)", "whether it is a flare"),
    "N.": ("neural_signs", "leg symptom (N)", "leg symptoms"),
    "S.hypermobile": ("hypermobile", "very mobile joints (S)", "how mobile joints are"),
    "S.osteoporosis": ("osteoporotic", "osteoporosis (S)", "osteoporosis"),
    "S.pregnancy": ("pregnant", "pregnancy (S)", "pregnancy"),
    LeftOut.IRRITABLE: ("irritable", "irritable back (K)", "how pain settles"),
    LeftOut.MUCH_PAIN: ("baseline_nrs", "pain of 7 or more (D)", "pain of the day"),
}


def held_back(asked: WeekAsked, *, held: bool, known: Mapping[str, Exercise]) -> tuple[str, ...]:
    """Empty: nothing stands in the way of one exercise at least."""
    if held:
        return (HELD,)
    short = {need.group for need in asked.needs}
    holding = bars(asked)
    found = [
        frozenset(_named(reason, asked) for reason in left_out(e, asked, holding))
        for e in known.values()
        if purpose_of(e) is Purpose.LENGTH and any(t.group in short for t in e.targets)
    ]
    if not found:
        return (NOTHING_MADE,)
    return min(
        (tuple(sorted(causes)) for causes in found), key=lambda causes: (len(causes), causes)
    )


def _named(reason: str, asked: WeekAsked) -> str:
    if reason == LeftOut.LEVEL:
        return _LEVEL if asked.level == 0 else _LEVEL_HIGHER
    for begins, (field, barred, unknown) in _CARE.items():
        if reason.startswith(begins):
            told = getattr(asked.care, field) is not None
            return barred if told else _NOT_TOLD.format(unknown)
    if asked.barred is None:
        return _NOT_TOLD.format("safety questions")
    return "another rule of safety or direction (S, K)"


def causes_of(days: Iterable[DayLog]) -> Counter[tuple[str, ...]]:
    """Training days by what was given (empty) or what held every stretch back."""
    found: Counter[tuple[str, ...]] = Counter()
    for day in days:
        if day.given:
            stretched = any(g.lengthens for g in day.given)
            found[() if stretched else day.held_back or (OTHER_DAY,)] += 1
    return found


def holds_of(days: Iterable[DayLog]) -> Counter[str]:
    """Seconds held, by whether and why not a window led."""
    found: Counter[str] = Counter()
    for day in days:
        for hold in day.holds:
            if hold.first:
                found[hold.why] += round(hold.seconds)
    return found


def traced(causes: Counter[tuple[str, ...]], holds: Counter[str], people: int) -> Iterator[Table]:
    training = sum(causes.values())
    names = sorted(
        {name for of in causes for name in of},
        key=lambda name: (-sum(n for of, n in causes.items() if name in of), name),
    )
    rows: list[tuple[Cell, ...]] = [
        ("a stretch was given", causes[()], _part(causes[()], training), None)
    ]
    for name in names:
        days = sum(n for of, n in causes.items() if name in of)
        rows.append((name, days, _part(days, training), causes[(name,)]))
    yield Table(
        f"Training days of the plan by what held every stretch back, {people} simulated people",
        ("cause (rule)", "days", "in 100", "of these, it alone"),
        tuple(rows),
        (0, 0, 1, 0),
    )
    seconds = sum(holds.values())
    yield Table(
        "Minutes held under the plan by what led them, simulated people",
        ("led by", "minutes a person", "in 100"),
        tuple(
            (why, s / 60.0 / max(people, 1), _part(s, seconds))
            for why, s in sorted(holds.items(), key=lambda each: -each[1])
        ),
        (0, 1, 1),
    )


def _part(some: float, whole: float) -> float:
    return 100.0 * some / max(whole, 1)
