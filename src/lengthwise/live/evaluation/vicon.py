"""The optical reference of a KERAAL take: rigid bodies into changes of pose, and frames into rows.

A Vicon file has one row per instant and 17 rigid bodies, each x, y, z (mm) and a quaternion, scalar
last. World axes: x to the front of the seated person, y to the left, z up (head above hips above
feet; feet in front of hips; the left shoulder has the larger y).

**Change of pose.** Rigid bodies stick to skin and clothes at unknown angles, so only their turn
since the initial still period is used: S(t) = R(t) R(still)^-1, in axes turned about the vertical
so that y runs along the shoulders of the still period. Order and signs of the turns are those of
`body.conventions` and `contracts.coordinates`:

    hips:  S = Rz(rotation) Rx(-obliquity) Ry(tilt)
    chest against hips:  S_hips^-1 S_chest = Ry(flexion) Rx(side bend) Rz(rotation)
    chest against gravity:  S_chest = Rz(rotation) Rx(trunk side lean) Ry(trunk flexion)

**Which row a frame belongs to.** Neither file has times; Vicon has about twice the rows, and the
camera may have lost frames. Hands, elbows, shoulders and head are seen by both: the frames are laid
over the rows by lag and time scale, then each frame may move on by more or fewer than two rows
where that fits the markers clearly better.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import LANDMARK_INDEX, LandmarkFrame

_C = Coordinate
COMPARED = (
    _C.PELVIS_OBLIQUITY,
    _C.PELVIS_TILT,
    _C.PELVIS_ROTATION,
    _C.THORAX_FLEXION,
    _C.THORAX_SIDE_BEND,
    _C.THORAX_ROTATION,
    _C.TRUNK_SIDE_LEAN,
)
"""What the rigid bodies of chest and hips say."""

_BODIES, _VALUES = 17, 7
_CHEST, _HIPS, _SHOULDER_R, _SHOULDER_L = 4, 13, 7, 8
_STILL_RAD = np.radians(1.0)
_LEAST_STILL_ROWS, _MOST_STILL_ROWS = 10, 60

_SEEN_BY_BOTH = {
    # as the mirrored image names it: rigid body of the other side
    "right_wrist": 10, "left_wrist": 9, "right_elbow": 3, "left_elbow": 2,
    "right_shoulder": 8, "left_shoulder": 7, "nose": 14,
}  # fmt: skip
_SCALES = np.arange(1.90, 2.12, 0.01)
_LAGS = np.arange(-14.0, 15.0)
_LEAST_INSIDE_RATIO = 0.8
_USUAL_STEP, _LONGEST_STEP = 2, 16
_STEP_PENALTY = 0.1
"""Cost of one row more or less than usual, as squared misfit over the spread of the markers."""


@dataclass(frozen=True)
class Reference:
    """`change_rad` (rows, 7) since the still period, in the order of COMPARED; `still_rows`."""

    change_rad: np.ndarray
    still_rows: int


def read_vicon(path: Path) -> np.ndarray:
    """(rows, 17, 7) rigid bodies. Raises InputError where the file is not of that form."""
    try:
        values = np.loadtxt(path, ndmin=2)
        bodies = values.reshape(len(values), _BODIES, _VALUES)
        if len(bodies) < _MOST_STILL_ROWS or not np.isfinite(bodies).all():
            raise ValueError("too short or not finite")
    except (OSError, ValueError) as cause:
        raise InputError(
            "Vicon file",
            value=f"{path.name} ({cause})",
            allowed="at least 60 rows of 17 rigid bodies x (x y z qx qy qz qw)",
            remedy="give the folder as it was published",
        ) from cause
    return bodies


def reference(bodies: np.ndarray) -> Reference:
    """Changes of pose of a take (rows, 17, 7) since its initial still period."""
    chest, hips = (Rotation.from_quat(bodies[:, i, 3:]) for i in (_CHEST, _HIPS))
    still = _still_rows(chest, hips)
    across = (bodies[:still, _SHOULDER_L, :3] - bodies[:still, _SHOULDER_R, :3]).mean(axis=0)
    heading = Rotation.from_euler("z", np.arctan2(-across[0], across[1]))
    turned_chest, turned_hips = (
        heading.inv() * turn * turn[:still].mean().inv() * heading for turn in (chest, hips)
    )
    rotation, minus_obliquity, tilt = turned_hips.as_euler("ZXY").T
    flexion, side_bend, twist = (turned_hips.inv() * turned_chest).as_euler("YXZ").T
    lean = turned_chest.as_euler("ZXY")[:, 1]
    change = np.stack([-minus_obliquity, tilt, rotation, flexion, side_bend, twist, lean], axis=1)
    return Reference(change, still)


def _still_rows(chest: Rotation, hips: Rotation) -> int:
    """Rows from the first on until chest or hips have turned by a degree."""
    turned = np.maximum(*((turn * turn[0].inv()).magnitude() for turn in (chest, hips)))
    moving = np.flatnonzero(turned > _STILL_RAD)
    until = int(moving[0]) if moving.size else len(turned)
    return min(max(until, _LEAST_STILL_ROWS), _MOST_STILL_ROWS)


def rows_of_frames(bodies: np.ndarray, frames: list[LandmarkFrame]) -> np.ndarray:
    """(frames,) row of the Vicon file that each frame shows."""
    markers = _left_and_up(bodies)
    places = [LANDMARK_INDEX[name] for name in _SEEN_BY_BOTH]
    image = np.array([frame.xy_px[places] for frame in frames])
    seen = -np.concatenate([image[:, :, 0], image[:, :, 1]], axis=1)
    rows = _by_lag_and_scale(markers, seen)
    for _ in range(2):
        rows = _step_by_step(markers, _in_millimetres(seen, markers[rows]))
    return rows


def _left_and_up(bodies: np.ndarray) -> np.ndarray:
    """(rows, 14) how far left and how high the parts are that the camera sees, too (mm)."""
    at = list(_SEEN_BY_BOTH.values())
    return np.concatenate([bodies[:, at, 1], bodies[:, at, 2]], axis=1)


def _by_lag_and_scale(markers: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The rows at the lag and time scale where markers and landmarks correlate best."""
    best, found = -np.inf, None
    for scale in _SCALES:
        for lag in _LAGS:
            rows = np.round(np.arange(len(seen)) * scale + lag).astype(int)
            inside = (rows >= 0) & (rows < len(markers))
            if inside.mean() < _LEAST_INSIDE_RATIO:
                continue
            score = _agreement(markers[rows[inside]], seen[inside])
            if score > best:
                best, found = score, np.clip(rows, 0, len(markers) - 1)
    if found is None:
        raise InputError(
            "KERAAL take",
            value=f"{len(seen)} frames beside {len(markers)} Vicon rows",
            allowed="about twice as many rows as frames",
            remedy="check that both files are of the same take",
        )
    return np.asarray(found)


def _agreement(markers: np.ndarray, seen: np.ndarray) -> float:
    """Mean correlation of the columns, weighted by how far each marker moves."""
    a, b = markers - markers.mean(axis=0), seen - seen.mean(axis=0)
    spread = np.sqrt((a**2).mean(axis=0))
    correlation = (a * b).mean(axis=0) / (spread * np.sqrt((b**2).mean(axis=0)) + 1e-9)
    return float((spread * correlation).sum() / spread.sum())


def _in_millimetres(seen: np.ndarray, markers: np.ndarray) -> np.ndarray:
    """Landmarks on the scale of the markers, by a straight line for each column."""
    a, b = markers - markers.mean(axis=0), seen - seen.mean(axis=0)
    gain = (a * b).sum(axis=0) / ((b**2).sum(axis=0) + 1e-9)
    return np.asarray(gain * b + markers.mean(axis=0))


def _step_by_step(markers: np.ndarray, seen_mm: np.ndarray) -> np.ndarray:
    """The cheapest way through the rows: misfit of each frame plus a price for unusual steps."""
    spread = markers.var(axis=0).sum()
    misfit = ((seen_mm[:, None] - markers[None]) ** 2).sum(axis=2) / spread
    count, length = misfit.shape
    steps = np.arange(_LONGEST_STEP + 1)
    price = _STEP_PENALTY * np.abs(steps - _USUAL_STEP)
    before = np.arange(length)[:, None] - steps
    cost, came_by = misfit[0], np.zeros((count, length), dtype=int)
    for frame in range(1, count):
        ways = np.where(before >= 0, cost[np.maximum(before, 0)] + price, np.inf)
        came_by[frame] = ways.argmin(axis=1)
        cost = misfit[frame] + ways.min(axis=1)
    rows = np.empty(count, dtype=int)
    rows[-1] = cost.argmin()
    for frame in range(count - 1, 0, -1):
        rows[frame - 1] = rows[frame] - steps[came_by[frame, rows[frame]]]
    return rows
