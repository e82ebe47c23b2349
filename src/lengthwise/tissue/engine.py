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

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.observation import PersonSignal
from lengthwise.contracts.person import Mark, Window
from lengthwise.contracts.states import (
    BodyState,
    Estimate,
    LumbarLoad,
    NerveStrain,
    PassiveTension,
    PassiveTorque,
    Precision,
    TissueState,
    Unseen,
)
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.tissue import length_kernel as kernel
from lengthwise.tissue import relaxation
from lengthwise.tissue.corrections import corrections
from lengthwise.tissue.groups import GroupLengths, LengthModel
from lengthwise.tissue.lengthened import lengthened_by
from lengthwise.tissue.lumbar_load import LoadParams, lumbar_load
from lengthwise.tissue.moments import model_variance_m2, within_model_rad
from lengthwise.tissue.nerve import NerveParams, nerve_strain
from lengthwise.tissue.own_torque import Resisting, own_torque
from lengthwise.tissue.passive_tension import Tension
from lengthwise.tissue.precision import Movement, StretchLine, precision, stretch_line
from lengthwise.tissue.range import RangeBounds
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


class Aim(Struct, frozen=True):
    """The targets of a line: `rows` of GROUP_SIDES, `share` (32,) of each in their mean range
    fraction, `share_per_m` (32,) the same of their lengths."""

    rows: np.ndarray
    share: np.ndarray
    share_per_m: np.ndarray


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session.

    `bounds` belong to the same measures as `anatomy`. `exercise` None: lengths without precision;
    `sides`: the working sides that precision is wanted for. `marks`: the person's marks of earlier
    days that have not expired. `setup`: today's sensors and view, named by `setup_name`; None:
    not told, and then no mark of another day counts as taken with them. `windows`, `relief`: see
    `MarkGround`. `load`, `nerve`,
    `relaxing`: None where they are not asked for. The other fields follow.
    """

    anatomy: LengthModel
    bounds: RangeBounds
    exercise: Exercise | None = None
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    marks: tuple[Mark, ...] = ()
    setup: str | None = None
    windows: tuple[Window, ...] = ()
    relief: bool = False
    load: LoadParams | None = None
    nerve: NerveParams | None = None
    relaxing: relaxation.Params | None = None
    groups: GroupLengths = field(init=False)
    lines: tuple[StretchLine, ...] = field(init=False)
    aims: tuple[Aim, ...] = field(init=False)
    start_fraction: tuple[np.ndarray, ...] = field(init=False)
    start_slope: tuple[np.ndarray, ...] = field(init=False)
    span_m: np.ndarray = field(init=False)
    ends: np.ndarray = field(init=False)
    typical_slope2: np.ndarray = field(init=False)
    ground: MarkGround = field(init=False)
    resisting: Resisting | None = field(init=False)

    def __post_init__(self) -> None:
        groups, bounds = GroupLengths.over(self.anatomy), self.bounds
        lines: tuple[StretchLine, ...] = ()
        if self.exercise is not None:
            lines = tuple(
                stretch_line(self.exercise, side, typical_slope_m=bounds.typical_slope_m)
                for side in self.sides
            )
        upright_m = groups.lengths_m(np.zeros(len(ANATOMICAL)))
        own = None if self.relaxing is None else self.relaxing.from_person
        starts = [groups.lengths_and_slopes(line.start_rad) for line in lines]
        derived = {
            "groups": groups,
            "lines": lines,
            "aims": tuple(_aim(line, bounds.span_m) for line in lines),
            "start_fraction": tuple((at - bounds.shortest_m) / bounds.span_m for at, _ in starts),
            "start_slope": tuple(slope_m / bounds.span_m[:, None] for _, slope_m in starts),
            "span_m": bounds.span_m,
            "ends": bounds.ends(),
            "typical_slope2": bounds.typical_slope_m**2,
            "ground": MarkGround(
                bounds, on_body(self.marks, upright_m), self.setup, self.windows, self.relief
            ),
            "resisting": None if own is None else Resisting.of(own, bounds.typical_slope_m),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


class _Frame(Struct, frozen=True):
    """What one frame says of every group: (13,) joints and which are claimed, (13, 13) their
    covariance; (32,) range fractions and which are known, (32, 13) their slopes, 1/rad."""

    joints_rad: np.ndarray
    covariance_rad2: np.ndarray
    seen: np.ndarray
    fraction: np.ndarray
    slope: np.ndarray
    known: np.ndarray


class State(Struct, frozen=True):
    """The last reading, for marks to be taken from it, and this session's marks.

    `marks` in the order in which they were taken, `withheld` those of a ramp, between which nothing
    is measured while it is led; `tension` what muscles were held at, and since
    when it was looked at, `t_s`.
    """

    last: Reading | None = None
    marks: tuple[SessionMark, ...] = ()
    tension: relaxation.State | None = None
    t_s: float | None = None
    withheld: tuple[SessionMark, ...] = ()


def start(params: Params) -> State:
    return State()


def step(
    params: Params, state: State, item: BodyState | PersonSignal
) -> tuple[State, TissueState | None]:
    """A body state gives a tissue state; a mark of the person is remembered and gives None."""
    if isinstance(item, PersonSignal):
        return replace(state, marks=with_marks(params.ground, state.marks, state.last, item)), None
    return _measure(params, state, item)


def withheld(params: Params, state: State, signal: PersonSignal) -> State:
    """A mark of a ramp: its ceiling would end the next one early, so it waits for what follows."""
    return replace(state, withheld=with_marks(params.ground, state.withheld, state.last, signal))


def opened(state: State) -> State:
    """From now on it is measured between the marks of the ramps."""
    return replace(state, marks=(*state.marks, *state.withheld), withheld=())


def _aim(line: StretchLine, span_m: np.ndarray) -> Aim:
    share = line.targets / max(int(line.targets.sum()), 1)
    return Aim(np.flatnonzero(share), frozen_array(share), frozen_array(share / span_m))


def _measure(params: Params, state: State, body: BodyState) -> tuple[State, TissueState]:
    believed_rad = frozen_array(body.mean_rad[_ANATOMICAL])
    covariance = frozen_array(body.covariance_rad2[_ANATOMICAL, _ANATOMICAL])
    seen = np.array([u is Unseen.CLAIMED for u in body.unseen[_ANATOMICAL]])
    within_rad = within_model_rad(believed_rad)
    length_m, slope_m = params.groups.lengths_and_slopes(within_rad)
    told, slope = kernel.doubted(
        believed_rad,
        within_rad,
        covariance,
        seen,
        length_m,
        slope_m,
        model_variance_m2(within_rad),
        params.ends,
        params.typical_slope2,
    )
    known = (told[kernel.CLAIM_SD] < _CLAIM_SD) & (told[kernel.UNSEEN_SD] < _UNSEEN_SD)
    claimed = tuple(known.tolist())
    length_sd_m, fraction, limited, limited_sd, _, _ = _sealed(told)
    reading = Reading(
        length_m=_sealed(length_m),
        length_sd_m=length_sd_m,
        claimed=claimed,
        posture_rad=believed_rad,
        informed=frozen_array([u in _INFORMED for u in body.unseen[_ANATOMICAL]], dtype="bool"),
        arms_m=_sealed(slope_m),
    )
    now = _Frame(believed_rad, covariance, seen, fraction, slope, known)
    raw = positions(params.ground, state.marks, reading, body)
    relaxing, tension, pulls = _tension(params, state, body.t_s, length_m, length_sd_m, known, raw)
    torque: PassiveTorque | None = None
    if params.resisting is not None and pulls is not None:
        torque = own_torque(
            params.resisting,
            pulls,
            posture_rad=within_rad,
            arms_m=slope_m,
            covariance_rad2=covariance,
            seen=seen,
        )
    after = State(reading, state.marks, relaxing, body.t_s, state.withheld)
    return after, TissueState(
        t_s=body.t_s,
        length_m=reading.length_m,
        length_sd_m=length_sd_m,
        range_fraction=limited,
        range_fraction_sd=limited_sd,
        claimed=claimed,
        window_position=tuple(
            numeric(position) if known_now and position is not None else None
            for position, known_now in zip(raw, claimed, strict=True)
        ),
        precision=tuple(_precise(params, i, body, now) for i in range(len(params.lines))),
        raw_position=raw,
        lumbar=_lumbar(params, body),
        nerve=_nerve(params, body, believed_rad, covariance),
        tension=tension,
        torque=torque,
    )


def _tension(
    params: Params,
    state: State,
    t_s: float,
    length_m: np.ndarray,
    length_sd_m: np.ndarray,
    known: np.ndarray,
    position: tuple[Estimate | None, ...],
) -> tuple[relaxation.State | None, PassiveTension | None, Tension | None]:
    if params.relaxing is None:
        return None, None, None
    after, now = relaxation.step(
        params.relaxing,
        state.tension or relaxation.start(),
        length_m,
        length_sd_m=length_sd_m,
        known=known,
        dt_s=0.0 if state.t_s is None else max(t_s - state.t_s, 0.0),
        position=position,
    )
    told_tension = PassiveTension(
        now.tension_n,
        now.sd_n,
        _sealed(now.known),
        _sealed(relaxation.relaxed_ratio(now.tension_n, after.elastic_n, now.known)),
        params.relaxing.from_person,
    )
    return after, told_tension, now


def _lumbar(params: Params, body: BodyState) -> LumbarLoad | None:
    """Only of an upper body that is seen: a narrow prior of its lean is no knowledge."""
    seen = any(all(body.unseen[i] is Unseen.CLAIMED for i in way) for way in _LEAN)
    if params.load is None or not seen:
        return None
    return lumbar_load(params.load, body.mean_rad, body.covariance_rad2)


def _nerve(
    params: Params, body: BodyState, joints_rad: np.ndarray, covariance_rad2: np.ndarray
) -> NerveStrain | None:
    if params.nerve is None:
        return None
    left, right = (body.unseen[i] is Unseen.CLAIMED for i in _ANKLES)
    return nerve_strain(params.nerve, joints_rad, covariance_rad2, ankle_known=(left, right))


def _precise(params: Params, i: int, body: BodyState, now: _Frame) -> Precision:
    """How purely line `i` is done."""
    line, aim = params.lines[i], params.aims[i]
    gain = now.fraction - params.start_fraction[i]
    found = precision(
        line,
        Movement(
            change_rad=now.joints_rad - line.start_rad,
            covariance_rad2=now.covariance_rad2,
            claimed=now.seen,
            gain=gain,
            known=now.known,
            slope=now.slope,
            start_slope=params.start_slope[i],
        ),
    )
    if not line.stretches:
        return found
    rows = aim.rows
    claimed = tuple(k for k in line.kept if body.unseen[INDEX[k[0]]] is Unseen.CLAIMED)

    def each_at(other_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        length_m, slope_m = params.groups.lengths_and_slopes(within_model_rad(other_rad))
        there = (length_m - params.bounds.shortest_m) / params.span_m
        return there[rows], slope_m[rows] / params.span_m[rows, None]

    further = lengthened_by(
        claimed,
        coordinates_rad=body.mean_rad,
        covariance_rad2=body.covariance_rad2,
        fraction=now.fraction[rows],
        slope=now.slope[rows],
        at=each_at,
    )
    found = replace(found, lengthened_by=further) if further else found
    if not now.known[rows].all():
        return found

    def at(other_rad: np.ndarray) -> tuple[float, np.ndarray]:
        there, slope = each_at(other_rad)
        return float(aim.share[rows] @ there), aim.share[rows] @ slope

    helpful = corrections(
        claimed,
        coordinates_rad=body.mean_rad,
        covariance_rad2=body.covariance_rad2,
        fraction=float(aim.share @ now.fraction),
        slope=aim.share @ now.slope,
        at=at,
    )
    return replace(found, corrections=helpful, gained=float(aim.share @ gain))


def _sealed(computed: np.ndarray) -> np.ndarray:
    """The same array, read-only: for results that nobody else holds, without a copy."""
    computed.flags.writeable = False
    return computed
