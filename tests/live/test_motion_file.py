"""OpenSim's motions: their signs become ours, and what cannot be used is said in one line."""

from math import degrees, radians
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_text import motion_text

from lengthwise.body.conventions import ROT_WORLD_FROM_UPRIGHT, rot_world_from_pelvis
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.live.motion_file import OPENSIM, MotionFile, pelvis_in_our_order
from lengthwise.live.pose_files import MOVING, Pose

ANGLE = st.floats(-1.5, 1.5)


def read(tmp_path: Path, text: str | bytes, **options: bool) -> tuple[list[Pose], MotionFile]:
    path = tmp_path / "ik.mot"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    file = MotionFile(path, **options)
    return list(file.poses()), file


def refused(tmp_path: Path, text: str | bytes, **options: bool) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, **options)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    return str(caught.value)


def angle_deg(pose: Pose, coordinate: str) -> float:
    return degrees(pose.mean_rad[MOVING.index(Coordinate(coordinate))])


@pytest.mark.parametrize(
    ("theirs", "ours", "sign"),
    [
        ("pelvis_tilt", "pelvis_tilt", -1),
        ("pelvis_list", "pelvis_obliquity", -1),
        ("pelvis_rotation", "pelvis_rotation", 1),
        ("lumbar_extension", "lumbar_flexion", -1),
        ("lumbar_FE", "lumbar_flexion", -1),
        ("lumbar_bending", "lumbar_side_bend", 1),
        ("lumbar_LB", "lumbar_side_bend", 1),
        ("lumbar_rotation", "lumbar_rotation", 1),
        ("lumbar_AR", "lumbar_rotation", 1),
        ("hip_flexion_l", "hip_flexion_l", 1),
        ("hip_adduction_r", "hip_adduction_r", 1),
        ("hip_rotation_r", "hip_rotation_r", 1),
        ("knee_angle_l", "knee_flexion_l", 1),
        ("ankle_angle_r", "ankle_dorsiflexion_r", 1),
    ],
)
def test_each_name_has_its_coordinate_and_sign(
    tmp_path: Path, theirs: str, ours: str, sign: int
) -> None:
    """Signs found by moving points of the model in OpenSim 4.6; see `live.motion_file`."""
    knee = {} if "hip" in theirs or "knee" in theirs else {"hip_flexion_r": [0.0]}
    (pose,), _ = read(tmp_path, motion_text({theirs: [10.0], **knee}))
    moved = {c.value: degrees(v) for c, v in zip(MOVING, pose.mean_rad, strict=True) if v}
    assert moved == pytest.approx({ours: 10.0 * sign})
    assert pose.t_s == 0.0


def test_every_coordinate_that_moves_can_be_told() -> None:
    assert {c for c, _ in OPENSIM.values()} == set(MOVING)


def test_radians_and_degrees_are_the_same_pose(tmp_path: Path) -> None:
    ((one,), _), ((other,), _) = (
        read(tmp_path, motion_text({"knee_angle_r": [value]}, in_degrees=unit))
        for unit, value in ((True, 60.0), (False, radians(60.0)))
    )
    assert one.mean_rad == pytest.approx(other.mean_rad, abs=1e-8)


@given(ANGLE, ANGLE, ANGLE)
def test_the_pelvis_stands_as_their_order_of_turns_puts_it(t: float, o: float, r: float) -> None:
    def turn(axis: int, angle: float) -> np.ndarray:
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        rot = np.eye(3)
        rot[i, i] = rot[j, j] = np.cos(angle)
        rot[j, i] = np.sin(angle)
        rot[i, j] = -np.sin(angle)
        return rot

    theirs = turn(2, -t) @ turn(0, -o) @ turn(1, r)
    ours = rot_world_from_pelvis(*pelvis_in_our_order(t, o, r))
    np.testing.assert_allclose(np.array(ROT_WORLD_FROM_UPRIGHT) @ theirs, ours, atol=1e-9)


def test_paths_of_a_states_file_are_read_and_speeds_are_not(tmp_path: Path) -> None:
    columns = {
        "/jointset/hip_r/hip_flexion_r/value": [20.0],
        "/jointset/hip_r/hip_flexion_r/speed": [1.0],
        "/forceset/soleus_r/activation": [0.5],
    }
    (pose,), file = read(tmp_path, motion_text(columns))
    assert angle_deg(pose, "hip_flexion_r") == pytest.approx(20.0)
    assert file.stated == {Coordinate.HIP_FLEXION_R}


def test_what_is_not_used_and_what_is_missing_are_each_said_once(tmp_path: Path) -> None:
    columns = {"pelvis_tx": [1.0] * 3, "arm_flex_r": [5.0] * 3, "lumbar_extension": [-10.0] * 3}
    poses, file = read(tmp_path, motion_text(columns))
    assert len(poses) == 3
    not_used, absent, _ = file.notes()
    assert not_used.endswith("pelvis_tx, arm_flex_r")
    assert "knee_flexion_l" in absent and "lumbar_flexion" not in absent


def test_a_trunk_in_one_piece_is_not_taken_for_a_low_back_in_silence(tmp_path: Path) -> None:
    """Chest against pelvis is lumbar and thoracic: 0.6 and 0.3 of a bend forward."""
    one_piece = {"/jointset/back/lumbar_extension/value": [-40.0], "hip_flexion_r": [10.0]}
    (pose,), file = read(tmp_path, motion_text(one_piece))
    assert angle_deg(pose, "lumbar_flexion") == pytest.approx(40.0)
    assert "67 % of lumbar_extension" in file.notes()[-1]
    _, totals = read(tmp_path, motion_text({"lumbar_FE": [-40.0], "hip_flexion_r": [10.0]}))
    assert not any("one piece" in note for note in totals.notes())


def test_a_knee_a_little_past_straight_is_held_there_and_counted(tmp_path: Path) -> None:
    poses, file = read(tmp_path, motion_text({"knee_angle_r": [-1.5, 3.0, -0.2]}))
    assert [angle_deg(p, "knee_flexion_r") for p in poses] == pytest.approx([0.0, 3.0, 0.0])
    note = file.notes()[-1]
    assert "knee_angle_r: 2 rows up to 1.5° beyond the low end" in note


def test_a_model_with_negative_knees_is_told_by_its_option(tmp_path: Path) -> None:
    text = motion_text({"knee_angle_r": [-70.0]})
    assert "with --knees-negative" in refused(tmp_path, text)
    (pose,), _ = read(tmp_path, text, knees_negative=True)
    assert angle_deg(pose, "knee_flexion_r") == pytest.approx(70.0)
    turned = motion_text({"knee_angle_r": [70.0]})
    assert "without --knees-negative" in refused(tmp_path, turned, knees_negative=True)


GOOD = motion_text({"hip_flexion_r": [10.0, 11.0], "knee_angle_r": [20.0, 21.0]})


def test_blank_lines_spaces_byte_order_mark_and_line_ends_do_not_matter(tmp_path: Path) -> None:
    plain, _ = read(tmp_path, GOOD)
    spaced = GOOD.replace("\t", "   ").replace("nRows=2", "nRows = 2   ") + "\n\n"
    for text in (spaced, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.rstrip("\n")):
        other, _ = read(tmp_path, text.encode())
        assert [p.mean_rad.tolist() for p in other] == [p.mean_rad.tolist() for p in plain]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("inDegrees=yes\n", "", "no line inDegrees"),
        ("inDegrees=yes", "inDegrees=perhaps", "inDegrees=perhaps; allowed: yes or no"),
        ("endheader", "", "no line endheader"),
        ("nRows=2", "nRows=3", "2 rows where the header says nRows=3"),
        ("nRows=2", "nRows=two", "nrows=two; allowed: a whole number"),
        ("nColumns=3", "nColumns=4", "3 column labels where the header says nColumns=4"),
        ("version=1", "DataType=Quaternion", "DataType=Quaternion; allowed: double"),
        ("time\t", "frame\t", "labels frame"),
        ("knee_angle_r", "hip_flexion_r", "hip_flexion_r twice"),
        (
            "hip_flexion_r\tknee_angle_r",
            "lumbar_extension\tlumbar_FE",
            "lumbar_extension and lumbar_FE, which are the same coordinate",
        ),
        ("hip_flexion_r\tknee_angle_r", "pelvis_tilt\tpelvis_tx", "allowed: coordinates such as"),
        ("     21.00000000", "nan", "line 11, knee_angle_r: found nan; allowed: a finite number"),
        ("     21.00000000", "1e400", "found 1e400; allowed: a finite number"),
        ("     21.00000000", "twenty", "found twenty"),
        ("     21.00000000", "", "line 11: found 2 cells; allowed: 3"),
        ("     11.00000000", "", "line 11, hip_flexion_r: found an empty cell"),
        ("     11.00000000", "200", "200 (here 200.0 degrees); allowed: hip_flexion_r -30 to 135"),
        ("      0.01000000", "0", "line 11, time: found 0; allowed: later than the row before"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    assert says in refused(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no line endheader"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "text in UTF-8"),
        ("inDegrees=yes\nendheader\n", "nothing below endheader"),
        ("inDegrees=yes\nendheader\ntime\tknee_angle_r\n", "no row"),
        ("x\n" * 500, "no line endheader"),
    ],
)
def test_what_is_no_motion_is_said(tmp_path: Path, text: str | bytes, says: str) -> None:
    assert says in refused(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(MotionFile(tmp_path / "none.mot").poses())


@given(st.binary(max_size=80))
def test_any_bytes_give_poses_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    above = b"inDegrees=yes\nendheader\ntime\thip_flexion_r\n"
    for text in (noise, b"inDegrees=no\n" + noise, above + noise):
        try:
            assert read(folder, text)[0]
        except LengthwiseError as known:
            assert "\n" not in str(known)
