"""What the coach remembers of having seen, before anything is decided."""

from math import inf, isclose

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import other_side, stillness, way
from lengthwise.coach.judgement import letting_go, lost
from lengthwise.coach.limits import movement
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import LOADED, Sighting, State
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import MuscleGroup

_HOLD, _GET_READY = Phase.HOLD, Phase.GET_READY
_NO_SWINGS = movement.Swings()
_SURE_SDS = 1.645
"""One in twenty, on one side."""


def observe(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> State:
    """Memory of what is seen, before anything is decided."""
    t_s, seen = reading.t_s, state.sighting
    loaded, holding = state.phase in LOADED, state.phase is _HOLD
    stretch = plan.stretch
    positioned = stretch and reading.foremost is not None
    entry, along = state.entry, way.seen(plan.path, reading.pose)
    if holding and (entry.progress is None or entry.progress < settings.begun_progress_ratio):
        entry = replace(entry, progress=reading.progress, way=along)
    ceiling = _ceiling(seen, reading, settings) if loaded else _BELOW
    no_room = _no_room(seen, reading, loaded=loaded, positioned=positioned)
    leads_since_s = _leads_since(seen, reading, settings, positioned=positioned)
    settled = leads_since_s is not None and t_s - leads_since_s >= settings.window_settles_s
    # In two steps: a call with more than 15 names makes a dictionary of them first.
    sighting = replace(
        seen,
        body_seen_s=t_s if reading.body_known else seen.body_seen_s,
        markable=reading.markable,
        targets=reading.targets,
        required_seen=seen.required_seen or (loaded and not reading.missing),
        path_seen=seen.path_seen or (loaded and reading.progress is not None),
        lost_since_s=_since(seen.lost_since_s, holding and lost(plan, seen, entry, reading), t_s),
        let_go_since_s=_since(
            seen.let_go_since_s, holding and letting_go(plan, state, reading, settings), t_s
        ),
        progress=reading.progress,
        range_fraction=reading.range_fraction,
        nerves=reading.nerves,
        lumbar=reading.lumbar,
        pace=_pace(plan, seen, reading, settings, into=loaded and stretch),
        way=along,
    )
    sighting = replace(
        sighting,
        calibrated=positioned or (loaded and seen.calibrated and not reading.unsure),
        no_room=no_room,
        leads_since_s=leads_since_s,
        settled=settled,
        position=reading.foremost if positioned else seen.position,
        window=reading.foremost_window if positioned else seen.window,
        position_seen_s=t_s if positioned else seen.position_seen_s,
        over_ceiling=ceiling.passed,
        over_ceiling_since_s=ceiling.since_s,
        below_ceiling_since_s=ceiling.below_since_s,
        gauge=reading.position if settled and not no_room else None,
        in_window=reading.in_window if loaded and positioned else None,
    )
    still = stillness.step(
        state.stillness,
        reading.pose,
        judged=plan.judged,
        t_s=t_s,
        tolerance_rad=settings.still_tolerance_rad,
        gathers=state.phase is _GET_READY,
    )
    other = other_side.followed(
        state.other,
        other_side.sides(
            plan.sides,
            state.start_pose,
            reading.pose,
            settings,
            phase=state.phase,
        ),
        phase=state.phase,
        still_s=still.still_for_s(t_s) or 0.0,
        t_s=t_s,
        settings=settings,
    )
    return replace(state, sighting=sighting, stillness=still, entry=entry, other=other)


def _pace(
    plan: SidePlan, seen: Sighting, reading: Reading, settings: Settings, *, into: bool
) -> movement.Pace:
    """Speed on the way `into` a stretch; other work is slow or quick by its own rules.

    A coordinate that comes into sight or goes is no movement. Where nothing of the path was seen in
    both frames, it begins anew.
    """
    if not into:
        return movement.STILL
    pace, progress = seen.pace, reading.progress
    gained = way.gained(plan.path, seen.way, reading.pose)
    if progress is not None and pace.progress is not None:
        comparable = None if gained is None else progress - gained
        pace = replace(pace, progress=comparable)
    swings = _swings(plan, seen, pace.progress, reading, settings)
    return movement.followed(
        pace, progress, t_s=reading.t_s, time_s=settings.pace_time_s, swings=swings
    )


def _swings(
    plan: SidePlan, seen: Sighting, comparable: float | None, reading: Reading, settings: Settings
) -> movement.Swings:
    """Turns on the way, over what is seen all the time. `comparable`: the progress before this
    frame, over what is seen in it too."""
    before, progress = seen.pace, reading.progress
    if progress is None:
        return _NO_SWINGS
    swings = _NO_SWINGS
    if before.progress is not None and comparable is not None:
        same = isclose(comparable, before.progress, abs_tol=1e-6)
        swings = before.swings if same else _NO_SWINGS
    least = settings.bounce_ratio
    if movement.turned(swings, progress) >= least:
        least = max(least, _SURE_SDS * way.change_sd(plan.path, seen.way, reading.pose))
    return movement.swung(swings, progress, t_s=reading.t_s, least=least, settings=settings)


def _no_room(seen: Sighting, reading: Reading, *, loaded: bool, positioned: bool) -> bool:
    """Whether the window does not lead: now, or since it was found so beyond the first mark.

    Short of that mark a position says little about how sure it will be in the window.
    """
    stretched = seen.position is not None and seen.position.mean >= 0.0
    return (loaded and seen.no_room and stretched) or (positioned and not reading.leads)


def _leads_since(
    seen: Sighting, reading: Reading, settings: Settings, *, positioned: bool
) -> float | None:
    """Since when the window has had room; a blink without a position takes nothing back."""
    if positioned:
        return _since(seen.leads_since_s, reading.leads, reading.t_s)
    unseen_s = inf if seen.position_seen_s is None else reading.t_s - seen.position_seen_s
    return seen.leads_since_s if unseen_s <= settings.largest_gap_s else None


def _since(since_s: float | None, holds: bool, t_s: float) -> float | None:
    if not holds:
        return None
    return t_s if since_s is None else since_s


class _Ceiling(Struct, frozen=True):
    """The memory of passed ceilings; see `Sighting`."""

    passed: tuple[tuple[MuscleGroup, Side], ...] = ()
    since_s: float | None = None
    below_since_s: float | None = None


_BELOW = _Ceiling()


def _ceiling(seen: Sighting, reading: Reading, settings: Settings) -> _Ceiling:
    """Which targets are over their ceiling since when, and since when these are below it again.

    Only a lapse (`lapse_s`) of frames that know them below, none further apart than
    `largest_gap_s`, ends it; a moment below, or one that is not known, does not.
    """
    t_s, since_s, passed = reading.t_s, seen.over_ceiling_since_s, seen.over_ceiling
    if reading.over:
        over = [t.muscle for t in reading.over]
        return _Ceiling(tuple(dict.fromkeys([*passed, *over])), _since(since_s, True, t_s))
    if since_s is None:
        return _BELOW
    known = {t.muscle for t in reading.targets if t.known}
    if not known.issuperset(passed):
        return _Ceiling(passed, since_s)
    below_since_s, before_s = seen.below_ceiling_since_s, seen.position_seen_s
    if below_since_s is None or before_s is None or t_s - before_s > settings.largest_gap_s:
        return _Ceiling(passed, since_s, t_s)
    if t_s - below_since_s >= settings.lapse_s:
        return _BELOW
    return _Ceiling(passed, since_s, below_since_s)
