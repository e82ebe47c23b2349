"""The binary of the muscle paths is enough to compute every length."""

import numpy as np
import pytest
from muscle_decoder import Decoded

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.body.muscle_binary import packed
from lengthwise.contracts.coordinates import ANATOMICAL

GENERIC = Anatomy.build()
OTHER = BodyMeasures(height_m=1.6, thigh_length_m=0.42)


@pytest.mark.parametrize("measures", [BodyMeasures(), OTHER], ids=["generic", "scaled"])
def test_the_file_alone_gives_the_same_lengths(measures: BodyMeasures) -> None:
    """To .001 micrometre: the decoder goes by angles, which lose half the digits of a short arc."""
    anatomy = Anatomy.build(measures)
    decoded = Decoded(packed(anatomy.paths))
    for pose_rad in np.random.default_rng(5).uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (25, 13)):
        found = decoded.lengths_m(pose_rad.tolist())
        apart_m = np.abs(np.array(list(found.values())) - anatomy.lengths_m(pose_rad))
        assert apart_m.max() < 1e-9, anatomy.muscle_names[int(np.argmax(apart_m))]
        straight = ~anatomy.paths.wrapped
        assert apart_m[straight].max() < 1e-12


def test_the_file_says_what_its_numbers_are_called_and_where_they_are_valid() -> None:
    decoded = Decoded(packed(GENERIC.paths))
    assert tuple(decoded.muscles) == GENERIC.muscle_names
    assert decoded.coordinates == [c.value for c in ANATOMICAL]
    assert decoded.valid == [VALID_LOW_RAD.tolist(), VALID_HIGH_RAD.tolist()]


def test_the_file_is_small_and_the_same_every_time() -> None:
    assert len(packed(GENERIC.paths)) < 64_000
    assert packed(GENERIC.paths) == packed(Anatomy.build().paths)
    assert packed(GENERIC.paths) != packed(Anatomy.build(OTHER).paths)


def test_numbers_begin_where_a_typed_array_may() -> None:
    """A browser reads them in place: float64 at a multiple of 8, int16 at a multiple of 2."""
    file = packed(GENERIC.paths)
    first = np.frombuffer(file, "<f8", GENERIC.paths.bone_rest.size, offset=40)
    assert first.tobytes() == GENERIC.paths.bone_rest.tobytes()
