"""What it would bring the targets if one coordinate that the exercise keeps went back to its place.

Somebody whose pelvis tips in a lunge does not move the pelvis alone: the thighs stay on the floor
and the chest stays upright, so the hips bend and the low back arches by as much. `return_slope`
says which anatomical joints go along with a coordinate (of the pelvis: so that thighs and chest
stay where they are in space; of the chest: the low back by its share; of any other: itself). With
x the coordinate, x0 its place in the start posture, d = x - x0 and J that slope,

    gain = mean over targets of  f(q - J d) - f(q)          (range fraction f, joints q)

computed with the lengths themselves, not along a tangent. Its sd follows from the covariance of
joints and coordinate, d gain = (f' - f'(q - J d) part of q) dq - f'(q - J d) J dx.
"""

from collections.abc import Callable, Iterator
from math import cos, sin, sqrt
from typing import TypeVar

import numpy as np

from lengthwise.body.kinematic_chain import BEND_SHARES
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.contracts.states import Correction, Estimate, Precision
from lengthwise.reference.constants import constant

Found = TypeVar("Found")
_C = Coordinate
_LEAST_MOVED_RAD = constant("tissue", "min_movement_rad")
_LEAST_STRETCH = constant("tissue", "min_gain_ratio")
_SURE_SDS = constant("tissue", "ceiling_sd_factor")
_PLACE = {c: i for i, c in enumerate(ANATOMICAL)}
_FIRST = INDEX[ANATOMICAL[0]]
_JOINTS = slice(_FIRST, _FIRST + len(ANATOMICAL))
_BALLS = tuple(
    tuple(_PLACE[Coordinate(f"{joint}{side}")] for joint in joints)
    for joints, side in (
        (("lumbar_flexion", "lumbar_side_bend", "lumbar_rotation"), ""),
        (("hip_flexion", "hip_adduction", "hip_rotation"), "_l"),
        (("hip_flexion", "hip_adduction", "hip_rotation"), "_r"),
    )
)
_Vector = tuple[float, float, float]
_SIGNS = ((-1.0, 1.0, 1.0), (1.0, -1.0, -1.0), (1.0, 1.0, 1.0))
"""Of the turns about the bone's z, x and y axes for + coordinates (`body.conventions`)."""

OF_CHEST = {
    _C.THORAX_FLEXION: ("sagittal", _C.LUMBAR_FLEXION),
    _C.TRUNK_FLEXION: ("sagittal", _C.LUMBAR_FLEXION),
    _C.THORAX_SIDE_BEND: ("frontal", _C.LUMBAR_SIDE_BEND),
    _C.TRUNK_SIDE_LEAN: ("frontal", _C.LUMBAR_SIDE_BEND),
    _C.THORAX_ROTATION: ("axial", _C.LUMBAR_ROTATION),
}
_PELVIS = (_C.PELVIS_TILT, _C.PELVIS_OBLIQUITY, _C.PELVIS_ROTATION)


def return_slope(coordinate: Coordinate, coordinates_rad: np.ndarray) -> np.ndarray:
    """(13,) d anatomical joint / d coordinate in a pose (21,); see the head of this module."""
    slope = np.zeros(len(ANATOMICAL))
    if coordinate in OF_CHEST:
        plane, lumbar = OF_CHEST[coordinate]
        _, of_lumbar, of_residual = BEND_SHARES[plane].tolist()
        slope[_PLACE[lumbar]] = of_lumbar / (of_lumbar + of_residual)
    elif coordinate in _PELVIS:
        turn = _pelvis_turn(coordinate, coordinates_rad)
        for places, signs in zip(_BALLS, _SIGNS, strict=True):
            about_z, about_x = (
                float(coordinates_rad[_FIRST + places[i]]) * signs[i] for i in (0, 1)
            )
            for place, sign, rate in zip(
                places, signs, _staying(about_z, about_x, turn), strict=True
            ):
                slope[place] = rate * sign
    else:
        slope[_PLACE[coordinate]] = 1.0
    return slope


def put_back(
    kept: tuple[tuple[Coordinate, float], ...],
    coordinates_rad: np.ndarray,
    at: Callable[[np.ndarray], Found],
) -> Iterator[tuple[Coordinate, float, np.ndarray, Found]]:
    """Each coordinate that has left its place: by how much (d, rad), its slope J (13,), and what
    `at` finds with it put back, at q - J d."""
    joints_rad = coordinates_rad[_JOINTS]
    for coordinate, start_rad in kept:
        moved_rad = float(coordinates_rad[INDEX[coordinate]]) - start_rad
        if abs(moved_rad) < _LEAST_MOVED_RAD:
            continue
        along = return_slope(coordinate, coordinates_rad)
        yield coordinate, moved_rad, along, at(joints_rad - along * moved_rad)


def corrections(
    kept: tuple[tuple[Coordinate, float], ...],
    *,
    coordinates_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    fraction: float,
    slope: np.ndarray,
    at: Callable[[np.ndarray], tuple[float, np.ndarray]],
) -> tuple[Correction, ...]:
    """The most helpful first; a coordinate that hardly left its place is none.

    `kept`: coordinates that the exercise keeps and that are claimed, with their places in rad;
    `coordinates_rad` (21,), `covariance_rad2` (21, 21); `fraction` of the targets now and `slope`
    (13,) by the joints, 1/rad; `at` gives both for other joints (13,).
    """
    found = []
    for coordinate, moved_rad, along, (back, back_slope) in put_back(kept, coordinates_rad, at):
        place = INDEX[coordinate]
        weight = np.zeros(len(COORDINATES))
        weight[_JOINTS] = back_slope - slope
        weight[place] -= float(back_slope @ along)
        found.append(
            Correction(
                coordinate,
                moved=Estimate(moved_rad, _sd(covariance_rad2[place, place])),
                gain=Estimate(back - fraction, _sd(weight @ covariance_rad2 @ weight)),
            )
        )
    return tuple(sorted(found, key=lambda c: -c.gain.mean))


def lost_ratio(precision: Precision, coordinate: Coordinate) -> float | None:
    """Share, 0..1, of the stretch that a coordinate has taken by leaving its place.

    None where it takes none, where what it takes does not stand out of its sd, and where there
    would be no stretch to speak of with it back in its place either.
    """
    for correction in precision.corrections:
        gain = correction.gain
        if correction.coordinate is not coordinate or precision.gained is None:
            continue
        whole = gain.mean + precision.gained
        if gain.mean > _SURE_SDS * gain.sd and whole >= _LEAST_STRETCH:
            return min(1.0, gain.mean / whole)
    return None


def _pelvis_turn(coordinate: Coordinate, coordinates_rad: np.ndarray) -> _Vector:
    """Axis of a coordinate of the pelvis in its own axes (front, up, right), per radian.

    The order of turns is rotation about the vertical, obliquity about the front, tilt about the
    right axis; obliquity and tilt are + against the turn about their axis.
    """
    tilt = -float(coordinates_rad[INDEX[_C.PELVIS_TILT]])
    obliquity = -float(coordinates_rad[INDEX[_C.PELVIS_OBLIQUITY]])
    if coordinate is _C.PELVIS_TILT:
        return 0.0, 0.0, -1.0
    if coordinate is _C.PELVIS_OBLIQUITY:
        return -cos(tilt), sin(tilt), 0.0
    return cos(obliquity) * sin(tilt), cos(obliquity) * cos(tilt), -sin(obliquity)


def _staying(about_z: float, about_x: float, turn: _Vector) -> _Vector:
    """Rates about z, then x, then y that undo a turn of what carries the joint.

    They solve  a z + b Rz x + c Rz Rx y = -turn  for a, b, c.
    """
    cz, sz, cx, sx = cos(about_z), sin(about_z), cos(about_x), sin(about_x)
    last = (sz * turn[0] - cz * turn[1]) / cx
    return -turn[2] - sx * last, -cz * turn[0] - sz * turn[1], last


def _sd(variance: float) -> float:
    return sqrt(max(float(variance), 0.0))
