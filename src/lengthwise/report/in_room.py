"""A drawn body where it stands in the room, with its arms."""

from dataclasses import dataclass
from typing import NamedTuple

import mujoco
import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.reference.exercise_picture import Carrier, Hand
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.flesh import Flesh
from lengthwise.report.raster import Ellipsoids


class Arms(NamedTuple):
    """`soft` flesh; `wrist_m` and `shoulder_m` of each side; `hand` where each is."""

    soft: Ellipsoids
    wrist_m: dict[Side, np.ndarray]
    shoulder_m: dict[Side, np.ndarray]
    hand: dict[Side, Hand]

    @classmethod
    def none(cls) -> "Arms":
        nothing = Ellipsoids(np.zeros((0, 3)), np.zeros((0, 3, 3)), np.zeros(0, dtype=int))
        return cls(nothing, {}, {}, {})


@dataclass(frozen=True)
class InRoom:
    """`pose_rad` (21,); a body point p stands at `turn` @ p + `shift_m`. `arms` in room axes.

    `carried`: the parts that touch ground or seat.
    """

    share: float
    pose_rad: np.ndarray
    data: mujoco.MjData
    turn: np.ndarray
    shift_m: np.ndarray
    carried: tuple[Carrier, ...]
    arms: Arms

    def placed(self, points_m: np.ndarray) -> np.ndarray:
        """(..., 3) points of the body in the room."""
        return np.asarray(points_m @ self.turn.T + self.shift_m)

    def bone(self, name: str) -> np.ndarray:
        """(3,) the origin of a bone."""
        return self.placed(self.data.body(name).xpos)

    def soft(self, flesh: Flesh, *, arms: bool = True) -> Ellipsoids:
        """The body in room axes."""
        found = flesh.placed(self.data)
        body = Ellipsoids(
            self.placed(found.centre_m), self.turn @ found.shape_m, np.asarray(found.label)
        )
        return body.joined(self.arms.soft) if arms else body

    def lowest_m(self, flesh: Flesh, part: Carrier | None = None) -> float:
        """Height of the lowest flesh of a part, or of all but the arms."""
        soft = self.soft(flesh, arms=False)
        low = soft.centre_m[:, 2] - np.linalg.norm(soft.shape_m[:, 2], axis=1)
        return float(low.min() if part is None else low[soft.label == BodyPart[part.name]].min())
