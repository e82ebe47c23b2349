"""Use case: speed of each station, each beside a peer or a limit in the same run."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise import __version__
from lengthwise.body import estimator
from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy
from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.observation import LandmarkFrame, Observation, PersonSignal, Rejection
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, SessionConfig, SessionStarted
from lengthwise.contracts.states import BodyState
from lengthwise.live import (
    bench_body,
    bench_coach,
    bench_memory,
    bench_opensim,
    bench_peer,
    bench_plan,
    bench_serve,
    pipeline,
    sequencer,
)
from lengthwise.live.bench_muscles import WITHOUT_OPENSIM, bench_muscles
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan, SimulatedRecording
from lengthwise.tissue import engine

EXERCISE = "half_kneeling_hip_flexor"
SIMULATED_S = 20.0
HELP_LIMIT_S = 0.5

_MUSCLES = ("muscles.lengths.frame", "muscles.moment_arms.frame", "muscles.lengths.batch")
_MEMORY = ("muscles.memory",)
_BODY = "body.step"
_STEPS = ("body.step_imu4", "body.imu_sample", "tissue.step", "coach.step", "live.latency")
_STATIONS = (*_STEPS, "tissue.memory", "live.reanalysis")
_COACH = ("coach.each_exercise", "coach.slowest_exercise")
_PLAN = ("plan.week", "plan.decision", "plan.adapt", "plan.window")
_CLI = ("cli.help",)
_SERVE = ("serve.answer", "serve.memory")
NAMES = (*_MUSCLES, *_MEMORY, _BODY, *_STATIONS, *_COACH, *_PLAN, *_CLI, *_SERVE)
"""Every figure, in the order in which they are measured."""


class BenchResult(Struct, frozen=True):
    """`against`: peer's time divided by ours; above 1 we are faster."""

    name: str
    median: float
    p99: float
    unit: str
    against: dict[str, float] = {}


def run(only: str = "") -> list[BenchResult]:
    """Every figure whose name begins with `only`, in seconds unless the unit says otherwise.

    Raises InputError where no name begins so.
    """
    groups: tuple[tuple[tuple[str, ...], Callable[[], Iterable[BenchResult]]], ...] = (
        (_MUSCLES, _muscles),
        (_MEMORY, _kernel_memory),
        ((_BODY,), _body),
        (_STATIONS, _stations),
        (_COACH, _each_exercise),
        (_PLAN, _plan),
        (_CLI, _start_up),
        (_SERVE, _served),
    )
    found: list[BenchResult] = []
    for names, measure in groups:
        if any(name.startswith(only) for name in names):
            found += [r for r in measure() if r.name.startswith(only)]
    if not found and any(name.startswith(only) for name in _SERVE):
        raise MissingPartError(
            "the built page", needed_for="its figures", remedy="build it with: make setup"
        )
    if not found:
        raise InputError(
            "--only", value=only, allowed=", ".join(NAMES), remedy="give the beginning of one"
        )
    return found


def _muscles() -> Iterable[BenchResult]:
    return [BenchResult(**row) for row in bench_muscles()]


def _kernel_memory() -> Iterator[BenchResult]:
    """Muscle lengths with moment arms, one random pose after the other."""
    anatomy, rng = Anatomy.build(), np.random.default_rng(1)
    poses_rad = rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (1000, len(VALID_LOW_RAD)))
    yield _growth(
        _MEMORY[0],
        lambda i: anatomy.lengths_and_moment_arms(poses_rad[i % len(poses_rad)]),
        bench_memory.KERNEL_FRAMES,
    )


def _body() -> Iterator[BenchResult]:
    """The estimate with a camera and two inertial sensors."""
    speed = bench_body.body_speed(SIMULATED_S)
    yield _result(_BODY, speed.ours_s.tolist(), speed.against())


def missing_peers(results: Iterable[BenchResult]) -> list[str]:
    """One line for each peer that a figure could have had and that is not installed."""
    names = {r.name for r in results}
    out = [] if bench_serve.page_is_built() else [bench_serve.WITHOUT_PAGE]
    if _BODY in names and not bench_peer.installed():
        out.append(bench_body.WITHOUT_PEER)
    if _MUSCLES[0] in names and not bench_opensim.installed():
        out.append(WITHOUT_OPENSIM)
    return out


def _result(
    name: str, seconds: list[float], against: dict[str, float] | None = None
) -> BenchResult:
    median, p99 = np.percentile(seconds, [50, 99])
    return BenchResult(name, float(median), float(p99), "s", against or {})


def _growth(name: str, call: Callable[[int], object], frames: int) -> BenchResult:
    median, p99 = np.percentile(bench_memory.growth_bytes(call, frames), [50, 99])
    return BenchResult(name, float(median), float(p99), "B/frame")


def _stations() -> Iterator[BenchResult]:
    """A simulated lunge, camera and four inertial sensors, through each step."""
    plan = Plan(EXERCISE, Side.LEFT, seed=1, sensors="camera+imu4", duration_s=SIMULATED_S)
    recording = SimulatedRecording(plan)
    started = SessionStarted(
        LOG_VERSION,
        "bench",
        "1970-01-01T00:00:00Z",
        f"lengthwise {__version__}",
        SessionConfig(exercise_id=EXERCISE, side=Side.LEFT, zero_s=(0.5, plan.stand_s)),
        recording.header,
        Person("bench", simulated=True),
    )
    params = pipeline_params(started)
    seen = _delivered(recording.read())
    times = _Stopwatch(params)
    for observation in seen:
        times.take(observation)
    for name, seconds in times.seconds.items():
        yield _result(name, seconds)
    yield _growth("tissue.memory", times.tissue_again, bench_memory.TISSUE_STEPS)
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        SessionOutputs(Path(folder), started, params.anatomy) as outputs,
    ):
        for event in session_events(params, seen):
            outputs.take(event)
    speed = SIMULATED_S / (time.perf_counter() - begun)
    yield BenchResult("live.reanalysis", speed, speed, "x real time", {"real_time": speed})


def _delivered(items: Iterable[Observation | Rejection]) -> list[Observation]:
    state, out = sequencer.start(), []
    for item in items:
        if not isinstance(item, Rejection):
            state, due = sequencer.step(state, item, lag_s=0.0)
            out += [d for d in due if not isinstance(d, Rejection)]
    return out


class _Stopwatch:
    """Runs the pipeline's steps one by one and keeps what each took."""

    def __init__(self, params: pipeline.Params) -> None:
        assert params.coach is not None, "the bench coaches an exercise"
        self._params, self._coach_params = params, params.coach
        self._body = estimator.start(params.body)
        self._tissue = engine.start(params.tissue)
        self._coach = coach.start(params.coach)
        self._seen: list[BodyState] = []
        self.seconds: dict[str, list[float]] = {name: [] for name in _STEPS}

    def tissue_again(self, i: int) -> None:
        """One more tissue step, over the body states that were seen."""
        body = self._seen[i % len(self._seen)]
        self._tissue, _ = engine.step(self._params.tissue, self._tissue, body)

    def take(self, observation: Observation) -> None:
        """`live.latency` is from a camera frame in hand to the coach's decision."""
        if isinstance(observation, PersonSignal):
            return
        begun = time.perf_counter()
        self._body, seen = estimator.step(self._params.body, self._body, observation)
        after_body = time.perf_counter()
        if seen.state is None:
            self.seconds["body.imu_sample"].append(after_body - begun)
            return
        self._tissue, tissue = engine.step(self._params.tissue, self._tissue, seen.state)
        assert tissue is not None
        after_tissue = time.perf_counter()
        frame = coach.CoachFrame(seen.state, tissue)
        self._coach, _ = coach.step(self._coach_params, self._coach, frame)
        after_coach = time.perf_counter()
        if isinstance(observation, LandmarkFrame):
            self._seen.append(seen.state)
            self.seconds["body.step_imu4"].append(after_body - begun)
            self.seconds["tissue.step"].append(after_tissue - after_body)
            self.seconds["coach.step"].append(after_coach - after_tissue)
            self.seconds["live.latency"].append(after_coach - begun)


def _each_exercise() -> Iterator[BenchResult]:
    """The coach alone: frames of all exercises together, and of the one that takes longest."""
    seconds = bench_coach.each_exercise()
    yield _result(_COACH[0], [taken for each in seconds.values() for taken in each])
    yield _result(_COACH[1], bench_coach.slowest(seconds))


def _plan() -> Iterator[BenchResult]:
    """A week of one person, and what is decided of a day."""
    for name, seconds, limit_s in (
        (_PLAN[0], bench_plan.weeks(), bench_plan.WEEK_LIMIT_S),
        (_PLAN[1], bench_plan.decisions(), bench_plan.DECISION_LIMIT_S),
        (_PLAN[2], bench_plan.adaptations(), bench_plan.DECISION_LIMIT_S),
        (_PLAN[3], bench_plan.predictions(), bench_plan.DECISION_LIMIT_S),
    ):
        against = {
            "limit": limit_s / float(np.median(seconds)),
            "limit_p99": limit_s / float(np.percentile(seconds, 99)),
        }
        yield _result(name, seconds, against)


def _start_up() -> Iterator[BenchResult]:
    """`lengthwise --help` as a whole process."""
    seconds = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "lengthwise.cli.main", "--help"], check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - begun)
    yield _result("cli.help", seconds, {"limit": HELP_LIMIT_S / float(np.median(seconds))})


def _served() -> Iterator[BenchResult]:
    """The real server before one simulated person; without what tells of memory, of time alone,
    and without the page, nothing."""
    if not bench_serve.page_is_built():
        return
    found = bench_serve.served()
    yield BenchResult(_SERVE[0], *found.answer_s, "s", found.against_time())
    if found.memory_mb is not None:
        memory_mb = found.memory_mb
        yield BenchResult(_SERVE[1], memory_mb, memory_mb, "MB", found.against_memory())
