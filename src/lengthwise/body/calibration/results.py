"""What a calibration has found and what it has not, with the reason, as it stands."""

from math import radians

from lengthwise.body.calibration import handedness, hip_gain, lengths, worn_check
from lengthwise.body.calibration.asks import MOTIONS, Ask
from lengthwise.body.calibration.machine import Params, State
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.body.camera_names import camera_setup_name, pose_model_name
from lengthwise.contracts.observation import Segment, View
from lengthwise.contracts.person import FindingKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_LEAST_SEEN_S, _SEEN_RATIO = 0.5, 0.5
_LEAST_LINE_FRAMES = 20
_STANDING_RAD = radians(constant("body", "zero_standing_sd_deg"))


def results(params: Params, state: State) -> tuple[Result, ...]:
    """What was found and what was not, as it stands; complete once DONE is asked."""
    found = [_zero_result(params, state)]
    if params.camera is not None:
        found += [_mirrored_result(params, state), *_length_results(params, state)]
    if Ask.TIP_PELVIS in params.asks:
        found.append(_gain_result(params, state))
    return (*found, *_worn_results(params, state))


def _zero_result(params: Params, state: State) -> Result:
    if state.zero.done:
        return Result(None, Outcome.FOUND, Estimate(0.0, _STANDING_RAD))
    nobody = params.camera is not None and state.seen == 0
    return Result(None, Outcome.NOBODY_SEEN if nobody else Outcome.NOT_STILL)


def _mirrored_result(params: Params, state: State) -> Result:
    assert params.camera is not None
    setup = camera_setup_name(params.camera.stream)
    watch, kind = state.hand, FindingKind.MIRRORED
    asked_s = dict(state.took_s).get(Ask.RAISE_RIGHT_HAND, 0.0)
    if handedness.shown(watch):
        return Result(kind, Outcome.FOUND, handedness.mirrored(watch), setup)
    for is_so, outcome in (
        (handedness.both_raised(watch), Outcome.BOTH_HANDS),
        (handedness.changed_hands(watch), Outcome.HANDS_CHANGED),
        (watch.seen_s < max(_LEAST_SEEN_S, _SEEN_RATIO * asked_s), Outcome.NOBODY_SEEN),
    ):
        if is_so:
            return Result(kind, outcome, setup=setup)
    return Result(kind, Outcome.HAND_NOT_RAISED, setup=setup)


def _length_results(params: Params, state: State) -> list[Result]:
    assert params.camera is not None
    setup = pose_model_name(params.camera.stream)
    outcome = None
    if state.seen == 0:
        outcome = Outcome.NOBODY_SEEN
    elif params.height_m is None:
        outcome = Outcome.HEIGHT_NOT_KNOWN
    elif not state.zero.done:
        outcome = Outcome.NOT_STILL
    elif state.view not in (View.FRONT, View.BACK):
        outcome = Outcome.NOT_FACING
    elif not lengths.enough(state.look):
        outcome = Outcome.POINTS_HIDDEN
    if outcome is not None or params.height_m is None:
        return [Result(kind, outcome or Outcome.NOT_STILL, setup=setup) for kind in lengths.LENGTHS]
    seen = lengths.lengths(
        state.look,
        height_m=params.height_m,
        noise_ratio=params.camera.noise_ratio,
        focal_px=params.focal_px,
    )
    return [Result(kind, Outcome.FOUND, seen[kind], setup) for kind in lengths.LENGTHS]


def _gain_result(params: Params, state: State) -> Result:
    assert params.camera is not None
    kind, setup = FindingKind.HIP_LINE_GAIN, pose_model_name(params.camera.stream)
    sign = _mirror_sign(params, state)
    raw = hip_gain.slope(state.gain)
    pelvis = next(i for i, s in enumerate(params.imus) if s.segment is Segment.PELVIS)
    worn = _worn_results(params, state)[pelvis]
    for is_so, outcome in (
        (not state.zero.done, Outcome.NOT_STILL),
        (state.still_ups[pelvis] is None, Outcome.SENSOR_SILENT),
        (state.imus[pelvis].axes is None, Outcome.POSITION_NOT_STATED),
        (state.gain.frames < _LEAST_LINE_FRAMES, Outcome.LINE_NOT_SEEN),
        (not hip_gain.tipped(state.gain), Outcome.PELVIS_NOT_TIPPED),
        # A gain against a sensor that may sit elsewhere would be no gain.
        (worn.outcome is not Outcome.FOUND, Outcome.SENSOR_NOT_CONFIRMED),
        (hip_gain.against(raw, sign), Outcome.LINE_AGAINST_SENSOR),
    ):
        if is_so:
            return Result(kind, outcome, setup=setup)
    return Result(kind, Outcome.FOUND, hip_gain.gain(raw, sign), setup)


def _mirror_sign(params: Params, state: State) -> float | None:
    """-1 in a mirror image, where the other hip looks raised; None where it is not known."""
    if handedness.shown(state.hand):
        return -1.0 if handedness.mirrored(state.hand).mean >= 0.5 else 1.0
    declared = None if params.camera is None else params.camera.stream.mirrored
    return None if declared is None else -1.0 if declared else 1.0


def _worn_results(params: Params, state: State) -> list[Result]:
    """Every sensor by the motions that were asked for."""
    asked = [at for at, ask in enumerate(MOTIONS) if ask in params.asks]
    bend = MOTIONS.index(Ask.BEND_FORWARD)
    swapped = worn_check.exchanged(params.worn, state.tips[bend])
    found = []
    for i, sensor in enumerate(params.worn):
        tips = {MOTIONS[at]: state.tips[at][i] for at in asked}
        others = [
            worn_check.made(tip) for at in asked for j, tip in enumerate(state.tips[at]) if j != i
        ]
        if not state.zero.done:
            found.append(_not_still(sensor))
            continue
        moved = any(others) or any(state.showed[at] for at in asked)
        found.append(
            worn_check.check(
                sensor,
                state.still_ups[i],
                tips,
                moved=moved,
                exchanged_with=swapped.get(sensor.segment, ()),
            )
        )
    return found


def _not_still(sensor: WornSensor) -> Result:
    return Result(
        FindingKind.WEARING_TURN, Outcome.NOT_STILL, setup=sensor.setup, segment=sensor.segment
    )
