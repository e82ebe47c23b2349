"""What each exercise does to this body along its path, and whether it does what it names.

The path is walked in equal steps from the start to the end, and from the start to the other end
where there is one. Coordinates that the file does not name stand where its start posture has them;
what a floor would make of knees and feet on the way is not added.
"""

from dataclasses import dataclass, field
from functools import cached_property
from math import radians

import numpy as np

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.effect import ExerciseEffect, GroupEffect
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_check import Finding
from lengthwise.reference.exercise_parts import MOVES_ABOUT, ExerciseKind
from lengthwise.reference.exercise_rules import back_load_told
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue.compensated import LEAVES_RATIO, compensation_effects
from lengthwise.tissue.gains import best_of, rank
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.lumbar_load import LoadParams, lumbar_load
from lengthwise.tissue.nerve import NerveParams, nerve_strain
from lengthwise.tissue.precision import Movement, precision, stretch_line
from lengthwise.tissue.range import RangeBounds

POINTS = 11
"""Postures from the start to an end."""
TOP = 3
"""A target that gains less than so many groups of its region is not what is lengthened."""
LEAST_GAIN = 0.05
"""Of range fraction: less is not lengthening."""
MUCH_GAIN = 0.15
"""A group that gains more belongs to the region, or the file says why not."""
STRAINED_RATIO = constant("coach", "nerve_sign_limit_ratio")
"""Strain of a nerve along the way from which the file must name the rule about it: what somebody
whose nerve is felt is allowed."""
LOAD_LIMIT_RATIO = constant("coach", "lumbar_limit_chronic_ratio")
"""The upper edge of the load that nobody is led beyond."""
_LEAST_SPAN = constant("tissue", "min_mark_span_ratio")
_CEILING = Window(MuscleGroup.PSOAS, Side.LEFT).ceiling
_EDGE_SD = constant("tissue", "ceiling_sd_factor")
"""From the mean to the upper edge of a band, as a session reads it."""

_ANATOMICAL = slice(INDEX[ANATOMICAL[0]], INDEX[ANATOMICAL[-1]] + 1)
_CERTAIN = np.zeros((len(COORDINATES), len(COORDINATES)))
_JOINTS = len(ANATOMICAL)
_ANKLE = {side: Coordinate(f"ankle_dorsiflexion_{side.value}") for side in Side}


@dataclass(frozen=True)
class EffectBody:
    """The body that does the exercises. `body_mass_kg`: None for that of any adult."""

    anatomy: Anatomy
    bounds: RangeBounds
    body_mass_kg: Estimate | None = None
    groups: GroupLengths = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", GroupLengths.over(self.anatomy))

    @cached_property
    def nerve(self) -> NerveParams:
        return NerveParams.of(self.anatomy)

    @cached_property
    def mass_kg(self) -> Estimate:
        return self.body_mass_kg or Estimate(
            constant("lumbar_load", "unknown_body_mass_kg"),
            constant("lumbar_load", "unknown_body_mass_sd_kg"),
        )

    def load(self, posture: Posture) -> LoadParams:
        return LoadParams.of(self.anatomy, body_mass_kg=self.mass_kg, posture=posture)

    def fractions_and_slopes(self, anatomical_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(13,) to range fractions (32,) and their slopes (32, 13) per radian."""
        length_m, slope_m = self.groups.lengths_and_slopes(anatomical_rad)
        span_m = self.bounds.span_m
        return (length_m - self.bounds.shortest_m) / span_m, slope_m / span_m[:, None]


def exercise_effect(exercise: Exercise, body: EffectBody, side: Side = Side.LEFT) -> ExerciseEffect:
    """The effect of an exercise with `side` as the working side."""
    written = exercise.for_side(side)
    there, back = path_rad(written), path_rad(written, other_end=True)
    way = np.concatenate([there, back])
    fraction = np.array([body.fractions_and_slopes(q[_ANATOMICAL])[0] for q in way])
    start, end = fraction[0], fraction[POINTS - 1]
    alignment, selectivity = _precision(exercise, body, side, there)
    loads = _loads(written, body, way)
    strains = _strains(written, body, way)
    targets = {(t.group, t.side) for t in written.targets}
    gained = end - start
    return ExerciseEffect(
        exercise_id=exercise.id,
        version=exercise.version,
        side=side,
        groups=tuple(
            GroupEffect(
                group=group,
                side=of,
                start_fraction=float(start[i]),
                end_fraction=float(end[i]),
                gain=float(gained[i]),
                peak_gain=float(fraction[:, i].max() - start[i]),
                rank=rank(gained, (group, of), written.region) if group in written.region else None,
                target=(group, of) in targets,
            )
            for i, (group, of) in enumerate(GROUP_SIDES)
        ),
        line_alignment=alignment,
        selectivity=selectivity,
        load_l4l5=loads[0],
        load_l5s1=loads[1],
        sciatic=strains[0],
        femoral=strains[1],
        compensations=compensation_effects(
            written,
            lambda share: _pose_rad(written, share),
            lambda joints_rad: body.groups.lengths_and_slopes(joints_rad)[0],
            least_span_m=_LEAST_SPAN * body.bounds.usual_span_m,
        ),
    )


def path_rad(written: Exercise, *, other_end: bool = False) -> np.ndarray:
    """(POINTS, 21) from the start to an end; only the start where that end is not."""
    shares = np.linspace(0.0, 1.0, POINTS)
    return np.array([_pose_rad(written, share, other_end=other_end) for share in shares])


def _pose_rad(written: Exercise, share: float, *, other_end: bool = False) -> np.ndarray:
    """(21,) at a share of the way to an end."""
    ends = {
        m.coordinate: (m.start_deg, m.other_end_deg if other_end else m.end_deg)
        for m in written.path
    }
    angles = written.start_rad()
    if not other_end or any(end is not None for _, end in ends.values()):
        for coordinate, (begin, end) in ends.items():
            angles[coordinate] = radians(begin + share * ((begin if end is None else end) - begin))
    return posture_mean_rad(written.start_posture, overrides_rad=angles, side=written.written_for)


def _precision(
    exercise: Exercise, body: EffectBody, side: Side, there: np.ndarray
) -> tuple[float | None, float | None]:
    line = stretch_line(exercise, side, typical_slope_m=body.bounds.typical_slope_m)
    start_rad, end_rad = there[0, _ANATOMICAL], there[-1, _ANATOMICAL]
    (start, start_slope), (end, slope) = map(body.fractions_and_slopes, (start_rad, end_rad))
    found = precision(
        line,
        Movement(
            change_rad=end_rad - start_rad,
            covariance_rad2=_CERTAIN[:_JOINTS, :_JOINTS],
            claimed=np.ones(_JOINTS, dtype=bool),
            gain=end - start,
            known=np.ones(len(GROUP_SIDES), dtype=bool),
            slope=slope,
            start_slope=start_slope,
        ),
    )
    return found.line_alignment, found.selectivity


def _loads(
    written: Exercise, body: EffectBody, way: np.ndarray
) -> tuple[Estimate | None, Estimate | None]:
    """The highest of L4-L5 and of L5-S1; None where one posture of the way, or what else is borne,
    is not known."""
    unknown = written.kind in MOVES_ABOUT or written.start_posture is Posture.UNKNOWN
    if unknown or not back_load_told(written):
        return None, None
    params = body.load(written.start_posture)
    along = [lumbar_load(params, q, _CERTAIN) for q in way]
    known = [load for load in along if load is not None]
    if len(known) < len(along):
        return None, None
    levels = [[load.l4l5.compression_ratio for load in known],
              [load.l5s1.compression_ratio for load in known]]  # fmt: skip
    l4l5, l5s1 = (max(level, key=lambda e: e.mean) for level in levels)
    return l4l5, l5s1


def _strains(written: Exercise, body: EffectBody, way: np.ndarray) -> tuple[Estimate, Estimate]:
    """The highest sciatic and femoral strain of either leg."""
    named = set(written.start) | {m.coordinate for m in written.path}
    known = (_ANKLE[Side.LEFT] in named, _ANKLE[Side.RIGHT] in named)
    uncertain = _CERTAIN[:_JOINTS, :_JOINTS]
    along = [
        nerve_strain(body.nerve, q[_ANATOMICAL], uncertain, ankle_known=known) for q in way
    ]  # fmt: skip
    legs = [strain.of(side) for strain in along for side in Side]
    return (
        max((leg.sciatic for leg in legs), key=lambda e: e.mean),
        max((leg.femoral for leg in legs), key=lambda e: e.mean),
    )


def check_effect(exercise: Exercise, effect: ExerciseEffect) -> list[Finding]:
    """What a body shows of a file: targets that are not lengthened, a region that is cut too small,
    rules about nerves that it does not name, and a path that loads the low back too far."""
    found = []
    for g in effect.targets:
        where, name = "targets", f"{g.group.value}_{g.side.value}"
        if exercise.kind is ExerciseKind.STATIC_STRETCH and (g.rank or 0) > TOP:
            found.append(
                Finding(where, f"{name} is number {g.rank} of its region, not among {TOP}")
            )
        if max(g.gain, g.peak_gain) < LEAST_GAIN:
            found.append(Finding(where, f"{name} gains {g.gain:+.2f} of its range: not lengthened"))
    if exercise.targets and not exercise.region_note:
        found += [
            Finding("region", f"{group.value} gains {gain:+.2f}: add it, or say why in region_note")
            for group, gain in _much(effect)
            if group not in exercise.region
        ]
    for rule, strain in (("N.sciatic_symptoms", effect.sciatic),
                         ("N.femoral_symptoms", effect.femoral)):  # fmt: skip
        asked = strain.mean > STRAINED_RATIO and exercise.kind is not ExerciseKind.NERVE_SLIDER
        if asked and rule not in exercise.contraindications:
            why = f"{rule} is asked for: strain of the nerve {strain.mean:.1%}"
            found.append(Finding("contraindications", why))
    for name, load in (("L4-L5", effect.load_l4l5), ("L5-S1", effect.load_l5s1)):
        edge = 0.0 if load is None else load.mean + _EDGE_SD * load.sd
        if edge > LOAD_LIMIT_RATIO:
            what = f"load of {name} up to {edge:.1f} times standing; allowed: {LOAD_LIMIT_RATIO:g}"
            found.append(Finding("path", f"{what}: shorten the path"))
    for c in effect.compensations:
        if c.position > _CEILING:
            what = (
                f"at {LEAVES_RATIO:g} times its tolerance it carries a target to {c.position:.2f}"
            )
            found.append(
                Finding(
                    f"constraints.{c.coordinate.value}",
                    f"{what} between both marks; allowed: {_CEILING:g}: make tolerance_deg smaller",
                )
            )
    return found


def _much(effect: ExerciseEffect) -> list[tuple[MuscleGroup, float]]:
    """Groups that gain much somewhere along the way."""
    peak = np.array([g.peak_gain for g in effect.groups])
    found = [(group, best_of(peak, group)) for group in MuscleGroup]
    return [(group, gain) for group, gain in found if gain > MUCH_GAIN]
