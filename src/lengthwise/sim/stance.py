"""The pose at a share of an exercise's path, such that what rests on the floor does rest on it.

An exercise names the coordinates that matter; knees, ankles and, on all fours, the slope of the
trunk follow from the floor. What follows, by posture (pitch: + top to the front, as in `skeleton`):

- a **kneeling** leg keeps its shank flat on the floor, foot stretched: knee = level - (tilt - hip);
  a path that bends its knee further has its foot held in the air;
- the **front** leg of half-kneeling keeps its foot where it stands: hip, knee and ankle close the
  chain from the pelvis, which the kneeling thigh carries;
- on **all fours** arms are longer than thighs, so the trunk slopes up: pelvis and hips turn back by
  the same angle and the thighs stay upright. A leg that leaves the floor takes its own path.

So a real start pose differs a little from the one in the exercise file, as that of a person does.
"""

from dataclasses import dataclass, field
from math import acos, asin, atan2, cos, hypot, pi, radians, sin, sqrt

import numpy as np

from lengthwise.contracts.coordinates import INDEX, TRUNK, Coordinate, Side, chest_against_gravity
from lengthwise.contracts.observation import Posture
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.reference.postures import posture_mean_rad

_C = Coordinate
_TILT = INDEX[_C.PELVIS_TILT]
_POINTED_RAD = constant("anatomy", "pointed_foot_rad")
"""Ankle of a foot that lies stretched on the floor."""
_LEAVES_RAD = radians(45.0)
"""A thigh that turns more than this against gravity along the path has left the floor."""
_THIGH, _SHANK, _ANKLE, _TOE, _KNEE_FLOOR, _TRUNK = (
    constant("sim", f"{name}_height_ratio")
    for name in ("thigh", "shank", "ankle", "toe", "knee_floor", "hip_to_shoulder")
)
_ARM = constant("sim", "upper_arm_height_ratio") + constant("sim", "forearm_height_ratio")
_ELBOW_ALMOST_STRAIGHT = 0.97
_WRIST_FLOOR = 0.03


@dataclass(frozen=True)
class _Leg:
    hip: int
    knee: int
    ankle: int

    @classmethod
    def of(cls, side: Side) -> "_Leg":
        hip, knee, ankle = (
            INDEX[Coordinate(f"{joint}_{side.value}")]
            for joint in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
        )
        return cls(hip, knee, ankle)

    def thigh_pitch(self, pose: np.ndarray) -> float:
        return float(pose[_TILT] - pose[self.hip])


_LEG = {side: _Leg.of(side) for side in Side}


def _kneeling_shank_pitch() -> float:
    """Pitch of a shank whose knee and stretched toes both touch the floor."""
    pitch = pi / 2
    for _ in range(6):
        foot = pitch - _POINTED_RAD
        toe_below_ankle = _ANKLE * cos(foot) + _TOE * sin(foot)
        pitch = pi / 2 + asin((toe_below_ankle - _KNEE_FLOOR) / _SHANK)
    return pitch


_SHANK_LEVEL_RAD = _kneeling_shank_pitch()


def _trunk_slope_rad() -> float:
    """How far the trunk rises towards the shoulders on all fours with almost straight arms."""
    shoulder = _WRIST_FLOOR + _ELBOW_ALMOST_STRAIGHT * _ARM
    return asin((shoulder - _KNEE_FLOOR - _THIGH) / _TRUNK)


_TRUNK_SLOPE_RAD = _trunk_slope_rad()
_LIMITS = tuple(
    (INDEX[c], *joint_limits_rad()[c])
    for c in Coordinate
    if c.value.startswith(("hip_", "knee_", "ankle_", "lumbar_"))
)


@dataclass(frozen=True)
class Stance:
    """One exercise as written for one side, ready to be posed. `start`, `span`, `other_span` (21,).

    The derived coordinates in the result agree with the base ones.
    """

    exercise: Exercise
    start: np.ndarray = field(init=False)
    span: np.ndarray = field(init=False)
    other_span: np.ndarray = field(init=False)
    leaving: tuple[Side, ...] = field(init=False)
    front_ankle: float = field(init=False)

    def __post_init__(self) -> None:
        e = self.exercise
        start = posture_mean_rad(e.start_posture, overrides_rad=e.start_rad(), side=e.written_for)
        span, other = np.zeros(len(INDEX)), np.zeros(len(INDEX))
        for motion in e.path:
            i = INDEX[motion.coordinate]
            start[i] = radians(motion.start_deg)
            span[i] = radians(motion.end_deg - motion.start_deg)
            back = motion.start_deg if motion.other_end_deg is None else motion.other_end_deg
            other[i] = radians(back - motion.start_deg)
        leaving = tuple(s for s in Side if abs(_LEG[s].thigh_pitch(span)) > _LEAVES_RAD)
        for name, value in (("start", start), ("span", span), ("other_span", other)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "leaving", leaving)
        object.__setattr__(self, "front_ankle", self._front_ankle_at_start())

    def pose_rad(self, share: float) -> np.ndarray:
        """(21,) at a share of the path: 0 start, 1 end, negative towards the other end."""
        toward = self.span if share >= 0 else -self.other_span
        pose = self.start + share * toward
        posture = self.exercise.start_posture
        if posture is Posture.HALF_KNEELING:
            self._half_kneel(pose)
        elif posture is Posture.FOUR_POINT:
            self._on_all_fours(pose, min(max(share, 0.0), 1.0))
        for i, low, high in _LIMITS:
            pose[i] = min(max(pose[i], low), high)
        return agreeing(pose, chest_moves=any(self.span[chest] for chest, _ in _CHEST))

    @property
    def kneeling(self) -> Side:
        """The side whose knee is on the floor in half-kneeling: the one with the straighter hip."""
        left, right = (self.start[_LEG[s].hip] for s in Side)
        return Side.LEFT if left <= right else Side.RIGHT

    def _half_kneel(self, pose: np.ndarray) -> None:
        back, front = _LEG[self.kneeling], _LEG[self.kneeling.other]
        foot_held = self.span[back.knee] > 0.0
        _kneel(pose, back, 0.0 if foot_held else 1.0)
        hip_x, hip_z = _hip_over_knee(back.thigh_pitch(pose))
        x, z = self.front_ankle - hip_x, _ANKLE - hip_z
        distance = min(hypot(x, z), _THIGH + _SHANK - 1e-6)
        at_hip = acos((_THIGH**2 + distance**2 - _SHANK**2) / (2 * _THIGH * distance))
        thigh_pitch = atan2(-x, -z) - at_hip
        knee_x, knee_z = -_THIGH * sin(thigh_pitch), -_THIGH * cos(thigh_pitch)
        shank_pitch = atan2(knee_x - x, knee_z - z)
        pose[front.hip] = pose[_TILT] - thigh_pitch
        pose[front.knee] = shank_pitch - thigh_pitch
        pose[front.ankle] = shank_pitch

    def _front_ankle_at_start(self) -> float:
        """How far in front of the kneeling knee the other ankle stands, in shares of height."""
        if self.exercise.start_posture is not Posture.HALF_KNEELING:
            return 0.0
        back, front = _LEG[self.kneeling], _LEG[self.kneeling.other]
        hip_x, hip_z = _hip_over_knee(back.thigh_pitch(self.start))
        shank_pitch = front.thigh_pitch(self.start) + float(self.start[front.knee])
        knee_z = _ANKLE + _SHANK * cos(shank_pitch)
        forward = sqrt(_THIGH**2 - (hip_z - knee_z) ** 2)
        return hip_x + forward - _SHANK * sin(shank_pitch)

    def _on_all_fours(self, pose: np.ndarray, share: float) -> None:
        pose[_TILT] -= _TRUNK_SLOPE_RAD
        for side in Side:
            leg = _LEG[side]
            kneels = 1.0 - share if side in self.leaving else 1.0
            pose[leg.hip] -= _TRUNK_SLOPE_RAD * kneels
            _kneel(pose, leg, kneels)


def _kneel(pose: np.ndarray, leg: _Leg, amount: float) -> None:
    """Shank on the floor (amount 1), as the path has it (0), or on the way between."""
    flat = _SHANK_LEVEL_RAD - leg.thigh_pitch(pose)
    pose[leg.knee] += amount * (flat - pose[leg.knee])
    pose[leg.ankle] += amount * (_POINTED_RAD - pose[leg.ankle])


def _hip_over_knee(thigh_pitch: float) -> tuple[float, float]:
    """Place of the hip: forward of the kneeling knee, and above the floor."""
    return _THIGH * sin(thigh_pitch), _KNEE_FLOOR + _THIGH * cos(thigh_pitch)


_CHEST = tuple(
    (INDEX[Coordinate(f"thorax_{way}")], INDEX[Coordinate(f"lumbar_{way}")])
    for way in ("flexion", "side_bend", "rotation")
)


def agreeing(pose: np.ndarray, *, chest_moves: bool) -> np.ndarray:
    """The pose, changed in place, with derived coordinates that agree with the base ones.

    The chest follows the lumbar spine unless it moves on its own.
    """
    if not chest_moves:
        for chest, lumbar in _CHEST:
            pose[chest] = pose[lumbar]
    pose[TRUNK] = chest_against_gravity(pose)
    return pose
