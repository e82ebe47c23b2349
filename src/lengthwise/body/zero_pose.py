"""The zero pose: a still period whose posture is known, from which every sensor is read.

Declared: a period in which the person stood upright. Otherwise the first 1.5 s that are still and
look like the declared start posture are taken as that posture, with a larger sd. Either way the
offsets of all sensors are learnt at once, from the filter's own uncertainty: what is known about
the posture cannot make a result surer than the posture is.
"""

from math import acos, pi, radians

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.camera_geometry import LineReading
from lengthwise.body.channels import LINE_SHOWS, Line
from lengthwise.body.fusion import Reading
from lengthwise.body.kinematic_chain import (
    BODY_SIZE,
    Plane,
    map_at,
    pitch_of_posture_rad,
    roll_of_posture_rad,
)
from lengthwise.body.segment_ups import UP_OF, ups_of, worn_like
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import ImuStream, Posture
from lengthwise.reference.constants import constant


def _rad(name: str) -> float:
    return radians(constant("body", name))


_STILL_S = constant("body", "zero_still_s")
_STILL_LINE_RAD = _rad("zero_still_camera_deg")
_STILL_UP_RAD = _rad("zero_still_imu_deg")
_WITHIN_SDS = constant("body", "zero_within_sds")
_LONGEST_BLINK_S = 0.3
_CALM_S = constant("body", "zero_calm_s")
_SHOWN_BY = {
    Line.SHOULDERS: Coordinate.THORAX_SIDE_BEND,
    Line.HIPS: Coordinate.PELVIS_OBLIQUITY,
    Line.TRUNK: Coordinate.THORAX_FLEXION,
    Line.THIGH_L: Coordinate.HIP_FLEXION_L,
    Line.THIGH_R: Coordinate.HIP_FLEXION_R,
}
"""The lines that decide whether the person is still and in the start posture, with the coordinate
whose sd says how far from it they may be."""
_NEVER_TAKEN = frozenset({Posture.UNKNOWN})

Up = tuple[float, float, float]
Calm = tuple[float, float, float] | None
"""A line's smoothed angle, the time of its last reading and for how long it has been smoothed."""


class ZeroSearch(Struct, frozen=True):
    """Progress of the zero pose. `done`: it was taken (or its period has passed).

    `since_s` start of the present still period, `last_s` last instant at which anything was seen;
    `line_sum`, `line_count` per Line, `up_sum`, `up_count` per inertial sensor over that period;
    `calm` per Line, whatever the period.
    """

    done: bool = False
    since_s: float | None = None
    last_s: float = 0.0
    line_sum: tuple[float, ...] = (0.0,) * len(Line)
    line_count: tuple[int, ...] = (0,) * len(Line)
    up_sum: tuple[Up, ...] = ()
    up_count: tuple[int, ...] = ()
    calm: tuple[Calm, ...] = (None,) * len(Line)


def begin(imu_count: int) -> ZeroSearch:
    return ZeroSearch(up_sum=((0.0, 0.0, 0.0),) * imu_count, up_count=(0,) * imu_count)


class StartPosture(Struct, frozen=True, eq=False):
    """What a session declares of its start: the posture, its 21 coordinates, the sensors worn.

    `up` (3,) see `projection`.
    """

    posture: Posture
    coordinates_rad: np.ndarray
    imus: tuple[ImuStream, ...]
    up: np.ndarray = projection.UPRIGHT


class Glance(Struct, frozen=True):
    """What was seen at one emission: the camera's lines, each sensor's up (None: nothing new)."""

    t_s: float
    lines: tuple[LineReading, ...]
    ups: tuple[Up | None, ...]


def _added(search: ZeroSearch, glance: Glance) -> ZeroSearch:
    line_sum, line_count = list(search.line_sum), list(search.line_count)
    for i, reading in enumerate(glance.lines):
        if reading.angle_rad is not None:
            line_sum[i] += reading.angle_rad
            line_count[i] += 1
    up_sum, up_count = list(search.up_sum), list(search.up_count)
    for i, up in enumerate(glance.ups):
        if up is not None:
            x, y, z = up_sum[i]
            up_sum[i] = (x + up[0], y + up[1], z + up[2])
            up_count[i] += 1
    return ZeroSearch(
        False,
        glance.t_s if search.since_s is None else search.since_s,
        glance.t_s,
        tuple(line_sum),
        tuple(line_count),
        tuple(up_sum),
        tuple(up_count),
        search.calm,
    )


def _calmed(search: ZeroSearch, glance: Glance) -> tuple[ZeroSearch, Glance]:
    """The search and the glance with every line smoothed over a moment.

    One frame of landmarks is too noisy to say that a person moves or stands otherwise.
    """
    calm, lines = list(search.calm), []
    for i, reading in enumerate(glance.lines):
        if reading.angle_rad is not None:
            now = calm[i] = _smoothed(calm[i], reading.angle_rad, glance.t_s)
            reading = replace(reading, angle_rad=now[0])
        lines.append(reading)
    return replace(search, calm=tuple(calm)), replace(glance, lines=tuple(lines))


def _smoothed(before: Calm, angle_rad: float, t_s: float) -> tuple[float, float, float]:
    if before is None or t_s - before[1] > _LONGEST_BLINK_S:
        return angle_rad, t_s, 0.0
    mean, last_s, for_s = before
    step_s = t_s - last_s
    # At first the plain mean, then one that forgets.
    weight = step_s / min(for_s + 2.0 * step_s, _CALM_S) if step_s > 0.0 else 0.0
    turned = (angle_rad - mean + pi) % (2.0 * pi) - pi
    return mean + min(weight, 1.0) * turned, t_s, for_s + step_s


def _saw_anything(glance: Glance) -> bool:
    return any(r.angle_rad is not None for r in glance.lines) or any(
        up is not None for up in glance.ups
    )


def mean_up(search: ZeroSearch, imu: int) -> Up | None:
    """Mean up of a sensor over the period, normalised; None where it was not seen."""
    total = np.array(search.up_sum[imu])
    length = float(np.linalg.norm(total))
    if search.up_count[imu] == 0 or length == 0.0:
        return None
    unit = total / length
    return float(unit[0]), float(unit[1]), float(unit[2])


def _angle_rad(a: Up, b: Up) -> float:
    return acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))


def _still(search: ZeroSearch, glance: Glance) -> bool:
    """Whether everything seen now is where it was in the period so far."""
    for i, reading in enumerate(glance.lines):
        if reading.angle_rad is None or search.line_count[i] == 0:
            continue
        if reading.line in _SHOWN_BY:
            mean = search.line_sum[i] / search.line_count[i]
            if abs(reading.angle_rad - mean) > _STILL_LINE_RAD:
                return False
    for i, up in enumerate(glance.ups):
        mean_of = mean_up(search, i)
        if up is not None and mean_of is not None and _angle_rad(up, mean_of) > _STILL_UP_RAD:
            return False
    return True


def _line_reads_rad(line: Line, coordinates_rad: np.ndarray) -> float:
    """What a line shows in a posture given by its 21 coordinates."""
    link, plane = LINE_SHOWS[line]
    if plane is Plane.SAGITTAL:
        return pitch_of_posture_rad(link, coordinates_rad)
    return roll_of_posture_rad(link, coordinates_rad)


def _like_start(start: StartPosture, glance: Glance) -> bool:
    """Whether what is seen can be the declared start posture."""
    for reading in glance.lines:
        if reading.angle_rad is None or reading.line not in _SHOWN_BY:
            continue
        expected = _line_reads_rad(reading.line, start.coordinates_rad)
        known_sd = _sd_rad(_SHOWN_BY[reading.line], start.posture, declared=False)
        if abs(reading.angle_rad - expected) > _WITHIN_SDS * known_sd:
            return False
    if all(up is None for up in glance.ups):
        return True
    ups = ups_of(start.coordinates_rad, start.up)
    return all(
        up is None or worn_like(stream, up, ups[UP_OF[stream.segment]])
        for stream, up in zip(start.imus, glance.ups, strict=True)
    )


def look_for_still(
    start: StartPosture, search: ZeroSearch, glance: Glance, *, asked: bool = False
) -> tuple[ZeroSearch, bool]:
    """The search after one glance without a declared period, and whether the pose was found now.

    `asked`: the person was asked to take the posture, so that being still is enough.
    """
    if search.done or start.posture in _NEVER_TAKEN:
        return search, False
    search, glance = _calmed(search, glance)
    fresh = replace(begin(len(search.up_sum)), calm=search.calm)
    if not _saw_anything(glance):
        blinked = search.since_s is not None and glance.t_s - search.last_s <= _LONGEST_BLINK_S
        return (search if blinked else fresh), False
    if not asked and not _like_start(start, glance):
        return fresh, False
    if search.since_s is None or not _still(search, glance):
        return _added(fresh, glance), False
    added = _added(search, glance)
    assert added.since_s is not None
    return added, glance.t_s - added.since_s >= _STILL_S


def look_in_period(
    search: ZeroSearch, glance: Glance, zero_s: tuple[float, float]
) -> tuple[ZeroSearch, bool]:
    """The search after one glance with a declared period, and whether the period is over now.

    A period in which nothing was seen gives no zero pose.
    """
    if search.done or glance.t_s < zero_s[0]:
        return search, False
    if glance.t_s <= zero_s[1]:
        return (_added(search, glance) if _saw_anything(glance) else search), False
    return search, search.since_s is not None


_FRONTAL = frozenset(
    {
        Coordinate.PELVIS_OBLIQUITY,
        Coordinate.LUMBAR_SIDE_BEND,
        Coordinate.THORAX_SIDE_BEND,
        Coordinate.TRUNK_SIDE_LEAN,
    }
)
_RAISED = _FRONTAL | {Coordinate.HIP_ADDUCTION_L, Coordinate.HIP_ADDUCTION_R}
"""What goes with how far a trunk that lies on the side rises to the shoulders."""
_TURNS = frozenset(
    {
        Coordinate.PELVIS_ROTATION,
        Coordinate.LUMBAR_ROTATION,
        Coordinate.THORAX_ROTATION,
        Coordinate.HIP_ROTATION_L,
        Coordinate.HIP_ROTATION_R,
    }
)
_KNOWN = (
    *(c for c in COORDINATES[:16] if c not in _TURNS),
    *COORDINATES[16:18],
    *COORDINATES[19:],
)
"""All but the turns: each joint, and how upright the chest stands."""


def known_posture(start: StartPosture, mean: np.ndarray, *, declared: bool) -> Reading:
    """What the zero pose says of the body: upright standing if declared, else the start posture.

    `mean` (n,) of the filter's variables.
    """
    at = [INDEX[c] for c in _KNOWN]
    target = np.zeros(len(at)) if declared else start.coordinates_rad[at]
    slope = np.zeros((len(at), len(mean)))
    slope[:, :BODY_SIZE] = map_at(start.coordinates_rad)[at]
    sds = np.array([_sd_rad(c, start.posture, declared=declared) for c in _KNOWN])
    return Reading(target - start.coordinates_rad[at] - slope @ mean, slope, np.diag(sds**2))


def _sd_rad(coordinate: Coordinate, posture: Posture, *, declared: bool) -> float:
    if declared:
        return _rad("zero_declared_sd_deg")
    if posture is Posture.STANDING:
        frontal = "_frontal" if coordinate in _FRONTAL else ""
        return _rad(f"zero_standing{frontal}_sd_deg")
    if posture is Posture.SIDE_LYING and coordinate in _RAISED:
        return _rad("zero_side_lying_frontal_sd_deg")
    if coordinate.value.endswith(("_l", "_r")):
        return _rad("zero_leg_sd_deg")
    if coordinate in _FRONTAL:
        return _rad("zero_symmetry_sd_deg")
    if posture is Posture.HALF_KNEELING:
        return _rad("zero_half_kneeling_sd_deg")
    return _rad("zero_other_sd_deg")
