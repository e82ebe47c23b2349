"""Nothing leans on a claim that could not be found, and every claim says how sure it is."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from lengthwise.reference.constants import Status, constants
from lengthwise.reference.evidence import (
    REVIEW_AFTER,
    Certainty,
    EvidenceStatus,
    evidence,
)
from lengthwise.reference.exercise_check import check_exercise
from lengthwise.reference.exercises import exercises
from lengthwise.reference.leaning import all_constants, areas, leaning_on
from lengthwise.reference.words import alarming_words

DECIDING = ("answers", "breathing", "coach", "learning", "plan", "ramp", "repositioning")
"""Areas whose constants decide what a person is told to do."""
BARRED = [i for i, e in evidence().items() if not e.status.may_be_leant_on]


@pytest.mark.parametrize("entry_id", BARRED)
def test_nothing_leans_on_what_was_not_found_or_is_contradicted(entry_id: str) -> None:
    assert leaning_on(entry_id) == ((), ())


def test_an_exercise_that_leans_on_such_a_claim_is_found() -> None:
    e = exercises()["seated_hamstring"]
    assert not check_exercise(e)
    for barred in BARRED:
        (found,) = check_exercise(replace(e, evidence=(barred,)))
        assert found.where == "evidence" and "nothing may lean on it" in found.what


@pytest.mark.parametrize("area", DECIDING)
def test_what_decides_is_an_experts_choice_or_rests_on_a_source_that_was_read(area: str) -> None:
    for name, c in constants(area).items():
        if c.status is Status.PUBLISHED:
            assert c.evidence, f"{area}.{name} cites nothing"
            read = [evidence()[i].status is EvidenceStatus.VERIFIED for i in c.evidence]
            assert any(read), f"{area}.{name}"


def test_what_a_constant_cites_is_there() -> None:
    cited = {i for c in all_constants().values() for i in c.evidence}
    assert cited and cited <= evidence().keys()
    assert set(DECIDING) <= set(areas())


def test_a_claim_says_how_sure_it_is_and_no_more() -> None:
    for entry_id, e in evidence().items():
        assert e.source and e.claim.endswith("."), entry_id
        assert not e.doi or e.doi.startswith("10."), entry_id
        if e.status is EvidenceStatus.VERIFIED:
            assert e.source != "expert default", entry_id
            assert e.certainty is not Certainty.NONE, entry_id
            assert "as given in" not in e.source, f"{entry_id} names no source that was read"
        if e.status is EvidenceStatus.NOT_FOUND:
            assert e.certainty is Certainty.NONE, entry_id
        if not e.asserted:  # the words of others stand as they said them
            assert alarming_words(e.claim) == (), entry_id


def test_the_claims_of_the_founding_article_stand_with_their_verdicts() -> None:
    article = {i: e.status for i, e in evidence().items() if e.asserted == "founding article"}
    not_found = {i for i, status in article.items() if status is EvidenceStatus.NOT_FOUND}
    assert not_found == {
        "article.twelve_weeks",
        "article.dysfunction_share",
        "article.durability",
        "article.two_years",
    }
    assert EvidenceStatus.VERIFIED not in article.values()


def test_a_claim_is_looked_at_again() -> None:
    e = evidence()["effect.exercise"]
    assert not e.due(e.reviewed + REVIEW_AFTER)
    assert e.due(e.reviewed + REVIEW_AFTER + timedelta(days=1))
