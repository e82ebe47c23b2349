"""What the coach remembers of having seen, before anything is decided."""

from msgspec.structs import replace

from lengthwise.coach import stillness
from lengthwise.coach.judgement import letting_go, lost
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.settings import Settings
from lengthwise.coach.state import LOADED, Sighting, State
from lengthwise.contracts.decision import Phase
from lengthwise.reference.exercises import ExerciseKind


def observe(plan: SidePlan, state: State, reading: Reading, settings: Settings) -> State:
    """Memory of what is seen, before anything is decided."""
    t_s, seen, kind = reading.t_s, state.sighting, plan.exercise.kind
    loaded, holding = state.phase in LOADED, state.phase is Phase.HOLD
    positioned = kind is ExerciseKind.STATIC_STRETCH and reading.foremost is not None
    entry = state.entry
    if holding and (entry.progress is None or entry.progress < settings.begun_progress_ratio):
        entry = replace(entry, progress=reading.progress)
    sighting = Sighting(
        body_seen_s=t_s if reading.body_known else seen.body_seen_s,
        calibrated=positioned or (loaded and seen.calibrated),
        position=reading.foremost if positioned else seen.position,
        window=reading.foremost_window if positioned else seen.window,
        position_seen_s=t_s if positioned else seen.position_seen_s,
        over_ceiling_since_s=_since(
            seen.over_ceiling_since_s, loaded and _over(reading.over_ceiling, seen), t_s
        ),
        required_seen=seen.required_seen or (loaded and not reading.missing),
        path_seen=seen.path_seen or (loaded and reading.progress is not None),
        lost_since_s=_since(seen.lost_since_s, holding and lost(kind, seen, entry, reading), t_s),
        let_go_since_s=_since(
            seen.let_go_since_s,
            holding
            and kind is not ExerciseKind.ACTIVE_MOBILITY
            and letting_go(state, reading, settings),
            t_s,
        ),
        progress=reading.progress,
        range_fraction=reading.range_fraction,
        gauge=reading.position,
        in_window=reading.in_window if loaded and positioned else None,
        easing=seen.easing,
    )
    judged = frozenset(p.coordinate for p in plan.path) | {c for c, _ in plan.start_rad}
    still = stillness.step(
        state.stillness,
        reading.pose,
        judged=judged,
        t_s=t_s,
        tolerance_rad=settings.still_tolerance_rad,
    )
    return replace(state, sighting=sighting, stillness=still, entry=entry)


def _since(since_s: float | None, holds: bool, t_s: float) -> float | None:
    if not holds:
        return None
    return t_s if since_s is None else since_s


def _over(now: bool | None, seen: Sighting) -> bool:
    """A position that is not known now does not end what was over the ceiling before."""
    return seen.over_ceiling_since_s is not None if now is None else now
