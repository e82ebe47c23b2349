"""What stands around the body in a drawing of an exercise: ground, seat, bed, wall, what is held.

Simple shapes in room axes, a hint and not furniture: sizes follow the body.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.exercise_parts import Place
from lengthwise.reference.exercise_picture import Carrier, Hand, Thing
from lengthwise.report.in_room import InRoom
from lengthwise.report.room import Room

_MARGIN_M = 0.16
_BED_M = 0.16
_SLAB_M = 0.04


class Tone(Enum):
    """`ground` what lies below; `wall` behind; `wood` furniture; `held` in the hand."""

    GROUND = "ground"
    WALL = "wall"
    WOOD = "wood"
    HELD = "held"


@dataclass(frozen=True)
class Shape:
    """`points_m` (n, 3): filled where it has an area (`closed`), else a line. `before`: drawn over
    the body."""

    points_m: np.ndarray
    tone: Tone
    closed: bool = True
    before: bool = False


def things_around(room: Room, at: InRoom, bodies: list[InRoom]) -> list[Shape]:
    """What is drawn with a body. `bodies`: all that the picture shows, so that things stay."""
    found = list(_ground(room, bodies))
    found += _walls(at)
    found += _seat(room)
    found += _held(room, at)
    return found


def _ground(room: Room, bodies: list[InRoom]) -> Iterator[Shape]:
    low, high = spread_m(room, bodies)
    if room.done.place is Place.BED:
        if room.done.picture.over_edge:
            # The bed ends below the seat, at the feet's end.
            low[1] = room.start.bone("femur_l")[1] - 0.10
        yield from _box(low, high, -_BED_M, 0.0, Tone.GROUND)
        return
    yield _flat(low, high, 0.0, Tone.GROUND)


def spread_m(room: Room, bodies: list[InRoom]) -> tuple[np.ndarray, np.ndarray]:
    """(2,), (2,) the ground that is covered, with a margin."""
    soft = [b.soft(room.flesh) for b in bodies]
    half = [np.linalg.norm(s.shape_m, axis=2) for s in soft]
    low = np.min([(s.centre_m - h).min(axis=0) for s, h in zip(soft, half, strict=True)], axis=0)
    high = np.max([(s.centre_m + h).max(axis=0) for s, h in zip(soft, half, strict=True)], axis=0)
    return low[:2] - _MARGIN_M, high[:2] + _MARGIN_M


def _flat(low: np.ndarray, high: np.ndarray, z: float, tone: Tone) -> Shape:
    (x0, y0), (x1, y1) = low, high
    return Shape(np.array([[x0, y0, z], [x1, y0, z], [x1, y1, z], [x0, y1, z]]), tone)


def _box(low: np.ndarray, high: np.ndarray, z0: float, z1: float, tone: Tone) -> Iterator[Shape]:
    """Its sides, then its top."""
    (x0, y0), (x1, y1) = low, high
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        yield Shape(np.array([[ax, ay, z0], [bx, by, z0], [bx, by, z1], [ax, ay, z1]]), tone)
    yield _flat(low, high, z1, tone)


def _walls(at: InRoom) -> Iterator[Shape]:
    hands = at.arms
    for side, hand in hands.hand.items():
        wrist, out = hands.wrist_m[side], 1.0 if side is Side.LEFT else -1.0
        if hand is Hand.WALL:
            y = wrist[1] - 0.05
            corners = [[-0.5, y, 0.0], [0.5, y, 0.0], [0.5, y, 1.95], [-0.5, y, 1.95]]
            yield Shape(np.array(corners), Tone.WALL)
            return
        if hand is Hand.SIDE_WALL:
            x = wrist[0] + 0.06 * out
            corners = [[x, -0.4, 0.0], [x, 0.5, 0.0], [x, 0.5, 1.95], [x, -0.4, 1.95]]
            yield Shape(np.array(corners), Tone.WALL)
            return
    held = [w for s, w in hands.wrist_m.items() if hands.hand[s] in (Hand.SUPPORT, Hand.SIDE)]
    if held:
        middle = np.mean(held, axis=0)
        across = len(held) == 2 or _ahead(at)
        along = np.array([0.2, 0.0, 0.0] if across else [0.0, 0.2, 0.0])
        top = np.array([middle[0], middle[1], middle[2] - 0.04])
        a, b = top - along, top + along
        ground = np.array([1.0, 1.0, 0.0])
        yield Shape(np.array([a * ground, a, b, b * ground]), Tone.WOOD, closed=False)
        seat = np.array([1.0, 1.0, 0.5])
        yield Shape(np.array([a * seat, b * seat]), Tone.WOOD, closed=False)


def _ahead(at: InRoom) -> bool:
    return Hand.SUPPORT in at.arms.hand.values()


def _seat(room: Room) -> Iterator[Shape]:
    if room.seat_m is None:
        return
    pelvis, working = room.start.bone("pelvis"), room.done.written_for
    left, right = -0.23, 0.23
    if Thing.HALF_SEAT in room.done.picture.things:
        left, right = (-0.34, 0.02) if working is Side.LEFT else (-0.02, 0.34)
    low = np.array([pelvis[0] + left, pelvis[1] - 0.24])
    high = np.array([pelvis[0] + right, pelvis[1] + 0.26])
    top = room.seat_m
    for x in (low[0] + 0.02, high[0] - 0.02):
        for y in (low[1] + 0.02, high[1] - 0.02):
            yield Shape(np.array([[x, y, 0.0], [x, y, top]]), Tone.WOOD, closed=False)
    back = ((low[0], top), (low[0], top + 0.42), (high[0], top + 0.42), (high[0], top))
    yield Shape(np.array([[x, high[1], z] for x, z in back]), Tone.WOOD, closed=False)
    yield from _box(low, high, top - _SLAB_M, top, Tone.WOOD)


def _held(room: Room, at: InRoom) -> Iterator[Shape]:
    working = room.done.written_for
    wrists = at.arms.wrist_m
    if Hand.STRAP in at.arms.hand.values():
        foot = at.bone(f"toes_{working.value}")
        for side, hand in at.arms.hand.items():
            if hand is Hand.STRAP:
                line = np.array([wrists[side], foot])
                yield Shape(line, Tone.HELD, closed=False, before=True)
    for thing in room.done.picture.things:
        if thing is Thing.STEP:
            heel, toes = (room.start.bone(f"{b}_{working.value}") for b in ("calcn", "toes"))
            top = room.start.lowest_m(room.flesh, Carrier(f"foot_{working.value}"))
            low, high = np.minimum(heel, toes)[:2] - 0.09, np.maximum(heel, toes)[:2] + 0.07
            yield from _box(low, high, 0.0, top, Tone.WOOD)
        elif thing is Thing.CUSHION:
            pelvis = at.bone("pelvis")
            top = at.lowest_m(room.flesh, Carrier.PELVIS)
            low, high = pelvis[:2] - np.array([0.22, 0.12]), pelvis[:2] + np.array([0.22, 0.24])
            yield from _box(low, high, 0.0, top, Tone.WOOD)
        elif thing is Thing.LEG_REST:
            legs = np.array([at.bone(f"{b}_{s}")[:2] for b in ("tibia", "calcn") for s in "lr"])
            top = min(at.lowest_m(room.flesh, Carrier(f"shank_{s}")) for s in "lr")
            low, high = legs.min(axis=0) - 0.08, legs.max(axis=0) + 0.08
            yield from _box(low, high, top - _SLAB_M, top, Tone.WOOD)
        elif thing is Thing.BOX:
            middle = np.mean(list(wrists.values()), axis=0)
            low, high = middle[:2] - np.array([0.13, 0.14]), middle[:2] + np.array([0.13, 0.08])
            yield from _box(low, high, middle[2] - 0.22, middle[2] - 0.02, Tone.HELD)
        elif thing is Thing.BAG:
            wrist = wrists[working]
            low, high = wrist[:2] - np.array([0.05, 0.13]), wrist[:2] + np.array([0.05, 0.13])
            yield from _box(low, high, wrist[2] - 0.33, wrist[2] - 0.06, Tone.HELD)
