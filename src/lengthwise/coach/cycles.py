"""Counts slow movements to and fro from where they turn. A pure step.

A turn counts once the movement has come back by `turn` (in units of progress) from its extreme,
so tremor is no turn and nobody's range is prescribed. Two turns are one cycle.
"""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.settings import Settings
from lengthwise.reference.exercise_parts import Tempo


class CycleNews(StrEnum):
    COUNTED = "counted"
    FAST = "fast"


class CycleCount(Struct, frozen=True):
    """`heading` +1 towards the end, -1 away, 0 not yet known.

    `cycle_s` seconds of the last cycle, `last_fast` whether it was too quick to count.
    """

    counted: int = 0
    heading: int = 0
    lowest: float | None = None
    highest: float | None = None
    turns: int = 0
    begun_s: float | None = None
    cycle_s: float | None = None
    last_fast: bool = False


def shortest_s(tempo: Tempo, settings: Settings) -> float:
    """A cycle shorter than this is too quick to count: by the tempo asked for, else in general."""
    asked_s = tempo.cycle_s
    return settings.cycle_min_s if asked_s is None else settings.cycle_fast_ratio * asked_s


def step(
    count: CycleCount, progress: float, *, t_s: float, turn: float, cycle_min_s: float
) -> tuple[CycleCount, CycleNews | None]:
    """One frame with known progress."""
    begun_s = t_s if count.begun_s is None else count.begun_s
    lowest = progress if count.lowest is None else min(count.lowest, progress)
    highest = progress if count.highest is None else max(count.highest, progress)
    heading, turns = count.heading, count.turns
    if heading >= 0 and highest - progress >= turn:
        turns += heading
        heading, lowest = -1, progress
    elif heading <= 0 and progress - lowest >= turn:
        turns -= heading
        heading, highest = 1, progress
    moved = replace(
        count, heading=heading, lowest=lowest, highest=highest, turns=turns, begun_s=begun_s
    )
    if turns < 2:
        return moved, None
    cycle_s = t_s - begun_s
    slow = cycle_s >= cycle_min_s
    done = replace(
        moved,
        counted=count.counted + slow,
        turns=0,
        begun_s=t_s,
        cycle_s=cycle_s,
        last_fast=not slow,
    )
    return done, CycleNews.COUNTED if slow else CycleNews.FAST
