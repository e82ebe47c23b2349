"""A session with a gauge: the limb's weight in the torque, by hand, and what the pull tells of the
person, against a truth that was made."""

from collections.abc import Callable
from math import cos, hypot, radians

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.devices import ForceSample, Pull, Use, WornDevice
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import Posture, RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    DeviceLogged,
    FrameLogged,
    SessionConfig,
    SessionEvent,
    SessionStarted,
)
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.live.pull_measured import known_figures, pull_measured
from lengthwise.live.pull_refined import PulledRow, pull_refined
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.pull_weighed import Posed, WeightStays, upwards, weight_stays
from lengthwise.reference.passive_torque import usual_rest
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue.limb_weight import chain_of, limb_weight
from lengthwise.tissue.torque_fit import TorqueSamples, modelled_nm

HIP = Coordinate.HIP_FLEXION_R
ANATOMY = Anatomy.build()
HAMSTRINGS = GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT]
MASS_KG, LEVER_M = 70.0, 0.8
SURE = np.zeros((8, 8))


def raised(hip_deg: float) -> np.ndarray:
    pose = posture_mean_rad(Posture.SUPINE)
    pose[INDEX[HIP]] = radians(hip_deg)
    return pose


def weight_nm(hip_deg: float, mass_kg: float = MASS_KG) -> float:
    return limb_weight(
        ANATOMY, Estimate(mass_kg, 0.0), HIP, pose_rad=raised(hip_deg), chain_covariance_rad2=SURE
    ).torque_nm


def test_a_leg_raised_by_80_n_at_the_ankle_resists_with_what_its_weight_leaves() -> None:
    """By hand: thigh 10.13 kg at 0.156 m from the hip, shank 3.20 at 0.582, foot 0.93 at some 0.83:
    4.22 kg m, 41.4 N.m level and 35.8 at 30 degrees. Pulled with 80 N at 0.8 m, 64 N.m: the tissue
    resists with 28.2."""
    by_hand_nm = 9.81 * (10.13 * 0.156 + 3.20 * 0.582 + 0.93 * 0.83)
    for hip_deg in (0.0, 30.0, 60.0):
        level = cos(radians(hip_deg))
        assert -weight_nm(hip_deg) == pytest.approx(by_hand_nm * level, abs=0.5)
    measured = session(lambda t: 80.0, lambda t: 30.0).measured()
    assert measured is not None
    assert measured.resisting_nm == pytest.approx(64.0 - 0.866 * by_hand_nm, abs=0.5)


def test_a_weight_is_as_doubtful_as_masses_and_pose_make_it() -> None:
    """10 % of each mass, 3 % of each length; 3 kg of 70 make 1.5 N.m of 35.8; 3 degrees of tilt
    and of hip each 41.4 sin 30 x 0.052 = 1.1."""
    found = limb_weight(
        ANATOMY,
        Estimate(70.0, 3.0),
        HIP,
        pose_rad=raised(30.0),
        chain_covariance_rad2=np.diag([radians(3.0) ** 2, 0, 0, radians(3.0) ** 2, 0, 0, 0, 0]),
    )
    masses = 0.1 * 9.81 * 0.866 * hypot(10.13 * 0.156, 3.20 * 0.582, 0.93 * 0.83)
    centres = 0.03 * 9.81 * 0.866 * hypot(14.26 * 0.404 * 0.71, 3.20 * 0.4, 0.93 * 0.18)
    assert found.alike_sd_nm == pytest.approx(hypot(masses, centres, 35.8 * 3 / 70), abs=0.35)
    assert found.pose_sd_nm == pytest.approx(1.084 * 2**0.5, abs=0.1)


def test_sides_weigh_alike_and_a_limb_that_stands_has_no_lever() -> None:
    left = posture_mean_rad(Posture.SUPINE)
    left[INDEX[Coordinate.HIP_FLEXION_L]] = radians(40.0)
    other = limb_weight(
        ANATOMY,
        Estimate(MASS_KG, 0.0),
        Coordinate.HIP_FLEXION_L,
        pose_rad=left,
        chain_covariance_rad2=SURE,
    )
    assert other.torque_nm == pytest.approx(weight_nm(40.0), rel=1e-3)
    assert abs(weight_nm(90.0)) < 1.0
    with pytest.raises(ValueError, match="no joint of a leg"):
        chain_of(Coordinate.LUMBAR_FLEXION)


def test_where_the_floor_bears_the_limb_its_weight_stays_in_the_torque() -> None:
    assert weight_stays(Posture.SUPINE, HIP, 1) is None
    assert weight_stays(Posture.SITTING, Coordinate.KNEE_FLEXION_L, 1) is None
    for posture in (Posture.SITTING, Posture.UNKNOWN, Posture.HALF_KNEELING):
        assert weight_stays(posture, HIP, 1) is WeightStays.BORNE
    standing = session(lambda t: 80.0, lambda t: 30.0, posture=Posture.STANDING)
    measured = standing.measured()
    assert standing.weight() is None and measured is not None
    assert measured.resisting_nm == pytest.approx(64.0)


def on_the_side(side: Side, joint: str, **angles_deg: float) -> float:
    """Torque of the weight of the upper leg about one of its joints."""
    pose = posture_mean_rad(Posture.SIDE_LYING)
    for name, value in angles_deg.items():
        pose[INDEX[Coordinate(f"{name}_{side.value}")]] = radians(value)
    about = Coordinate(f"{joint}_{side.value}")
    return limb_weight(
        ANATOMY,
        Estimate(MASS_KG, 0.0),
        about,
        pose_rad=pose,
        chain_covariance_rad2=SURE,
        up=upwards(Posture.SIDE_LYING, about),
    ).torque_nm


@pytest.mark.parametrize("side", Side)
def test_on_the_side_the_upper_leg_weighs_towards_the_other_and_no_weight_bends_it(
    side: Side,
) -> None:
    """Straight hip and knee, as on the back: 41.4 N.m level, less by the cosine when it is raised.
    Bending is about what is upright there."""
    straight = {"hip_flexion": 0.0, "knee_flexion": 0.0}
    level_nm = on_the_side(side, "hip_adduction", **straight)
    assert level_nm == pytest.approx(41.4, abs=1.0)
    raised_nm = on_the_side(side, "hip_adduction", hip_adduction=-30.0, **straight)
    assert raised_nm == pytest.approx(level_nm * cos(radians(30.0)), abs=1.5)
    assert on_the_side(side.other, "hip_adduction", **straight) == pytest.approx(level_nm, rel=1e-3)
    for bend in ("hip_flexion", "knee_flexion"):
        assert abs(on_the_side(side, bend, **{bend: 40.0})) < 2.0


def test_on_the_side_only_a_leg_that_is_pulled_up_hangs_in_its_line() -> None:
    away = Coordinate.HIP_ADDUCTION_L
    assert weight_stays(Posture.SIDE_LYING, away, -1) is None
    assert weight_stays(Posture.SIDE_LYING, away, 1) is WeightStays.BORNE
    for bend in (HIP, Coordinate.KNEE_FLEXION_L):
        assert weight_stays(Posture.SIDE_LYING, bend, -1) is WeightStays.UPRIGHT_AXIS
    assert weight_stays(Posture.STANDING, away, -1) is WeightStays.BORNE
    taken = PullTaken(started(Posture.SIDE_LYING, Pull(away, -1, lever_m=LEVER_M)), ANATOMY)
    for event in events(lambda t: 80.0, lambda t: 0.0, seconds=3.0):
        taken.take(event)
    weight, measured = taken.weight(), taken.measured()
    assert weight is not None and measured is not None
    assert weight.torque_nm == pytest.approx(41.4, abs=1.0)
    assert measured.resisting_nm == pytest.approx(64.0 - weight.torque_nm[0], abs=0.1)


def test_why_a_weight_stays_is_said() -> None:
    for posture, said in (
        (Posture.STANDING, "with the weight of the limb in it"),
        (Posture.SIDE_LYING, "about an upright axis, where no weight turns it"),
    ):
        found = session(lambda t: 80.0, lambda t: 30.0, posture=posture)
        report = pull_measured(found, started(posture), None, lambda: (), earlier_beside=None)
        assert said in report.report.told(report.totals)[0]
        assert found.weight() is None


def test_a_leg_that_lies_is_no_torque_of_the_tissue() -> None:
    assert session(lambda t: 0.0, lambda t: 0.0).measured() is None


def events(
    force_n: Callable[[float], float],
    hip_deg: Callable[[float], float],
    *,
    seconds: float,
    seen_deg: float = 0.0,
) -> list[SessionEvent]:
    """A frame and a reading five times a second; the hip is seen `seen_deg` off."""
    found: list[SessionEvent] = []
    groups, sd = np.zeros(len(GROUP_SIDES)), np.zeros((len(COORDINATES), len(COORDINATES)))
    sd[INDEX[HIP], INDEX[HIP]] = radians(2.0) ** 2
    for t_s in np.arange(0.2, seconds, 0.2).tolist():
        body = BodyState(
            t_s, raised(hip_deg(t_s) + seen_deg), sd, (Unseen.CLAIMED,) * len(COORDINATES), 1.0
        )
        found.append(DeviceLogged(ForceSample(t_s, "gauge", force_n(t_s))))
        tissue = TissueState(t_s, groups, groups, groups, groups, (), ())
        found.append(FrameLogged(body, tissue, None))
    return found


PULL = Pull(HIP, lever_m=LEVER_M, standard_nm=30.0)


def started(posture: Posture = Posture.SUPINE, pull: Pull = PULL) -> SessionStarted:
    config = SessionConfig(
        posture=posture.value, mass_kg=MASS_KG, devices=(WornDevice("gauge", Use.PULL, pull=pull),)
    )
    recording = RecordingHeader("live", "live", ())
    return SessionStarted(
        LOG_VERSION, "s", "2026-01-31T08:15:00Z", "t", config, recording, Person("a")
    )


def session(
    force_n: Callable[[float], float],
    hip_deg: Callable[[float], float],
    *,
    posture: Posture = Posture.SUPINE,
) -> PullTaken:
    taken = PullTaken(started(posture), ANATOMY)
    for event in events(force_n, hip_deg, seconds=3.0):
        taken.take(event)
    return taken


def test_a_pull_tells_of_the_person_what_was_made_true() -> None:
    """Hamstrings whose curve is 8 mm further along, with a stiffness of about a half some 15 mm of
    their length earlier in tension than anybody's, pulled at 4 degrees a second; the hip is seen
    1 degree off, with an sd of 2."""
    groups, curves, usual = known_figures(started(), ANATOMY)
    a = usual.anchor_stretch_m.copy()
    a[HAMSTRINGS] += 0.008
    hips = np.arange(5.0, 86.0, 5.0)
    postures = [raised(h)[[INDEX[c] for c in ANATOMICAL]] for h in hips]
    lengths = [groups.lengths_and_slopes(p) for p in postures]
    samples = TorqueSamples(
        np.radians(hips),
        np.array([length for length, _ in lengths]),
        np.array([arms[:, ANATOMICAL.index(HIP)] for _, arms in lengths]),
        np.zeros(len(hips)),
        np.ones(len(hips)),
    )
    person = replace(usual, anchor_stretch_m=a)
    true_nm = -modelled_nm(curves, person, usual_rest(HIP), samples)
    weights_nm = -np.array([weight_nm(h) for h in hips])
    end_deg = float(np.interp(40.0, true_nm, hips))

    def hip_deg(t_s: float) -> float:
        return min(5.0 + 4.0 * t_s, end_deg)

    def force_n(t_s: float) -> float:
        return float(np.interp(hip_deg(t_s), hips, true_nm + weights_nm)) / LEVER_M

    told = events(force_n, hip_deg, seconds=22.0, seen_deg=1.0)
    taken = PullTaken(started(), ANATOMY)
    for event in told:
        taken.take(event)
    measured = pull_measured(
        taken,
        started(),
        None,
        lambda: told,
        earlier_beside=None,
        figures=lambda: (groups, curves, usual),
    )
    totals = measured.totals
    assert totals is not None and totals.extensible_rad is not None
    assert totals.furthest_nm is not None and totals.weight_nm is not None
    off_deg = np.degrees(totals.extensible_rad.mean) - np.interp(30.0, true_nm, hips)
    assert abs(off_deg) < 1.96 * np.degrees(totals.extensible_rad.sd) < 8.0
    assert abs(totals.furthest_nm.mean - 40.0) < 1.96 * totals.furthest_nm.sd < 12.0
    # A gauge held by hand says too little of ten muscle groups to tell one of them.
    assert totals.muscles == () and totals.why_not is None
    lines = measured.report.told(totals)
    assert lines[0].startswith("the weight of the limb is taken out of the torque, at most 41 N")
    assert "at the furthest of the pull" in lines[1] and "tissue resists with" in lines[1]

    rows = [
        PulledRow(t_s, float(np.interp(hip_deg(t_s), hips, true_nm)), 0.5, radians(hip_deg(t_s)))
        for t_s in np.arange(0.2, 22.0, 0.2).tolist()
    ]
    poses = [Posed(t_s, raised(hip_deg(t_s)), SURE) for t_s in (0.0, 11.0, 22.0)]
    sure = pull_refined(groups, curves, usual, HIP, rows, poses, way=1, ratio=0.02, offset_nm=0.5)
    found = {m.muscle: m for m in sure.muscles}["hamstrings_r"]
    true_m = -0.008 / usual.stiffness_ratio[HAMSTRINGS]
    assert abs(found.later_m.mean - true_m) < found.later_m.sd < 0.5 * found.before_sd_m
    usual_m = usual.slack_shift_m(curves)[HAMSTRINGS]
    assert found.slack_shift_m.mean == pytest.approx(usual_m + found.later_m.mean)
    assert abs(np.log(found.stiffness_ratio / usual.stiffness_ratio[HAMSTRINGS])) < 0.1
    assert 0.0 < found.stiffness_log_sd < 0.1


def test_a_made_up_pull_is_no_result_of_a_real_person() -> None:
    found, real = session(lambda t: 80.0, lambda t: 30.0), started()
    assert pull_measured(found, real, None, lambda: (), earlier_beside=None).totals is not None
    gauge = tuple(replace(d, simulated=True) for d in real.config.devices or ())
    mixed = replace(real, config=replace(real.config, devices=gauge))
    told = pull_measured(found, mixed, None, lambda: (), earlier_beside=None)
    assert told.totals is None and told.report.device is None
    marked = replace(mixed, recording=replace(real.recording, simulated=True))
    assert pull_measured(found, marked, None, lambda: (), earlier_beside=None).totals is not None
