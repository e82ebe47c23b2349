"""How a score moves over weeks: what a repeat alone differs by, what matters to people, and which
of both a change is beyond. Pure.

The detectable change is 1.96 * sqrt(2) * sem: two measurements differ by less in 95 of 100 cases
without anything having changed.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import sqrt

from msgspec import Struct

from lengthwise.contracts.questionnaire import AnsweredOn
from lengthwise.plan.scoring import Change, change, from_one, recovered, score
from lengthwise.reference.questionnaires import Higher, Questionnaire

_SURE = 1.96


class Verdict(StrEnum):
    """Of a change since the first score. `WITHIN_REPEAT`: a repeat alone may differ by as much;
    `BETTER_LITTLE`, `WORSE_LITTLE`: beyond that, and less than what matters to people."""

    FIRST = "first"
    BETTER = "better"
    WORSE = "worse"
    BETTER_LITTLE = "better_little"
    WORSE_LITTLE = "worse_little"
    WITHIN_REPEAT = "within_repeat"
    NOT_KNOWN = "not_known"


class Point(Struct, frozen=True):
    """One day. `value` None: too few answers; `sd`: standard error of measurement; `changed`: since
    the first score; `closer_look`: parts that ask for one."""

    day: int
    value: float | None
    sd: float | None
    changed: float | None
    verdict: Verdict
    recovered: bool | None
    band: str | None
    parts: dict[str, float]
    closer_look: tuple[str, ...]
    missing: tuple[int, ...]


class Trajectory(Struct, frozen=True):
    """`detectable`: a change that a repeat alone hardly makes, in points; `important`: one that
    matters to people, of the first score; None: not known. `points`: ready to be drawn."""

    questionnaire: str
    name: str
    higher: Higher
    detectable: float | None
    important: float | None
    points: tuple[Point, ...]


def detectable(q: Questionnaire) -> float | None:
    """In points of the score; None where no standard error was found."""
    return None if q.sem is None else _SURE * sqrt(2.0) * q.sem


def trajectory(
    questionnaire: str,
    q: Questionnaire,
    times: Sequence[AnsweredOn],
    *,
    coded_from_one: bool = False,
) -> Trajectory:
    """Raises InputError on an item or answer that the questionnaire does not have."""
    points: list[Point] = []
    first: float | None = None
    for each in times:
        answers = from_one(q, each.answers) if coded_from_one else each.answers
        found = score(q, answers)
        is_first = first is None and found.value is not None
        verdict = Verdict.FIRST if is_first else judged(q, first, found.value)
        first = found.value if first is None else first
        cut = q.closer_look_from
        points.append(
            Point(
                day=each.day,
                value=found.value,
                sd=None if found.value is None else q.sem,
                changed=None if first is None or found.value is None else found.value - first,
                verdict=verdict,
                recovered=recovered(q, found.value),
                band=found.band,
                parts=found.parts,
                closer_look=()
                if cut is None
                else tuple(name for name, value in found.parts.items() if value >= cut),
                missing=found.missing,
            )
        )
    return Trajectory(
        questionnaire, q.name, q.higher, detectable(q), _important(q, first), tuple(points)
    )


def judged(q: Questionnaire, first: float | None, now: float | None) -> Verdict:
    """A change counts as one that matters only where a repeat alone would not make it."""
    least = detectable(q)
    if first is None or now is None or least is None:
        return Verdict.NOT_KNOWN
    if abs(now - first) < least:
        return Verdict.WITHIN_REPEAT
    better = (now < first) == (q.higher is Higher.WORSE)
    if change(q, first, now) in (Change.BETTER, Change.WORSE):
        return Verdict.BETTER if better else Verdict.WORSE
    return Verdict.BETTER_LITTLE if better else Verdict.WORSE_LITTLE


def _important(q: Questionnaire, first: float | None) -> float | None:
    enough = [] if q.important_change is None else [q.important_change]
    if q.important_share is not None and first is not None and first > 0.0:
        enough.append(q.important_share * first)
    return min(enough, default=None)
