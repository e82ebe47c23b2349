"""Which landmarks a camera cannot see because the body itself stands before them."""

import numpy as np

from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS
from lengthwise.reference.constants import constant

_WITHIN_M = constant("sim", "hidden_within_m")
_LIMBS = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("hip", "knee"),
    ("knee", "ankle"),
    (
        "ankle",
        "foot_index",
    ),
    ("shoulder", "hip"),
)


def _bones() -> list[tuple[int, int]]:
    """Limbs of both sides, and the trunk as its two sides and two diagonals."""
    at = LANDMARK_INDEX
    found = [(at[f"{w}_{a}"], at[f"{w}_{b}"]) for w in ("left", "right") for a, b in _LIMBS]
    crossed = [(at["left_shoulder"], at["right_hip"]), (at["right_shoulder"], at["left_hip"])]
    return found + crossed


_FROM, _TO = (np.array(ends) for ends in zip(*_bones(), strict=True))
_ROW = np.arange(len(LANDMARKS))[:, None]
_OF_HEAD = np.array([name in LANDMARKS[: LANDMARK_INDEX["left_shoulder"]] for name in LANDMARKS])
_OWN = (_ROW == _FROM) | (_ROW == _TO) | _OF_HEAD[:, None]
"""A bone does not hide its own ends; the head is never hidden."""
_BEFORE_M = 0.06
"""How much nearer a limb has to be to hide what is behind it."""


def hidden_share(points: np.ndarray) -> np.ndarray:
    """(33,) 0 seen .. 1 hidden. `points` (33, 3) in camera axes: right, up, distance."""
    plane = points[:, :2]
    begin, way = plane[_FROM], plane[_TO] - plane[_FROM]
    length2 = np.maximum((way * way).sum(axis=1), 1e-9)
    along = ((plane[:, None, :] - begin) * way).sum(axis=2) / length2
    along = np.minimum(np.maximum(along, 0.0), 1.0)
    apart = plane[:, None, :] - begin - along[:, :, None] * way
    distance = np.sqrt((apart * apart).sum(axis=2))
    depth = points[_FROM, 2] + along * (points[_TO, 2] - points[_FROM, 2])
    nearer = np.clip((points[:, None, 2] - depth - _BEFORE_M) / 0.05, 0.0, 1.0)
    covered = np.clip((_WITHIN_M - distance) / (0.5 * _WITHIN_M), 0.0, 1.0)
    return np.asarray(np.where(_OWN, 0.0, nearer * covered).max(axis=1))
