"""Whole-body motions that an estimate is tried on, as poses at a share of each path.

Share 0 is the start pose, 1 the end; negative shares go the other way (to the other side, or
rounding instead of hollowing), where there is one. Feet and knees stay where they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import asin, pi, radians

import numpy as np
from scipy.spatial.transform import Rotation

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import Posture, Segment
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.motion import derived
from lengthwise.sim.skeleton import figure
from lengthwise.sim.stance import Stance

_C = Coordinate
_GRID = np.linspace(-1.0, 1.0, 41)
Pose = Callable[[float], np.ndarray]


@dataclass(frozen=True)
class Motion:
    """`start_rad` (21,) the declared start; `path_rad` (41, 21) poses at shares -1 to 1.

    `both_ways`: negative shares are another movement than positive ones. `closed`: both legs hold
    the floor apart from each other, so thighs and shanks must fit. `pelvis_kept`: an exercise that
    asks to keep the pelvis where it is. `down`: the
    side on the floor of one who lies on it; poses are then those of the body rolled back upright,
    as `body.side_lying` has them.
    """

    name: str
    posture: Posture
    start_rad: np.ndarray
    path_rad: np.ndarray
    both_ways: bool = False
    closed: bool = False
    pelvis_kept: bool = False
    down: Side | None = None

    @property
    def roll_rad(self) -> float:
        """By how much the posed body is rolled, + with the right side down."""
        return {None: 0.0, Side.LEFT: -0.5 * pi, Side.RIGHT: 0.5 * pi}[self.down]

    def pose_rad(self, share: float) -> np.ndarray:
        """(21,)"""
        at = (np.clip(share, -1.0, 1.0) + 1.0) / 2.0 * (len(_GRID) - 1)
        low = min(int(at), len(_GRID) - 2)
        return np.asarray(
            self.path_rad[low] + (at - low) * (self.path_rad[low + 1] - self.path_rad[low])
        )

    def offset_by(self, offset_rad: np.ndarray) -> "Motion":
        """The same motion of a person whose trunk (21,) is held otherwise all along."""
        path = np.array([thighs_kept(pose, pose + offset_rad) for pose in self.path_rad])
        return replace(self, path_rad=path)


def thighs_kept(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """`after` (21,) with the hips turned so that the thighs point where they do in `before`."""
    out = after.copy()
    was, now = (
        figure(pose, height_m=1.0, posture=Posture.STANDING, arms=False).rotation
        for pose in (before, after)
    )
    for side, lateral, segment in (
        (Side.LEFT, 1.0, Segment.THIGH_L),
        (Side.RIGHT, -1.0, Segment.THIGH_R),
    ):
        turn = now[Segment.PELVIS].T @ was[segment]
        flexion, adduction, rotation = Rotation.from_matrix(turn).as_euler("YXZ")
        for name, value in (
            ("flexion", -flexion),
            ("adduction", -lateral * adduction),
            ("rotation", -lateral * rotation),
        ):
            out[INDEX[Coordinate(f"hip_{name}_{side.value}")]] = value
    return out


def _toward(posture: Posture, *, legs_stay: bool = True, **end_deg: float) -> np.ndarray:
    """(41, 21) poses from the start posture towards an end, and as far the other way."""
    start = posture_mean_rad(posture)
    end = np.zeros_like(start)
    for name, value in end_deg.items():
        end[INDEX[Coordinate(name)]] = radians(value)
    poses = [start + share * end for share in _GRID]
    if legs_stay:
        poses = [thighs_kept(start, pose) for pose in poses]
    return np.array([derived(pose, chest_moves=True) for pose in poses])


def _exercise(name: str, exercise_id: str, *, both_ways: bool = False, closed: bool = False,
              **more_deg: float) -> Motion:  # fmt: skip
    """An exercise as written for the left side; `more_deg` at share 1 with the legs kept."""
    chosen = exercise(exercise_id)
    stance = Stance(chosen)
    more = np.zeros(len(INDEX))
    for coordinate, value in more_deg.items():
        more[INDEX[Coordinate(coordinate)]] = radians(value)
    path = []
    for share in _GRID:
        pose = stance.pose_rad(share if both_ways else abs(share))
        pose = thighs_kept(pose, pose + abs(share) * more) if more_deg else pose
        path.append(derived(pose, chest_moves=True))
    start = posture_mean_rad(
        chosen.start_posture, overrides_rad=chosen.start_rad(), side=chosen.written_for
    )
    kept = chosen.pelvis_kept
    return Motion(name, chosen.start_posture, start, np.array(path), both_ways, closed, kept)


def _standing(name: str, *, both_ways: bool = False, legs_stay: bool = True,
              **end_deg: float) -> Motion:  # fmt: skip
    path = _toward(Posture.STANDING, legs_stay=legs_stay, **end_deg)
    return Motion(name, Posture.STANDING, posture_mean_rad(Posture.STANDING), path, both_ways)


@cache
def motions() -> tuple[Motion, ...]:
    """Eight motions of stretching and everyday life. Amplitudes are expert defaults.

    The pelvis takes part in a leg raise: by a fourth to a third of it where nobody minds (Bohannon,
    Gajdosik and LeVeau 1985, doi:10.1093/ptj/65.10.1501); held down, as the exercise asks, by less:
    here a fifth.
    """
    lean = _toward(Posture.SITTING, pelvis_obliquity=-10, lumbar_side_bend=15, thorax_side_bend=25)
    return (
        _standing("forward_bend", pelvis_tilt=35, lumbar_flexion=40, thorax_flexion=50),
        _standing("side_bend", both_ways=True, lumbar_side_bend=18, thorax_side_bend=30),
        _standing(
            "trunk_turn",
            both_ways=True,
            pelvis_rotation=15,
            lumbar_rotation=7,
            thorax_rotation=32,
        ),
        _standing(
            "squat",
            legs_stay=False,
            pelvis_tilt=25,
            lumbar_flexion=10,
            thorax_flexion=15,
            hip_flexion_l=85,
            hip_flexion_r=85,
            knee_flexion_l=80,
            knee_flexion_r=80,
            ankle_dorsiflexion_l=20,
            ankle_dorsiflexion_r=20,
        ),
        _exercise("lunge", "half_kneeling_hip_flexor", closed=True),
        _exercise(
            "leg_raise", "supine_hamstring", pelvis_tilt=-15, lumbar_flexion=15, thorax_flexion=15
        ),
        _exercise("cat_cow", "cat_cow", both_ways=True),
        Motion(
            "sitting_lean", Posture.SITTING, posture_mean_rad(Posture.SITTING), lean, both_ways=True
        ),
    )


_WIDER, _RISE = (
    constant("sim", f"shoulder_{a}_ratio") - constant("sim", f"hip_{a}_ratio")
    for a in ("half_height", "floor_height")
)
_RISE_RAD = asin((_WIDER + _RISE) / constant("sim", "hip_to_shoulder_height_ratio"))
"""How far the trunk of one who lies on the side rises to the shoulders, which are wider."""
_DROP_RAD = asin(
    (constant("sim", "hip_floor_height_ratio") - constant("sim", "knee_floor_height_ratio"))
    / constant("sim", "thigh_height_ratio")
)
"""How far the lower thigh slopes down to the knee, which is thinner."""


def _on_side(name: str, down: Side, **end_deg: float) -> Motion:
    """A movement of one who lies on the side; of the upper leg by names that end in `_up`."""
    start = posture_mean_rad(Posture.SIDE_LYING)
    held = np.zeros_like(start)
    held[INDEX[_C.PELVIS_OBLIQUITY]] = _RISE_RAD * (-1.0 if down is Side.LEFT else 1.0)
    rest = thighs_kept(start, start + held)
    rest[INDEX[Coordinate(f"hip_adduction_{down.value}")]] -= _DROP_RAD
    end = np.zeros_like(start)
    for key, value in end_deg.items():
        coordinate = key.replace("_up", f"_{down.other.value}")
        end[INDEX[Coordinate(coordinate)]] = radians(value)
    path = np.array([derived(rest + abs(share) * end, chest_moves=True) for share in _GRID])
    return Motion(name, Posture.SIDE_LYING, start, path, down=down)


@cache
def side_lying_motions() -> tuple[Motion, ...]:
    """Movements of a simulated person who lies on the side; amplitudes are expert defaults.

    Lifting the upper leg, drawing its heel to the seat, and curling up.
    """
    return tuple(
        motion
        for down in Side
        for motion in (
            _on_side(f"lift_{down.value}", down, hip_adduction_up=-30),
            _on_side(f"heel_to_seat_{down.value}", down, hip_flexion_up=-35, knee_flexion_up=70),
            _on_side(
                f"curl_{down.value}",
                down,
                pelvis_tilt=-10,
                lumbar_flexion=25,
                thorax_flexion=35,
                hip_flexion_l=40,
                hip_flexion_r=40,
                knee_flexion_l=40,
                knee_flexion_r=40,
            ),
        )
    )
