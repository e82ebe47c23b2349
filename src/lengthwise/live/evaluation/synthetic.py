"""The body estimate against simulated people whose truth is known.

Every motion is filmed once by all cameras and sensors; each set of sensors then estimates from its
own share of the film. Two beginnings: upright standing first, declared as zero pose; and already in
the start posture, nothing declared. Angles in degrees.
"""

from dataclasses import dataclass

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.observation import Posture, Segment, View
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.statistics import NORMAL_95, nees, nees_of_claimed
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.evaluation.track import Track, columns, track
from lengthwise.sim.motions import Motion, motions
from lengthwise.sim.scripted import Film, Script, film

_C = Coordinate
_THIGHS = (Segment.THIGH_L, Segment.THIGH_R)
SENSOR_SETS: dict[str, tuple[View | Segment, ...]] = {
    "front": (View.FRONT,),
    "side": (View.LEFT,),
    "side + sacrum": (View.LEFT, Segment.PELVIS),
    "side + sacrum + T12": (View.LEFT, Segment.PELVIS, Segment.T12),
    "side + sacrum + thigh": (View.LEFT, Segment.PELVIS, Segment.THIGH_L),
    "4 IMUs": (Segment.PELVIS, Segment.T12, *_THIGHS),
    "side + 4 IMUs": (View.LEFT, Segment.PELVIS, Segment.T12, *_THIGHS),
}
STAND_S, ZERO_S = 4.0, (0.5, 3.5)
LYING = (Posture.SUPINE, Posture.PRONE)
"""Seen from the front by a camera overhead, which does not see anyone stand."""
_SURE_DEG = 6.0
_JUDGED_FROM_S = {True: ZERO_S[1], False: 2.0}
_BASE = 16
_FEWEST_FRAMES = 60
"""Of one seed and coordinate, for its coverage to be judged by itself."""
_BEGINS = {True: "after standing", False: "in posture"}


@dataclass(frozen=True)
class Piece:
    motion: str
    seed: int
    stands: bool


@dataclass(frozen=True)
class Tally:
    """Sums over the frames of one or more runs with one set of sensors, in degrees.

    (21,) each: `claimed`, `sure` (sd below 6 degrees, claimed or not) and `all` frames; of claimed
    ones `square` of the error, `sd`, `covered`; `sure_covered`; `all_square`. `joint` the NEES and
    its degrees of freedom over claimed coordinates, then over the base coordinates.
    """

    claimed: np.ndarray
    square: np.ndarray
    sd: np.ndarray
    covered: np.ndarray
    sure: np.ndarray
    sure_covered: np.ndarray
    frames: np.ndarray
    all_square: np.ndarray
    joint: np.ndarray

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            *(getattr(self, name) + getattr(other, name) for name in Tally.__dataclass_fields__)
        )


def share(part: np.ndarray, whole: np.ndarray, at: int, *, least: float = 1.0) -> float | None:
    return float(part[at] / whole[at]) if whole[at] >= least else None


def evaluate(seeds: int, *, jobs: int = 1, advance: Advance | None = None) -> list[Table]:
    """Tables over all motions, sets of sensors and both beginnings, floors first."""
    pieces = [
        Piece(motion.name, seed, stands)
        for seed in range(seeds)
        for motion in motions()
        for stands in (True, False)
    ]
    found = dict(zip(pieces, run_all(tallies, pieces, jobs=jobs, advance=advance), strict=True))
    note = (
        f"{seeds} seeds x {len(motions())} motions; segment lengths 5 %, trunk held 3 degrees, "
        "camera 2.5 degrees and focal length 10 % (sd) other than assumed; errors in degrees."
    )
    tables = [floors_table("Synthetic: floors", _floors(found)), _joint(found, note)]
    for stands in (True, False):
        tables.append(_by_coordinate(found, stands))
    return [*tables, _by_motion(found)]


Found = dict[Piece, dict[str, Tally]]


def tallies(piece: Piece) -> dict[str, Tally]:
    """One motion of one person, as each set of sensors estimates it."""
    index, motion = next((i, m) for i, m in enumerate(motions()) if m.name == piece.motion)
    seed = piece.seed * len(motions()) + index
    script = Script(
        motion,
        seed,
        shares(motion, seed),
        views=(View.FRONT, View.LEFT),
        segments=(Segment.PELVIS, Segment.T12, *_THIGHS),
        stand_s=STAND_S if piece.stands else 0.0,
    )
    filmed = film(script)
    return {
        name: tally(estimated(filmed, motion, sources, stands=piece.stands), filmed, piece.stands)
        for name, sources in SENSOR_SETS.items()
        if not (piece.stands and motion.posture in LYING and View.FRONT in sources)
    }


def shares(motion: Motion, seed: int) -> tuple[tuple[float, float], ...]:
    """Out and back twice, as far as this person goes; the other way where there is one."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 9, 0]))
    far, near = rng.uniform(0.75, 1.0), rng.uniform(0.5, 0.9)
    second = -near if motion.both_ways else near
    return ((2.0, 0.0), (4.0, far), (5.0, far), (7.0, 0.0), (8.5, second), (9.5, second),
            (11.0, 0.0))  # fmt: skip


def estimated(
    filmed: Film, motion: Motion, sources: tuple[View | Segment, ...], *, stands: bool
) -> Track:
    params = estimator.Params(
        tuple(filmed.streams[source] for source in sources),
        motion.posture,
        motion.start_rad,
        zero_s=ZERO_S if stands else None,
        pelvis_kept=motion.pelvis_kept,
    )
    return track(params, delivered(filmed.observations(sources)))


def tally(seen: Track, filmed: Film, stands: bool) -> Tally:
    """What a run is worth, from the end of the zero pose on."""
    at = np.flatnonzero(seen.t_s > _JUDGED_FROM_S[stands])
    error_rad = seen.mean_rad[at] - filmed.truth_at(seen.t_s[at])
    covariance = seen.covariance_rad2[at]
    error, sd = np.degrees(error_rad), np.degrees(seen.sd_rad[at])
    claimed, sure = seen.claimed[at], sd < _SURE_DEG
    covered = np.abs(error) <= NORMAL_95 * sd
    base = nees(error_rad[:, :_BASE], covariance[:, :_BASE, :_BASE])
    joint = (*nees_of_claimed(error_rad, covariance, claimed), base[0].sum(), base[1] * len(at))
    return Tally(
        claimed=claimed.sum(axis=0),
        square=(error**2 * claimed).sum(axis=0),
        sd=(sd * claimed).sum(axis=0),
        covered=(covered & claimed).sum(axis=0),
        sure=sure.sum(axis=0),
        sure_covered=(covered & sure).sum(axis=0),
        frames=np.full(len(COORDINATES), len(at)),
        all_square=(error**2).sum(axis=0),
        joint=np.array(joint, dtype=float),
    )


def _pooled(found: Found, sensors: str, **wanted: object) -> Tally:
    """The sum over all pieces whose fields are as wanted."""
    fits = [
        tallied[sensors]
        for piece, tallied in found.items()
        if sensors in tallied
        and all(getattr(piece, name) == value for name, value in wanted.items())
    ]
    return sum(fits[1:], start=fits[0])


def _ratio(joint: np.ndarray, at: int) -> float | None:
    return float(joint[at] / joint[at + 1]) if joint[at + 1] else None


def _rmse(square: np.ndarray, count: np.ndarray, at: int) -> float | None:
    return float(np.sqrt(square[at] / count[at])) if count[at] else None


def _worst_seed(found: Found, sensors: str, at: int, stands: bool) -> float | None:
    """Lowest coverage of claimed frames among the seeds."""
    seeds = sorted({piece.seed for piece in found})
    each = [_pooled(found, sensors, seed=seed, stands=stands) for seed in seeds]
    shares = [share(t.covered, t.claimed, at, least=_FEWEST_FRAMES) for t in each]
    return min((s for s in shares if s is not None), default=None)


_TURNS = (_C.PELVIS_ROTATION, _C.LUMBAR_ROTATION, _C.THORAX_ROTATION)


def _floors(found: Found) -> list[Floor]:
    floors = []
    pooled = {name: _pooled(found, name) for name in SENSOR_SETS}
    for name, t in pooled.items():
        floors.append(Floor(f"{name}: NEES per dof, claimed", _ratio(t.joint, 0), 0.3, 1.5))
    for name, t in pooled.items():
        shares = [
            s for at in range(len(COORDINATES))
            if (s := share(t.sure_covered, t.sure, at, least=_FEWEST_FRAMES)) is not None
        ]  # fmt: skip
        worst = min(shares, default=None)
        floors.append(Floor(f"{name}: lowest coverage of an angle, sd < 6", worst, low=0.93))
    for name, coordinates, most in (
        ("side + sacrum", (_C.PELVIS_TILT,), 2.5),
        ("side + sacrum + T12", (_C.LUMBAR_FLEXION,), 3.0),
        ("4 IMUs", (_C.HIP_FLEXION_L, _C.HIP_FLEXION_R), 4.0),
        ("side + 4 IMUs", (_C.HIP_FLEXION_L, _C.HIP_FLEXION_R), 4.0),
    ):
        for c, at in zip(coordinates, columns(coordinates), strict=True):
            t = pooled[name]
            floors.append(Floor(f"{name}: {c} RMSE", _rmse(t.square, t.claimed, at), high=most))
    turns = sum(float(t.claimed[columns(_TURNS)].sum()) for t in pooled.values())
    tilt = float(pooled["front"].claimed[columns((_C.PELVIS_TILT,))].sum())
    return [
        *floors,
        Floor("frames with an axial rotation claimed", turns, high=0.0),
        Floor("front: frames with pelvis_tilt claimed", tilt, high=0.0),
    ]


def _joint(found: Found, note: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in SENSOR_SETS:
        for stands, begins in _BEGINS.items():
            t = _pooled(found, name, stands=stands)
            claimed, sure = t.claimed.sum(), t.sure.sum()
            rows.append(
                (
                    name,
                    begins,
                    float(claimed / t.frames.sum()),
                    float(t.covered.sum() / claimed) if claimed else None,
                    float(t.sure_covered.sum() / sure) if sure else None,
                    _ratio(t.joint, 0),
                    _ratio(t.joint, 2),
                )
            )
    return Table(
        "Synthetic: by set of sensors",
        (
            "sensors", "begins", "claimed", "coverage of claimed", "coverage of sd < 6",
            "NEES per dof, claimed", "NEES per dof, 16 angles",
        ),
        tuple(rows),
        (0, 0, 2, 3, 3, 2, 2),
        note,
    )  # fmt: skip


def _by_coordinate(found: Found, stands: bool) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in SENSOR_SETS:
        t = _pooled(found, name, stands=stands)
        for at, coordinate in enumerate(COORDINATES):
            if not (t.claimed[at] or t.sure[at]):
                continue
            rows.append(
                (
                    name,
                    coordinate.value,
                    int(t.claimed[at]),
                    share(t.claimed, t.frames, at),
                    _rmse(t.square, t.claimed, at),
                    share(t.sd, t.claimed, at),
                    share(t.covered, t.claimed, at),
                    _worst_seed(found, name, at, stands),
                    share(t.sure, t.frames, at),
                    share(t.sure_covered, t.sure, at),
                    _rmse(t.all_square, t.frames, at),
                )
            )
    return Table(
        f"Synthetic: by coordinate, {_BEGINS[stands]}",
        (
            "sensors", "coordinate", "frames claimed", "share", "RMSE", "stated sd", "coverage",
            "worst seed", "share with sd < 6", "coverage, sd < 6", "RMSE, all frames",
        ),
        tuple(rows),
        (0, 0, 0, 2, 1, 1, 3, 2, 2, 3, 1),
    )  # fmt: skip


def _by_motion(found: Found) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for motion in motions():
        for name in SENSOR_SETS:
            t = _pooled(found, name, motion=motion.name)
            worst = [
                (s, COORDINATES[at].value)
                for at in range(len(COORDINATES))
                if (s := share(t.sure_covered, t.sure, at, least=_FEWEST_FRAMES)) is not None
            ]
            low, which = min(worst, default=(None, None))
            rows.append(
                (
                    motion.name,
                    name,
                    float(t.claimed.sum() / t.frames.sum()),
                    float(t.covered.sum() / t.claimed.sum()) if t.claimed.sum() else None,
                    _ratio(t.joint, 0),
                    low,
                    which,
                )
            )
    return Table(
        "Synthetic: by motion",
        (
            "motion", "sensors", "claimed", "coverage of claimed", "NEES per dof, claimed",
            "lowest coverage, sd < 6", "of",
        ),
        tuple(rows),
        (0, 0, 2, 3, 2, 3, 0),
    )  # fmt: skip
