"""Where the arms are in each posture: hanging, hands on the front thigh, hands on the floor.

Nothing is estimated from the arms; they are there so that a picture looks like a person and a
camera has something to be hidden by. Lengths in shares of body height, world axes as in `skeleton`.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np

from lengthwise.contracts.observation import LANDMARK_INDEX, Posture

_HIPS = tuple(LANDMARK_INDEX[f"{w}_hip"] for w in ("left", "right"))
_KNEES = tuple(LANDMARK_INDEX[f"{w}_knee"] for w in ("left", "right"))
_TAKEOVER = 0.02
"""Difference of knee height, as a share of body height, at which one thigh is clearly in front."""

_UPRIGHT = (Posture.STANDING, Posture.SITTING, Posture.UNKNOWN)
_WRIST_ON_FLOOR = 0.03
_FINGERS = (("pinky", -0.012, 1.0), ("index", 0.012, 1.0), ("thumb", 0.020, 0.6))
"""Landmark, way towards the middle of the body in shares of height, and share of the hand."""


@dataclass(frozen=True)
class Shoulder:
    """`at` (3,) the shoulder; `thorax` (3, 3) axes of the chest; `lateral` +1 for the left."""

    at: np.ndarray
    thorax: np.ndarray
    lateral: float


def arm_points(
    shoulder: Shoulder, posture: Posture, points: np.ndarray, share: dict[str, float]
) -> dict[str, np.ndarray]:
    """Elbow, wrist and fingers of one arm. `points` (33, 3): legs and trunk are in place."""
    upper, fore = share["upper_arm"], share["forearm"]
    target, bend_to = _hand_place(shoulder, posture, points, upper + fore)
    elbow, wrist = two_bones(shoulder.at, target, bend_to, upper, fore)
    along = (wrist - elbow) / fore
    if posture is Posture.FOUR_POINT:
        along = _unit(shoulder.thorax[:, 2] + np.array([0.0, 0.0, 0.3 * along[2]]))
    across = -shoulder.lateral * shoulder.thorax[:, 1]
    hand = share["hand"]
    found = {"elbow": elbow, "wrist": wrist}
    for name, inwards, length in _FINGERS:
        found[name] = wrist + length * hand * along + inwards * across
    return found


def _hand_place(
    shoulder: Shoulder, posture: Posture, points: np.ndarray, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Where the wrist wants to be, and which way the elbow bends."""
    front, left, up = shoulder.thorax.T
    outwards = shoulder.lateral * left
    if posture is Posture.FOUR_POINT:
        place = shoulder.at + 0.02 * outwards
        floor = np.array([place[0], place[1], _WRIST_ON_FLOOR])
        lifted = _other_knee_lifted(shoulder, points)
        forward = shoulder.at + reach * up
        return floor + lifted * (forward - floor), -up + 0.5 * outwards
    if posture is Posture.HALF_KNEELING:
        place = _front_thigh(points) + 0.025 * outwards + np.array([0.0, 0.0, 0.03])
        return place, outwards - front
    down = -up if posture not in _UPRIGHT else _unit(np.array([0.0, 0.0, -1.0]) - 0.3 * up)
    return shoulder.at + 0.97 * reach * _unit(down + 0.12 * outwards + 0.05 * front), -front


def _other_knee_lifted(shoulder: Shoulder, points: np.ndarray) -> float:
    """0 while the knee of the other side is on the floor, 1 once the leg reaches back."""
    knee = _KNEES[1 if shoulder.lateral > 0 else 0]
    return float(min(max((points[knee, 2] - 0.05) / 0.10, 0.0), 1.0))


def _front_thigh(points: np.ndarray) -> np.ndarray:
    """A place near the knee of the raised thigh; between both while neither is raised."""
    higher = (points[_KNEES[0], 2] - points[_KNEES[1], 2]) / _TAKEOVER
    weight = 1.0 / (1.0 + exp(-min(max(higher, -30.0), 30.0)))
    on = [
        points[hip] + 0.75 * (points[knee] - points[hip])
        for hip, knee in zip(_HIPS, _KNEES, strict=True)
    ]
    return np.asarray(weight * on[0] + (1.0 - weight) * on[1])


def two_bones(
    start: np.ndarray, target: np.ndarray, bend_to: np.ndarray, first: float, second: float
) -> tuple[np.ndarray, np.ndarray]:
    """Middle joint and end of two bones that reach for `target`; straight where it is too far."""
    way = target - start
    distance = sqrt(float(way @ way))
    along = way / max(distance, 1e-9)
    distance = min(max(distance, abs(first - second) + 0.01), first + second - 1e-4)
    forward = (first**2 - second**2 + distance**2) / (2 * distance)
    side = bend_to - (bend_to @ along) * along
    aside = sqrt(max(first**2 - forward**2, 0.0)) * _unit(side)
    return start + forward * along + aside, start + distance * along


def _unit(v: np.ndarray) -> np.ndarray:
    return np.asarray(v / max(sqrt(float(v @ v)), 1e-9))
