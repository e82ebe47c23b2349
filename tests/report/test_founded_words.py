"""An expert's choice says so wherever it shows, and what nobody has read says that."""

from lengthwise.reference.evidence import EvidenceStatus, evidence
from lengthwise.report.founded_words import by_words
from lengthwise.report.plan_words import evidence_words


def test_every_claim_says_whose_word_it_is() -> None:
    for entry_id, e in evidence().items():
        said = evidence_words(entry_id)
        assert said.startswith(f"{e.claim} (") and said.endswith(")")
        assert ("expert default" in said) == (e.status is EvidenceStatus.EXPERT_DEFAULT), said
        assert ("(not verified" in said) == (e.status is EvidenceStatus.UNVERIFIED), said


def test_a_decision_says_the_least_sure_of_what_it_leans_on() -> None:
    assert by_words(("D",), ("effect.motor_control",)) == "rule D, verified"
    both = ("effect.motor_control", "dose.saturation")
    assert by_words(("D", "B"), both) == "rules D, B, unverified"
    assert by_words(("G",), (*both, "dose.static_stretch")) == "rule G, expert default"
