"""Use case: build on this machine what is not shipped: pose models, demo video, anatomy tables."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

import lengthwise
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.errors import LengthwiseError, StorageError
from lengthwise.contracts.home import ENVIRONMENT_NAME

if TYPE_CHECKING:
    from lengthwise.body.anatomy import Anatomy


class SetupStep(Struct, frozen=True):
    """`problem` is empty when the part is ready."""

    name: str
    problem: str = ""


def prepare(home: Path, *, say: Callable[[str], None]) -> list[SetupStep]:
    """Do every step that can be done; one that cannot leaves its reason and stops nothing.

    Raises StorageError where nothing can be kept in `home`.
    """
    _check_writable(home)
    from lengthwise.body.anatomy import Anatomy
    from lengthwise.live.body_pack import body_pack
    from lengthwise.live.params import range_bounds
    from lengthwise.live.plan_effects import effects_table
    from lengthwise.sensing.demo_video import demo_video
    from lengthwise.sensing.pose_models import build_pose_models

    steps = []
    try:
        build_pose_models(home / "models", progress=say)
        steps.append(SetupStep("pose models"))
    except LengthwiseError as known:
        steps.append(SetupStep("pose models", str(known)))
    except OSError as cause:
        steps.append(SetupStep("pose models", f"{cause.filename}: {cause.strerror}"))
    path, reason = demo_video(home)
    steps.append(SetupStep("demo video", "" if path else reason))
    package = Path(lengthwise.__file__).parent
    # Before anything compiled runs: what this process holds already is not written again.
    forget_outdated(package, package / "reference" / "constants_data")
    say("anatomy: compiling muscle lengths, shortest and longest length of each muscle")
    anatomy = Anatomy.build()
    anatomy.lengths_and_moment_arms(np.zeros(len(ANATOMICAL)))
    anatomy.lengths_m(np.zeros(len(ANATOMICAL)))
    range_bounds(anatomy, home)
    body_pack(home)
    effects_table(home)
    steps.append(SetupStep("anatomy tables"))
    say("body estimate: compiling its steps")
    _compile_steps()
    say("tissue: compiling load, nerve and tension")
    _compile_tissue(anatomy, home)
    say("session: compiling what a whole one meets, up to its report")
    compile_sessions()
    steps.append(SetupStep("compiled steps"))
    return steps


def forget_outdated(compiled: Path, constants: Path) -> int:
    """Remove compiled steps in the folder `compiled` that are older than a file of `constants` or a
    compiled source there; returns how many.

    The compiler looks at a step's own file only, but has constants and the steps it calls built in.
    """
    sources = [f for f in compiled.rglob("*.py") if "\n@njit" in f.read_text(encoding="utf-8")]
    ground = [*constants.glob("*.toml"), *sources]
    newest_s = max((file.stat().st_mtime for file in ground), default=0.0)
    outdated = [f for f in compiled.rglob("*.nb[ic]") if f.stat().st_mtime <= newest_s]
    for file in outdated:
        with suppress(OSError):
            file.unlink()
    return len(outdated)


def _compile_steps() -> None:
    """Run a moment of a simulated session, so that nobody waits for a compiler afterwards."""
    from lengthwise.body import estimator
    from lengthwise.contracts.coordinates import Side
    from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind, Tick
    from lengthwise.reference.postures import posture_mean_rad
    from lengthwise.sim.recording import Plan, SimulatedRecording

    moments = (
        ("standing_side_bend", "front+sacrum", Posture.STANDING, (0.0, 0.2)),
        ("standing_side_bend", "imu4", Posture.STANDING, (0.0, 0.2)),
        # Nobody stands first, and the pelvis goes with the legs.
        ("supine_hamstring", "camera+sacrum", Posture.SUPINE, None),
    )
    for exercise_id, sensors, posture, zero_s in moments:
        stand_s = 0.0 if zero_s is None else 4.0
        plan = Plan(exercise_id, Side.LEFT, 0, sensors, duration_s=0.5, stand_s=stand_s)
        recording = SimulatedRecording(plan)
        params = estimator.Params(
            recording.header.streams, posture, posture_mean_rad(posture), zero_s=zero_s
        )
        state = estimator.start(params)
        for observation in recording.read():
            if observation.t_s > 0.3:
                mark = PersonSignal(observation.t_s, SignalKind.FIRST_RESISTANCE)
                state, _ = estimator.step(params, state, mark)
            state, _ = estimator.step(params, state, observation)
            state, _ = estimator.step(params, state, Tick(observation.t_s))


def _compile_tissue(anatomy: "Anatomy", home: Path) -> None:
    """A few frames of a leg raise, marked on the way, with everything that a frame can hold."""
    from lengthwise.contracts.codec import frozen_array
    from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
    from lengthwise.contracts.muscles import MuscleGroup
    from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind
    from lengthwise.contracts.person import Mark, MarkKind
    from lengthwise.contracts.states import BodyState, Estimate, MarkedPose, Unseen
    from lengthwise.live.params import personal_tension, range_bounds
    from lengthwise.reference.exercises import exercise
    from lengthwise.tissue import engine
    from lengthwise.tissue.lumbar_load import LoadParams
    from lengthwise.tissue.nerve import NerveParams

    bounds, size = range_bounds(anatomy, home), len(ANATOMICAL)
    muscle, before = (MuscleGroup.HAMSTRINGS, Side.LEFT), "1970-01-01T00:00:00Z"
    params = engine.Params(
        anatomy=anatomy,
        bounds=bounds,
        exercise=exercise("supine_hamstring"),
        marks=(
            Mark(muscle[0], Side.RIGHT, MarkKind.FIRST_RESISTANCE, 0.36, 0.005, 0.3, before, ""),
            Mark(muscle[0], Side.RIGHT, MarkKind.TOLERANCE, 0.40, 0.005, 0.3, before, ""),
        ),
        load=LoadParams.of(anatomy, body_mass_kg=Estimate(70.0, 5.0), posture=Posture.STANDING),
        nerve=NerveParams.of(anatomy),
        relaxing=personal_tension(anatomy, (), home),
    )
    state, marks = engine.start(params), tuple[MarkedPose, ...]()
    covariance_rad2 = frozen_array(1e-4 * np.eye(len(COORDINATES)))
    own_rad2 = frozen_array(covariance_rad2[:size, :size])
    for t_s, kind in enumerate((SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE, None)):
        mean_rad = np.zeros(len(COORDINATES))
        mean_rad[INDEX[Coordinate.HIP_FLEXION_L]] = mean_rad[INDEX[Coordinate.KNEE_FLEXION_L]] = (
            0.5 * (t_s + 1)
        )
        pose_rad = frozen_array(mean_rad)
        unseen = (Unseen.CLAIMED,) * len(COORDINATES)
        body = BodyState(float(t_s), pose_rad, covariance_rad2, unseen, 1.0, marks)
        state, _ = engine.step(params, state, body)
        if kind is not None:
            signal = PersonSignal(float(t_s), kind, (muscle,))
            state, _ = engine.step(params, state, signal)
            earlier_rad2 = frozen_array(np.zeros((len(marks), size, size)))
            marks = (
                *marks,
                MarkedPose(
                    signal.t_s, kind, signal.targets, frozen_array(pose_rad[:size]),
                    own_rad2, frozen_array(np.zeros((size, size))), earlier_rad2,
                ),
            )  # fmt: skip


LED = (("supine_hamstring", "camera", 14.0), ("figure_four", "camera", 12.0))
"""Exercise, sensors and seconds of simulated sessions that compile what moments above do not meet:
lying down out of sight, a pose that is lost and comes back, holds, a report."""


def compile_sessions() -> None:
    """Else it is compiled in the middle of somebody's first one, which stands still for seconds."""
    from lengthwise.contracts.coordinates import Side
    from lengthwise.live.learning_taken import LearningTaken
    from lengthwise.live.outputs import SessionOutputs
    from lengthwise.live.params import pipeline_params
    from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
    from lengthwise.live.session import session_events
    from lengthwise.sim.recording import Plan, SimulatedRecording

    for exercise_id, sensors, seconds in LED:
        plan = Plan(exercise_id, Side.LEFT, 0, sensors, duration_s=seconds)
        recording = SimulatedRecording(plan)
        started = rehearsal_started(Rehearsal(plan, Path(), calibrated=False), recording)
        params = pipeline_params(started)
        learnt = LearningTaken(params)
        with (
            tempfile.TemporaryDirectory() as folder,
            SessionOutputs(Path(folder), started, params.anatomy, learnt=learnt) as outputs,
        ):
            for event in session_events(params, recording.read(), watch=learnt.watch):
                outputs.take(event)
            outputs.finish()


def _check_writable(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as cause:
        raise StorageError(
            f"setup in {home}",
            cause=cause.strerror or str(cause),
            remedy=f"set {ENVIRONMENT_NAME} to a folder that can be written to",
        ) from cause
