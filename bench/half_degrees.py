"""How far half a degree moves a muscle, and whether any of it is a jump.

Every coordinate is swept at random places of the others, in half degrees and in twentieths. A lever
moves a tenth as far in a tenth of the step; a jump moves as far as before. So the largest
twentieth, times ten, says the longest lever, and what it is longer than the largest half degree is
what a jump could hide in.

`--within` says where: `model`, all that the anatomical model can be asked for, as a box; `limits`,
everybody's joint limits, as a box; `feasible`, the postures that those leave when lumbar movements
share their play and thigh muscles tie hip and knee (`lengthwise.tissue.feasible`), each swept for
one degree about itself. `python bench/half_degrees.py [--poses 200] [--within feasible]`.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.tissue.feasible import feasible_postures
from lengthwise.tissue.joint_ends import AXES

HALF_RAD, TWENTIETH_RAD = np.radians(0.5), np.radians(0.05)
EVERYWHERE, LIMITS, FEASIBLE = "model", "limits", "feasible"
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
    if within != FEASIBLE:
        for pose in rng.uniform(low, high, (count, len(ANATOMICAL))):
            yield pose, low[i], high[i]
        return
    for pose in feasible_postures(rng.random((SHORT_SWEEPS * count, AXES))):
        first = max(pose[i] - HALF_RAD, low[i])
        yield pose, first, min(first + 2.0 * HALF_RAD, high[i])


def steps_m(
    anatomy: Anatomy, pose: np.ndarray, i: int, low: float, high: float, step_rad: float
) -> np.ndarray:
    """(n,) largest change of each muscle in one step of coordinate i between two ends."""
    at_rad = np.arange(low, high + 1e-9, step_rad)
    along = np.repeat(pose[None], len(at_rad), axis=0)
    along[:, i] = at_rad
    return np.asarray(np.abs(np.diff(anatomy.lengths_batch_m(along), axis=0)).max(axis=0))


def largest_steps(
    anatomy: Anatomy, within: str, count: int, i: int
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """(n,) largest half degrees and twentieths of coordinate i, and the postures of the first."""
    muscles = len(anatomy.muscle_names)
    halves, twentieths = np.zeros(muscles), np.zeros(muscles)
    where = [np.zeros(len(ANATOMICAL))] * muscles
    for pose, low, high in places(within, count, i):
        found = steps_m(anatomy, pose, i, low, high, HALF_RAD)
        for k in np.flatnonzero(found > halves):
            where[k] = pose
        halves = np.maximum(halves, found)
        twentieths = np.maximum(twentieths, steps_m(anatomy, pose, i, low, high, TWENTIETH_RAD))
    return halves, twentieths, where


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--poses", type=int, default=200)
    parser.add_argument("--height-m", type=float)
    parser.add_argument("--within", choices=(EVERYWHERE, LIMITS, FEASIBLE), default=EVERYWHERE)
    given = parser.parse_args()
    anatomy = Anatomy.build(BodyMeasures(height_m=given.height_m))
    print(f"{'coordinate':22} {'mm per half degree':>19} {'ten twentieths mm':>18}  muscle, lumbar")
    for i, coordinate in enumerate(ANATOMICAL):
        halves, twentieths, where = largest_steps(anatomy, given.within, given.poses, i)
        worst = int(np.argmax(halves))
        lumbar = " ".join(f"{deg:.1f}" for deg in np.degrees(where[worst][:3]))
        print(
            f"{coordinate.value:22} {1e3 * halves[worst]:19.4f} {1e4 * twentieths.max():18.4f}  "
            f"{anatomy.muscle_names[worst]}, {lumbar}"
        )


if __name__ == "__main__":
    main()
