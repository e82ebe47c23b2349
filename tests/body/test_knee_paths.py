"""The paths that were mended at the knee: patella, gastrocnemii, short head of biceps femoris.

Arms in mm, positive where the muscle straightens the knee.
"""

import mujoco
import numpy as np
import pytest
from anatomy_poses import UpstreamLengths, pose

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.anatomy_build import raw_anatomy
from lengthwise.body.joint_map import JointCurve, JointMap
from lengthwise.body.scaling import BodyMeasures
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate

ANATOMY = Anatomy.build()
BODIES = [BodyMeasures(), BodyMeasures(height_m=1.95, thigh_length_m=0.42)]
KNEE = ANATOMICAL.index(Coordinate.KNEE_FLEXION_R)
VASTI = ("vasint_r", "vaslat_r", "vasmed_r")
ROLLS_FROM_DEG = 110.0


def arm_mm(muscle: str, knee_deg: float, anatomy: Anatomy = ANATOMY) -> float:
    slopes_m = anatomy.lengths_and_moment_arms(pose(knee_flexion_r=knee_deg))[1]
    return 1e3 * float(slopes_m[anatomy.muscle_names.index(muscle), KNEE])


def ligament_mm(anatomy: Anatomy, knee_deg: float, muscle: str = "vasint") -> float:
    data = mujoco.MjData(anatomy.model)
    data.qpos[:] = anatomy.joint_positions(pose(knee_flexion_r=knee_deg)[None])[0]
    mujoco.mj_kinematics(anatomy.model, data)
    ends = (data.site(f"{muscle}-{p}_r").xpos for p in ("P4", "P5"))
    return 1e3 * float(np.linalg.norm(np.subtract(*ends)))


@pytest.mark.parametrize("measures", BODIES, ids=["generic", "uneven"])
def test_the_patellar_ligament_keeps_its_length_while_the_patella_rolls_on(
    measures: BodyMeasures,
) -> None:
    """To a hundredth of it; on the generic body to 0.2 mm, which its place was chosen by."""
    anatomy = Anatomy.build(measures)
    taut_mm = ligament_mm(anatomy, ROLLS_FROM_DEG)
    moved = max(abs(ligament_mm(anatomy, k) - taut_mm) for k in np.arange(112.0, 141.0, 2.0))
    assert moved < (0.2 if anatomy is ANATOMY else 0.01 * taut_mm)


def test_the_patella_turns_about_one_point_of_the_femur() -> None:
    """Seen from the femur, every two places beyond 110 degrees are as far from it as another."""
    centre = None
    for knee_deg in (111.0, 120.0, 130.0, 140.0):
        here, ahead = (_patella(k) for k in (knee_deg, knee_deg + 1e-3))
        moved, turned = ahead[:2] - here[:2], ahead[2] - here[2]
        about = here[:2] + np.array([-moved[1], moved[0]]) / turned
        centre = about if centre is None else centre
        assert about == pytest.approx(centre, abs=1e-6)
    assert np.linalg.norm(_patella(140.0)[:2] - centre) == pytest.approx(0.040, abs=0.003)


def _patella(knee_deg: float) -> np.ndarray:
    """Place (m) in the sagittal plane of the femur, and its turn (rad)."""
    joints = ("translation1", "translation2", "rotation1")
    addresses = [int(ANATOMY.model.joint(f"knee_angle_beta_{j}_r").qposadr[0]) for j in joints]
    return np.asarray(
        ANATOMY.joint_positions(pose(knee_flexion_r=knee_deg)[None])[0, addresses], dtype=float
    )


@pytest.mark.parametrize("muscle", [*VASTI, "recfem_r"])
def test_the_arm_of_the_quadriceps_falls_in_deep_flexion(muscle: str) -> None:
    """Measured: the effective arm peaks near 20 degrees and falls with flexion (Grood 1984, J Bone
    Joint Surg Am 66:725-734; in the living 45 to 47 mm at 10 degrees and 32 at 50,
    PMC4662057); of ten degrees quadriceps pass 9.5 mm at 30 to 40 and 5.4, the least, at 80 to 90
    (Wendt and Johnson 1985, J Bone Joint Surg Am 67:726-732). The package's fit made it rise to
    33 mm at 140."""
    deep = [arm_mm(muscle, k) for k in np.arange(ROLLS_FROM_DEG, 141.0, 2.0)]
    assert np.all(np.diff(deep) < 0.0)
    assert 15.0 < deep[-1] < 21.0
    assert max(deep) < min(arm_mm(muscle, k) for k in (0.0, 10.0, 20.0, 50.0))


@pytest.mark.parametrize("muscle", [*VASTI, "recfem_r"])
def test_the_arm_of_the_quadriceps_does_not_step_where_the_circle_begins(muscle: str) -> None:
    before, after = (arm_mm(muscle, ROLLS_FROM_DEG + d) for d in (-1e-4, 1e-4))
    assert after == pytest.approx(before, abs=1e-3)


def test_beyond_its_end_a_curve_goes_on_around_a_circle_or_along_its_tangent() -> None:
    """Worked: at the end of q the position is 0.02 and its slope 0.04."""
    line = JointCurve(0, (0.0, 0.04, 0.0, 0.0, 0.0), 0.5)
    assert line.at(1.0) == pytest.approx((0.04, 0.04))
    circle = JointCurve(0, (0.0, 0.04, 0.0, 0.0, 0.0), 0.5, bend=0.03, turn=1.0)
    quarter = circle.at(0.5 + np.pi / 2)
    assert quarter == pytest.approx((0.02 + 0.04 + 0.03, 0.03))
    assert circle.at(0.5) == pytest.approx((0.02, 0.04))


@pytest.mark.parametrize("muscle", ["gasmed_r", "gaslat_r"])
def test_upstream_gastrocnemii_go_through_the_condyle_and_ours_around_it(muscle: str) -> None:
    """Measured: 12 to 20 mm near extension, and never an extensor (Spoor 1990,
    J Biomech 23:1247-1259, as Tözeren 2000 gives it)."""
    upstream = UpstreamLengths(raw_anatomy())
    ahead, behind = (upstream.length_m(muscle, pose(knee_flexion_r=k)) for k in (139.0, 137.0))
    assert 1e3 * (ahead - behind) / np.radians(2.0) > -8.0
    arms = np.array([arm_mm(muscle, k) for k in np.arange(0.0, 141.0, 5.0)])
    assert np.all(arms < -9.0)
    assert np.all((arms[:9] > -20.0) & (arms[:9] < -12.0))


def test_the_short_head_flexes_the_knee_at_every_angle_with_about_the_same_arm() -> None:
    """Visser 1990 (Eur J Appl Physiol 61:453-460): the same at all angles; 20 mm, see the build."""
    arms = np.array([arm_mm("bfsh_r", k) for k in np.arange(0.0, 141.0, 5.0)])
    assert arms == pytest.approx(-20.0, abs=9.0)
    assert arms[:25] == pytest.approx(-20.0, abs=4.0)
    upstream = UpstreamLengths(raw_anatomy())
    ahead, behind = (upstream.length_m("bfsh_r", pose(knee_flexion_r=k)) for k in (140.0, 138.0))
    assert ahead > behind + 0.001


def test_joint_positions_of_a_longer_thigh_are_those_of_a_longer_circle() -> None:
    long = Anatomy.build(BodyMeasures(thigh_length_m=0.44))
    scale = long.scales.thigh
    slides = [
        int(ANATOMY.model.joint(f"knee_angle_beta_translation{i}_r").qposadr[0]) for i in (1, 2)
    ]
    deep = pose(knee_flexion_r=135.0)[None]
    ours, theirs = (a.joint_positions(deep)[0, slides] for a in (ANATOMY, long))
    assert theirs == pytest.approx(scale * ours, rel=1e-12)


def test_a_joint_that_follows_nothing_stays_at_rest() -> None:
    rest = np.array([0.3, 0.1])
    moved = JointMap(rest, {1: JointCurve(0, (0.0, 2.0, 0.0, 0.0, 0.0))}).position(np.array([0.5]))
    assert moved == pytest.approx([0.3, 1.1])
