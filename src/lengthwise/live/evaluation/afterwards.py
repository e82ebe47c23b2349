"""The body estimate smoothed afterwards, beside what was known live.

The simulated motions of `synthetic` and the takes of KERAAL, in the same frames and with the same
claims: what is known afterwards is shown only where it was claimed live. Angles in degrees.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.observation import Segment, View
from lengthwise.live.evaluation import keraal
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.keraal_take import read_take
from lengthwise.live.evaluation.synthetic import (
    LYING,
    SENSOR_SETS,
    STAND_S,
    ZERO_S,
    Piece,
    Tally,
    shares,
    tally,
)
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.evaluation.track import smoothed_track
from lengthwise.live.evaluation.vicon import COMPARED
from lengthwise.sim.motions import Motion, motions
from lengthwise.sim.scripted import Film, Script, film

_SETS = ("front", "side + sacrum", "side + sacrum + T12", "4 IMUs")
_SEGMENTS = (Segment.PELVIS, Segment.T12, Segment.THIGH_L, Segment.THIGH_R)
_LEAST_COVERAGE = 0.93
_FEWEST_FRAMES = 60


@dataclass(frozen=True)
class Pair:
    live: Tally
    after: Tally

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.live + other.live, self.after + other.after)


Found = dict[Piece, dict[str, Pair]]


def evaluate(
    folder: Path, seeds: int, *, jobs: int = 1, advance: Advance | None = None
) -> list[Table]:
    """Floors, KERAAL, then simulated people by sensors, by motion and by coordinate.

    `folder` of KERAAL; raises InputError where its takes are not in it.
    """
    takes, _ = keraal.takes(folder)
    pieces = [
        Piece(motion.name, seed, stands)
        for seed in range(seeds)
        for motion in motions()
        for stands in (True, False)
    ]
    found = dict(zip(pieces, run_all(pairs, pieces, jobs=jobs, advance=advance), strict=True))
    note = (
        f"{seeds} seeds x {len(motions())} motions, frames in which the angle was claimed live; "
        "errors in degrees."
    )
    return [
        floors_table("Smoothed afterwards: floors", _floors(found)),
        _keraal(run_all(pairs_of_take, takes, jobs=jobs)),
        _by_sensors(found, note),
        _by_motion(found),
        _by_coordinate(found),
    ]


def pairs(piece: Piece) -> dict[str, Pair]:
    """One motion of one person, as each set of sensors knows it live and afterwards."""
    index, motion = next((i, m) for i, m in enumerate(motions()) if m.name == piece.motion)
    seed = piece.seed * len(motions()) + index
    filmed = film(
        Script(
            motion,
            seed,
            shares(motion, seed),
            views=(View.FRONT, View.LEFT),
            segments=_SEGMENTS,
            stand_s=STAND_S if piece.stands else 0.0,
        )
    )
    return {
        name: _pair(filmed, motion, name, piece.stands)
        for name in _SETS
        if not (piece.stands and motion.posture in LYING and View.FRONT in SENSOR_SETS[name])
    }


def _pair(filmed: Film, motion: Motion, sensors: str, stands: bool) -> Pair:
    sources = SENSOR_SETS[sensors]
    params = estimator.Params(
        tuple(filmed.streams[source] for source in sources),
        motion.posture,
        motion.start_rad,
        zero_s=ZERO_S if stands else None,
        pelvis_kept=motion.pelvis_kept,
    )
    live, after = smoothed_track(params, delivered(filmed.observations(sources)))
    return Pair(tally(live, filmed, stands), tally(after, filmed, stands))


def pairs_of_take(take: keraal.Take) -> tuple[keraal.Pairs, keraal.Pairs]:
    """One take as it was known live and afterwards."""
    frames = read_take(take.landmarks)
    live, after = smoothed_track(keraal.params(), frames)
    return keraal.compared(take, frames, live), keraal.compared(take, frames, after)


def _keraal(found: list[tuple[keraal.Pairs, keraal.Pairs]]) -> Table:
    live, after = (keraal.joined([pair[i] for pair in found]) for i in (0, 1))
    rows = []
    for name, chosen in (("all", COMPARED), *((c.value, (c,)) for c in COMPARED)):
        a, b = keraal.figures(live, chosen), keraal.figures(after, chosen)
        if a.claimed:
            row = (a.rmse, b.rmse, a.sd, b.sd, a.coverage, b.coverage)
            rows.append((name, a.judged, a.claimed, *row))
    return Table(
        "Smoothed afterwards: KERAAL",
        ("coordinate", "pairs", "claimed", *_COLUMNS[1:]),
        tuple(rows),
        (0, 0, 2, *_DECIMALS[1:]),
        f"{len(found)} takes; pairs of frame and coordinate as in the section KERAAL.",
    )


def _pooled(found: Found, sensors: str, motion: str | None = None) -> Pair | None:
    fits = [
        pair[sensors]
        for piece, pair in found.items()
        if sensors in pair and motion in (None, piece.motion)
    ]
    return sum(fits[1:], start=fits[0]) if fits else None


def _rmse(t: Tally, at: int | slice) -> float | None:
    count = float(t.claimed[at].sum())
    return float(np.sqrt(t.square[at].sum() / count)) if count else None


def _share(part: np.ndarray, t: Tally, at: int | slice) -> float | None:
    count = float(t.claimed[at].sum())
    return float(part[at].sum() / count) if count else None


def _cells(pair: Pair, at: int | slice) -> tuple[Cell, ...]:
    live, after = pair.live, pair.after
    return (
        int(live.claimed[at].sum()),
        _rmse(live, at),
        _rmse(after, at),
        _share(live.sd, live, at),
        _share(after.sd, after, at),
        _share(live.covered, live, at),
        _share(after.covered, after, at),
    )


_ALL = slice(None)
_COLUMNS = (
    "frames", "RMSE", "afterwards", "stated sd", "afterwards", "coverage", "afterwards",
)  # fmt: skip
_DECIMALS = (0, 2, 2, 2, 2, 3, 3)


def _floors(found: Found) -> list[Floor]:
    floors = []
    for name in _SETS:
        pair = _pooled(found, name)
        if pair is None:
            continue
        live, after = _rmse(pair.live, _ALL), _rmse(pair.after, _ALL)
        ratio = after / live if after is not None and live else None
        floors += [
            Floor(f"{name}: RMSE afterwards over live", ratio, high=1.0),
            Floor(
                f"{name}: lowest coverage of an angle afterwards",
                min(
                    float(pair.after.covered[i] / pair.after.claimed[i])
                    for i in range(len(COORDINATES))
                    if pair.after.claimed[i] >= _FEWEST_FRAMES
                ),
                low=_LEAST_COVERAGE,
            ),
        ]
    return floors


def _by_sensors(found: Found, note: str) -> Table:
    rows = [
        (name, *_cells(pair, _ALL)) for name in _SETS if (pair := _pooled(found, name)) is not None
    ]
    return Table(
        "Smoothed afterwards: by sensors", ("sensors", *_COLUMNS), tuple(rows), (0, *_DECIMALS),
        note,
    )  # fmt: skip


def _by_motion(found: Found) -> Table:
    rows = [
        (motion.name, name, *_cells(pair, _ALL))
        for motion in motions()
        for name in _SETS
        if (pair := _pooled(found, name, motion.name)) is not None
    ]
    return Table(
        "Smoothed afterwards: by motion",
        ("motion", "sensors", *_COLUMNS),
        tuple(rows),
        (0, 0, *_DECIMALS),
    )


def _by_coordinate(found: Found) -> Table:
    rows = [
        (name, coordinate.value, *_cells(pair, i))
        for name in _SETS
        if (pair := _pooled(found, name)) is not None
        for i, coordinate in enumerate(COORDINATES)
        if pair.live.claimed[i]
    ]
    return Table(
        "Smoothed afterwards: by coordinate",
        ("sensors", "coordinate", *_COLUMNS),
        tuple(rows),
        (0, 0, *_DECIMALS),
    )
