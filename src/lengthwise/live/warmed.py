"""Imported by the nursery alone (`live/nursery.py`): everything that a room uses is loaded, and
then held still, so that its pages stay in memory once for all processes that are forked off.
"""

import gc
import tempfile
import traceback
from pathlib import Path

from msgspec.structs import replace

import lengthwise.live.rooms  # noqa: F401 - what is forked off begins there
from lengthwise.contracts.coordinates import Side
from lengthwise.live.compiled_code import keep_only_what_runs
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.memory import give_back, let_go_of_code
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan

_PLAN = Plan(
    "half_kneeling_hip_flexor", Side.LEFT, seed=1, sensors="camera", duration_s=4.0, stand_s=1.0
)


def warm() -> None:
    """A few seconds of a simulated session of the generic body, up to its report."""
    led = Led(_PLAN)
    with tempfile.TemporaryDirectory() as folder:
        request = Rehearsal(_PLAN, Path(folder), calibrated=False)
        started = rehearsal_started(request, led.recording)
        started = replace(started, config=replace(started.config, height_m=None))
        params = pipeline_params(started)
        learnt = LearningTaken(params)
        with SessionOutputs(Path(folder), started, params.anatomy, learnt=learnt) as outputs:
            for event in session_events(params, led.observations(), watch=learnt.watch):
                led.hear(event)
                outputs.take(event)
            outputs.finish()


keep_only_what_runs()
try:
    warm()
except Exception as cause:  # noqa: BLE001 - without it all is slower at first, and the same
    traceback.print_exception(cause)
give_back()
let_go_of_code()
# The collector writes to all that it looks at: at what is here now it looks no more.
gc.freeze()
