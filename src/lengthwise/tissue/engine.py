"""From the body's posture to the length of every muscle group, with honest doubt, as a pure step.

Length sd has four parts, added as variances:
- the full covariance of the thirteen joint angles through the group's moment arms;
- for a coordinate that is not claimed, the arm is at least its typical one over feasible postures:
  where the local slope happens to vanish, an unseen joint must not look harmless;
- what the anatomical model leaves open at a known posture (`geometry_sd_m_*`), and how lumbar
  levels share the total (`lumbar_share_sd_m_per_rad_*`, growing with the lumbar angles);
- where a coordinate lies beyond the end of the model, the model is asked at its end and the rest
  is doubt.

A group is claimed where the sd of its range fraction stays below `claim_range_fraction_sd` and no
unseen coordinate adds `claim_unseen_sd` or more to it: one that a group hardly depends on does no
harm, one that it depends on takes the claim away, however sure the estimate believes itself.
"""

from dataclasses import dataclass, field

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.joint_limits import joint_limit_table
from lengthwise.tissue.groups import GroupLengths, LengthModel
from lengthwise.tissue.precision import Movement, StretchLine, precision, stretch_line
from lengthwise.tissue.range import RangeBounds
from lengthwise.tissue.window import (
    SHARED_BIAS_RATIO,
    MarkReading,
    numeric,
    tolerance_today,
    window_position,
)

_CLAIM_SD = constant("tissue", "claim_range_fraction_sd")
_UNSEEN_SD = constant("tissue", "claim_unseen_sd")
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_LUMBAR = slice(0, 3)

_MARK_KINDS = {
    SignalKind.FIRST_RESISTANCE: MarkKind.FIRST_RESISTANCE,
    SignalKind.TOLERANCE: MarkKind.TOLERANCE,
}

_MarkKey = tuple[MuscleGroup, Side, MarkKind]


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session.

    `bounds` belong to the same measures as `anatomy`. `exercise` None: lengths without precision;
    `sides`: the working sides that precision is wanted for. `marks`: the person's marks of earlier
    days that have not expired. `setup`: today's sensors and view, named by `setup_name`; None:
    not told, and then no mark of another day counts as taken with them. The other fields follow.
    """

    anatomy: LengthModel
    bounds: RangeBounds
    exercise: Exercise | None = None
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    marks: tuple[Mark, ...] = ()
    setup: str | None = None
    groups: GroupLengths = field(init=False)
    lines: tuple[StretchLine, ...] = field(init=False)
    start_fraction: tuple[np.ndarray, ...] = field(init=False)
    start_slope: tuple[np.ndarray, ...] = field(init=False)
    span_m: np.ndarray = field(init=False)
    typical_slope2: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        groups, bounds = GroupLengths.over(self.anatomy), self.bounds
        lines: tuple[StretchLine, ...] = ()
        if self.exercise is not None:
            lines = tuple(
                stretch_line(self.exercise, side, typical_slope_m=bounds.typical_slope_m)
                for side in self.sides
            )
        starts = [groups.lengths_and_slopes(line.start_rad) for line in lines]
        derived = {
            "groups": groups,
            "lines": lines,
            "start_fraction": tuple((at - bounds.shortest_m) / bounds.span_m for at, _ in starts),
            "start_slope": tuple(slope_m / bounds.span_m[:, None] for _, slope_m in starts),
            "span_m": bounds.span_m,
            "typical_slope2": bounds.typical_slope_m**2,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class SessionMark(Struct, frozen=True):
    """A mark taken in this session, as range fraction (not limited to 0..1).

    `own_sd`: the part of `sd` that other readings of the session do not share.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    range_fraction: float
    sd: float
    own_sd: float
    t_s: float


class State(Struct, frozen=True):
    """The last reading, for marks to be taken from it, and this session's marks.

    `range_fraction`, `range_fraction_sd`, `own_sd` (32,), before they are limited to 0..1; None at
    first. `own_sd`: the part of the sd that other readings of the session do not share.
    """

    range_fraction: np.ndarray | None = None
    range_fraction_sd: np.ndarray | None = None
    own_sd: np.ndarray | None = None
    claimed: tuple[bool, ...] = ()
    marks: tuple[SessionMark, ...] = ()


def start(params: Params) -> State:
    return State()


def step(
    params: Params, state: State, item: BodyState | PersonSignal
) -> tuple[State, TissueState | None]:
    """A body state gives a tissue state; a mark of the person is remembered and gives None."""
    if isinstance(item, PersonSignal):
        return _with_marks(state, item), None
    return _measure(params, state, item)


def _measure(params: Params, state: State, body: BodyState) -> tuple[State, TissueState]:
    believed_rad = body.mean_rad[_ANATOMICAL]
    covariance = body.covariance_rad2[_ANATOMICAL, _ANATOMICAL]
    seen = np.array([u is Unseen.CLAIMED for u in body.unseen[_ANATOMICAL]])
    within_rad = np.minimum(np.maximum(believed_rad, _MODEL_LOW_RAD), _MODEL_HIGH_RAD)
    length_m, slope_m = params.groups.lengths_and_slopes(within_rad)
    length_sd_m = np.sqrt(
        _posture_variance_m2(params, slope_m, covariance, seen)
        + np.maximum(params.typical_slope2, slope_m**2) @ (believed_rad - within_rad) ** 2
        + _model_variance_m2(within_rad)
    )
    fraction = (length_m - params.bounds.shortest_m) / params.span_m
    fraction_sd = length_sd_m / params.span_m
    limited, limited_sd = limit_to_range(fraction, fraction_sd)
    unseen = np.maximum(covariance.diagonal(), 0.0) * ~seen
    unseen_sd = np.sqrt((slope_m**2 * unseen).max(axis=1)) / params.span_m
    known = (limited_sd < _CLAIM_SD) & (unseen_sd < _UNSEEN_SD)
    claimed = tuple(known.tolist())
    own_sd = _own_sd(params, body, slope_m, covariance, seen, fraction_sd)
    moved = State(_sealed(fraction), _sealed(fraction_sd), _sealed(own_sd), claimed, state.marks)
    slope = slope_m / params.span_m[:, None]
    raw = _positions(params, moved)
    return moved, TissueState(
        t_s=body.t_s,
        length_m=_sealed(length_m),
        length_sd_m=_sealed(length_sd_m),
        range_fraction=_sealed(limited),
        range_fraction_sd=_sealed(limited_sd),
        claimed=claimed,
        window_position=tuple(
            numeric(position) if known_now else None
            for position, known_now in zip(raw, claimed, strict=True)
        ),
        precision=tuple(
            precision(
                line,
                Movement(
                    change_rad=believed_rad - line.start_rad,
                    covariance_rad2=covariance,
                    claimed=seen,
                    gain=fraction - start_fraction,
                    known=known,
                    slope=slope,
                    start_slope=start_slope,
                ),
            )
            for line, start_fraction, start_slope in zip(
                params.lines, params.start_fraction, params.start_slope, strict=True
            )
        ),
        raw_position=raw,
    )


def limit_to_range(fraction: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Range fractions within 0..1 and their sd; what lay outside becomes doubt.

    A reading beyond the bounds says that the bounds are not this person's, so the excess is added
    to the variance: a small one is forgiven, a large one takes the claim away. Window positions
    and marks are computed before this limit and never saturate.
    """
    limited = np.minimum(np.maximum(fraction, 0.0), 1.0)
    return limited, np.hypot(sd, fraction - limited)


def _sealed(computed: np.ndarray) -> np.ndarray:
    """The same array, read-only: for results that nobody else holds, without a copy."""
    computed.flags.writeable = False
    return computed


def _posture_variance_m2(
    params: Params, slope_m: np.ndarray, covariance: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """(32,) from the covariance through the moment arms, unseen joints by their typical arm."""
    through_arms = ((slope_m @ covariance) * slope_m).sum(axis=1)
    missing2 = np.maximum(params.typical_slope2 - slope_m**2, 0.0)
    prior = np.maximum(covariance.diagonal(), 0.0) * ~seen
    return np.asarray(np.maximum(through_arms, 0.0) + missing2 @ prior)


def _own_sd(
    params: Params,
    body: BodyState,
    slope_m: np.ndarray,
    covariance: np.ndarray,
    seen: np.ndarray,
    fraction_sd: np.ndarray,
) -> np.ndarray:
    """(32,) the part of the sd that a difference of two readings of this session keeps.

    The anatomical model's own error is the same in both and cancels. An angle that is not seen is
    wherever it is for most of a session; `shared_bias_ratio` of its variance is taken as staying.
    """
    own = body.own_covariance_rad2
    if own is None:
        own = (1.0 - SHARED_BIAS_RATIO) * covariance
    else:
        moving = np.where(seen, 1.0, np.sqrt(1.0 - SHARED_BIAS_RATIO))
        own = own * np.outer(moving, moving)
    variance_m2 = _posture_variance_m2(params, slope_m, own, seen)
    own_sd: np.ndarray = np.minimum(np.sqrt(variance_m2) / params.span_m, fraction_sd)
    return own_sd


def _model_variance_m2(within_rad: np.ndarray) -> np.ndarray:
    """(32,) what the anatomical model leaves open at a posture known exactly."""
    lumbar_rad = within_rad[_LUMBAR]
    return np.asarray(_GEOMETRY_SD_M**2 + _SHARE_SD_M_PER_RAD**2 * (lumbar_rad @ lumbar_rad))


def _positions(params: Params, state: State) -> tuple[Estimate | None, ...]:
    """Window position of each group, claimed or not and however unsure; None without both marks."""
    out: list[Estimate | None] = [None] * len(GROUP_SIDES)
    marks = _marks_by_muscle(params, state)
    if state.range_fraction is None or state.range_fraction_sd is None or state.own_sd is None:
        return tuple(out)
    for group, side, kind in marks:
        row = GROUP_INDEX[group, side]
        tolerance = marks.get((group, side, MarkKind.TOLERANCE))
        if kind is MarkKind.FIRST_RESISTANCE and tolerance is not None:
            reading = Estimate(
                float(state.range_fraction[row]), float(state.range_fraction_sd[row])
            )
            first = marks[group, side, kind]
            out[row] = window_position(
                reading, first=first, tolerance=tolerance, own_sd=float(state.own_sd[row])
            )
    return tuple(out)


def _marks_by_muscle(params: Params, state: State) -> dict[_MarkKey, MarkReading]:
    """The latest mark of each kind; one of this session takes the place of an older one.

    Where only first resistance was marked again, the tolerance that was marked together with the
    older first resistance, on the same day and in the set-up that is also today's, is carried over
    to today.
    """
    latest = {
        (mark.group, mark.side, mark.kind): mark
        for mark in sorted(params.marks, key=lambda m: m.measured_utc)
    }
    found = {key: MarkReading(m.range_fraction, m.sd, False) for key, m in latest.items()}
    today = {
        (m.group, m.side, m.kind): MarkReading(m.range_fraction, m.sd, True, m.own_sd)
        for m in state.marks
    }
    for (group, side, kind), first_now in today.items():
        then = (group, side, MarkKind.FIRST_RESISTANCE)
        tolerance = (group, side, MarkKind.TOLERANCE)
        if kind is not MarkKind.FIRST_RESISTANCE or tolerance in today:
            continue
        if then not in latest or tolerance not in latest:
            continue
        if _together(latest[then], latest[tolerance], params.setup):
            found[tolerance] = tolerance_today(
                first_now, first_then=found[then], tolerance_then=found[tolerance]
            )
    return found | today


def _together(a: Mark, b: Mark, setup: str | None) -> bool:
    """Taken on one day, both in this set-up: other sensors err otherwise, so nothing cancels."""
    return a.setup == b.setup == setup and a.measured_utc[:10] == b.measured_utc[:10]


def _with_marks(state: State, signal: PersonSignal) -> State:
    """The state with the present reading of the signal's targets as marks.

    Nothing is marked before the first reading, or for a muscle that is not claimed.
    """
    kind = _MARK_KINDS.get(signal.kind)
    if kind is None or state.range_fraction is None or state.range_fraction_sd is None:
        return state
    assert state.own_sd is not None, "it is kept with the reading"
    taken = []
    for i, (group, side) in enumerate(GROUP_SIDES):
        if (group, side) in signal.targets and state.claimed[i]:
            reading, sd = float(state.range_fraction[i]), float(state.range_fraction_sd[i])
            own_sd = float(state.own_sd[i])
            taken.append(SessionMark(group, side, kind, reading, sd, own_sd, signal.t_s))
    renewed = {(m.group, m.side, m.kind) for m in taken}
    kept = [m for m in state.marks if (m.group, m.side, m.kind) not in renewed]
    return msgspec.structs.replace(state, marks=(*kept, *taken))


def _per_group(prefix: str) -> np.ndarray:
    """(32,) a constant of each group, 0 where the group has none."""
    known = constants("tissue")
    names = [f"{prefix}_{group.value}" for group, _ in GROUP_SIDES]
    return frozen_array([known[name].value if name in known else 0.0 for name in names])


_GEOMETRY_SD_M = _per_group("geometry_sd_m")
_SHARE_SD_M_PER_RAD = _per_group("lumbar_share_sd_m_per_rad")
_MODEL_LOW_RAD = frozen_array([row.model_low_rad for row in joint_limit_table()[_ANATOMICAL]])
_MODEL_HIGH_RAD = frozen_array([row.model_high_rad for row in joint_limit_table()[_ANATOMICAL]])
