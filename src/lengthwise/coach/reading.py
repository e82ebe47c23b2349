"""What one frame says about the exercise: progress, window, what is missing, what has moved."""

from math import isfinite

from msgspec import Struct

from lengthwise.coach import way
from lengthwise.coach.compensation import Deviation, deviation, difference_sd_rad
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight, edge
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.settings import Settings
from lengthwise.coach.stillness import Pose
from lengthwise.contracts.care import Nerve
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.reference.exercises import Behaviour
from lengthwise.tissue.corrections import lost_ratio
from lengthwise.tissue.window import (
    TargetPosition,
    about_in_window,
    in_window,
    leads,
    numeric,
    over_ceiling,
    room_further,
    surer_further,
)


class Reading(Struct, frozen=True):
    """One frame in the terms of the exercise. None always means: not known.

    `body_known`: some part of the body is in sight, however unsure its angles;
    `missing` required coordinates that are not claimed; `required_gone`: one of them is out of
    sight; `path_gone`: so is all that is moved; `unseen_sd_rad` how wide the doubt is of
    every watched coordinate that is not;
    `progress` share of the path since the start pose; `movement` see there, where movements to and
    fro are counted; `reached` every moved coordinate is at its end; `misplaced` claimed
    coordinates outside the start pose; `position` and `window` of the target whose position is
    surest (the gauge); `in_window` counts, `about_in_window` and `surer_further` lead, as far as
    `leads` and `room_further` of every target with a window allow; `foremost`, `foremost_window` of
    the target closest to its ceiling; `targets` every target with a position, however unsure;
    `markable`: some target is claimed, and so is every one that has a position;
    `range_fraction` and `length` (m) of the first target; `lost_ratio` the share of the stretch
    that a constraint which is not kept has taken, where that is known. `nerves`, `lumbar`: strain
    and load with the limits that they are held against.
    """

    t_s: float
    pose: Pose
    body_known: bool
    missing: tuple[Coordinate, ...]
    required_gone: bool
    path_gone: bool
    unseen_sd_rad: dict[Coordinate, float]
    progress: float | None
    movement: Estimate | None
    reached: bool | None
    misplaced: tuple[Coordinate, ...]
    deviations: tuple[Deviation, ...]
    position: Estimate | None
    window: Window | None
    in_window: bool | None
    about_in_window: bool | None
    surer_further: bool
    leads: bool
    room_further: bool
    foremost: Estimate | None
    foremost_window: Window | None
    targets: tuple[TargetPosition, ...]
    markable: bool
    unsure: bool
    line_alignment: float | None
    range_fraction: Estimate | None
    length: Estimate | None
    lost_ratio: dict[Coordinate, float]
    nerves: tuple[NerveSight, ...]
    lumbar: LumbarSight


_IN_SIGHT = frozenset({Unseen.CLAIMED, Unseen.UNCERTAIN})
"""A coordinate that is seen now; one that is too unsure to be spoken of is not out of sight."""


_SMALLEST_SD_RAD = 1e-4
_OF_A_CHANGE = difference_sd_rad(1.0, 1.0)
"""Sd of a change between two instants alike, over the sd of either."""


def _in_sight(body: BodyState, coordinate: Coordinate) -> bool:
    """What is not a number is not seen, whatever it is called."""
    i = INDEX[coordinate]
    return (
        body.unseen[i] in _IN_SIGHT
        and isfinite(body.mean_rad[i])
        and isfinite(body.covariance_rad2[i, i])
    )


def read(
    plan: SidePlan, start_pose: Pose, body: BodyState, tissue: TissueState, settings: Settings
) -> Reading:
    pose = claimed_pose(body, plan.watched)
    progress = way.progress(plan.path, start_pose, pose)
    positions = _positions(plan, tissue)
    position, window = min(positions, key=lambda pw: pw[0].sd, default=(None, None))
    foremost, foremost_window = _foremost(positions)
    return Reading(
        t_s=body.t_s,
        pose=pose,
        body_known=any(_in_sight(body, c) for c in Coordinate),
        missing=tuple(c for c in plan.required if c not in pose),
        required_gone=any(not _in_sight(body, c) for c in plan.required),
        path_gone=not any(_in_sight(body, part.coordinate) for part in plan.path),
        unseen_sd_rad={c: body.believed(c).sd for c in plan.watched if c not in pose},
        progress=progress,
        movement=None if plan.cycle is None else movement(plan, start_pose, pose, body),
        reached=_reached(plan, pose, progress, settings),
        misplaced=tuple(
            c
            for c, x in plan.start_rad
            if c in pose and abs(pose[c].mean - x) > settings.start_tolerance_rad
        ),
        deviations=tuple(
            deviation(
                limit,
                pose.get(limit.coordinate),
                start_pose.get(limit.coordinate),
                compensation_probability=settings.compensation_probability,
                doubt_probability=settings.doubt_probability,
            )
            for limit in plan.limits
        ),
        position=position,
        window=window,
        in_window=None if window is None else in_window(position, window),
        about_in_window=None if window is None else about_in_window(position, window),
        surer_further=window is not None and surer_further(position, window),
        leads=bool(positions) and all(leads(p, w) for p, w in positions),
        room_further=bool(positions) and all(room_further(p, w) for p, w in positions),
        foremost=foremost,
        foremost_window=foremost_window,
        targets=_targets(plan, tissue),
        markable=_markable(plan, tissue),
        unsure=position is None and _unsure(plan, tissue),
        line_alignment=_line_alignment(plan, tissue),
        range_fraction=_range_fraction(plan, tissue),
        length=_length(plan, tissue),
        lost_ratio=_lost_ratio(plan, tissue),
        nerves=_nerves(plan, tissue),
        lumbar=_lumbar(plan, tissue),
    )


def _nerves(plan: SidePlan, tissue: TissueState) -> tuple[NerveSight, ...]:
    found = []
    for watch in plan.nerves:
        strain = None
        if tissue.nerve is not None:
            leg = tissue.nerve.of(watch.side)
            strain = leg.sciatic if watch.nerve is Nerve.SCIATIC else leg.femoral
        found.append(NerveSight(strain, watch.limit_ratio, watch.neural_sign))
    return tuple(found)


def _lumbar(plan: SidePlan, tissue: TissueState) -> LumbarSight:
    """The disc whose band reaches higher."""
    limits, load = plan.lumbar, None
    if tissue.lumbar is not None:
        discs = (tissue.lumbar.l4l5.compression_ratio, tissue.lumbar.l5s1.compression_ratio)
        load = max(discs, key=edge)
    return LumbarSight(load, limits.eases_ratio, limits.deepens_ratio)


def claimed_pose(body: BodyState, watched: tuple[Coordinate, ...]) -> Pose:
    """The watched coordinates that may be spoken of; one that is not finite is not known."""
    pose = {}
    for coordinate in watched:
        estimate = body.claimed(coordinate)
        if estimate is not None and _finite(estimate):
            pose[coordinate] = estimate
    return pose


def movement(plan: SidePlan, start_pose: Pose, pose: Pose, body: BodyState) -> Estimate | None:
    """Share of the path by all that is in sight, claimed or not; the sd is of a change of it.

    That a knee has opened and bent is known long before its angle is: what two instants have in
    common cancels in the change. With spans a and changes x of sd s, the weighted mean of x / a
    with weights w = a^2 / s^2; its sd is sum(|a| / s) / sum(w), as if all erred together.
    """
    along = weight = doubt = 0.0
    for part in plan.path:
        now = pose.get(part.coordinate)
        if now is None:
            if not _in_sight(body, part.coordinate):
                continue
            now = body.believed(part.coordinate)
        begin = start_pose.get(part.coordinate)
        change_rad = now.mean - (part.start_rad if begin is None else begin.mean)
        sd_rad = max(now.sd, _SMALLEST_SD_RAD)
        per_sd = part.span_rad / sd_rad
        along += per_sd * change_rad / sd_rad
        weight += per_sd * per_sd
        doubt += abs(per_sd)
    if weight == 0.0:
        return None
    return Estimate(along / weight, _OF_A_CHANGE * doubt / weight)


def _reached(plan: SidePlan, pose: Pose, progress: float | None, settings: Settings) -> bool | None:
    """At the end, and not by standing there from the start: a share of the path was gone."""
    reached: bool | None = None
    for part in plan.path:
        now = pose.get(part.coordinate)
        if now is None:
            if part.coordinate in plan.required:
                return None
            continue
        end_rad = part.start_rad + part.span_rad
        remaining_rad = end_rad - now.mean if part.span_rad > 0 else now.mean - end_rad
        near_rad = min(
            settings.reached_tolerance_rad, settings.reached_span_ratio * abs(part.span_rad)
        )
        reached = (reached is not False) and remaining_rad <= near_rad
    begun = progress is not None and progress >= settings.begun_progress_ratio
    return begun if reached else reached


def _positions(plan: SidePlan, tissue: TissueState) -> list[tuple[Estimate, Window]]:
    found = []
    for (group, side), window in zip(plan.targets, plan.windows, strict=True):
        position = tissue.window(group, side)
        if position is not None and _finite(position) and tissue.claimed[GROUP_INDEX[group, side]]:
            found.append((position, window))
    return found


def _targets(plan: SidePlan, tissue: TissueState) -> tuple[TargetPosition, ...]:
    """Only a stretch is held against marks; other work passes through any length of a muscle."""
    if plan.exercise.behaviour is not Behaviour.HELD_IN_WINDOW:
        return ()
    found = []
    for (group, side), window in zip(plan.targets, plan.windows, strict=True):
        raw = tissue.raw_window(group, side)
        if raw is not None:
            claimed = tissue.claimed[GROUP_INDEX[group, side]]
            known = claimed and _finite(raw) and numeric(tissue.window(group, side)) is not None
            found.append(TargetPosition(raw, window, known))
    return tuple(found)


def _markable(plan: SidePlan, tissue: TissueState) -> bool:
    claimed = [tissue.claimed[GROUP_INDEX[target]] for target in plan.targets]
    placed = [tissue.raw_window(group, side) is not None for group, side in plan.targets]
    return any(claimed) and all(c or not p for c, p in zip(claimed, placed, strict=True))


def _unsure(plan: SidePlan, tissue: TissueState) -> bool:
    raw = (
        tissue.raw_window(group, side)
        for group, side in plan.targets
        if tissue.claimed[GROUP_INDEX[group, side]]
    )
    return any(position is not None and _finite(position) for position in raw)


def _foremost(found: list[tuple[Estimate, Window]]) -> tuple[Estimate | None, Window | None]:
    if not found:
        return None, None
    return max(found, key=lambda pw: (bool(over_ceiling(*pw)), pw[0].mean - pw[1].ceiling))


def _line_alignment(plan: SidePlan, tissue: TissueState) -> float | None:
    for precision in tissue.precision:
        if precision.side is plan.side:
            value = precision.line_alignment
            return value if value is not None and isfinite(value) else None
    return None


def _lost_ratio(plan: SidePlan, tissue: TissueState) -> dict[Coordinate, float]:
    found = {}
    for precision in tissue.precision:
        if precision.side is plan.side:
            for limit in plan.limits:
                lost = lost_ratio(precision, limit.coordinate)
                if lost is not None and isfinite(lost):
                    found[limit.coordinate] = lost
    return found


def _range_fraction(plan: SidePlan, tissue: TissueState) -> Estimate | None:
    for group, side in plan.targets[:1]:
        if tissue.claimed[GROUP_INDEX[group, side]]:
            fraction = tissue.fraction(group, side)
            return fraction if _finite(fraction) else None
    return None


def _length(plan: SidePlan, tissue: TissueState) -> Estimate | None:
    for target in plan.targets[:1]:
        row = GROUP_INDEX[target]
        if tissue.claimed[row]:
            length = Estimate(float(tissue.length_m[row]), float(tissue.length_sd_m[row]))
            return length if _finite(length) else None
    return None


def _finite(estimate: Estimate) -> bool:
    return isfinite(estimate.mean) and isfinite(estimate.sd)
