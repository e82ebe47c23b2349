"""The benchmark of muscle lengths says what it promises."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.live import bench_opensim
from lengthwise.live.bench import BenchResult, missing_peers
from lengthwise.live.bench_muscles import bench_muscles


def test_each_figure_stands_beside_plain_mujoco_and_its_limit() -> None:
    found = bench_muscles(frames=20, batch=20)
    limits_s = {
        "muscles.lengths.frame": 20e-6,
        "muscles.moment_arms.frame": 45e-6,
        "muscles.lengths.batch": 12.5e-6,
    }
    assert [r["name"] for r in found] == list(limits_s)
    for result in found:
        assert result["unit"] == "s"
        assert 0 < result["median"] <= result["p99"] < 0.1
        assert result["against"]["mujoco"] > 1.0
        assert result["against"]["limit"] == pytest.approx(
            limits_s[result["name"]] / result["median"]
        )
    assert ("opensim" in found[0]["against"]) == bench_opensim.installed()


def test_a_missing_opensim_is_told_only_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths, batch = (
        BenchResult(f"muscles.lengths.{n}", 1.0, 1.0, "s") for n in ("frame", "batch")
    )
    monkeypatch.setattr(bench_opensim, "installed", lambda: False)
    (line,) = missing_peers([lengths, batch])
    assert "lengthwise[bench-opensim]" in line
    assert missing_peers([batch]) == []
    monkeypatch.setattr(bench_opensim, "installed", lambda: True)
    assert missing_peers([lengths]) == []


def test_opensims_joints_follow_ours() -> None:
    """Its flexion of a level is + extension; abdomen and patella go with what they hang on."""
    pose_rad = np.zeros(13)
    pose_rad[ANATOMICAL.index(Coordinate.LUMBAR_FLEXION)] = 1.0
    pose_rad[ANATOMICAL.index(Coordinate.KNEE_FLEXION_L)] = 0.5
    theirs = bench_opensim.joint_values(pose_rad)
    levels = [v for name, v in theirs.items() if name.endswith("Flex_Ext")]
    assert len(levels) == 5 and sum(levels) == pytest.approx(-1.0)
    assert theirs["Abs_r3"] == -1.0
    assert theirs["knee_angle_l"] == theirs["knee_angle_l_beta"] == 0.5
    assert theirs["knee_angle_r"] == theirs["hip_flexion_r"] == 0.0
