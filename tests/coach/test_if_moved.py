"""Beside a sensor in doubt limits are held against both readings: nothing is eased or led back
later than had nothing been doubted, and nothing allowed that was not."""

from itertools import pairwise
from math import radians

import numpy as np
import pytest
from climber import climber
from coach_script import Follower, Moment, at, first, lunge
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.guard import standing
from lengthwise.coach.if_moved import as_if, beside
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.other_side import OtherSide
from lengthwise.coach.state import LOADED, IfMoved, State
from lengthwise.contracts.codec import decode, encode, frozen_array
from lengthwise.contracts.coordinates import INDEX
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate, Unseen
from lengthwise.live.evaluation import envelope_traces
from lengthwise.live.evaluation.envelope import check
from lengthwise.live.evaluation.envelope_traces import Item, ramp_sessions, sessions, trace
from lengthwise.tissue.window import numeric

SLID = "hold.sensor_slid"


def doubted(item: Item, chance: np.random.Generator) -> Item:
    """The frame as an estimate that doubts a sensor tells it: anywhere, and less sure."""
    if isinstance(item, PersonSignal):
        return item
    mean = item.body.mean_rad + radians(15.0) * chance.normal(size=item.body.mean_rad.shape)
    unseen = tuple(
        Unseen.UNCERTAIN if why is Unseen.CLAIMED and chance.random() < 0.2 else why
        for why in item.body.unseen
    )
    off, wider = chance.normal(0.0, 0.5), chance.uniform(0.0, 0.5)
    raw = tuple(
        None if p is None else Estimate(p.mean + off, p.sd + wider)
        for p in item.tissue.raw_position
    )
    return replace(
        item,
        body=replace(item.body, mean_rad=frozen_array(mean), unseen=unseen),
        tissue=replace(
            item.tissue, raw_position=raw, window_position=tuple(numeric(p) for p in raw)
        ),
        sensor_slid=True,
        if_moved=(item.body, item.tissue),
    )


def remembered(state: State) -> IfMoved:
    """But for when an ease was told, which both share."""
    sighting = replace(state.sighting, easing=False, easing_since_s=None, allowed=None)
    names = IfMoved.__struct_fields__
    return IfMoved(*[sighting if n == "sighting" else getattr(state, n) for n in names])


@pytest.mark.parametrize("seed", range(2))
def test_whatever_eases_or_leads_back_without_a_doubt_does_so_no_later_with_one(seed: int) -> None:
    """Random sessions; in each hold the same frames once more, with a doubt from some frame on."""
    compared = eased = led_back = 0
    for params, chance in sessions(9000 + seed, 50):
        way = list(trace(params, chance))
        if params.plans[0].cycle is not None:
            continue
        begins = [i for i, (a, b) in enumerate(pairwise(way)) if _enters(a[0], b[0])]
        for i in begins:
            state = way[i + 1 + min(int(chance.integers(8)), len(way) - i - 2)][0]
            at = next(k for k, step in enumerate(way) if step[0] is state)
            for _, item, plain, _ in way[at:]:
                state, _ = coach.step(params, state, doubted(item, chance))
                if state.phase not in LOADED:
                    break
                assert plain.phase in LOADED, "led back without the doubt, and not with it"
                if state.phase is not plain.phase:
                    assert state.phase is Phase.HOLD, "held without the doubt, and led on with it"
                    break
                t_s = plain.t_s or 0.0
                free = standing(params.limits, plain, t_s).action
                assert standing(params.limits, state, t_s).action <= free
                if state.if_moved is not None:
                    assert remembered(as_if(state)) == remembered(plain) or _nan(plain)
                compared, eased = compared + 1, eased + (free is Action.EASE)
            led_back += plain.phase not in LOADED
    assert compared > 200
    assert eased > 20
    assert led_back > 10


def test_the_picture_of_the_envelope_holds_beside_a_sensor_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = envelope_traces._World.next

    def next_doubted(self, params, state):  # type: ignore[no-untyped-def]
        return doubted(real(self, params, state), self._chance)

    monkeypatch.setattr(envelope_traces._World, "next", next_doubted)
    for params, chance in (*sessions(77, 40), *ramp_sessions(78, 15)):
        found = check(params, chance)
        assert not found.broken, found.examples


def _enters(before: State, after: State) -> bool:
    return before.phase not in LOADED and after.phase in LOADED


def _nan(state: State) -> bool:
    """A number that is none is not equal to itself."""
    return "nan" in repr(state)


def falls(after_s: float) -> Follower:
    """Led into the window by marks; a while into the hold beyond the tolerance within a frame, and
    there."""

    def fall(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s >= after_s:
            m.position = Estimate(1.2, 0.04)

    return lunge(change=fall).run(60.0)


def again(  # type: ignore[no-untyped-def]
    person: Follower, from_s: float, *, position: Estimate, trusted: bool = True, slid: bool = True
):
    """The same frames with a doubt from `from_s` on, in which the target is told at `position`."""
    state, decisions, states = coach.start(person.params()), [], []
    for item in person.items:
        if not isinstance(item, PersonSignal) and item.body.t_s >= from_s:
            found = tuple(None if p is None else position for p in item.tissue.raw_position)
            told = tuple(numeric(p) for p in found)
            tissue = replace(item.tissue, raw_position=found, window_position=told)
            trusting = (item.body, item.tissue) if trusted else None
            item = replace(item, tissue=tissue, sensor_slid=slid, if_moved=trusting)
        state, output = coach.step(person.params(), state, item)
        state = decode(encode(state), State) if len(states) % 20 == 0 else state
        states.append(state)
        decisions += output.decisions
    return decisions, states


def released_s(decisions: list[Decision]) -> float | None:
    return next(
        (d.t_s for d in decisions if d.kind is DecisionKind.PHASE and d.phase is Phase.RELEASE),
        None,
    )


@pytest.mark.parametrize("pulled_back", [Estimate(0.7, 0.2), Estimate(0.9, 0.5)])
def test_a_leg_that_fell_is_led_back_though_its_sensor_is_doubted(pulled_back: Estimate) -> None:
    person = falls(6.0)
    fell_s = first(person, Phase.HOLD).t_s + 6.0
    plain_s = released_s(person.decisions)
    assert plain_s == pytest.approx(fell_s, abs=0.2)
    with_doubt, _ = again(person, fell_s, position=pulled_back)
    assert released_s(with_doubt) == plain_s
    # The doubt alone would have kept it there.
    alone, _ = again(person, fell_s, position=pulled_back, trusted=False)
    late_s = released_s(alone)
    assert late_s is None or late_s > fell_s + 3.0


def in_doubt(person: Follower, phase: Phase) -> tuple[coach.Params, State]:
    """Some time in a phase, where both readings are alike until now."""
    state = next(s for s in person.states if s.phase is phase and s.sighting.progress)
    return person.params(), beside(state, state)


def test_what_both_readings_allow_alike_is_told_for_the_reasons_of_both() -> None:
    """Force alone may draw where the envelope is held back by nothing but what is not seen."""
    params, state = in_doubt(lunge().run(60.0), Phase.HOLD)
    unseen = replace(state, sighting=replace(state.sighting, calibrated=False))
    both = beside(unseen, replace(state, remarked=False))
    now = standing(params.limits, both, state.t_s or 0.0)
    assert now.action is Action.HOLD
    assert [why.id for why in now.reasons] == ["not_known.window", "not_known.today"]
    alike = standing(params.limits, beside(unseen, unseen), state.t_s or 0.0)
    assert [why.id for why in alike.reasons] == ["not_known.window"]


def test_a_mark_is_taken_where_neither_reading_may_be_of_the_other_side() -> None:
    params, state = in_doubt(lunge().run(60.0), Phase.EASE_IN)
    pulled = PersonSignal(state.t_s or 0.0, SignalKind.FIRST_RESISTANCE)
    other = replace(state, other=OtherSide(leaning=True))
    assert coach.heeds_marks(state)
    assert not coach.heeds_marks(beside(state, other))
    assert not coach.heeds_marks(beside(other, state))
    for doubtful in (beside(state, other), beside(other, state)):
        told = coach.step(params, doubtful, pulled)[1].decisions[0]
        assert (told.kind, told.reasons[0].id) == (DecisionKind.MARK, "side.other")


def test_a_first_pull_begins_the_hold_where_it_would_without_the_doubt() -> None:
    params, state = in_doubt(lunge().run(60.0), Phase.EASE_IN)
    assert state.sighting.window_leads
    without = replace(state, sighting=replace(state.sighting, calibrated=False))
    pulled = PersonSignal(state.t_s or 0.0, SignalKind.FIRST_RESISTANCE)
    assert coach.step(params, state, pulled)[0].phase is Phase.EASE_IN
    assert coach.step(params, beside(state, without), pulled)[0].phase is Phase.HOLD


def test_nobody_is_led_deeper_beside_a_doubt() -> None:
    """The reading that doubts may see less of the way than was gone."""
    person = lunge().run(60.0)
    from_s = first(person, Phase.HOLD).t_s + 2.0
    short = Estimate(0.45, 0.04)
    settled, _ = again(person, from_s, position=short, slid=False)
    assert "deeper" in [d.cue_id for d in settled], "else nothing was to be kept back"
    decisions, _ = again(person, from_s, position=short)
    assert "deeper" not in [d.cue_id for d in decisions if d.t_s >= from_s]


def test_a_hold_that_the_other_reading_ends_tells_the_seconds_that_were_counted() -> None:
    person = lunge().run(90.0)
    from_s = first(person, Phase.HOLD).t_s + 5.0
    decisions, states = again(person, from_s, position=Estimate(0.45, 0.04))
    ended = next(d for d in decisions if d.phase is Phase.RELEASE)
    assert ended.t_s == released_s(person.decisions)
    (why,) = [r for r in ended.reasons if "effective_s" in r.numbers]
    clock = next(s.clock for s in reversed(states) if s.phase is Phase.HOLD and s.t_s < ended.t_s)
    assert why.id == "hold.complete_uncertain"
    assert why.numbers["effective_s"] == clock.effective_s < 6.0


def test_a_doubt_that_reads_as_less_is_no_step_back_that_pain_asked_for() -> None:
    hurts = at(SignalKind.PAIN, phase=Phase.HOLD, after_s=4.0)
    person = lunge(signals=hurts, value=4.0).run(60.0)
    said_s = first(person, Phase.HOLD).t_s + 4.0
    plain_s = released_s(person.decisions)
    assert plain_s is not None, "nobody eased, so it is led back"
    state, slid_s = coach.start(person.params()), said_s + 1.0
    decisions: list[Decision] = []
    for item in person.items:
        if not isinstance(item, PersonSignal) and item.body.t_s >= slid_s:
            start = np.zeros_like(item.body.mean_rad)
            for c, value in person.params().plans[0].start_rad:
                start[INDEX[c]] = value
            back = frozen_array(0.5 * (item.body.mean_rad + start))
            body = replace(item.body, mean_rad=back)
            item = replace(item, body=body, sensor_slid=True, if_moved=(item.body, item.tissue))
        state, output = coach.step(person.params(), state, item)
        decisions += output.decisions
    assert released_s(decisions) == plain_s < said_s + 8.0


def test_a_ramp_to_tolerance_ends_at_a_doubt_and_none_begins_beside_one() -> None:
    person = climber().run(400.0)
    begun_s = first(person, Phase.EASE_IN).t_s
    for from_s, last in ((begun_s + 3.0, Phase.RELEASE), (0.0, Phase.GET_READY)):
        decisions, states = again(person, from_s, position=Estimate(0.3, 0.2))
        phases = [d.phase for d in decisions if d.kind is DecisionKind.PHASE]
        assert phases.count(Phase.EASE_IN) == (1 if last is Phase.RELEASE else 0)
        assert phases[-1] is Phase.DONE
        if last is Phase.RELEASE:
            assert released_s(decisions) == pytest.approx(from_s, abs=0.2)
            assert any(d.text and "new session" in d.text for d in decisions)
        assert states[-1].ramping.ramp.kept is None


def test_without_a_doubt_nothing_is_remembered_beside() -> None:
    person = lunge().run(20.0)
    assert all(s.if_moved is None and as_if(s) is s for s in person.states)
