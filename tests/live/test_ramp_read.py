"""What a ramp came to, read from the decisions of its session alone."""

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.live.ramp_read import RampRead


def told(*reasons: Reason) -> Decision:
    return Decision(1.0, DecisionKind.PHASE, Phase.RELEASE, "lunge", Side.LEFT, reasons)


def read(*decisions: Decision) -> RampRead:
    found = RampRead()
    for decision in decisions:
        found.take(decision)
    return found


FIRST = told(Reason("ramp.tolerance", {"ramp": 1.0, "length_m": 0.31}))
SECOND = told(Reason("ramp.joint_end", {"ramp": 2.0, "length_m": 0.30}))
KEPT = told(Reason("ramp.kept", {"ramp": 2.0}), Reason("ramp.joint_end", {"ramp": 2.0}))


def test_both_ends_are_told_by_their_number_and_which_of_them_was_lower() -> None:
    both = read(FIRST, SECOND, KEPT)
    assert both.ends == {1: "ramp.tolerance", 2: "ramp.joint_end"}
    assert both.lower == 2 and both.kept


def test_harm_that_is_told_at_any_time_keeps_nothing() -> None:
    for harm in ("ramp.pain", "ramp.symptom", "ramp.stop"):
        assert not read(FIRST, SECOND, KEPT, told(Reason(harm, {"ramp": 2.0}))).kept


def test_half_a_ramp_keeps_nothing_and_of_another_session_nothing_is_read() -> None:
    assert read(FIRST).led and not read(FIRST).kept
    unseen = read(told(Reason("ramp.not_kept"), Reason("ramp.unseen", {"ramp": 1.0})))
    assert unseen.ends == {0: "ramp.unseen"} and not unseen.kept
    other = read(told(Reason("hold.kept")))
    assert not other.led and other.ends == {}
