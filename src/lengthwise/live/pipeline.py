"""The way of one observation through body, tissue and coach, as one pure step."""

from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import breathing, estimator
from lengthwise.body.anatomy import Anatomy
from lengthwise.coach import coach, ramping, repositioning_led, taking_led, taking_params, taps
from lengthwise.coach.envelope import Action, cut
from lengthwise.coach.guard import standing
from lengthwise.coach.ramping import tap_word
from lengthwise.coach.state import State as CoachState
from lengthwise.coach.taps import Taps
from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.decision import CoachOutput, Decision, Phase
from lengthwise.contracts.devices import DeviceSample, DriveMoment
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import (
    ImuSample,
    LateSample,
    Observation,
    PersonSignal,
    Rejection,
    Segment,
    SignalKind,
)
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.live import driving, trusting, worn_sensing
from lengthwise.tissue import engine

MARKS = (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE)


@dataclass(frozen=True)
class Params:
    """`anatomy` is the scaled body that the tissue step measures; `coach` is None where a recording
    is measured and not coached. `tap_segment`: where the phone is worn that hears taps, and
    `taps_only_stop` whether they can do no more than stop.
    `repositioning`: a place is looked for with eyes closed, and nothing is coached beside it; nor
    beside `taking`, a test. `worn`: devices beside camera and inertial sensors. `driven`: a band
    that may pull; None: none does.
    """

    anatomy: Anatomy
    body: estimator.Params
    tissue: engine.Params
    coach: coach.Params | None
    tap_segment: Segment | None = None
    taps_only_stop: bool = False
    breath: breathing.Limits = field(default_factory=breathing.published_limits)
    repositioning: repositioning_led.Params | None = None
    taking: taking_params.Params | None = None
    worn: worn_sensing.Params = field(default_factory=worn_sensing.Params)
    driven: driving.Params | None = None


class State(Struct, frozen=True):
    """`tap_marked_s`: when a tap was last taken for a mark; `if_moved`: body and tissue had no worn
    sensor been doubted, from the first doubt on."""

    body: estimator.State
    tissue: engine.State
    coach: CoachState | None
    taps: Taps = Taps()
    breath: breathing.State = breathing.State()
    repositioning: repositioning_led.State | None = None
    tap_marked_s: float | None = None
    taking: taking_led.State | None = None
    worn: worn_sensing.State = worn_sensing.State()
    driven: driving.State | None = None
    if_moved: trusting.State | None = None


class Output(Struct, frozen=True):
    """`frame` is there at camera frames and ticks, `order` at moments of a band that is driven."""

    frame: FrameLogged | None
    decisions: tuple[Decision, ...]
    rejections: tuple[Rejection, ...]
    order: BandOrder | None = None


def start(params: Params) -> State:
    return State(
        estimator.start(params.body),
        engine.start(params.tissue),
        coach.start(params.coach) if params.coach else None,
        repositioning=repositioning_led.start(params.repositioning)
        if params.repositioning
        else None,
        taking=taking_led.start(params.taking) if params.taking else None,
        driven=driving.start(params.driven) if params.driven else None,
    )


def step(
    params: Params, state: State, observation: Observation | DeviceSample
) -> tuple[State, Output]:
    if isinstance(observation, DeviceSample):
        if isinstance(observation, DriveMoment):
            return _moment(params, state, observation)
        breath = params.breath, state.breath
        worn, breathes = worn_sensing.step(params.worn, state.worn, breath, observation)
        state = replace(state, worn=worn, breath=breathes)
        if params.driven is not None and state.driven is not None:
            heard = driving.heard(params.driven, state.driven, observation)
            state = replace(state, driven=heard)
        return state, Output(None, (), ())
    if isinstance(observation, LateSample):
        return _told_late(params, state, observation)
    moved, output = _observed(params, state, observation)
    coached = params.coach or (params.taking.led if params.taking else None)
    if params.tap_segment is None or coached is None:
        return _led(params, moved, output), output
    if not isinstance(observation, ImuSample) or observation.segment is not params.tap_segment:
        return _led(params, moved, output), output
    moved, output = _listened(params, coached, moved, output, observation)
    return _led(params, moved, output), output


def _told_late(params: Params, state: State, late: LateSample) -> tuple[State, Output]:
    """How a sensor turned while it was not heard: for its own orientation, and for nothing that is
    told, counted, tapped or breathed now."""
    body, seen = estimator.step(params.body, state.body, late)
    beside = state.if_moved
    if beside is not None:
        beside, _ = trusting.step(params.body, params.tissue, beside, late)
    return replace(state, body=body, if_moved=beside), Output(None, (), seen.rejections)


def _moment(params: Params, state: State, at: DriveMoment) -> tuple[State, Output]:
    if params.driven is None or state.driven is None or at.source != params.driven.name:
        return state, Output(None, (), ())
    driven, order = driving.moment(params.driven, state.driven, at)
    return replace(state, driven=driven), Output(None, (), (), order)


def _led(params: Params, state: State, output: Output) -> State:
    """A band is led by what the coach has just decided, of a frame or of a word."""
    led, coached = params.coach, state.coach
    if params.driven is None or state.driven is None or led is None or coached is None:
        return state
    if coached.t_s is None or (output.frame is None and not output.decisions):
        return state
    tissue = None if output.frame is None else output.frame.tissue
    allows = standing(led.limits, coached, coached.t_s)
    if state.if_moved is not None:
        # From the first doubt on nobody is drawn: by which of both readings nothing tells.
        allows = cut(Action.EASE, allows)
    driven = driving.led(params.driven, state.driven, coached, allows, tissue=tissue)
    return replace(state, driven=driven)


def _listened(
    params: Params, coached: coach.Params, state: State, output: Output, sample: ImuSample
) -> tuple[State, Output]:
    """A tap is heard after its sample has been seen. It marks only where a mark is waited for: a
    knock at any other time would move the person's window. In a test it can only stop."""
    heard, tapped = taps.step(state.taps, sample.acc_m_s2, sample.t_s, coached.settings)
    state = replace(state, taps=heard)
    kind = None if tapped is None else _meant(state, coached, tapped, sample.t_s)
    if kind is None or (params.taps_only_stop and kind is not SignalKind.STOP):
        return state, output
    if kind is not SignalKind.STOP:
        state = replace(state, tap_marked_s=sample.t_s)
    moved, said = _signal(params, state, PersonSignal(sample.t_s, kind))
    return moved, replace(output, decisions=(*output.decisions, *said.decisions))


def _meant(
    state: State, coached: coach.Params, tapped: SignalKind, t_s: float
) -> SignalKind | None:
    """What a tap says here. Another one soon after a mark may be the second tap of a slow hand."""
    if tapped is SignalKind.STOP:
        return tapped
    if taps.may_be_second(state.tap_marked_s, t_s, coached.settings):
        return SignalKind.STOP
    easing_in = state.coach is not None and state.coach.phase is Phase.EASE_IN
    if state.coach is None or not easing_in:
        return None
    led = state.coach.ramping
    return tapped if led is None else tap_word(led)


def _observed(params: Params, state: State, observation: Observation) -> tuple[State, Output]:
    if isinstance(observation, PersonSignal):
        return _signal(params, state, observation)
    body_state, seen = estimator.step(params.body, state.body, observation)
    breath_state = breathing.step(params.breath, state.breath, observation)
    state, trusted = _trusting(params, state, observation, doubts=body_state.sliding.may_have_slid)
    if seen.state is None:
        moved = replace(state, body=body_state, breath=breath_state)
        return moved, Output(None, (), seen.rejections)
    tissue_state, tissue = engine.step(params.tissue, state.tissue, seen.state)
    assert tissue is not None, "the tissue engine answers every body state"
    told = replace(seen.state, marks=())
    worn = worn_sensing.framed(params.worn, state.worn, state.coach, params.coach, seen.state.t_s)
    unused = *seen.rejections, *worn_sensing.not_judged(state.worn, worn, seen.state.t_s)
    moved = replace(state, body=body_state, tissue=tissue_state, breath=breath_state, worn=worn)
    shown = replace(coach_frame(params, moved, seen.state, tissue), if_moved=trusted)
    tested = _tested(params, moved, shown)
    if tested is not None:
        moved, said = tested
        frame = FrameLogged(told, tissue, said.guidance)
        return moved, Output(frame, said.decisions, unused)
    if params.coach is None or state.coach is None:
        return moved, Output(FrameLogged(told, tissue, None), (), unused)
    coach_state, said = coach.step(params.coach, state.coach, shown)
    frame = FrameLogged(told, tissue, said.guidance)
    moved, coach_state = _ramped(params.coach, params.body, params.tissue, moved, coach_state)
    return _coached(moved, coach_state), Output(frame, said.decisions, unused)


def _trusting(
    params: Params, state: State, observation: Observation, *, doubts: bool
) -> tuple[State, tuple[BodyState, TissueState] | None]:
    """What body and tissue would be had no sensor been doubted; `state` as before."""
    beside = state.if_moved
    if beside is None and not doubts:
        return state, None
    if beside is None:
        beside = trusting.begun(state.body, state.tissue)
    beside, told = trusting.step(params.body, params.tissue, beside, observation)
    return replace(state, if_moved=beside), told


def coach_frame(
    params: Params, state: State, body: BodyState, tissue: TissueState
) -> coach.CoachFrame:
    breath = breathing.told(params.breath, state.breath, body.t_s)
    led, t_s = params.coach, body.t_s
    return coach.CoachFrame(
        body,
        tissue,
        breath_held_s=breath.held_s,
        pull_n=worn_sensing.pull_n(params.worn, state.worn, t_s),
        heart_effort_per_min=None
        if led is None
        else worn_sensing.heart_effort_per_min(params.worn, state.worn, state.coach, led, t_s),
        muscle_works_ratio=worn_sensing.muscle_works_ratio(params.worn, state.worn, t_s),
        breath_s=None if breath.per_min is None else 60.0 / breath.per_min.mean,
        sensor_slid=state.body.sliding.may_have_slid,
    )


def _tested(
    params: Params, state: State, item: coach.CoachFrame | PersonSignal
) -> tuple[State, CoachOutput] | None:
    """A test, or a place that is looked for, in place of the coach; None: neither is led. Where
    its start, or the place, was taken just now, the body marks the pose: what comes after is a
    difference from it."""
    if params.repositioning is not None and state.repositioning is not None:
        led, said, placed = repositioning_led.step(params.repositioning, state.repositioning, item)
        state = replace(state, repositioning=led)
    elif params.taking is not None and state.taking is not None:
        test, said, placed = taking_led.step(params.taking, state.taking, item)
        state = replace(state, taking=test)
    else:
        return None
    if placed and isinstance(item, coach.CoachFrame):
        place = PersonSignal(item.body.t_s, SignalKind.FIRST_RESISTANCE)
        body_state, _ = estimator.step(params.body, state.body, place)
        state = replace(
            state, body=body_state, if_moved=_marked(params, state, place, muscles=False)
        )
    return state, said


def _marked(
    params: Params, state: State, signal: PersonSignal, *, muscles: bool
) -> trusting.State | None:
    return trusting.marked(params.body, params.tissue, state.if_moved, signal, muscles=muscles)


def _ramps(coached: coach.Params, led: CoachState) -> bool:
    """Whether a ramp to tolerance is what is led now."""
    held = led.ramping is not None and led.ramping.held
    return coached.ramp is not None and coached.ramp.permitted and not held


def _ramped(
    coached: coach.Params,
    body: estimator.Params,
    tissue: engine.Params,
    state: State,
    led: CoachState,
) -> tuple[State, CoachState]:
    """What a ramp has just measured is marked, with a word or without; `state` before the coach
    came to be `led`. Where not every target can be marked, or it may be of the other side, the
    coach is told: what was not marked may have been the nearer one."""
    before, now = state.coach, led.ramping
    if before is None or before.ramping is None or now is None or not _ramps(coached, led):
        return state, led
    kind = ramping.marks(before.ramping, now)
    if kind is None or led.t_s is None:
        return state, led
    targets, last = coach.current_targets(coached, led), state.tissue.last
    claimed = last is not None and all(last.claimed[GROUP_INDEX[t]] for t in targets)
    if not (claimed and coach.heeds_marks(before)):
        return state, replace(led, ramping=replace(now, unmarked=True))
    mark = PersonSignal(led.t_s, kind, targets)
    after = engine.withheld(tissue, state.tissue, mark)
    if after.withheld is state.tissue.withheld:
        return state, led
    marked, _ = estimator.step(body, state.body, mark)
    return replace(state, body=marked, tissue=after), led


def _coached(state: State, led: CoachState) -> State:
    """The state with the coach's. Holds after a ramp are measured between its marks."""
    was, now = None if state.coach is None else state.coach.ramping, led.ramping
    begins = was is not None and now is not None and now.held and not was.held
    if not begins:
        return replace(state, coach=led)
    beside = state.if_moved
    if beside is not None:
        beside = replace(beside, tissue=engine.opened(beside.tissue))
    return replace(state, coach=led, tissue=engine.opened(state.tissue), if_moved=beside)


def _signal(params: Params, state: State, signal: PersonSignal) -> tuple[State, Output]:
    """A word from the person: body and tissue mark the pose first, so that the coach sees it."""
    tested = _tested(params, state, signal)
    if tested is not None:
        return tested[0], Output(None, tested[1].decisions, ())
    if params.coach is None or state.coach is None:
        return state, Output(None, (), ())
    if _ramps(params.coach, state.coach):
        # A ramp that marked makes no window for the next: its ceiling would end that one early.
        coach_state, said = coach.step(params.coach, state.coach, signal)
        moved, coach_state = _ramped(params.coach, params.body, params.tissue, state, coach_state)
        return _coached(moved, coach_state), Output(None, said.decisions, ())
    if signal.kind in MARKS and not (signal.targets or coach.heeds_marks(state.coach)):
        coach_state, said = coach.step(params.coach, state.coach, signal)
        return replace(state, coach=coach_state), Output(None, said.decisions, ())
    if signal.kind in MARKS and not signal.targets:
        signal = replace(signal, targets=coach.current_targets(params.coach, state.coach))
    body_state, (tissue_state, _) = state.body, engine.step(params.tissue, state.tissue, signal)
    if tissue_state.marks is not state.tissue.marks:
        # One that changes nothing leaves the pose of the mark before it.
        body_state, _ = estimator.step(params.body, state.body, signal)
    coach_state, said = coach.step(params.coach, state.coach, signal)
    beside = _marked(params, state, signal, muscles=True)
    moved = replace(state, body=body_state, tissue=tissue_state, if_moved=beside)
    return _coached(moved, coach_state), Output(None, said.decisions, ())
