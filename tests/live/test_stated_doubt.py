"""What is said of a stated posture has the doubt that the engine has of one known exactly."""

import csv
from pathlib import Path

import numpy as np
import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.states import BodyState, TissueState, Unseen
from lengthwise.live.muscles import muscles
from lengthwise.live.params import range_bounds
from lengthwise.live.posture_choice import PostureRequest
from lengthwise.live.stretch_map import stretch_map
from lengthwise.tissue import engine

ANGLES_DEG = {Coordinate.HIP_FLEXION_L: -18.0, Coordinate.LUMBAR_FLEXION: 12.0}


@pytest.fixture(scope="module")
def found() -> TissueState:
    anatomy = Anatomy.build()
    params = engine.Params(
        anatomy=anatomy, bounds=range_bounds(anatomy, data_home()), exercise=None
    )
    mean_rad, count = np.zeros(len(COORDINATES)), len(COORDINATES)
    for coordinate, deg in ANGLES_DEG.items():
        mean_rad[INDEX[coordinate]] = np.radians(deg)
    body = BodyState(0.0, mean_rad, np.zeros((count, count)), (Unseen.CLAIMED,) * count, 1.0)
    state = engine.step(params, engine.start(params), body)[1]
    assert state is not None
    return state


@pytest.fixture(scope="module")
def poses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stated") / "poses.csv"
    names, angles = zip(*ANGLES_DEG.items(), strict=True)
    header = ",".join(["pose_id", *(f"{name.value}_deg" for name in names)])
    path.write_text(f"{header}\nbent,{','.join(map(str, angles))}\n")
    return path


def test_a_table_of_groups_has_the_sds_of_the_engine(found: TissueState, poses: Path) -> None:
    out = poses.with_name("groups.csv")
    muscles(poses, out, groups=True)
    (row,) = csv.DictReader(out.open())
    for i, (group, side) in enumerate(GROUP_SIDES):
        name = f"group_{group.value}_{side.value}"
        assert float(row[f"{name}_length_sd_mm"]) == pytest.approx(
            1e3 * found.length_sd_m[i], abs=1e-4
        )
        sd = float(row[f"{name}_range_fraction_sd"])
        assert sd == pytest.approx(found.range_fraction_sd[i], abs=1e-4)
        assert sd > 0.0


def test_a_stretch_map_has_them_too_and_none_of_what_is_not_stated(
    found: TissueState, poses: Path
) -> None:
    rows = {(r.group, r.side): r for r in stretch_map(PostureRequest(str(poses), "bent")).rows}
    for i, muscle in enumerate(GROUP_SIDES):
        told, length_sd_mm = rows[muscle], rows[muscle].length_sd_mm
        assert length_sd_mm == pytest.approx(1e3 * found.length_sd_m[i], abs=1e-4)
        assert told.range_fraction_sd == pytest.approx(found.range_fraction_sd[i], abs=1e-4)
    motion = poses.with_name("knee.mot")
    head = "m\nversion=1\nnRows=1\nnColumns=2\ninDegrees=yes\nendheader\n"
    motion.write_text(head + "time\tknee_angle_l\n0.0\t30.0\n")
    untold = [
        r for r in stretch_map(PostureRequest(str(motion), time_s=0.0)).rows if not r.length_mm
    ]
    assert untold and all(r.length_sd_mm is r.range_fraction_sd is None for r in untold)
