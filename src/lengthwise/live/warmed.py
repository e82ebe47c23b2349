"""Imported by the nursery alone (`live/nursery.py`): everything that a room uses is loaded, and
then held still, so that its pages stay in memory once for all processes that are forked off.
"""

import gc
import os
import tempfile
import traceback
from pathlib import Path

from msgspec import Struct

import lengthwise.live.report_drawn
import lengthwise.live.rooms  # noqa: F401 - what is forked off begins there
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.observation import Observation
from lengthwise.contracts.session import SessionStarted
from lengthwise.live.compiled_code import keep_only_what_runs
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.memory import give_back, keep_no_meshes, let_go_of_code
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events


class _Simulated(Struct, frozen=True):
    started: SessionStarted
    observations: tuple[Observation, ...]


def warm() -> None:
    """A few seconds of a simulated session of the generic body, up to its report."""
    simulated = _simulated()
    with tempfile.TemporaryDirectory() as folder:
        params = pipeline_params(simulated.started)
        learnt = LearningTaken(params)
        with SessionOutputs(
            Path(folder), simulated.started, params.anatomy, learnt=learnt
        ) as outputs:
            for event in session_events(params, iter(simulated.observations), watch=learnt.watch):
                outputs.take(event)
            outputs.finish()


def _simulated() -> _Simulated:
    """Drawn in a process that ends: no room needs what a person is simulated with."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as told:
                told.write(encode(_drawn()))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as heard:
        raw = heard.read()
    os.wait()
    return decode(raw, _Simulated)


def _drawn() -> _Simulated:
    from msgspec.structs import replace

    from lengthwise.contracts.coordinates import Side
    from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
    from lengthwise.sim.recording import Plan, SimulatedRecording

    plan = Plan(
        "half_kneeling_hip_flexor",
        Side.LEFT,
        seed=1,
        sensors="camera",
        duration_s=4.0,
        stand_s=1.0,
    )
    recording = SimulatedRecording(plan, guide=lambda _t_s: None)
    started = rehearsal_started(Rehearsal(plan, Path(), calibrated=False), recording)
    started = replace(started, config=replace(started.config, height_m=None))
    return _Simulated(started, tuple(recording.read()))


keep_only_what_runs()
keep_no_meshes()
try:
    warm()
except Exception as cause:  # noqa: BLE001 - without it all is slower at first, and the same
    traceback.print_exception(cause)
give_back()
let_go_of_code()
# The collector writes to all that it looks at: at what is here now it looks no more.
gc.freeze()
