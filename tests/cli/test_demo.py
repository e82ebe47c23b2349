"""The demo may be shown again in its own place, and never over another session."""

from pathlib import Path

from command_files import landmarks

from lengthwise.cli import demo
from lengthwise.cli.main import main
from lengthwise.live.rehearsal import lunge, rehearse
from lengthwise.sim.recording import Plan


def short_lunge(out: Path) -> None:
    request = lunge(out, seed=demo.SEED)
    plan = Plan(request.plan.exercise_id, request.plan.side, seed=1, sensors="imu4", duration_s=2.0)
    rehearse(type(request)(plan, out, calibrated=False))


def test_only_what_a_demo_left_is_replaced_by_the_next(tmp_path: Path) -> None:
    video = tmp_path / "demo.mp4"
    assert not demo._by_an_earlier_demo(tmp_path / "absent", video)
    short_lunge(tmp_path / "lunge")
    assert demo._by_an_earlier_demo(tmp_path / "lunge", video)
    for simulated in (False, True):
        out = tmp_path / f"own-{simulated}"
        source = landmarks(tmp_path, simulated=simulated)
        assert main(["analyze", str(source), "--out", str(out), "--quiet"]) == 0
        assert not demo._by_an_earlier_demo(out, video)
