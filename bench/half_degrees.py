"""How far half a degree moves a muscle, and whether any of it is a jump.

Every coordinate is swept over its range at random places of the others, in half degrees and in
twentieths. A lever moves a tenth as far in a tenth of the step; a jump moves as far as before. So
the largest twentieth, times ten, says the longest lever, and what it is longer than the largest
half degree is what a jump could hide in. `python bench/half_degrees.py [--poses 200]`.
"""

import argparse

import numpy as np

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL

HALF_RAD, TWENTIETH_RAD = np.radians(0.5), np.radians(0.05)


def largest_steps_m(anatomy: Anatomy, pose_rad: np.ndarray, i: int, step_rad: float) -> np.ndarray:
    """(n,) largest change of each muscle in one step of coordinate i over its range."""
    at_rad = np.arange(VALID_LOW_RAD[i], VALID_HIGH_RAD[i] + 1e-9, step_rad)
    along = np.repeat(pose_rad[None], len(at_rad), axis=0)
    along[:, i] = at_rad
    return np.asarray(np.abs(np.diff(anatomy.lengths_batch_m(along), axis=0)).max(axis=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--poses", type=int, default=200)
    parser.add_argument("--height-m", type=float)
    given = parser.parse_args()
    anatomy = Anatomy.build(BodyMeasures(height_m=given.height_m))
    rng = np.random.default_rng(1)
    poses_rad = rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (given.poses, len(ANATOMICAL)))
    print(f"{'coordinate':22} {'mm per half degree':>19} {'ten twentieths mm':>18}  muscle")
    for i, coordinate in enumerate(ANATOMICAL):
        halves, twentieths = (
            np.max([largest_steps_m(anatomy, pose, i, step) for pose in poses_rad], axis=0)
            for step in (HALF_RAD, TWENTIETH_RAD)
        )
        worst = int(np.argmax(halves))
        print(
            f"{coordinate.value:22} {1e3 * halves[worst]:19.3f} {1e4 * twentieths.max():18.3f}  "
            f"{anatomy.muscle_names[worst]}"
        )


if __name__ == "__main__":
    main()
