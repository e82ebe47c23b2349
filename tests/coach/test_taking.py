"""The result of a test, taken from angles that somebody makes: laws, then cases worked by hand."""

from collections.abc import Callable
from math import degrees, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.taking import step
from lengthwise.coach.taking_result import Told, result
from lengthwise.coach.taking_state import Moment, Rule, Stage, State
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.tested import Untaken
from lengthwise.reference.exercise_taken import Asked, Way

FURTHEST = Rule(Way.FURTHEST, radians(80.0), tries=2, controlled=True)
HELD = Rule(Way.HELD, radians(25.0), controlled=True, leaves_rad=radians(10.0), longest_s=120.0)
REPEATED = Rule(Way.REPEATED, radians(40.0), cycles=3, asks=(Asked.REACH,))
RATE_HZ, PACE_DEG_S = 20.0, 8.0
Change = Callable[[State, Moment], Moment]


class Somebody:
    """Goes to their own limit when led out, stays, and comes back when told."""

    def __init__(self, rule: Rule, limit_deg: float, *, sd_deg: float = 2.0, stays: bool = True):
        self.rule, self.limit_deg, self.sd_deg, self.stays = rule, limit_deg, sd_deg, stays
        self.state, self.at_deg = State(), 0.0
        self.stages: list[Stage] = []
        self.turned = False

    def run(self, change: Change = lambda state, moment: moment, until_s: float = 300.0) -> Told:
        for n in range(round(until_s * RATE_HZ)):
            self._move()
            angle = Estimate(radians(self.at_deg), radians(self.sd_deg))
            moment = Moment(n / RATE_HZ, angle, angle, Keeping.KEPT, Action.HOLD)
            self.state = step(self.rule, self.state, change(self.state, moment))
            if self.state.stage not in self.stages[-1:]:
                self.stages.append(self.state.stage)
            if self.state.stage is Stage.OVER:
                break
        return result(self.rule, self.state)

    def _move(self) -> None:
        out = self.state.stage in (Stage.OUT, Stage.STAY, Stage.ASKED, Stage.HELD)
        if out and not self.stays and self.at_deg >= self.limit_deg:
            self.turned = True
        goal = self.limit_deg if out and not self.turned else 0.0
        if not out:
            self.turned = False
        most = PACE_DEG_S / RATE_HZ
        self.at_deg += min(max(goal - self.at_deg, -most), most)


def shown(told: Told) -> float:
    assert told.value is not None, told.untaken
    return degrees(told.value.mean)


@given(limit_deg=st.floats(12.0, 80.0))
def test_the_result_is_where_the_person_chose_to_stay(limit_deg: float) -> None:
    told = Somebody(FURTHEST, limit_deg).run()
    assert shown(told) == pytest.approx(limit_deg, abs=0.5)
    assert told.controlled is True


@given(limit_deg=st.floats(15.0, 80.0))
def test_who_turns_back_without_staying_has_the_same_result_but_for_the_turn(
    limit_deg: float,
) -> None:
    told = Somebody(FURTHEST, limit_deg, stays=False).run()
    assert shown(told) == pytest.approx(limit_deg, abs=PACE_DEG_S * 0.5)


@given(sd_deg=st.floats(0.5, 5.5))
def test_more_tries_never_make_it_surer_than_the_sensors(sd_deg: float) -> None:
    told = Somebody(FURTHEST, 60.0, sd_deg=sd_deg).run()
    assert told.value is not None and degrees(told.value.sd) >= sd_deg - 1e-9


def test_what_is_less_sure_than_six_degrees_is_no_angle() -> None:
    assert Somebody(FURTHEST, 60.0, sd_deg=6.5).run().untaken is Untaken.NOT_BEGUN


@pytest.mark.parametrize(
    ("keeping", "untaken", "controlled"),
    [
        (Keeping.BEYOND, Untaken.NOT_CONTROLLED, False),
        (Keeping.DOUBTFUL, Untaken.CONTROL_NOT_SEEN, None),
        (Keeping.NOT_KNOWN, Untaken.CONTROL_NOT_SEEN, None),
    ],
)
def test_a_pelvis_that_tips_or_is_not_seen_in_the_stay_leaves_no_result(
    keeping: Keeping, untaken: Untaken, controlled: bool | None
) -> None:
    def tips(state: State, moment: Moment) -> Moment:
        return replace(moment, keeping=keeping) if state.stage is Stage.STAY else moment

    told = Somebody(FURTHEST, 60.0).run(tips)
    assert (told.value, told.untaken, told.controlled) == (None, untaken, controlled)


def test_one_try_in_which_it_was_kept_is_enough() -> None:
    def tips_once(state: State, moment: Moment) -> Moment:
        tipped = state.stage is Stage.STAY and not state.tries
        return replace(moment, keeping=Keeping.BEYOND) if tipped else moment

    assert shown(Somebody(FURTHEST, 60.0).run(tips_once)) == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize("allowed", [Action.EASE, Action.PAUSE, Action.RELEASE, None])
def test_whom_the_envelope_eases_on_the_way_has_no_result(allowed: Action | None) -> None:
    """Where they would have gone is not known; it is never the place where they were eased."""

    def eased(state: State, moment: Moment) -> Moment:
        far = degrees(moment.angle.mean if moment.angle else 0.0) > 40.0
        return replace(moment, allowed=allowed) if far else moment

    told = Somebody(FURTHEST, 60.0).run(eased)
    assert told.value is None and told.untaken is Untaken.EASED


def test_what_the_load_of_the_low_back_ends_is_not_tried_again() -> None:
    """Another try would only bring the same load once more; what was measured before it stays."""
    turns: list[int] = []

    def loaded(state: State, moment: Moment) -> Moment:
        turns.append(len(state.spoilt))
        far = degrees(moment.angle.mean if moment.angle else 0.0) > 40.0
        return replace(moment, allowed=Action.EASE, by_load=True) if far else moment

    told = Somebody(FURTHEST, 60.0).run(loaded)
    assert (told.value, told.untaken) == (None, Untaken.LOAD) and max(turns) == 1

    def second(state: State, moment: Moment) -> Moment:
        return loaded(state, moment) if state.tries else moment

    assert shown(Somebody(FURTHEST, 60.0).run(second)) == pytest.approx(60.0, abs=0.5)


def test_a_stop_at_any_moment_leaves_nothing() -> None:
    for at_s in (1.0, 5.0, 12.0, 16.0, 25.0):

        def stopped(_: State, moment: Moment, at_s: float = at_s) -> Moment:
            return replace(moment, allowed=Action.STOP) if moment.t_s >= at_s else moment

        told = Somebody(FURTHEST, 60.0).run(stopped)
        assert (told.value, told.untaken) == (None, Untaken.STOPPED)


def test_unseen_half_way_is_no_result_and_back_in_sight_is_another_try() -> None:
    def hidden(state: State, moment: Moment) -> Moment:
        gone = state.stage is Stage.OUT and degrees(moment.angle.mean if moment.angle else 0) > 30.0
        return replace(moment, angle=None, change=None) if gone else moment

    assert Somebody(FURTHEST, 60.0).run(hidden).untaken is Untaken.NOT_SEEN

    def hidden_once(state: State, moment: Moment) -> Moment:
        return moment if state.spoilt else hidden(state, moment)

    assert shown(Somebody(FURTHEST, 60.0).run(hidden_once)) == pytest.approx(60.0, abs=0.5)


def test_a_first_gentle_pull_said_on_the_way_is_far_enough() -> None:
    """The person stays where they are: going on would not be asked for."""
    person = Somebody(FURTHEST, 60.0)

    def pulled(state: State, moment: Moment) -> Moment:
        if state.stage is Stage.OUT and person.at_deg >= 35.0:
            person.limit_deg = 35.0
            return replace(moment, here=True)
        return moment

    assert shown(person.run(pulled)) == pytest.approx(35.0, abs=1.0)


@pytest.mark.parametrize(("answer", "symptom", "tries"), [(0.0, False, 2), (1.0, True, 1)])
def test_a_feeling_that_changes_with_the_foot_ends_the_test(
    answer: float, symptom: bool, tries: int
) -> None:
    person = Somebody(replace(FURTHEST, asks=(Asked.CHANGED,)), 60.0)

    def answers(state: State, moment: Moment) -> Moment:
        asked = state.stage is Stage.ASKED
        return replace(moment, answer=answer) if asked else moment

    person.run(answers)
    assert person.state.symptom is symptom and len(person.state.tries) == tries


def test_a_question_that_nobody_answers_is_no_no() -> None:
    person = Somebody(replace(FURTHEST, asks=(Asked.CHANGED,)), 60.0)
    told = person.run()
    assert person.state.symptom is None and told.value is not None


def sinks(after_s: float, per_s_deg: float) -> Change:
    """The held angle sinks at that rate from `after_s` of the hold."""

    def sunk(state: State, moment: Moment) -> Moment:
        if state.stage is not Stage.HELD or moment.angle is None:
            return moment
        held_s = moment.t_s - (state.since_s or 0.0)
        lost = radians(max(held_s - after_s, 0.0) * per_s_deg)
        return replace(moment, angle=replace(moment.angle, mean=moment.angle.mean - lost))

    return sunk


def test_a_hold_ends_where_the_place_is_left_with_how_surely_that_is_known() -> None:
    """Sinking 2 degrees a second from 30 s on: 10 degrees are gone at 35 s."""
    told = Somebody(HELD, 25.0, sd_deg=1.0).run(sinks(30.0, 2.0))
    assert told.value is not None
    assert told.value.mean == pytest.approx(35.0, abs=2.0 * told.value.sd)
    unsure = Somebody(HELD, 25.0, sd_deg=4.0).run(sinks(30.0, 2.0))
    assert unsure.value is not None and unsure.value.sd > told.value.sd


def test_a_pelvis_that_tips_ends_a_hold_and_one_that_is_not_seen_leaves_no_time() -> None:
    def after_20_s(keeping: Keeping) -> Change:
        def tips(state: State, moment: Moment) -> Moment:
            held = state.stage is Stage.HELD and moment.t_s - (state.since_s or 0.0) > 20.0
            return replace(moment, keeping=keeping) if held else moment

        return tips

    told = Somebody(HELD, 25.0).run(after_20_s(Keeping.BEYOND))
    assert told.value is not None and told.value.mean == pytest.approx(20.0, abs=1.0)
    unseen = Somebody(HELD, 25.0).run(after_20_s(Keeping.NOT_KNOWN))
    assert unseen.untaken is Untaken.CONTROL_NOT_SEEN


def test_who_holds_longest_is_let_go_and_told_at_least_that() -> None:
    person = Somebody(HELD, 25.0)
    told = person.run()
    assert told.value is not None and told.value.mean == pytest.approx(120.0, abs=0.2)
    assert person.state.at_least


def test_enough_ends_a_hold_at_that_moment() -> None:
    def enough(state: State, moment: Moment) -> Moment:
        said = state.stage is Stage.HELD and moment.t_s - (state.since_s or 0.0) >= 42.0
        return replace(moment, enough=said)

    told = Somebody(HELD, 25.0).run(enough)
    assert told.value is not None and told.value.mean == pytest.approx(42.0, abs=0.2)


def repeats(person: Somebody) -> Change:
    """To and fro between the start and the limit, and words at the questions."""

    def answers(state: State, moment: Moment) -> Moment:
        asked = state.stage in (Stage.ASK_BEFORE, Stage.ASK_AFTER)
        if state.stage is Stage.OUT:
            person.stays = False
            if person.at_deg <= 0.5:
                person.turned = False
        return replace(moment, answer=1.0 if asked else None)

    return answers


def test_repeated_movements_are_counted_twice_and_asked_around() -> None:
    person = Somebody(REPEATED, 30.0)
    told = person.run(repeats(person))
    assert told.untaken is None and (person.state.before, person.state.after) == (1, 1)
    assert person.stages.count(Stage.OUT) == 2


@pytest.mark.parametrize("answer", [-1.0, 6.0, 2.5, float("nan")])
def test_an_answer_that_is_none_of_six_is_no_answer(answer: float) -> None:
    def asked(state: State, moment: Moment) -> Moment:
        return replace(moment, answer=answer)

    assert Somebody(REPEATED, 30.0).run(asked).untaken is Untaken.NOT_ANSWERED


def test_an_instant_that_is_no_number_changes_nothing() -> None:
    person = Somebody(FURTHEST, 60.0)
    person.run(until_s=5.0)
    wrong = Moment(float("nan"), None)
    assert step(FURTHEST, person.state, wrong) == person.state


@given(cut=st.integers(1, 900))
def test_it_goes_on_from_any_state_as_if_it_had_not_been_kept(cut: int) -> None:
    whole, halves = Somebody(FURTHEST, 50.0), Somebody(FURTHEST, 50.0)
    whole.run(until_s=45.0)

    def kept(_: State, moment: Moment) -> Moment:
        if round(moment.t_s * RATE_HZ) == cut:
            halves.state = decode(encode(halves.state), State)
        return moment

    halves.run(kept, until_s=45.0)
    assert whole.state == halves.state
