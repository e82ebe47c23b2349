"""Whether a worn sensor sits where and how it was declared, by two motions of known direction.

How far up turns in a sensor in each motion says which segment carries it: bending forward tips the
trunk and leaves the thighs, raising a knee tips that thigh and leaves the trunk. The direction in
which up turns says where the segment's front is: gravity alone gives neither, and one motion gives
the front up to a half turn. Pitch + top to the front, as everywhere: bending forward, up moves to
the segment's back; as a thigh is raised, up moves to its front.
"""

from collections.abc import Sequence
from math import acos, atan2, hypot, log, pi, radians, sin

import numpy as np
from msgspec import Struct

from lengthwise.body.calibration.asks import MOTIONS, Ask
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.body.imu_geometry import AXIS_VECTOR
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import Axis, Segment
from lengthwise.contracts.person import FindingKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.wearing import tip_rad


def _rad(name: str) -> float:
    return radians(constant("calibration", name))


_LEAST_RAD = _rad("motion_least_deg")
_RETURNED = constant("calibration", "motion_returned_ratio")
_PLANE_RAD = _rad("motion_plane_sd_deg")
_UP_RAD = _rad("sensor_up_sd_deg")
_OTHER_LOG = constant("calibration", "other_segment_log_ratio")
_WITHIN_RAD = _rad("worn_within_deg")
_UPSIDE_RAD = _rad("upside_down_deg")
_EXCHANGED_RAD = _rad("exchanged_least_deg")
_LEVEL = sin(radians(35.0))
"""A stated front that is nearer to the vertical than this is no front."""
_TRUNK = (Segment.PELVIS, Segment.T12, Segment.THORAX)
_RIBS = (Segment.T12, Segment.THORAX)


class WornSensor(Struct, frozen=True):
    """What is declared of one sensor. `position` id or "" where none was stated; `front`, `up`:
    sensor axes that point to the segment's front and upwards in standing, None where not known.
    """

    segment: Segment
    position: str = ""
    front: Axis | None = None
    up: Axis | None = None

    @property
    def setup(self) -> str:
        return f"imu:{self.segment.value}:{self.position or 'unstated'}"


class Tip(Struct, frozen=True):
    """How far a sensor has tipped in one motion: the furthest, its up then, and now."""

    furthest_rad: float = 0.0
    up: Up | None = None
    now_rad: float = 0.0


def tipped(tip: Tip, still: Up, now: Up) -> Tip:
    angle = _between(still, now)
    if angle > tip.furthest_rad:
        return Tip(angle, now, angle)
    return Tip(tip.furthest_rad, tip.up, angle)


def over(tip: Tip) -> bool:
    """Whether a motion was made and is done."""
    return made(tip) and tip.now_rad <= _RETURNED * tip.furthest_rad


def made(tip: Tip) -> bool:
    """Whether a sensor has tipped far enough to show that a motion was made."""
    return tip.furthest_rad >= _LEAST_RAD


def exchanged(
    sensors: Sequence[WornSensor], bent: Sequence[Tip]
) -> dict[Segment, tuple[Segment, ...]]:
    """Trunk sensors that tipped in the bend as if each were on the other's place: with which ones.

    Whoever bends, bends the low back as well, so ribs tip further than the pelvis. How far each
    tips differs too much between people to tell one alone; of two that bend together the order
    does. Ribs and breastbone are not told apart: they hardly move against each other.
    """
    tips = {s.segment: tip.furthest_rad for s, tip in zip(sensors, bent, strict=True) if made(tip)}
    pelvis = tips.get(Segment.PELVIS)
    wrong = [
        ribs
        for ribs in _RIBS
        if pelvis is not None and ribs in tips and pelvis - tips[ribs] > _EXCHANGED_RAD
    ]
    if not wrong:
        return {}
    return {Segment.PELVIS: tuple(wrong), **dict.fromkeys(wrong, (Segment.PELVIS,))}


def alone_on_trunk(sensor: WornSensor, sensors: Sequence[WornSensor]) -> bool:
    """Whether nothing else worn shows if this one is on the pelvis or on the ribs."""
    if sensor.segment not in _TRUNK:
        return False
    ribs = sensor.segment in _RIBS
    return not any(s.segment in _TRUNK and (s.segment in _RIBS) is not ribs for s in sensors)


def check(
    sensor: WornSensor,
    still: Up | None,
    tips: dict[Ask, Tip],
    *,
    moved: bool,
    exchanged_with: tuple[Segment, ...] = (),
) -> Result:
    """What the motions say of one sensor. `still`: its up in standing; `moved`: the motions were
    seen elsewhere (camera, another sensor), so that a sensor without a tip says where it is not;
    `exchanged_with`: as `exchanged` found.
    """

    def told(outcome: Outcome, angle_rad: float | None = None, seems: Segment | None = None,
             value: Estimate | None = None) -> Result:  # fmt: skip
        kind = FindingKind.WEARING_TURN
        return Result(kind, outcome, value, sensor.setup, sensor.segment, angle_rad, seems)

    motions = {ask: tip for ask, tip in tips.items() if ask in MOTIONS}
    if still is None:
        return told(Outcome.SENSOR_SILENT)
    if sensor.up is not None:
        tilt = _between(still, AXIS_VECTOR[sensor.up])
        if tilt > _UPSIDE_RAD:
            return told(Outcome.UPSIDE_DOWN, tilt)
    furthest = max((tip.furthest_rad for tip in motions.values()), default=0.0)
    if furthest < _LEAST_RAD and not moved:
        return told(Outcome.NOT_MOVED, furthest)
    seems = exchanged_with[0] if exchanged_with else likely_segment(sensor.segment, motions)
    if seems is not sensor.segment:
        return told(Outcome.OTHER_SEGMENT, furthest, seems)
    if furthest < _LEAST_RAD:
        return told(Outcome.NOT_MOVED, furthest)
    if sensor.front is None:
        return told(Outcome.POSITION_NOT_STATED)
    shown = _shown_front(sensor.segment, still, motions)
    if shown is None:
        return told(Outcome.DIRECTION_NOT_SHOWN)
    front, tip_angle = shown
    stated = _level(np.array(AXIS_VECTOR[sensor.front]), np.array(still))
    if stated is None:
        upright = _between(still, AXIS_VECTOR[sensor.front])
        return told(Outcome.TURNED, min(upright, pi - upright))
    left = np.cross(np.array(still), stated)
    turn = atan2(float(front @ left), float(front @ stated))
    if abs(turn) <= _WITHIN_RAD:
        sd = hypot(_PLANE_RAD, _UP_RAD / sin(min(tip_angle, pi / 2)))
        return told(Outcome.FOUND, turn, value=Estimate(turn, sd))
    backwards = abs(turn) >= pi - _WITHIN_RAD
    return told(Outcome.BACK_TO_FRONT if backwards else Outcome.TURNED, turn)


def shown_axes(
    segment: Segment, still: Up | None, tips: dict[Ask, Tip]
) -> tuple[Axis, Axis] | None:
    """The sensor axes that are nearest to the segment's front and to up, as the motions showed
    them, for a sensor of which nobody said how it is worn; None where the front was not shown."""
    shown = None if still is None else _shown_front(segment, still, tips)
    if still is None or shown is None:
        return None

    def nearest(direction: np.ndarray) -> Axis:
        return max(Axis, key=lambda axis: float(np.array(AXIS_VECTOR[axis]) @ direction))

    front, up = nearest(shown[0]), nearest(np.array(still))
    return None if abs(np.array(AXIS_VECTOR[front]) @ AXIS_VECTOR[up]) > 0.5 else (front, up)


def likely_segment(declared: Segment, motions: dict[Ask, Tip]) -> Segment:
    """The segment that explains the tips; the declared one unless another one does much better."""
    scores = {segment: _score(segment, motions) for segment in Segment}
    best = max(scores, key=lambda segment: scores[segment])
    return best if scores[best] - scores[declared] > _OTHER_LOG else declared


def _score(segment: Segment, motions: dict[Ask, Tip]) -> float:
    """Log likelihood of the tips, each with its usual value and spread."""
    total = 0.0
    for ask, tip in motions.items():
        usual, spread = tip_rad(ask.value, segment)
        sd = hypot(spread, _UP_RAD)
        total -= 0.5 * ((tip.furthest_rad - usual) / sd) ** 2 + log(sd)
    return total


def _shown_front(
    segment: Segment, still: Up, motions: dict[Ask, Tip]
) -> tuple[np.ndarray, float] | None:
    """(3,) the segment's front in sensor axes, level, and the angle of the tip that showed it."""
    if segment in _TRUNK:
        ask, sign = Ask.BEND_FORWARD, -1.0
    elif segment is Segment.THIGH_R:
        ask, sign = Ask.RAISE_RIGHT_KNEE, 1.0
    elif segment is Segment.THIGH_L:
        ask, sign = Ask.RAISE_LEFT_KNEE, 1.0
    else:
        return None
    tip = motions.get(ask)
    if tip is None or tip.up is None or tip.furthest_rad < _LEAST_RAD:
        return None
    way = _level(np.array(tip.up), np.array(still), least=0.0)
    return None if way is None else (sign * way, tip.furthest_rad)


def _level(direction: np.ndarray, still: np.ndarray, *, least: float = _LEVEL) -> np.ndarray | None:
    """The part of a direction across the vertical, as unit vector; None where it is too small."""
    level = direction - (direction @ still) * still
    length = float(np.linalg.norm(level))
    return level / length if length > least else None


def _between(a: Up, b: Up) -> float:
    return acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))
