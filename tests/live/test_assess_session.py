"""A simulated person led through tests: the whole way, against what they really did."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.coach import taking_led
from lengthwise.contracts.assessment import Verdict
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Phase, QuestionId
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionConfig,
    SessionEvent,
)
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.live import assess_run, pipeline
from lengthwise.live.learning import check_stated
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.live.tested_decision import of_decision
from lengthwise.live.tests_kept import Kept, told_by
from lengthwise.plan.assessment import assessed_told
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan
from totalled import totals_of

pytestmark = pytest.mark.usefixtures("sparse")

CARE = Care(baseline_nrs=1.0, course=Course.CHRONIC, neural_signs=(), flare=False, irritable=False)
TIPS = Fault(FaultKind.PELVIS_TIPS, 0.0, 60.0, 0.26)
THOMAS = "test_modified_thomas"


class Whole:
    """One led session. Nothing but the test is led: no coach stands beside it."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.led = Led(plan)
        asked = Rehearsal(plan, folder, calibrated=False, care=CARE)
        self.started = rehearsal_started(asked, self.led.recording)
        params = pipeline_params(self.started)
        assert params.coach is None and params.taking is not None
        state = [taking_led.start(params.taking)]

        def watch(now: pipeline.State, _: FrameLogged) -> None:
            if now.taking is not None:
                state[0] = now.taking

        self.events: list[SessionEvent] = []
        for event in session_events(params, self.led.observations(), watch=watch):
            self.led.hear(event)
            self.events.append(event)
        (self.found,) = taking_led.found(params.taking, state[0])

    @property
    def ends(self) -> Phase:
        shown = [e.guidance for e in self.events if isinstance(e, FrameLogged) and e.guidance]
        assert all(g.gauge is None and g.effective_s == 0.0 for g in shown)
        return shown[-1].phase

    def kept(self) -> list[Tested]:
        told = (of_decision(e.decision) for e in self.events if isinstance(e, DecisionLogged))
        return [t for t in told if t is not None]

    def lowest_deg(self, coordinate: Coordinate) -> float:
        _, poses = self.led.recording.truth()
        return float(np.degrees(poses[:, INDEX[coordinate]]).min())


def thomas(**more: object) -> Plan:
    plan = Plan(THOMAS, Side.LEFT, 2, sensors="imu4", duration_s=120.0, reach=0.9)
    return dataclasses.replace(plan, **more)


@pytest.fixture(scope="module")
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("out"), thomas())


def test_a_thigh_that_hangs_is_told_as_it_hangs_within_its_doubt(hanging: Whole) -> None:
    """At nine tenths of the drawn way the person's thigh hangs 3 degrees below the pelvis line."""
    told = hanging.found
    assert told.untaken is None and told.value is not None and told.sd is not None
    true_deg = -hanging.lowest_deg(Coordinate.HIP_FLEXION_L)
    assert true_deg == pytest.approx(3.0, abs=1.0)
    assert told.value == pytest.approx(true_deg, abs=2.0 * told.sd)
    assert told.sd < 6.0 and (told.controlled, told.symptom, told.tries) == (True, False, 2)
    assert hanging.ends is Phase.DONE


def test_what_the_session_keeps_is_what_was_told_and_the_plan_reads_it(hanging: Whole) -> None:
    assert hanging.kept() == [hanging.found]
    kept = [Kept("s", day, "2026-01-01", hanging.found) for day in (1, 8)]
    (found,) = assessed_told(told_by(kept, 8)).assessed
    assert (found.test, found.side, found.days) == ("modified_thomas", Side.LEFT, 2)
    assert found.verdict in (Verdict.ENOUGH, Verdict.NOT_BEYOND)


def test_a_test_has_no_seconds_that_count(hanging: Whole) -> None:
    totals = totals_of([hanging.started, *hanging.events])
    assert totals is not None and (totals.effective_s, totals.uncertain_s) == (None, None)


def test_the_record_leads_to_the_same_again(hanging: Whole) -> None:
    params = pipeline_params(hanging.started)
    seen = [e.observation for e in hanging.events if isinstance(e, ObservationLogged)]
    again = [encode(e) for e in session_events(params, seen)]
    assert again == [encode(e) for e in hanging.events]
    assert assess_run.tested_in(hanging.started, seen) == (hanging.found,)


def test_a_pelvis_that_tips_at_the_end_leaves_no_result(tmp_path: Path) -> None:
    whole = Whole(tmp_path, thomas(faults=(TIPS,)))
    assert whole.found.value is None and whole.found.controlled is not True
    assert whole.found.untaken in (Untaken.NOT_CONTROLLED, Untaken.CONTROL_NOT_SEEN)
    kept = [Kept("s", day, "2026-01-01", whole.found) for day in (1, 8)]
    (found,) = assessed_told(told_by(kept, 8)).assessed
    assert found.verdict in (Verdict.NOT_CONTROLLED, Verdict.NOT_MEASURED)


def test_one_camera_does_not_tell_a_low_back_and_nothing_is_made_up(tmp_path: Path) -> None:
    plan = Plan("test_lumbar_extension", Side.LEFT, 1, sensors="camera", duration_s=25.0)
    whole = Whole(tmp_path, plan)
    assert whole.found.value is None
    assert whole.found.untaken in (Untaken.NOT_BEGUN, Untaken.NOT_SEEN)


def test_quiet_standing_is_a_result_of_one_camera_and_no_finding(tmp_path: Path) -> None:
    plan = Plan("test_standing", Side.LEFT, 2, sensors="camera", duration_s=20.0)
    whole = Whole(tmp_path, plan)
    assert whole.ends is Phase.DONE and whole.found.value is not None
    assert abs(whole.found.value) < 2.0 * (whole.found.sd or 0.0), "the person stands upright"
    (found,) = assessed_told(told_by([Kept("s", 1, "2026-01-01", whole.found)], 1)).assessed
    assert (found.test, found.verdict) == ("standing", Verdict.NO_CUT)


def test_bending_forward_in_standing_ends_kindly_where_the_load_comes_first(tmp_path: Path) -> None:
    """Once, and with its reason: three tries would bring the same load three times."""
    sensors = "camera+sacrum+t12"
    plan = Plan("test_lumbar_flexion", Side.LEFT, 2, sensors, duration_s=60.0, reach=0.9)
    whole = Whole(tmp_path, plan)
    assert (whole.found.value, whole.found.untaken) == (None, Untaken.LOAD)
    assert whole.ends is Phase.DONE
    said = [e.decision.text for e in whole.events if isinstance(e, DecisionLogged)]
    assert said.count("Roll down slowly, as far as it is comfortable.") == 1
    assert said[-1] is not None and "is not measured here" in said[-1]


def test_a_feeling_that_spreads_ends_the_session_and_leaves_the_direction_out(
    tmp_path: Path,
) -> None:
    plan = Plan(
        "test_repeated_extension", Side.LEFT, 1, sensors="thorax", duration_s=260.0,
        answers={QuestionId.REACH: (1.0, 3.0)},
    )  # fmt: skip
    whole = Whole(tmp_path, plan)
    assert (whole.found.reach_before, whole.found.reach_after) == (1, 3)
    assert whole.ends is Phase.STOPPED
    found = assessed_told(told_by([Kept("s", 5, "2026-01-01", whole.found)], 5))
    assert found.bars == ("K.extension_barred",)


@pytest.mark.parametrize(
    "config",
    [
        SessionConfig(exercise_id=THOMAS, check=True),
        SessionConfig(exercise_id=THOMAS, repositioning=Coordinate.HIP_FLEXION_L),
    ],
)
def test_nothing_is_done_beside_a_test(config: SessionConfig) -> None:
    with pytest.raises(InputError, match="a test alone"):
        check_stated(config)


def test_a_lag_is_what_is_left_of_the_bend() -> None:
    """A knee that opens to 30 degrees short of straight is told as -30 in its own direction."""
    knee = Tested("test_knee_extension_90_90", Side.LEFT, -30.0, 3.0, 2, True, False)
    (result,) = told_by([Kept("s", 1, "2026-01-01", knee)], 1).results
    assert result.value_deg == 30.0
    held = Tested("test_sorensen", None, 40.0, 1.0, symptom=False)
    (time,) = told_by([Kept("s", 1, "2026-01-01", held)], 1).results
    assert (time.value_deg, time.value_s) == (None, 40.0)
    none = replace(knee, value=None, sd=None, untaken=Untaken.EASED)
    (nothing,) = told_by([Kept("s", 1, "2026-01-01", none)], 1).results
    assert nothing.value_deg is None
