"""What words can leave of the time above a ceiling: a person told by who knows the truth."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.live.evaluation import coaching_pieces
from lengthwise.live.evaluation.coaching_least import told_at_once
from lengthwise.live.evaluation.coaching_pieces import Piece, fault_of
from lengthwise.live.evaluation.coaching_run import run
from lengthwise.reference.exercises import exercise
from lengthwise.sim.recording import Plan, SimulatedRecording

SIDE_BEND = exercise("standing_side_bend")
OBLIQUITY = Coordinate.PELVIS_OBLIQUITY
HOLD_S = 16.0


def guided(t_s: float) -> Guidance:
    phase = Phase.GET_READY if t_s < 10.0 else Phase.EASE_IN if t_s < HOLD_S else Phase.HOLD
    return Guidance(t_s, phase, SIDE_BEND.id, Side.LEFT, 1, 2, 0.0, 0.0, 0.0, 30.0, None, None)


@pytest.fixture(scope="module")
def silent() -> tuple[SimulatedRecording, list[Guidance]]:
    """A fault of the pelvis six seconds into the hold, of which nobody says anything."""
    fault = fault_of(SIDE_BEND, OBLIQUITY)
    plan = Plan(SIDE_BEND.id, Side.LEFT, 5, "front", 30.0, faults=(fault,))
    led = [guided(k / 100.0) for k in range(3000)]
    recording = SimulatedRecording(plan, guide=lambda t_s: led[max(round(t_s * 100.0) - 1, 0)])
    for _ in recording.read():
        pass
    return recording, led


def test_who_is_told_nothing_does_what_was_really_done(
    silent: tuple[SimulatedRecording, list[Guidance]],
) -> None:
    recording, led = silent
    times_s, poses = recording.truth()
    again_s, again = told_at_once(recording, led, from_s=40.0, until_s=float(times_s[-1]))
    from_rest = times_s >= recording.plan.led_from_s
    assert np.array_equal(times_s, again_s)
    assert np.array_equal(poses[from_rest], again[from_rest])


def test_who_is_told_at_once_takes_a_reaction_and_a_way_back(
    silent: tuple[SimulatedRecording, list[Guidance]],
) -> None:
    recording, led = silent
    _, poses = recording.truth()
    told_s = HOLD_S + 6.6
    times_s, again = told_at_once(recording, led, from_s=told_s, until_s=29.9)
    apart = np.abs(again - poses[: len(again)])[:, INDEX[OBLIQUITY]]
    led_from = times_s >= recording.plan.led_from_s
    assert apart[led_from & (times_s < told_s + 0.8)].max() == 0.0
    assert apart[times_s > told_s + 2.4].min() > 0.7 * abs(recording.plan.faults[0].size)


def test_the_least_is_no_more_than_what_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a pelvis that hitches by 9.6 degrees: 1.6 tolerances carry nobody past a ceiling."""
    monkeypatch.setattr(coaching_pieces, "FAULT_RATIO", 2.75)
    seen = run(Piece(SIDE_BEND.id, "phone", 5.0, 0, OBLIQUITY))
    assert 0.0 < seen.above.least_s <= seen.above.total_s
