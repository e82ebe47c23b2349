"""Arms for a drawing: two bones that reach from the shoulder to where an exercise has the hand.

The anatomical model has no arms and nothing is estimated from them; without them a picture does not
look like a person. Room axes as in `room`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_picture import Hand
from lengthwise.report.body_drawing import DrawingSource
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.flesh import Flesh
from lengthwise.report.in_room import Arms, InRoom
from lengthwise.report.raster import Ellipsoids
from lengthwise.sim.arms import two_bones

_UPPER, _FORE, _HAND = (
    constant("sim", f"{name}_height_ratio") for name in ("upper_arm", "forearm", "hand")
)
_UP = np.array([0.0, 0.0, 1.0])
_WRIST_M = 0.035
"""Height of a wrist whose hand lies on the ground."""
_STAYS = frozenset({Hand.FLOOR, Hand.SHOULDER, Hand.WALL, Hand.SUPPORT, Hand.SIDE, Hand.SIDE_WALL})
"""What is taken hold of at the start and not let go."""


@dataclass(frozen=True)
class _Body:
    """One arm's surroundings. `axes`: (3, 3) rows left, back, up of the chest; `out` from the
    middle to this side."""

    at: InRoom
    side: Side
    working: Side
    shoulder: np.ndarray
    axes: np.ndarray
    reach: float

    @property
    def out(self) -> np.ndarray:
        return np.asarray(self.axes[0]) * (1.0 if self.side is Side.LEFT else -1.0)

    @property
    def front(self) -> np.ndarray:
        return -np.asarray(self.axes[1])

    @property
    def up(self) -> np.ndarray:
        return np.asarray(self.axes[2])

    @property
    def level_front(self) -> np.ndarray:
        return _unit(self.front * np.array([1.0, 1.0, 0.0]) + 1e-6)

    @property
    def level_out(self) -> np.ndarray:
        return _unit(self.out * np.array([1.0, 1.0, 0.0]) + 1e-6)


class Reacher:
    """Finds the arms of one body in any posture."""

    def __init__(self, anatomy: DrawingSource, flesh: Flesh, working: Side) -> None:
        neutral = anatomy.place(np.zeros(21))
        soft = flesh.placed(neutral)
        half = np.linalg.norm(soft.shape_m[:, 2], axis=1)
        self._height_m = float(
            (soft.centre_m[:, 2] + half).max() - (soft.centre_m[:, 2] - half).min()
        )
        self._rot_neutral = neutral.body("torso").xmat.reshape(3, 3).copy()
        self._shoulder = flesh.shoulder_m
        self._working = working

    def arms(
        self,
        at: InRoom,
        hands: dict[Side, tuple[Hand, Hand]],
        start: Callable[[], InRoom],
    ) -> Arms:
        """Both arms on the way from their first to their second place."""
        torso = at.data.body("torso")
        rot = torso.xmat.reshape(3, 3)
        # Rows: where the upright body's left, back and up point now, in room axes.
        axes = (at.turn @ rot @ self._rot_neutral.T).T
        upper, fore = _UPPER * self._height_m, _FORE * self._height_m
        centre: list[np.ndarray] = []
        radius: list[float] = []
        wrists, shoulders, where = {}, {}, {}
        way = min(abs(at.share), 1.0)
        for side, (first, last) in hands.items():
            shoulder = at.placed(torso.xpos + rot @ self._shoulder[side])
            body = _Body(at, side, self._working, shoulder, axes, upper + fore)
            target, bend = _place(first, body)
            if first in _STAYS and at.share != 0.0:
                target = start().arms.wrist_m[side]
            if last is not first and way:
                other, other_bend = _place(last, body)
                target, bend = target + way * (other - target), bend + way * (other_bend - bend)
            elbow, wrist = two_bones(shoulder, target, bend, upper, fore)
            tip = wrist + _HAND * self._height_m * 0.8 * _hand_way(
                last if way else first, body, elbow, wrist
            )
            _limb(centre, radius, [(shoulder, 0.046), (elbow, 0.037), (wrist, 0.026)])
            _limb(
                centre, radius, [(wrist, 0.026), (wrist + 0.5 * (tip - wrist), 0.031), (tip, 0.016)]
            )
            wrists[side], shoulders[side] = wrist, shoulder
            where[side] = last if way > 0.5 else first
        r = np.array(radius)
        soft = Ellipsoids(
            np.array(centre), r[:, None, None] * np.eye(3), np.full(len(r), int(BodyPart.CHEST))
        )
        return Arms(soft, wrists, shoulders, where)


def _limb(
    centre: list[np.ndarray], radius: list[float], path: list[tuple[np.ndarray, float]]
) -> None:
    for (a, r0), (b, r1) in pairwise(path):
        for w in np.linspace(0.0, 1.0, 16):
            centre.append(a + w * (b - a))
            radius.append(r0 + w * (r1 - r0))


def _hand_way(hand: Hand, b: _Body, elbow: np.ndarray, wrist: np.ndarray) -> np.ndarray:
    """Where the fingers point."""
    along = _unit(wrist - elbow)
    if hand in (Hand.FLOOR, Hand.SHOULDER):
        return _unit(b.up * np.array([1.0, 1.0, 0.0]) - 0.05 * _UP)
    if hand is Hand.AHEAD:
        return _unit(along * np.array([1.0, 1.0, 0.0]) - 0.1 * _UP)
    if hand is Hand.WALL:
        return _unit(_UP + 0.2 * along)
    return along


def _place(hand: Hand, b: _Body) -> tuple[np.ndarray, np.ndarray]:
    """Where the wrist wants to be, and which way the elbow bends."""
    if hand in _ON_LEGS:
        return _on_legs(hand, b)
    return _PLACES[hand](b)


def _hanging(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return b.shoulder + 0.98 * b.reach * _unit(-_UP + 0.16 * b.out + 0.06 * b.front), -b.front


def _beside(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    place = b.shoulder + 0.97 * b.reach * _unit(-b.up + 0.24 * b.out)
    return _on_ground(place), b.out


def _floor(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return _on_ground(b.shoulder + 0.03 * b.out), -b.up + 0.5 * b.out


def _ahead(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    way = _unit(b.up * np.array([1.0, 1.0, 0.0]) + 1e-6)
    drop = max(b.shoulder[2] - _WRIST_M, 0.0)
    far = max((0.97 * b.reach) ** 2 - drop**2, 0.01) ** 0.5
    return _on_ground(b.shoulder + far * way), b.out


def _overhead(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return b.shoulder + 0.95 * b.reach * _unit(b.up - 0.18 * b.out + 0.08 * b.front), b.out


def _chest(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return (
        b.shoulder - 0.20 * b.out + 0.13 * b.front - 0.10 * b.up,
        -b.up + 0.7 * b.out + 0.3 * b.front,
    )


def _belly(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    middle = (b.at.bone("femur_l") + b.at.bone("femur_r")) / 2
    return middle + 0.20 * b.up + 0.145 * b.front + 0.05 * b.out, b.out - 0.3 * b.front


def _hips(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    middle = (b.at.bone("femur_l") + b.at.bone("femur_r")) / 2
    return middle + 0.16 * b.up - 0.08 * b.front + 0.14 * b.out, b.out - 1.2 * b.front


def _support(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    place = b.shoulder + 0.40 * b.level_front + 0.02 * b.level_out
    place[2] = 0.95
    return place, -_UP + 0.4 * b.out


def _wall(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return b.shoulder + 0.46 * b.level_front - 0.04 * _UP, -_UP + 0.3 * b.out


def _side(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    place = b.shoulder + 0.22 * b.level_out + 0.10 * b.level_front
    place[2] = 0.95
    return place, -b.front + 0.3 * b.out


def _side_wall(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return b.shoulder + 0.40 * b.level_out + 0.14 * _UP, -_UP + 0.6 * b.out


def _forearm(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    # The elbow stands below the shoulder when the wrist is one forearm from there.
    way = _unit(b.front * np.array([1.0, 1.0, 0.0]) + 0.4 * b.up * np.array([1.0, 1.0, 0.0]))
    fore = b.reach * _FORE / (_UPPER + _FORE)
    return _on_ground(b.shoulder + fore * way), -_UP - 0.5 * way


def _beside_shoulder(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return _on_ground(b.shoulder + 0.10 * b.out + 0.02 * b.up), _UP - 0.8 * b.up + 0.4 * b.out


def _seat(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    hip = b.at.bone(f"femur_{b.side.value}")
    return hip + 0.15 * b.out - 0.05 * b.front - 0.03 * _UP, -b.front


def _low(b: _Body) -> tuple[np.ndarray, np.ndarray]:
    return b.shoulder + 0.98 * b.reach * _unit(-_UP + 0.02 * b.out + 0.22 * b.level_front), b.out


_PLACES: dict[Hand, Callable[[_Body], tuple[np.ndarray, np.ndarray]]] = {
    Hand.HANGING: _hanging,
    Hand.BESIDE: _beside,
    Hand.FLOOR: _floor,
    Hand.AHEAD: _ahead,
    Hand.OVERHEAD: _overhead,
    Hand.CHEST: _chest,
    Hand.BELLY: _belly,
    Hand.HIPS: _hips,
    Hand.SUPPORT: _support,
    Hand.WALL: _wall,
    Hand.SIDE: _side,
    Hand.SIDE_WALL: _side_wall,
    Hand.FOREARM: _forearm,
    Hand.SHOULDER: _beside_shoulder,
    Hand.SEAT: _seat,
    Hand.LOW: _low,
}
_ON_LEGS = frozenset(Hand) - frozenset(_PLACES)


def _on_legs(hand: Hand, b: _Body) -> tuple[np.ndarray, np.ndarray]:
    leg = {
        Hand.THIGH: b.side,
        Hand.FRONT_THIGH: _higher_knee(b),
        Hand.OTHER_THIGH: b.working.other,
    }.get(hand, b.working)
    hip, knee, ankle = (b.at.bone(f"{bone}_{leg.value}") for bone in ("femur", "tibia", "talus"))
    along, shank = _unit(knee - hip), _unit(ankle - knee)
    # The front of a thigh: away from where its shank bends to.
    front = _unit(-(shank - (shank @ along) * along) + 1e-3 * b.front)
    if hand in (Hand.THIGH, Hand.FRONT_THIGH):
        inwards = 0.02 if hand is Hand.THIGH else 0.035
        return hip + 0.72 * (knee - hip) + 0.10 * front + inwards * b.out, b.out - 0.6 * b.front
    if hand in (Hand.BEHIND_THIGH, Hand.OTHER_THIGH):
        return hip + 0.80 * (knee - hip) - 0.095 * front + 0.055 * b.out, b.out - 0.3 * b.up
    toes = b.at.bone(f"toes_{leg.value}")
    if hand is Hand.FOOT:
        return ankle + 0.35 * (toes - ankle) + 0.02 * b.out, b.out
    way = toes - b.shoulder
    far = min(0.86 * b.reach, float(np.linalg.norm(way)))
    return b.shoulder + far * _unit(way) - 0.04 * b.out, b.out - 0.5 * _UP


def _higher_knee(b: _Body) -> Side:
    left, right = (b.at.bone(f"tibia_{s.value}")[2] for s in Side)
    return Side.LEFT if left > right else Side.RIGHT


def _on_ground(point: np.ndarray) -> np.ndarray:
    return np.array([point[0], point[1], _WRIST_M])


def _unit(v: np.ndarray) -> np.ndarray:
    return np.asarray(v / max(float(np.linalg.norm(v)), 1e-9))
