"""From the body's posture to the length of every muscle group, with honest doubt, as a pure step.

Length sd has four parts, added as variances:
- the full covariance of the thirteen joint angles through the group's moment arms;
- for a coordinate that is not claimed, the arm is at least its typical one over feasible postures:
  where the local slope happens to vanish, an unseen joint must not look harmless;
- what the anatomical model leaves open at a known posture (`geometry_sd_m_*`), and how lumbar
  levels share the total (`lumbar_share_sd_m_per_rad_*`, growing with the lumbar angles);
- where a coordinate lies beyond the end of the model, the model is asked at its end and the rest
  is doubt.

A group is claimed where the sd of its length, as a share of the usual range (`range_fraction`),
stays below `claim_range_fraction_sd` and no unseen coordinate adds `claim_unseen_sd` or more to it:
one that a group hardly depends on does no harm, one that it depends on takes the claim away,
however sure the estimate believes itself.
"""

from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.observation import PersonSignal
from lengthwise.contracts.person import Mark
from lengthwise.contracts.states import (
    BodyState,
    LumbarLoad,
    NerveStrain,
    PassiveTension,
    Precision,
    TissueState,
    Unseen,
)
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.tissue import relaxation
from lengthwise.tissue.corrections import corrections
from lengthwise.tissue.groups import GroupLengths, LengthModel
from lengthwise.tissue.lumbar_load import LoadParams, lumbar_load
from lengthwise.tissue.moments import model_variance_m2, within_model_rad
from lengthwise.tissue.nerve import NerveParams, nerve_strain
from lengthwise.tissue.precision import Movement, StretchLine, precision, stretch_line
from lengthwise.tissue.range import RangeBounds
from lengthwise.tissue.range_fraction import in_range
from lengthwise.tissue.session_marks import (
    MarkGround,
    Reading,
    SessionMark,
    on_body,
    positions,
    with_marks,
)
from lengthwise.tissue.window import numeric

_CLAIM_SD = constant("tissue", "claim_range_fraction_sd")
_UNSEEN_SD = constant("tissue", "claim_unseen_sd")
_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_ANKLES = (INDEX[Coordinate.ANKLE_DORSIFLEXION_L], INDEX[Coordinate.ANKLE_DORSIFLEXION_R])
_LEAN = (
    (INDEX[Coordinate.PELVIS_TILT], INDEX[Coordinate.LUMBAR_FLEXION]),
    (INDEX[Coordinate.TRUNK_FLEXION],),
)
"""What tells how the upper body leans, either way."""
_INFORMED = frozenset({Unseen.CLAIMED, Unseen.UNCERTAIN})


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session.

    `bounds` belong to the same measures as `anatomy`. `exercise` None: lengths without precision;
    `sides`: the working sides that precision is wanted for. `marks`: the person's marks of earlier
    days that have not expired. `setup`: today's sensors and view, named by `setup_name`; None:
    not told, and then no mark of another day counts as taken with them. `load`, `nerve`,
    `relaxing`: None where they are not asked for. The other fields follow.
    """

    anatomy: LengthModel
    bounds: RangeBounds
    exercise: Exercise | None = None
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    marks: tuple[Mark, ...] = ()
    setup: str | None = None
    load: LoadParams | None = None
    nerve: NerveParams | None = None
    relaxing: relaxation.Params | None = None
    groups: GroupLengths = field(init=False)
    lines: tuple[StretchLine, ...] = field(init=False)
    start_fraction: tuple[np.ndarray, ...] = field(init=False)
    start_slope: tuple[np.ndarray, ...] = field(init=False)
    span_m: np.ndarray = field(init=False)
    usual_span_m: np.ndarray = field(init=False)
    typical_slope2: np.ndarray = field(init=False)
    ground: MarkGround = field(init=False)

    def __post_init__(self) -> None:
        groups, bounds = GroupLengths.over(self.anatomy), self.bounds
        lines: tuple[StretchLine, ...] = ()
        if self.exercise is not None:
            lines = tuple(
                stretch_line(self.exercise, side, typical_slope_m=bounds.typical_slope_m)
                for side in self.sides
            )
        upright_m = groups.lengths_m(np.zeros(len(ANATOMICAL)))
        starts = [groups.lengths_and_slopes(line.start_rad) for line in lines]
        derived = {
            "groups": groups,
            "lines": lines,
            "start_fraction": tuple((at - bounds.shortest_m) / bounds.span_m for at, _ in starts),
            "start_slope": tuple(slope_m / bounds.span_m[:, None] for _, slope_m in starts),
            "span_m": bounds.span_m,
            "usual_span_m": bounds.usual_span_m,
            "typical_slope2": bounds.typical_slope_m**2,
            "ground": MarkGround(bounds, on_body(self.marks, upright_m), self.setup),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class State(Struct, frozen=True):
    """The last reading, for marks to be taken from it, and this session's marks.

    `marks` in the order in which they were taken; `tension` what muscles were held at, and since
    when it was looked at, `t_s`.
    """

    last: Reading | None = None
    marks: tuple[SessionMark, ...] = ()
    tension: relaxation.State | None = None
    t_s: float | None = None


def start(params: Params) -> State:
    return State()


def step(
    params: Params, state: State, item: BodyState | PersonSignal
) -> tuple[State, TissueState | None]:
    """A body state gives a tissue state; a mark of the person is remembered and gives None."""
    if isinstance(item, PersonSignal):
        return replace(state, marks=with_marks(params.ground, state.marks, state.last, item)), None
    return _measure(params, state, item)


def _measure(params: Params, state: State, body: BodyState) -> tuple[State, TissueState]:
    believed_rad = body.mean_rad[_ANATOMICAL]
    covariance = body.covariance_rad2[_ANATOMICAL, _ANATOMICAL]
    seen = np.array([u is Unseen.CLAIMED for u in body.unseen[_ANATOMICAL]])
    within_rad = within_model_rad(believed_rad)
    length_m, slope_m = params.groups.lengths_and_slopes(within_rad)
    length_sd_m = np.sqrt(
        _posture_variance_m2(params.typical_slope2, slope_m, covariance, seen)
        + np.maximum(params.typical_slope2, slope_m**2) @ (believed_rad - within_rad) ** 2
        + model_variance_m2(within_rad)
    )
    place = in_range(params.bounds, length_m, length_sd_m)
    fraction = place.fraction
    unseen = np.maximum(covariance.diagonal(), 0.0) * ~seen
    unseen_sd = np.sqrt((slope_m**2 * unseen).max(axis=1)) / params.usual_span_m
    known = (place.length_sd < _CLAIM_SD) & (unseen_sd < _UNSEEN_SD)
    claimed = tuple(known.tolist())
    reading = Reading(
        length_m=_sealed(length_m),
        length_sd_m=_sealed(length_sd_m),
        claimed=claimed,
        posture_rad=frozen_array(believed_rad),
        informed=frozen_array([u in _INFORMED for u in body.unseen[_ANATOMICAL]], dtype="bool"),
        arms_m=_sealed(slope_m),
    )
    slope = slope_m / params.span_m[:, None]
    raw = positions(params.ground, state.marks, reading, body)
    relaxing, tension = _tension(params, state, body.t_s, length_m, length_sd_m, known)
    return State(reading, state.marks, relaxing, body.t_s), TissueState(
        t_s=body.t_s,
        length_m=reading.length_m,
        length_sd_m=reading.length_sd_m,
        range_fraction=place.limited,
        range_fraction_sd=place.sd,
        claimed=claimed,
        window_position=tuple(
            numeric(position) if known_now else None
            for position, known_now in zip(raw, claimed, strict=True)
        ),
        precision=tuple(
            _precise(params, i, body, fraction=fraction, slope=slope, known=known, seen=seen)
            for i in range(len(params.lines))
        ),
        raw_position=raw,
        lumbar=_lumbar(params, body),
        nerve=_nerve(params, body),
        tension=tension,
    )


def _tension(
    params: Params,
    state: State,
    t_s: float,
    length_m: np.ndarray,
    length_sd_m: np.ndarray,
    known: np.ndarray,
) -> tuple[relaxation.State | None, PassiveTension | None]:
    if params.relaxing is None:
        return None, None
    after, now = relaxation.step(
        params.relaxing,
        state.tension or relaxation.start(),
        length_m,
        length_sd_m=length_sd_m,
        known=known,
        dt_s=0.0 if state.t_s is None else max(t_s - state.t_s, 0.0),
    )
    fresh_n, told = after.elastic_n, now.known & (after.elastic_n > 0.0)
    relaxed = np.zeros_like(fresh_n)
    relaxed[told] = 1.0 - now.tension_n[told] / fresh_n[told]
    return after, PassiveTension(
        now.tension_n,
        now.sd_n,
        frozen_array(now.known, dtype="bool"),
        _sealed(relaxed),
        params.relaxing.from_person,
    )


def _lumbar(params: Params, body: BodyState) -> LumbarLoad | None:
    """Only of an upper body that is seen: a narrow prior of its lean is no knowledge."""
    seen = any(all(body.unseen[i] is Unseen.CLAIMED for i in way) for way in _LEAN)
    if params.load is None or not seen:
        return None
    return lumbar_load(params.load, body.mean_rad, body.covariance_rad2)


def _nerve(params: Params, body: BodyState) -> NerveStrain | None:
    if params.nerve is None:
        return None
    left, right = (body.unseen[i] is Unseen.CLAIMED for i in _ANKLES)
    return nerve_strain(
        params.nerve,
        body.mean_rad[_ANATOMICAL],
        body.covariance_rad2[_ANATOMICAL, _ANATOMICAL],
        ankle_known=(left, right),
    )


def _precise(
    params: Params,
    i: int,
    body: BodyState,
    *,
    fraction: np.ndarray,
    slope: np.ndarray,
    known: np.ndarray,
    seen: np.ndarray,
) -> Precision:
    """How purely line `i` is done. (32,) range fractions, (32, 13) their slopes, (32,) known;
    (13,) which joints are claimed."""
    line = params.lines[i]
    joints_rad = body.mean_rad[_ANATOMICAL]
    gain = fraction - params.start_fraction[i]
    movement = Movement(
        change_rad=joints_rad - line.start_rad,
        covariance_rad2=body.covariance_rad2[_ANATOMICAL, _ANATOMICAL],
        claimed=seen,
        gain=gain,
        known=known,
        slope=slope,
        start_slope=params.start_slope[i],
    )
    found = precision(line, movement)
    if not line.stretches or np.any(line.targets > known):
        return found
    share = line.targets / line.targets.sum()

    def at(other_rad: np.ndarray) -> tuple[float, np.ndarray]:
        length_m, slope_m = params.groups.lengths_and_slopes(within_model_rad(other_rad))
        there = (length_m - params.bounds.shortest_m) / params.span_m
        return float(share @ there), (share / params.span_m) @ slope_m

    helpful = corrections(
        tuple(k for k in line.kept if body.unseen[INDEX[k[0]]] is Unseen.CLAIMED),
        coordinates_rad=body.mean_rad,
        covariance_rad2=body.covariance_rad2,
        fraction=float(share @ fraction),
        slope=share @ slope,
        at=at,
    )
    return replace(found, corrections=helpful, gained=float(share @ gain))


def _sealed(computed: np.ndarray) -> np.ndarray:
    """The same array, read-only: for results that nobody else holds, without a copy."""
    computed.flags.writeable = False
    return computed


@njit(cache=True)
def _posture_variance_m2(
    typical_slope2: np.ndarray, slope_m: np.ndarray, covariance: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """(32,) from the covariance through the moment arms, unseen joints by their typical arm."""
    rows, size = slope_m.shape
    out = np.empty(rows)
    for row in range(rows):
        through, missing = 0.0, 0.0
        for i in range(size):
            for j in range(size):
                through += slope_m[row, i] * covariance[i, j] * slope_m[row, j]
            if not seen[i]:
                more = typical_slope2[row, i] - slope_m[row, i] ** 2
                missing += max(more, 0.0) * max(covariance[i, i], 0.0)
        out[row] = max(through, 0.0) + missing
    return out
