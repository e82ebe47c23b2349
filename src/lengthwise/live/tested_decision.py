"""The result of a test out of the decision that a session keeps it in. Nothing is computed."""

from msgspec.structs import replace

from lengthwise.contracts.decision import Decision, DecisionKind
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.reference.exercises import guided_tests

_RESULT = "test."
_TAKEN = "test.result"


def of_decision(decision: Decision) -> Tested | None:
    """The result that a decision of a session keeps; None for any other decision."""
    if decision.kind is not DecisionKind.MARK or not decision.reasons:
        return None
    why = decision.reasons[0]
    if not why.id.startswith(_RESULT) or decision.exercise_id not in guided_tests():
        return None
    n = why.numbers
    untaken = None if why.id == _TAKEN else Untaken(why.id.removeprefix(_RESULT))
    found = Tested(
        decision.exercise_id,
        decision.side,
        n.get("value_deg", n.get("value_s")),
        n.get("sd_deg", n.get("sd_s")),
        round(n.get("tries", 0.0)),
        untaken=untaken,
        at_least=bool(n.get("at_least", 0.0)),
    )
    return replace(
        found,
        controlled=bool(n["controlled"]) if "controlled" in n else None,
        symptom=bool(n["symptom"]) if "symptom" in n else None,
        reach_before=round(n["reach_before"]) if "reach_before" in n else None,
        reach_after=round(n["reach_after"]) if "reach_after" in n else None,
    )
