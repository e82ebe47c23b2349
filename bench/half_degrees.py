"""How far half a degree moves a muscle, and whether any of it is a jump.

Every coordinate is swept at random places of the others, in half degrees and in twentieths. A lever
moves a tenth as far in a tenth of the step; a jump moves as far as before. So the largest
twentieth, times ten, says the longest lever. A jump is what one half degree moves a muscle further
or less far than the half degree before: levers change slowly.

`--within` says where: `model`, all that the anatomical model can be asked for, as a box; `limits`,
everybody's joint limits, as a box; `alone`, the same, but one coordinate at a time from upright;
`feasible`, the postures that the limits leave when lumbar movements share their play and thigh
muscles tie hip and knee (`lengthwise.tissue.feasible`), each swept for one degree about itself.
`python bench/half_degrees.py [--poses 200] [--within feasible]`.
"""

import argparse
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.tissue.feasible import feasible_postures
from lengthwise.tissue.joint_ends import AXES

HALF_RAD, TWENTIETH_RAD = np.radians(0.5), np.radians(0.05)
EVERYWHERE, LIMITS, ALONE, FEASIBLE = "model", "limits", "alone", "feasible"
SHORT_SWEEPS = 40
"""How many feasible postures are looked at for one whole sweep."""


def ends_rad(within: str) -> tuple[np.ndarray, np.ndarray]:
    """(13,) low and high ends of a box."""
    if within == EVERYWHERE:
        return VALID_LOW_RAD, VALID_HIGH_RAD
    limits = np.array([feasible_limits_rad()[c] for c in ANATOMICAL])
    return limits[:, 0], limits[:, 1]


def places(within: str, count: int, i: int) -> Iterator[tuple[np.ndarray, float, float]]:
    """Postures (13,) with the ends between which coordinate i is swept."""
    rng = np.random.default_rng(1)
    low, high = ends_rad(within)
    if within == ALONE:
        yield np.zeros(len(ANATOMICAL)), low[i], high[i]
    elif within != FEASIBLE:
        for pose in rng.uniform(low, high, (count, len(ANATOMICAL))):
            yield pose, low[i], high[i]
    else:
        for pose in feasible_postures(rng.random((SHORT_SWEEPS * count, AXES))):
            first = max(pose[i] - HALF_RAD, low[i])
            yield pose, first, min(first + 2.0 * HALF_RAD, high[i])


def changes_m(
    anatomy: Anatomy, pose: np.ndarray, i: int, low: float, high: float, step_rad: float
) -> np.ndarray:
    """(k, n) change of each muscle in each step of coordinate i between two ends."""
    at_rad = np.arange(low, high + 1e-9, step_rad)
    along = np.repeat(pose[None], len(at_rad), axis=0)
    along[:, i] = at_rad
    return np.diff(anatomy.lengths_batch_m(along), axis=0)


class Largest(Struct):
    """(n,) of each muscle: largest half degree, twentieth and jump (m), and where the first is."""

    half_m: np.ndarray
    twentieth_m: np.ndarray
    jump_m: np.ndarray
    where: list[np.ndarray]


def largest_steps(anatomy: Anatomy, within: str, count: int, i: int) -> Largest:
    """Of coordinate i, over all places."""
    none = np.zeros(len(anatomy.muscle_names))
    found = Largest(none, none, none, [np.zeros(len(ANATOMICAL))] * len(none))
    for pose, low, high in places(within, count, i):
        halves_m = changes_m(anatomy, pose, i, low, high, HALF_RAD)
        half_m = np.abs(halves_m).max(axis=0)
        for k in np.flatnonzero(half_m > found.half_m):
            found.where[k] = pose
        found.half_m = np.maximum(found.half_m, half_m)
        twentieth_m = np.abs(changes_m(anatomy, pose, i, low, high, TWENTIETH_RAD)).max(axis=0)
        found.twentieth_m = np.maximum(found.twentieth_m, twentieth_m)
        if len(halves_m) > 1:
            jump_m = np.abs(np.diff(halves_m, axis=0)).max(axis=0)
            found.jump_m = np.maximum(found.jump_m, jump_m)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--poses", type=int, default=200)
    parser.add_argument("--height-m", type=float)
    parser.add_argument(
        "--within", choices=(EVERYWHERE, LIMITS, ALONE, FEASIBLE), default=EVERYWHERE
    )
    given = parser.parse_args()
    anatomy = Anatomy.build(BodyMeasures(height_m=given.height_m))
    print(
        f"{'coordinate':22} {'mm per half degree':>19} {'ten twentieths mm':>18} {'jump mm':>8}"
        "  longest lever, lumbar; jump"
    )
    for i, coordinate in enumerate(ANATOMICAL):
        found = largest_steps(anatomy, given.within, given.poses, i)
        worst, jumps = int(np.argmax(found.half_m)), int(np.argmax(found.jump_m))
        lumbar = " ".join(f"{deg:.1f}" for deg in np.degrees(found.where[worst][:3]))
        print(
            f"{coordinate.value:22} {1e3 * found.half_m[worst]:19.4f} "
            f"{1e4 * found.twentieth_m.max():18.4f} {1e3 * found.jump_m[jumps]:8.3f}  "
            f"{anatomy.muscle_names[worst]}, {lumbar}; {anatomy.muscle_names[jumps]}"
        )


if __name__ == "__main__":
    main()
