"""Three bodies of different build with the ends of their ranges, each built once for the tests."""

from functools import cache

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.tissue.range import RangeBounds, range_bounds

BODIES = {
    "generic": None,
    "short trunk, long thighs": BodyMeasures(
        height_m=1.75, trunk_length_m=0.46, thigh_length_m=0.46
    ),
    "small": BodyMeasures(height_m=1.52),
}


@cache
def built(name: str) -> tuple[Anatomy, RangeBounds]:
    anatomy = Anatomy.build(BODIES[name])
    return anatomy, range_bounds(anatomy)
