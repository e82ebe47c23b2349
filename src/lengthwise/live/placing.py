"""Use case: where to stand or lie for an exercise, and where the camera should be.

The figure is the start posture of the exercise as that camera would see it, on a body of the
person's height: what the page lays over the mirror. Distance and height of the camera follow from
the room that the whole movement takes.
"""

from functools import lru_cache
from math import ceil, degrees, radians, tan
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import View
from lengthwise.reference.exercise_parts import Place
from lengthwise.reference.exercises import exercise
from lengthwise.reference.in_picture import Seen, legs_watched, near_side, parts_needed
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.flesh import HEAD, Flesh
from lengthwise.report.in_room import InRoom
from lengthwise.report.room import Room
from lengthwise.report.things import Shape, things_around

_ACROSS_RAD = radians(60.0)
"""How wide a built-in camera looks, at the narrow end of what is sold: expert default."""
_WIDE_TO_HIGH = 4.0 / 3.0
_FILLED = 0.82
"""Share of the image that the movement may take; the rest is room to be a little beside it."""
_NEAREST_M, _STEP_M = 1.5, 0.5
_BED_M = 0.5
"""Height of a bed, whose top is where its room begins."""
_YAW = {View.FRONT: 0.0, View.LEFT: 90.0, View.RIGHT: -90.0}
_CM = 100.0
_ARMS = "arms"
_SHARES_OF_WAY = (0.0, 0.5, 1.0)


class Ellipse(Struct, frozen=True, array_like=True):
    """In centimetres of the image plane, x to its right and y down; `turn_deg` clockwise."""

    part: str
    x: float
    y: float
    long: float
    short: float
    turn_deg: float


class Outline(Struct, frozen=True, array_like=True):
    """What stands around; `points` in centimetres as of an ellipse."""

    tone: str
    closed: bool
    before: bool
    points: list[tuple[float, float]]


class Placing(Struct, frozen=True):
    """`camera_m` above the floor, `distance_m` from the person; `width_cm`, `height_cm` of what the
    camera then sees at the person, not mirrored. `parts` that are wanted and `legs` of which."""

    exercise_id: str
    side: Side
    view: View
    near: Side | None
    posture: str
    place: str
    parts: tuple[Seen, ...]
    legs: tuple[Side, ...]
    distance_m: float
    camera_m: float
    width_cm: float
    height_cm: float
    body: list[Ellipse]
    around: list[Outline]


def placing(exercise_id: str, *, side: Side = Side.LEFT, height_cm: int = 170) -> Placing:
    """Raises InputError for an exercise that is not known."""
    done = exercise(exercise_id).for_side(side)
    room = Room(done, *_body(height_cm))
    view = done.camera_view()
    axes = _axes(view)
    way = [room.at(s) for s in _SHARES_OF_WAY] if done.path else [room.start]
    if -1.0 in room.shares:
        way.append(room.at(-1.0))
    low, high = _extent(room, way, axes)
    wide, tall = (high - low) / _FILLED
    image_m = max(wide, tall * _WIDE_TO_HIGH)
    distance_m = image_m / (2.0 * tan(_ACROSS_RAD / 2.0))
    distance_m = max(ceil(distance_m / _STEP_M) * _STEP_M, _NEAREST_M)
    image_m = distance_m * 2.0 * tan(_ACROSS_RAD / 2.0)
    middle = (low + high) / 2.0
    floor_m = _BED_M if done.place is Place.BED else 0.0
    sheet = _Sheet(middle, image_m)
    return Placing(
        exercise_id=done.id,
        side=side,
        view=view,
        near=near_side(done),
        posture=done.start_posture.value,
        place=done.place.value,
        parts=parts_needed(done),
        legs=legs_watched(done),
        distance_m=distance_m,
        camera_m=round(float(middle[1]) + floor_m, 2),
        width_cm=round(_CM * image_m, 1),
        height_cm=round(_CM * image_m / _WIDE_TO_HIGH, 1),
        body=_figure(room, room.start, axes, sheet),
        around=[_outline(s, axes, sheet) for s in things_around(room, room.start, way)],
    )


def placed(exercise_id: str, *, side: Side, height_cm: int) -> dict[str, Any]:
    """`placing` in values that need nothing of this module to be read."""
    told: dict[str, Any] = msgspec.to_builtins(placing(exercise_id, side=side, height_cm=height_cm))
    return told


@lru_cache(maxsize=4)
def _body(height_cm: int) -> tuple[Anatomy, Flesh]:
    anatomy = Anatomy.build(BodyMeasures(height_m=height_cm / _CM))
    return anatomy, BodyPainter(anatomy, bone_cell_m=0.02).flesh


class _Sheet:
    """From metres of a view to centimetres of the image plane."""

    def __init__(self, middle_m: np.ndarray, image_m: float) -> None:
        self._middle = middle_m
        self._half = np.array([image_m, image_m / _WIDE_TO_HIGH]) / 2.0

    def at(self, seen_m: np.ndarray) -> np.ndarray:
        """(..., 2) from (..., 3) of the view."""
        across = seen_m[..., 0] - self._middle[0] + self._half[0]
        down = self._half[1] - (seen_m[..., 1] - self._middle[1])
        return np.round(_CM * np.stack([across, down], axis=-1), 1)


def _axes(view: View) -> np.ndarray:
    """(3, 3) right, up, towards the camera, from room axes (x left, y back, z up); level."""
    yaw = radians(_YAW[view])
    towards = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    return np.stack([np.cross(up, towards), up, towards])


def _extent(room: Room, way: list[InRoom], axes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(2,), (2,) of the view that holds the body on its whole way."""
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for at in way:
        soft = at.soft(room.flesh)
        centre = (soft.centre_m @ axes.T)[:, :2]
        half = np.linalg.norm(axes @ soft.shape_m, axis=2)[:, :2]
        low = np.minimum(low, (centre - half).min(axis=0))
        high = np.maximum(high, (centre + half).max(axis=0))
    return low, high


def _figure(room: Room, at: InRoom, axes: np.ndarray, sheet: _Sheet) -> list[Ellipse]:
    """The body, from the farthest part to the nearest."""
    soft = at.soft(room.flesh)
    own = len(at.soft(room.flesh, arms=False).label)
    head = {room.anatomy.model.body(name).id for name in HEAD}
    names = [BodyPart(p).name.lower() for p in soft.label[:own]]
    for i, body in enumerate(room.flesh.body):
        if int(body) in head:
            names[i] = "head"
    names += [_ARMS] * (len(soft.label) - own)
    seen = soft.centre_m @ axes.T
    spread = axes @ (soft.shape_m @ soft.shape_m.transpose(0, 2, 1)) @ axes.T
    depth = {n: float(np.mean([seen[i, 2] for i, m in enumerate(names) if m == n])) for n in names}
    place = sheet.at(seen)
    found = []
    for i in sorted(range(len(names)), key=lambda i: (depth[names[i]], i)):
        square, turned = np.linalg.eigh(spread[i, :2, :2])
        short, long = np.sqrt(np.maximum(square, 0.0)) * _CM
        # Rows of an image grow downwards, so the angle turns round.
        turn = -degrees(float(np.arctan2(turned[1, 1], turned[0, 1])))
        x, y = place[i].tolist()
        found.append(
            Ellipse(names[i], x, y, round(float(long), 1), round(float(short), 1), round(turn))
        )
    return found


def _outline(shape: Shape, axes: np.ndarray, sheet: _Sheet) -> Outline:
    points = [(float(x), float(y)) for x, y in sheet.at(shape.points_m @ axes.T)]
    return Outline(shape.tone.value, shape.closed, shape.before, points)
