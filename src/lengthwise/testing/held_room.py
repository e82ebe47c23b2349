"""The process of rooms, in which a band may pull as soon as a session is there: whoever has just
begun counts as held below the middle of the window. A pause, a stop and the end are the coach's.
"""

from multiprocessing.connection import Connection

from msgspec.structs import replace

from lengthwise.coach.limits.actions import FREE
from lengthwise.coach.state import Sighting
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.live import driving, params, pipeline, rooms

CAP_N = 60.0
_TARGET = (MuscleGroup.HAMSTRINGS, Side.LEFT)
_BELOW = Estimate(0.5, 0.02)


def work(end: Connection) -> None:
    vars(params)["driving_params"], vars(pipeline)["_led"] = _driven, _led
    rooms.work(end)


def _driven(*_: object) -> driving.Params:
    side = driving.SideDrive(None, (), (_TARGET,), Window(*_TARGET))
    return driving.Params("band", CAP_N, (side,))


def _led(given: pipeline.Params, state: pipeline.State, output: pipeline.Output) -> pipeline.State:
    coached, driven = state.coach, state.driven
    if given.driven is None or coached is None or driven is None or coached.t_s is None:
        return state
    if coached.phase is Phase.GET_READY:
        coached = replace(
            coached, phase=Phase.HOLD, sighting=Sighting(calibrated=True, settled=True)
        )
    led = driving.led(given.driven, driven, coached, FREE, tissue=None)
    return replace(state, driven=replace(led, position=_BELOW, position_s=coached.t_s))
