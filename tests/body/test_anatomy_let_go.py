"""A model that was let go of and compiled again is the same model."""

import numpy as np

from lengthwise.body.anatomy import Anatomy, BodyMeasures, let_go_of_models
from lengthwise.contracts.coordinates import COORDINATES


def test_a_model_that_was_let_go_of_comes_back_the_same_to_the_bit() -> None:
    anatomy = Anatomy.build(BodyMeasures(height_m=1.81, pelvis_width_m=0.19))
    before = anatomy.model
    pose_rad = np.full(len(COORDINATES), 0.2)
    placed = np.array(anatomy.place(pose_rad).xpos)
    let_go_of_models()
    after = anatomy.model
    assert after is not before, "else nothing is held against anything"
    fields = {k for k in dir(before) if isinstance(getattr(before, k), np.ndarray)}
    assert len(fields) > 100
    assert {k for k in fields if getattr(before, k).tobytes() != getattr(after, k).tobytes()} == (
        set()
    )
    assert np.array_equal(anatomy.place(pose_rad).xpos, placed)
    assert anatomy.fingerprint == Anatomy.build(anatomy.measures).fingerprint
