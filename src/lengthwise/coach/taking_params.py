"""What stays fixed while a test is led: the exercise it is, and how its result is taken."""

from dataclasses import dataclass, field
from math import radians

from lengthwise.coach import coach
from lengthwise.coach.taking_state import Rule
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.exercise_taken import Part, Taken, Way
from lengthwise.reference.exercises import Exercise


@dataclass(frozen=True)
class Params:
    """`led`: the test on all its sides. Raises ValueError for an exercise that is no test."""

    led: coach.Params
    _rules: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        rules = tuple(rule_of(plan.exercise) for plan in self.led.plans)
        object.__setattr__(self, "_rules", rules)

    def _taken(self, side_index: int) -> Taken:
        written = self.led.plans[side_index].exercise
        if written.taken is None:
            raise ValueError(f"{written.id} is no test")
        return written.taken

    def rule(self, side_index: int) -> Rule:
        return self._rules[side_index]

    def parts(self, side_index: int) -> tuple[Part, ...]:
        return measured_parts(self.led.plans[side_index].exercise)

    def controls(self, side_index: int) -> tuple[Coordinate, ...]:
        return self._taken(side_index).controls


def measured_parts(written: Exercise) -> tuple[Part, ...]:
    """Of repeated movements, which name none, the first coordinate that has to be known, towards
    the end of the path."""
    assert written.taken is not None, "only tests are measured"
    if written.taken.parts:
        return written.taken.parts
    for motion in written.path:
        if motion.coordinate in written.required:
            towards = 1.0 if motion.end_deg > motion.start_deg else -1.0
            return (Part(motion.coordinate, towards),)
    return ()


def way_rad(written: Exercise) -> float:
    """How far the measured angle goes along the drawn path."""
    spans = {m.coordinate: radians(m.end_deg - m.start_deg) for m in written.path}
    return sum(p.factor * spans.get(p.coordinate, 0.0) for p in measured_parts(written))


def rule_of(written: Exercise) -> Rule:
    """Raises ValueError for an exercise that is no test."""
    taken = written.taken
    if taken is None:
        raise ValueError(f"{written.id} is no test")
    along_rad = way_rad(written)
    if along_rad <= 0.0 and taken.way is not Way.STILL:
        raise ValueError(f"{written.id} measures an angle that its path does not enlarge")
    return Rule(
        way=taken.way,
        way_rad=along_rad,
        tries=taken.tries,
        of_tries=taken.of_tries,
        absolute=not taken.from_start,
        controlled=bool(taken.controls),
        asks=taken.asks,
        leaves_rad=radians(taken.leaves_deg or 0.0),
        longest_s=taken.longest_s or 0.0,
        cycles=taken.cycles,
    )
