"""What the terminal shows of a led moment: the words, and why a clock waits."""

from msgspec.structs import replace

from lengthwise.cli.live_view import _guidance
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance, Phase

HOLD = Guidance(
    t_s=20.0,
    phase=Phase.HOLD,
    exercise_id="hip_hinge",
    side=Side.LEFT,
    repetition=1,
    repetitions=2,
    phase_s=12.0,
    effective_s=8.0,
    uncertain_s=0.0,
    hold_target_s=30.0,
    in_window=None,
    gauge=None,
    cue_text="Stay here and breathe.",
)


def test_why_the_clock_waits_stands_beside_it() -> None:
    waits = replace(HOLD, waiting_for=("known.lost", "not_known.pelvis_tilt"))
    assert "waiting: not clearly in view" in _guidance(waits).plain
    assert "waiting" not in _guidance(HOLD).plain


def test_movements_are_counted_where_there_are_any() -> None:
    counted = replace(HOLD, cycles=3, unsure_cycles=2)
    assert "movements 3 and 2 hollow" in _guidance(counted).plain
    assert "hollow" not in _guidance(replace(counted, unsure_cycles=0)).plain
    assert "movements" not in _guidance(HOLD).plain
