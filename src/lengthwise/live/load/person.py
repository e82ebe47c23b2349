"""A simulated person as a page would send it, drawn before the run so that drawing costs nothing in
it.

Coach and person answer each other while it is drawn. The same person before the same coach does the
same again, so a server that is brought these images leads the exercise that was drawn.
"""

from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame, PersonSignal, SignalKind
from lengthwise.contracts.session import ObservationLogged, SessionStarted
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan

EXERCISE = "half_kneeling_hip_flexor"
WHOLE_S = 600.0
"""Longer than anybody takes for the whole exercise on both sides."""


class Step(Struct, frozen=True):
    """One message: an image's landmarks, or a word where `word` is set. `t_s` since the first."""

    t_s: float
    values: bytes = b""
    word: SignalKind | None = None
    value: float | None = None


class Drawn(Struct, frozen=True):
    """A person and everything that their page sends."""

    exercise_id: str
    height_m: float
    width_px: int
    height_px: int
    steps: tuple[Step, ...]


def drawn(seed: int, *, seconds: float = WHOLE_S, exercise_id: str = EXERCISE) -> Drawn:
    """Somebody of this seed who does the exercise on both sides, or its first `seconds`."""
    led, started = rehearsed(seed, seconds, exercise_id)
    steps = []
    for event in session_events(pipeline_params(started), led.observations()):
        led.hear(event)
        if isinstance(event, ObservationLogged):
            seen = event.observation
            if isinstance(seen, LandmarkFrame):
                steps.append(Step(seen.t_s, table(seen)))
            elif isinstance(seen, PersonSignal):
                steps.append(Step(seen.t_s, word=seen.kind, value=seen.value))
    camera = led.recording.camera
    assert camera is not None, "the plan has one"
    return Drawn(
        exercise_id,
        led.recording.traits.height_m,
        camera.image_width_px,
        camera.image_height_px,
        tuple(steps),
    )


def rehearsed(seed: int, seconds: float, exercise_id: str = EXERCISE) -> tuple[Led, SessionStarted]:
    """The person before the coach, and what such a session begins with."""
    plan = Plan(
        exercise_id,
        Side.LEFT,
        seed=seed,
        sensors="camera",
        duration_s=seconds,
        stand_s=1.0,
        both_sides=True,
    )
    led = Led(plan)
    return led, rehearsal_started(Rehearsal(plan, Path(), calibrated=False), led.recording)


def table(frame: LandmarkFrame) -> bytes:
    """A frame as `contracts.wire.Landmarks` carries it."""
    world = np.zeros((33, 3)) if frame.world_m is None else frame.world_m
    columns = [frame.xy_px, frame.image_z_px[:, None], frame.visibility[:, None], world]
    values = np.where(frame.present[:, None], np.hstack(columns), np.nan)
    return values.astype("<f4").tobytes()
