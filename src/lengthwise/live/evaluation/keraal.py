"""The body estimate from one camera against an optical reference: the takes of KERAAL.

All angles are changes since the take's initial still period: of the estimate against the declared
start posture, of the reference against its own first rows. Only (frame, coordinate) pairs whose
true change exceeds 5 degrees are judged. KERAAL's shared takes are of one healthy person: they
guard geometry, signs and honesty, and say nothing about people in general.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import LANDMARK_INDEX, LandmarkFrame
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.keraal_take import STREAM, read_take
from lengthwise.live.evaluation.statistics import coverage, mean, rmse
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.evaluation.track import Track, columns, track
from lengthwise.live.evaluation.vicon import COMPARED, read_vicon, reference, rows_of_frames
from lengthwise.reference.postures import posture_mean_rad

_C = Coordinate
JUDGED_ABOVE_DEG = 5.0
_EVERY_FRAME_DEG = 0.0
_LEAST_STILL_FRAMES = 3
_PLAIN = (_C.PELVIS_OBLIQUITY, _C.THORAX_SIDE_BEND, _C.TRUNK_SIDE_LEAN)
"""What the lines of shoulders and hips in the image say by themselves."""


@dataclass(frozen=True)
class Pairs:
    """Some (frame, coordinate) pairs, (n, 7) each over COMPARED, degrees.

    `error` of the estimate as stated; `rezeroed` of its change since its own first frames; `plain`
    of the lines in the image (NaN where a coordinate has none); `sd` as stated; `truth` the true
    change.
    """

    truth: np.ndarray
    error: np.ndarray
    rezeroed: np.ndarray
    plain: np.ndarray
    sd: np.ndarray
    claimed: np.ndarray


@dataclass(frozen=True)
class Take:
    landmarks: Path
    vicon: Path

    @property
    def exercise(self) -> str:
        """The exercise's code in the file's name, such as ELK."""
        return self.landmarks.stem.split("-")[2]


def takes(folder: Path) -> tuple[list[Take], list[str]]:
    """Every take of a folder with both files, and the names of those without a Vicon file.

    `folder` holds `blazepose` and `vicon`, or a folder `keraal` that does. Raises InputError where
    there is none.
    """
    root = folder / "keraal" if (folder / "keraal").is_dir() else folder
    found, alone = [], []
    for landmarks in sorted((root / "blazepose").glob("*.json")):
        vicon = root / "vicon" / f"{landmarks.stem.replace('-Faces-', '-Vicon-')}.txt"
        if vicon.is_file():
            found.append(Take(landmarks, vicon))
        else:
            alone.append(landmarks.stem)
    if not found:
        raise InputError(
            "KERAAL takes",
            value=root,
            allowed="a folder with blazepose/*-Faces-*.json and vicon/*-Vicon-*.txt",
            remedy="give it with --data",
        )
    return found, alone


def evaluate(folder: Path, *, jobs: int = 1, advance: Advance | None = None) -> list[Table]:
    """Tables over all takes of the folder, floors first."""
    found, alone = takes(folder)
    results = run_all(pairs_of, found, jobs=jobs, advance=advance)
    left_out = f" Left out, without a Vicon file: {', '.join(alone)}." if alone else ""
    every = joined(results)
    exercises = sorted({take.exercise for take in found})
    by_exercise = {
        name: joined([r for take, r in zip(found, results, strict=True) if take.exercise == name])
        for name in exercises
    }
    return [
        floors_table("KERAAL: floors", _floors(every)),
        _by_coordinate(every, JUDGED_ABOVE_DEG, f"{len(found)} takes.{left_out}"),
        _by_coordinate(
            every,
            _EVERY_FRAME_DEG,
            "With the frames in which hardly anything changed, where an angle is known better: "
            "no floor is held against these.",
        ),
        _by_take(found, results),
        _by_exercise(by_exercise),
    ]


def pairs_of(take: Take) -> Pairs:
    """One take through the estimate, beside its reference."""
    frames = read_take(take.landmarks)
    return compared(take, frames, track(params(), frames))


def params() -> estimator.Params:
    return estimator.Params((STREAM,), STREAM.posture, posture_mean_rad(STREAM.posture))


def compared(take: Take, frames: list[LandmarkFrame], seen: Track) -> Pairs:
    """A take as it was estimated, beside its reference."""
    bodies = read_vicon(take.vicon)
    truth = reference(bodies)
    rows = rows_of_frames(bodies, frames)
    start = posture_mean_rad(STREAM.posture)
    at = columns(COMPARED)
    change = np.degrees(seen.mean_rad - start)[:, at]
    still = max(int((rows < truth.still_rows).sum()), _LEAST_STILL_FRAMES)
    true = np.degrees(truth.change_rad)[rows]
    return Pairs(
        truth=true,
        error=change - true,
        rezeroed=change - change[:still].mean(axis=0) - true,
        plain=_plain_deg(frames, still) - true,
        sd=np.degrees(seen.sd_rad)[:, at],
        claimed=seen.claimed[:, at],
    )


def _plain_deg(frames: list[LandmarkFrame], still: int) -> np.ndarray:
    """(n, 7) changes of the lines of shoulders and hips since the still frames; NaN where none.

    The image is mirrored: what it names left is the right side, at the left of the mirror image.
    """
    xy = np.array([frame.xy_px for frame in frames])

    def left_up_deg(name: str) -> np.ndarray:
        left, right = (xy[:, LANDMARK_INDEX[f"{w}_{name}"]] for w in ("right", "left"))
        right_way, up = -(left - right)[:, 0], -(left - right)[:, 1]
        angle = np.unwrap(np.arctan2(up, right_way))
        return np.asarray(np.degrees(angle - angle[:still].mean()))

    lean, obliquity = left_up_deg("shoulder"), -left_up_deg("hip")
    out = np.full((len(frames), len(COMPARED)), np.nan)
    for coordinate, line in zip(_PLAIN, (obliquity, lean + obliquity, lean), strict=True):
        out[:, COMPARED.index(coordinate)] = line
    return out


def joined(pairs: list[Pairs]) -> Pairs:
    return Pairs(
        **{
            name: np.concatenate([getattr(p, name) for p in pairs])
            for name in Pairs.__dataclass_fields__
        }
    )


@dataclass(frozen=True)
class Figures:
    """Figures over the judged pairs of some coordinates, degrees; None where there are none.

    `claimed` share of the judged pairs; `coverage`, `rmse`, `sd` of the claimed ones; `rezeroed_*`
    the same with the estimate's own first frames as zero. `plain` RMSE of the lines in the image
    and `plain_claimed` where the estimate claims; `no_change` RMSE of the guess that nothing moved
    over all judged pairs, `no_change_claimed` over the claimed ones.
    """

    judged: int
    claimed: float | None
    coverage: float | None
    rmse: float | None
    sd: float | None
    rezeroed_coverage: float | None
    rezeroed_rmse: float | None
    plain: float | None
    plain_claimed: float | None
    no_change: float | None
    no_change_claimed: float | None


def figures(
    pairs: Pairs,
    coordinates: tuple[Coordinate, ...] = COMPARED,
    *,
    above_deg: float = JUDGED_ABOVE_DEG,
) -> Figures:
    at = [COMPARED.index(c) for c in coordinates]
    judged = np.abs(pairs.truth[:, at]) > above_deg
    claimed = judged & pairs.claimed[:, at]
    lines = np.isfinite(pairs.plain[:, at])

    def of(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return np.asarray(values[:, at][chosen])

    return Figures(
        judged=int(judged.sum()),
        claimed=mean(pairs.claimed[:, at][judged]),
        coverage=coverage(of(pairs.error, claimed), of(pairs.sd, claimed)),
        rmse=rmse(of(pairs.error, claimed)),
        sd=mean(of(pairs.sd, claimed)),
        rezeroed_coverage=coverage(of(pairs.rezeroed, claimed), of(pairs.sd, claimed)),
        rezeroed_rmse=rmse(of(pairs.rezeroed, claimed)),
        plain=rmse(of(pairs.plain, judged & lines)),
        plain_claimed=rmse(of(pairs.plain, claimed & lines)),
        no_change=rmse(of(pairs.truth, judged)),
        no_change_claimed=rmse(of(pairs.truth, claimed)),
    )


def _floors(pairs: Pairs) -> list[Floor]:
    every = figures(pairs)
    bend, lean = (figures(pairs, (c,)) for c in (_C.THORAX_SIDE_BEND, _C.TRUNK_SIDE_LEAN))
    return [
        Floor("claimed share", every.claimed, low=0.30),
        Floor("coverage of claimed", every.coverage, low=0.93),
        Floor("RMSE of claimed, degrees", every.rmse, high=3.5),
        Floor("thorax_side_bend RMSE, degrees", bend.rmse, high=3.0),
        Floor("trunk_side_lean RMSE, degrees", lean.rmse, high=3.3),
    ]


_COLUMNS = (
    "claimed",
    "coverage",
    "RMSE",
    "stated sd",
    "re-zeroed coverage",
    "re-zeroed RMSE",
    "plain line RMSE",
    "plain line RMSE, claimed",
    "no change RMSE",
    "no change RMSE, claimed",
)
_DECIMALS = (2, 3, 2, 2, 3, 2, 2, 2, 2, 2)


def _cells(f: Figures) -> tuple[Cell, ...]:
    return (
        f.claimed,
        f.coverage,
        f.rmse,
        f.sd,
        f.rezeroed_coverage,
        f.rezeroed_rmse,
        f.plain,
        f.plain_claimed,
        f.no_change,
        f.no_change_claimed,
    )


def _by_coordinate(pairs: Pairs, above_deg: float, note: str) -> Table:
    total = figures(pairs, above_deg=above_deg)
    rows: list[tuple[Cell, ...]] = []
    for coordinate in COMPARED:
        f = figures(pairs, (coordinate,), above_deg=above_deg)
        rows.append((coordinate.value, f.judged, f.judged / max(total.judged, 1), *_cells(f)))
    rows.append(("all", total.judged, 1.0, *_cells(total)))
    return Table(
        "KERAAL: by coordinate" if above_deg else "KERAAL: by coordinate, every frame",
        ("coordinate", "pairs", "share of pairs", *_COLUMNS),
        tuple(rows),
        (0, 0, 2, *_DECIMALS),
        f"Pairs of frame and coordinate with a true change above {above_deg:g} degrees; "
        f"errors in degrees, of claimed pairs unless said otherwise. {note}",
    )


def _by_take(found: list[Take], results: list[Pairs]) -> Table:
    rows = [
        (take.landmarks.stem, (f := figures(pairs)).judged, *_cells(f))
        for take, pairs in zip(found, results, strict=True)
    ]
    return Table("KERAAL: by take", ("take", "pairs", *_COLUMNS), tuple(rows), (0, 0, *_DECIMALS))


def _by_exercise(joined: dict[str, Pairs]) -> Table:
    rows = [
        (name, c.value, (f := figures(pairs, (c,))).judged, *_cells(f))
        for name, pairs in joined.items()
        for c in COMPARED
    ]
    return Table(
        "KERAAL: by exercise and coordinate",
        ("exercise", "coordinate", "pairs", *_COLUMNS),
        tuple(rows),
        (0, 0, 0, *_DECIMALS),
    )
