"""The finite picture of a clearance walked exhaustively, and the real code held against it."""

import pytest
from msgspec.structs import replace

from lengthwise.contracts.screening import Screened, Told
from lengthwise.live.evaluation import screening as evaluation
from lengthwise.live.evaluation import screening_traces
from lengthwise.plan import clearance_picture as picture
from lengthwise.plan.clearance import Clearance, step
from lengthwise.plan.clearance_picture import EVENTS, Abstract, Answered, Flag, every_state
from lengthwise.reference.screening import Screening


def test_the_laws_hold_of_every_state_and_event() -> None:
    assert dict(evaluation.broken()) == dict.fromkeys(evaluation.LAWS, 0)


def test_every_kind_of_state_can_be_reached_and_somebody_can_be_led() -> None:
    """Else the laws could hold for want of anything to hold for."""
    met = evaluation.reachable({picture.start()})
    assert {s.emergency for s in met} == set(Flag) - {Flag.STANDS}
    assert {s.lesser for s in met} == set(Flag) and {s.age for s in met} == set(picture.Age)
    assert any(s.led for s in met) and any(s.led and s.lesser is Flag.STANDS for s in met)


def test_every_event_leads_somewhere() -> None:
    for state in every_state():
        for event in EVENTS:
            assert picture.successors(state, event), (state, event)


def test_after_a_look_a_day_and_all_anew_an_emergency_is_over() -> None:
    grave = Abstract(emergency=Flag.OLD, missing=False, age=picture.Age.COUNTS)
    told = Answered(picture.Whole.ALL, looked_emergency=True)
    assert {s.emergency for s in picture.successors(grave, told)} == {Flag.NONE}
    assert all(s.may_be_led for s in picture.successors(grave, told))


def test_the_real_code_takes_only_steps_of_the_picture() -> None:
    """Of 300 random lives; `lengthwise evaluate screening` takes 2,000."""
    found = evaluation.lived(300, seed=5)
    assert found.examples == {}
    assert found.begun > 150 and len(found.states) > 120
    assert found.events.keys() >= {w.value for w in picture.Whole} | {e.value for e in picture.Else}


def test_the_checks_see_a_code_that_clears_too_easily(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is edited clears: as it was before anybody had to have looked."""

    def edited(asked: Screening, before: Clearance, told: Told) -> Clearance:
        after = step(asked, before, told)
        if not isinstance(told, Screened):
            return after
        good = {q.id for q in asked.question if told.answers.get(q.id) == q.good}
        return replace(after, flags={f: t for f, t in after.flags.items() if f not in good})

    monkeypatch.setattr(screening_traces, "step", edited)
    assert evaluation.lived(30).broken[evaluation.OUTSIDE] > 0


def test_the_checks_see_a_gate_that_lets_somebody_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening_traces, "refusal", lambda *_, **__: None)
    found = evaluation.lived(30)
    assert found.broken[evaluation.OTHERWISE] > 0 and found.broken[evaluation.OUTSIDE] > 0


def test_the_laws_see_a_broken_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Abstract, "may_be_led", property(lambda s: s.age is picture.Age.COUNTS))
    found = evaluation.broken()
    assert found[evaluation.UNRESOLVED] > 0 and found[evaluation.UNCLEARED] > 0
    assert found[evaluation.UNANSWERED] > 0
