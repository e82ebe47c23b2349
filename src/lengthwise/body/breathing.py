"""Breathing, where a sensor shows it: its rate, where in a breath, how long it is held. Pure steps.

    step(limits, state, observation) -> state;  told(limits, state, t_s) -> Breath

- **Inertial sensors at the lowest rib or the chest.** Ribs turn about their necks, by
  7 to 13 degrees from rest to a full breath (Wilson et al. 1987, J Appl Physiol 62:1872), and a
  sensor on them turns against gravity with each breath. The axis in which it does is found from the
  readings themselves, so it may be worn in any way.
- **A camera** sees the shoulders rise against the hips by a few millimetres (De Groote et al. 1997,
  J Appl Physiol 83:1531: 3 to 5 mm at the upper ribs), which is less than landmarks usually wander:
  most of the time it shows nothing.

Each sensor has first to show regular breathing, several breaths in a row and clear of its noise.
Only then does a chest that stays flat mean a held breath. For a while that also holds in another
posture, where ribs turn the sensor by less or about another axis: there it has to be flatter, and
in all its axes. Which turn is the end of breathing in is not known from gravity alone.
"""

from math import hypot, isfinite, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.breath_turns import (
    Breathing,
    Limits,
    breathing_in,
    flat_blocks,
    main_axis,
    published_limits,
    quick_noise,
    smoothed,
)
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Observation,
    Segment,
)
from lengthwise.contracts.states import Estimate

__all__ = ["Breath", "Limits", "State", "published_limits", "start", "step", "told"]

_WORN = {Segment.THORAX: "thorax", Segment.T12: "t12"}
"""A pelvis is not carried by ribs: of the one real person who sits with sensors it told 8 breaths a
minute while the chest told 18."""
_CAMERA, _BELT = "camera", "belt"
_SHOULDERS = [LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]]
_HIPS = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
_AXIS_APART_S = 1.25
_SPANS = (1.0, 0.5, 0.25)
"""Shares of the window that are looked at, until one shows breathing."""
_CROSSED_BY_SPAN = 0.75
"""The shorter the span, the sooner a sway keeps to one axis in it by chance."""
_TURN_OVERDUE = 1.0
"""Breaths after the last turn by which the next one is known, while breathing goes on."""


class Reference(Struct, frozen=True):
    """What a breath looks like in one sensor, as last seen. `axis` (d,) of the readings;
    `excursion` between two turns along it; `noise` sd of the quick noise; `seen_s` when it was last
    seen; `turned_s` when the signal last turned, `upper` from rising to falling along the axis.
    """

    axis: np.ndarray
    breath_s: float
    breath_sd_s: float
    excursion: float
    noise: float
    seen_s: float
    turned_s: float
    upper: bool


class Channel(Struct, frozen=True):
    """One sensor since the person last moved. `count`, `total`, `squares`: of the block that is
    being filled since `block_s`; `blocks` (n, d) means before it; `flat_s`: how long the signal has
    stayed within what counts as flat, None where that cannot be told.
    """

    last_s: float
    block_s: float
    count: int
    total: tuple[float, ...]
    squares: float
    blocks: np.ndarray
    reference: Reference | None = None
    flat_s: float | None = None


class State(Struct, frozen=True):
    channels: dict[str, Channel] = {}


class Breath(Struct, frozen=True):
    """What is known of the breath at one instant; None: no sensor shows it.

    `per_min`: breaths a minute; `phase_ratio`: 0 at a turn, 1 at the turn of the same kind a breath
    later, its end not told apart from its beginning; `held_s`: how long it has been held, 0 while
    it goes; `sensor`: which one shows it.
    """

    per_min: Estimate | None = None
    phase_ratio: float | None = None
    held_s: float | None = None
    sensor: str | None = None


def start() -> State:
    return State()


def step(limits: Limits, state: State, observation: Observation) -> State:
    """One reading later. What no breath can be seen in changes nothing."""
    moved, shaken = limits.imu_moved_m_s2, limits.imu_shaken_m_s2
    if isinstance(observation, ImuSample):
        name = _WORN.get(observation.segment)
        if name is None:
            return state
        vector: tuple[float, ...] | None = observation.acc_m_s2
    elif isinstance(observation, LandmarkFrame):
        name, vector = _CAMERA, _shoulders_px(observation, limits)
        if vector is not None:
            trunk_px = hypot(*vector)
            moved = limits.camera_moved_ratio * trunk_px
            shaken = limits.camera_shaken_ratio * trunk_px
    else:
        return state
    if vector is None or not all(map(isfinite, vector)) or not isfinite(observation.t_s):
        return state
    before = state.channels.get(name)
    channel = _taken(limits, before, observation.t_s, vector, moved, shaken)
    if channel is before:
        return state
    return State(state.channels | {name: channel})


def belt_step(limits: Limits, state: State, t_s: float, force_n: float) -> State:
    """One reading of a belt round the chest later, N."""
    if not isfinite(t_s) or not isfinite(force_n):
        return state
    before = state.channels.get(_BELT)
    pull = (force_n, 0.0)  # beside an axis along which nothing ever moves
    channel = _taken(limits, before, t_s, pull, limits.belt_moved_n, limits.belt_shaken_n)
    return state if channel is before else State(state.channels | {_BELT: channel})


def told(limits: Limits, state: State, t_s: float) -> Breath:
    """What all sensors together show at `t_s`. Where one sees breathing go on, it is not held; else
    the one with the clearest breaths is believed."""
    best, breath = 0.0, Breath()
    held: list[float] = []
    for name, channel in state.channels.items():
        reference = channel.reference
        if reference is None or t_s - channel.last_s > limits.gap_s:
            continue
        found = _told(limits, channel, reference, name, t_s)
        if found.held_s is not None:
            held.append(found.held_s)
        clear = reference.excursion / max(reference.noise, 1e-12)
        if clear > best and (found.held_s is not None or found.per_min is not None):
            best, breath = clear, found
    return replace(breath, held_s=0.0) if held and min(held) == 0.0 else breath


def _told(limits: Limits, channel: Channel, reference: Reference, name: str, t_s: float) -> Breath:
    """What one sensor shows."""
    since_s = t_s - reference.turned_s
    going = since_s <= _TURN_OVERDUE * reference.breath_s
    flat_s = channel.flat_s
    if flat_s is not None and flat_s >= limits.held_from_s:
        return Breath(held_s=flat_s, sensor=name)
    if t_s - reference.seen_s > limits.gap_s or not going:
        return Breath()
    rate = 60.0 / reference.breath_s
    sd = rate * reference.breath_sd_s / reference.breath_s
    half = min(since_s / reference.breath_s, 0.5)
    return Breath(
        per_min=Estimate(rate, sd),
        phase_ratio=half if reference.upper else (0.5 + half) % 1.0,
        held_s=0.0,
        sensor=name,
    )


def _shoulders_px(frame: LandmarkFrame, limits: Limits) -> tuple[float, ...] | None:
    """Middle of the shoulders from the middle of the hips: image right and up."""
    if frame.person_count != 1:
        return None
    needed = [*_SHOULDERS, *_HIPS]
    if not frame.present[needed].all() or frame.visibility[needed].min() < limits.camera_visible:
        return None
    right, down = frame.xy_px[_SHOULDERS].mean(axis=0) - frame.xy_px[_HIPS].mean(axis=0)
    return (float(right), -float(down))


def _taken(
    limits: Limits,
    before: Channel | None,
    t_s: float,
    vector: tuple[float, ...],
    moved: float,
    shaken: float,
) -> Channel:
    """The channel with one more reading; all anew after a gap, its blocks after a movement."""
    if before is None or t_s - before.last_s > limits.gap_s:
        return _anew(t_s, vector)
    if t_s <= before.last_s:
        return before
    if t_s < before.block_s + limits.block_s:
        return replace(
            before,
            last_s=t_s,
            count=before.count + 1,
            total=tuple(a + b for a, b in zip(before.total, vector, strict=True)),
            squares=before.squares + sum(x * x for x in vector),
        )
    mean = np.array(before.total) / before.count
    spread = sqrt(max(before.squares / before.count - float(mean @ mean), 0.0))
    steps = round(1.0 / limits.block_s)
    away = 0.0
    if len(before.blocks):
        away = float(np.abs(mean - before.blocks[-min(steps, len(before.blocks))]).max())
    if spread > shaken or away > moved:
        return replace(_anew(t_s, vector), reference=before.reference)
    most = round(limits.window_s / limits.block_s)
    blocks = frozen_array(np.vstack([before.blocks[1 - most :], mean]))
    filled = Channel(
        last_s=t_s,
        block_s=before.block_s + limits.block_s,
        count=1,
        total=vector,
        squares=sum(x * x for x in vector),
        blocks=blocks,
        reference=before.reference,
    )
    return _looked_at(limits, filled)


def _anew(t_s: float, vector: tuple[float, ...]) -> Channel:
    squares = sum(x * x for x in vector)
    return Channel(t_s, t_s, 1, vector, squares, frozen_array(np.zeros((0, len(vector)))))


def _looked_at(limits: Limits, channel: Channel) -> Channel:
    """Whether the blocks show breathing now, and how long they have been flat."""
    reference = _seen(limits, channel) or channel.reference
    if reference is not None and channel.block_s - reference.seen_s > limits.remembered_s:
        reference = None
    return replace(channel, reference=reference, flat_s=_flat_s(limits, channel, reference))


def _seen(limits: Limits, channel: Channel) -> Reference | None:
    """The breathing that goes on now, if any is seen: in all that is remembered, else in what is
    left without an older part, in which a posture may have been changed slowly."""
    least = limits.least_breaths * limits.quickest_s / limits.block_s
    for share in _SPANS:
        span = round(share * limits.window_s / limits.block_s)
        blocks = channel.blocks[-span:]
        if len(blocks) < least:
            return None
        if len(channel.blocks) <= 0.5 * span:
            continue
        crossed = limits.crossed_ratio * share**_CROSSED_BY_SPAN
        found = _seen_in(limits, channel, blocks, crossed)
        if found is not None:
            return found
    return None


def _seen_in(
    limits: Limits, channel: Channel, blocks: np.ndarray, most_crossed: float
) -> Reference | None:
    now_s, old = channel.block_s, channel.reference
    axis, crossed = main_axis(smoothed(blocks), apart=round(_AXIS_APART_S / limits.block_s))
    if crossed > most_crossed:
        return None
    if old is not None and float(axis @ old.axis) < 0.0:
        axis = -axis
    along = blocks @ axis
    noise, signal = quick_noise(along), smoothed(along)
    found = breathing_in(signal, noise, limits)
    if found is None or not _goes_on(limits, found, len(signal)):
        return None
    return Reference(
        axis=frozen_array(axis),
        breath_s=found.breath_s,
        breath_sd_s=found.breath_sd_s,
        excursion=found.excursion,
        noise=noise,
        seen_s=now_s,
        turned_s=now_s - limits.block_s * (len(signal) - found.turned + 0.5),
        upper=found.upper,
    )


def _goes_on(limits: Limits, found: Breathing, count: int) -> bool:
    since_s = limits.block_s * (count - 1 - found.turned)
    return since_s <= _TURN_OVERDUE * found.breath_s


def _flat_s(limits: Limits, channel: Channel, reference: Reference | None) -> float | None:
    """Seconds that the sensor has been flat, by the breaths that were seen."""
    blocks, least = channel.blocks, round(limits.held_from_s / limits.block_s)
    if reference is None or len(blocks) < least:
        return None
    here = reference.seen_s > channel.block_s - limits.block_s * len(blocks)
    share = limits.flat_ratio if here else limits.elsewhere_ratio
    within = share * reference.excursion
    axes = [blocks @ reference.axis] if here else list(blocks.T)
    if within < limits.flat_over_noise_ratio * max(quick_noise(x[-least:]) for x in axes):
        return None
    return limits.block_s * min(flat_blocks(smoothed(x), within) for x in axes)
