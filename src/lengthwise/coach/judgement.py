"""What one moment of a hold deserves: effective, uncertain, or a waiting clock, and why."""

from lengthwise.coach import way
from lengthwise.coach.compensation import Deviation, Keeping
from lengthwise.coach.cycles import countable
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.limits import said
from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import (
    ReasonId,
    angle_reason,
    compensation_id,
    not_known_id,
    reason,
)
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import HoldEntry, Sighting, State
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import Reason
from lengthwise.reference.exercises import Behaviour

_Finding = tuple[Counting, Reason]


def judge(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> Judgement:
    """The least of all findings decides; its reasons stand for it."""
    behaviour = plan.behaviour
    if lost(plan, state.sighting, state.entry, reading):
        seen_s = state.sighting.body_seen_s
        age_s = None if seen_s is None else reading.t_s - seen_s
        return Judgement(Counting.WAITING, (reason(ReasonId.KNOWN_LOST, body_age_s=age_s),))
    if state.other.doubted:
        # What may be the other leg's is not counted, and not named before it has lasted.
        return Judgement(Counting.WAITING, (reason(ReasonId.HOLD_NOT_REACHED),))
    found = [*_missing(reading), *_compensations(reading)]
    if behaviour is Behaviour.HELD_IN_WINDOW:
        found += _stretch(state, reading, settings)
    elif behaviour is Behaviour.HELD_STILL:
        found += _still(reading)
    elif behaviour is Behaviour.TO_AND_FRO:
        found += _cycles(plan, state, reading, settings)
    else:
        found.append(_timed(plan, reading))
    found += _back(plan, state, reading, settings)
    least = min([counting for counting, _ in found])
    without = counted_without(reading) if least is Counting.EFFECTIVE else ()
    return Judgement(least, tuple([why for counting, why in found if counting is least]), without)


def counted_without(reading: Reading) -> tuple[Reason, ...]:
    """What is not known and not required: never taken as kept, so what counts names it."""
    if reading.keeping is Keeping.KEPT:
        return ()
    return tuple(
        not_known_reason(d.limit.coordinate, reading)
        for d in reading.deviations
        if d.keeping is Keeping.NOT_KNOWN and not d.limit.required
    )


def deserved(plan: SidePlan, state: State, reading: Reading, standing: Verdict) -> Counting:
    """What a moment is worth whatever moves in it, however fast or slowly.

    What the envelope eased fills the dose: to let it go for nothing would ask for more of it.
    """
    beyond = reading.keeping is Keeping.BEYOND
    if beyond or state.other.suspected or lost(plan, state.sighting, state.entry, reading):
        return Counting.WAITING
    unsure = reading.keeping is not Keeping.KEPT and any(
        d.keeping is Keeping.DOUBTFUL or (d.keeping is Keeping.NOT_KNOWN and d.limit.required)
        for d in reading.deviations
    )
    unknown = reading.missing or reading.progress is None or unsure or standing.action < Action.HOLD
    return Counting.UNCERTAIN if unknown else Counting.EFFECTIVE


def held_back(judgement: Judgement, standing: Verdict) -> Judgement:
    """No second counts in which the envelope asks for less than to hold; its reasons are told."""
    if standing.action >= Action.HOLD:
        return judgement
    waits = judgement.reasons if judgement.counting is Counting.WAITING else ()
    told = {why.id for why in waits}
    more = tuple(why for why in standing.reasons if why.id not in told)
    return Judgement(Counting.WAITING, (*waits, *more))


def less_sure(judgement: Judgement) -> Judgement:
    """No second is effective in which a worn sensor may have slipped."""
    if judgement.counting is Counting.WAITING:
        return judgement
    told = judgement.reasons if judgement.counting is Counting.UNCERTAIN else ()
    return Judgement(Counting.UNCERTAIN, (*told, reason(ReasonId.HOLD_SENSOR_SLID)))


def lost(plan: SidePlan, sighting: Sighting, entry: HoldEntry, reading: Reading) -> bool:
    """Whether something this hold relies on was seen before and is out of sight now.

    A hold that rests on the person's own mark of a first gentle pull relies on no coordinate, and
    what is done away from the sensors on nothing at all. What is only too unsure is not lost.
    """
    if plan.unseen_allowed:
        return False
    if not reading.body_known:
        return True
    gone = (sighting.required_seen and reading.required_gone) or (
        sighting.path_seen and reading.path_gone
    )
    if not plan.stretch:
        return gone
    if sighting.calibrated:
        return reading.position is None or (sighting.required_seen and reading.required_gone)
    return gone and not entry.by_signal


def letting_go(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> bool:
    """Whether most of the way into the hold has surely been taken back."""
    back = taken_back(plan, state, reading, settings)
    return back is not None and back.probability >= settings.let_go_probability


def taken_back(
    plan: SidePlan, state: State, reading: Reading, settings: Settings
) -> way.Back | None:
    """How sure it is that most of the way into the hold has been taken back; None: not known.

    A compensation also takes the way back; then it is what is spoken of. A movement to and fro
    always comes back.
    """
    if not plan.comes_to_rest:
        return None
    if reading.keeping is Keeping.BEYOND:
        return None
    back = reading.back
    if reading.begun is not state.entry.way:
        back = way.taken_back(
            plan.path,
            state.start_pose,
            state.entry.way,
            reading.pose,
            ratio=settings.let_go_progress_ratio,
        )
    begun = back is not None and back.begun >= settings.begun_progress_ratio
    return back if begun else None


def _back(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> list[_Finding]:
    """A hold that is in doubt of having been let go goes on, and counts nothing as effective."""
    back = taken_back(plan, state, reading, settings)
    if back is None or back.probability < settings.doubt_probability:
        return []
    if back.probability < settings.let_go_probability:
        why = reason(ReasonId.NOT_KNOWN_PATH, probability=back.probability)
        return [(Counting.UNCERTAIN, why)]
    return [(Counting.WAITING, let_go_reason(back))]


def let_go_reason(back: way.Back | None, **numbers: float) -> Reason:
    if back is None:
        return reason(ReasonId.HOLD_LET_GO, **numbers)
    return reason(
        ReasonId.HOLD_LET_GO,
        progress=back.now,
        progress_at_start=back.begun,
        probability=back.probability,
        **numbers,
    )


def _missing(reading: Reading) -> list[_Finding]:
    return [(Counting.UNCERTAIN, not_known_reason(c, reading)) for c in reading.missing]


def not_known_reason(coordinate: Coordinate, reading: Reading) -> Reason:
    return angle_reason(not_known_id(coordinate), sd=reading.unseen_sd_rad.get(coordinate))


def _compensations(reading: Reading) -> list[_Finding]:
    """A constraint that is not known holds the clock only where the exercise requires it."""
    found: list[_Finding] = []
    if reading.keeping is Keeping.KEPT:
        return found
    for d in reading.deviations:
        if d.keeping is Keeping.BEYOND:
            found.append((Counting.WAITING, compensation_reason(d.limit.coordinate, reading)))
        elif d.keeping is Keeping.DOUBTFUL:
            found.append(
                (
                    Counting.UNCERTAIN,
                    reason(ReasonId.HOLD_COMPENSATION_UNSURE, probability=d.probability),
                )
            )
        elif d.keeping is Keeping.NOT_KNOWN and _start_unseen(d, reading):
            found.append((Counting.UNCERTAIN, not_known_reason(d.limit.coordinate, reading)))
    return found


def _start_unseen(d: Deviation, reading: Reading) -> bool:
    """A required coordinate that is seen now but was not at the start; `_missing` has the rest."""
    return d.limit.required and d.limit.coordinate not in reading.missing


def compensation_reason(coordinate: Coordinate, reading: Reading) -> Reason:
    d = next(d for d in reading.deviations if d.limit.coordinate == coordinate)
    change = angle_reason(
        compensation_id(d.limit.coordinate),
        change=d.deviation_rad,
        sd=d.sd_rad,
        tolerance=d.limit.tolerance_rad,
    )
    lost = reason(change.id, stretch_lost_ratio=reading.lost_ratio.get(coordinate))
    return Reason(change.id, change.numbers | lost.numbers)


def window_standing(reading: Reading) -> tuple[Counting, ReasonId]:
    """Where the gauge stands to the window."""
    position, window = reading.position, reading.window
    if position is None or window is None or reading.about_in_window is None:
        return Counting.UNCERTAIN, ReasonId.NOT_KNOWN_WINDOW
    if reading.in_window:
        return Counting.EFFECTIVE, ReasonId.HOLD_IN_WINDOW
    if reading.about_in_window:
        return Counting.UNCERTAIN, ReasonId.HOLD_WINDOW_UNSURE
    if position.mean < window.low:
        return Counting.WAITING, ReasonId.HOLD_BELOW_WINDOW
    return Counting.WAITING, ReasonId.HOLD_ABOVE_WINDOW


def window_finding(reading: Reading) -> _Finding:
    """Where the gauge stands to the window, with its numbers."""
    position, window = reading.position, reading.window
    counting, why = window_standing(reading)
    if position is None or window is None:
        return counting, reason(why)
    return counting, reason(
        why, position=position.mean, sd=position.sd, low=window.low, high=window.high
    )


def _stretch(state: State, reading: Reading, settings: Settings) -> list[_Finding]:
    calibrated = state.sighting.calibrated
    if calibrated:
        counting, where = window_finding(reading)
    else:
        counting, where = Counting.UNCERTAIN, reason(ReasonId.NOT_KNOWN_WINDOW)
    if where.id == ReasonId.HOLD_BELOW_WINDOW and (
        said.keeps_short(state.said, settings) or not state.sighting.window_leads
    ):
        # Who stays short of the window as asked, or is not led there, is not kept waiting for it,
        # nor told of it: who reads "below your window" goes further.
        counting, where = Counting.UNCERTAIN, reason(ReasonId.NOT_KNOWN_WINDOW)
    found = [(counting, where)]
    if reading.over:
        over = reading.over[0]
        why = reason(
            ReasonId.ENVELOPE_CEILING,
            position=over.position.mean,
            sd=over.position.sd,
            ceiling=over.window.ceiling,
        )
        found.append((Counting.WAITING, why))
    alignment = reading.line_alignment
    if calibrated and alignment is not None and alignment < settings.min_line_alignment_ratio:
        found.append((Counting.WAITING, reason(ReasonId.HOLD_OFF_LINE, line_alignment=alignment)))
    return found


def _still(reading: Reading) -> list[_Finding]:
    if reading.reached is None:
        return [(Counting.UNCERTAIN, reason(ReasonId.NOT_KNOWN_PATH))]
    if not reading.reached:
        why = reason(ReasonId.HOLD_NOT_REACHED, progress=reading.progress)
        return [(Counting.WAITING, why)]
    return [(Counting.EFFECTIVE, reason(ReasonId.HOLD_REACHED, progress=reading.progress))]


def _timed(plan: SidePlan, reading: Reading) -> _Finding:
    """Time in the position. Where nothing need be seen, nothing is known of what was done."""
    if plan.unseen_allowed:
        return Counting.UNCERTAIN, reason(ReasonId.TIME_ALONE)
    if reading.misplaced:
        return Counting.WAITING, reason(ReasonId.GET_READY_POSTURE)
    return Counting.EFFECTIVE, reason(ReasonId.TIME_PASSING)


def _cycles(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> list[_Finding]:
    if reading.progress is None:
        return [(Counting.UNCERTAIN, reason(ReasonId.NOT_KNOWN_PATH))]
    still_s = state.stillness.still_for_s(reading.t_s)
    paused_s = settings.cycle_still_s + (plan.exercise.dose.tempo.pause_s or 0.0)
    if still_s is not None and still_s > paused_s:
        return [(Counting.WAITING, reason(ReasonId.CYCLE_STILL, still_s=still_s))]
    if state.cycles.last_fast:
        why = reason(ReasonId.CYCLE_FAST, cycle_s=state.cycles.cycle_s)
        return [(Counting.WAITING, why)]
    if plan.cycle is not None and not countable(plan.cycle, reading.movement):
        return [(Counting.UNCERTAIN, reason(ReasonId.NOT_KNOWN_PATH))]
    return [(Counting.EFFECTIVE, reason(ReasonId.CYCLE_MOVING, progress=reading.progress))]
