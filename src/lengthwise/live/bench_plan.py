"""Speed of the plan: a week for unlike people, and everything that is decided of a day."""

import time

from msgspec.structs import replace

from lengthwise.contracts.adaptation import AdaptDay, Adaptive, Expected, Lived
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.progress import DayTold, SessionTold, Standing
from lengthwise.contracts.tolerance import Marked
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.live.week import EXAMPLE, effects_of_week
from lengthwise.plan.adapting import adapt
from lengthwise.plan.allocation import purpose_of
from lengthwise.plan.progression import step
from lengthwise.plan.tolerance_model import predicted
from lengthwise.plan.week import planned
from lengthwise.reference.exercises import exercises

WEEK_LIMIT_S, DECISION_LIMIT_S = 0.5, 0.005
_PEOPLE = 30
_DAYS = 200


def weeks() -> list[float]:
    """Seconds of each week; what exercises lengthen in this body is computed before, and the
    solver's library is loaded, which is most of a second from a cold disk, once in a process."""
    effects, known = effects_of_week(None), tuple(exercises().values())
    planned(EXAMPLE, known, effects)
    taken = []
    for asked in _people():
        begun = time.perf_counter()
        planned(asked, known, effects)
        taken.append(time.perf_counter() - begun)
    return taken


def decisions() -> list[float]:
    """Seconds of each day of somebody who trains each second day."""
    standing, taken = Standing(2), []
    for day in range(1, _DAYS):
        session = SessionTold(before=2.0, during=2.0 + day % 5) if day % 2 else None
        told = DayTold(day, pain=2.0 + day % 3, session=session)
        begun = time.perf_counter()
        standing, _ = step(standing, told)
        taken.append(time.perf_counter() - begun)
    return taken


def adaptations() -> list[float]:
    """Seconds of all that is decided of each day of the same person, with what a day is told of."""
    state, taken = Adaptive(Standing(2)), []
    for day in range(1, _DAYS):
        session = SessionTold(before=2.0, during=2.0 + day % 5) if day % 2 else None
        told = AdaptDay(
            DayTold(day, pain=2.0 + day % 3, session=session),
            lived=Lived(3.0 + day % 4, 7.0, 40.0 + day % 9, 8.0),
            month=1 + day // 30,
            expected=(Expected("hip_hinge", 6.0, 1.0 + day % 3),),
        )
        begun = time.perf_counter()
        state, _ = adapt(state, told)
        taken.append(time.perf_counter() - begun)
    return taken


def predictions() -> list[float]:
    """Seconds of a predicted window from four weeks of both marks, a day each."""
    marked = [
        Marked(day, kind, 0.25 + 0.02 * (kind is MarkKind.TOLERANCE), 0.004, relief=False)
        for day in range(28)
        for kind in MarkKind
    ]
    taken = []
    for day in range(28, 128):
        begun = time.perf_counter()
        predicted((MuscleGroup.PSOAS, Side.LEFT), marked, day=day)
        taken.append(time.perf_counter() - begun)
    return taken


def _people() -> list[WeekAsked]:
    """Who lack one to eight muscles, in turn over all that a stretch is for."""
    groups = sorted({t.group for e in exercises().values() for t in e.targets if purpose_of(e)})
    found = []
    for n in range(_PEOPLE):
        lacking = [groups[(n + k) % len(groups)] for k in range(1 + n % 4)]
        sides = tuple(Side) if n % 3 else (Side.LEFT,)
        needs = [
            NeededLength(group, side, 1.0 / (1 + k))
            for k, group in enumerate(lacking)
            for side in sides
        ]
        found.append(replace(EXAMPLE, level=n % 6, needs=tuple(needs)))
    return found
