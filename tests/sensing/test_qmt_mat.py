"""The qmt layout: its sensors named, turned and timed; damage refused in one line."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import savemat
from sensed_files import observations, read_all, reasons

from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.mat5 import read_mat5
from lengthwise.sensing.qmt_mat import DRIVER


def written(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "recording.mat"
    savemat(str(path), content)
    return path


def still(count: int = 5, acc: tuple[float, float, float] = (9.81, 0.0, 0.0)) -> dict[str, Any]:
    return {"acc": np.tile(acc, (count, 1)), "gyr": np.zeros((count, 3))}


def times(count: int = 5) -> np.ndarray:
    return 40.0 + np.arange(count) / 100


def test_time_counts_from_the_first_sample(tmp_path: Path) -> None:
    header, items = read_all(DRIVER, written(tmp_path, {"t": times(), "hip": still()}))
    assert [i.t_s for i in items] == pytest.approx([0.0, 0.01, 0.02, 0.03, 0.04])
    assert header.streams == (
        ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z, sensor_name="hip"),
    )
    assert header.duration_s == pytest.approx(0.04)


def test_the_shank_sensor_is_turned_so_that_its_front_is_z(tmp_path: Path) -> None:
    half = 0.5**0.5
    content = {
        "t": times(),
        "lower_leg_left": still(acc=(0.0, -half, half)),
        "lower_leg_right": still(acc=(0.0, half, half)),
    }
    _, items = read_all(DRIVER, written(tmp_path, content))
    for item in items:
        assert isinstance(item, ImuSample)
        assert item.acc_m_s2 == pytest.approx((0.0, 0.0, 1.0), abs=1e-12)


def test_parts_that_are_not_estimated_are_told(tmp_path: Path) -> None:
    content = {"t": times(), "hip": still(), "head": still(), "foot_left": still()}
    header, items = read_all(DRIVER, written(tmp_path, content))
    assert header.notes == ("not used: foot_left, head",)
    assert len(items) == 5


@pytest.mark.parametrize(
    ("bad_times", "reason"),
    [
        ([40, 40.01, np.nan, 40.03], "non_finite"),
        ([40, 40.02, 40.01, 40.03], "time_backwards"),
        ([40, 40.01, 40.01, 40.03], "duplicate_time"),
    ],
)
def test_a_time_that_cannot_be_used_is_counted(
    tmp_path: Path, bad_times: list[float], reason: str
) -> None:
    content = {"t": np.array(bad_times), "hip": still(4)}
    _, items = read_all(DRIVER, written(tmp_path, content))
    assert reasons(items) == [reason]
    assert len(observations(items)) == 3


def test_a_reading_that_is_no_number_is_counted_for_its_segment(tmp_path: Path) -> None:
    hip = still()
    hip["acc"][2, 1] = np.nan
    hip["gyr"][3, 0] = 5000.0
    content = {"t": times(), "hip": hip, "lower_back": still()}
    _, items = read_all(DRIVER, written(tmp_path, content))
    assert reasons(items) == ["non_finite", "out_of_range"]
    assert len(observations(items)) == 8


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"t": times()},
        {"hip": still()},
        {"t": times(3), "hip": still(5)},
        {"t": times(), "hip": 3.0},
        {"t": times(), "hip": {"acc": np.zeros((5, 3))}},
        {"t": times(), "hip": {"acc": "text", "gyr": np.zeros((5, 3))}},
        {"t": times(), "hip": {"acc": np.zeros((5, 3), complex), "gyr": np.zeros((5, 3))}},
        {"t": np.full(5, np.nan), "hip": still()},
        {"t": np.full(5, 40.0), "hip": still()},
        {"t": "soon", "hip": still()},
    ],
)
def test_another_layout_is_refused_in_one_line(tmp_path: Path, content: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        DRIVER.open(written(tmp_path, content), OpenOptions())
    assert "\n" not in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_give_a_clear_line_or_counted_rejections(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), {"t": times(), "hip": still()})
        whole = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(0, 4))):
            # The text header is free; behind it every byte has a meaning.
            at = data.draw(st.integers(124, len(whole) - 1))
            whole[at] = data.draw(st.integers(0, 255))
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
        try:
            read_all(DRIVER, path)
        except LengthwiseError as known:
            assert "\n" not in str(known)


@pytest.mark.shared_data
def test_sitting_down_turns_the_segments_as_the_wearing_positions_say(shared_data: Path) -> None:
    """From gravity at rest alone: the figures that the origin of the recording leads to.

    Sitting (12-39 s) against standing (0-4 s): pelvis back by 22 deg, lumbar flexion up by 28,
    hips by 58. A wrong front would swap signs or lose the motion. At rest the accelerometer
    shows gravity to within 0.3 m/s2 of 10, so that 1 deg of tolerance is ample for means.
    """
    path = shared_data / "imu" / "qmt_full_body" / "full_body_example_data.mat"
    header, items = read_all(DRIVER, path)
    assert not reasons(items) and len(items) == 70_000
    fronts = {s.segment: s.forward_axis for s in header.streams if isinstance(s, ImuStream)}

    def mean_up(segment: Segment, begin_s: float, end_s: float) -> np.ndarray:
        acc = [
            i.acc_m_s2
            for i in items
            if isinstance(i, ImuSample) and i.segment is segment and begin_s <= i.t_s < end_s
        ]
        mean = np.mean(acc, axis=0)
        return mean / np.linalg.norm(mean)

    def forward_tilt_deg(segment: Segment) -> float:
        """Sitting against standing; positive when the front goes down."""
        axis = fronts[segment]
        assert axis is not None
        front = np.eye(3)["xyz".index(axis.value[1])] * (1 if axis.value[0] == "+" else -1)
        up = mean_up(segment, 0, 4)
        front = front - front @ up * up
        sitting = mean_up(segment, 12, 39)
        return -float(np.degrees(np.arctan2(sitting @ front / np.linalg.norm(front), sitting @ up)))

    pelvis = forward_tilt_deg(Segment.PELVIS)
    assert pelvis == pytest.approx(-22, abs=1)
    assert forward_tilt_deg(Segment.T12) - pelvis == pytest.approx(28, abs=1)
    assert pelvis - forward_tilt_deg(Segment.THIGH_L) == pytest.approx(58, abs=1.5)
    assert pelvis - forward_tilt_deg(Segment.THIGH_R) == pytest.approx(58, abs=1.5)
    assert forward_tilt_deg(Segment.SHANK_L) == pytest.approx(0, abs=3)
    assert forward_tilt_deg(Segment.SHANK_R) == pytest.approx(0, abs=3)


@settings(max_examples=60, deadline=None)
@given(
    shape=st.tuples(st.integers(0, 5), st.integers(0, 4)),
    dtype=st.sampled_from(["f8", "f4", "i1", "u2", "i4", "i8"]),
    compressed=st.booleans(),
)
def test_arrays_come_back_as_scipy_wrote_them(
    shape: tuple[int, int], dtype: str, compressed: bool
) -> None:
    array = np.arange(shape[0] * shape[1]).reshape(shape).astype(dtype)
    content = {"t": array, "s": {"acc": array, "name": "hip", "deep": {"x": array}}, "c": [1, "a"]}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mat"
        savemat(str(path), content, do_compression=compressed)
        found = read_mat5(path)
    struct = found["s"]
    assert isinstance(struct, dict) and isinstance(struct["deep"], dict)
    for value in (found["t"], struct["acc"], struct["deep"]["x"]):
        assert isinstance(value, np.ndarray)
        np.testing.assert_array_equal(value, array)
    assert struct["name"] is None
