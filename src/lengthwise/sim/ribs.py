"""What breathing does to a simulated figure: the ribs turn, the shoulders rise.

The pose of the spine is not changed by it: a sensor on the lowest rib or the chest turns on its own
segment, front upwards with a breath in, and the shoulders move towards the head.
"""

from dataclasses import replace

import numpy as np

from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, Segment
from lengthwise.sim.breath import RIB_TURN_RAD, SHOULDER_RISE_M
from lengthwise.sim.skeleton import Figure
from lengthwise.sim.turns import turned_by

_ON_RIBS = (Segment.T12, Segment.THORAX)
_LOWER = ("hip", "knee", "ankle", "heel", "foot")
_RISES = np.array(
    [LANDMARK_INDEX[name] for name in LANDMARKS if not any(part in name for part in _LOWER)]
)
"""Shoulders, and with them arms and head."""


def breathing(usual: Figure, chest: float) -> Figure:
    """The figure with its chest out (1) or in (-1)."""
    turned = turned_by(np.array([0.0, -0.5 * RIB_TURN_RAD * chest, 0.0]))
    rotation = {s: r @ turned if s in _ON_RIBS else r for s, r in usual.rotation.items()}
    points = usual.landmarks_m.copy()
    points[_RISES] += 0.5 * SHOULDER_RISE_M * chest * usual.rotation[Segment.THORAX][:, 2]
    return replace(usual, landmarks_m=points, rotation=rotation)
