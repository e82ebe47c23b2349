"""One simulated person led by the coach through one hold, with one fault or none, and measured.

The person stands, takes the start pose and is led until the first hold is over, or until some
seconds after the fault has become visible. What the coach said and counted comes from its own
decisions and guidance, what was so from the simulator.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from math import radians
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading, read
from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import Rejection
from lengthwise.contracts.states import TissueState
from lengthwise.live import pipeline, sequencer
from lengthwise.live.evaluation.coaching_ceiling import Above, Sight, above, sight
from lengthwise.live.evaluation.coaching_truth import Truth, truth_of
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import Behaviour, Constraint, Exercise, exercise
from lengthwise.reference.wearing import place_for_exercise, position
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan, SimulatedRecording

SENSORS = ("camera", "phone", "imus")
"""The camera alone; camera and one phone where the exercise wants it worn; six inertial sensors."""
FAULT_RATIO = 1.6
"""A coordinate leaves by so many tolerances."""
WITHIN_S = 1.5
_SEED_OFFSET = 700_000
_FAULT_AFTER_S, _FAULT_LASTS_S = 6.0, 12.0
_FAULT_LATEST = 0.4
"""Of a short hold: the share of it after which a fault begins at the latest."""
_WATCHED_S = 8.0
"""How long a fault is followed after it has become visible."""
_LONGEST_S, _LONGEST_HOLD_S = 150.0, 75.0
_STAND_S = 4.0
_SETTLED_S = 1.0
"""In the start pose, before anybody may be led: nobody listens on the way down."""
_LAPSE_S = 1.0
_NOT_WHEN_HELD = (Phase.REST, Phase.SWITCH_SIDE, Phase.DONE, Phase.STOPPED)


class Piece(Struct, frozen=True):
    """`noise_mm`: sd of the white part of landmark noise, None without a camera; `fault` None: the
    person does it cleanly."""

    exercise_id: str
    sensors: str
    noise_mm: float | None
    seed: int
    fault: Coordinate | None = None


class Outcome(Struct, frozen=True):
    """What became of a fault. `visible_s`: into the hold, when the truth passed the tolerance, None
    where it never did. `first_cue`, `delay_s`: the first words after that; `on_it`: they are those
    of the constraint, `right`: and came in time. `known`, `doubted`: whether in the time asked for
    the coordinate was known at all, and no surer than doubtful; `noticed`: judged beyond.
    """

    visible_s: float | None = None
    first_cue: str | None = None
    delay_s: float | None = None
    known: bool = False
    doubted: bool = False
    noticed: bool = False
    on_it: bool = False
    right: bool = False


class Run(Struct, frozen=True):
    """Seconds are of one hold. `began`: it began at all; else `why_not`, the last reasons.

    `told_s` told effective, `false_s` of that wrongly, `unseen_false_s` wrongly as well, but for a
    constraint that is not required and was not known, `unsaid_s` of that not marked as counted
    without it; `due_s` really effective while it was known, `missed_s` of that not counted; `above`
    a ceiling, in parts; `abstained_s` neither counted nor refused for want of knowledge;
    `unknown_effective_s` counted while something required was not known; `unexplained_s` abstained
    without a reason on the screen; `reasons` why it abstained, seconds each; `unsure_cycles` are
    hollow ones; `other_side` how often it was said to be the other side.
    """

    piece: Piece
    began: bool
    why_not: tuple[str, ...] = ()
    began_by: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    led_from_s: float | None = None
    hold_s: float = 0.0
    told_s: float = 0.0
    false_s: float = 0.0
    unseen_false_s: float = 0.0
    unsaid_s: float = 0.0
    due_s: float = 0.0
    missed_s: float = 0.0
    abstained_s: float = 0.0
    above: Above = Above()
    windowed_s: float = 0.0
    unknown_effective_s: float = 0.0
    unexplained_s: float = 0.0
    reasons: dict[str, float] = {}
    missed_reasons: dict[str, float] = {}
    corrections: tuple[str, ...] = ()
    false_corrections: int = 0
    cycles: int | None = None
    unsure_cycles: int | None = None
    true_cycles: int | None = None
    truly_beyond_s: float = 0.0
    other_side: int = 0
    outcome: Outcome | None = None


@dataclass(frozen=True)
class _Moment:
    """One frame of the hold, as the coach saw it. `gauge`: the target it goes by, -1: none."""

    t_s: float
    counting: Counting
    keeping: tuple[Keeping, ...]
    gauge: int
    missing: bool
    sight: Sight
    guidance: Guidance


@dataclass
class _Heard:
    """What has been followed so far."""

    moments: list[_Moment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    begun_s: float | None = None
    hold_s: float | None = None
    phase: Phase = Phase.GET_READY


def run(piece: Piece) -> Run:
    """Led and measured; the same piece always gives the same run."""
    chosen = exercise(piece.exercise_id)
    plan = _plan(piece, chosen)
    heard = _Heard()
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
    fault = None if piece.fault is None else _fault(chosen, piece.fault)
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


def constraint_of(chosen: Exercise, coordinate: Coordinate) -> Constraint:
    return next(c for c in chosen.constraints if c.coordinate is coordinate)


def _fault(chosen: Exercise, coordinate: Coordinate) -> Fault:
    c = constraint_of(chosen, coordinate)
    size_rad = FAULT_RATIO * radians(c.tolerance_deg) * (c.direction or 1)
    from_s = min(_FAULT_AFTER_S, _FAULT_LATEST * chosen.dose.hold_s)
    return Fault(FaultKind.LEAVES, from_s, from_s + _FAULT_LASTS_S, size_rad, coordinate=coordinate)


def _follow(
    heard: _Heard,
    params: pipeline.Params,
    plan: SidePlan,
    state: pipeline.State,
    out: pipeline.Output,
) -> None:
    frame, coached = out.frame, state.coach
    assert frame is not None and frame.guidance is not None and coached is not None
    assert params.coach is not None
    guidance = frame.guidance
    if guidance.phase is Phase.EASE_IN and heard.phase is not Phase.EASE_IN:
        heard.begun_s = guidance.t_s
    heard.phase = guidance.phase
    if guidance.phase is not Phase.HOLD:
        return
    if heard.hold_s is None:
        heard.hold_s = guidance.t_s
    reading = read(plan, coached.start_pose, frame.body, frame.tissue, params.coach.settings)
    heard.moments.append(
        _Moment(
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
    heard: _Heard,
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
    heard: _Heard,
    params: pipeline.Params,
    plan: SidePlan,
    recording: SimulatedRecording,
) -> Run:
    if not heard.moments or heard.begun_s is None:
        phases = [d for d in heard.decisions if d.kind in (DecisionKind.PHASE, DecisionKind.STOP)]
        last = tuple(r.id for r in phases[-1].reasons) if phases else ()
        why_not = (str(heard.phase), *last)
        return Run(piece, began=False, why_not=why_not, other_side=_other_side(heard))
    assert params.coach is not None
    moments = heard.moments
    at_s = np.array([m.t_s for m in moments])
    times_s, poses_rad = recording.truth()
    truth = truth_of(
        plan,
        params.coach.settings,
        times_s=times_s,
        poses_rad=poses_rad,
        at_s=at_s,
        begun_s=heard.begun_s,
        traits=recording.traits,
        anatomy=params.anatomy,
    )
    return _scored(piece, heard, plan, truth, at_s)


def _scored(piece: Piece, heard: _Heard, plan: SidePlan, truth: Truth, at_s: np.ndarray) -> Run:
    moments = heard.moments
    lasts_s = np.diff(at_s, append=at_s[-1])
    counting = np.array([m.counting for m in moments])
    gauges = np.array([m.gauge for m in moments])
    windowed = gauges >= 0
    told = counting == Counting.EFFECTIVE
    due = truth.effective(plan, gauges)
    abstains = (counting == Counting.UNCERTAIN) | _lost(moments)
    known = ~abstains & _could_count(plan, moments, windowed)
    unknown = np.array([[k is Keeping.NOT_KNOWN for k in m.keeping] for m in moments], dtype=bool)
    kept = replace(truth, beyond=truth.beyond & ~unknown.reshape(truth.beyond.shape))
    unseen = ~due & kept.effective(plan, gauges)
    corrected = _corrections(heard, plan)
    cued = [i for i in np.searchsorted(at_s, [d.t_s for d in corrected]) if i < len(at_s)]
    cycled = plan.exercise.behaviour is Behaviour.TO_AND_FRO
    effective_s = np.array([m.guidance.effective_s for m in moments])
    gained_s = np.diff(effective_s, prepend=effective_s[0])
    return Run(
        piece,
        began=True,
        began_by=_why(heard, Phase.HOLD),
        ended_by=_why(heard, Phase.RELEASE),
        led_from_s=heard.begun_s,
        hold_s=float(at_s[-1] - at_s[0]),
        told_s=float(lasts_s[told].sum()),
        false_s=float(lasts_s[told & ~due & ~unseen].sum()),
        unseen_false_s=float(lasts_s[told & ~due & unseen].sum()),
        unsaid_s=float(lasts_s[told & ~due & unseen & ~_marked(moments)].sum()),
        due_s=float(lasts_s[due & known].sum()),
        missed_s=float(lasts_s[due & known & ~told].sum()),
        abstained_s=float(lasts_s[abstains].sum()),
        above=above(plan, truth, [m.sight for m in moments], lasts_s),
        windowed_s=float(lasts_s[windowed].sum()),
        unknown_effective_s=float(gained_s[~_could_count(plan, moments, windowed)].sum()),
        unexplained_s=float(lasts_s[abstains & _unexplained(moments, at_s)].sum()),
        reasons=_reasons(moments, lasts_s, abstains),
        missed_reasons=_reasons(moments, lasts_s, due & known & ~told),
        corrections=tuple(d.cue_id or "" for d in corrected),
        false_corrections=sum(not truth.beyond[i].any() for i in cued),
        cycles=_told(heard, ReasonId.CYCLE_COUNTED) if cycled else None,
        unsure_cycles=_told(heard, ReasonId.CYCLE_UNSURE) if cycled else None,
        true_cycles=truth.cycles(plan) if cycled else None,
        truly_beyond_s=float(lasts_s[truth.beyond.any(axis=1)].sum()),
        other_side=_other_side(heard),
        outcome=None if piece.fault is None else _outcome(piece, heard, plan, truth, at_s),
    )


def _lost(moments: list[_Moment]) -> np.ndarray:
    return np.array(["known.lost" in m.guidance.waiting_for for m in moments])


def _marked(moments: list[_Moment]) -> np.ndarray:
    return np.array([bool(m.guidance.counted_without) for m in moments])


def _could_count(plan: SidePlan, moments: list[_Moment], windowed: np.ndarray) -> np.ndarray:
    """(n,) whether all that is required was known, and for a stretch a numeric window."""
    there = np.array([not m.missing for m in moments])
    stretch = plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    return np.asarray(there & windowed if stretch else there)


def _unexplained(moments: list[_Moment], at_s: np.ndarray) -> np.ndarray:
    """(n,) no reason on the screen, and no lapse so short that it is not spoken of."""
    found, counted_s = np.zeros(len(moments), dtype=bool), -np.inf
    for n, (m, t_s) in enumerate(zip(moments, at_s, strict=True)):
        if m.counting is Counting.EFFECTIVE:
            counted_s = t_s
        found[n] = not m.guidance.waiting_for and t_s - counted_s > _LAPSE_S + 0.1
    return found


def _reasons(moments: list[_Moment], lasts_s: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    found: dict[str, float] = {}
    for m, seconds, asked in zip(moments, lasts_s, chosen, strict=True):
        for why in m.guidance.waiting_for if asked else ():
            found[why] = found.get(why, 0.0) + float(seconds)
    return {why: round(s, 2) for why, s in found.items()}


def _why(heard: _Heard, phase: Phase) -> tuple[str, ...]:
    """Why this phase was first entered; empty where it was not."""
    entered = (d for d in heard.decisions if d.kind is DecisionKind.PHASE and d.phase is phase)
    first = next(entered, None)
    return () if first is None else tuple(r.id for r in first.reasons)


def _told(heard: _Heard, reason_id: ReasonId) -> int:
    """The last cycle is counted as the hold ends, so it stands in no guidance of the hold."""
    return sum(r.id == reason_id for d in heard.decisions for r in d.reasons)


def _other_side(heard: _Heard) -> int:
    """Nobody here takes another side than the one that is led."""
    return sum(
        d.kind is DecisionKind.CUE and d.cue_id == ReasonId.SIDE_OTHER for d in heard.decisions
    )


def _corrections(heard: _Heard, plan: SidePlan) -> list[Decision]:
    """Said about a constraint during the hold."""
    cues = {limit.cue for limit in plan.limits}
    return [
        d
        for d in heard.decisions
        if d.kind is DecisionKind.CUE and d.phase is Phase.HOLD and d.cue_id in cues
    ]


def _outcome(
    piece: Piece, heard: _Heard, plan: SidePlan, truth: Truth, at_s: np.ndarray
) -> Outcome:
    """By the constraint that is broken on purpose, from when it is broken on purpose."""
    which = next(i for i, x in enumerate(plan.limits) if x.coordinate is piece.fault)
    assert heard.hold_s is not None and piece.fault is not None
    onset_s = heard.hold_s + _fault(exercise(piece.exercise_id), piece.fault).from_s
    passed = np.flatnonzero(truth.beyond[:, which] & (at_s >= onset_s))
    if not len(passed):
        return Outcome()
    visible_s = float(at_s[passed[0]])
    said = [d for d in heard.decisions if d.kind is DecisionKind.CUE and d.t_s >= visible_s]
    first = said[0] if said else None
    delay_s = None if first is None else first.t_s - visible_s
    soon = [m.keeping[which] for m in heard.moments if 0 <= m.t_s - visible_s <= WITHIN_S]
    keeping = Counter(soon)
    known = keeping[Keeping.NOT_KNOWN] < 0.5 * len(soon)
    on_it = first is not None and first.cue_id == plan.limits[which].cue
    return Outcome(
        visible_s=visible_s - heard.hold_s,
        first_cue=first.cue_id if first else None,
        delay_s=delay_s,
        known=known,
        doubted=known and not keeping[Keeping.BEYOND] and keeping[Keeping.DOUBTFUL] > 0,
        noticed=keeping[Keeping.BEYOND] > 0,
        on_it=on_it,
        right=on_it and delay_s is not None and delay_s <= WITHIN_S,
    )
