"""Fits the muscles of the fast lumbar load to the static optimisation, and says how well they fit.

Run: python bench/lumbar_fit.py [--postures 600] [--write]

Random postures with and without a held weight go through `tissue.lumbar_statics`, the reference;
the moments of `tissue.load_kernel` are the same. `--write` puts the figures into
`reference/constants_data/lumbar_surrogate.toml`. Left out of the fit: postures in which a muscle
reaches its full force, which the fast load knows nothing of.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from msgspec import Struct
from scipy.optimize import least_squares

import lengthwise.reference
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.tissue.lumbar_statics import Equilibrium, PulledWeight, equilibrium
from lengthwise.tissue.upper_body import GRAVITY_M_S2, THORAX

MASS_KG = 70.0
TONE_N = 0.41 * MASS_KG * GRAVITY_M_S2
LEVELS = ("l5s1", "l4l5")
NAMES = ("extensor", "extensor_flexed", "flexor", "flexor_extended", "side", "side_flexed", "turn")
DEEPEST_DEG, HIGHEST_DEG = 63.0, -29.0


class Sample(Struct, frozen=True):
    """`sagittal`: nothing bends to the side or turns."""

    mean_rad: np.ndarray
    sagittal: bool
    found: Equilibrium


def draw(rng: np.random.Generator, anatomy: Anatomy, *, sagittal: bool) -> Sample:
    """One posture: mostly what people do, out to the ends of the model, 0 to 15 kg held."""
    mean = np.zeros(len(COORDINATES))
    across = 0.0 if sagittal else 1.0
    for coordinate, value_deg in (
        (Coordinate.LUMBAR_FLEXION, np.clip(rng.normal(15, 22), HIGHEST_DEG, DEEPEST_DEG)),
        (Coordinate.LUMBAR_SIDE_BEND, across * rng.normal(0, 9)),
        (Coordinate.LUMBAR_ROTATION, across * rng.normal(0, 3)),
        (Coordinate.PELVIS_TILT, np.clip(rng.normal(15, 30), -30, 90)),
        (Coordinate.PELVIS_OBLIQUITY, across * rng.normal(0, 8)),
    ):
        mean[INDEX[coordinate]] = np.radians(value_deg)
    kg = float(rng.choice([0.0, 0.0, 5.0, 15.0]))
    at = (float(rng.uniform(0.0, 0.35)), 0.36)
    push = (across * float(rng.normal()) * 2.0 * kg, 0.0, -GRAVITY_M_S2 * kg)
    forces = (PulledWeight(THORAX, at, push),) if kg else ()
    found = equilibrium(anatomy, mean, body_mass_kg=MASS_KG, forces=forces)
    return Sample(mean, sagittal, found)


def pull_n(x: np.ndarray, need_nm: np.ndarray, flexion_rad: np.ndarray) -> np.ndarray:
    """(k,) as in `tissue.load_kernel`."""
    deep, back = np.maximum(flexion_rad, 0.0), np.minimum(flexion_rad, 0.0)
    parts = (
        (x[0] + x[1] * flexion_rad) * np.maximum(need_nm[:, 0], 0.0),
        (x[2] + x[3] * back) * np.maximum(-need_nm[:, 0], 0.0),
        (x[4] + x[5] * deep) * np.abs(need_nm[:, 1]),
        x[6] * np.abs(need_nm[:, 2]),
    )
    return np.asarray(np.sum([p**4 for p in parts], axis=0) ** 0.25)


def fit_level(samples: list[Sample], level: int) -> tuple[np.ndarray, np.ndarray, float, str]:
    """(7,) N per N m, (2,) shear per newton, what that leaves of the muscles' shear in any posture
    (rms, N), and a line on the errors of the whole compression."""
    need = np.array([s.found.need_nm[level] for s in samples])
    muscle = np.array([s.found.muscle_n[level] for s in samples])
    weight = np.array([s.found.weight_n[level] for s in samples])
    flexion = np.array([s.mean_rad[INDEX[Coordinate.LUMBAR_FLEXION]] for s in samples])
    sagittal = np.array([s.sagittal for s in samples])
    free = np.array([s.found.activation.max() < 1.0 for s in samples])
    whole = np.hypot(TONE_N, muscle) + weight

    def error(x: np.ndarray) -> np.ndarray:
        there = np.hypot(TONE_N, pull_n(x, need, flexion)) + weight
        return np.asarray((there - whole) / whole)

    x = least_squares(lambda v: error(v)[free], [22, 1, 13, -1, 28, -1, 15]).x
    rms = {
        name: (np.sqrt(np.mean(error(x)[rows] ** 2)), np.quantile(abs(error(x)[rows]), 0.95))
        for name, rows in (
            ("all", free),
            ("sagittal", free & sagittal),
            ("a muscle at its end", ~free),
        )
    }
    line = "; ".join(f"{n} rms {a:.1%} p95 {b:.1%}" for n, (a, b) in rms.items())
    across = np.array([s.found.shear_n[level, 0] - s.found.weight_shear_n[level] for s in samples])
    drivers = np.stack(
        [
            (x[0] + x[1] * flexion) * np.maximum(need[:, 0], 0.0),
            (x[2] + x[3] * np.minimum(flexion, 0.0)) * np.maximum(-need[:, 0], 0.0),
        ],
        axis=1,
    )
    rows = free & sagittal
    shear = np.linalg.lstsq(drivers[rows], across[rows], rcond=None)[0]
    left = across - drivers @ shear
    line += f"; shear rms {np.sqrt(np.mean(left[rows] ** 2)):.0f} N of {np.std(across[rows]):.0f}"
    in_any_n = float(np.sqrt(np.mean(left[free] ** 2)))
    return (
        x,
        shear,
        in_any_n,
        f"{line} (n {len(samples)}, {np.sum(~free)} with a muscle at its end)",
    )


def entry(name: str, value: float, unit: str, note: str) -> str:
    width = max(0.2 * abs(value), 0.02)
    return "\n".join(
        [
            f"[{name}]",
            f"value = {value:.4g}",
            f'unit = "{unit}"',
            f"low = {value - width:.4g}",
            f"high = {value + width:.4g}",
            'source = "bench/lumbar_fit.py on tissue.lumbar_statics, generic body"',
            'status = "measured"',
            f'note = "{note}"',
            "",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Fit the fast lumbar load.")
    parser.add_argument("--postures", type=int, default=600)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rng, anatomy = np.random.default_rng(1), Anatomy.build()
    samples = [draw(rng, anatomy, sagittal=i % 3 == 0) for i in range(asked.postures)]
    blocks = [
        "# The muscles of the fast lumbar load: newtons of compression per N m asked of them,\n"
        "# fitted to the static optimisation. Written by bench/lumbar_fit.py --write.\n"
    ]
    for level, level_name in enumerate(LEVELS):
        x, shear, left_n, line = fit_level(samples, level)
        print(level_name, np.round(x, 2), np.round(shear, 3), line)
        for name, value in zip(NAMES, x, strict=True):
            note = "per radian of lumbar flexion" if "_" in name else line
            blocks.append(entry(f"{name}_{level_name}_n_per_nm", float(value), "1/m", note))
        for name, value in zip(("extensor", "flexor"), shear, strict=True):
            note = "force to the front on what lies above, per newton of compression"
            blocks.append(entry(f"{name}_shear_{level_name}_ratio", float(value), "ratio", note))
        note = "rms of the shear that these leave, in any posture, per kg of body mass"
        left = left_n / MASS_KG
        blocks.append(entry(f"shear_left_{level_name}_n_per_kg", left, "N/kg", note))
    if asked.write:
        root = Path(str(lengthwise.reference.__file__)).parent
        out = root / "constants_data" / "lumbar_surrogate.toml"
        out.write_text("\n".join(blocks), encoding="utf-8")
        print(f"written {out.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
