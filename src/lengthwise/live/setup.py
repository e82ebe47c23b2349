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
    from lengthwise.live.params import range_bounds
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
    steps.append(SetupStep("anatomy tables"))
    say("body estimate: compiling its steps")
    _compile_steps()
    say("tissue: compiling load, nerve and tension")
    _compile_tissue(anatomy, home)
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

    for sensors in ("front+sacrum", "imu4"):
        recording = SimulatedRecording(
            Plan("standing_side_bend", Side.LEFT, 0, sensors, duration_s=0.5)
        )
        params = estimator.Params(
            recording.header.streams,
            Posture.STANDING,
            posture_mean_rad(Posture.STANDING),
            zero_s=(0.0, 0.2),
        )
        state = estimator.start(params)
        for observation in recording.read():
            if observation.t_s > 0.3:
                mark = PersonSignal(observation.t_s, SignalKind.FIRST_RESISTANCE)
                state, _ = estimator.step(params, state, mark)
            state, _ = estimator.step(params, state, observation)
            state, _ = estimator.step(params, state, Tick(observation.t_s))


def _compile_tissue(anatomy: "Anatomy", home: Path) -> None:
    from lengthwise.contracts.coordinates import COORDINATES
    from lengthwise.contracts.muscles import GROUP_SIDES
    from lengthwise.contracts.observation import Posture
    from lengthwise.contracts.states import Estimate
    from lengthwise.live.params import personal_tension
    from lengthwise.tissue import relaxation
    from lengthwise.tissue.lumbar_load import LoadParams, lumbar_load
    from lengthwise.tissue.nerve import NerveParams, nerve_strain

    load = LoadParams.of(anatomy, body_mass_kg=Estimate(70.0, 5.0), posture=Posture.STANDING)
    lumbar_load(load, np.zeros(len(COORDINATES)), np.zeros((len(COORDINATES),) * 2))
    sure = np.zeros((len(ANATOMICAL),) * 2)
    nerve = NerveParams.of(anatomy)
    nerve_strain(nerve, np.zeros(len(ANATOMICAL)), sure, ankle_known=(True, True))
    relaxing = personal_tension(anatomy, (), home)
    at_rest, count = relaxing.curves.neutral_m, len(GROUP_SIDES)
    relaxation.step(
        relaxing,
        relaxation.start(),
        at_rest,
        length_sd_m=np.zeros(count),
        known=np.ones(count, dtype=bool),
        dt_s=0.0,
    )


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
