"""Who has said nothing is held back by no word: the envelope need not ask then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.limits import said
from lengthwise.coach.limits.actions import FREE
from lengthwise.coach.limits.said import NOTHING, Now
from lengthwise.coach.settings import published_settings

S = published_settings()
seconds = st.floats(0.0, 1e4)


@given(st.booleans(), st.none() | st.floats(-2.0, 3.0), seconds, seconds)
def test_no_word_is_no_limit(
    loaded: bool, progress: float | None, asked_for_s: float, eased_for_s: float
) -> None:
    now = Now(NOTHING, loaded, progress, asked_for_s, eased_for_s)
    found = [
        said.symptom(now),
        said.pain(now, baseline_nrs=None, comfort=False, settings=S),
        said.sensation(now, settings=S),
        said.last_set(now, settings=S),
    ]
    assert found == [FREE] * 4


@pytest.mark.parametrize("word", ["pain", "sensation", "set", "symptom"])
def test_any_word_makes_the_envelope_ask(word: str) -> None:
    after = {
        "pain": said.pain_said(NOTHING, None, loaded=True),
        "sensation": said.sensation_said(NOTHING, None),
        "set": said.set_said(NOTHING, 6.0, depth=None),
        "symptom": said.Said(symptom=said.Symptom.LEG),
    }[word]
    assert after != NOTHING
