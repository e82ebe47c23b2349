"""Differences that matter: how far a hip has moved since a mark of the same session.

A lunge and a straight-leg raise, seen from the working side. A mark is taken at share 0.45 of the
path (first resistance); readings follow at shares 0.6 to 0.9 and through a hold of 45 s. A stretch
window is about 8 degrees wide in a stiff person, so the sd of this difference decides whether it
can be used. Angles in degrees.
"""

from dataclasses import dataclass

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    Observation,
    PersonSignal,
    Segment,
    SignalKind,
    View,
)
from lengthwise.contracts.states import BodyState, Estimate, MarkedPose
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.statistics import coverage, mean, rmse
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.evaluation.track import Track, columns, track
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

_HIP = Coordinate.HIP_FLEXION_L
PHONE = {"lunge": Segment.PELVIS, "leg_raise": Segment.THIGH_L}
"""Where the one phone is worn: the sacrum for the lunge, the thigh for the leg raise."""
_TARGET = {"lunge": MuscleGroup.PSOAS, "leg_raise": MuscleGroup.HAMSTRINGS}
_STAND_S, _ZERO_S = 4.0, (0.5, 3.5)
_MARK_SHARE, _MARK_AT_S = 0.45, 8.0
"""Path share of the mark, and its time after the start pose was reached."""
_SHARES = (
    (3.0, 0.0), (6.0, _MARK_SHARE), (8.5, _MARK_SHARE), (10.5, 0.6), (12.5, 0.6), (14.0, 0.7),
    (16.0, 0.7), (17.5, 0.8), (19.5, 0.8), (21.0, 0.9), (23.0, 0.9), (25.0, 0.75), (71.0, 0.75),
)  # fmt: skip
_READINGS = {"steps 0.6 to 0.9": (10.5, 23.0), "hold of 45 s": (25.5, 70.5)}
"""Seconds after the start pose was reached."""
_SEED_OFFSET = 500_000


@dataclass(frozen=True)
class Piece:
    motion: str
    seed: int
    stands: bool


@dataclass(frozen=True)
class Readings:
    """Errors and stated sds of some readings, (n,) degrees: of the difference, of the angle."""

    error: np.ndarray
    sd: np.ndarray
    absolute_error: np.ndarray
    absolute_sd: np.ndarray


Key = tuple[str, bool, bool, str]
"""Motion, whether the phone was worn, whether it began standing, which readings."""


def difference(now: BodyState, mark: MarkedPose, coordinate: Coordinate = _HIP) -> Estimate:
    """An anatomical coordinate now less the same at a mark of this session, radians.

    var(x - m) = P_xx + P_mm - 2 P_xm: what both share cancels.
    """
    i, k = ANATOMICAL.index(coordinate), INDEX[coordinate]
    variance = now.covariance_rad2[k, k] + mark.covariance_rad2[i, i] - 2.0 * mark.shared_rad2[i, i]
    moved = float(now.mean_rad[k] - mark.mean_rad[i])
    return Estimate(moved, float(np.sqrt(max(variance, 0.0))))


def evaluate(seeds: int, *, jobs: int = 1, advance: Advance | None = None) -> list[Table]:
    """Floors and one row for each exercise, sensors, beginning and kind of reading."""
    pieces = [
        Piece(name, seed, stands)
        for seed in range(seeds)
        for name in PHONE
        for stands in (True, False)
    ]
    found: dict[Key, list[Readings]] = {}
    for result in run_all(readings_of, pieces, jobs=jobs, advance=advance):
        for key, readings in result.items():
            found.setdefault(key, []).append(readings)
    return [
        floors_table("Differences: floors", _floors(found)),
        _table(found, f"{seeds} seeds; errors of hip flexion in degrees."),
    ]


def readings_of(piece: Piece) -> dict[Key, Readings]:
    """One person doing one exercise, by camera alone and with the phone."""
    motion = next(m for m in motions() if m.name == piece.motion)
    phone = PHONE[piece.motion]
    script = Script(
        motion,
        _SEED_OFFSET + piece.seed,
        _SHARES,
        views=(View.LEFT,),
        segments=(phone,),
        stand_s=_STAND_S if piece.stands else 0.0,
    )
    filmed = film(script)
    found: dict[Key, Readings] = {}
    for worn in (False, True):
        sources: tuple[View | Segment, ...] = (View.LEFT, phone) if worn else (View.LEFT,)
        params = estimator.Params(
            tuple(filmed.streams[s] for s in sources),
            motion.posture,
            motion.start_rad,
            zero_s=_ZERO_S if piece.stands else None,
            pelvis_kept=motion.pelvis_kept,
        )
        mark_s = script.start_s + _MARK_AT_S
        signal = PersonSignal(
            mark_s, SignalKind.FIRST_RESISTANCE, ((_TARGET[piece.motion], Side.LEFT),)
        )
        seen = track(params, _with_signal(filmed.observations(sources), signal))
        for name, (begin_s, end_s) in _READINGS.items():
            during = (script.start_s + begin_s, script.start_s + end_s)
            found[piece.motion, worn, piece.stands, name] = _readings(seen, filmed, mark_s, during)
    return found


def _with_signal(observations: list[Observation], signal: PersonSignal) -> list[Observation]:
    """The signal after the last observation before it, so that it marks what was just seen."""
    at = sum(o.t_s <= signal.t_s for o in observations)
    return [*observations[:at], signal, *observations[at:]]


def _readings(seen: Track, filmed: Film, mark_s: float, during_s: tuple[float, float]) -> Readings:
    chosen = [
        state for state in seen.states if state.marks and during_s[0] <= state.t_s <= during_s[1]
    ]
    hip = columns((_HIP,))[0]
    at = np.array([state.t_s for state in chosen])
    now = filmed.truth_at(at)[:, hip]
    then = filmed.truth_at(np.array([mark_s]))[0, hip]
    moved = [difference(state, state.marks[-1]) for state in chosen]
    angle = [state.believed(_HIP) for state in chosen]
    return Readings(
        *(
            np.degrees(values)
            for values in (
                np.array([m.mean for m in moved]) - (now - then),
                np.array([m.sd for m in moved]),
                np.array([a.mean for a in angle]) - now,
                np.array([a.sd for a in angle]),
            )
        )
    )


def _joined(readings: list[Readings]) -> Readings:
    return Readings(
        *(
            np.concatenate([getattr(r, name) for r in readings])
            for name in Readings.__dataclass_fields__
        )
    )


def _floors(found: dict[Key, list[Readings]]) -> list[Floor]:
    """As used: standing first, steps and hold together."""
    floors = []
    for motion, segment in PHONE.items():
        for worn, most in ((False, 5.0), (True, 3.0)):
            pooled = _joined([r for name in _READINGS for r in found[motion, worn, True, name]])
            what = f"{motion}, camera" + (f" and {segment.value}" if worn else " alone")
            floors += [
                Floor(f"{what}: stated sd of the difference", mean(pooled.sd), high=most),
                Floor(
                    f"{what}: coverage of the difference",
                    coverage(pooled.error, pooled.sd),
                    low=0.93,
                ),
            ]
            if worn:
                floors.append(
                    Floor(f"{what}: RMSE of hip flexion", rmse(pooled.absolute_error), high=5.0)
                )
    return floors


def _table(found: dict[Key, list[Readings]], note: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (motion, worn, stands, name), each in found.items():
        r = _joined(each)
        covered = [coverage(one.error, one.sd) for one in each]
        rows.append(
            (
                motion,
                f"side + {PHONE[motion].value}" if worn else "side",
                "after standing" if stands else "in posture",
                name,
                mean(r.sd),
                rmse(r.error),
                coverage(r.error, r.sd),
                min((c for c in covered if c is not None), default=None),
                rmse(r.absolute_error),
                mean(r.absolute_sd),
                coverage(r.absolute_error, r.absolute_sd),
            )
        )
    rows.sort(key=lambda row: [str(cell) for cell in row[:4]])
    return Table(
        "Differences: hip flexion now less hip flexion at the mark",
        (
            "exercise", "sensors", "begins", "readings", "stated sd", "RMSE", "coverage",
            "worst seed", "hip flexion RMSE", "hip flexion sd", "hip flexion coverage",
        ),
        tuple(rows),
        (0, 0, 0, 0, 2, 2, 3, 2, 2, 2, 3),
        note,
    )  # fmt: skip
