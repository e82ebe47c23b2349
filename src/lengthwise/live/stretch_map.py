"""Use case: one posture in, what it does to each muscle group out.

Lengths are set beside those of upright standing and, for an exercise, beside its start. Groups that
span a coordinate the posture does not state are not known.
"""

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.live.pose_files import ANATOMICAL_PART
from lengthwise.live.posture_choice import ChosenPosture, PostureRequest, chosen_posture

if TYPE_CHECKING:
    from lengthwise.body.anatomy import Anatomy
    from lengthwise.tissue.joint_ends import PersonEnds
    from lengthwise.tissue.range import RangeBounds


class GroupStretch(Struct, frozen=True):
    """One group and side. Gains are present length less that of the other posture.

    `*_fraction`: as a share of the group's range; `range_fraction` 0..1 as everywhere else.
    `target`: the exercise is about it. All None where the posture does not say. `length_sd_mm`: of
    the anatomical model in a posture known exactly; `range_fraction_sd` also of how far people's
    joints go.
    """

    group: MuscleGroup
    side: Side
    length_mm: float | None
    range_fraction: float | None
    gain_from_upright_mm: float | None
    gain_from_upright_fraction: float | None
    gain_from_start_mm: float | None
    gain_from_start_fraction: float | None
    target: bool
    length_sd_mm: float | None = None
    range_fraction_sd: float | None = None

    @property
    def order(self) -> tuple[bool, float]:
        """Largest gain of range first, from the start where there is one, else from upright; what
        is not known last."""
        gain = self.gain_from_start_fraction
        if gain is None:
            gain = self.gain_from_upright_fraction
        return gain is None, -(gain or 0.0)


class StretchMap(Struct, frozen=True):
    """`rows` sorted by what was gained, as a share of the range; `angles` of the posture that are
    not zero, degrees."""

    posture: str
    exercise_id: str | None
    side: Side | None
    rows: tuple[GroupStretch, ...]
    notes: tuple[str, ...]
    angles: dict[str, float] = {}


class GroupLengthsNow(Struct, frozen=True):
    """(32,) lengths and fractions in the order of GROUP_SIDES, with their sds; fractions are not
    limited to 0..1, `told` are, and `told_sd` is of these.

    `known` (32,): whether everything that a group spans is stated.
    """

    length_m: np.ndarray
    length_sd_m: np.ndarray
    fraction: np.ndarray
    told: np.ndarray
    told_sd: np.ndarray
    known: np.ndarray


def stretch_map(
    request: PostureRequest, *, height_m: float | None = None, ends: "PersonEnds | None" = None
) -> StretchMap:
    """What a posture does to each group; `ends` of the joints, None: everybody's. Raises
    InputError with one line."""
    chosen = chosen_posture(request)
    from lengthwise.body.anatomy import Anatomy, BodyMeasures
    from lengthwise.live.params import range_bounds
    from lengthwise.tissue.joint_ends import EVERYBODY

    anatomy = Anatomy.build(BodyMeasures(height_m=height_m))
    bounds = range_bounds(anatomy, data_home(), ends or EVERYBODY)
    return map_of(chosen, anatomy, bounds)


def map_of(chosen: ChosenPosture, anatomy: "Anatomy", bounds: "RangeBounds") -> StretchMap:
    """The rows of one posture."""
    now = group_lengths(anatomy, bounds, chosen.mean_rad, chosen.stated)
    upright = group_lengths(anatomy, bounds, np.zeros_like(chosen.mean_rad), chosen.stated)
    start = (
        None
        if chosen.start_rad is None
        else group_lengths(anatomy, bounds, chosen.start_rad, chosen.stated)
    )
    done = chosen.exercise
    targets = {(t.group, t.side) for t in done.about} if done else set()
    rows = [
        _row(i, now, upright, start, target=GROUP_SIDES[i] in targets)
        for i in range(len(GROUP_SIDES))
    ]
    return StretchMap(
        posture=chosen.title,
        exercise_id=done.id if done else None,
        side=done.written_for if done else None,
        rows=tuple(sorted(rows, key=lambda row: row.order)),
        notes=chosen.notes,
        angles=_angles(chosen),
    )


def _angles(chosen: ChosenPosture) -> dict[str, float]:
    found = {
        c.value: round(float(np.degrees(chosen.mean_rad[INDEX[c]])), 1)
        for c in ANATOMICAL
        if c in chosen.stated
    }
    return {name: angle for name, angle in found.items() if angle}


def group_lengths(
    anatomy: "Anatomy",
    bounds: "RangeBounds",
    mean_rad: np.ndarray,
    stated: frozenset[Coordinate],
) -> GroupLengthsNow:
    """Every group in one posture (21,), known exactly."""
    from lengthwise.tissue.groups import GroupLengths
    from lengthwise.tissue.moments import model_variance_m2, within_model_rad
    from lengthwise.tissue.range_fraction import in_range

    groups, posture_rad = GroupLengths.over(anatomy), mean_rad[ANATOMICAL_PART]
    length_m = groups.lengths_m(posture_rad)
    length_sd_m = np.sqrt(model_variance_m2(within_model_rad(posture_rad)))
    found = in_range(bounds, length_m, length_sd_m)
    unsaid = np.array([c not in stated for c in ANATOMICAL])
    known = ~(((groups.weights > 0) @ anatomy.spans) @ unsaid)
    return GroupLengthsNow(length_m, length_sd_m, found.fraction, found.limited, found.sd, known)


def _row(
    i: int,
    now: GroupLengthsNow,
    upright: GroupLengthsNow,
    start: GroupLengthsNow | None,
    *,
    target: bool,
) -> GroupStretch:
    group, side = GROUP_SIDES[i]
    if not now.known[i]:
        return GroupStretch(group, side, None, None, None, None, None, None, target)

    def gain_mm(other: GroupLengthsNow) -> float:
        return round(1e3 * float(now.length_m[i] - other.length_m[i]), 4)

    def gain(other: GroupLengthsNow) -> float:
        return round(float(now.fraction[i] - other.fraction[i]), 4)

    return GroupStretch(
        group=group,
        side=side,
        length_mm=round(1e3 * float(now.length_m[i]), 4),
        range_fraction=round(float(now.told[i]), 4),
        gain_from_upright_mm=gain_mm(upright),
        gain_from_upright_fraction=gain(upright),
        gain_from_start_mm=None if start is None else gain_mm(start),
        gain_from_start_fraction=None if start is None else gain(start),
        target=target,
        length_sd_mm=round(1e3 * float(now.length_sd_m[i]), 4),
        range_fraction_sd=round(float(now.told_sd[i]), 4),
    )
