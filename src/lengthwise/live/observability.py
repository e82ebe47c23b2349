"""Use case: which angles will be known, and how surely, for an exercise and a set of sensors.

Computed, not listed: a simulated person stands, takes the start posture and does the exercise in
front of those sensors, and the body estimate says what it knows of each angle in the hold.
"""

from collections.abc import Callable
from math import degrees
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side
from lengthwise.contracts.observation import ImuSample, LandmarkFrame, PersonSignal, Tick
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.live.window_known import Placed, WindowKnown, places, window_known
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.recording import RATE_HZ, Plan, SimulatedRecording

_STAND_S, _SHORTEST_S, _HOLD_S = 4.0, 13.0, 6.0
_TICK_S = 0.05
_TELL_S = 1.0
"""How often, in seconds of the recording, progress is told."""
_SEEDS = (0, 1)
_SURER_RATIO = 0.8
Progress = Callable[[float, str], None]
ADDABLE = ("camera", "sacrum", "t12", "thigh_l", "thigh_r", "shank_l", "shank_r")
"""What may be tried beside the sensors at hand, in the order of how easily it is had."""


class Known(Struct, frozen=True):
    """One angle in the hold: `sd_deg`, the share of time in which it is claimed, else why not."""

    coordinate: Coordinate
    sd_deg: float
    claimed_ratio: float
    unseen: Unseen
    required: bool

    @property
    def enough(self) -> bool:
        return self.claimed_ratio >= 0.5


class Observability(Struct, frozen=True):
    """`missing`: what the exercise requires and these sensors do not make known.

    `advice`: the one sensor whose addition would make most of that known, None where none would or
    none is needed; `still_missing`: what would be left then. `window`: how surely the place between
    the person's marks would be known, None where the exercise is not held between marks.
    """

    exercise_id: str
    side: Side
    sensors: str
    angles: tuple[Known, ...]
    missing: tuple[Coordinate, ...]
    advice: str | None = None
    still_missing: tuple[Coordinate, ...] = ()
    window: WindowKnown | None = None


def observability(
    exercise_id: str,
    sensors: str,
    *,
    side: Side = Side.LEFT,
    advise: bool = True,
    progress: Progress = lambda share, sensors: None,
) -> Observability:
    """Raises InputError for an unknown exercise or sensor. `progress` is given the share of the
    work that is done, 0 to 1, and which sensors are being tried.

    `sensors`: words of `sim.recording`, joined by +.
    """
    chosen = exercise(exercise_id).for_side(side)
    words = sensors.split("+")
    tried = [w for w in ADDABLE if w not in words and not (w == "camera" and _has_camera(words))]
    whole = 1 + (len(tried) if advise else 0)

    def within(set_number: int, tried_now: str) -> Callable[[float], None]:
        return lambda share: progress((set_number + share) / whole, tried_now)

    plain = _observed(chosen, sensors, side, within(0, sensors))
    advice, left = None, plain.missing
    for i, word in enumerate(tried if advise and plain.missing else ()):
        more = "+".join([word, *words] if word == "camera" else [*words, word])
        missing = _left(plain, _observed(chosen, more, side, within(1 + i, more)))
        if len(missing) < len(left):
            advice, left = word, missing
        if not left:
            break
    progress(1.0, sensors)
    return replace(plain, advice=advice, still_missing=left if advice else ())


def _left(before: Observability, after: Observability) -> tuple[Coordinate, ...]:
    """What is missing before and still after; an angle that was nearly known and is hardly surer
    now is not made known by what was added."""
    return tuple(
        k.coordinate
        for k, was in zip(after.angles, before.angles, strict=True)
        if k.coordinate in before.missing
        and not (k.enough and k.sd_deg <= _SURER_RATIO * was.sd_deg)
    )


def _has_camera(words: list[str]) -> bool:
    return any(word in ("camera", "front", "side") for word in words)


def _observed(
    chosen: Exercise, sensors: str, side: Side, progress: Callable[[float], None]
) -> Observability:
    """`progress` is given shares of this set of sensors."""

    def of_seed(n: int) -> Callable[[float], None]:
        return lambda share: progress((n + share) / len(_SEEDS))

    seen: list[BodyState] = []
    placed: list[Placed] = []
    for n, seed in enumerate(_SEEDS):
        bodies, there = _in_hold(chosen, sensors, side, seed, of_seed(n))
        seen += bodies
        placed += there
    angles = tuple(_known(c, seen, required=c in chosen.required) for c in COORDINATES)
    missing = tuple(k.coordinate for k in angles if k.required and not k.enough)
    return Observability(
        chosen.id, side, sensors, angles, missing, window=window_known(placed, chosen)
    )


def _known(coordinate: Coordinate, seen: list[BodyState], *, required: bool) -> Known:
    at = COORDINATES.index(coordinate)
    why = [body.unseen[at] for body in seen]
    claimed = why.count(Unseen.CLAIMED) / len(why)
    others = [reason for reason in why if reason is not Unseen.CLAIMED]
    return Known(
        coordinate,
        degrees(fmean(body.believed(coordinate).sd for body in seen)),
        claimed,
        Unseen.CLAIMED if claimed >= 0.5 else max(set(others), key=others.count),
        required,
    )


def _in_hold(
    chosen: Exercise, sensors: str, side: Side, seed: int, progress: Callable[[float], None]
) -> tuple[list[BodyState], list[Placed]]:
    """Estimates of the first seconds of the hold, after standing and easing in, and the places
    between the marks."""
    end_s = _STAND_S + _SHORTEST_S + chosen.dose.ease_in_s
    plan = Plan(chosen.id, side, seed, sensors, duration_s=end_s + _HOLD_S - 4.0, stand_s=_STAND_S)
    recording = SimulatedRecording(plan)
    params = estimator.Params(
        recording.header.streams,
        chosen.start_posture,
        posture_mean_rad(
            chosen.start_posture, overrides_rad=chosen.start_rad(), side=chosen.written_for
        ),
        zero_s=(0.5, _STAND_S - 0.5),
        pelvis_kept=chosen.pelvis_kept,
    )
    state, found, ticks, told_s = estimator.start(params), [], 0, 0.0
    placed, last = places(chosen, side, recording), None
    for observation in recording.read():
        if isinstance(observation, PersonSignal) and placed is not None and last is not None:
            state, _ = estimator.step(params, state, placed.marked(last, observation))
        if not isinstance(observation, LandmarkFrame | ImuSample):
            continue
        state, out = estimator.step(params, state, observation)
        if recording.camera is None and observation.t_s >= ticks * _TICK_S - 0.5 / RATE_HZ:
            ticks += 1
            state, out = estimator.step(params, state, Tick(observation.t_s))
        if out.state is not None:
            last = out.state
            if last.t_s > end_s - 4.0:
                found.append(last)
                if placed is not None:
                    placed.see(last)
        if observation.t_s >= told_s + _TELL_S:
            told_s = observation.t_s
            progress(min(told_s / plan.duration_s, 1.0))
    return found, [] if placed is None else placed.found
