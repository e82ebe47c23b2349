"""Use case: speed of each station, each beside a peer or a limit in the same run."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from msgspec import Struct

from lengthwise import __version__
from lengthwise.body import estimator
from lengthwise.coach import coach
from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame, Observation, Rejection
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionStarted
from lengthwise.contracts.states import BodyState
from lengthwise.live import pipeline, sequencer
from lengthwise.live.bench_muscles import bench_muscles
from lengthwise.live.params import pipeline_params
from lengthwise.sim.recording import SimulatedRecording
from lengthwise.tissue import engine

EXERCISE = "half_kneeling_hip_flexor"
SIMULATED_S = 20.0
HELP_LIMIT_S = 0.5
FRAME_BUDGET_S = 1 / 30


class BenchResult(Struct, frozen=True):
    """`against`: peer's time divided by ours; above 1 we are faster."""

    name: str
    median: float
    p99: float
    unit: str
    against: dict[str, float] = {}


def run(only: str = "") -> list[BenchResult]:
    """Every figure whose name begins with `only`, in seconds unless the unit says otherwise."""
    groups: tuple[tuple[tuple[str, ...], Callable[[], Iterable[BenchResult]]], ...] = (
        (("muscles.",), _muscles),
        (("body.", "tissue.", "coach.", "live."), _stations),
        (("cli.",), _start_up),
    )
    found: list[BenchResult] = []
    for prefixes, measure in groups:
        if any(p.startswith(only) or only.startswith(p) for p in prefixes):
            found += [r for r in measure() if r.name.startswith(only)]
    return found


def _muscles() -> Iterable[BenchResult]:
    return [BenchResult(**row) for row in bench_muscles()]


def _result(name: str, seconds: list[float], against: dict[str, float] | None = None) -> BenchResult:
    median, p99 = np.percentile(seconds, [50, 99])
    return BenchResult(name, float(median), float(p99), "s", against or {})


def _stations() -> Iterator[BenchResult]:
    """A simulated lunge, camera and inertial sensors, through each step."""
    recording = SimulatedRecording(exercise_id=EXERCISE, side=Side.LEFT, seed=1, sensors="side+imu4", duration_s=SIMULATED_S)
    started = SessionStarted(
        LOG_VERSION,
        "bench",
        "1970-01-01T00:00:00Z",
        f"lengthwise {__version__}",
        SessionConfig(exercise_id=EXERCISE, side=Side.LEFT),
        recording.header,
        Person("bench", simulated=True),
    )
    params = pipeline_params(started)
    assert params.coach is not None
    delivered = _delivered(recording.read())
    times = _time_steps(params, delivered)
    for name in ("body.step", "body.imu_sample", "tissue.step", "coach.step"):
        yield _result(name, times[name])
    yield _result("live.latency", times["live.latency"], {"frame_budget": FRAME_BUDGET_S / float(np.median(times["live.latency"]))})
    whole_s = sum(times["live.all"])
    yield BenchResult("live.reanalysis", SIMULATED_S / whole_s, SIMULATED_S / whole_s, "x real time")


def _delivered(items: Iterable[Observation | Rejection]) -> list[Observation]:
    state, out = sequencer.start(), []
    for item in items:
        if not isinstance(item, Rejection):
            state, due = sequencer.step(state, item, lag_s=0.0)
            out += [d for d in due if not isinstance(d, Rejection)]
    return out
