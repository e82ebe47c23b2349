"""The body estimate while sensors fail: every fault alone, in pairs, and those that stay.

Each run is compared with the same run without the fault: what it claims and how far off it is
during the fault, how long until it is as before, and whether the fault was named. Faults begin and
last at random. A run begins where the faultless one stood a moment before its fault.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np

from lengthwise.body import estimator
from lengthwise.contracts.observation import (
    Observation,
    Posture,
    Rejection,
    Segment,
    View,
)
from lengthwise.contracts.states import Unseen
from lengthwise.live import sequencer
from lengthwise.live.evaluation.delivery import Delivery
from lengthwise.live.evaluation.false_alarms import (
    Alarms,
    alarms_table,
    keraal_alarms,
    worn_alarms,
)
from lengthwise.live.evaluation.fault_injection import Period, inject
from lengthwise.live.evaluation.fault_names import KNOWN, Fault, FaultName, Staying
from lengthwise.live.evaluation.fault_tables import SLOW_S, Outcome, Slow, fault_tables
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Table
from lengthwise.live.evaluation.track import Track, track_from
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

Sensors = tuple[View | Segment, ...]
_IMUS = (Segment.PELVIS, Segment.THIGH_L)
SENSOR_SETS: tuple[tuple[Sensors, tuple[str, ...]], ...] = (
    ((View.LEFT, *_IMUS), ("forward_bend", "squat", "lunge", "leg_raise")),
    ((View.LEFT,), ("squat", "lunge", "leg_raise", "forward_bend")),
    ((View.FRONT, *_IMUS), ("side_bend", "squat", "sitting_lean", "trunk_turn")),
    ((View.FRONT,), ("sitting_lean", "side_bend", "squat", "trunk_turn")),
)
"""What a seed is seen with, in turns, and which motions then, in turns."""
_STAND_S, _ZERO_S = 4.0, (0.5, 3.5)
_SHARES = ((1.0, 0.0), (3.0, 0.8), (6.0, 0.8), (8.0, 0.3), (11.0, 0.6), (12.0, 0.6))
_LAG_S = sequencer.LIVE_LAG_S
"""How long the sequencer waits for what is late: as in a live session."""
_EARLIEST_S, _LEFT_AFTER_S = 8.0, 4.0
"""First moment of a fault; what is left of the recording after its end, at least."""
_AS_BEFORE_DEG, _AS_SURE_RATIO = 2.0, 1.1
"""As before: errors at most so much larger, and what was claimed still is, or would be but for an
sd so little wider that it is at the very edge."""
_STAYS_S = 1.0
_INTERVAL_SDS, _EDGE_DEG = 1.96, 5.4
"""Of an interval of 95 %; a faultless sd above which a claim hangs at its edge of 6 degrees."""
_PAIRS_IN = 5
"""Of all pairs every seed tries one in so many, so that five seeds try all."""
_SEED_OFFSET = 700_000
_POINT_EVERY_S = 0.5
_DEG = 180.0 / np.pi


@dataclass(frozen=True)
class Piece:
    seed: int
    faults: tuple[Fault, ...]


def evaluate(
    seeds: int, *, jobs: int = 1, advance: Advance | None = None, data: Path | None = None
) -> list[Table]:
    """`data`: folder of recordings, where nothing should be rejected; None: left out."""
    pairs = list(combinations(FaultName, 2))
    single: list[tuple[Fault, ...]] = [(name,) for name in (*FaultName, *Staying)]
    pieces = [
        Piece(seed, faults)
        for seed in range(seeds)
        for faults in (*single, *pairs[seed % _PAIRS_IN :: _PAIRS_IN])
        if can_happen(seed, faults)
    ]
    outcomes = run_all(outcome, pieces, jobs=jobs, advance=advance)
    found: dict[tuple[Fault, ...], list[Outcome]] = {}
    for piece, result in zip(pieces, outcomes, strict=True):
        found.setdefault(piece.faults, []).append(result)
    note = (
        f"{seeds} seeds; camera at the left or in front, alone or with sensors at sacrum and left "
        f"thigh; a lag of {_LAG_S:g} s is allowed for ordering. Claims kept: share of what the "
        "faultless run claimed. Back: for a second on end errors at most "
        f"{_AS_BEFORE_DEG:g} degrees larger than without the fault, and the same claims."
    )
    alarms = [_simulated_alarms(seed) for seed in range(seeds)]
    if data is not None:
        alarms += keraal_alarms(data / "keraal" / "blazepose", lag_s=_LAG_S) + worn_alarms(data)
    return [*fault_tables(found, note), alarms_table(alarms)]


def sensors_of(seed: int) -> tuple[Sensors, str]:
    """What a seed is seen with, and its motion."""
    sensors, names = SENSOR_SETS[seed % len(SENSOR_SETS)]
    return sensors, names[seed // len(SENSOR_SETS) % len(names)]


def can_happen(seed: int, faults: Iterable[Fault]) -> bool:
    sensors, _ = sensors_of(seed)
    worn = any(isinstance(source, Segment) for source in sensors)
    return worn or not any(KNOWN[fault].needs_imu for fault in faults)


@dataclass(frozen=True)
class Point:
    """Where a faultless run stood before observation `at` of its stream."""

    at: int
    t_s: float
    delivery: sequencer.State
    state: estimator.State
    rejections: int


@dataclass(frozen=True)
class Clean:
    """A recording without faults and what the estimate makes of it."""

    filmed: Film
    params: estimator.Params
    stream: list[Observation]
    seen: Track
    points: tuple[Point, ...]


@lru_cache(maxsize=4)
def clean_run(seed: int) -> Clean:
    sensors, name = sensors_of(seed)
    motion = next(m for m in motions() if m.name == name)
    script = Script(
        motion,
        _SEED_OFFSET + seed,
        _SHARES,
        views=tuple(s for s in sensors if isinstance(s, View)),
        segments=tuple(s for s in sensors if isinstance(s, Segment)),
        stand_s=_STAND_S,
    )
    filmed = film(script)
    params = estimator.Params(
        tuple(filmed.streams[source] for source in sensors),
        Posture(motion.posture),
        motion.start_rad,
        zero_s=_ZERO_S,
        pelvis_kept=motion.pelvis_kept,
    )
    stream = filmed.observations(sensors)
    delivery, points = Delivery(_LAG_S), []
    state, rejections = estimator.start(params), 0
    due_s = _EARLIEST_S - _POINT_EVERY_S
    for at, observation in enumerate(stream):
        if observation.t_s >= due_s:
            points.append(Point(at, observation.t_s, delivery.state, state, rejections))
            due_s += _POINT_EVERY_S
        for item in delivery.take(observation):
            if isinstance(item, Rejection):
                rejections += 1
            else:
                state, out = estimator.step(params, state, item)
                rejections += len(out.rejections)
    start = estimator.start(params)
    seen = track_from(params, start, Delivery(_LAG_S).all_of(stream))
    return Clean(filmed, params, stream, seen, tuple(points))


def outcome(piece: Piece) -> Outcome:
    """One recording with its faults at random times that overlap where there are two."""
    clean = clean_run(piece.seed)
    known = list(KNOWN)
    rng = np.random.default_rng([piece.seed, *(known.index(name) for name in piece.faults)])
    lasts_s = [float(rng.uniform(*KNOWN[name].lasts_s)) for name in piece.faults]
    last_s = float(clean.filmed.t_s[-1])
    begin_s = float(rng.uniform(_EARLIEST_S, last_s - _LEFT_AFTER_S - 0.3 - max(lasts_s)))
    faulty, until_s = clean.stream, begin_s
    for name, lasting_s in zip(piece.faults, lasts_s, strict=True):
        from_s = begin_s + float(rng.uniform(0.0, 0.3)) * (len(piece.faults) - 1)
        stays = isinstance(name, Staying)
        period = Period(from_s, last_s + 1.0 if stays else from_s + lasting_s)
        faulty = inject(name, faulty, period, rng)
        until_s = max(until_s, period.until_s)
    point = next(p for p in reversed(clean.points) if p.t_s <= begin_s)
    delivery = Delivery(_LAG_S, point.delivery)
    seen = track_from(clean.params, point.state, delivery.all_of(faulty[point.at :]))
    before = clean.seen.rejections[point.rejections :]
    return _compared(clean, seen, before, Period(begin_s, until_s))


def _compared(clean: Clean, seen: Track, without: tuple[Rejection, ...], fault: Period) -> Outcome:
    filmed, reference = clean.filmed, clean.seen
    truth = filmed.truth_at(seen.t_s)
    nearest = np.clip(np.searchsorted(reference.t_s, seen.t_s), 0, len(reference.t_s) - 1)
    error = np.degrees(seen.mean_rad - truth)
    was = np.degrees(np.abs(reference.mean_rad[nearest] - truth))
    unsure = ~seen.claimed & (seen.sd_rad > _AS_SURE_RATIO * reference.sd_rad[nearest])
    astray = unsure | (np.abs(error) - was > _AS_BEFORE_DEG)
    astray &= reference.claimed[nearest]
    as_before = ~astray.any(axis=1)
    back_s = _back_s(seen.t_s, as_before, fault.until_s)
    late = (seen.t_s >= fault.until_s + SLOW_S) & (seen.t_s < fault.until_s + (back_s or np.inf))
    missed = astray & late[:, None]
    during = (seen.t_s >= fault.from_s) & (seen.t_s < fault.until_s)
    claimed, at = seen.claimed[during], nearest[during]
    made = reference.claimed[at]
    sd = np.degrees(seen.sd_rad[during])
    named = Counter(r.reason.value for r in seen.rejections)
    named.subtract(r.reason.value for r in without)
    return Outcome(
        error=error[during][claimed],
        sd=sd[claimed],
        every_error=error[during].ravel(),
        every_sd=sd.ravel(),
        without_error=(reference.mean_rad[at] - truth[during])[made] * _DEG,
        without_sd=reference.sd_rad[at][made] * _DEG,
        claims=int((claimed & made).sum()),
        claims_without=int(made.sum()),
        back_s=back_s,
        slow=_slow(
            off=np.abs(error[missed]) / np.degrees(seen.sd_rad[missed]),
            claimed=seen.claimed[missed],
            was_sd=np.degrees(reference.sd_rad[nearest][missed]),
        ),
        named={reason: n for reason, n in named.items() if n > 0},
        felt=bool((~as_before & (seen.t_s >= fault.from_s)).any()),
        withheld=_withheld(seen, reference.claimed[nearest], fault),
    )


def _withheld(seen: Track, claimed: np.ndarray, fault: Period) -> frozenset[Unseen]:
    """Why what the faultless run claimed (n, 21) was not claimed, from the fault's beginning on."""
    lost = claimed & ~seen.claimed & (seen.t_s >= fault.from_s)[:, None]
    return frozenset(seen.states[i].unseen[c] for i, c in np.argwhere(lost).tolist())


def _slow(*, off: np.ndarray, claimed: np.ndarray, was_sd: np.ndarray) -> Slow | None:
    """What kept a run from being back in time, of all that was not as before from then on (k,).

    `off` errors in sds; `claimed` whether it was; `was_sd` of the faultless run, in degrees.
    """
    if not len(off):
        return None
    if (off > _INTERVAL_SDS).any():
        return Slow.WRONG
    if claimed.any():
        return Slow.LARGER
    return Slow.AT_THE_EDGE if (was_sd > _EDGE_DEG).all() else Slow.UNSURE


def _back_s(t_s: np.ndarray, as_before: np.ndarray, until_s: float) -> float | None:
    """Seconds after the fault's end from which the estimate is as before for a second on end."""
    after = np.flatnonzero(t_s >= until_s)
    back_s: float | None = None
    for t, fine in zip(t_s[after].tolist(), as_before[after].tolist(), strict=True):
        if not fine:
            back_s = None
        elif back_s is None:
            back_s = t
        if back_s is not None and t - back_s >= _STAYS_S:
            return back_s - until_s if back_s > t_s[after[0]] else 0.0
    return None


def _simulated_alarms(seed: int) -> Alarms:
    clean = clean_run(seed)
    sensors, _ = sensors_of(seed)
    named = Counter(r.reason.value for r in clean.seen.rejections)
    return Alarms(f"simulated, {' + '.join(sensors)}", float(clean.filmed.t_s[-1]), dict(named))
