"""The benchmark of muscle lengths says what it promises."""

from lengthwise.live.bench_muscles import bench_muscles


def test_each_figure_stands_beside_plain_mujoco() -> None:
    found = bench_muscles(frames=20, batch=20)
    assert [r["name"] for r in found] == [
        "muscles.lengths.frame",
        "muscles.moment_arms.frame",
        "muscles.lengths.batch",
    ]
    for result in found:
        assert result["unit"] == "s"
        assert 0 < result["median"] <= result["p99"] < 0.1
        assert result["against"]["mujoco"] > 0.05
