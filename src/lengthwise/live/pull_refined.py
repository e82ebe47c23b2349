"""What a session's slow pull told of the person's muscles, once it is over (`refined_torque`).

The way in alone, up to the greatest torque: in a hold tension relaxes. Nothing of it leads a
session: it is told in the summary and to the reader.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.pull import MusclePulled
from lengthwise.contracts.states import Estimate
from lengthwise.live.pull_weighed import Posed
from lengthwise.reference.constants import constant
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.limb_weight import chain_of
from lengthwise.tissue.measured_torque import ramp
from lengthwise.tissue.passive_curve import GroupCurves
from lengthwise.tissue.passive_tension import PersonalTension, with_level_in_figures
from lengthwise.tissue.refined_torque import (
    RefinedTorque,
    RefiningAbsent,
    SharedError,
    TorqueReading,
    refined_torque,
)

_MOST = 20
_FASTEST_RAD_S = constant("tension", "refine_fastest_rad_s")
_PLACES = np.array([INDEX[c] for c in ANATOMICAL])


class PulledRow(Struct, frozen=True):
    """One moment: resisting torque, above 0 where the tissue resists; `own_sd_nm` of it against
    another moment; the angle of the joint, where it was seen."""

    t_s: float
    resisting_nm: float
    own_sd_nm: float
    angle_rad: float | None


class PullRefined(Struct, frozen=True):
    """`furthest_nm`: passive torque at the greatest angle of the pull, in the sense in which tissue
    resists, from the muscles and all else together. `absent`: why nothing was refined."""

    muscles: tuple[MusclePulled, ...] = ()
    furthest_rad: float | None = None
    furthest_nm: Estimate | None = None
    absent: RefiningAbsent | None = None


def pull_refined(
    groups: GroupLengths,
    curves: GroupCurves,
    before: PersonalTension,
    coordinate: Coordinate,
    rows: Sequence[PulledRow],
    poses: Sequence[Posed],
    *,
    way: int,
    ratio: float,
    offset_nm: float,
) -> PullRefined:
    """`ratio`, `offset_nm`: sds of what is wrong alike in all torques, as lever and weight are."""
    seen = _way_in(rows, way=way)
    if not seen or not poses:
        return PullRefined(absent=RefiningAbsent.TOO_FEW_READINGS)
    at_s = np.array([p.t_s for p in poses])
    postures = np.array([p.pose_rad[_PLACES] for p in poses])
    place = ANATOMICAL.index(coordinate)
    readings = []
    for row in seen:
        posture = np.array([np.interp(row.t_s, at_s, of) for of in postures.T])
        posture[place] = row.angle_rad
        readings.append(TorqueReading(posture, Estimate(-way * row.resisting_nm, row.own_sd_nm)))
    middle = poses[int(np.argmin(np.abs(at_s - seen[len(seen) // 2].t_s)))]
    covariance = _covariance(coordinate, middle)
    shared = SharedError(ratio, offset_nm, covariance)
    found = refined_torque(groups, curves, before, coordinate, readings, shared=shared)
    if isinstance(found, RefiningAbsent):
        return PullRefined(absent=found)
    furthest = readings[-1].posture_rad
    # By how much the posture is off was so through the whole pull and is in the fit.
    told = found.passive_nm(groups, curves, furthest, np.zeros_like(covariance))
    return PullRefined(
        _muscles(curves, before, found),
        float(furthest[place]),
        Estimate(-way * told.mean, told.sd),
    )


def _way_in(rows: Sequence[PulledRow], *, way: int) -> list[PulledRow]:
    """Slow moments that go further into the stretch, up to the greatest torque."""
    seen = [r for r in rows if r.angle_rad is not None]
    if len(seen) < 2:
        return []
    seen = seen[: int(np.argmax([r.resisting_nm for r in seen])) + 1]
    angle = way * np.array([r.angle_rad for r in seen], dtype=float)
    if len(seen) < 2:
        return []
    on_way, sense = ramp(angle, np.array([r.resisting_nm for r in seen]))
    if sense < 0.0:
        return []
    speed = np.abs(np.gradient(angle, [r.t_s for r in seen]))
    slow = [int(i) for i in on_way if speed[i] <= _FASTEST_RAD_S]
    if len(slow) > _MOST:
        slow = [slow[i] for i in np.linspace(0, len(slow) - 1, _MOST).astype(int)]
    return [seen[i] for i in slow]


def _covariance(coordinate: Coordinate, at: Posed) -> np.ndarray:
    """(13, 13) of the joints that carry the limb; what is not among them does not move its weight
    and hardly its muscles."""
    chain = chain_of(coordinate)
    known = [i for i, c in enumerate(chain) if c in ANATOMICAL]
    places = [ANATOMICAL.index(chain[i]) for i in known]
    covariance = np.zeros((len(ANATOMICAL), len(ANATOMICAL)))
    covariance[np.ix_(places, places)] = at.chain_covariance_rad2[np.ix_(known, known)]
    return covariance


def _muscles(
    curves: GroupCurves, before: PersonalTension, found: RefinedTorque
) -> tuple[MusclePulled, ...]:
    rows, after = list(found.rows), found.personal
    known = with_level_in_figures(curves, before, rows)
    shift_m, was_m = after.slack_shift_m(curves), before.slack_shift_m(curves)
    sd_m, before_sd_m = after.slack_shift_sd_m(), known.slack_shift_sd_m()
    told = []
    for row in rows:
        group, side = GROUP_SIDES[row]
        told.append(
            MusclePulled(
                f"{group.value}_{side.value}",
                Estimate(float(shift_m[row] - was_m[row]), float(sd_m[row])),
                float(before_sd_m[row]),
                float(after.stiffness_ratio[row]),
                Estimate(float(shift_m[row]), float(sd_m[row])),
                float(np.sqrt(after.covariance[row, 1, 1])),
            )
        )
    return tuple(told)
