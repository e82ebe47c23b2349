"""Xsens exports: matrices read by name, packets joined, wearing positions only where founded."""

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from sensed_files import observations, read_all, reasons

from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.xsens_file import quaternion
from lengthwise.sensing.xsens_folder import DRIVER

# Column by column, as the maker writes it.
MAT = [f"Mat[{row}][{column}]" for column in (1, 2, 3) for row in (1, 2, 3)]
UPRIGHT = Rotation.from_matrix([[0, 0, 1], [0, -1, 0], [1, 0, 0]])
"""x up, z to the person's front, which is world x."""

angles = st.floats(-math.pi, math.pi)


def packet(counter: int, rotation: Rotation = UPRIGHT) -> str:
    acc = rotation.inv().apply([0.0, 0.0, 9.81])
    matrix = rotation.as_matrix().T.ravel()
    return "\t".join([f"{counter:05d}", *(f"{v:.9f}" for v in [*acc, *matrix])])


def write_file(
    folder: Path, sensor: str, packets: list[str], *, rate: str = "100.0Hz", end: str = "\n"
) -> None:
    head = "\t".join(["PacketCounter", "Acc_X", "Acc_Y", "Acc_Z", *MAT])
    lines = ["// Start Time: Unknown", f"// Update Rate: {rate}", head, *packets]
    (folder / f"MT_0001-001_{sensor}.txt").write_text("\n".join(lines) + end)


def write_map(folder: Path, *lines: str, head: str = "sensor,segment") -> None:
    (folder / "sensor_map.csv").write_text("\n".join([head, *lines]) + "\n")


def pelvis_only(folder: Path, packets: list[str], *, end: str = "\n") -> Path:
    write_file(folder, "AA", packets, end=end)
    write_map(folder, "AA,pelvis")
    return folder


@given(angles, angles, angles)
def test_the_quaternion_turns_as_the_matrix_does(a: float, b: float, c: float) -> None:
    rotation = Rotation.from_euler("xyz", [a, b, c])
    again = Rotation.from_quat(quaternion(rotation.as_matrix().ravel().tolist()), scalar_first=True)
    assert (rotation * again.inv()).magnitude() < 1e-7


@given(st.lists(st.floats(-2, 2), min_size=9, max_size=9))
def test_a_matrix_that_does_not_keep_length_or_hand_is_refused(matrix: list[float]) -> None:
    square = np.array(matrix).reshape(3, 3)
    apart = np.abs(square @ square.T - np.eye(3)).max()
    if apart < 0.1 and np.linalg.det(square) > 0:
        return
    with pytest.raises(ValueError, match="no rotation"):
        quaternion(matrix)


def test_gravity_points_up_in_the_world_of_the_orientation(tmp_path: Path) -> None:
    turned = Rotation.from_euler("xyz", [0.3, -0.8, 2.0])
    pelvis_only(tmp_path, [packet(i, turned) for i in range(5)])
    _, items = read_all(DRIVER, tmp_path)
    for item in items:
        assert isinstance(item, ImuSample) and item.quat_wxyz is not None
        world = Rotation.from_quat(item.quat_wxyz, scalar_first=True).apply(item.acc_m_s2)
        assert world == pytest.approx([0.0, 0.0, 9.81], abs=1e-5)


def test_files_are_joined_by_packet_and_not_by_row(tmp_path: Path) -> None:
    write_file(tmp_path, "AA", [packet(c) for c in (472, 473, 476)])
    write_file(tmp_path, "BB", [packet(c) for c in (474, 475, 476)])
    write_map(tmp_path, "AA,pelvis", "BB,femur_l")
    _, items = read_all(DRIVER, tmp_path)
    found = [(round(i.t_s * 100), i.segment) for i in items if isinstance(i, ImuSample)]
    pelvis, thigh = Segment.PELVIS, Segment.THIGH_L
    assert found == [(0, pelvis), (1, pelvis), (2, thigh), (3, thigh), (4, pelvis), (4, thigh)]


def test_the_packet_counter_may_pass_its_end(tmp_path: Path) -> None:
    write_file(tmp_path, "AA", [packet(c) for c in (65534, 65535, 0, 1)])
    write_file(tmp_path, "BB", [packet(c) for c in (0, 1, 2)])
    write_map(tmp_path, "AA,pelvis", "BB,torso")
    _, items = read_all(DRIVER, tmp_path)
    times = {s: [i.t_s for i in items if isinstance(i, ImuSample) and i.segment is s]
             for s in (Segment.PELVIS, Segment.THORAX)}  # fmt: skip
    assert times[Segment.PELVIS] == pytest.approx([0.0, 0.01, 0.02, 0.03])
    assert times[Segment.THORAX] == pytest.approx([0.02, 0.03, 0.04])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (packet(1), "duplicate_time"),
        (packet(0), "time_backwards"),
        ("00002\t1\t2", "undecodable"),
        (packet(2).replace("0.000000000", "nan", 1), "non_finite"),
        (packet(2).replace("1.000000000", "0.500000000"), "undecodable"),
        (packet(2).replace("9.81", "981"), "out_of_range"),
        (packet(2).replace("00002", "99999"), "undecodable"),
    ],
)
def test_a_packet_that_cannot_be_used_is_counted_and_the_rest_kept(
    tmp_path: Path, row: str, reason: str
) -> None:
    pelvis_only(tmp_path, [packet(0), packet(1), row, packet(3)])
    _, items = read_all(DRIVER, tmp_path)
    assert reasons(items) == [reason]
    assert [i.t_s for i in observations(items)] == pytest.approx([0.0, 0.01, 0.03])


def test_a_file_cut_off_in_a_row_keeps_what_came_before(tmp_path: Path) -> None:
    pelvis_only(tmp_path, [packet(i) for i in range(4)], end="")
    _, items = read_all(DRIVER, tmp_path)
    assert reasons(items) == ["truncated"]
    assert len(observations(items)) == 3


def test_the_front_of_the_others_follows_from_the_pelvis_while_standing(tmp_path: Path) -> None:
    outside = UPRIGHT * Rotation.from_euler("x", 80, degrees=True)
    write_file(tmp_path, "AA", [packet(i) for i in range(120)])
    write_file(tmp_path, "BB", [packet(i, outside) for i in range(120)])
    write_map(tmp_path, "AA,pelvis", "BB,femur_r")
    header, _ = read_all(DRIVER, tmp_path)
    fronts = [s.forward_axis for s in header.streams if isinstance(s, ImuStream)]
    assert fronts == [Axis.Z, Axis.Y]
    assert any("standing" in note for note in header.notes)


def test_no_front_is_guessed_in_motion_or_between_two_axes(tmp_path: Path) -> None:
    between = UPRIGHT * Rotation.from_euler("x", -45, degrees=True)
    moving = [UPRIGHT * Rotation.from_euler("x", i, degrees=True) for i in range(120)]
    write_file(tmp_path, "AA", [packet(i) for i in range(120)])
    write_file(tmp_path, "BB", [packet(i, between) for i in range(120)])
    write_file(tmp_path, "CC", [packet(i, moving[i]) for i in range(120)])
    write_map(tmp_path, "AA,pelvis", "BB,femur_r", "CC,femur_l")
    header, _ = read_all(DRIVER, tmp_path)
    fronts = {s.segment: s.forward_axis for s in header.streams if isinstance(s, ImuStream)}
    assert fronts == {Segment.PELVIS: Axis.Z, Segment.THIGH_R: None, Segment.THIGH_L: None}
    assert any("thigh_r, thigh_l" in note for note in header.notes)


def test_a_front_that_the_map_states_stands(tmp_path: Path) -> None:
    write_file(tmp_path, "AA", [packet(i) for i in range(3)])
    write_map(tmp_path, "AA,pelvis,-y", head="sensor,segment,forward_axis")
    header, _ = read_all(DRIVER, tmp_path)
    stream = header.streams[0]
    assert isinstance(stream, ImuStream) and stream.forward_axis is Axis.MINUS_Y
    assert stream.up_axis is None
    write_map(tmp_path, "AA,pelvis,-y,+x", head="sensor,segment,forward_axis,up_axis")
    header, _ = read_all(DRIVER, tmp_path)
    stream = header.streams[0]
    assert isinstance(stream, ImuStream) and stream.up_axis is Axis.X


@pytest.mark.parametrize("axes", ["-y,+y", "-y,up"])
def test_an_up_axis_that_cannot_be_is_refused(tmp_path: Path, axes: str) -> None:
    write_file(tmp_path, "AA", [packet(i) for i in range(3)])
    write_map(tmp_path, f"AA,pelvis,{axes}", head="sensor,segment,forward_axis,up_axis")
    with pytest.raises(InputError, match="up_axis"):
        read_all(DRIVER, tmp_path)


def test_without_a_map_it_is_said_how_to_write_one(tmp_path: Path) -> None:
    write_file(tmp_path, "AA", [packet(0)])
    with pytest.raises(InputError, match=r"sensor_map\.csv") as caught:
        DRIVER.open(tmp_path, OpenOptions())
    assert "sensor,segment,forward_axis" in str(caught.value) and "AA,pelvis" in str(caught.value)


@pytest.mark.parametrize(
    "lines", [["AA,elbow"], ["AA,pelvis", "BB,pelvis"], ["AA,calcn_r"], [",pelvis"], ["AA"], []]
)
def test_a_map_that_does_not_fit_is_refused_in_one_line(tmp_path: Path, lines: list[str]) -> None:
    write_file(tmp_path, "AA", [packet(0)])
    write_file(tmp_path, "BB", [packet(0)])
    write_map(tmp_path, *lines)
    with pytest.raises(InputError) as caught:
        DRIVER.open(tmp_path, OpenOptions())
    assert "\n" not in str(caught.value)


def test_feet_and_sensors_without_file_are_told_once(tmp_path: Path) -> None:
    write_file(tmp_path, "AA", [packet(0), packet(1)])
    write_file(tmp_path, "BB", [packet(0), packet(1)])
    write_map(tmp_path, "AA,pelvis", "BB,calcn_l", "CC,torso")
    header, items = read_all(DRIVER, tmp_path)
    assert [n for n in header.notes if "calcn_l" in n] and [n for n in header.notes if "CC" in n]
    assert len(items) == 2


@pytest.mark.parametrize("rate", ["", "0Hz", "fast", "nan"])
def test_a_file_without_a_rate_is_refused(tmp_path: Path, rate: str) -> None:
    write_file(tmp_path, "AA", [packet(0)], rate=rate)
    write_map(tmp_path, "AA,pelvis")
    with pytest.raises(InputError, match="Update Rate"):
        DRIVER.open(tmp_path, OpenOptions())


@settings(max_examples=100, deadline=None)
@given(
    file=st.binary(max_size=300)
    | st.text("PacketCounter\tAcc_XYZ0123//UpdateRate:\n").map(str.encode),
    table=st.binary(max_size=100) | st.just(b"sensor,segment\nAA,pelvis\n"),
)
@example(file=b"// Update Rate: 100Hz\nPacketCounter\tAcc_X\tAcc_Y\tAcc_Z\n1\t2\t3\t4\n\n",
         table=b"sensor,segment\nAA,pelvis\n")  # fmt: skip
@example(file=b"", table=b"sensor,segment\nAA,pelvis\x00,,,,\n")
def test_any_bytes_give_a_clear_line_or_counted_rejections(file: bytes, table: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "MT_1_AA.txt").write_bytes(file)
        (path / "sensor_map.csv").write_bytes(table)
        try:
            read_all(DRIVER, path)
        except LengthwiseError as known:
            assert "\n" not in str(known)


@pytest.mark.shared_data
def test_the_opensense_walk_is_read_whole(shared_data: Path) -> None:
    """Rows as counted by their PacketCounter; fronts as of the origin's set-up (pelvis +z)."""
    header, items = read_all(DRIVER, shared_data / "imu" / "opensense_xsens")
    assert not reasons(items)
    assert len(items) == header.observation_count == 2496 + 2493 + 2505 + 2474 + 2481 + 2452
    fronts = {s.segment: s.forward_axis for s in header.streams if isinstance(s, ImuStream)}
    assert fronts == {
        Segment.PELVIS: Axis.Z,
        Segment.THORAX: Axis.Z,
        Segment.THIGH_R: Axis.Y,
        Segment.SHANK_R: Axis.Y,
        Segment.THIGH_L: Axis.MINUS_Y,
        Segment.SHANK_L: Axis.MINUS_Y,
    }
    standing = [i for i in items if isinstance(i, ImuSample) and i.t_s < 0.5]
    for item in standing:
        world = Rotation.from_quat(item.quat_wxyz, scalar_first=True).apply(item.acc_m_s2)
        assert world == pytest.approx([0.0, 0.0, 9.81], abs=0.35)
