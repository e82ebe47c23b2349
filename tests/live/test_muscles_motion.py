"""Motions in, .sto and groups out: the same lengths, whatever the format."""

import csv
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from motion_text import motion_text

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.errors import InputError
from lengthwise.live.motion_file import OPENSIM
from lengthwise.live.muscles import muscles
from lengthwise.reference.muscle_groups import fascicles, muscle_group_table

POSES = "pose_id,lumbar_flexion_deg,lumbar_side_bend_deg,hip_flexion_r_deg,knee_flexion_r_deg\n"
POSES += "0.00000000,0,0,0,0\n0.01000000,20,-10,-15,40\n0.02000000,-12,8,70,95\n"
MOTION = motion_text(
    {
        "lumbar_extension": [0.0, -20.0, 12.0],
        "lumbar_bending": [0.0, -10.0, 8.0],
        "hip_flexion_r": [0.0, -15.0, 70.0],
        "knee_angle_r": [0.0, 40.0, 95.0],
        "pelvis_tilt": [5.0, 20.0, -30.0],
    }
)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bounds of the ranges are searched once for this file's tests and kept."""
    home = tmp_path_factory.getbasetemp() / "ranges"
    monkeypatch.setenv("LENGTHWISE_HOME", str(home))


def written(tmp_path: Path, source: str, out: str, **options: object) -> Path:
    name = "in.mot" if source.startswith("Coordinates") else "in.csv"
    (tmp_path / name).write_text(source)
    muscles(tmp_path / name, tmp_path / out, **options)  # type: ignore[arg-type]
    return tmp_path / out


def csv_columns(path: Path) -> dict[str, list[str]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def sto(path: Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Header and columns, read as the format is defined."""
    head, _, body = path.read_text().partition("endheader\n")
    header = dict(line.split("=") for line in head.splitlines() if "=" in line)
    labels, *rows = body.splitlines()
    table = np.array([[float(cell) for cell in row.split("\t")] for row in rows])
    return header, dict(zip(labels.split("\t"), table.T, strict=True))


def test_a_motion_and_a_table_of_the_same_poses_have_the_same_lengths(tmp_path: Path) -> None:
    of_motion = csv_columns(written(tmp_path, MOTION, "a.csv"))
    of_table = csv_columns(written(tmp_path, POSES, "b.csv"))
    assert list(of_motion) == list(of_table)
    assert [float(t) for t in of_motion["pose_id"]] == [0.0, 0.01, 0.02]
    for name in list(of_table)[1:]:
        ours, theirs = np.array(of_motion[name], float), np.array(of_table[name], float)
        np.testing.assert_allclose(ours, theirs, atol=2e-4, err_msg=name)


@pytest.mark.parametrize("options", [{}, {"moment_arms": True}, {"groups": True},
                                     {"groups": True, "moment_arms": True}])  # fmt: skip
def test_sto_and_csv_hold_the_same_numbers(tmp_path: Path, options: dict[str, bool]) -> None:
    table = csv_columns(written(tmp_path, MOTION, "a.csv", **options))
    header, columns = sto(written(tmp_path, MOTION, "a.sto", **options))
    assert header["inDegrees"] == "no"
    assert int(header["nRows"]) == 3 and int(header["nColumns"]) == len(columns)
    assert list(columns["time"]) == [0.0, 0.01, 0.02]
    endings = (
        ("_length_mm", "", 1e3),
        ("_length_sd_mm", "_length_sd", 1e3),
        ("_range_fraction", "_range_fraction", 1.0),
        ("_range_fraction_sd", "_range_fraction_sd", 1.0),
        ("_mm", "", 1e3),
    )
    expected = ["time"]
    for name in list(table)[1:]:
        ending, bare, scale = next(e for e in endings if name.endswith(e[0]))
        label = name.removesuffix(ending) + bare
        expected.append(label)
        written_mm = np.array(table[name], float)
        np.testing.assert_allclose(scale * columns[label], written_mm, atol=6e-5)
    assert list(columns) == expected


def test_poses_without_times_are_numbered_in_sto(tmp_path: Path) -> None:
    _, columns = sto(written(tmp_path, POSES, "a.sto"))
    assert list(columns["time"]) == [0.0, 1.0, 2.0]


def test_a_group_is_the_weighted_mean_of_its_fascicles(tmp_path: Path) -> None:
    single = csv_columns(written(tmp_path, MOTION, "a.csv"))
    grouped = csv_columns(written(tmp_path, MOTION, "g.csv", groups=True))
    assert len(grouped) == 1 + 4 * 32
    for group, side in {(f.group, f.side) for f in muscle_group_table()}:
        parts = fascicles(group, side)
        weight = np.array([f.weight_n for f in parts])
        lengths = np.array([single[f"{f.muscle}_length_mm"] for f in parts], float)
        mean = weight @ lengths / weight.sum()
        name = f"group_{group.value}_{side.value}"
        np.testing.assert_allclose(
            np.array(grouped[f"{name}_length_mm"], float), mean, atol=2e-4, err_msg=name
        )
        fraction = np.array(grouped[f"{name}_range_fraction"], float)
        assert ((fraction >= 0.0) & (fraction <= 1.0)).all()


def test_no_name_of_a_group_is_that_of_a_muscle(tmp_path: Path) -> None:
    """`psoas_l` is the hip part of the model; the whole psoas must not be taken for it."""
    single = csv_columns(written(tmp_path, MOTION, "a.csv", moment_arms=True))
    grouped = csv_columns(written(tmp_path, MOTION, "g.csv", groups=True, moment_arms=True))
    assert set(single) & set(grouped) == {"pose_id"}
    assert single["psoas_l_length_mm"] != grouped["group_psoas_l_length_mm"]


def test_moment_arms_of_groups_are_minus_the_slope_of_their_lengths(tmp_path: Path) -> None:
    step = 0.05
    text = motion_text({"knee_angle_r": [40.0 - step, 40.0, 40.0 + step]})
    _, columns = sto(written(tmp_path, text, "a.sto", groups=True, moment_arms=True))
    for name in ("group_hamstrings_r", "group_rectus_femoris_r", "group_calf_r"):
        low, _, high = columns[name]
        slope = (high - low) / np.radians(2 * step)
        assert columns[f"{name}_moment_arm_knee_flexion_r"][1] == pytest.approx(-slope, abs=5e-5)
    assert "group_hamstrings_r_moment_arm_knee_flexion_l" not in columns


def test_a_bad_late_row_leaves_the_old_output(tmp_path: Path) -> None:
    text = motion_text({"knee_angle_r": [*(i % 90 for i in range(699)), float("nan")]})
    (tmp_path / "a.sto").write_text("kept")
    with pytest.raises(InputError, match="line 709, knee_angle_r: found nan"):
        written(tmp_path, text, "a.sto")
    assert (tmp_path / "a.sto").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.sto", "in.mot"]


def test_a_long_motion_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    Anatomy.build()
    peaks = []
    for count in (1200, 4800):
        source = tmp_path / "in.mot"
        source.write_text(motion_text({"knee_angle_r": [i % 100 for i in range(count)]}))
        tracemalloc.start()
        found = muscles(source, tmp_path / "a.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.poses == count
    assert peaks[1] < 1.3 * peaks[0]


def test_progress_goes_from_start_to_end(tmp_path: Path) -> None:
    source = tmp_path / "in.mot"
    source.write_text(motion_text({"knee_angle_r": [i % 100 for i in range(5000)]}))
    told: list[float] = []
    muscles(source, tmp_path / "a.csv", progress=told.append)
    assert told == sorted(told) and 0.0 < told[0] < 0.5 and 0.9 < told[-1] <= 1.0


@pytest.mark.shared_data
def test_signs_agree_with_lengths_that_opensim_computed(tmp_path: Path, shared_data: Path) -> None:
    """Reference poses in OpenSim's own signs, as a motion; lengths by OpenSim 4.6 beside ours.

    A wrong sign of any coordinate turns the change of length round: correlations over the sweeps
    of that coordinate are then near -1. Related models of one generic body agree above 0.98.
    """
    with (shared_data / "muscle_reference" / "poses.csv").open(newline="") as file:
        poses = list(csv.DictReader(file))
    table = shared_data / "muscle_reference" / "lengths_mm_pose2sim_fullbody.csv"
    with table.open(newline="") as file:
        theirs = {row["pose_id"]: row for row in csv.DictReader(file)}
    checks = {
        "lumbar_FE": ("LTpL_L3_r", "MF_m3s_r"),
        "lumbar_LB": ("QL_post_I_2_L3_r", "IL_L2_r"),
        "lumbar_AR": ("MF_m3s_r",),
        "hip_flexion_r": ("semimem_r", "glmax2_r"),
        "hip_adduction_r": ("glmed2_r", "addlong_r"),
        "hip_rotation_r": ("piri_r",),
        "knee_angle_r": ("recfem_r", "semimem_r"),
        "ankle_angle_r": ("soleus_r", "gasmed_r"),
    }
    names = [n for n in poses[0] if n in OPENSIM]
    assert len(names) == len(ANATOMICAL)
    for coordinate, muscle_names in checks.items():
        sweep = [
            p for p in poses
            if 0.0 < abs(float(p[coordinate])) <= 20.0
            and not any(float(p[n]) for n in names if n != coordinate)
            and (coordinate != "knee_angle_r" or float(p[coordinate]) > 0.0)
        ]  # fmt: skip
        assert len(sweep) >= 3, coordinate
        text = motion_text({coordinate: [float(p[coordinate]) for p in sweep]})
        ours = csv_columns(written(tmp_path, text, "a.csv"))
        for muscle in muscle_names:
            column = next(c for c in theirs[sweep[0]["pose_id"]] if c.startswith(muscle))
            peer = [float(theirs[p["pose_id"]][column]) for p in sweep]
            mine = np.array(ours[f"{muscle}_length_mm"], float)
            assert np.corrcoef(mine, peer)[0, 1] > 0.98, (coordinate, muscle)
