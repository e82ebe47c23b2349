"""What is left to a learner: some corrections fade by their share, and nothing else changes."""

import pytest
from coach_script import Follower, Moment
from cue_phrases import CORRECTION, SETTINGS, phrases, tips_again_and_again
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import coach
from lengthwise.coach.fading import SHARES, its_turn, may_fade
from lengthwise.coach.speaking import Phrase, Priority, choose
from lengthwise.coach.state import Speech
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercises


@given(phrases, st.sampled_from(SHARES))
def test_safety_phases_and_what_is_not_known_never_fade(
    offered: list[Phrase], share: float
) -> None:
    speech = Speech()
    for k in range(6):
        t_s = 100.0 * k
        choice = choose(speech, offered, t_s=t_s, settings=SETTINGS, cue_share=share)
        speech = choice.speech
        never = (Priority.SAFETY, Priority.PHASE, Priority.NOT_KNOWN)
        for left in choice.held_back:
            assert left.priority not in never
            assert left.cue_id not in ("ease", "release", "slower")
        urgent = [p for p in offered if p.priority in never]
        if urgent:
            assert choice.said is not None
            assert choice.said.priority == min(p.priority for p in urgent)
        if share == 1.0:
            assert choice.held_back == ()


@given(st.integers(0, 40))
def test_of_what_fades_each_share_is_said_beginning_with_the_first(count: int) -> None:
    said = {share: [its_turn(i, share) for i in range(count)] for share in SHARES}
    assert all(said[1.0])
    assert not any(said[0.0])
    assert said[0.5] == [i % 2 == 0 for i in range(count)]


def test_only_what_corrects_leads_further_or_praises_may_fade() -> None:
    assert may_fade("tuck_pelvis")
    assert may_fade("deeper")
    assert may_fade("kept")
    assert not any(map(may_fade, ("ease", "release", "slower")))


class Learner(Follower):
    """Led with a share of the cues."""

    share = 1.0

    def params(self) -> coach.Params:
        return coach.Params(self.exercise, self.sides, cue_share=self.share)


def learner(share: float, **options: object) -> Learner:
    person = Learner(exercises()["half_kneeling_hip_flexor"], **options)  # type: ignore[arg-type]
    person.share = share
    return person


@pytest.mark.parametrize("share", SHARES)
def test_a_tipping_pelvis_is_named_by_its_share_and_the_record_holds_the_rest(
    share: float,
) -> None:
    """Worked: the same deviations come due at every share; said or held back, none is lost."""
    person = learner(share, change=tips_again_and_again, sides=(Side.LEFT,)).run(150.0)
    said = [d for d in person.of(DecisionKind.CUE) if d.cue_id == CORRECTION]
    left = [d for d in person.of(DecisionKind.FADED) if d.cue_id == CORRECTION]
    whole = len(said) + len(left)
    assert whole >= 4
    assert len(said) == -(-whole * int(2 * share) // 2)
    for d in left:
        assert d.held_back == "Tuck the pelvis a little."
        assert d.text is None and d.short is None and d.earcon is None
        assert [r.id for r in d.reasons] == ["compensation.pelvis_tilt", "cue.faded"]
        assert d.reasons[1].numbers == {"cue_share_ratio": share}
    if share == 0.5:
        both = sorted([*said, *left], key=lambda d: d.t_s)
        assert [d.kind for d in both[:3]] == [
            DecisionKind.CUE,
            DecisionKind.FADED,
            DecisionKind.CUE,
        ]


def test_what_is_counted_and_when_phases_change_does_not_depend_on_the_share() -> None:
    runs = [learner(share, change=tips_again_and_again).run(90.0) for share in SHARES]
    quiet = [
        [d for d in run.decisions if d.kind not in (DecisionKind.CUE, DecisionKind.FADED)]
        for run in runs
    ]
    assert quiet[0] == quiet[1] == quiet[2]
    assert runs[0].holds() == runs[2].holds()


def test_without_a_share_an_ease_is_still_said() -> None:
    def far(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 5.0:
            m.position = Estimate(0.95, 0.03)

    person = learner(0.0, change=far).run(40.0)
    assert "ease" in [d.cue_id for d in person.of(DecisionKind.CUE)]
    assert person.of(DecisionKind.EASE)
    silent = {d.cue_id for d in person.of(DecisionKind.CUE)} & {"deeper", "tuck_pelvis", "kept"}
    assert silent == set()


def test_a_share_that_is_none_of_the_steps_is_turned_away() -> None:
    with pytest.raises(ValueError, match="cue_share"):
        coach.Params(exercises()["cat_cow"], cue_share=0.7)
