"""Speed of the coach alone, over every exercise there is.

Somebody who does as told, drawn as what body and tissue would tell of it: nothing is simulated or
estimated, so all exercises take a few seconds together.
"""

import time
from math import radians

import numpy as np

from lengthwise.coach import coach
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.state import LOADED
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import (
    BodyState,
    Estimate,
    LevelLoad,
    LumbarLoad,
    NerveStrain,
    SideStrain,
    TissueState,
    Unseen,
)
from lengthwise.reference.exercises import Exercise, exercises

LED_S = 30.0
RATE_HZ = 30.0
_PACE_S = 4.0
"""From start to end."""
_PULL_AT = 0.1
"""Share of the way at which the first gentle pull is marked."""
_DEPTH, _DEPTH_SD = 0.72, 0.04
"""Window position at the end: inside the general window."""

_COVARIANCE_RAD2 = frozen_array(np.eye(len(COORDINATES)) * radians(2.0) ** 2)
_SEEN = (Unseen.CLAIMED,) * len(COORDINATES)
_CLAIMED = (True,) * len(GROUP_SIDES)
_LEG = SideStrain(Estimate(0.02, 0.005), Estimate(0.02, 0.005), 0.0, True)
_NERVES = NerveStrain(_LEG, _LEG)
_DISC = LevelLoad(Estimate(1.0, 0.1), Estimate(500.0, 200.0), None)
_LOAD = LumbarLoad(_DISC, _DISC)
_LENGTHS_M = frozen_array(np.full(len(GROUP_SIDES), 0.2))
_FRACTIONS = frozen_array(np.full(len(GROUP_SIDES), 0.5))
_SDS = frozen_array(np.full(len(GROUP_SIDES), 0.01))


def each_exercise() -> dict[str, list[float]]:
    """Seconds of each frame of the left side, by exercise id."""
    return {exercise_id: _led(e) for exercise_id, e in sorted(exercises().items())}


def slowest(seconds: dict[str, list[float]]) -> list[float]:
    """The frames of the exercise with the greatest median."""
    return max(seconds.values(), key=lambda taken: float(np.median(taken)))


def _led(exercise: Exercise) -> list[float]:
    params = coach.Params(exercise, (Side.LEFT,))
    state, plan = coach.start(params), params.plans[0]
    share, pulled, taken = 0.0, False, []
    for i in range(int(LED_S * RATE_HZ)):
        t_s = i / RATE_HZ
        frame = coach.CoachFrame(_body(plan, t_s, share), _tissue(plan, t_s, share))
        begun = time.perf_counter()
        state, _ = coach.step(params, state, frame)
        taken.append(time.perf_counter() - begun)
        under_way = state.phase in LOADED
        if under_way and not pulled and share > _PULL_AT:
            pulled = True
            said = PersonSignal(t_s, SignalKind.FIRST_RESISTANCE)
            state, _ = coach.step(params, state, said)
        step = 1.0 / (_PACE_S * RATE_HZ)
        share = min(1.0, share + step) if under_way else max(0.0, share - step)
    return taken


def _body(plan: SidePlan, t_s: float, share: float) -> BodyState:
    mean_rad = np.zeros(len(COORDINATES))
    for coordinate, start_rad in plan.start_rad:
        mean_rad[INDEX[coordinate]] = start_rad
    for part in plan.path:
        mean_rad[INDEX[part.coordinate]] = part.start_rad + share * part.span_rad
    return BodyState(t_s, frozen_array(mean_rad), _COVARIANCE_RAD2, _SEEN, 1.0)


def _tissue(plan: SidePlan, t_s: float, share: float) -> TissueState:
    positions: list[Estimate | None] = [None] * len(GROUP_SIDES)
    for target in plan.targets:
        positions[GROUP_INDEX[target]] = Estimate(_DEPTH * share, _DEPTH_SD)
    return TissueState(
        t_s=t_s,
        length_m=_LENGTHS_M,
        length_sd_m=_SDS,
        range_fraction=_FRACTIONS,
        range_fraction_sd=_SDS,
        claimed=_CLAIMED,
        window_position=tuple(positions),
        raw_position=tuple(positions),
        nerve=_NERVES,
        lumbar=_LOAD,
    )
