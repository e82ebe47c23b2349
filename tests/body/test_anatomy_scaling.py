"""A person's size."""

import numpy as np
import pytest
from anatomy_poses import poses
from hypothesis import given, settings

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.errors import InputError

GENERIC = Anatomy.build()
TALL = BodyMeasures(height_m=1.87)
MEASURED = BodyMeasures(
    height_m=1.60,
    trunk_length_m=0.50,
    pelvis_width_m=0.165,
    thigh_length_m=0.43,
    shank_length_m=0.36,
)
LONG_THIGHS = BodyMeasures(thigh_length_m=0.45)


@settings(max_examples=25, deadline=None)
@given(poses())
def test_stature_alone_scales_every_length_and_lever_alike(pose_rad: np.ndarray) -> None:
    length, slope = GENERIC.lengths_and_moment_arms(pose_rad)
    tall_length, tall_slope = Anatomy.build(TALL).lengths_and_moment_arms(pose_rad)
    assert np.abs(tall_length - 1.1 * length).max() < 1e-9
    assert np.abs(tall_slope - 1.1 * slope).max() < 1e-8


def test_the_scaled_model_has_the_measured_segments() -> None:
    assert Anatomy.build(MEASURED).segment_lengths_m() == pytest.approx(
        {
            "trunk_length_m": 0.50,
            "pelvis_width_m": 0.165,
            "thigh_length_m": 0.43,
            "shank_length_m": 0.36,
        }
    )


def test_what_is_not_measured_follows_from_stature_else_stays_generic() -> None:
    tall = Anatomy.build(TALL).segment_lengths_m()
    generic = GENERIC.segment_lengths_m()
    assert tall == pytest.approx({k: 1.1 * v for k, v in generic.items()})
    long_thighs = Anatomy.build(LONG_THIGHS).segment_lengths_m()
    assert long_thighs == pytest.approx({**generic, "thigh_length_m": 0.45})


@settings(max_examples=15, deadline=None)
@given(poses())
def test_longer_thighs_leave_trunk_muscles_alone_and_lengthen_the_hamstrings(
    pose_rad: np.ndarray,
) -> None:
    change = Anatomy.build(LONG_THIGHS).lengths_m(pose_rad) - GENERIC.lengths_m(pose_rad)
    crosses_leg = GENERIC.spans[:, 3:].any(axis=1)
    assert not change[~crosses_leg].any()
    assert change[GENERIC.muscle_names.index("semimem_r")] > 0


@settings(max_examples=15, deadline=None)
@given(poses())
def test_moment_arms_of_a_scaled_body_are_still_the_derivative(pose_rad: np.ndarray) -> None:
    step = 1e-6
    measured = Anatomy.build(MEASURED)
    slopes = measured.lengths_and_moment_arms(pose_rad)[1]
    for i in (0, 3, 6, 11):
        ahead, behind = pose_rad.copy(), pose_rad.copy()
        ahead[i] += step
        behind[i] -= step
        numeric = (measured.lengths_m(ahead) - measured.lengths_m(behind)) / (2 * step)
        if not 2.09 < abs(pose_rad[i]) < 2.1:
            assert np.abs(numeric - slopes[:, i]).max() < 2e-7


def test_meshes_grow_with_their_bones() -> None:
    def height_m(anatomy: Anatomy) -> float:
        placed = anatomy.place(np.zeros(21))
        ups = []
        for g in range(anatomy.model.ngeom):
            mesh = anatomy.model.geom_dataid[g]
            if mesh < 0 or anatomy.model.geom_type[g] != 7:
                continue
            start, count = anatomy.model.mesh_vertadr[mesh], anatomy.model.mesh_vertnum[mesh]
            vertices = anatomy.model.mesh_vert[start : start + count]
            ups.append(vertices @ placed.geom_xmat[g].reshape(3, 3)[2] + placed.geom_xpos[g, 2])
        up = np.concatenate(ups)
        return float(up.max() - up.min())

    assert height_m(GENERIC) == pytest.approx(1.69, abs=0.01)
    assert height_m(Anatomy.build(TALL)) == pytest.approx(1.1 * height_m(GENERIC), rel=1e-4)


@pytest.mark.parametrize("height_m", [0.3, 17.0, float("nan"), -1.7])
def test_an_implausible_measure_is_refused_in_one_line(height_m: float) -> None:
    with pytest.raises(InputError, match=r"height_m: found .* m; allowed: 1\.02 to 2\.38 m"):
        Anatomy.build(BodyMeasures(height_m=height_m))


def test_bodies_are_built_once_and_told_apart() -> None:
    assert Anatomy.build() is Anatomy.build(BodyMeasures())
    prints = {
        Anatomy.build(measures).fingerprint
        for measures in (BodyMeasures(), TALL, MEASURED, LONG_THIGHS)
    }
    assert len(prints) == 4
