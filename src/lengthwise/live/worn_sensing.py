"""What devices tell beside inertial samples, on its way to the coach: heart, breath, pull, muscle
activity. Pure steps.

Everything here can ask to ease and nothing can do more: no sign of a heart, a breath, a pull or a
muscle makes the coach go deeper or count more, and what is not known is told as not known.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import breathing, emg, heart, heart_rest
from lengthwise.coach import coach
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import (
    BandSample,
    DeviceSample,
    EmgSample,
    ForceSample,
    HeartSample,
    LinkSample,
    Use,
    WornDevice,
)
from lengthwise.contracts.observation import Rejection, RejectionReason
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Behaviour

_AT_REST = (Phase.GET_READY, Phase.REST, Phase.PAUSED)
_STATIC = (Behaviour.HELD_IN_WINDOW, Behaviour.HELD_STILL)
_MEAN_S = 1.0
_STALE_S = constant("tension", "torque_sample_gap_s")
_FORCE_SD_N = constant("tension", "force_sensor_sd_n")


class Params(Struct, frozen=True):
    """The devices of a session, by what they are there for."""

    devices: tuple[WornDevice, ...] = ()
    beats: heart.Limits = heart.published_limits()
    muscle: emg.Limits = emg.published_limits()

    def use_of(self, source: str) -> Use | None:
        return next((d.use for d in self.devices if d.name == source), None)

    def uses(self, use: Use) -> bool:
        return any(d.use is use for d in self.devices)


class Pulled(Struct, frozen=True):
    """Mean of a pull over about a second, `n` readings long, newest at `t_s`."""

    t_s: float
    mean_n: float
    n: int = 1


class State(Struct, frozen=True):
    """`pulls` by device, `muscles` likewise, with what is watched of each; `lost`: devices whose
    link is gone; `no_rest`: devices of muscle activity whose level at rest is not known in the
    static hold that goes on, so nothing that they tell is judged."""

    beats: heart.State = heart.State()
    rest: heart_rest.Rest = heart_rest.Rest()
    pulls: dict[str, Pulled] = {}
    muscles: dict[str, tuple[emg.State, emg.Watch]] = {}
    lost: frozenset[str] = frozenset()
    no_rest: frozenset[str] = frozenset()


def start() -> State:
    return State()


def step(
    params: Params,
    state: State,
    breath: tuple[breathing.Limits, breathing.State],
    sample: DeviceSample,
) -> tuple[State, breathing.State]:
    """One sample. Of a device that this session does not know nothing is used."""
    limits, breathes = breath
    use = params.use_of(sample.source)
    if use is None:
        return state, breathes
    if isinstance(sample, LinkSample):
        gone = {sample.source}
        return replace(state, lost=state.lost - gone if sample.up else state.lost | gone), breathes
    if isinstance(sample, HeartSample) and use is Use.HEART:
        return replace(state, beats=heart.step(params.beats, state.beats, sample)), breathes
    if isinstance(sample, EmgSample) and use is Use.EMG:
        active, watch = state.muscles.get(sample.source, (emg.start(), emg.Watch()))
        known = emg.step(params.muscle, active, sample), watch
        return replace(state, muscles=state.muscles | {sample.source: known}), breathes
    if isinstance(sample, ForceSample | BandSample) and sample.force_n is not None:
        if use is Use.BREATH:
            return state, breathing.belt_step(limits, breathes, sample.t_s, sample.force_n)
        if use is Use.PULL:
            pulls = state.pulls | {sample.source: _pulled(state.pulls.get(sample.source), sample)}
            return replace(state, pulls=pulls), breathes
    return state, breathes


def _pulled(before: Pulled | None, sample: ForceSample | BandSample) -> Pulled:
    assert sample.force_n is not None
    if before is None or not 0.0 <= sample.t_s - before.t_s <= _STALE_S:
        return Pulled(sample.t_s, sample.force_n)
    share = min((sample.t_s - before.t_s) / _MEAN_S, 1.0)
    mean_n = before.mean_n + share * (sample.force_n - before.mean_n)
    return Pulled(sample.t_s, mean_n, before.n + 1)


def framed(
    params: Params, state: State, coached: coach.State | None, led: coach.Params | None, t_s: float
) -> State:
    """One frame later: the heart of who rests is that of the posture, and so is a muscle's."""
    static = _static_hold(coached, led)
    if state.muscles:
        ready = coached is not None and coached.phase is Phase.GET_READY
        muscles = {
            name: (
                active,
                emg.framed(params.muscle, watch, active, t_s, at_rest=ready, static_hold=static),
            )
            for name, (active, watch) in state.muscles.items()
        }
        state = replace(state, muscles=muscles)
    without = _without_rest(params, state) if static else frozenset()
    if without != state.no_rest:
        state = replace(state, no_rest=without)
    if not params.uses(Use.HEART):
        return state
    at_rest = coached is not None and coached.phase in _AT_REST
    rest = heart_rest.step(params.beats, state.rest, state.beats, t_s, at_rest=at_rest)
    return state if rest is state.rest else replace(state, rest=rest)


def _without_rest(params: Params, state: State) -> frozenset[str]:
    known = {name for name, (_, watch) in state.muscles.items() if watch.rest_v is not None}
    return frozenset(d.name for d in params.devices if d.use is Use.EMG and d.name not in known)


def not_judged(before: State, after: State, t_s: float) -> tuple[Rejection, ...]:
    """Once for each static hold in which a muscle's activity says nothing for want of a rest."""
    why = "its level at rest is not known in this hold"
    return tuple(
        Rejection(t_s, f"muscle_activity:{name}", RejectionReason.NO_REST, why)
        for name in sorted(after.no_rest - before.no_rest)
    )


def _static_hold(coached: coach.State | None, led: coach.Params | None) -> bool:
    holds = coached is not None and coached.phase is Phase.HOLD
    return holds and led is not None and led.exercise.behaviour in _STATIC


def muscle_works_ratio(params: Params, state: State, t_s: float) -> float | None:
    """How many times as active as at rest the most active of the watched muscles is, where that
    asks to ease; else None, as where nothing is heard of any."""
    found = [
        emg.works_ratio(params.muscle, watch, active, t_s)
        for name, (active, watch) in state.muscles.items()
        if name not in state.lost
    ]
    return max((ratio for ratio in found if ratio is not None), default=None)


def heart_effort_per_min(
    params: Params, state: State, coached: coach.State | None, led: coach.Params, t_s: float
) -> float | None:
    """By how much the heart beats faster than at rest, where that asks to ease; else None."""
    if coached is None or not params.uses(Use.HEART):
        return None
    since_s = coached.phase_start_s if _static_hold(coached, led) else None
    more = heart_rest.rise_per_min(
        params.beats, state.rest, state.beats, t_s, static_hold_since_s=since_s
    )
    return more if more is not None and more >= params.beats.ease_rise_per_min else None


def pull_n(params: Params, state: State, t_s: float) -> Estimate | None:
    """The measured pull of a line that does not give, as far as it is of now.

    One that stretches keeps its force while tissue gives way (an elastic band loses 2 to 4 % where
    a strap loses 13 to 17), and one with a motor keeps it by itself: there a pull that does not
    fall says nothing of the person.
    """
    stiff = [d for d in params.devices if d.pull is not None and d.pull.stiff]
    for device in stiff:
        pulled = state.pulls.get(device.name)
        if pulled is not None and t_s - pulled.t_s <= _STALE_S and device.name not in state.lost:
            return Estimate(pulled.mean_n, _FORCE_SD_N)
    return None
