"""A simulated person looks for a place with eyes closed: the whole way, against what they did."""

from math import degrees
from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.repositioning import Repositioning
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionConfig,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live.learning import check_stated
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan

pytestmark = pytest.mark.usefixtures("sparse")

LUMBAR = Coordinate.LUMBAR_FLEXION


class Whole:
    """One led session of the cat and cow, with sensors at sacrum, lowest rib and thighs."""

    def __init__(self, folder: Path) -> None:
        plan = Plan("cat_cow", Side.LEFT, 2, sensors="imu4", duration_s=200.0, looks_for=LUMBAR)
        self.led = Led(plan)
        self.started: SessionStarted = rehearsal_started(
            Rehearsal(plan, folder), self.led.recording
        )
        params = pipeline_params(self.started)
        taken = LearningTaken(params)
        self.events: list[SessionEvent] = []
        for event in session_events(params, self.led.observations(), watch=taken.watch):
            self.led.hear(event)
            taken.take(event)
            self.events.append(event)
        self.found = _found(taken)

    def guidance(self) -> list[Guidance]:
        return [e.guidance for e in self.events if isinstance(e, FrameLogged) and e.guidance]

    def backs_s(self) -> list[float]:
        return [
            e.decision.t_s
            for e in self.events
            if isinstance(e, DecisionLogged)
            and any(r.id == "reposition.back" for r in e.decision.reasons)
        ]


def _found(taken: LearningTaken) -> Repositioning:
    told = taken._repositioning()
    assert told is not None
    return told


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("out"))


def test_it_is_led_to_its_end_and_shows_no_gauge(whole: Whole) -> None:
    shown = whole.guidance()
    assert shown[-1].phase is Phase.DONE
    assert all(g.gauge is None and g.uncued and g.waiting_for == () for g in shown)
    assert max(g.repetition for g in shown) >= 5


def test_the_errors_told_are_those_that_were_made_as_far_as_their_doubt(whole: Whole) -> None:
    """The true angle over the last 1.5 s in the place, and in each place that was found."""
    assert whole.found.errors is not None
    times_s, poses = whole.led.recording.truth()
    angle_deg = np.degrees(poses[:, INDEX[LUMBAR]])
    place, *tries = (
        float(angle_deg[(times_s > t - 1.5) & (times_s <= t)].mean()) for t in whole.backs_s()
    )
    true = np.array(tries) - place
    told = whole.found.errors
    assert told.told == len(true) == 5
    sd_deg = degrees(told.constant.sd)
    assert degrees(told.constant.mean) == pytest.approx(true.mean(), abs=2.0 * sd_deg)
    assert degrees(told.absolute.mean) == pytest.approx(np.abs(true).mean(), abs=2.0 * sd_deg)
    assert sd_deg < 3.0


def test_nothing_of_it_counts_as_practice_or_as_a_hold(whole: Whole) -> None:
    assert all(g.effective_s == 0.0 for g in whole.guidance())
    assert pipeline_params(whole.started).coach is None


def test_the_record_leads_to_the_same_again(whole: Whole) -> None:
    params = pipeline_params(whole.started)
    seen = [e.observation for e in whole.events if isinstance(e, ObservationLogged)]
    taken = LearningTaken(params)
    again = [encode(e) for e in session_events(params, seen, watch=taken.watch)]
    assert again == [encode(e) for e in whole.events]
    assert _found(taken) == whole.found


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (SessionConfig(repositioning=LUMBAR), "no exercise"),
        (SessionConfig(exercise_id="cat_cow", repositioning=LUMBAR, check=True), "check"),
        (SessionConfig(exercise_id="roll_down", repositioning=LUMBAR), "eyes are closed"),
        (SessionConfig(exercise_id="cat_cow", repositioning=Coordinate.KNEE_FLEXION_L), "lumbar"),
    ],
)
def test_what_cannot_be_looked_for_is_one_clear_line(config: SessionConfig, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_stated(config)
