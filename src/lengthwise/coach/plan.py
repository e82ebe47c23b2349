"""An exercise made ready for one working side: radians, and what has to be watched."""

from math import radians

from msgspec import Struct

from lengthwise.coach.compensation import Limit
from lengthwise.coach.cycles import CycleRule, cycle_rule
from lengthwise.coach.other_side import Pair, pairs
from lengthwise.coach.settings import Settings
from lengthwise.coach.wording import Wordbook, wordbook
from lengthwise.contracts.care import Care, Course, Nerve
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.reference.exercise_parts import MOVES_ABOUT, Behaviour
from lengthwise.reference.exercise_rules import is_loaded
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.reference.translations import Translation
from lengthwise.tissue.window import window_for

_AGAINST_GRAVITY = (Coordinate.PELVIS_TILT, Coordinate.TRUNK_FLEXION)
"""What tells lying from standing, also where the exercise itself does not name it."""


class PathPart(Struct, frozen=True):
    """One moved coordinate: `span_rad` from start to end, `other_span_rad` to the opposite end."""

    coordinate: Coordinate
    start_rad: float
    span_rad: float
    other_span_rad: float


class NerveWatch(Struct, frozen=True):
    """A nerve that the targets' stretch lengthens too, and the most strain it may have."""

    side: Side
    nerve: Nerve
    limit_ratio: float
    neural_sign: bool


class LumbarWatch(Struct, frozen=True):
    """Load as ratio to standing: above `eases_ratio` eased, above `deepens_ratio` not deeper."""

    eases_ratio: float
    deepens_ratio: float


class SidePlan(Struct, frozen=True):
    """`targets`: the groups that a mark or a gauge is about; `windows` in their order, and
    `target_windows` the same with their rows in the arrays of the tissue; `watched` every
    coordinate that is asked about, with its place in the arrays of the body; `moved` those of the
    path and `judged` those that have to come to rest; `stretch`: it is held in a window, by its
    `behaviour`, `held_still`: at its end;
    `words` how everything is said; `ready_from_s`: nothing is begun before; `cycle`: what a
    movement to and fro is, None where none is counted; `unseen_allowed`: the person may be out of
    sight, it goes by the clock alone; `quick`: the first moved coordinate in which a tremor can
    show; `sides`: what tells the working side from the other one, empty where nothing does.
    """

    exercise: Exercise
    side: Side
    path: tuple[PathPart, ...]
    limits: tuple[Limit, ...]
    required: tuple[Coordinate, ...]
    start_rad: tuple[tuple[Coordinate, float], ...]
    targets: tuple[tuple[MuscleGroup, Side], ...]
    windows: tuple[Window, ...]
    watched: tuple[tuple[Coordinate, int], ...]
    nerves: tuple[NerveWatch, ...]
    lumbar: LumbarWatch
    words: Wordbook
    behaviour: Behaviour
    stretch: bool
    moved: tuple[Coordinate, ...]
    judged: frozenset[Coordinate]
    target_windows: tuple[tuple[int, Window], ...]
    ready_from_s: float = 0.0
    cycle: CycleRule | None = None
    sides: tuple[Pair, ...] = ()
    unseen_allowed: bool = False
    quick: Coordinate | None = None
    held_still: bool = False

    @property
    def comes_to_rest(self) -> bool:
        """Whether its hold has a place to stay at; a movement to and fro always comes back."""
        return self.behaviour is not Behaviour.TO_AND_FRO

    @property
    def loads(self) -> bool:
        """Whether it brings tissue under load; what is only timed does where a load is carried."""
        return self.exercise.behaviour is not Behaviour.TIMED or is_loaded(self.exercise)


_STRAINING = (
    "hip_", "knee_", "ankle_", "lumbar_", "pelvis_tilt", "thorax_flexion", "trunk_flexion"
)  # fmt: skip
"""Movements of these draw on the nerves of a leg; of the trunk, as spine or hips give with it."""


def side_plan(
    exercise: Exercise,
    side: Side,
    windows: tuple[Window, ...],
    *,
    care: Care,
    settings: Settings,
    words: Translation | None = None,
    ready_from_s: float = 0.0,
    sides_told: bool = True,
    inertial: frozenset[Coordinate] = frozenset(),
) -> SidePlan:
    """`words` None: English. `sides_told`: the sensors tell left from right."""
    written = exercise.for_side(side)
    sides = pairs(written) if sides_told else ()
    path = tuple(
        PathPart(
            m.coordinate,
            radians(m.start_deg),
            radians(m.end_deg - m.start_deg),
            0.0 if m.other_end_deg is None else radians(m.other_end_deg - m.start_deg),
        )
        for m in written.path
    )
    limits = tuple(
        Limit(
            c.coordinate,
            radians(c.tolerance_deg),
            c.direction,
            c.cue,
            c.kept,
            c.coordinate in written.required,
        )
        for c in written.constraints
    )
    start_rad = tuple(_start_rad(written).items())
    watched = dict.fromkeys(
        [p.coordinate for p in path]
        + [limit.coordinate for limit in limits]
        + list(written.required)
        + [c for c, _ in start_rad]
        + [c for pair in sides for c in (pair.one, pair.other)]
    )
    targets = tuple((t.group, t.side) for t in written.about)
    own_windows = tuple(window_for(windows, group, s) for group, s in targets)
    return SidePlan(
        exercise=written,
        side=side,
        path=path,
        limits=limits,
        required=written.required,
        start_rad=start_rad,
        targets=targets,
        windows=own_windows,
        watched=tuple((c, INDEX[c]) for c in watched),
        nerves=_nerves(written, care, settings),
        lumbar=_lumbar(care, settings),
        words=wordbook(written, words),
        behaviour=written.behaviour,
        stretch=written.behaviour is Behaviour.HELD_IN_WINDOW,
        moved=tuple(p.coordinate for p in path),
        judged=frozenset([p.coordinate for p in path] + [c for c, _ in start_rad]),
        target_windows=tuple(zip((GROUP_INDEX[t] for t in targets), own_windows, strict=True)),
        ready_from_s=ready_from_s,
        cycle=_cycle(written, settings),
        sides=sides,
        unseen_allowed=written.kind in MOVES_ABOUT,
        quick=next((p.coordinate for p in path if p.coordinate in inertial), None),
        held_still=written.behaviour is Behaviour.HELD_STILL,
    )


def _cycle(written: Exercise, settings: Settings) -> CycleRule | None:
    if written.dose.cycles is None:
        return None
    both_ways = any(m.other_end_deg is not None for m in written.path)
    return cycle_rule(written.dose.tempo, both_ways=both_ways, settings=settings)


def _nerves(written: Exercise, care: Care, settings: Settings) -> tuple[NerveWatch, ...]:
    """Each nerve that the movement draws on, against the person's own limit or the general one."""
    moved = [m.coordinate.value for m in written.path if m.coordinate.value.startswith(_STRAINING)]
    sides = [s for s in Side if any(c.endswith(f"_{s.value}") for c in moved)]
    if any(not c.endswith(("_l", "_r")) for c in moved):
        sides = list(Side)
    along = [(s, nerve) for s in sides for nerve in Nerve]
    signs = {(sign.side, sign.nerve) for sign in care.neural_signs or ()}
    own = {(limit.side, limit.nerve): limit.limit_ratio for limit in care.nerve_limits}
    return tuple(
        NerveWatch(
            s,
            nerve,
            own.get(
                (s, nerve),
                settings.nerve_sign_limit_ratio
                if (s, nerve) in signs
                else settings.nerve_limit_ratio,
            ),
            (s, nerve) in signs,
        )
        for s, nerve in along
    )


def _lumbar(care: Care, settings: Settings) -> LumbarWatch:
    """By the course of the episode. Not known: eased as subacute, deeper only as acute."""
    general = {
        Course.ACUTE: settings.lumbar_limit_acute_ratio,
        Course.SUBACUTE: settings.lumbar_limit_subacute_ratio,
        Course.CHRONIC: settings.lumbar_limit_chronic_ratio,
    }
    if care.lumbar_limit_ratio is not None:
        return LumbarWatch(care.lumbar_limit_ratio, care.lumbar_limit_ratio)
    if care.course is None:
        return LumbarWatch(general[Course.SUBACUTE], general[Course.ACUTE])
    return LumbarWatch(general[care.course], general[care.course])


def _start_rad(written: Exercise) -> dict[Coordinate, float]:
    """The start pose to get ready in: the exercise's own angles and the lie of the trunk."""
    own = written.start_rad()
    posture = posture_mean_rad(written.start_posture, overrides_rad=own, side=written.written_for)
    return {c: float(posture[INDEX[c]]) for c in _AGAINST_GRAVITY} | own
