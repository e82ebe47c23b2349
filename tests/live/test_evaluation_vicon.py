"""Reading motion capture: signs of the turns, and which row each camera frame belongs to."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import LANDMARK_INDEX, LandmarkFrame
from lengthwise.live.evaluation import recordings, vicon
from lengthwise.live.evaluation.vicon import COMPARED, read_vicon, reference, rows_of_frames

_CHEST, _HIPS, _SHOULDER_R, _SHOULDER_L = 4, 13, 7, 8
_ROWS = 200


def bodies(hips: Rotation, chest: Rotation, *, heading_deg: float = 0.0) -> np.ndarray:
    """Rigid bodies at arbitrary angles that stay still for 100 rows, then have turned so, in the
    axes of a person who faces `heading_deg` to the left of the x axis."""
    facing = Rotation.from_euler("z", heading_deg, degrees=True)
    out = np.zeros((_ROWS, 17, 7))
    out[:, :, 6] = 1.0
    out[:, _SHOULDER_L, :3] = facing.apply([0.0, 150.0, 1000.0])
    out[:, _SHOULDER_R, :3] = facing.apply([0.0, -150.0, 1000.0])
    for at, turn, worn in (
        (_HIPS, hips, Rotation.from_euler("xyz", [20, -70, 130], degrees=True)),
        (_CHEST, chest, Rotation.from_euler("xyz", [-40, 10, 80], degrees=True)),
    ):
        out[:100, at, 3:] = worn.as_quat()
        out[100:, at, 3:] = (facing * turn * facing.inv() * worn).as_quat()
    return out


@pytest.mark.parametrize("heading_deg", [0.0, 35.0])
@pytest.mark.parametrize(
    ("axis", "hips_deg", "chest_deg", "expected"),
    [
        # about x (front): the left side goes up, the right side down
        ("x", 10, 30, {"pelvis_obliquity": -10, "thorax_side_bend": 20, "trunk_side_lean": 30}),
        # about y (left): the top goes to the front
        ("y", 10, 35, {"pelvis_tilt": 10, "thorax_flexion": 25}),
        # about z (up): the front goes to the left
        ("z", 15, 45, {"pelvis_rotation": 15, "thorax_rotation": 30}),
    ],
)
def test_turns_about_the_persons_own_axes_have_the_house_signs(
    axis: str, hips_deg: float, chest_deg: float, expected: dict[str, float], heading_deg: float
) -> None:
    seen = bodies(
        Rotation.from_euler(axis, hips_deg, degrees=True),
        Rotation.from_euler(axis, chest_deg, degrees=True),
        heading_deg=heading_deg,
    )
    change = np.degrees(reference(seen).change_rad)
    assert change[0] == pytest.approx(np.zeros(len(COMPARED)), abs=1e-6)
    for i, coordinate in enumerate(COMPARED):
        assert change[-1, i] == pytest.approx(expected.get(coordinate.value, 0.0), abs=1e-6)


def test_the_still_period_ends_where_something_turns() -> None:
    still = Rotation.identity()
    turned = bodies(still, Rotation.from_euler("x", 3, degrees=True))
    assert reference(turned).still_rows == 60
    turned[30:, _CHEST] = turned[-1, _CHEST]
    assert reference(turned).still_rows == 30


def moving() -> tuple[np.ndarray, np.ndarray]:
    """Markers (400, 17, 7) that move on paths of their own, and the time of each row."""
    t = np.arange(400) / 60.0
    out = np.zeros((400, 17, 7))
    out[:, :, 6] = 1.0
    for body in range(17):
        out[:, body, 1] = 200.0 * np.sin(2.5 * t + body)
        out[:, body, 2] = 900.0 + 150.0 * np.sin(2.1 * t + 0.5 * body)
    return out, t


def mirrored_frames(markers: np.ndarray, rows: np.ndarray) -> list[LandmarkFrame]:
    """A mirrored image of the markers at these rows: the person's left is named right."""
    frames = []
    for k, row in enumerate(rows):
        xy = np.zeros((33, 2))
        for name, body in vicon._SEEN_BY_BOTH.items():
            xy[LANDMARK_INDEX[name]] = 500.0 - 0.2 * markers[row, body, 1:3]
        frames.append(
            LandmarkFrame(
                k / 30, frozen_array(xy), np.zeros(33), np.ones(33), np.ones(33, dtype=bool)
            )
        )
    return frames


def test_frames_find_their_rows_over_a_lag_and_lost_frames() -> None:
    markers, _ = moving()
    rows = 6 + 2 * np.arange(190)
    rows[120:] += 9
    rows = rows[rows < 400]
    found = rows_of_frames(markers, mirrored_frames(markers, rows))
    assert np.abs(found - rows)[:115].max() <= 1
    assert np.abs(found - rows)[125:].max() <= 1


def test_a_file_that_is_no_vicon_file_is_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("1 2 3\n")
    with pytest.raises(InputError, match=r"Vicon file: found bad\.txt") as told:
        read_vicon(bad)
    assert "\n" not in str(told.value)


def test_inertial_recordings_that_are_missing_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="imu/qmt_full_body and imu/opensense_xsens"):
        recordings.evaluate(tmp_path)


@pytest.mark.shared_data
def test_sitting_against_standing_is_tabled(shared_data: Path) -> None:
    path = shared_data / "imu" / "qmt_full_body" / "full_body_example_data.mat"
    (table,) = recordings._sat(recordings.Record(path, (0.0, 4.0), 20.0))
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert all(row["met"] is True for row in rows.values())
    tilt, lumbar = (rows[name]["found"] for name in ("pelvis_tilt", "lumbar_flexion"))
    assert isinstance(tilt, float) and tilt < -20.0
    assert isinstance(lumbar, float) and lumbar > 20.0
