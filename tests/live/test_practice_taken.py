"""How the constraints were kept, counted from what the coach remembers in a whole session."""

from pathlib import Path

import pytest
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.session import DecisionLogged, FrameLogged, SessionEvent
from lengthwise.live.params import pipeline_params
from lengthwise.live.practice_taken import PracticeTaken
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.recording import Plan

pytestmark = pytest.mark.usefixtures("sparse")

TIPS = Fault(FaultKind.PELVIS_TIPS, 4.0, 16.0, 0.30)


class Session(Struct):
    events: list[SessionEvent]
    practice: Practice

    def of(self, coordinate: Coordinate) -> ConstraintKept:
        return next(c for c in self.practice.constraints if c.coordinate is coordinate)


@pytest.fixture(scope="module")
def tipping(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Twelve seconds of a tipped pelvis in a hold, asked for as a retention check."""
    plan = Plan(
        "half_kneeling_hip_flexor", Side.LEFT, 3, sensors="imu4", duration_s=48.0, faults=(TIPS,)
    )
    led = Led(plan)
    request = Rehearsal(plan, tmp_path_factory.mktemp("out"), check=True)
    params = pipeline_params(rehearsal_started(request, led.recording))
    taken = PracticeTaken(params.coach)
    events: list[SessionEvent] = []
    for event in session_events(params, led.observations(), watch=taken.watch):
        led.hear(event)
        taken.take(event)
        events.append(event)
    practice = taken.practice()
    assert practice is not None
    return Session(events, practice)


def test_seconds_of_every_constraint_are_those_of_the_holds(tipping: Session) -> None:
    held = [
        e.body.t_s
        for e in tipping.events
        if isinstance(e, FrameLogged) and e.guidance is not None and e.guidance.phase is Phase.HOLD
    ]
    assert held
    for c in tipping.practice.constraints:
        assert c.known_s + c.unsure_s == pytest.approx(held[-1] - held[0], abs=0.3)


def test_what_leaves_its_place_is_counted_about_as_long_as_it_does(tipping: Session) -> None:
    """12 s with edges of one second, of which those within the tolerance do not count."""
    tilt = tipping.of(Coordinate.PELVIS_TILT)
    assert 8.0 <= tilt.beyond_s <= 12.5
    assert tilt.kept_s > 10.0


def test_what_no_sensor_shows_is_neither_kept_nor_left(tipping: Session) -> None:
    lean = tipping.of(Coordinate.TRUNK_SIDE_LEAN)
    assert (lean.kept_s, lean.beyond_s, lean.due) == (0.0, 0.0, 0)
    assert lean.unsure_s > 20.0


def test_corrections_that_were_due_in_a_check_are_all_left_out(tipping: Session) -> None:
    tilt = tipping.of(Coordinate.PELVIS_TILT)
    left = [
        e.decision
        for e in tipping.events
        if isinstance(e, DecisionLogged)
        and e.decision.kind is DecisionKind.FADED
        and any(r.id == "compensation.pelvis_tilt" for r in e.decision.reasons)
    ]
    assert (tilt.said, tilt.faded) == (0, len(left)) and left
    assert tipping.practice.check and tipping.practice.cue_share == 0.0


def test_where_nobody_is_coached_nothing_was_practised(tmp_path: Path) -> None:
    assert PracticeTaken(None).practice() is None
