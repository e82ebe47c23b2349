"""How far a simulated hold truly goes: led by a window, to the first gentle pull, or by feel.

A stand-in for the coach, which leads as the coach does and by its own functions: on from the first
gentle pull as long as the window leads and a little further stays below the ceiling, doubt
included. Readings of a day share one error, as marks of that day do.
"""

from math import hypot

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind, Window
from lengthwise.contracts.states import Estimate
from lengthwise.live.evaluation.planning_day import Hold
from lengthwise.plan.windows import PersonalWindow, Taken
from lengthwise.reference.constants import constant
from lengthwise.sim.cohort import Flesh
from lengthwise.tissue.window import (
    MarkReading,
    leads,
    length_covariance_m2,
    position_of,
    room_further,
)

Muscle = tuple[MuscleGroup, Side]

LED = "a window: inside it"
BELOW = "a window: below it, for its doubt"
DOUBT = "first gentle pull: more doubt than window"
NO_WINDOW = "first gentle pull: no window yet, or over"
BLIND = "first gentle pull: sensors could not see"
_ON = 0.01
"""Share of the way between both marks by which the lead is followed."""
_INTO = 0.05
"""Half of what somebody goes who is asked for a little more: so far in from the lower edge."""
_UPRIGHT_M = 0.25
_SETUP = "simulated"


def _c(name: str) -> float:
    return constant("cohort", name)


class Reading:
    """One day of sensors; `bias_m` None: they cannot see."""

    def __init__(self, rng: np.random.Generator, *, blind: bool) -> None:
        bias_m = float(rng.normal(0.0, _c("reading_bias_sd_m")))
        self.rng, self.bias_m = rng, None if blind else bias_m

    def of(self, true_m: float) -> float:
        assert self.bias_m is not None
        return true_m + self.bias_m + float(self.rng.normal(0.0, _c("reading_white_sd_m")))

    def taken(
        self, day: int, muscle: Muscle, kind: MarkKind, true_m: float, *, relief: bool | None
    ) -> Taken:
        sd_m = hypot(_c("reading_bias_sd_m"), _c("reading_white_sd_m"))
        stamp = f"day {day:04d}"
        apart_m = 2.0**0.5 * _c("reading_white_sd_m") if kind is MarkKind.TOLERANCE else None
        mark = Mark(
            *muscle,
            kind,
            max(self.of(true_m), 0.01),
            sd_m,
            _UPRIGHT_M,
            stamp,
            _SETUP,
            distance_sd_m=apart_m,
            pain_relief=relief,
        )
        return Taken(mark, day, 0.0)


def gentle_pull_m(flesh: Flesh, day: int, muscle: Muscle, rng: np.random.Generator) -> float:
    """Where the first gentle pull is said to be, which is not quite where it is."""
    at = rng.normal(_c("gentle_position"), _c("gentle_position_sd"))
    return place_m(flesh, day, muscle, float(at))


def led_hold(
    flesh: Flesh,
    day: int,
    muscle: Muscle,
    *,
    seconds: float,
    window: PersonalWindow | None,
    reading: Reading,
    width_m: tuple[float, float] | None = None,
    today: tuple[float, bool] | None = None,
) -> Hold:
    """Inside the window where there is one and the sensors see; else at the first gentle pull.

    `width_m`: the way between both marks as it was predicted, with its sd; it only narrows.
    `today`: today's first gentle pull as it was read, and whether it may move the window onwards.
    """
    rng = reading.rng

    def at_first_pull(why: str) -> Hold:
        true_m = gentle_pull_m(flesh, day, muscle, rng)
        return Hold(muscle, seconds, _position(flesh, day, muscle, true_m), led=False, why=why)

    if reading.bias_m is None:
        return at_first_pull(BLIND)
    if window is None or not window.valid:
        return at_first_pull(NO_WINDOW)
    assert window.first is not None and window.tolerance is not None
    first_m, wide_m = window.first.length_m, window.tolerance.length_m - window.first.length_m
    if width_m is not None:
        wide_m = min(wide_m, max(width_m[0], 0.0))
    own = window.window
    first_m, wide_m = from_today(first_m, wide_m, own.ceiling, today)
    aim = led_to(own, wide_m, window.distance_sd_m)
    if aim <= 0.0:
        return at_first_pull(DOUBT)
    noise_m = rng.normal(0.0, hypot(_c("cue_sd_m"), _c("reading_white_sd_m")))
    true_m = first_m + aim * wide_m - reading.bias_m + float(noise_m)
    led = own.low <= aim <= own.high
    at = _position(flesh, day, muscle, true_m)
    return Hold(muscle, seconds, at, led=led, why=LED if led else BELOW)


def led_to(window: Window, wide_m: float, distance_sd_m: float | None) -> float:
    """How far between the marks the coach leads, which are `wide_m` apart; 0: not at all."""
    if wide_m <= 0.0:
        return 0.0
    at, covariance_m2 = 0.0, _covariance_m2(wide_m, distance_sd_m)
    while at < window.low + _INTO:
        now = Estimate(*position_of(at * wide_m, 0.0, wide_m, covariance_m2))
        if not (leads(now, window) and (at >= window.low or room_further(now, window))):
            break
        at += _ON
    return at


def place_told(at: float, wide_m: float, distance_sd_m: float | None) -> Estimate:
    """A position between first resistance as marked today and a tolerance that it carried over,
    with its sd as the coach has it. `distance_sd_m` None: of marks in several set-ups."""
    covariance_m2 = _covariance_m2(wide_m, distance_sd_m)
    return Estimate(*position_of(at * wide_m, 0.0, wide_m, covariance_m2))


def _covariance_m2(wide_m: float, distance_sd_m: float | None) -> np.ndarray:
    """(3, 3) of now, today's first pull and the tolerance."""
    bias_m2, white_m2 = _c("reading_bias_sd_m") ** 2, _c("reading_white_sd_m") ** 2
    of_session_m2 = np.array([[bias_m2 + white_m2, bias_m2], [bias_m2, bias_m2 + white_m2]])
    sd_m = float(of_session_m2[0, 0]) ** 0.5
    tolerance = MarkReading(wide_m, sd_m, distance_sd_m is not None, distance_sd_m)
    return length_covariance_m2(
        sd_m, MarkReading(0.0, sd_m, True), tolerance, of_session_m2=of_session_m2
    )


def from_today(
    first_m: float, wide_m: float, ceiling: float, today: tuple[float, bool] | None
) -> tuple[float, float]:
    """The window carried to today's first pull, as the coach does: a later one leaves the length at
    the ceiling where it was, and one that leaves no room below it counts for nothing."""
    if today is None:
        return first_m, wide_m
    pull_m, onwards = today
    if pull_m <= first_m:
        return pull_m, wide_m
    left_m = first_m + ceiling * wide_m - pull_m
    if not onwards or left_m <= 0.0:
        return first_m, wide_m
    return pull_m, left_m / ceiling


def felt_hold(flesh: Flesh, muscle: Muscle, *, seconds: float, rng: np.random.Generator) -> Hold:
    """By feel, as in a programme on paper: today's marks are felt, so far as anybody feels them."""
    at = float(rng.normal(flesh.person.feel, _c("feel_position_hold_sd")))
    return Hold(muscle, seconds, at, led=False)


def ramp_end(rng: np.random.Generator) -> float:
    """Where a ramp truly ends, between the two marks (0 and 1)."""
    beyond = rng.normal(_c("ramp_beyond_position"), _c("ramp_beyond_position_sd"))
    return 1.0 + max(float(beyond), -0.1)


def place_m(flesh: Flesh, day: int, muscle: Muscle, position: float) -> float:
    first_m = flesh.first_m(day, muscle)
    return first_m + position * (flesh.tolerance_m(day, muscle) - first_m)


def _position(flesh: Flesh, day: int, muscle: Muscle, true_m: float) -> float:
    first_m = flesh.first_m(day, muscle)
    return (true_m - first_m) / (flesh.tolerance_m(day, muscle) - first_m)
