"""The plan's adaptation of one day: safety, level and volume, then everything else by its rule.

    state, decided = adapt(state, day)

Pure, and replayed from what was told: the same days give the same decisions, stopped and gone on
with wherever. Authority as everywhere: safety, clinician, phase, progression, allocation,
preference. What is here lowers, orders or weighs; it opens nothing, and only rule C gives back up
to a fifth of what progression took.
"""

from msgspec.structs import replace

from lengthwise.contracts.adaptation import (
    Adapt,
    Adaptation,
    AdaptDay,
    AdaptedDay,
    Adaptive,
    AdaptTold,
    Kept,
)
from lengthwise.contracts.progress import Decided, Move, Standing
from lengthwise.contracts.week import WeekAsked
from lengthwise.plan.plateau import retargeted, reviewed
from lengthwise.plan.progression import step, stopped
from lengthwise.plan.recalibration import DAYS, recalibrated
from lengthwise.plan.thirds import in_thirds
from lengthwise.reference.constants import constant

_START_DAYS = int(constant("plan", "plateau_start_days"))
_LEAST_VOLUME = constant("plan", "volume_least_ratio")
_NEW_AT = {1: "range", 2: "hold", 3: "hold", 4: "dynamics", 5: "load"}
"""What a level adds to the one below it (rule G): supported mid-range, short holds, their full
dose, active end of range, a load."""


def begun(told: AdaptTold) -> Adaptive:
    return Adaptive(
        Standing(told.level), sessions_a_week=told.sessions_a_week, southern=told.southern
    )


def adapt(state: Adaptive, day: AdaptDay) -> tuple[Adaptive, AdaptedDay]:
    """One day. Raises InputError for a day that is not after the last one."""
    told = day.told
    standing, moved = step(state.standing, told)
    start = told.day if state.start_day is None else state.start_day
    now = replace(state, standing=standing, start_day=start)
    first = (*_rescreened(day, moved), *_one_thing(state.standing, standing, moved))
    now, review = reviewed(now, told.day)
    now, steps = in_thirds(now, told.day, day.expected)
    now, volumes = recalibrated(now, told.day, pain=told.pain, lived=day.lived, month=day.month)
    return _noted(now, day), AdaptedDay(moved, (*first, *review, *steps, *volumes))


def _rescreened(day: AdaptDay, moved: Decided) -> tuple[Adaptation, ...]:
    """Rules S and X: at every flare and after every stop."""
    flare = moved.move is Move.EASY_DAYS
    if not flare and (day.told.session is None or not stopped(day.told.session)):
        return ()
    rule, evidence, reason = (
        ("F", "progress.flare", "asked_flare") if flare else ("X", "progress.stops", "asked_stop")
    )
    return (Adaptation(day.told.day, Adapt.RESCREEN, ("S", rule), (evidence,), reason, "answered"),)


def _one_thing(before: Standing, after: Standing, moved: Decided) -> tuple[Adaptation, ...]:
    """Upwards one thing changes, and it is named."""
    if moved.move is not Move.UP:
        return ()
    higher = after.level > before.level
    about = _NEW_AT[after.level] if higher else "volume"
    return (
        Adaptation(
            moved.day,
            Adapt.ONE_THING,
            ("G",),
            moved.evidence_ids,
            f"new_{about}",
            "borne_badly",
            about,
            ratio=1.0 if higher else after.volume / before.volume,
        ),
    )


def _noted(now: Adaptive, day: AdaptDay) -> Adaptive:
    """What this day leaves for those to come."""
    told = day.told
    assert now.start_day is not None
    kept = tuple(k for k in now.kept if k.day > told.day - DAYS)
    starts = now.start_pains
    if told.pain is not None and told.day < now.start_day + _START_DAYS:
        starts = (*starts, told.pain)
    sessions = now.session_days if told.session is None else (*now.session_days, told.day)
    return replace(
        now,
        kept=(*kept, Kept(told.day, told.pain, day.lived)),
        start_pains=starts,
        session_days=sessions,
        stretched=tuple(sorted({*now.stretched, *day.stretched})),
    )


def asked_of(asked: WeekAsked, state: Adaptive) -> WeekAsked:
    """The question for a week, by where the person stands: level, volume, weights and the hours
    that are sat. Safety answers stay as they are, but for a flare that these days are in."""
    standing = state.standing
    easy = (
        standing.day is not None
        and standing.end_range_from_day is not None
        and standing.day < standing.end_range_from_day
    )
    care = replace(asked.care, flare=True) if easy else asked.care
    return replace(
        asked,
        level=standing.level,
        volume=max(state.volume, _LEAST_VOLUME),
        needs=retargeted(asked.needs, state.retargeted),
        care=care,
        sitting_h=asked.sitting_h if state.sitting_h is None else state.sitting_h,
    )
