"""A simulated session ends when its last words have been said, and not long after."""

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase, Reason
from lengthwise.contracts.session import DecisionLogged, FrameLogged
from lengthwise.live.rehearsal import Led
from lengthwise.sim.recording import Plan


def ended(words_after_s: float | None) -> float:
    """When the person leaves, counted from the end of the exercise at 10 s."""
    led = Led(Plan("bridge", Side.LEFT, 1, sensors="imu4", duration_s=60.0))
    left_s = None
    for observation in led.observations():
        left_s = observation.t_s
        if left_s < 10.0:
            continue
        done = Guidance(left_s, Phase.DONE, "bridge", None, 1, 1, 0.0, 0.0, 0.0, 0.0, None, None)
        led.hear(FrameLogged(None, None, done))  # type: ignore[arg-type]
        if words_after_s is not None and left_s >= 10.0 + words_after_s:
            why = (Reason("phase.instruction"),)
            said = Decision(left_s, DecisionKind.CUE, Phase.DONE, "bridge", None, why, text="Done.")
            led.hear(DecisionLogged(said))
    assert left_s is not None
    return left_s - 10.0


@pytest.mark.parametrize(
    ("words_after_s", "lasts_s"), [(0.0, 1.0), (3.5, 4.5), (None, 6.0), (9.0, 6.0)]
)
def test_it_waits_for_the_last_words_and_not_for_ever(
    words_after_s: float | None, lasts_s: float
) -> None:
    assert ended(words_after_s) == pytest.approx(lasts_s, abs=0.05)
