"""One simulated person led by the coach through one hold, with one fault or none, and measured.

The person stands, takes the start pose and is led until the first hold is over, or until some
seconds after the fault has become visible. What the coach said and counted comes from its own
decisions and guidance, what was so from the simulator.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from msgspec import structs

from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading, read
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Guidance, Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import Rejection
from lengthwise.contracts.states import TissueState
from lengthwise.live import pipeline, sequencer
from lengthwise.live.evaluation.coaching_ceiling import sight
from lengthwise.live.evaluation.coaching_least import told_at_once
from lengthwise.live.evaluation.coaching_pieces import (
    Heard,
    Moment,
    Piece,
    Run,
    fault_of,
    times_other_side,
)
from lengthwise.live.evaluation.coaching_score import scored
from lengthwise.live.evaluation.coaching_truth import truth_of
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.wearing import place_for_exercise, position
from lengthwise.sim.recording import Plan, SimulatedRecording

SENSORS = ("camera", "phone", "imus")
"""The camera alone; camera and one phone where the exercise wants it worn; six inertial sensors."""
_SEED_OFFSET = 700_000
_WATCHED_S = 8.0
"""How long a fault is followed after it has become visible."""
_LONGEST_S, _LONGEST_HOLD_S = 150.0, 75.0
_STAND_S = 4.0
_SETTLED_S = 1.0
"""In the start pose, before anybody may be led: nobody listens on the way down."""
_NOT_WHEN_HELD = (Phase.REST, Phase.SWITCH_SIDE, Phase.DONE, Phase.STOPPED)


def run(piece: Piece) -> Run:
    """Led and measured; the same piece always gives the same run."""
    chosen = exercise(piece.exercise_id)
    plan = _plan(piece, chosen)
    heard = Heard()
    recording = SimulatedRecording(plan, guide=lambda _t_s: latest)
    latest: Guidance | None = None
    params = pipeline_params(rehearsal_started(Rehearsal(plan, Path()), recording))
    assert params.coach is not None
    in_place = replace(params.coach, ready_from_s=plan.led_from_s + _SETTLED_S)
    params = replace(params, coach=in_place)
    side_plan = in_place.plans[0]
    state, order = pipeline.start(params), sequencer.start()
    for observation in recording.read():
        order, due = sequencer.step(order, observation, lag_s=0.0)
        for item in due:
            if isinstance(item, Rejection):
                continue
            state, out = pipeline.step(params, state, item)
            heard.decisions += out.decisions
            if out.frame is not None and out.frame.guidance is not None:
                latest = out.frame.guidance
                _follow(heard, params, side_plan, state, out)
        if _over(heard, piece, recording, side_plan, latest):
            break
    return _measured(piece, heard, params, side_plan, recording)


def _plan(piece: Piece, chosen: Exercise) -> Plan:
    fault = None if piece.fault is None else fault_of(chosen, piece.fault)
    return Plan(
        exercise_id=chosen.id,
        side=Side.LEFT,
        seed=_SEED_OFFSET + piece.seed,
        sensors=sensor_words(piece.sensors, chosen),
        duration_s=_LONGEST_S,
        stand_s=_STAND_S,
        faults=() if fault is None else (fault,),
        landmark_white_m=None if piece.noise_mm is None else piece.noise_mm / 1000.0,
    )


def sensor_words(sensors: str, chosen: Exercise) -> str:
    """In the words of `sim.recording`."""
    if sensors == "imus":
        return "imu6"
    if sensors == "camera":
        return "camera"
    worn = position(place_for_exercise(chosen).recommended).segment
    return f"camera+{worn.value}"


def _follow(
    heard: Heard,
    params: pipeline.Params,
    plan: SidePlan,
    state: pipeline.State,
    out: pipeline.Output,
) -> None:
    frame, coached = out.frame, state.coach
    assert frame is not None and frame.guidance is not None and coached is not None
    assert params.coach is not None
    guidance = frame.guidance
    heard.led.append(guidance)
    if guidance.phase is Phase.EASE_IN and heard.phase is not Phase.EASE_IN:
        heard.begun_s = guidance.t_s
    heard.phase = guidance.phase
    if guidance.phase is not Phase.HOLD:
        return
    if heard.hold_s is None:
        heard.hold_s = guidance.t_s
    reading = read(plan, coached.start_pose, frame.body, frame.tissue, params.coach.settings)
    heard.moments.append(
        Moment(
            t_s=guidance.t_s,
            counting=coached.clock.previous or Counting.WAITING,
            keeping=tuple(d.keeping for d in reading.deviations),
            gauge=_gauge(plan, frame.tissue, reading),
            missing=bool(reading.missing),
            sight=sight(plan, reading, coached.sighting.allowed),
            guidance=guidance,
        )
    )


def _gauge(plan: SidePlan, tissue: TissueState, reading: Reading) -> int:
    if reading.position is None:
        return -1
    found = {
        i: tissue.window_position[GROUP_INDEX[target]]
        for i, target in enumerate(plan.targets)
        if tissue.claimed[GROUP_INDEX[target]]
    }
    return next(i for i, p in found.items() if p == reading.position)


def _over(
    heard: Heard,
    piece: Piece,
    recording: SimulatedRecording,
    plan: SidePlan,
    guidance: Guidance | None,
) -> bool:
    if guidance is None:
        return False
    if heard.hold_s is None:
        return guidance.phase in _NOT_WHEN_HELD
    held_s = guidance.t_s - heard.hold_s
    if guidance.phase is not Phase.HOLD or held_s > _LONGEST_HOLD_S:
        return True
    if piece.fault is None:
        return False
    from_s = recording.plan.faults[0].from_s
    return held_s > from_s + 1.0 + _WATCHED_S


def _measured(
    piece: Piece,
    heard: Heard,
    params: pipeline.Params,
    plan: SidePlan,
    recording: SimulatedRecording,
) -> Run:
    if not heard.moments or heard.begun_s is None:
        phases = [d for d in heard.decisions if d.kind in (DecisionKind.PHASE, DecisionKind.STOP)]
        last = tuple(r.id for r in phases[-1].reasons) if phases else ()
        why_not = (str(heard.phase), *last)
        return Run(piece, began=False, why_not=why_not, other_side=times_other_side(heard))
    assert params.coach is not None
    at_s = np.array([m.t_s for m in heard.moments])
    true = partial(
        truth_of,
        plan,
        params.coach.settings,
        at_s=at_s,
        begun_s=heard.begun_s,
        traits=recording.traits,
        anatomy=params.anatomy,
    )
    times_s, poses_rad = recording.truth()
    truth = true(times_s=times_s, poses_rad=poses_rad)
    found = scored(piece, heard, plan, truth, at_s)
    passed = truth.over(plan).any(axis=1)
    if not passed.any():
        return found
    from_s = float(at_s[np.argmax(passed | truth.beyond.any(axis=1))])
    again_s, again_rad = told_at_once(recording, heard.led, from_s=from_s, until_s=float(at_s[-1]))
    over = true(times_s=again_s, poses_rad=again_rad).over(plan).any(axis=1)
    least_s = float(np.diff(at_s, append=at_s[-1])[over].sum())
    return structs.replace(found, above=structs.replace(found.above, least_s=least_s))
