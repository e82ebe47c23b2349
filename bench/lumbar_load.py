"""Our lumbar load beside intradiscal pressures measured in a living person, posture by posture.

Run: python bench/lumbar_load.py [--statics]

The reference is one disc (L4-L5) of one man of 70 kg (Wilke et al. 1999, Spine 24:755-762):
pressures in MPa, here as ratios to his standing. Ours are the fast load's means with their 95 %
bands; body mass 70 kg, angles known to 5 degrees. His angles are not in the summary that we read:
the ones here are ours and were not moved to fit. `--statics` adds the static optimisation itself.
Exit code 1 where the order differs or a band misses; equal pressures may go either way.
"""

import argparse
import sys
import time
from math import radians

import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.states import Estimate, LumbarLoad
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue.lumbar_load import HeldWeight, LoadParams, lumbar_load
from lengthwise.tissue.lumbar_statics import PulledWeight, equilibrium
from lengthwise.tissue.upper_body import GRAVITY_M_S2, THORAX

BODY_MASS = Estimate(70.0, 3.5)
ANGLE_SD_RAD = radians(5.0)


class Case(Struct, frozen=True):
    """`mpa` None: nothing measured. Angles in degrees on top of the declared posture's own."""

    name: str
    posture: Posture
    mpa: float | None
    angles_deg: dict[Coordinate, float] = {}
    held: HeldWeight = HeldWeight()

    @property
    def mean_rad(self) -> np.ndarray:
        overrides = {c: radians(v) for c, v in self.angles_deg.items()}
        return posture_mean_rad(self.posture, overrides_rad=overrides)


_TILT, _FLEX = Coordinate.PELVIS_TILT, Coordinate.LUMBAR_FLEXION
CASES = (
    Case("lying supine", Posture.SUPINE, 0.10),
    Case("lying prone", Posture.PRONE, 0.11),
    Case("lying on the side", Posture.SIDE_LYING, 0.12),
    Case("sitting, relaxed", Posture.SITTING, 0.46),
    Case("standing", Posture.STANDING, 0.50),
    Case("standing, leaning back", Posture.STANDING, 0.60, {_TILT: -5, _FLEX: -15}),
    Case("sitting, bent forward", Posture.SITTING, 0.83, {_TILT: -10, _FLEX: 50}),
    Case("standing, bent forward", Posture.STANDING, 1.10, {_TILT: 15, _FLEX: 36}),
    Case("20 kg close to the body", Posture.STANDING, 1.10, held=HeldWeight(20.0, 0.2)),
    Case("20 kg, round back", Posture.STANDING, 2.30, {_TILT: 35, _FLEX: 55}, HeldWeight(20.0)),
    Case("half-kneeling", Posture.HALF_KNEELING, None),
    Case("four-point", Posture.FOUR_POINT, None),
    Case("four-point, cat", Posture.FOUR_POINT, None, {_TILT: 70, _FLEX: 35}),
    Case("prone, chest raised", Posture.PRONE, None, {_TILT: 85, _FLEX: -25}),
    Case(
        "standing side-bend", Posture.STANDING, None, {Coordinate.LUMBAR_SIDE_BEND: 20}
    ),
)  # fmt: skip


def covariance_rad2() -> np.ndarray:
    return np.asarray(np.eye(len(COORDINATES)) * ANGLE_SD_RAD**2)


def load(case: Case, anatomy: Anatomy) -> LumbarLoad:
    params = LoadParams.of(anatomy, body_mass_kg=BODY_MASS, posture=case.posture, held=case.held)
    found = lumbar_load(params, case.mean_rad, covariance_rad2())
    assert found is not None
    return found


def band(value: Estimate) -> str:
    low, high = max(value.mean - 1.96 * value.sd, 0.0), value.mean + 1.96 * value.sd
    return f"{value.mean:5.2f} ({low:4.2f}-{high:5.2f})"


def statics_n(case: Case, anatomy: Anatomy) -> str:
    """Muscle and weight along L4-L5 by optimisation; free postures only."""
    if case.posture not in (Posture.STANDING, Posture.HALF_KNEELING):
        return ""
    forces: tuple[PulledWeight, ...] = ()
    if case.held.mass_kg:
        # Level in front of the shoulders: along the chest's front only while the chest is upright.
        at = (0.0045 + case.held.reach_m, 0.363)
        forces = (PulledWeight(THORAX, at, (0.0, 0.0, -case.held.mass_kg * GRAVITY_M_S2)),)
    e = equilibrium(anatomy, case.mean_rad, body_mass_kg=BODY_MASS.mean, forces=forces)
    return f"  muscles {e.muscle_n[1]:5.0f} N, weight {e.weight_n[1]:4.0f} N"


def main() -> int:
    parser = argparse.ArgumentParser(description="Lumbar load beside measured pressures.")
    parser.add_argument("--statics", action="store_true")
    asked = parser.parse_args()
    anatomy = Anatomy.build(BodyMeasures(height_m=1.739))
    missed = []
    print(f"{'posture':24} {'measured':>8} {'L4-L5, 95 % band':>22} {'L5-S1, 95 % band':>22}"
          f" {'L4-L5 N, sd':>12} {'shear L4-L5, sd':>20}")  # fmt: skip
    ours: dict[str, float] = {}
    for case in CASES:
        found = load(case, anatomy)
        level = found.l4l5
        ours[case.name] = level.compression_ratio.mean
        ratio = None if case.mpa is None else case.mpa / 0.5
        shear = level.shear_ratio
        print(
            f"{case.name:24} {'' if ratio is None else f'{ratio:.2f}':>8}"
            f" {band(level.compression_ratio):>22} {band(found.l5s1.compression_ratio):>22}"
            f" {level.compression_n.mean:6.0f} +-{level.compression_n.sd:4.0f}"
            f" {'' if shear is None else f'{shear.mean:5.2f} +-{shear.sd:5.2f}':>20}"
            + (statics_n(case, anatomy) if asked.statics else "")
        )
        if ratio is not None:
            estimate = level.compression_ratio
            if abs(estimate.mean - ratio) > 1.96 * estimate.sd + 1e-9:
                missed.append(f"{case.name}: band misses {ratio:.2f}")
    measured = [c for c in CASES if c.mpa is not None]
    for a in measured:
        for b in measured:
            above = (b.mpa or 0.0) > (a.mpa or 0.0)
            if above and ours[a.name] >= ours[b.name]:
                missed.append(f"order: {a.name} not below {b.name}")
    print("\n" + ("\n".join(missed) if missed else "order as measured; every band holds its ratio"))
    print(timing(anatomy))
    return 1 if missed else 0


def timing(anatomy: Anatomy) -> str:
    params = LoadParams.of(anatomy, body_mass_kg=BODY_MASS, posture=Posture.STANDING)
    mean, covariance = np.zeros(len(COORDINATES)), covariance_rad2()
    mean[INDEX[_FLEX]] = 0.3
    lumbar_load(params, mean, covariance)
    best = min(_once_s(params, mean, covariance) for _ in range(20))
    return f"one frame with its bands: {best * 1e6:.0f} us (least of 20 rounds of 200)"


def _once_s(params: LoadParams, mean: np.ndarray, covariance: np.ndarray) -> float:
    start = time.perf_counter()
    for _ in range(200):
        lumbar_load(params, mean, covariance)
    return (time.perf_counter() - start) / 200


if __name__ == "__main__":
    sys.exit(main())
