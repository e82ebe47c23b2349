"""The peer of the body estimate is asked the same thing, and the figures say what they promise."""

import mujoco
import numpy as np
import pytest

from lengthwise.body import projection
from lengthwise.body.session import assumed_lengths_m
from lengthwise.cli.main import main
from lengthwise.live import bench_body, bench_peer
from lengthwise.live.bench import BenchResult, missing_peers

BODY_M = assumed_lengths_m(None)
# Joints of the peer's skeleton from those of the filter's: place 3, pelvis rotation, obliquity,
# tilt, lumbar 3, chest 3, legs.
_FROM_FILTER = [2, 1, 0, *range(3, 19)]


@pytest.mark.parametrize("seed", range(10))
def test_the_peers_skeleton_stands_as_the_filters(seed: int) -> None:
    """With a straight lower back, where both give the trunk's rods one direction; the chest's own
    angles are left out for the same reason."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((1, projection.INPUTS))
    rows[0, : projection.JOINT_COUNT] = rng.uniform(-0.8, 0.8, projection.JOINT_COUNT)
    rows[0, 3:9] = 0.0
    seen = projection.seen(rows, BODY_M, 1.0)[0, projection.PLACES_AT : projection.HEIGHTS_AT]
    model = bench_peer.skeleton(BODY_M)
    data = mujoco.MjData(model)
    data.qpos[:3] = rng.normal(size=3)
    data.qpos[3:] = rows[0, _FROM_FILTER]
    mujoco.mj_kinematics(model, data)
    pelvis = data.xmat[1].reshape(3, 3)
    sites = np.array([data.site(name).xpos for name in bench_peer.NAMES]) - data.qpos[:3]
    np.testing.assert_allclose(sites @ pelvis, seen.reshape(-1, 3), atol=1e-9)
    heights = projection.seen(rows, BODY_M, 1.0)[0, projection.HEIGHTS_AT :]
    np.testing.assert_allclose(sites[:, 2], heights, atol=1e-9)


def test_the_figure_has_its_limits_and_the_peer_where_it_is_installed() -> None:
    speed = bench_body.body_speed(4.0)
    assert len(speed.ours_s) >= 60 and (speed.ours_s > 0.0).all()
    against = speed.against()
    median, p99 = np.percentile(speed.ours_s, [50, 99])
    assert against["limit"] == pytest.approx(1.0e-3 / median)
    assert against["limit_p99"] == pytest.approx(2.5e-3 / p99)
    assert ("mink" in against) == bench_peer.installed()
    if bench_peer.installed():
        assert len(speed.peer) == len(speed.ours_s)
        assert max(solved.off_m for solved in speed.peer) < 0.2
        assert against["mink"] >= against["mink_one_step"]


def test_a_missing_peer_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [BenchResult("body.step", 1.0, 1.0, "s")]
    monkeypatch.setattr(bench_peer, "installed", lambda: False)
    monkeypatch.setattr("lengthwise.live.bench.run", lambda only: results)
    assert main(["bench", "--only", "body.step", "--json"]) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "lengthwise[bench]" in err
    assert missing_peers([BenchResult("tissue.step", 1.0, 1.0, "s")]) == []
    monkeypatch.setattr(bench_peer, "installed", lambda: True)
    assert missing_peers(results) == []
