"""Nothing leans on a claim that could not be found, and every claim says how sure it is."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

import lengthwise.plan
from lengthwise.reference.constants import Status, constants
from lengthwise.reference.edits import editable
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

DECIDING = (
    "answers",
    "breathing",
    "coach",
    "handover",
    "impairments",
    "ladder",
    "learning",
    "own_plan",
    "plan",
    "ramp",
    "repositioning",
    "screening",
    "teaching",
    "tests",
    "workday",
)
"""Areas whose constants decide what a person is told to do."""
PLAN = Path(lengthwise.plan.__file__).parent
READ = re.compile(r'constant\(\s*"(\w+)",\s*"(\w+)"')
FILTERS_AND_COUNTS = {
    "learning.check_early_days", "learning.errors_beyond_ratio", "learning.errors_known_s",
    "learning.kept_due_per_min", "plan.absolute_limits_to_nrs", "plan.distance_repeats_ratio",
    "plan.flare_before_days", "plan.mark_drift_sd_m_per_root_day", "plan.mark_gate_sd",
    "plan.mark_half_life_days", "plan.mark_prior_days", "plan.mark_rest_drift_sd_m_per_root_day",
    "plan.mark_rest_from_days", "plan.mark_rest_loss_m_per_day", "plan.volume_least_ratio",
    "plan.window_stale_sd_ratio",
}  # fmt: skip
"""Of which neither way is surely the more careful one."""
COMPILED = ("coach.", "tissue.")
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


@pytest.mark.parametrize("area", DECIDING)
def test_what_cites_nothing_says_that_it_is_a_choice(area: str) -> None:
    """Nothing that decides stands there without an entry and without saying whose choice it is."""
    for name, c in constants(area).items():
        assert c.source, f"{area}.{name}"
        if not c.evidence:
            assert c.status in (Status.EXPERT_DEFAULT, Status.MEASURED), f"{area}.{name}"
        for entry_id in c.evidence:
            assert evidence()[entry_id].status.may_be_leant_on, f"{area}.{name} -> {entry_id}"


def test_a_clinician_can_change_what_the_plan_decides_by() -> None:
    """But what is compiled or belongs to the envelope, and what is no clinical choice."""
    text = "".join(file.read_text("utf-8") for file in PLAN.glob("*.py"))
    read = {f"{area}.{name}" for area, name in READ.findall(text)}
    assert len(read) > 60 and {name.partition(".")[0] for name in read} <= {*DECIDING, "tissue"}
    open_ones = {name for name in read if not name.startswith(COMPILED)}
    assert open_ones - editable().keys() == FILTERS_AND_COUNTS
    cuts = {f"impairments.{name}" for name in constants("impairments")}
    assert len(cuts) == 8 and cuts <= editable().keys(), "rule I: cuts can be edited"


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
