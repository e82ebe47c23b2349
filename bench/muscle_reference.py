"""Muscle lengths against OpenSim on the development poses: SD after each muscle's own bias.

Run: python bench/muscle_reference.py ../shared/data/muscle_reference [--seed 20260102]

The poses go through the same use case as `lengthwise muscles`. Figures are in millimetres over the
100 random poses (`devrand_*`). Trunk muscles are judged against the Pose2Sim full-body model, leg
muscles against RajagopalLaiUhlrich2023; the legs of the Pose2Sim model are printed but not judged
fascicle by fascicle, because they are another anatomy. The last table sets wrapped and two-joint
leg muscles beside the difference of the two references, and asks ours to stay inside it.

Where OpenSim is installed (`lengthwise.live.bench_opensim`) the Pose2Sim model is also asked for
100 random poses of another seed, in the box of the first hundred, and trunk muscles are judged
there too. Exit code 1 where a floor is missed, or where a judged fascicle above 4 mm, or a leg
muscle further from the reference than the references from each other, has no named reason.
"""

import argparse
import csv
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.live import bench_opensim
from lengthwise.live.muscles import muscles

POSE2SIM = "pose2sim_fullbody"
RANDOM = "devrand_"
RAJAGOPAL = "rajagopal_lai_uhlrich_2023"
LARGE_MM = 4.0
SECOND_SEED, SECOND_POSES = 20260102, 100
THEIRS = {
    "lumbar_flexion": "lumbar_FE",
    "lumbar_side_bend": "lumbar_LB",
    "lumbar_rotation": "lumbar_AR",
}

GROUPS = {
    "MF_": "multifidus",
    "QL_": "quadratus lumborum",
    "Ps_": "psoas, cut lumbar",
    "LTp": "longissimus",
    "IL_": "iliocostalis",
    "rect_abd": "rectus abdominis",
    "EO": "obliques",
    "IO": "obliques",
    "add": "adductors",
    "iliacus": "iliacus",
    "psoas": "psoas, hip part",
    "piri": "piriformis",
    "glmax": "gluteus maximus",
    "glmed": "gluteus medius",
    "glmin": "gluteus minimus",
    "recfem": "rectus femoris",
    "vas": "vasti",
    "bflh": "hamstrings",
    "semi": "hamstrings",
    "bfsh": "biceps femoris, short head",
    "grac": "gracilis",
    "sart": "sartorius",
    "tfl": "tensor fasciae latae",
    "gas": "gastrocnemii",
}
OTHER = "soleus and foot muscles"
NO_REASON = "NO NAMED REASON"
LEG_GROUPS = (
    "rectus femoris",
    "tensor fasciae latae",
    "sartorius",
    "gracilis",
    "hamstrings",
    "biceps femoris, short head",
    "gastrocnemii",
    "vasti",
    "adductors",
    "iliacus",
    "psoas, hip part",
    "gluteus maximus",
    "gluteus medius",
    "gluteus minimus",
)
"""Wrapped or over two joints in one of the models; in adductors the surface is on the femur."""
TRUNK = frozenset(list(GROUPS.values())[:8])

FLOORS = {
    (POSE2SIM, "multifidus"): 0.5,
    (POSE2SIM, "quadratus lumborum"): 0.8,
    (POSE2SIM, "psoas, cut lumbar"): 0.9,
    (POSE2SIM, "longissimus"): 1.6,
    (POSE2SIM, "iliocostalis"): 2.9,
    (RAJAGOPAL, "piriformis"): 1.0,
    (RAJAGOPAL, "adductors"): 1.0,
    (RAJAGOPAL, "iliacus"): 1.0,
}
"""Highest allowed median."""

REASONS = {
    (
        POSE2SIM,
        "rectus abdominis",
    ): "straight from ribs to pubis in the reference, 7 cm in front of "
    "the lumbar joints upright and 12.6 cm bent; ours is led where it was measured (8.5 to 9.8 cm, "
    "Jorgensen et al. 2005)",
    (POSE2SIM, "obliques"): "fault of the reference named in SOURCE.txt: they hang on an unproven "
    "coupling of the abdomen there, and on another one here; no verdicts on obliques",
    (RAJAGOPAL, "gluteus maximus"): "ours: myo-sim leaves Gmax1_at_pelvis and Gmax2_at_pelvis out "
    "of the paths; with them SD is 0.04 mm, but they flip by 39 to 158 mm within the normal range",
    (RAJAGOPAL, "gluteus medius"): "the reference has the hip abductor paths of Uhlrich 2022 "
    "(README of its repository), ours the older ones",
    (RAJAGOPAL, "gluteus minimus"): "as gluteus medius: hip abductor paths of Uhlrich 2022",
    (
        RAJAGOPAL,
        "hamstrings",
    ): "knee flexor paths of Lai 2017 in the reference, older ones here",
}


class Table(Struct, frozen=True):
    """`values` (rows, columns) with the names of both."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: np.ndarray

    def column(self, name: str) -> np.ndarray:
        return np.asarray(self.values[:, self.columns.index(name)])


def read(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    values = np.array([[float(cell) for cell in row[1:]] for row in rows])
    return Table(tuple(row[0] for row in rows), tuple(header[1:]), values)


def poses_deg(poses: Table) -> np.ndarray:
    """(k, 13) our coordinates from OpenSim's names and signs."""
    columns = []
    for coordinate in ANATOMICAL:
        name = coordinate.value
        theirs = name.replace("knee_flexion", "knee_angle").replace("dorsiflexion", "angle")
        sign = -1.0 if name == "lumbar_flexion" else 1.0
        columns.append(sign * poses.column(THEIRS.get(name, theirs)))
    return np.column_stack(columns)


def our_lengths_mm(rows: tuple[str, ...], angles_deg: np.ndarray) -> Table:
    """Through poses.csv and lengths.csv."""
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "poses.csv", Path(folder) / "lengths.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["pose_id", *(f"{c.value}_deg" for c in ANATOMICAL)])
            writer.writerows(
                [row, *map(repr, pose)] for row, pose in zip(rows, angles_deg.tolist(), strict=True)
            )
        muscles(source, out)
        found = read(out)
    return Table(
        found.rows, tuple(c.removesuffix("_length_mm") for c in found.columns), found.values
    )


def second_set(first_deg: np.ndarray, seed: int) -> tuple[Table, Table]:
    """Ours and the Pose2Sim model's at random poses in the box of the first ones."""
    random = np.random.default_rng(seed)
    low, high = first_deg.min(axis=0), first_deg.max(axis=0)
    angles_deg = random.uniform(low, high, (SECOND_POSES, len(ANATOMICAL)))
    rows = tuple(f"{RANDOM}second_{i}" for i in range(SECOND_POSES))
    model = bench_opensim.OpenSimLengths()
    lengths = [model.lengths_m(model.positions(p)) for p in np.radians(angles_deg)]
    return our_lengths_mm(rows, angles_deg), Table(rows, model.names, 1e3 * np.array(lengths))


def as_ours(muscle: str) -> str:
    return muscle.replace(".", "_").replace("-", "_")


def group_of(muscle: str) -> str:
    return next((g for start, g in GROUPS.items() if muscle.startswith(start)), OTHER)


def spread_mm(ours: Table, reference: Table) -> dict[str, float]:
    """SD of the difference over the random poses, for every muscle that both have."""
    rows = [i for i, pose in enumerate(ours.rows) if pose.startswith(RANDOM)]
    return {
        as_ours(m): float(np.std(ours.column(as_ours(m))[rows] - reference.values[rows, j]))
        for j, m in enumerate(reference.columns)
        if as_ours(m) in ours.columns
    }


def report(model: str, spread: dict[str, float]) -> list[str]:
    """Prints the table of one reference; the missed requirements."""
    missed = []
    print(f"\n{model}\n{'group':28} {'n':>3} {'median':>7} {'p90':>7} {'worst':>7}")
    by_group: dict[str, dict[str, float]] = {}
    for muscle, sd in spread.items():
        by_group.setdefault(group_of(muscle), {})[muscle] = sd
    for group, found in sorted(by_group.items()):
        sds = np.array(list(found.values()))
        worst = max(found, key=lambda m: found[m])
        floor = FLOORS.get((model, group))
        note = ""
        if floor is not None:
            met = float(np.median(sds)) <= floor
            note = f"  floor {floor} {'met' if met else 'MISSED'}"
            missed += [] if met else [f"{model} {group}: median {np.median(sds):.2f} > {floor}"]
        print(
            f"{group:28} {len(sds):3} {np.median(sds):7.2f} {np.quantile(sds, 0.9):7.2f} "
            f"{found[worst]:7.2f} {worst}{note}"
        )
    return missed + large(model, spread)


def large(model: str, spread: dict[str, float]) -> list[str]:
    """Prints the judged fascicles above LARGE_MM with the reason of their group; those without."""
    by_group: dict[str, list[str]] = {}
    for muscle, sd in sorted(spread.items(), key=lambda item: -item[1]):
        group = group_of(muscle)
        if sd > LARGE_MM and (group in TRUNK) == (model == POSE2SIM):
            by_group.setdefault(group, []).append(f"{muscle} {sd:.1f}")
    for group, found in by_group.items():
        reason = REASONS.get((model, group), NO_REASON)
        print(f"  above {LARGE_MM:g} mm: {', '.join(found)}\n    {reason}")
    return [
        f"{model} {', '.join(found)}: without a named reason"
        for group, found in by_group.items()
        if (model, group) not in REASONS
    ]


def between_references(ours: Table, first: Table, second: Table) -> list[str]:
    """Prints ours beside the difference of the references, medians by group; what is outside it."""
    renamed = Table(second.rows, tuple(as_ours(c) for c in second.columns), second.values)
    columns = (spread_mm(ours, second), spread_mm(renamed, first), spread_mm(ours, first))
    both = [m for m in columns[0] if m in columns[1]]
    print("\nwrapped and two-joint leg muscles, medians of SD")
    print(f"{'group':28} {'ours - Raj.':>12} {'P2S - Raj.':>12} {'ours - P2S':>12}")
    outside = []
    for group in LEG_GROUPS:
        found = [m for m in both if group_of(m) == group]
        mm = [float(np.median([column[m] for m in found])) for column in columns]
        inside = mm[0] <= mm[1]
        note = "" if inside else f"  outside: {REASONS.get((RAJAGOPAL, group), NO_REASON)}"
        print(f"{group:28} {mm[0]:12.2f} {mm[1]:12.2f} {mm[2]:12.2f}{note}")
        if not inside and (RAJAGOPAL, group) not in REASONS:
            outside.append(f"{group}: {mm[0]:.2f} from {RAJAGOPAL}, the references {mm[1]:.2f}")
    return outside


def main() -> int:
    asked = argparse.ArgumentParser(description="Muscle lengths against OpenSim.")
    asked.add_argument("folder", nargs="?", default="../shared/data/muscle_reference", type=Path)
    asked.add_argument("--seed", type=int, default=SECOND_SEED, help="of the second set of poses")
    arguments = asked.parse_args()
    folder = arguments.folder
    if not (folder / "poses.csv").is_file():
        print(f"no poses.csv in {folder}: give the folder of the reference", file=sys.stderr)
        return 2
    poses = read(folder / "poses.csv")
    first_deg = poses_deg(poses)
    ours = our_lengths_mm(poses.rows, first_deg)
    references = {m: read(folder / f"lengths_mm_{m}.csv") for m in (POSE2SIM, RAJAGOPAL)}
    missed = [
        line
        for model, found in references.items()
        for line in report(model, spread_mm(ours, found))
    ]
    missed += between_references(ours, references[POSE2SIM], references[RAJAGOPAL])
    if bench_opensim.installed():
        random = [i for i, pose in enumerate(poses.rows) if pose.startswith(RANDOM)]
        print(f"\nsecond set, seed {arguments.seed}", end="")
        missed += report(POSE2SIM, spread_mm(*second_set(first_deg[random], arguments.seed)))
    else:
        print("\nno second set of poses: opensim and pose2sim are not installed")
    print("\n" + ("\n".join(missed) if missed else "all floors met; every large one has a reason"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
