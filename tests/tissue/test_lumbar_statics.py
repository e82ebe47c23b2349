"""The slow reference: forces, arms and equilibrium of the lumbar spine."""

import numpy as np
import pytest
from whole_postures import random_rad, whole_rad

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.anatomy_build import raw_anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import constant
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.lumbar_statics import (
    GROUPS,
    PulledWeight,
    disc_axes,
    equilibrium,
    least_activation,
    trunk_muscles,
    wrenches,
)
from lengthwise.tissue.passive_bending import PASSIVE, passive_moment_nm
from lengthwise.tissue.upper_body import GRAVITY_M_S2, LUMBAR, THORAX, share_above, upper_body

ANATOMY = Anatomy.build()
MASS_KG = 70.0


def test_upstream_has_the_pelvis_twice_and_no_arms_and_ours_takes_published_masses() -> None:
    """de Leva 1996: lower trunk 11.8 % of body mass, so 8.8 kg of the model's 75; arms 9.4 %."""
    model = raw_anatomy().spec.compile()
    below = float(model.body("sacrum").mass[0] + model.body("pelvis").mass[0])
    assert below > 2.0 * 0.118 * 75.0
    arm_bones = ("humerus", "ulna", "radius", "hand")
    assert not any(model.body(i).name.startswith(arm_bones) for i in range(model.nbody))
    assert sum(part.share for part in upper_body() if part.arm) == pytest.approx(0.0943)
    assert share_above(0) == pytest.approx(0.4743, abs=1e-4)
    assert share_above(0) - share_above(1) == pytest.approx(0.025)


def test_pulls_and_arms_are_those_of_virtual_work() -> None:
    """Cutting a path gives the moment arms that the model finds by differentiating its length."""
    for seed in range(4):
        mean = random_rad(np.random.default_rng(seed))
        rows, _ = trunk_muscles(ANATOMY)
        _, slopes = ANATOMY.lengths_and_moment_arms(mean[3:16])
        work = wrenches(ANATOMY, ANATOMY.place(mean))
        for axis, (total, sign) in enumerate(zip(LUMBAR_TOTALS, (1.0, -1.0, -1.0), strict=True)):
            shares = np.array(shares_of(total))
            through_levels = sign * shares @ work.arm_m[:, :, axis]
            told = slopes[rows, ANATOMICAL.index(total)]
            # A path over a bone that a level carries passively may move with it: none here does.
            np.testing.assert_allclose(through_levels, told, atol=1e-9)


def test_pulls_press_and_extensors_extend() -> None:
    work = wrenches(ANATOMY, ANATOMY.place(np.zeros(21)))
    group = [f.group for f in muscle_group_table() if f.group in GROUPS]
    for level in range(2):
        crossing = np.linalg.norm(work.force[level], axis=1) > 0.0
        assert np.all(work.force[level, crossing, 2] < 0.0)
        for i in np.flatnonzero(crossing):
            if group[i] in (MuscleGroup.LONGISSIMUS, MuscleGroup.ILIOCOSTALIS):
                assert work.arm_m[level, i, 0] > 0.0
            if group[i] is MuscleGroup.RECTUS_ABDOMINIS:
                assert work.arm_m[level, i, 0] < 0.0


def test_rectus_abdominis_is_as_far_in_front_as_measured() -> None:
    """Jorgensen 2005: 85 mm at L4/L5 and 98 mm at L5/S1 in standing women."""
    work = wrenches(ANATOMY, ANATOMY.place(np.zeros(21)))
    rectus = [
        i
        for i, f in enumerate(f for f in muscle_group_table() if f.group in GROUPS)
        if f.group is MuscleGroup.RECTUS_ABDOMINIS
    ]
    arms = -work.arm_m[:2, rectus, 0].mean(axis=1)
    assert arms == pytest.approx([0.098, 0.085], abs=0.006)


def test_a_weight_in_front_asks_for_its_lever_at_every_level() -> None:
    """By hand: 10 kg hung 0.30 m in front of where 10 kg hung before is 29.4 N m more."""
    pull = (0.0, 0.0, -10.0 * GRAVITY_M_S2)
    near, far = (
        equilibrium(
            ANATOMY,
            np.zeros(21),
            body_mass_kg=MASS_KG,
            forces=(PulledWeight(THORAX, (x, 0.363), pull),),
        )
        for x in (0.0, 0.30)
    )
    more = far.need_nm[:, 0] - near.need_nm[:, 0]
    np.testing.assert_allclose(more, 10.0 * GRAVITY_M_S2 * 0.30, rtol=1e-6)
    np.testing.assert_allclose(far.need_nm[:, 1:], 0.0, atol=1e-6)


def test_weight_alone_presses_by_what_is_above_along_the_disc() -> None:
    found = equilibrium(ANATOMY, np.zeros(21), body_mass_kg=MASS_KG)
    for level, lean in enumerate(("disc_forward_l5s1_rad", "disc_forward_l4l5_rad")):
        weight_n = share_above(level) * MASS_KG * GRAVITY_M_S2
        angle = constant("lumbar_load", lean)
        assert found.weight_n[level] == pytest.approx(weight_n * np.cos(angle), rel=1e-6)
        assert found.weight_shear_n[level] == pytest.approx(weight_n * np.sin(angle), rel=1e-6)


def test_muscles_give_what_is_asked_within_their_strength() -> None:
    for mean in (whole_rad(pelvis_tilt=15, lumbar_flexion=36), whole_rad(lumbar_side_bend=12)):
        found = equilibrium(ANATOMY, mean, body_mass_kg=MASS_KG)
        work = wrenches(ANATOMY, ANATOMY.place(mean))
        given = np.einsum("n,lna->la", found.activation * work.strength_n, work.arm_m[:2])
        np.testing.assert_allclose(given + found.reserve_nm, found.need_nm, atol=1e-6)
        assert np.all((found.activation >= 0.0) & (found.activation <= 1.0))
        assert np.abs(found.reserve_nm[:, :2]).max() < 1.0


def test_least_activation_shares_by_arm_and_stops_at_full_force() -> None:
    """By hand: arms 1 and 2 share as 1 : 2 until the second is at its end; then the first takes
    the rest, and what both cannot give is left to the reserve."""
    arms = np.array([[1.0, 2.0]])
    easy, left = least_activation(arms, np.array([1.0]), np.array([0.01]))
    assert easy == pytest.approx([0.2, 0.4], abs=1e-3)
    assert left[0] == pytest.approx(0.0, abs=1e-3)
    hard, left = least_activation(arms, np.array([2.9]), np.array([0.01]))
    assert hard == pytest.approx([0.9, 1.0], abs=0.02)
    beyond, left = least_activation(arms, np.array([5.0]), np.array([1.0]))
    assert beyond == pytest.approx([1.0, 1.0])
    assert left[0] == pytest.approx(2.0)
    away, _ = least_activation(arms, np.array([-1.0]), np.array([0.01]))
    assert away == pytest.approx([0.0, 0.0])


def test_disc_normals_are_those_of_the_bones() -> None:
    """Facets of the meshes that face a disc, in the middle of the vertebral body."""
    normal, front, right = disc_axes(ANATOMY.place(np.zeros(21)))
    np.testing.assert_allclose(right, [[-1.0, 0.0, 0.0]] * 2, atol=1e-6)
    assert np.all(normal[:, 2] > 0.9)
    assert np.all(front[:, 1] < 0.0), "world y is the back"
    measured_deg = (_facing_deg(LUMBAR[1], -1.0) + _facing_deg(LUMBAR[0], 1.0)) / 2
    lean = np.degrees(np.arctan2(-normal[1, 1], normal[1, 2]))
    assert lean == pytest.approx(measured_deg, abs=3.0)


def _facing_deg(bone: str, sense: float) -> float:
    """Mean lean to the front of the facets of a vertebral body that face up (+1) or down (-1)."""
    model, data = ANATOMY.model, ANATOMY.place(np.zeros(21))
    geom = next(
        g
        for g in range(model.ngeom)
        if model.geom_bodyid[g] == model.body(bone).id and model.geom_dataid[g] >= 0
    )
    mesh = int(model.geom_dataid[geom])
    start, count = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
    points = model.mesh_vert[start : start + count] @ data.geom_xmat[geom].reshape(3, 3).T
    faces = model.mesh_face[model.mesh_faceadr[mesh] :][: model.mesh_facenum[mesh]]
    corner = points[faces]
    area = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    middle = corner.mean(axis=1)
    facing = sense * area[:, 2] > 0.6 * np.linalg.norm(area, axis=1)
    in_body = (middle[:, 1] < points[:, 1].min() + 0.034) & (np.abs(middle[:, 0]) < 0.02)
    whole = sense * area[facing & in_body].sum(axis=0)
    return float(np.degrees(np.arctan2(-whole[1], whole[2])))


def test_passive_bending_has_the_slopes_that_were_measured() -> None:
    """Beach 2005: 0.0 (sd 0.1), 0.1 (0.1) and 0.7 (0.3) N m per percent of the flexion range."""
    end_rad = PASSIVE[3]
    percent = np.array([2.0, 50.0, 99.0])
    slope = [
        passive_moment_nm(PASSIVE, 0, (p + 0.5) / 100 * end_rad)
        - passive_moment_nm(PASSIVE, 0, (p - 0.5) / 100 * end_rad)
        for p in percent
    ]
    assert slope == pytest.approx([0.0, 0.1, 0.7], abs=0.04)
    assert passive_moment_nm(PASSIVE, 0, 0.0) == 0.0
    assert passive_moment_nm(PASSIVE, 1, 0.2) == -passive_moment_nm(PASSIVE, 1, -0.2)
    assert passive_moment_nm(PASSIVE, 0, -0.4) < 0.0


def test_coordinates_of_the_hinges_stand_in_the_order_the_statics_need() -> None:
    assert LUMBAR_TOTALS[0] is Coordinate.LUMBAR_FLEXION
    assert THORAX not in LUMBAR
