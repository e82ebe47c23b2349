"""A person led through a test: what is said and allowed, and that every way back is led."""

from math import radians

import pytest
from coach_script import Follower, _frame

from lengthwise.coach import coach
from lengthwise.coach.params import CoachFrame
from lengthwise.coach.state import LOADED
from lengthwise.coach.taking_led import State, found, start, step
from lengthwise.coach.taking_params import Params
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, QuestionId
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.reference.exercises import exercises, guided_tests

KNEE = "test_knee_extension_90_90"
RATE_HZ = 10.0


class Person:
    """Goes to nine tenths of the path when led out, and answers what is asked."""

    def __init__(
        self,
        test: str = KNEE,
        *,
        signals: dict[float, tuple[SignalKind, float | None]] | None = None,
        changed: float | None = 0.0,
        until: float = 0.9,
    ) -> None:
        written = guided_tests()[test]
        self.params = Params(coach.Params(written, (Side.LEFT,)))
        self.state: State = start(self.params)
        self.script = Follower(written, (Side.LEFT,))
        self.signals, self.changed, self.until = dict(signals or {}), changed, until
        self.share, self.answered = 0.0, False
        self.decisions: list[Decision] = []
        self.phases: list[Phase] = []

    def run(self, until_s: float = 240.0) -> Tested:
        for n in range(round(until_s * RATE_HZ)):
            t_s = n / RATE_HZ
            loaded = self.state.led.phase in LOADED
            goal = self.until if loaded else 0.0
            self.share += min(0.02, max(-0.02, goal - self.share))
            for at_s in [s for s in self.signals if s <= t_s]:
                kind, value = self.signals.pop(at_s)
                self._take(PersonSignal(t_s, kind, value=value))
            moment = self.script._moment(self.params.led, self.state.led, t_s, self.share)
            self._take(_frame(self.params.led, moment, self.state.led))
            if self.phases[-1] in (Phase.DONE, Phase.STOPPED):
                break
        (told,) = found(self.params, self.state)
        return told

    def _take(self, item: CoachFrame | PersonSignal) -> None:
        self.state, output, _ = step(self.params, self.state, item)
        shown = output.guidance
        assert shown.gauge is None and shown.in_window is None and shown.uncued
        if shown.phase not in self.phases[-1:]:
            self.phases.append(shown.phase)
        self.decisions += output.decisions
        asked = shown.question
        if asked is None or asked.id is not QuestionId.CHANGED or self.answered:
            return
        if self.changed is not None:
            self.answered = True
            t_s = self.state.led.t_s or 0.0
            self._take(PersonSignal(t_s, SignalKind.CHANGED, value=self.changed))

    def results(self) -> list[Decision]:
        return [d for d in self.decisions if d.kind is DecisionKind.MARK]


def test_a_knee_that_opens_is_told_and_every_way_back_is_led() -> None:
    """Worked by hand: nine tenths of the way from 90 to 10 leave a lag of 18."""
    person = Person()
    told = person.run()
    assert told.value == pytest.approx(-18.0, abs=1.0)
    assert (told.untaken, told.controlled, told.symptom, told.tries) == (None, True, False, 2)
    assert person.phases == [
        Phase.GET_READY, Phase.EASE_IN, Phase.HOLD, Phase.RELEASE,
        Phase.EASE_IN, Phase.HOLD, Phase.RELEASE, Phase.DONE,
    ]  # fmt: skip
    (kept,) = person.results()
    assert kept.reasons[0].id == "test.result"
    assert kept.reasons[0].numbers["value_deg"] == pytest.approx(told.value)


def test_nobody_is_told_to_go_further() -> None:
    person = Person()
    person.run()
    cues = {d.cue_id for d in person.decisions}
    assert "deeper" not in cues and cues >= {"get_ready", "ease_in", "hold", "changed", "release"}


@pytest.mark.parametrize("kind", [SignalKind.LEG_SYMPTOM, SignalKind.DIZZY, SignalKind.STOP])
@pytest.mark.parametrize("at_s", [1.0, 6.0, 12.0])
def test_a_word_that_stops_leaves_no_result_and_asks_anew(kind: SignalKind, at_s: float) -> None:
    person = Person(signals={at_s: (kind, None)})
    told = person.run()
    assert person.phases[-1] is Phase.STOPPED
    assert (told.value, told.untaken) == (None, Untaken.STOPPED)
    assert told.symptom is (True if kind is SignalKind.LEG_SYMPTOM else None)
    assert len(person.results()) == 1


def test_pain_that_stops_leaves_no_result() -> None:
    told = Person(signals={6.0: (SignalKind.PAIN, 8.0)}).run()
    assert told.untaken is Untaken.STOPPED


def test_pain_that_eases_says_so_at_once_and_the_way_back_follows() -> None:
    person = Person(signals={6.0: (SignalKind.PAIN, 4.0)})
    told = person.run()
    assert told.value is None
    eased = [d.t_s for d in person.decisions if d.kind is DecisionKind.EASE and d.text]
    assert eased and eased[0] <= 6.0 + 2.0 / RATE_HZ
    back = person.phases.index(Phase.RELEASE)
    assert all(p not in (Phase.DONE, Phase.STOPPED) for p in person.phases[:back])


def test_a_pause_ends_it_and_whoever_is_out_there_hears_the_way_back() -> None:
    person = Person(signals={6.0: (SignalKind.PAUSE, None)})
    told = person.run()
    assert told.untaken is Untaken.CUT_OFF and person.phases[-1] is Phase.DONE
    said = [d for d in person.decisions if d.t_s > 5.5 and d.kind is DecisionKind.CUE]
    assert [d.cue_id for d in said] == ["release"]


def test_a_feeling_that_changes_with_the_foot_is_kept_and_ends_it() -> None:
    told = Person(changed=1.0).run()
    assert told.symptom is True and told.tries == 1


def test_an_exercise_is_no_test() -> None:
    with pytest.raises(ValueError, match="is no test"):
        Params(coach.Params(exercises()["cat_cow"]))


def test_the_rule_is_the_files() -> None:
    rule = Person().params.rule(0)
    assert rule.way_rad == pytest.approx(radians(80.0)) and rule.absolute and rule.controlled
