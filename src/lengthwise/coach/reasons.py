"""The ids of everything the coach can give as a reason; the sentences stand in the reference data.

Numbers of a reason carry their unit in the name; angles are in degrees, because a reason goes to
the record and the screen as it is.
"""

from enum import StrEnum
from math import degrees, isfinite

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.decision import Reason


class ReasonId(StrEnum):
    SESSION_BEGUN = "session.begun"
    GET_READY_IN_PLACE = "get_ready.in_place"
    GET_READY_TIME_BOUND = "get_ready.time_bound"
    GET_READY_COUNTING = "get_ready.counting"
    GET_READY_POSTURE = "get_ready.posture"
    EASE_IN_IN_WINDOW = "ease_in.in_window"
    EASE_IN_FIRST_RESISTANCE = "ease_in.first_resistance"
    EASE_IN_AT_REST = "ease_in.at_rest"
    EASE_IN_REACHED = "ease_in.reached"
    EASE_IN_BEGUN = "ease_in.begun"
    EASE_IN_TIME_BOUND = "ease_in.time_bound"
    EASE_IN_NOT_BEGUN = "ease_in.not_begun"
    EASE_IN_NOT_SEEN = "ease_in.not_seen"
    HOLD_IN_WINDOW = "hold.in_window"
    HOLD_REACHED = "hold.reached"
    HOLD_BELOW_WINDOW = "hold.below_window"
    HOLD_ABOVE_WINDOW = "hold.above_window"
    HOLD_WINDOW_UNSURE = "hold.window_unsure"
    HOLD_NOT_REACHED = "hold.not_reached"
    HOLD_OFF_LINE = "hold.off_line"
    HOLD_COMPENSATION_UNSURE = "hold.compensation_unsure"
    HOLD_SENSOR_SLID = "hold.sensor_slid"
    HOLD_COMPLETE = "hold.complete"
    HOLD_COMPLETE_UNCERTAIN = "hold.complete_uncertain"
    HOLD_DOSE_CEILING = "hold.dose_ceiling"
    HOLD_TIME_BOUND = "hold.time_bound"
    HOLD_LET_GO = "hold.let_go"
    HOLD_KEPT = "hold.kept"
    HOLD_HALF = "hold.half"
    HOLD_TEN_LEFT = "hold.ten_left"
    CYCLE_MOVING = "cycle.moving"
    CYCLE_COUNTED = "cycle.counted"
    CYCLE_UNSURE = "cycle.unsure"
    CYCLE_HOLLOW = "cycle.hollow"
    CYCLE_UNKEPT = "cycle.unkept"
    CYCLE_FAST = "cycle.fast"
    CYCLE_STILL = "cycle.still"
    CYCLE_COMPLETE_UNSURE = "cycle.complete_unsure"
    CYCLE_COMPLETE = "cycle.complete"
    SIDE_OTHER = "side.other"
    SIDE_UNSEEN = "side.unseen"
    SIDE_SENSORS = "side.sensors"
    CYCLE_TWO_LEFT = "cycle.two_left"
    SET_AS_SMOOTH = "set.as_smooth"
    SET_SMOOTHER = "set.smoother"
    SET_LESS_SMOOTH = "set.less_smooth"
    SET_UNTOLD = "set.untold"
    TIME_PASSING = "time.passing"
    TIME_ALONE = "time.alone"
    KNOWN_LOST = "known.lost"
    NOT_KNOWN_WINDOW = "not_known.window"
    NOT_KNOWN_TODAY = "not_known.today"
    NOT_KNOWN_PATH = "not_known.path"
    NOT_KNOWN_HERE = "not_known.here"
    PHASE_INSTRUCTION = "phase.instruction"
    RELEASE_RETURNED = "release.returned"
    RELEASE_TIME_BOUND = "release.time_bound"
    REST_OVER = "rest.over"
    SWITCH_OVER = "switch_side.over"
    REPETITIONS_LEFT = "plan.repetition_left"
    SIDE_LEFT = "plan.side_left"
    ALL_DONE = "plan.all_done"
    MARK_FIRST_RESISTANCE = "mark.first_resistance"
    MARK_TOLERANCE = "mark.tolerance"
    PAUSE_PERSON = "pause.person"
    RESUME_PERSON = "resume.person"
    SKIP_PERSON = "skip.person"
    STOP_PERSON = "stop.person"
    ENVELOPE_MISSING = "envelope.missing"
    ENVELOPE_CEILING = "envelope.ceiling"
    ENVELOPE_CEILING_HELD = "envelope.ceiling_held"
    ENVELOPE_TOLERANCE = "envelope.tolerance"
    ENVELOPE_FIRST_PULL = "envelope.first_pull"
    SAID_PAIN = "said.pain"
    SAID_SENSATION = "said.sensation"
    SYMPTOM_LEG = "symptom.leg"
    SYMPTOM_DIZZY = "symptom.dizzy"
    SCREENING_NEEDED = "screening.needed"
    PAIN_STOP = "pain.stop"
    PAIN_EASE = "pain.ease"
    PAIN_HELD = "pain.held"
    PAIN_NOT_DEEPER = "pain.not_deeper"
    PAIN_DEPTH_UNSEEN = "pain.depth_unseen"
    PAIN_BASELINE = "pain.baseline"
    SENSATION_STRONG = "sensation.strong"
    SENSATION_ENOUGH = "sensation.enough"
    NERVE_LIMIT = "nerve.limit"
    NERVE_NEAR = "nerve.near"
    NERVE_NOT_KNOWN = "nerve.not_known"
    LUMBAR_LIMIT = "lumbar.limit"
    LUMBAR_NEAR = "lumbar.near"
    LUMBAR_NOT_KNOWN = "lumbar.not_known"
    SPEED_EASE = "speed.ease"
    SPEED_FAST = "speed.fast"
    SPEED_BOUNCE = "speed.bounce"
    SPEED_NOT_KNOWN = "speed.not_known"
    SETTLING = "settling.after_ease"
    GUARDING_BREATH = "guarding.breath"
    GUARDING_BREATH_REST = "guarding.breath_rest"
    GUARDING_HEART = "guarding.heart"
    GUARDING_MUSCLE = "guarding.muscle"
    GUARDING_TENSION = "guarding.tension"
    GUARDING_TREMOR = "guarding.tremor"
    CUE_FADED = "cue.faded"
    POSTPONE_PERSON = "postpone.person"
    REPEAT_PERSON = "repeat.person"
    REPEAT_REPETITION = "repeat.repetition"
    REPEAT_ENOUGH = "repeat.enough"
    REPOSITION_STAY = "reposition.stay"
    REPOSITION_BACK = "reposition.back"
    REPOSITION_FIND = "reposition.find"
    REPOSITION_TOO_FAR = "reposition.too_far"
    REPOSITION_DONE = "reposition.done"
    REPOSITION_NOT_SEEN = "reposition.not_seen"
    REPOSITION_ENDED = "reposition.ended"
    TEST_ASKED = "test.asked"
    TEST_CORRECTED = "test.corrected"
    TEST_NO_TRY = "test.no_try"
    TEST_RESULT = "test.result"
    TEST_NOT_BEGUN = "test.not_begun"
    TEST_NOT_REACHED = "test.not_reached"
    TEST_NOT_SEEN = "test.not_seen"
    TEST_NOT_STILL = "test.not_still"
    TEST_NOT_BACK = "test.not_back"
    TEST_NOT_CONTROLLED = "test.not_controlled"
    TEST_CONTROL_NOT_SEEN = "test.control_not_seen"
    TEST_EASED = "test.eased"
    TEST_LOAD = "test.load"
    TEST_STOPPED = "test.stopped"
    TEST_NOT_ANSWERED = "test.not_answered"
    TEST_CUT_OFF = "test.cut_off"
    QUESTION_SENSATION = "question.sensation"
    QUESTION_PAIN = "question.pain"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_NOT_ANSWERED = "question.not_answered"
    RAMP_WARM_UP = "ramp.warm_up"
    RAMP_PULL = "ramp.pull"
    RAMP_WAIT = "ramp.wait"
    RAMP_STEP = "ramp.step"
    RAMP_REST = "ramp.rest"
    RAMP_HOLDS = "ramp.holds"
    RAMP_TOLERANCE = "ramp.tolerance"
    RAMP_JOINT_END = "ramp.joint_end"
    RAMP_PAIN = "ramp.pain"
    RAMP_SYMPTOM = "ramp.symptom"
    RAMP_STOP = "ramp.stop"
    RAMP_ENVELOPE = "ramp.envelope"
    RAMP_NOT_SEEN = "ramp.not_seen"
    RAMP_TIME = "ramp.time"
    RAMP_NO_FIRST_PULL = "ramp.no_first_pull"
    RAMP_LEFT = "ramp.left"
    RAMP_NO_FURTHER = "ramp.no_further"
    RAMP_UNSEEN = "ramp.unseen"
    RAMP_NO_ROOM = "ramp.no_room"
    RAMP_NOT_PERMITTED = "ramp.not_permitted"
    RAMP_KEPT = "ramp.kept"
    RAMP_NOT_KEPT = "ramp.not_kept"


def not_known_id(coordinate: Coordinate) -> str:
    """A coordinate that matters now and cannot be claimed."""
    return f"not_known.{coordinate.value}"


def compensation_id(coordinate: Coordinate) -> str:
    """A coordinate that left its place beyond the exercise's tolerance."""
    return f"compensation.{coordinate.value}"


ALL_REASON_IDS: frozenset[str] = frozenset(
    [r.value for r in ReasonId]
    + [not_known_id(c) for c in COORDINATES]
    + [compensation_id(c) for c in COORDINATES]
)
"""Every id that a decision or a guidance can carry."""


def reason(reason_id: str, **numbers: float | None) -> Reason:
    """A reason with those of its numbers that are known and finite."""
    known = {}
    for name, value in numbers.items():
        if value is not None and isfinite(value):
            known[name] = float(value)
    return Reason(str(reason_id), known)


def angle_reason(reason_id: str, **angles_rad: float | None) -> Reason:
    """A reason whose numbers are angles, given as `<name>=radians`, kept as `<name>_deg`."""
    return reason(
        reason_id,
        **{f"{k}_deg": None if v is None else degrees(v) for k, v in angles_rad.items()},
    )
