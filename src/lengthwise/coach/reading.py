"""What one frame says about the exercise: progress, window, what is missing, what has moved."""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import way
from lengthwise.coach.body_sight import body_sight, seen_at_all
from lengthwise.coach.compensation import Deviation, Keeping, deviation, difference_sd_rad
from lengthwise.coach.limits.tissue import LumbarSight, NerveSight, edge
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.settings import Settings
from lengthwise.coach.stillness import NO_POSE, Pose
from lengthwise.coach.target_sight import finite, foremost, surest, target_sight
from lengthwise.contracts.care import Nerve
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import BodyState, Estimate, Precision, TissueState
from lengthwise.tissue.corrections import lost_ratio
from lengthwise.tissue.window import (
    TargetPosition,
    about_in_window,
    in_window,
    leads,
    room_further,
    surely_over,
    surer_further,
)


class Reading(Struct, frozen=True, gc=False):
    """One frame in the terms of the exercise. None always means: not known.

    `body_known`: some part of the body is in sight, however unsure its angles;
    `missing` required coordinates that are not claimed; `required_gone`: one of them is out of
    sight; `path_gone`: so is all that is moved; `unseen_sd_rad` how wide the doubt is of
    every watched coordinate that is not;
    `progress` share of the path since the start pose; `movement` see there, where movements to and
    fro are counted; `reached` every moved coordinate is at its end, asked where one holds still
    there; `misplaced` claimed coordinates outside the start pose; `position` and `window` of the
    target whose position is surest (the gauge); `in_window` counts, `about_in_window` and
    `surer_further` lead, as far as `leads` and `room_further` of every target with a window allow;
    `foremost`, `foremost_window` of the target closest to its ceiling; `targets` every target with
    a position, however unsure; `markable`: some target is claimed, and so is every one that has a
    position; `over` those that are surely over their ceiling; `keeping`: the worst of the
    deviations; `range_fraction` and `length` (m) of the first target; `lost_ratio` the share of the
    stretch that a constraint which has left its place has taken, where that is known;
    `lengthened_by`: those that have surely lengthened every target instead. `nerves`, `lumbar`:
    strain and load with the limits that they are held against. `back`: how much of the way to
    `begun`, where the path stood when the hold began, has been taken back.
    """

    t_s: float
    pose: Pose
    body_known: bool
    missing: tuple[Coordinate, ...]
    required_gone: bool
    path_gone: bool
    unseen_sd_rad: dict[Coordinate, float]
    progress: float | None
    misplaced: tuple[Coordinate, ...]
    deviations: tuple[Deviation, ...]
    keeping: Keeping
    nerves: tuple[NerveSight, ...]
    lumbar: LumbarSight
    targets: tuple[TargetPosition, ...]
    over: tuple[TargetPosition, ...]
    unsure: bool
    markable: bool
    lost_ratio: dict[Coordinate, float]
    begun: Pose
    movement: Estimate | None = None
    reached: bool | None = None
    position: Estimate | None = None
    window: Window | None = None
    in_window: bool | None = None
    about_in_window: bool | None = None
    surer_further: bool = False
    leads: bool = False
    room_further: bool = False
    foremost: Estimate | None = None
    foremost_window: Window | None = None
    line_alignment: float | None = None
    range_fraction: Estimate | None = None
    length: Estimate | None = None
    lengthened_by: tuple[Coordinate, ...] = ()
    back: way.Back | None = None


_SMALLEST_SD_RAD = 1e-4
_KEPT, _BEYOND, _NOT_KNOWN = Keeping.KEPT, Keeping.BEYOND, Keeping.NOT_KNOWN
_LEFT, _SCIATIC = Side.LEFT, Nerve.SCIATIC
_OF_A_CHANGE = difference_sd_rad(1.0, 1.0)
"""Sd of a change between two instants alike, over the sd of either."""


def read(
    plan: SidePlan,
    start_pose: Pose,
    body: BodyState,
    tissue: TissueState,
    settings: Settings,
    *,
    begun: Pose = NO_POSE,
) -> Reading:
    """`begun`: where the path stood when the hold began; none where nothing is held."""
    seen, stretched = body_sight(body, plan.watched), target_sight(tissue, plan.target_windows)
    pose, missing = seen.pose, _missing(plan, seen.pose)
    progress = way.progress(plan.path, start_pose, pose)
    placed, precision = stretched.positions, _precision(plan, tissue)
    # Only a stretch is held against marks; other work passes through any length of a muscle.
    targets = stretched.targets if plan.stretch else ()
    deviations, keeping = _deviations(plan, pose, start_pose, settings)
    beyond = keeping is _BEYOND
    fraction, length = _first_target(plan, tissue)
    # In steps: a call with more than 15 names makes a dictionary of them first.
    found = Reading(
        body.t_s,
        pose,
        seen.anything,
        missing,
        required_gone=not seen.unsure.issuperset(missing),
        path_gone=pose.keys().isdisjoint(plan.moved) and seen.unsure.isdisjoint(plan.moved),
        unseen_sd_rad=seen.unseen_sd_rad,
        progress=progress,
        misplaced=_misplaced(plan, pose, settings),
        deviations=deviations,
        keeping=keeping,
        nerves=_nerves(plan, tissue),
        lumbar=_lumbar(plan, tissue),
        targets=targets,
        over=tuple([t for t in targets if surely_over(t)]) if targets else (),
        unsure=stretched.unsure and not placed,
        markable=stretched.markable,
        lost_ratio=_lost_ratio(plan, precision) if beyond else {},
        begun=begun,
    )
    found = replace(
        found,
        movement=None if plan.cycle is None else movement(plan, start_pose, pose, body),
        reached=_reached(plan, pose, progress, settings) if plan.held_still else None,
        line_alignment=_line_alignment(precision),
        range_fraction=fraction,
        length=length,
        lengthened_by=() if precision is None else precision.lengthened_by,
        back=None if beyond else _back(plan, start_pose, begun, pose, settings),
    )
    return _placed(found, placed) if placed else found


def _placed(found: Reading, placed: tuple[tuple[Estimate, Window], ...]) -> Reading:
    """The same with where the targets stand, of which some have a position that may be shown."""
    position, window = surest(placed)
    closest, closest_window = foremost(placed)
    about = None if window is None else about_in_window(position, window)
    room = all(room_further(p, w) for p, w in placed)
    return replace(
        found,
        position=position,
        window=window,
        in_window=in_window(position, window) if window is not None and about else about,
        about_in_window=about,
        surer_further=window is not None and room and surer_further(position, window),
        leads=all(leads(p, w) for p, w in placed),
        room_further=room,
        foremost=closest,
        foremost_window=closest_window,
    )


def _back(
    plan: SidePlan, start: Pose, begun: Pose, now: Pose, settings: Settings
) -> way.Back | None:
    if not begun:
        return None
    return way.taken_back(plan.path, start, begun, now, ratio=settings.let_go_progress_ratio)


def _missing(plan: SidePlan, pose: Pose) -> tuple[Coordinate, ...]:
    found = []
    for coordinate in plan.required:
        if coordinate not in pose:
            found.append(coordinate)
    return tuple(found)


def _misplaced(plan: SidePlan, pose: Pose, settings: Settings) -> tuple[Coordinate, ...]:
    found, tolerance_rad = [], settings.start_tolerance_rad
    for coordinate, start_rad in plan.start_rad:
        now = pose.get(coordinate)
        if now is not None and abs(now.mean - start_rad) > tolerance_rad:
            found.append(coordinate)
    return tuple(found)


def _deviations(
    plan: SidePlan, pose: Pose, start_pose: Pose, settings: Settings
) -> tuple[tuple[Deviation, ...], Keeping]:
    """Every constraint, and the worst of them. None is known before the start has been measured."""
    if not start_pose and plan.limits:
        return tuple([Deviation(limit, _NOT_KNOWN) for limit in plan.limits]), _NOT_KNOWN
    found, worst = [], _KEPT
    surely, doubtful = settings.compensation_probability, settings.doubt_probability
    for limit in plan.limits:
        now = deviation(
            limit,
            pose.get(limit.coordinate),
            start_pose.get(limit.coordinate),
            compensation_probability=surely,
            doubt_probability=doubtful,
        )
        if now.keeping is not _KEPT and now.keeping < worst:
            worst = now.keeping
        found.append(now)
    return tuple(found), worst


def _nerves(plan: SidePlan, tissue: TissueState) -> tuple[NerveSight, ...]:
    legs = tissue.nerve
    if legs is None:
        return tuple([NerveSight(None, w.limit_ratio, w.neural_sign) for w in plan.nerves])
    found = []
    for watch in plan.nerves:
        leg = legs.left if watch.side is _LEFT else legs.right
        strain = leg.sciatic if watch.nerve is _SCIATIC else leg.femoral
        found.append(NerveSight(strain, watch.limit_ratio, watch.neural_sign))
    return tuple(found)


def _lumbar(plan: SidePlan, tissue: TissueState) -> LumbarSight:
    """The disc whose band reaches higher."""
    limits, load = plan.lumbar, None
    if tissue.lumbar is not None:
        load, other = tissue.lumbar.l4l5.compression_ratio, tissue.lumbar.l5s1.compression_ratio
        if edge(other) > edge(load):
            load = other
    return LumbarSight(load, limits.eases_ratio, limits.deepens_ratio)


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
            now = seen_at_all(body, part.coordinate)
            if now is None:
                continue
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


def _precision(plan: SidePlan, tissue: TissueState) -> Precision | None:
    for precision in tissue.precision:
        if precision.side is plan.side:
            return precision
    return None


def _line_alignment(precision: Precision | None) -> float | None:
    value = None if precision is None else precision.line_alignment
    return value if value is not None and isfinite(value) else None


def _lost_ratio(plan: SidePlan, precision: Precision | None) -> dict[Coordinate, float]:
    found: dict[Coordinate, float] = {}
    if precision is None or not precision.corrections:
        return found
    for limit in plan.limits:
        lost = lost_ratio(precision, limit.coordinate)
        if lost is not None and isfinite(lost):
            found[limit.coordinate] = lost
    return found


def _first_target(plan: SidePlan, tissue: TissueState) -> tuple[Estimate | None, Estimate | None]:
    """Range fraction and length of the first target, where they are claimed."""
    if not plan.target_windows:
        return None, None
    row, _ = plan.target_windows[0]
    if not tissue.claimed[row]:
        return None, None
    fraction = Estimate(tissue.range_fraction.item(row), tissue.range_fraction_sd.item(row))
    length = Estimate(tissue.length_m.item(row), tissue.length_sd_m.item(row))
    return fraction if finite(fraction) else None, length if finite(length) else None
