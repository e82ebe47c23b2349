"""poses.csv in, lengths.csv out, and what cannot be used is said in one line."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.cli.main import main
from lengthwise.contracts.coordinates import ANATOMICAL
from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.live.muscles import muscles


def lengths(tmp_path: Path, text: str | bytes, **options: object) -> list[dict[str, str]]:
    source, out = tmp_path / "poses.csv", tmp_path / "lengths.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    muscles(source, out, **options)  # type: ignore[arg-type]
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def refused(tmp_path: Path, text: str | bytes) -> str:
    """The one line; nothing is left behind."""
    with pytest.raises(InputError) as caught:
        lengths(tmp_path, text)
    line = str(caught.value)
    assert "\n" not in line and caught.value.exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["poses.csv"]
    return line


def test_lengths_are_those_of_the_anatomy_in_millimetres(tmp_path: Path) -> None:
    found = lengths(tmp_path, "pose_id,hip_flexion_r_deg,lumbar_flexion_deg\nlunge,-20,-5\n")
    anatomy, pose = Anatomy.build(), np.zeros(13)
    pose[ANATOMICAL.index("hip_flexion_r")] = np.radians(-20)  # type: ignore[arg-type]
    pose[0] = np.radians(-5)
    expected_m = anatomy.lengths_m(pose)
    assert list(found[0]) == ["pose_id", *(f"{m}_length_mm" for m in anatomy.muscle_names)]
    assert found[0]["pose_id"] == "lunge"
    assert [float(v) for v in list(found[0].values())[1:]] == pytest.approx(
        list(1e3 * expected_m), abs=6e-5
    )


def test_names_of_the_cut_and_the_whole_psoas_stand_beside_each_other(tmp_path: Path) -> None:
    row = lengths(tmp_path, "pose_id\nupright\n")[0]
    for name in ("Ps_L1_VB_r", "psoas_r", "psoas_composite_L1_VB_r", "QL_post_I_2_L3_l"):
        assert float(row[f"{name}_length_mm"]) > 0


def test_moment_arms_are_minus_the_slope_and_stand_only_where_a_muscle_spans(
    tmp_path: Path,
) -> None:
    row = lengths(tmp_path, "pose_id,knee_flexion_l_deg\na,40\n", moment_arms=True)[0]
    assert float(row["recfem_l_moment_arm_knee_flexion_l_mm"]) < -20
    assert float(row["semimem_l_moment_arm_knee_flexion_l_mm"]) > 10
    assert float(row["iliacus_r_moment_arm_hip_flexion_r_mm"]) > 20
    assert "iliacus_r_moment_arm_knee_flexion_r_mm" not in row
    assert "soleus_l_moment_arm_ankle_dorsiflexion_r_mm" not in row


def test_stature_scales_the_lengths(tmp_path: Path) -> None:
    generic = lengths(tmp_path, "pose_id\na\n")[0]
    tall = lengths(tmp_path, "pose_id\na\n", height_m=1.87)[0]
    name = "semimem_r_length_mm"
    assert float(tall[name]) == pytest.approx(1.1 * float(generic[name]), abs=2e-4)
    assert Anatomy.build(BodyMeasures(height_m=1.87)).scales.trunk == pytest.approx(1.1)


def test_column_order_blank_lines_byte_order_mark_and_pelvis_do_not_matter(tmp_path: Path) -> None:
    plain = lengths(tmp_path, "pose_id,hip_flexion_l_deg,knee_flexion_l_deg\na,30,60\n")
    other = lengths(
        tmp_path,
        b"\xef\xbb\xbfknee_flexion_l_deg,pose_id, hip_flexion_l_deg,pelvis_tilt_deg\r\n"
        b"\r\n 60 ,a,3e1,-40\r\n",
    )
    assert plain == other


def test_more_poses_than_one_chunk_keep_their_order(tmp_path: Path) -> None:
    rows = "".join(f"p{i},{i % 100}\n" for i in range(1100))
    found = lengths(tmp_path, "pose_id,knee_flexion_r_deg\n" + rows)
    assert [r["pose_id"] for r in found] == [f"p{i}" for i in range(1100)]
    assert found[7]["recfem_r_length_mm"] == found[1007]["recfem_r_length_mm"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty file"),
        ("\n", "empty file"),
        ("hip_flexion_r_deg\n10\n", "no column pose_id"),
        ("pose_id\n", "no pose"),
        ("pose_id,hip_flexion_deg\na,10\n", "hip_flexion_deg"),
        ("pose_id,thorax_flexion_deg\na,10\n", "thorax_flexion_deg"),
        ("pose_id,\na,10\n", "no name"),
        ("pose_id,knee_flexion_r_deg,knee_flexion_r_deg\na,1,2\n", "knee_flexion_r_deg twice"),
        ("pose_id,pose_id\na,b\n", "pose_id twice"),
        ("pose_id,hip_flexion_r_deg\na,ten\n", "line 2, hip_flexion_r_deg: found ten"),
        ("pose_id,hip_flexion_r_deg\na,\n", "an empty cell"),
        ("pose_id,hip_flexion_r_deg\na,nan\n", "found nan"),
        ("pose_id,hip_flexion_r_deg\na,10\nb,-inf\n", "line 3, hip_flexion_r_deg: found -inf"),
        ("pose_id,hip_flexion_r_deg\na,136\n", "allowed: -30 to 135 degrees"),
        ("pose_id,knee_flexion_l_deg\na,-1\n", "allowed: 0 to 140 degrees"),
        ("pose_id,lumbar_flexion_deg\na,1e300\n", "allowed: -30 to 63 degrees"),
        ("pose_id,pelvis_tilt_deg\na,NaN\n", "found NaN"),
        ("pose_id,hip_flexion_r_deg\na,10\na,20\n", "line 3, pose_id: found a; allowed: each once"),
        ("pose_id,hip_flexion_r_deg\n,10\n", "allowed: a name"),
        ("pose_id,hip_flexion_r_deg\na\n", "1 cells"),
        ("pose_id,hip_flexion_r_deg\na,1,2\n", "3 cells"),
        ('pose_id,hip_flexion_r_deg\n"a,1\n', "comma-separated"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "comma-separated text in UTF-8"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    assert says in refused(tmp_path, text)


def test_a_fault_in_a_late_row_leaves_no_output(tmp_path: Path) -> None:
    rows = "".join(f"p{i},{i % 100}\n" for i in range(600))
    line = refused(tmp_path, "pose_id,knee_flexion_r_deg\n" + rows + "last,nan\n")
    assert "line 602, knee_flexion_r_deg: found nan" in line
    assert not (tmp_path / "lengths.csv").exists()


def test_an_old_output_is_kept_when_the_new_input_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "lengths.csv").write_text("kept")
    with pytest.raises(InputError):
        lengths(tmp_path, "pose_id\n")
    assert (tmp_path / "lengths.csv").read_text() == "kept"


def test_a_missing_file_and_a_folder_are_named_and_leave_no_output(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        muscles(tmp_path / "none.csv", tmp_path / "out.csv")
    with pytest.raises(InputError, match="a readable file"):
        muscles(tmp_path, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_output_never_takes_the_place_of_the_input(tmp_path: Path) -> None:
    source = tmp_path / "poses.csv"
    source.write_text("pose_id\na\n")
    with pytest.raises(InputError, match="another file than the input"):
        muscles(source, source)
    assert source.read_text() == "pose_id\na\n"


def test_an_output_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    source = tmp_path / "poses.csv"
    source.write_text("pose_id\na\n")
    with pytest.raises(StorageError, match="choose an existing folder"):
        muscles(source, tmp_path / "nowhere" / "out.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["poses.csv"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_give_lengths_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for text in (noise, b"pose_id,hip_flexion_r_deg\n" + noise, b"pose_id\n" + noise):
        (folder / "lengths.csv").unlink(missing_ok=True)
        try:
            assert lengths(folder, text)
        except LengthwiseError as known:
            assert "\n" not in str(known)
            assert [p.name for p in folder.iterdir()] == ["poses.csv"]


def test_the_paths_of_a_body_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Through the command; the file begins as its format says."""
    out = tmp_path / "muscles.paths"
    assert main(["muscle-paths", "--out", str(out), "--height-m", "1.6"]) == 0
    assert out.read_bytes().startswith(b"LWMUSCLE\x02\x00\x00\x00")
    assert [p.name for p in tmp_path.iterdir()] == ["muscles.paths"]
    assert main(["muscle-paths", "--out", str(tmp_path / "nowhere" / "muscles.paths")]) == 2
