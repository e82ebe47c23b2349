"""Each fault of the model package: first shown, then mended. A new package version that mends one
itself makes the first half fail, and our correction can go."""

from collections.abc import Callable

import mujoco
import numpy as np
import pytest
from anatomy_poses import UpstreamLengths, length_m, mirrored_pose, pose

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.anatomy_build import path_sites, raw_anatomy

ANATOMY = Anatomy.build()
RAW = raw_anatomy()
UPSTREAM = UpstreamLengths(raw_anatomy())


def test_upstream_coupling_flexes_the_spine_1_875_times_and_ours_once() -> None:
    """L5-S1 carries the whole command there, the levels above their shares on top of it."""
    above = [
        c.coefficients[1]
        for c in RAW.couplings
        if c.follows == "flex_extension" and c.joint.endswith("_FE")
    ]
    assert 1.0 + sum(above) == pytest.approx(1.875)
    position = ANATOMY.joint_positions(pose(lumbar_flexion=40)[None])[0]
    hinges = ("flex_extension", "L4_L5_FE", "L3_L4_FE", "L2_L3_FE", "L1_L2_FE")
    levels = [position[ANATOMY.model.joint(h).qposadr[0]] for h in hinges]
    assert np.degrees(sum(levels)) == pytest.approx(-40.0)
    assert levels[0] / sum(levels) == pytest.approx(0.125)


def test_upstream_left_t12_fascicle_runs_on_the_right_and_ours_is_the_mirror() -> None:
    """About 25 mm between side-bends to both sides of 25 degrees."""
    assert all(s.pos[2] > 0 for s in path_sites(RAW.spec, "LTpT_T12_l"))
    bent = pose(lumbar_side_bend=25)
    upstream = UPSTREAM.length_m("LTpT_T12_l", bent) - UPSTREAM.length_m(
        "LTpT_T12_r", mirrored_pose(bent)
    )
    ours = length_m(ANATOMY, "LTpT_T12_l", lumbar_side_bend=25) - length_m(
        ANATOMY, "LTpT_T12_r", lumbar_side_bend=-25
    )
    assert abs(upstream) > 0.020
    assert abs(ours) < 5e-5


@pytest.mark.parametrize("side", ["r", "l"])
def test_upstream_rectus_abdominis_is_on_the_other_side_and_ours_on_its_own(side: str) -> None:
    """Bending to a side shortens the muscle of that side."""
    towards = 20.0 if side == "r" else -20.0
    bent, upright = pose(lumbar_side_bend=towards), pose()
    muscle = f"rect_abd_{side}"
    assert UPSTREAM.length_m(muscle, bent) > UPSTREAM.length_m(muscle, upright) + 0.003
    ours = length_m(ANATOMY, muscle, lumbar_side_bend=towards) - length_m(ANATOMY, muscle)
    assert ours < -0.006


def test_upstream_rectus_abdominis_cuts_through_the_belly_and_ours_goes_round_it() -> None:
    """Levers in lumbar flexion: standing 85 to 98 mm by level (Jorgensen et al. 2005)."""
    leant_back, upright, bent = -28.0, 0.0, 45.0

    def upstream(flexion: float) -> float:
        return UPSTREAM.length_m("rect_abd_r", pose(lumbar_flexion=flexion))

    def ours(flexion: float) -> float:
        return length_m(ANATOMY, "rect_abd_r", lumbar_flexion=flexion)

    def lever_m(length: Callable[[float], float], flexion: float) -> float:
        return (length(flexion - 0.5) - length(flexion + 0.5)) / np.radians(1.0)

    assert lever_m(upstream, leant_back) < 0.04
    assert lever_m(upstream, bent) > 0.105
    assert 0.085 < lever_m(ours, upright) < 0.098
    assert lever_m(ours, leant_back) == pytest.approx(lever_m(ours, upright), rel=0.02)
    assert 0.07 < lever_m(ours, bent) < lever_m(ours, upright)


def test_every_muscle_of_ours_runs_on_its_own_side() -> None:
    placed = ANATOMY.place(np.zeros(21))
    for t, muscle in enumerate(ANATOMY.muscle_names):
        start, count = placed.ten_wrapadr[t], placed.ten_wrapnum[t]
        left_m = placed.wrap_xpos.reshape(-1, 3)[start : start + count, 0]
        assert (left_m.min() > -1e-9) if muscle.endswith("_l") else (left_m.max() < 1e-9), muscle


@pytest.mark.parametrize(("side", "right"), [("r", 1.0), ("l", -1.0)])
def test_upstream_knee_turns_about_the_wrong_point_and_ours_about_that_of_its_source(
    side: str, right: float
) -> None:
    """Rajagopal 2016, walker_knee: seen from the thigh, the knee centre only slides (7 mm)."""
    centre_in_tibia_m = np.array([-0.00808954, -0.0035348, -0.00148474 * right])
    flexed = pose(**{f"knee_flexion_{side}": 90.0})

    def travel_m(joints: UpstreamLengths | Anatomy) -> float:
        places = []
        for pose_rad in (pose(), flexed):
            if isinstance(joints, Anatomy):
                mean_rad = np.zeros(21)
                mean_rad[3:16] = pose_rad
                data = joints.place(mean_rad)
            else:
                data = joints.placed(pose_rad)
            tibia = data.body(f"tibia_{side}")
            places.append(tibia.xpos + tibia.xmat.reshape(3, 3) @ centre_in_tibia_m)
        return float(np.linalg.norm(places[1] - places[0]))

    assert travel_m(UPSTREAM) > 0.009
    assert travel_m(ANATOMY) == pytest.approx(np.hypot(0.00613, 0.0014), abs=5e-5)


def test_upstream_lateral_gastrocnemius_jumps_at_122_degrees_and_ours_does_not() -> None:
    sweep = [pose(knee_flexion_r=float(k)) for k in np.arange(118.0, 127.0, 0.25)]
    upstream = [UPSTREAM.length_m("gaslat_r", p) for p in sweep]
    i = ANATOMY.muscle_names.index("gaslat_r")
    ours = ANATOMY.lengths_batch_m(np.array(sweep))[:, i]
    assert np.abs(np.diff(upstream)).max() > 0.010
    assert np.abs(np.diff(ours)).max() < 0.001


@pytest.mark.parametrize("side", ["r", "l"])
def test_upstream_iliacus_flips_in_deep_hip_flexion_and_ours_does_not(side: str) -> None:
    """It takes the long way round its brim from about 126.5 degrees on, with the leg out and in."""
    sweep = [
        pose(**{f"hip_flexion_{side}": k, f"hip_adduction_{side}": -38, f"hip_rotation_{side}": 45})
        for k in np.arange(120.0, 136.0, 0.5)
    ]
    upstream = [UPSTREAM.length_m(f"iliacus_{side}", p) for p in sweep]
    i = ANATOMY.muscle_names.index(f"iliacus_{side}")
    ours = ANATOMY.lengths_batch_m(np.array(sweep))[:, i]
    assert np.diff(upstream).max() > 0.25
    assert np.abs(np.diff(ours)).max() < 0.001
    assert ours[0] == pytest.approx(upstream[0], abs=1e-9)


def test_upstream_weighs_the_pelvis_twice_and_ours_once() -> None:
    def pelvis_kg(model: mujoco.MjModel) -> float:
        return float(model.body("sacrum").mass[0] + model.body("pelvis").mass[0])

    assert pelvis_kg(UPSTREAM.model) == pytest.approx(18.45, abs=0.01)
    assert pelvis_kg(ANATOMY.model) == pytest.approx(10.96, abs=0.01)


def test_upstream_pelvis_stands_off_the_sacrum_and_ours_does_not() -> None:
    def apart_deg(data: mujoco.MjData) -> float:
        turn = data.body("pelvis").xmat.reshape(3, 3).T @ data.body("sacrum").xmat.reshape(3, 3)
        return float(np.degrees(np.linalg.norm(turn - turn.T) / np.sqrt(8)))

    assert apart_deg(UPSTREAM.placed(pose())) == pytest.approx(0.065, abs=0.01)
    assert apart_deg(ANATOMY.place(np.zeros(21))) < 1e-9


def test_upstream_has_no_muscle_from_the_spine_to_the_thigh_and_ours_has_22() -> None:
    ours = [
        muscle
        for muscle, row in zip(ANATOMY.muscle_names, ANATOMY.spans, strict=True)
        if row[:3].any() and row[3:].any()
    ]
    assert len(ours) == 22
    assert all(m.startswith("psoas_composite_") for m in ours)
    assert not any(m.startswith("psoas_composite_") for m in UPSTREAM.names)


def test_the_shank_goes_on_along_its_tangent_beyond_120_degrees() -> None:
    sweep = np.array([pose(knee_flexion_r=float(k)) for k in (118, 119, 120, 121, 130, 139, 140)])
    shank = ANATOMY.model.joint("knee_angle_translation1_r").qposadr[0]
    place_m = ANATOMY.joint_positions(sweep)[:, shank]
    before, after, late = place_m[2] - place_m[1], place_m[3] - place_m[2], place_m[6] - place_m[5]
    assert after == pytest.approx(before, rel=0.05)
    assert late == pytest.approx(after, rel=1e-9)
