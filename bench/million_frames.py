"""The body estimate over a session without end: does its covariance stay positive definite?

    OPENBLAS_NUM_THREADS=1 python bench/million_frames.py --frames 1000000 --state FILE

A camera and two inertial sensors (pelvis, left thigh). Simulated motions are filmed once from four
sides; every minute then shows one of them from one side with fresh noise, times shifted, and what
goes wrong: the faults of `live.evaluation.fault_injection`, missing and non-finite landmarks, a
camera or sensor that is lost, clocks that stutter, marks, pauses of up to an hour. One and the same
estimate goes through all of it. Every `--every` frames its covariance is looked at, and what is
told of it. A minute depends on its number only, so that a run goes on from `--state` as if it had
not been stopped. A frame is a camera frame or a tick that gives an estimate. One thread for linear
algebra: with several, eigenvalues of matrices this small mostly wait.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import estimator
from lengthwise.body.projection import JOINT_COUNT
from lengthwise.body.session_state import SessionMark
from lengthwise.contracts.codec import decode, encode, frozen_array
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    Stream,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyState
from lengthwise.live.evaluation.fault_injection import Period, inject
from lengthwise.live.evaluation.fault_names import KNOWN, FaultName
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

VIEWS = (View.FRONT, View.LEFT, View.RIGHT, View.BACK)
SEGMENTS = (Segment.PELVIS, Segment.THIGH_L)
FILMED = ("lunge", "side_bend", "forward_bend", "squat")
_SHARES = (
    (2.0, 0.0),
    (4.0, 1.0),
    (20.0, 1.0),
    (22.0, 0.0),
    (23.5, -1.0),
    (28.0, -1.0),
    (30.0, 0.0),
)
_MARKED = ((MuscleGroup.PSOAS, Side.LEFT), (MuscleGroup.HAMSTRINGS, Side.RIGHT))
_TELL_EVERY_S = 60.0


class Tally(Struct, frozen=True):
    """What was seen so far: worst figures, each with the frame at which it was.

    Eigenvalues are of correlation matrices, so they have no unit: 1 where nothing hangs together.
    `smallest` of the filter's; `marked_smallest` of the filter's with a mark; `told_smallest` of
    the 21 coordinates' covariance in rad^2: some of them follow from others, so it is zero but for
    rounding.
    """

    frames: int = 0
    looks: int = 0
    rejections: int = 0
    not_finite: int = 0
    not_symmetric: int = 0
    smallest: float = np.inf
    smallest_at: int = 0
    told_smallest: float = np.inf
    marked_smallest: float = np.inf
    least_sd: float = np.inf
    largest_joint_sd_ratio: float = 0.0
    indefinite: int = 0


class Progress(Struct, frozen=True):
    """Where a run stands before minute `minute`, which begins at `begins_s`."""

    minute: int
    begins_s: float
    state: estimator.State
    tally: Tally


def filmed(names: tuple[str, ...] = FILMED) -> list[Film]:
    """Half a minute of each motion from all sides."""
    found = [m for m in motions() if m.name in names]
    return [film(Script(m, 7 + i, _SHARES, VIEWS, SEGMENTS)) for i, m in enumerate(found)]


def minute(films: list[Film], number: int, begins_s: float) -> list[Observation]:
    """What arrives in one minute (about) of the session."""
    rng = np.random.default_rng([20260131, number])
    shown = films[int(rng.integers(len(films)))]
    view = VIEWS[int(rng.integers(len(VIEWS)))]
    stream: list[Observation] = []
    at_s, noise_px = 0.0, float(10.0 ** rng.uniform(-1.0, 1.0))
    for _ in range(2):
        stream += [_later(o, at_s) for o in shown.observations((view, *SEGMENTS))]
        at_s += float(shown.t_s[-1]) + 0.02
    stream = [_noisy(o, noise_px, rng) for o in stream]
    for name in rng.choice([*FaultName], int(rng.integers(0, 6))):
        from_s = float(rng.uniform(0.0, at_s))
        period = Period(from_s, from_s + KNOWN[FaultName(name)].lasts_s[1])
        stream = inject(FaultName(name), stream, period, rng)
    for _ in range(int(rng.integers(0, 4))):
        stream = _lost(stream, at_s, rng)
    stream = [_damaged(o, rng) for o in stream]
    stream = [_later(o, begins_s) for o in stream]
    for kind in (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE):
        where = int(rng.integers(len(stream)))
        targets = (_MARKED[int(rng.integers(len(_MARKED)))],)
        stream.insert(where, PersonSignal(stream[where].t_s, kind, targets))
    return stream


def _pause_s(number: int) -> float:
    """Mostly none between two minutes; seconds or up to an hour at times."""
    rng = np.random.default_rng([20260131, number, 1])
    return float(10.0 ** rng.uniform(-3.0, 3.55)) if rng.random() < 0.1 else 0.02


def _later(o: Observation, by_s: float) -> Observation:
    return replace(o, t_s=o.t_s + by_s)


def _noisy(o: Observation, sd_px: float, rng: np.random.Generator) -> Observation:
    """Films are shown many times over: never with the same noise."""
    if isinstance(o, LandmarkFrame):
        return replace(o, xy_px=frozen_array(o.xy_px + rng.normal(0.0, sd_px, o.xy_px.shape)))
    if isinstance(o, ImuSample):
        x, y, z = (o.acc_m_s2 + rng.normal(0.0, 0.02, 3)).tolist()
        return replace(o, acc_m_s2=(x, y, z))
    return o


def _lost(
    stream: list[Observation], length_s: float, rng: np.random.Generator
) -> list[Observation]:
    """The camera or one sensor is lost for a while; ticks take the place of frames."""
    from_s = float(rng.uniform(0.0, length_s))
    until_s = from_s + float(10.0 ** rng.uniform(-1.0, 1.3))
    lost = [None, *SEGMENTS][int(rng.integers(3))]
    out: list[Observation] = []
    for o in stream:
        gone = from_s <= o.t_s < until_s and (
            isinstance(o, LandmarkFrame) if lost is None else getattr(o, "segment", None) is lost
        )
        if not gone:
            out.append(o)
        elif isinstance(o, LandmarkFrame):
            out.append(Tick(o.t_s))
    return out


def _damaged(o: Observation, rng: np.random.Generator) -> Observation:
    """Now and then landmarks are missing, unsure, wild or not finite; a sample is not finite."""
    if isinstance(o, ImuSample):
        return replace(o, acc_m_s2=(np.nan, 0.0, 9.8)) if rng.random() < 1e-3 else o
    if not isinstance(o, LandmarkFrame) or rng.random() > 0.2:
        return o
    kind = rng.integers(5)
    some = rng.random(len(o.present)) < rng.random()
    if kind == 0:
        return replace(o, present=frozen_array(o.present & ~some, dtype="bool"))
    if kind == 1:
        return replace(o, visibility=frozen_array(np.where(some, rng.random(), o.visibility)))
    xy = o.xy_px.copy()
    if kind == 2:
        xy[some] = np.nan
    elif kind == 3:
        xy[some] += rng.normal(0.0, 10.0 ** rng.uniform(0.0, 3.0), (int(some.sum()), 2))
    else:
        return replace(o, image_z_px=frozen_array(o.image_z_px * rng.normal(1.0, 3.0)))
    return replace(o, xy_px=frozen_array(xy))


def least_eigenvalue(covariance: np.ndarray) -> float:
    """Of the correlation matrix; minus infinity where a variance is not above zero."""
    variances = covariance.diagonal()
    if not (variances > 0.0).all():
        return -np.inf
    scale = 1.0 / np.sqrt(variances)
    return float(np.linalg.eigvalsh(covariance * scale[:, None] * scale)[0])


def marked_eigenvalue(state: estimator.State, mark: SessionMark) -> float:
    """Least of the estimate and a mark together; about 0 right after it, when it is the estimate's
    own pose once more."""
    pose = mark.pose
    return least_eigenvalue(
        np.block([[state.covariance, pose.shared], [pose.shared.T, pose.covariance]])
    )


def looked(tally: Tally, state: estimator.State, told: BodyState, prior_sd: np.ndarray) -> Tally:
    """The tally after a look at one frame's estimate. `prior_sd` (n,) at the start."""
    p = state.covariance
    if not (np.isfinite(p).all() and np.isfinite(state.mean).all()):
        return replace(tally, looks=tally.looks + 1, not_finite=tally.not_finite + 1)
    least, sd = least_eigenvalue(p), np.sqrt(np.maximum(p.diagonal(), 0.0))
    symmetric = np.array_equal(p, p.T)
    marked = min((marked_eigenvalue(state, m) for m in state.marks), default=np.inf)
    return replace(
        tally,
        looks=tally.looks + 1,
        not_symmetric=tally.not_symmetric + (not symmetric),
        smallest=min(least, tally.smallest),
        smallest_at=tally.frames if least < tally.smallest else tally.smallest_at,
        told_smallest=min(float(np.linalg.eigvalsh(told.covariance_rad2)[0]), tally.told_smallest),
        marked_smallest=min(marked, tally.marked_smallest),
        least_sd=min(float(sd.min()), tally.least_sd),
        largest_joint_sd_ratio=max(
            float((sd / prior_sd)[:JOINT_COUNT].max()), tally.largest_joint_sd_ratio
        ),
        indefinite=tally.indefinite + (not least > 0.0),
    )


def watched(films: list[Film], *, every: int, begun: Progress | None = None) -> Iterator[Progress]:
    """Minute after minute of the endless session, each as it stands after its end."""
    streams: tuple[Stream, ...] = tuple(films[0].streams[s] for s in (View.LEFT, *SEGMENTS))
    posture = Posture.HALF_KNEELING
    params = estimator.Params(streams, posture, posture_mean_rad(posture))
    prior_sd = np.sqrt(params.model.first.diagonal())
    now = begun or Progress(0, 0.0, estimator.start(params), Tally())
    while True:
        state, tally, last_s = now.state, now.tally, now.begins_s
        for observation in minute(films, now.minute, now.begins_s):
            state, out = estimator.step(params, state, observation)
            last_s = max(last_s, state.time_s or 0.0)
            tally = replace(tally, rejections=tally.rejections + len(out.rejections))
            if out.state is None:
                continue
            tally = replace(tally, frames=tally.frames + 1)
            if tally.frames % every == 0:
                tally = looked(tally, state, out.state, prior_sd)
        begins_s = last_s + _pause_s(now.minute)
        now = Progress(now.minute + 1, begins_s, state, tally)
        yield now


def told(now: Progress) -> str:
    t = now.tally
    rows = (
        ("frames", f"{t.frames:,}"),
        ("hours of session", f"{now.begins_s / 3600.0:.1f}"),
        ("inputs turned away", f"{t.rejections:,}"),
        ("looks at the covariance", f"{t.looks:,}"),
        ("not finite", f"{t.not_finite}"),
        ("not exactly symmetric", f"{t.not_symmetric}"),
        ("not positive definite", f"{t.indefinite}"),
        ("smallest eigenvalue of the correlation", f"{t.smallest:.3g} (frame {t.smallest_at:,})"),
        ("the same, with a mark", f"{t.marked_smallest:.3g}"),
        ("smallest eigenvalue of what is told, rad^2", f"{t.told_smallest:.3g}"),
        ("least sd of any variable (m, rad)", f"{t.least_sd:.3g}"),
        ("largest sd of a joint against its prior", f"{t.largest_joint_sd_ratio:.3g}"),
    )
    return "\n".join(f"{name:<46}{value}" for name, value in rows)


def fine(tally: Tally) -> bool:
    """A mark is a copy of a pose, so that the least eigenvalue with it is zero but for rounding."""
    return (
        tally.not_finite + tally.not_symmetric + tally.indefinite == 0
        and tally.marked_smallest > -1e-9
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=25, help="frames between two looks")
    parser.add_argument("--state", type=Path, help="where to keep how far it came, and go on from")
    options = parser.parse_args()
    begun = None
    if options.state is not None and options.state.exists():
        begun = decode(options.state.read_bytes(), Progress)
        print(f"going on from frame {begun.tally.frames:,}", flush=True)
    next_s = time.monotonic() + _TELL_EVERY_S
    for now in watched(filmed(), every=options.every, begun=begun):
        if options.state is not None:
            part = options.state.with_suffix(".part")
            part.write_bytes(encode(now))
            part.replace(options.state)
        if now.tally.frames >= options.frames:
            break
        if time.monotonic() >= next_s:
            next_s += _TELL_EVERY_S
            t = now.tally
            print(f"{t.frames:,} frames, smallest eigenvalue {t.smallest:.3g}", flush=True)
    print(told(now))
    return 0 if fine(now.tally) else 1


if __name__ == "__main__":
    sys.exit(main())
