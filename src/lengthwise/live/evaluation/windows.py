"""Positions between two marks of one session, against what the true joint angles say.

A lunge and a straight-leg raise, seen from the working side, with upright standing first. First
resistance is marked at share 0.45 of the path and tolerance at 0.95; readings follow at shares 0.6
to 0.9 and through a hold of 45 s at 0.85 (position 0.8). Truth is the position of the true joint
angles in the same anatomical model, so that what the model leaves open of a real muscle is no part
of the errors, though it is one of the stated sds. A muscle is marked and read whether claimed or
not: the limits of safety look at its position either way.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from msgspec.structs import replace

from lengthwise.body import estimator
from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import Observation, PersonSignal, Segment, SignalKind, View
from lengthwise.contracts.states import TissueState
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.statistics import coverage, mean, rmse
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table
from lengthwise.live.params import range_bounds
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film
from lengthwise.tissue import engine

PHONE = {"lunge": Segment.PELVIS, "leg_raise": Segment.THIGH_L}
"""Where the one phone is worn: the sacrum for the lunge, the thigh for the leg raise."""
_TARGETS = {
    "lunge": (MuscleGroup.PSOAS, MuscleGroup.ILIACUS),
    "leg_raise": (MuscleGroup.HAMSTRINGS,),
}
_STAND_S, _ZERO_S = 4.0, (0.5, 3.5)
_MARKS_S = {SignalKind.FIRST_RESISTANCE: 8.0, SignalKind.TOLERANCE: 13.0}
_SHARES = (
    (3.0, 0.0), (6.0, 0.45), (8.5, 0.45), (11.0, 0.95), (13.5, 0.95), (17.0, 0.6), (19.0, 0.6),
    (20.5, 0.7), (22.5, 0.7), (24.0, 0.8), (26.0, 0.8), (27.5, 0.9), (29.5, 0.9), (31.5, 0.85),
    (77.0, 0.85),
)  # fmt: skip
_READINGS = {"steps 0.6 to 0.9": (17.0, 29.5), "hold of 45 s": (31.5, 76.5)}
"""Seconds after the start pose was reached, as the times of the marks are."""
_HIP = INDEX[Coordinate.HIP_FLEXION_L]
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_SEED_OFFSET = 600_000


@dataclass(frozen=True)
class Piece:
    motion: str
    seed: int


@dataclass(frozen=True)
class Readings:
    """Of n readings: `error` and stated `sd` of the position, `claimed` whether the muscle was;
    `window_deg` hip flexion between the marks, the same for all of a person.
    """

    error: np.ndarray
    sd: np.ndarray
    claimed: np.ndarray
    window_deg: np.ndarray


Key = tuple[str, bool, str, str]
"""Motion, whether the phone was worn, muscle group, which readings."""


def evaluate(seeds: int, *, jobs: int = 1, advance: Advance | None = None) -> list[Table]:
    """Floors and one row for each exercise, sensors, muscle and kind of reading."""
    pieces = [Piece(name, seed) for seed in range(seeds) for name in PHONE]
    found: dict[Key, list[Readings]] = {}
    for result in run_all(readings_of, pieces, jobs=jobs, advance=advance):
        for key, readings in result.items():
            found.setdefault(key, []).append(readings)
    return [floors_table("Windows: floors", _floors(found)), _table(found, seeds)]


@cache
def _tissue() -> engine.Params:
    """One body for reading and truth; its lengths cancel in a position."""
    anatomy = Anatomy.build(BodyMeasures())
    return engine.Params(anatomy, range_bounds(anatomy, data_home()))


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
        stand_s=_STAND_S,
    )
    filmed = film(script)
    targets = tuple((group, Side.LEFT) for group in _TARGETS[piece.motion])
    signals = [PersonSignal(script.start_s + t, kind, targets) for kind, t in _MARKS_S.items()]
    found: dict[Key, Readings] = {}
    for worn in (False, True):
        sources: tuple[View | Segment, ...] = (View.LEFT, phone) if worn else (View.LEFT,)
        params = estimator.Params(
            tuple(filmed.streams[s] for s in sources),
            motion.posture,
            motion.start_rad,
            zero_s=_ZERO_S,
            pelvis_kept=motion.pelvis_kept,
        )
        seen = _followed(params, filmed.observations(sources), signals)
        for name, (begin_s, end_s) in _READINGS.items():
            chosen = [t for t in seen if begin_s <= t.t_s - script.start_s <= end_s]
            for group, _ in targets:
                found[piece.motion, worn, group.value, name] = _readings(
                    chosen, filmed, [s.t_s for s in signals], GROUP_INDEX[group, Side.LEFT]
                )
    return found


def _followed(
    params: estimator.Params, observations: list[Observation], signals: list[PersonSignal]
) -> list[TissueState]:
    """Every tissue state from the last mark on; each mark is of what was just seen."""
    waiting, tissue_params = list(signals), _tissue()
    body, tissue = estimator.start(params), engine.start(tissue_params)
    found: list[TissueState] = []
    for observation in observations:
        while waiting and observation.t_s > waiting[0].t_s:
            signal = waiting.pop(0)
            body, _ = estimator.step(params, body, signal)
            tissue, _ = engine.step(tissue_params, _all_claimed(tissue), signal)
        body, out = estimator.step(params, body, observation)
        if out.state is not None:
            tissue, measured = engine.step(tissue_params, tissue, out.state)
            if measured is not None and not waiting:
                found.append(measured)
    return found


def _all_claimed(tissue: engine.State) -> engine.State:
    assert tissue.last is not None, "a mark comes after the first reading"
    return replace(tissue, last=replace(tissue.last, claimed=(True,) * len(GROUP_SIDES)))


def _readings(chosen: list[TissueState], filmed: Film, marks_s: list[float], row: int) -> Readings:
    now = np.array([state.t_s for state in chosen])
    poses = filmed.truth_at(np.concatenate([marks_s, now]))
    length_m = _tissue().groups.lengths_batch_m(poses[:, _ANATOMICAL])[:, row]
    first_m, tolerance_m = length_m[:2]
    truth = (length_m[2:] - first_m) / (tolerance_m - first_m)
    read = [state.raw_position[row] for state in chosen]
    window_deg = float(np.degrees(abs(poses[1, _HIP] - poses[0, _HIP])))
    return Readings(
        error=np.array([np.nan if p is None else p.mean for p in read]) - truth,
        sd=np.array([np.nan if p is None else p.sd for p in read]),
        claimed=np.array([state.claimed[row] for state in chosen]),
        window_deg=np.full(len(chosen), window_deg),
    )


def _pooled(readings: list[Readings]) -> Readings:
    """All readings of all people, but those without a position."""
    joined = [
        np.concatenate([getattr(r, name) for r in readings])
        for name in Readings.__dataclass_fields__
    ]
    there = np.isfinite(joined[0])
    return Readings(*(values[there] for values in joined))


def _floors(found: dict[Key, list[Readings]]) -> list[Floor]:
    floors = []
    for motion, segment in PHONE.items():
        for worn in (False, True):
            pooled = _pooled(
                [
                    r
                    for (name, phone, _, _), each in found.items()
                    if name == motion and phone is worn
                    for r in each
                ]
            )
            what = f"{motion}, camera" + (f" and {segment.value}" if worn else " alone")
            floors.append(
                Floor(
                    f"{what}: coverage of the position", coverage(pooled.error, pooled.sd), low=0.93
                )
            )
    return floors


def _table(found: dict[Key, list[Readings]], seeds: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (motion, worn, group, name), each in found.items():
        r = _pooled(each)
        people = [_pooled([one]) for one in each]
        covered = [coverage(one.error, one.sd) for one in people]
        rows.append(
            (
                motion,
                f"side + {PHONE[motion].value}" if worn else "side",
                group,
                name,
                len(r.error) / max(sum(len(one.error) for one in each), 1),
                mean(r.claimed.astype(float)),
                mean(r.window_deg),
                mean(r.sd),
                rmse(r.error),
                mean(r.sd * r.window_deg),
                rmse(r.error * r.window_deg),
                coverage(r.error, r.sd),
                min((c for c in covered if c is not None), default=None),
            )
        )
    rows.sort(key=lambda row: [str(cell) for cell in row[:4]])
    return Table(
        "Windows: position between first resistance and tolerance",
        (
            "exercise", "sensors", "muscle", "readings", "with a position", "claimed",
            "window, degrees of hip", "stated sd", "RMSE", "stated sd, degrees", "RMSE, degrees",
            "coverage", "worst seed",
        ),
        tuple(rows),
        (0, 0, 0, 0, 2, 2, 1, 3, 3, 2, 2, 3, 2),
        f"{seeds} seeds, after standing; in units of the window, and in degrees of hip flexion as "
        "that share of the degrees between the marks. Both marks are taken in the session.",
    )  # fmt: skip
