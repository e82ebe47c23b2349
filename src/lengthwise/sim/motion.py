"""Where along an exercise a simulated person is, as the true pose of the whole body.

The truth is a share of the exercise's path (0 at the start pose, 1 at its end, negative towards the
other end of a movement to and fro), so it needs no model of muscles: the person feels first
resistance and tolerance at shares of their own.
"""

from functools import cache
from math import pi, radians, sin, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.sim.stance import Stance, agreeing

_C = Coordinate
_BREATHING_HZ = constant("sim", "breathing_hz")
_BREATHING_RAD = constant("sim", "breathing_amplitude_rad")
_SWAY_RAD = constant("sim", "sway_sd_rad")
_TILT, _CHEST, _LUMBAR = (INDEX[c] for c in (_C.PELVIS_TILT, _C.THORAX_FLEXION, _C.LUMBAR_FLEXION))
_HIPS = (INDEX[_C.HIP_FLEXION_L], INDEX[_C.HIP_FLEXION_R])

_KNEES = (INDEX[_C.KNEE_FLEXION_L], INDEX[_C.KNEE_FLEXION_R])
_DRAWN_UP_RAD = radians(80.0)
_FEET_DOWN_RAD = (radians(50.0), radians(90.0))
_LIFT_FROM = 0.7
"""Share of the way down after which drawn-up legs are lifted."""


class Traits(Struct, frozen=True):
    """What one simulated person is like. Path shares: 0 start pose, 1 end of the path."""

    seed: int
    height_m: float
    first_resistance: float
    tolerance: float
    seconds_to_tolerance: float
    breathing_phase_rad: float

    @classmethod
    def drawn(cls, seed: int) -> "Traits":
        """A person of this seed. Spreads are expert defaults."""
        rng = np.random.Generator(np.random.Philox(key=seed))
        return cls(
            seed=seed,
            height_m=float(np.clip(rng.normal(1.70, 0.09), 1.48, 1.98)),
            first_resistance=float(np.clip(rng.normal(0.45, 0.05), 0.30, 0.60)),
            tolerance=float(np.clip(rng.normal(0.95, 0.03), 0.85, 1.0)),
            seconds_to_tolerance=float(rng.uniform(7.0, 11.0)),
            breathing_phase_rad=float(rng.uniform(0.0, 2 * pi)),
        )

    def share_at(self, window_position: float) -> float:
        """The path share at a position between the person's two marks."""
        return self.first_resistance + window_position * (self.tolerance - self.first_resistance)


def start_pose_rad(exercise: Exercise) -> np.ndarray:
    """(21,) the start pose of the exercise for the side it is written for."""
    return pose_rad(exercise, 0.0)


def pose_rad(exercise: Exercise, share: float) -> np.ndarray:
    """(21,) the pose at a share of the path; for many shares make one `Stance`."""
    return Stance(exercise).pose_rad(share)


def derived(pose: np.ndarray, *, chest_moves: bool = False) -> np.ndarray:
    """A copy of the pose with its derived coordinates made to agree with the base ones.

    The chest follows the lumbar spine unless it moves on its own.
    """
    return agreeing(pose.copy(), chest_moves=chest_moves)


def eased(done: float) -> float:
    """0 to 1, smooth at both ends (minimum jerk: Flash and Hogan 1985)."""
    t = min(max(done, 0.0), 1.0)
    return t**3 * (10 - 15 * t + 6 * t * t)


def between(a: np.ndarray, b: np.ndarray, done: float) -> np.ndarray:
    """A pose on the way from a to b, smooth at both ends."""
    return np.asarray(a + (b - a) * eased(done))


def lowered(upright: np.ndarray, start: np.ndarray, done: float, *, lying: bool) -> np.ndarray:
    """A pose on the way from standing into the start pose.

    Whoever lies on the back with both legs drawn up lies down first, feet on the floor, and lifts
    them then.
    """
    if not lying or min(start[hip] for hip in _HIPS) < _DRAWN_UP_RAD:
        return between(upright, start, done)
    feet_down = start.copy()
    for hip, knee in zip(_HIPS, _KNEES, strict=True):
        feet_down[hip], feet_down[knee] = _FEET_DOWN_RAD
    if done < _LIFT_FROM:
        return between(upright, feet_down, done / _LIFT_FROM)
    return between(feet_down, start, (done - _LIFT_FROM) / (1.0 - _LIFT_FROM))


def chest(breathing_s: float, traits: Traits) -> float:
    """How far the chest is out, -1 to 1, after so many seconds of breathing."""
    return sin(2 * pi * _BREATHING_HZ * breathing_s + traits.breathing_phase_rad)


def alive(
    pose: np.ndarray,
    t_s: float,
    traits: Traits,
    *,
    breathing_s: float | None = None,
    sway_ratio: float = 1.0,
) -> np.ndarray:
    """The pose with breath and slow sway: a smooth sum of a few slow waves per coordinate.

    Hips take up the sway of the pelvis, so that the legs stay where they stand. `breathing_s`: the
    time less what the breath was held, None where it was not.
    """
    sway = sway_ratio * _sway_rad(traits.seed, t_s)
    out: np.ndarray = pose + sway
    for hip in _HIPS:
        out[hip] += sway[_TILT]
    out[_CHEST] -= _BREATHING_RAD * chest(t_s if breathing_s is None else breathing_s, traits)
    return agreeing(out, chest_moves=True)


_SWAY_WAVES = 3
_SWAY_SCALE = np.full(len(COORDINATES), _SWAY_RAD * sqrt(2 / _SWAY_WAVES))


@cache
def _waves(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, 1]))
    shape = (_SWAY_WAVES, len(COORDINATES))
    return 2 * pi * rng.uniform(0.03, 0.3, shape), rng.uniform(0.0, 2 * pi, shape)


def _sway_rad(seed: int, t_s: float) -> np.ndarray:
    rate_rad_s, phase_rad = _waves(seed)
    return np.asarray(_SWAY_SCALE * np.sin(rate_rad_s * t_s + phase_rad).sum(axis=0))


def tipped(pose: np.ndarray, tilt_rad: float) -> np.ndarray:
    """The pelvis tips (+ forward) while thighs and chest stay where they are.

    Hip flexion grows by the tilt and the lumbar spine extends by it: the usual compensation.
    """
    out = pose.copy()
    out[_TILT] += tilt_rad
    for hip in _HIPS:
        out[hip] += tilt_rad
    out[_LUMBAR] -= tilt_rad
    out[_CHEST] -= tilt_rad
    return out
