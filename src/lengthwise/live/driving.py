"""A motorised band in a session: what leads the stretch, the person's grip and the band's readings
into the band's controller, and its set-points out. Pure steps.

    sample -> heard      what the band and its link say
    frame  -> led        what the coach allows, where the stretch stands
    moment -> ordered    the controller's step; the one place from which a set-point comes

A pull begins only in a hold or on the way into one, by a grip that was closed while the band was
released, and only where the envelope of the coach would let a person be asked further in: not
before today's first gentle pull. It goes on while that envelope lets them stay. Everything else
releases, and after a release the grip is closed anew.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.band import controller, settings
from lengthwise.band.signals import LOADED, Input, Reading
from lengthwise.band.signals import Phase as BandPhase
from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import ENDED
from lengthwise.coach.state import LOADED as STRETCHING
from lengthwise.coach.state import State as Coached
from lengthwise.contracts.band import BandLead, BandOrder, Withheld
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.devices import (
    BandMode,
    BandSample,
    DeviceSample,
    DriveMoment,
    LinkSample,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate, TissueState
from lengthwise.live.sequencer import STAMP_TOLERANCE_S
from lengthwise.reference.constants import constant


def _figure(name: str) -> float:
    return constant("band", f"drive_{name}")


_TICK_S, _UNHEARD_S, _TAKEN_S = _figure("tick_s"), _figure("unheard_s"), _figure("taken_s")
_LEAST_CAP_N = _figure("least_cap_n")
_ROOM_N, _CAP_RATIO = constant("band", "least_room_n"), constant("band", "cap_ratio")
_STALE_S = constant("band", "stale_s")
_NO_NUMBER = float("nan")
_UNSEEN = frozenset(
    {
        ReasonId.NOT_KNOWN_WINDOW,
        ReasonId.SPEED_NOT_KNOWN,
        ReasonId.NERVE_NOT_KNOWN,
        ReasonId.LUMBAR_NOT_KNOWN,
    }
)
"""Why the envelope lets nobody go deeper where the pose is not seen."""


class SideDrive(Struct, frozen=True):
    """What is so of one working side for the whole session. `withheld`: why nothing ever pulls on
    it, None where something may. `bars` of rule D, empty for none. `window` of the person,
    `targets` whose positions are held against it."""

    withheld: Withheld | None
    bars: tuple[str, ...] = ()
    targets: tuple[tuple[MuscleGroup, Side], ...] = ()
    window: Window | None = None


class Params(Struct, frozen=True):
    """`name` of the band, `cap_n` it is never commanded above; `sides` in the coach's order."""

    name: str
    cap_n: float
    sides: tuple[SideDrive, ...]


class Pull(Struct, frozen=True):
    """The pull that goes on, or went on last: by what, with which settings, since when; whether the
    band was seen to follow."""

    lead: BandLead
    params: settings.Params
    coefficients: settings.Coefficients
    begun_s: float = 0.0
    followed: bool = False


class State(Struct, frozen=True):
    """`waiting`: readings since the last moment. `armed`: the grip was closed on a band at rest,
    and nothing was released since. `withheld` by what leads, as of `led_s`; None: a pull may go on,
    and `begins` by what one may begin. `position` of the target that is furthest on, at
    `position_s`. `kept_n` by side: the force with which the window was kept while it was seen.
    `force_n` that went out last. `grasp`: of the controller. `why_not` as a screen is told it.
    """

    grasp: controller.State | None = None
    pull: Pull | None = None
    band: BandSample | None = None
    waiting: tuple[Reading, ...] = ()
    link: bool | None = None
    armed: bool = False
    side: int = 0
    withheld: Withheld | None = Withheld.NOT_IN_HOLD
    begins: BandLead | None = None
    led_s: float | None = None
    position: Estimate | None = None
    position_s: float | None = None
    kept_n: tuple[float | None, ...] = ()
    force_n: float = 0.0
    why_not: Withheld | None = Withheld.NOT_IN_HOLD
    stopped: bool = False


def start(params: Params) -> State:
    return State(kept_n=(None,) * len(params.sides))


def heard(params: Params, state: State, sample: DeviceSample) -> State:
    """What the band, or its link, says."""
    if sample.source != params.name:
        return state
    if isinstance(sample, LinkSample):
        # A grip that was closed before the link was lost is no word for whoever comes back.
        return replace(state, link=sample.up, armed=False, band=None)
    if not isinstance(sample, BandSample):
        return state
    before, at_rest = state.band, sample.mode is BandMode.RELEASED
    closed_now = before is not None and not before.grip_closed and sample.grip_closed
    # Where nothing was heard meanwhile, as after a session that was cut off, nobody saw it held.
    held = before is not None and sample.t_s - before.t_s <= _STALE_S
    armed = sample.grip_closed and ((state.armed and held) or (closed_now and at_rest))
    pull = state.pull
    if pull is not None and sample.mode is BandMode.FOLLOWING and sample.t_s >= pull.begun_s:
        pull = replace(pull, followed=True)
    reading = Reading(
        sample.t_s,
        _NO_NUMBER if sample.force_n is None else sample.force_n,
        sample.length_m,
        sample.sequence,
        # One that was opened and closed again between two moments is open.
        sample.grip_closed and (armed or not _loaded(state)),
        unloads=_lets_go(state, pull, sample),
    )
    return replace(state, band=sample, armed=armed, pull=pull, waiting=(*state.waiting, reading))


def _lets_go(state: State, pull: Pull | None, sample: BandSample) -> bool:
    """Whether the band is letting go by itself, or never took up what it was asked."""
    if sample.mode in (BandMode.RELEASING, BandMode.FAULT):
        return True
    if sample.mode is not BandMode.RELEASED or pull is None or not _loaded(state):
        return False
    return pull.followed or sample.t_s - pull.begun_s > _TAKEN_S


def _loaded(state: State) -> bool:
    return state.grasp is not None and state.grasp.phase in LOADED


def led(
    params: Params, state: State, coached: Coached, allows: Verdict, *, tissue: TissueState | None
) -> State:
    """What the coach does now, and the most its envelope `allows` anybody to be asked, with why it
    is no more. `tissue` None: after a word, between two frames."""
    stopped = state.stopped or coached.phase in ENDED
    side = min(coached.side_index, len(params.sides) - 1)
    mine = params.sides[side]
    if tissue is not None:
        state = _placed(mine, state, tissue)
    withheld, begins = _leads(mine, coached, allows)
    return replace(
        state,
        stopped=stopped,
        side=side,
        withheld=Withheld.STOPPED if stopped else withheld,
        begins=begins,
        led_s=coached.t_s,
    )


def _placed(mine: SideDrive, state: State, tissue: TissueState) -> State:
    """The position of the target that is furthest on; None where one of them is not known."""
    found = [tissue.window(*target) for target in mine.targets]
    known = [p for p in found if p is not None]
    if not known or len(known) < len(found):
        return replace(state, position=None, position_s=tissue.t_s)
    return replace(state, position=max(known, key=lambda p: p.mean), position_s=tissue.t_s)


def _leads(
    mine: SideDrive, coached: Coached, allows: Verdict
) -> tuple[Withheld | None, BandLead | None]:
    """Why nothing pulls by what leads; and, where something may, by what a pull may begin."""
    if mine.withheld is not None:
        return mine.withheld, None
    if coached.phase not in STRETCHING:
        return Withheld.NOT_IN_HOLD, None
    if allows.action < Action.HOLD or coached.sighting.easing:
        return Withheld.EASED, None
    # A window without room below its ceiling, doubt included, leads nobody: nor does a band.
    if allows.action >= Action.DEEPEN:
        return None, BandLead.WINDOW if coached.sighting.window_leads else None
    # Nothing but what is not seen may stand in the way of force alone: no ease, no pain, no strain.
    unseen = allows.reasons and {why.id for why in allows.reasons} <= _UNSEEN
    return None, BandLead.FORCE if unseen else None


def moment(params: Params, state: State, at: DriveMoment) -> tuple[State, BandOrder | None]:
    """The controller's step. None where the band is at rest and has been told so."""
    t_s = at.t_s
    why_not = _why_not(state, t_s)
    stop = state.stopped
    allowed = _allowed(state, t_s)
    state = _pull_for(params, state, begins=why_not is None and not _loaded(state), t_s=t_s)
    pull = state.pull
    if pull is None:
        return replace(state, why_not=why_not, waiting=()), None
    grasp = state.grasp or controller.start(pull.params)
    readings = tuple(_not_ahead(r, t_s) for r in state.waiting)
    if at.broken:
        readings = (*readings, Reading(t_s, 0.0, 0.0, 0, None, sound=False))
    now = Input(
        t_s,
        readings,
        stop=stop,
        start=why_not is None or grasp.phase in LOADED,
        link=state.link,
        position=state.position,
        position_t_s=state.position_s,
        allowed=allowed,
    )
    grasp, out = controller.step(pull.params, pull.coefficients, grasp, now)
    if grasp.phase is BandPhase.REST:
        # Not slack yet: the grip is still the one that asks.
        grasp = replace(grasp, asked=False)
    state = _after(state, grasp, pull, why_not)
    command = out.command
    quiet = command.force_n <= 0.0 and state.force_n <= 0.0 and not _unloading(grasp, state)
    pulled = command.force_n > 0.0
    state = replace(state, force_n=command.force_n, armed=state.armed and (pulled or quiet))
    if quiet:
        return state, None
    return state, BandOrder(
        t_s,
        params.name,
        command.force_n,
        command.rate_n_s,
        command.valid_for_s,
        out.target_n if pulled else 0.0,
        out.phase.value,
        pull.lead if pulled else None,
        () if pulled else tuple(cause.value for cause in grasp.released_by or out.causes),
    )


def _not_ahead(reading: Reading, t_s: float) -> Reading:
    """Where a notification came sooner than any before it, the band's clock is mapped too late for
    a moment; a reading that is ahead by more than that stays what it is, and releases."""
    ahead_s = reading.t_s - t_s
    return replace(reading, t_s=t_s) if 0.0 < ahead_s <= STAMP_TOLERANCE_S else reading


def _unloading(grasp: controller.State, state: State) -> bool:
    """A release is said again until the band says that it is at rest."""
    at_rest = state.band is not None and state.band.mode is BandMode.RELEASED
    return grasp.phase in (BandPhase.UNLOAD, BandPhase.STOPPED) and not at_rest


def _allowed(state: State, t_s: float) -> bool:
    fresh = state.led_s is not None and t_s - state.led_s <= _UNHEARD_S
    return fresh and state.withheld is None


def _why_not(state: State, t_s: float) -> Withheld | None:
    """Why no pull begins now, or goes on; the gravest first."""
    if state.withheld is not None and state.withheld is not Withheld.NOT_IN_HOLD:
        return state.withheld
    if state.link is not True:
        return Withheld.NO_LINK
    band = state.band
    if band is None or t_s - band.t_s > _STALE_S:
        return Withheld.SAID_NOTHING
    if band.mode is BandMode.FAULT:
        return Withheld.FAULT
    if not _allowed(state, t_s):
        return Withheld.NOT_IN_HOLD
    if not _loaded(state):
        lead = _lead(state)
        if lead is None:
            return Withheld.NO_POSITION
        if state.begins is None or (lead is BandLead.WINDOW and state.begins is not lead):
            return Withheld.NOT_DEEPER
    if not band.grip_closed:
        return Withheld.GRIP_OPEN
    return None if state.armed else Withheld.GRIP_ANEW


def _lead(state: State) -> BandLead | None:
    """By the window where the position is known; else by the force that kept it before."""
    if state.position is not None:
        return BandLead.WINDOW
    return BandLead.FORCE if state.kept_n[state.side] is not None else None


def _pull_for(params: Params, state: State, *, begins: bool, t_s: float) -> State:
    """Settings of the pull that is about to begin; between two pulls those of the last."""
    lead = _lead(state) if begins else None
    at_rest = state.grasp is None or state.grasp.phase is BandPhase.REST
    if lead is None or not at_rest:
        return state
    mine, kept_n = params.sides[state.side], state.kept_n[state.side]
    if lead is BandLead.WINDOW or kept_n is None:
        found = band_params(params.cap_n, window=mine.window)
    else:
        found = band_params(params.cap_n, at_most_n=kept_n)
    pull = Pull(lead, found, settings.coefficients(found, tick_s=_TICK_S), t_s)
    if state.grasp is None:
        # At rest first, so that the start is newly asked for.
        return replace(state, pull=pull, grasp=replace(controller.start(found), asked=False))
    return replace(state, pull=pull)


def band_params(
    cap_n: float, *, window: Window | None = None, at_most_n: float | None = None
) -> settings.Params:
    """Of a pull that is never commanded above `cap_n`: it goes to so much less that breathing has
    room, or to `at_most_n`. Raises ValueError below the least cap."""
    if not cap_n >= _LEAST_CAP_N:
        raise ValueError(f"a cap of {cap_n} N leaves no room; at least {_LEAST_CAP_N:g}")
    target_n = min(cap_n / _CAP_RATIO, cap_n - _ROOM_N)
    if at_most_n is not None:
        target_n = min(target_n, max(at_most_n, 1.0))
    return settings.params(
        target_n,
        spring_n_m=_figure("spring_n_m"),
        follow_s=_figure("follow_s"),
        lag_s=_figure("lag_s"),
        latency_s=_figure("latency_s"),
        stroke_m=_figure("stroke_m"),
        person_cap_n=cap_n,
        window=window,
    )


def _after(state: State, grasp: controller.State, pull: Pull, why_not: Withheld | None) -> State:
    """What is remembered of the pull: the least force with which the window was kept in the hold,
    since tissue that gave way is kept there by less."""
    state = replace(state, grasp=grasp, waiting=(), why_not=why_not)
    window, position = pull.params.window, state.position
    if grasp.phase is not BandPhase.HOLD or window is None or position is None:
        return state
    if not window.low <= position.mean <= window.high:
        return state
    kept, before_n = list(state.kept_n), state.kept_n[state.side]
    kept[state.side] = min(grasp.target_n, grasp.target_n if before_n is None else before_n)
    return replace(state, kept_n=tuple(kept))


def releases(order: BandOrder) -> bool:
    return order.force_n <= 0.0
