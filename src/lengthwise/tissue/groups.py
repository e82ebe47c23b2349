"""Length of a muscle group: the mean of its fascicles, each weighted by its share of force.

Joint coordinates are the thirteen of `contracts.coordinates.ANATOMICAL`, in radians.
"""

from dataclasses import dataclass, field
from math import isfinite
from typing import Protocol

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, mirrored
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.length_kernel import grouped

MIRROR_ORDER: tuple[int, ...] = tuple(ANATOMICAL.index(mirrored(c)[0]) for c in ANATOMICAL)
"""Where each anatomical coordinate of the mirrored body is found in the original one."""

MIRROR_SIGN: np.ndarray = frozen_array([mirrored(c)[1] for c in ANATOMICAL])
"""(13,) the sign it takes on the way."""


class LengthModel(Protocol):
    """What the tissue needs of an anatomical model; `body.anatomy.Anatomy` provides it."""

    @property
    def muscle_names(self) -> tuple[str, ...]: ...

    def lengths_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) to (n,): muscle-tendon lengths."""
        ...

    def lengths_and_moment_arms(self, anatomical_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(13,) to (n,) and (n, 13): lengths, and d length / d coordinate in m/rad."""
        ...

    def lengths_batch_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(k, 13) to (k, n)."""
        ...


def mirror(anatomical_rad: np.ndarray) -> np.ndarray:
    """(..., 13): the same posture with left and right exchanged."""
    return np.asarray(anatomical_rad[..., MIRROR_ORDER] * MIRROR_SIGN)


def check_posture(mean_rad: np.ndarray, covariance_rad2: np.ndarray, size: int) -> None:
    """Raises ValueError unless these are a finite posture (size,) and covariance (size, size)."""
    shapes = np.shape(mean_rad), np.shape(covariance_rad2)
    if shapes != ((size,), (size, size)):
        raise ValueError(
            f"expected ({size},) and ({size}, {size}), got {shapes[0]} and {shapes[1]}"
        )
    # A square is finite only where the number is: one product instead of an array of answers.
    if not (
        isfinite(np.vdot(mean_rad, mean_rad))
        and isfinite(np.vdot(covariance_rad2, covariance_rad2))
    ):
        raise ValueError("joint coordinates and their covariance must be finite")


@dataclass(frozen=True)
class GroupLengths:
    """Group lengths over one anatomical model.

    `weights` (32, n): each row sums to one over the fascicles of that group and side, in the
    order of GROUP_SIDES and of the model's muscles. The other fields are its non-zero entries.
    """

    model: LengthModel
    weights: np.ndarray
    member: np.ndarray = field(init=False, repr=False)
    share: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        at = np.nonzero(self.weights)
        object.__setattr__(self, "member", frozen_array(np.column_stack(at), dtype="i8"))
        object.__setattr__(self, "share", frozen_array(self.weights[at]))

    @classmethod
    def over(cls, model: LengthModel) -> "GroupLengths":
        """Raises ValueError where the model lacks a fascicle of the table."""
        column = {name: i for i, name in enumerate(model.muscle_names)}
        weights = np.zeros((len(GROUP_SIDES), len(column)))
        for fascicle in muscle_group_table():
            if fascicle.muscle not in column:
                raise ValueError(f"the anatomical model has no muscle {fascicle.muscle}")
            row = GROUP_INDEX[fascicle.group, fascicle.side]
            weights[row, column[fascicle.muscle]] = fascicle.weight_n
        totals = weights.sum(axis=1, keepdims=True)
        if not np.all(totals > 0.0):
            empty = GROUP_SIDES[int(np.argmin(totals))]
            raise ValueError(f"no fascicle belongs to {empty[0].value}_{empty[1].value}")
        return cls(model, frozen_array(weights / totals))

    def lengths_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(13,) to (32,)."""
        return np.asarray(self.weights @ self.model.lengths_m(anatomical_rad))

    def lengths_and_slopes(self, anatomical_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(13,) to (32,) in m and (32, 13) in m/rad: positive where the coordinate lengthens."""
        lengths_m, arms_m = self.model.lengths_and_moment_arms(anatomical_rad)
        # Not a product with `weights`: nearly all of it would be zeros.
        of_groups: tuple[np.ndarray, np.ndarray] = grouped(
            lengths_m, arms_m, self.member, self.share, len(self.weights)
        )
        return of_groups

    def lengths_batch_m(self, anatomical_rad: np.ndarray) -> np.ndarray:
        """(k, 13) to (k, 32)."""
        return np.asarray(self.model.lengths_batch_m(anatomical_rad) @ self.weights.T)

    def length_each_m(self, anatomical_rad: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(k, 13) and (k,) rows of GROUP_SIDES to (k,): one group in each posture."""
        lengths_m = self.model.lengths_batch_m(anatomical_rad)
        return np.asarray(np.einsum("kn,kn->k", lengths_m, self.weights[rows]))
