"""Which part of the body an exercise is about, for a list that is read by who knows no anatomy.

The names of the areas stand with the words of the screen; here is only what belongs where. The
first muscle that is lengthened decides, else the first that works.
"""

from enum import StrEnum

from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Exercise


class Area(StrEnum):
    """In the order of a list, from the low back outwards."""

    LOW_BACK = "low_back"
    WAIST = "waist"
    BELLY = "belly"
    HIP_FRONT = "hip_front"
    BUTTOCK = "buttock"
    THIGH_FRONT = "thigh_front"
    THIGH_BACK = "thigh_back"
    THIGH_INSIDE = "thigh_inside"
    CALF = "calf"
    BREATH = "breath"


_OF_MUSCLE = {
    "longissimus": Area.LOW_BACK,
    "iliocostalis": Area.LOW_BACK,
    "multifidus": Area.LOW_BACK,
    "quadratus_lumborum": Area.WAIST,
    "obliques": Area.WAIST,
    "rectus_abdominis": Area.BELLY,
    "transversus_abdominis": Area.BELLY,
    "pelvic_floor": Area.BELLY,
    "psoas": Area.HIP_FRONT,
    "iliacus": Area.HIP_FRONT,
    "tensor_fasciae_latae": Area.BUTTOCK,
    "gluteus_maximus": Area.BUTTOCK,
    "gluteus_medius": Area.BUTTOCK,
    "gluteus_minimus": Area.BUTTOCK,
    "piriformis": Area.BUTTOCK,
    "deep_hip_rotators": Area.BUTTOCK,
    "rectus_femoris": Area.THIGH_FRONT,
    "quadriceps": Area.THIGH_FRONT,
    "hamstrings": Area.THIGH_BACK,
    "adductors": Area.THIGH_INSIDE,
    "calf": Area.CALF,
    "diaphragm": Area.BREATH,
}
_OF_KIND = {
    ExerciseKind.BREATHING: Area.BREATH,
    ExerciseKind.REST_POSITION: Area.BREATH,
    ExerciseKind.WALKING: Area.BREATH,
    ExerciseKind.NERVE_SLIDER: Area.THIGH_BACK,
}


def area_of(e: Exercise) -> Area:
    """Raises KeyError for a muscle that has no area; a test goes through all exercises."""
    if e.kind in _OF_KIND:
        return _OF_KIND[e.kind]
    first = e.targets[0].group.value if e.targets else e.trained[0].muscle.value
    return _OF_MUSCLE[first]


def about_s(e: Exercise) -> float:
    """Seconds that the exercise takes on the side or sides that it has, about: its dose with the
    way in and the rests, without getting ready."""
    dose = e.dose
    one = dose.rounds * (dose.hold_s + dose.ease_in_s + dose.rest_s)
    return one * (2 if e.bilateral else 1)
