"""Rules of safety that an exercise must name, told from its angles, its kind and its place.

Cuts are expert defaults, on the side of caution: they come from the narrow end of what adults can
(the low back of the old: 40 degrees of flexion, 6 of extension; Troke 2001), since who needs the
rule rarely has the range of the young.
- low back or chest (against the pelvis) rounded beyond 20 degrees: osteoporosis; beyond 24: flexion
  barred, acute, flare; by a way of more than 15: flexion barred;
- arched to 6 degrees or beyond: stenosis, and by a way of more than 7.5 extension barred; to 12:
  extension barred, acute, flare. New pain and a flare keep the middle of the range;
- bent or turned by more than 15 degrees in any direction, or loaded: fusion, recent operation;
- kinds whose purpose is length: hypermobile, acute and flare at the end of the range;
- the hip bent beyond 90 degrees, behind by 10, crossed by more than 10, or turned by more than 30:
  prosthesis;
- an easy movement that only rounds, or only arches, the low back: that direction barred;
- hamstrings lengthened, or the hip bent by 45 with the knee within 45 of straight: sciatic; the
  knee bent by 30 behind the hip (extension of 5): femoral; a nerve slider, which is for those whose
  nerve is felt: only loss of strength;
- level 5, a loaded task, a load carried or words of one: acute, flare, blood pressure, pregnancy;
- prone, supine, standing and kneeling starts, the floor, held effort on the side;
- work of more than 30 % of what the muscle can, surely or possibly, or of no stated effort: acute.
"""

import re
from collections.abc import Mapping
from math import degrees, radians, sin

from lengthwise.contracts.care import Direction
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture
from lengthwise.reference.effort import ACUTE_EFFORT, is_much
from lengthwise.reference.exercise_parts import (
    LENGTHENING,
    MOVES_ABOUT,
    TRAINING,
    ExerciseKind,
    Need,
)
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad

ROUNDED_DEG = 20.0
"""Half of the 40 degrees that an old low back bends forward."""
_FAR_ROUNDED_DEG = 24.0
ARCHED_DEG = -6.0
"""All that an old low back bends backward: half of it, 3, is less than can be told apart."""
_FAR_ARCHED_DEG = -12.0
_WAY_DEG = 15.0
_ONE_WAY_DEG, _OTHER_WAY_DEG = 8.0, 3.0
"""So far an easy movement rounds or arches the low back, and no further the other way, to be one of
that direction."""
_HIP_BENT_DEG, _HIP_BEHIND_DEG, _HIP_CROSSED_DEG, _HIP_TURNED_DEG = 90.0, -10.0, 10.0, 30.0
_RAISED_DEG, _STRAIGHT_DEG = 45.0, 45.0
_BEHIND_DEG, _BENT_DEG = -5.0, 30.0
_END_RANGE = ("P.acute_end_range", "F.flare_end_range")
_LOAD_WORDS = re.compile(
    r"\b(?:bags?|box(?:es)?|weights?|dumbbells?|kettlebells?|barbells?|"
    r"carr(?:y|ies|ying)|\d+ ?kg)\b",
    re.IGNORECASE,
)
_NOT_CLEARED = frozenset({Posture.FOUR_POINT, Posture.HALF_KNEELING, Posture.PRONE, Posture.SUPINE})
_LYING = frozenset({Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING})
_RAISED_LEG = 0.3
"""Height of a foot in lengths of a thigh."""
_BACK = tuple(c for c in Coordinate if c.value.startswith(("lumbar_", "thorax_")))

Angles = Mapping[Coordinate, float]


def holds_a_thing(e: Exercise) -> bool:
    """Whether it says, or its words tell, of a weight in the hands; how heavy is not known."""
    return e.carries_load or words_of_load(e)


def words_of_load(e: Exercise) -> bool:
    told = (*e.equipment, e.name, e.plain_name, *(t for t in e.picture.things))
    return any(_LOAD_WORDS.search(text) for text in told)


def is_loaded(e: Exercise) -> bool:
    """Walking is no load at any level, unless something is carried."""
    by_level = 5 in e.levels and e.kind not in MOVES_ABOUT
    return e.kind is ExerciseKind.LOADED_TASK or by_level or holds_a_thing(e)


def back_load_told(e: Exercise) -> bool:
    """Whether a posture alone tells what the low back bears: not with a thing in the hands whose
    mass nobody stated, and lying only of someone at rest. Who bridges, steadies the trunk against
    moving legs or raises them unheld works harder than the published figures of lying say."""
    if holds_a_thing(e):
        return False
    if e.start_posture not in _LYING:
        return True
    if e.kind in TRAINING or e.kind is ExerciseKind.ECCENTRIC_LENGTHENING:
        return False
    return e.kind is ExerciseKind.STATIC_STRETCH or not _legs_raised(e)


def _legs_raised(e: Exercise) -> bool:
    """On the back, a foot that is plainly off the floor; thigh and shank of one length."""
    if e.start_posture is not Posture.SUPINE:
        return False
    for at in ends_deg(e):
        for side in Side:
            hip, knee = (radians(at[Coordinate(f"{j}_flexion_{side}")]) for j in ("hip", "knee"))
            if sin(hip) - sin(knee - hip) > _RAISED_LEG:
                return True
    return False


def ends_deg(e: Exercise) -> list[dict[Coordinate, float]]:
    """The start and the one or two ends of the path, every coordinate in degrees."""
    start = e.start | {m.coordinate: m.start_deg for m in e.path}
    found = [start, start | {m.coordinate: m.end_deg for m in e.path}]
    others = {m.coordinate: m.other_end_deg for m in e.path if m.other_end_deg is not None}
    if others:
        found.append(start | others)
    return [whole_deg(e, angles) for angles in found]


def whole_deg(e: Exercise, angles: Angles) -> dict[Coordinate, float]:
    rad = {c: radians(v) for c, v in angles.items()}
    mean = posture_mean_rad(e.start_posture, overrides_rad=rad, side=e.written_for)
    whole = {c: degrees(float(v)) for c, v in zip(Coordinate, mean, strict=True)}
    # The chest follows the low back unless the file moves it by itself.
    return whole | dict(angles)


def required_rules(e: Exercise) -> dict[str, str]:
    """Rules that the angles, the kind and the place ask for, each with why."""
    found: dict[str, str] = {}
    for rule_ids, holds, why in (*_by_place(e), *_by_kind(e), *_by_back(e), *_by_legs(e)):
        if holds:
            for rule in rule_ids:
                found.setdefault(rule, why)
    return found


_Asked = tuple[tuple[str, ...], bool, str]


def _by_place(e: Exercise) -> list[_Asked]:
    at = e.start_posture
    upright = at in (Posture.STANDING, Posture.HALF_KNEELING)
    return [
        (("S.pregnancy_prone",), at is Posture.PRONE, "it starts prone"),
        (("S.pregnancy_prolonged_supine",), at is Posture.SUPINE, "it starts supine"),
        (
            ("S.pregnancy_not_cleared",),
            at in _NOT_CLEARED or is_loaded(e),
            "only lying on the side, standing and sitting without a load are free once cleared",
        ),
        (("S.falls_standing",), upright, "it starts standing or on one knee"),
        (("S.cannot_kneel",), Need.KNEEL in e.needs, "it starts kneeling"),
        (
            ("S.cannot_get_down_to_floor",),
            Need.GET_DOWN_TO_FLOOR in e.needs,
            "it is done on the floor",
        ),
    ]


def _by_kind(e: Exercise) -> list[_Asked]:
    held = e.kind is ExerciseKind.ISOMETRIC_HOLD
    loaded = is_loaded(e)
    leans = any(m.coordinate is Coordinate.TRUNK_SIDE_LEAN for m in e.path)
    return [
        (
            (*_END_RANGE, "S.hypermobile_end_range"),
            e.kind in LENGTHENING or (4 in e.levels and e.kind not in MOVES_ABOUT and not held),
            "it goes to the end of the range",
        ),
        (("N.motor_loss",), e.kind is ExerciseKind.NERVE_SLIDER, "it glides a nerve"),
        (("P.acute_loaded", "F.flare_loaded"), loaded, "it carries a load"),
        (("S.recent_spine_surgery", "S.spine_fusion"), loaded, "it carries a load"),
        (("S.blood_pressure_held_effort",), held or loaded, "it holds an effort"),
        ((ACUTE_EFFORT,), is_much(e), "it works hard, or nobody says how hard"),
        (
            ("P.acute_side_bridge",),
            held and (leans or e.start_posture is Posture.SIDE_LYING),
            "it holds an effort on the side",
        ),
    ]


def _by_back(e: Exercise) -> list[_Asked]:
    moments = ends_deg(e)
    bends = [
        [at[c] for at in moments] for c in (Coordinate.LUMBAR_FLEXION, Coordinate.THORAX_FLEXION)
    ]
    deepest, highest = max(map(max, bends)), min(map(min, bends))
    there = max(max(angles) - angles[0] for angles in bends)
    back = max(angles[0] - min(angles) for angles in bends)
    way = max(max(at[c] for at in moments) - min(at[c] for at in moments) for c in _BACK)
    one_way = mid_range_direction(e)
    return [
        *(
            ((f"K.{way.value}_barred",), one_way is way, f"it is a movement of {way.value} alone")
            for way in Direction
        ),
        (
            _END_RANGE,
            deepest > _FAR_ROUNDED_DEG or highest <= _FAR_ARCHED_DEG,
            f"it bends the back from {highest:.0f} to {deepest:.0f} degrees",
        ),
        (
            ("S.osteoporosis_end_range_flexion",),
            deepest > ROUNDED_DEG,
            f"it rounds the back to {deepest:.0f} degrees",
        ),
        (
            ("K.flexion_barred",),
            deepest > _FAR_ROUNDED_DEG or there > _WAY_DEG,
            f"it rounds the back by {there:.0f} degrees, to {deepest:.0f}",
        ),
        (
            ("S.stenosis_end_range_extension",),
            highest <= ARCHED_DEG,
            f"it arches the back to {-highest:.0f} degrees",
        ),
        (
            ("K.extension_barred",),
            highest <= _FAR_ARCHED_DEG or (highest <= ARCHED_DEG and back > _WAY_DEG / 2),
            f"it arches the back by {back:.0f} degrees, to {-highest:.0f}",
        ),
        (
            ("S.recent_spine_surgery", "S.spine_fusion"),
            way > _WAY_DEG,
            f"it moves the back by {way:.0f} degrees",
        ),
    ]


def mid_range_direction(e: Exercise) -> Direction | None:
    """The direction of an easy movement that goes one way alone, in the middle of the range; None:
    it goes both ways, or to an end of the range, or bends nothing."""
    if e.kind is not ExerciseKind.ACTIVE_MOBILITY or "P.acute_end_range" in e.contraindications:
        return None
    bends = [at[Coordinate.LUMBAR_FLEXION] for at in ends_deg(e)]
    there, back = max(bends) - bends[0], bends[0] - min(bends)
    if there >= _ONE_WAY_DEG and back <= _OTHER_WAY_DEG:
        return Direction.FLEXION
    return Direction.EXTENSION if back >= _ONE_WAY_DEG and there <= _OTHER_WAY_DEG else None


def _by_legs(e: Exercise) -> list[_Asked]:
    prosthesis = sciatic = femoral = False
    glides = e.kind is ExerciseKind.NERVE_SLIDER
    lengthened = any(t.group is MuscleGroup.HAMSTRINGS for t in e.targets)
    for at in ends_deg(e):
        for side in Side:
            bend, cross, turn, knee = (
                at[Coordinate(f"{joint}_{side.value}")]
                for joint in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion")
            )
            far = bend > _HIP_BENT_DEG or cross > _HIP_CROSSED_DEG or abs(turn) > _HIP_TURNED_DEG
            prosthesis |= far or bend <= _HIP_BEHIND_DEG
            sciatic |= bend >= _RAISED_DEG and knee <= _STRAIGHT_DEG
            femoral |= bend <= _BEHIND_DEG and knee >= _BENT_DEG
    return [
        (("S.hip_prosthesis",), prosthesis, "it bends, crosses or turns a hip far"),
        (
            ("N.sciatic_symptoms",),
            (sciatic or lengthened) and not glides,
            "it lengthens the back of the thigh" if lengthened else "it raises a straight leg",
        ),
        (("N.femoral_symptoms",), femoral and not glides, "it takes a bent knee behind the hip"),
    ]
