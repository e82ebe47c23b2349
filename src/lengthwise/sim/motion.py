"""Where along an exercise a simulated person is, as the true pose of the whole body.

The truth is a share of the exercise's path (0 at the start pose, 1 at its end), so it needs no
model of muscles: the person feels first resistance and tolerance at shares of their own.
"""

from functools import cache
from math import pi, sin

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad

_C = Coordinate
_BREATHING_HZ = constant("sim", "breathing_hz")
_BREATHING_RAD = constant("sim", "breathing_amplitude_rad")
_SWAY_RAD = constant("sim", "sway_sd_rad")
_CHEST_ON_TOP = ((_C.THORAX_FLEXION, _C.LUMBAR_FLEXION), (_C.THORAX_SIDE_BEND, _C.LUMBAR_SIDE_BEND))


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
    return posture_mean_rad(exercise.start_posture, overrides_rad=exercise.start_rad())


def pose_rad(exercise: Exercise, share: float, *, other_way: bool = False) -> np.ndarray:
    """(21,) the pose at a share of the path; `other_way` towards the other end of a cycle."""
    pose = start_pose_rad(exercise)
    for motion in exercise.path:
        end_deg = motion.end_deg
        if other_way and motion.other_end_deg is not None:
            end_deg = motion.other_end_deg
        at_deg = motion.start_deg + share * (end_deg - motion.start_deg)
        pose[INDEX[motion.coordinate]] = np.radians(at_deg)
    return derived(pose, chest_moves=_moves_chest(exercise))


def _moves_chest(exercise: Exercise) -> bool:
    return any(m.coordinate.value.startswith("thorax") for m in exercise.path)


def derived(pose: np.ndarray, *, chest_moves: bool = False) -> np.ndarray:
    """The pose with its derived coordinates made to agree with the base ones.

    The chest follows the lumbar spine unless the path moves it itself.
    """
    out = pose.copy()
    if not chest_moves:
        for chest, lumbar in _CHEST_ON_TOP:
            out[INDEX[chest]] = out[INDEX[lumbar]]
    out[INDEX[_C.TRUNK_FLEXION]] = out[INDEX[_C.PELVIS_TILT]] + out[INDEX[_C.THORAX_FLEXION]]
    out[INDEX[_C.TRUNK_SIDE_LEAN]] = (
        out[INDEX[_C.THORAX_SIDE_BEND]] - out[INDEX[_C.PELVIS_OBLIQUITY]]
    )
    return out


def between(a: np.ndarray, b: np.ndarray, done: float) -> np.ndarray:
    """A pose on the way from a to b, smooth at both ends (minimum jerk)."""
    t = min(max(done, 0.0), 1.0)
    return np.asarray(a + (b - a) * t**3 * (10 - 15 * t + 6 * t * t))


def alive(pose: np.ndarray, t_s: float, traits: Traits) -> np.ndarray:
    """The pose with breath and slow sway: a smooth sum of a few slow waves per coordinate."""
    out = pose + _sway_rad(traits.seed, t_s)
    breath = _BREATHING_RAD * sin(2 * pi * _BREATHING_HZ * t_s + traits.breathing_phase_rad)
    out[INDEX[_C.THORAX_FLEXION]] -= breath
    out[INDEX[_C.TRUNK_FLEXION]] = out[INDEX[_C.PELVIS_TILT]] + out[INDEX[_C.THORAX_FLEXION]]
    out[INDEX[_C.TRUNK_SIDE_LEAN]] = (
        out[INDEX[_C.THORAX_SIDE_BEND]] - out[INDEX[_C.PELVIS_OBLIQUITY]]
    )
    return out


_SWAY_WAVES = 3


@cache
def _waves(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, 1]))
    shape = (_SWAY_WAVES, len(INDEX))
    return rng.uniform(0.03, 0.3, shape), rng.uniform(0.0, 2 * pi, shape)


def _sway_rad(seed: int, t_s: float) -> np.ndarray:
    rate_hz, phase_rad = _waves(seed)
    waves = np.sin(2 * pi * rate_hz * t_s + phase_rad).sum(axis=0)
    return np.asarray(_SWAY_RAD * np.sqrt(2 / _SWAY_WAVES) * waves)


def tipped_forward(pose: np.ndarray, tilt_rad: float) -> np.ndarray:
    """The pelvis tips forward while thighs and chest stay where they are: the usual compensation.

    Hip flexion grows by the tilt and the lumbar spine extends by it.
    """
    out = pose.copy()
    out[INDEX[_C.PELVIS_TILT]] += tilt_rad
    for hip in (_C.HIP_FLEXION_L, _C.HIP_FLEXION_R):
        out[INDEX[hip]] += tilt_rad
    for spine in (_C.LUMBAR_FLEXION, _C.THORAX_FLEXION):
        out[INDEX[spine]] -= tilt_rad
    return out
