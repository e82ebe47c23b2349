"""What an exercise does to one body, computed: the table that plans and studies receive."""

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.states import Estimate


class GroupEffect(Struct, frozen=True):
    """One muscle group and side along the path. Fractions are range fractions of this body.

    `gain`: end less start; `peak_gain`: the most of the whole way, also towards the other end, less
    start. `rank`: 1 for the group of the region that gains most at the end, of each group the side
    that gains more; None outside the region. `target`: the exercise names it.
    """

    group: MuscleGroup
    side: Side
    start_fraction: float
    end_fraction: float
    gain: float
    peak_gain: float
    rank: int | None
    target: bool


class CompensationEffect(Struct, frozen=True):
    """What `coordinate` does that leaves its place by twice its tolerance, where a stretch is first
    felt: the `position` between both marks to which it carries the target it lengthens most."""

    coordinate: Coordinate
    position: float


class ExerciseEffect(Struct, frozen=True):
    """An exercise as written, done to its end by one body with `side` as the working side.

    `groups`: every group and side in the order of GROUP_SIDES. `line_alignment` -1..1 and
    `selectivity` 0..1 at the end; None where the exercise lengthens nothing on purpose or too
    little is moved to tell. `load_l4l5`, `load_l5s1`: the highest compression along the way as a
    ratio to standing, with the sd of the mechanics (the posture itself is stated); None where what
    carries the body is not known. `sciatic`, `femoral`: the highest strain along the way, of either
    leg; an ankle that the file does not name counts as dorsiflexed. They add caution, never clear.
    `compensations`: of each constraint of a stretch.
    """

    exercise_id: str
    version: int
    side: Side
    groups: tuple[GroupEffect, ...]
    line_alignment: float | None
    selectivity: float | None
    load_l4l5: Estimate | None
    load_l5s1: Estimate | None
    sciatic: Estimate
    femoral: Estimate
    compensations: tuple[CompensationEffect, ...] = ()

    def of(self, group: MuscleGroup, side: Side) -> GroupEffect:
        return self.groups[GROUP_INDEX[group, side]]

    @property
    def targets(self) -> tuple[GroupEffect, ...]:
        """What the exercise names as lengthened."""
        return tuple(g for g in self.groups if g.target)

    @property
    def by_gain(self) -> tuple[GroupEffect, ...]:
        """All groups, the largest gain first; of equal ones in the usual order."""
        return tuple(sorted(self.groups, key=lambda g: -round(g.gain, 9)))
