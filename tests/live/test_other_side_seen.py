"""The whole way of who works the other side: from six worn sensors to what the coach says."""

from pathlib import Path

from msgspec.structs import replace
from rehearsed import rehearsed

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind
from lengthwise.contracts.observation import CameraStream
from lengthwise.live.params import sides_told
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.sim.faults import WRONG_SIDE
from lengthwise.sim.recording import Plan, SimulatedRecording

EXERCISE = "dead_bug"


def test_who_takes_the_wrong_side_is_told_so_and_nothing_is_counted(tmp_path: Path) -> None:
    plan = Plan(EXERCISE, Side.LEFT, 4, sensors="imu6", duration_s=22.0, faults=(WRONG_SIDE,))
    decisions, shown, _ = rehearsed(plan, tmp_path)
    named = [d for d in decisions if any(r.id == "side.other" for r in d.reasons)]
    assert {DecisionKind.PHASE, DecisionKind.CUE} <= {d.kind for d in named}
    assert max(g.effective_s + g.uncertain_s for g in shown) == 0.0
    assert not any(r.id.startswith("compensation.") for d in decisions for r in d.reasons)


def test_left_and_right_are_known_where_the_image_is_stated_to_be_mirrored_or_not(
    tmp_path: Path,
) -> None:
    for sensors, stated, config, known in (
        ("imu6", None, None, True),
        ("camera+imu4", None, None, False),
        ("camera+imu4", False, None, True),
        ("camera+imu4", True, None, True),
        ("camera", None, False, True),
    ):
        plan = Plan(EXERCISE, Side.LEFT, 4, sensors=sensors)
        started = rehearsal_started(Rehearsal(plan, tmp_path), SimulatedRecording(plan))
        streams = tuple(
            replace(s, mirrored=stated) if isinstance(s, CameraStream) else s
            for s in started.recording.streams
        )
        said = replace(
            started,
            recording=replace(started.recording, streams=streams),
            config=replace(started.config, mirrored=config),
        )
        assert sides_told(said) is known
