"""The whole way of a held breath: from a sensor on the lowest rib to what the coach says."""

from pathlib import Path

import pytest
from rehearsed import rehearsed

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind
from lengthwise.reference.constants import constant
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan

pytestmark = pytest.mark.usefixtures("sparse")
HELD = Fault(FaultKind.BREATH_HELD, 17.0, 30.0)


@pytest.mark.parametrize(
    ("exercise_id", "why"),
    [("chair_forward_fold", "guarding.breath"), ("seated_breathing", "guarding.breath_rest")],
)
def test_a_breath_held_too_long_is_eased_and_breathing_is_not(
    tmp_path: Path, exercise_id: str, why: str
) -> None:
    plan = Plan(
        exercise_id, Side.LEFT, 4, sensors="imu4", duration_s=44.0, faults=(HELD,), sway_ratio=0.1
    )
    decisions, shown, led = rehearsed(plan, tmp_path)
    times_s, _ = led.recording.truth()
    began_s = times_s[led.recording.breath_held()][0]
    breath = [d for d in decisions if any(r.id == why for r in d.reasons)]
    assert breath[0].kind is DecisionKind.EASE
    limit_s = constant("coach", "breath_held_s")
    assert began_s + limit_s - 1.5 <= breath[0].t_s <= began_s + limit_s + 3.0
    assert breath[0].reasons[0].numbers["breath_held_s"] > limit_s
    assert any(d.cue_id == "ease" for d in breath)
    assert any(g.breath for g in shown)


def test_without_a_sensor_on_the_ribs_a_held_breath_is_not_known(tmp_path: Path) -> None:
    plan = Plan(
        "seated_breathing", Side.LEFT, 4, sensors="sacrum", duration_s=44.0, faults=(HELD,),
        sway_ratio=0.1,
    )  # fmt: skip
    decisions, _, led = rehearsed(plan, tmp_path)
    assert led.recording.breath_held().any()
    assert not any("guarding" in r.id for d in decisions for r in d.reasons)
