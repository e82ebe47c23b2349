"""A worn sensor that may have slipped: no second is effective from then on, and it is said once."""

from math import inf

import pytest
from coach_script import Follower, Moment, first, leaving, lunge
from cue_phrases import SETTINGS
from cycle_paths import eased
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase
from lengthwise.contracts.observation import PersonSignal
from lengthwise.reference.exercises import exercise

SLID = "hold.sensor_slid"


def again(
    person: Follower,
    slid_s: float,
    *,
    settled_s: float = inf,
    no_breath_s: float = inf,
    breath_s: float = inf,
) -> tuple[list[Guidance], list[Decision]]:
    """The same frames and words, with a sensor that may have slipped at `slid_s` until that is
    settled, and a breath that is held from `no_breath_s` to `breath_s`."""
    params = person.params()
    state, led, decisions = coach.start(params), [], []
    for item in person.items:
        if not isinstance(item, PersonSignal) and slid_s <= item.body.t_s < settled_s:
            item = replace(item, sensor_slid=True)
        if not isinstance(item, PersonSignal) and no_breath_s <= item.body.t_s < breath_s:
            item = replace(item, breath_held_s=item.body.t_s - no_breath_s)
        state, output = coach.step(params, state, item)
        led.append(output.guidance)
        decisions += output.decisions
    return led, decisions


def test_no_second_is_effective_once_a_sensor_may_have_slipped() -> None:
    person = lunge().run(80.0)
    begun_s = first(person, Phase.HOLD).t_s
    led, _ = again(person, begun_s + 10.0)
    held = [g for g in led if g.phase is Phase.HOLD and g.repetition == 1]
    assert held[-1].effective_s == pytest.approx(10.0, abs=0.5)
    assert held[-1].uncertain_s > 5.0
    assert leaving(person, Phase.HOLD).t_s - begun_s > 25.0, "else it counts to its end"
    # Who follows the screen is told, until the scripted body moves on.
    assert any(g.waiting_for == (SLID,) for g in held)


def test_it_is_said_once_in_a_sentence_of_its_own_and_written_down_once() -> None:
    person = lunge().run(80.0)
    _, decisions = again(person, first(person, Phase.HOLD).t_s + 10.0)
    said = [d for d in decisions if d.kind is DecisionKind.CUE and d.cue_id == SLID]
    noted = [d for d in decisions if d.kind is DecisionKind.NOT_KNOWN and d.reasons[0].id == SLID]
    assert len(said) == len(noted) == 1
    assert "new session" in (said[0].text or "")


def test_a_doubt_that_was_settled_before_its_turn_is_not_said() -> None:
    """Words about a held breath come first; by then it was a movement after all."""
    person = lunge().run(80.0)
    held_s = first(person, Phase.HOLD).t_s + 8.0
    slid_s = held_s + SETTINGS.breath_held_s - 0.5
    said = []
    for settled_s in (inf, slid_s + 1.0):
        _, decisions = again(
            person, slid_s, settled_s=settled_s, no_breath_s=held_s, breath_s=slid_s + 2.0
        )
        said.append(sum(d.cue_id == SLID for d in decisions if d.kind is DecisionKind.CUE))
    assert said == [1, 0]


def test_what_is_refused_stays_refused() -> None:
    """Below the window nothing counts, with a sensor that slipped neither."""
    person = lunge(depth=0.3).run(60.0)
    led, _ = again(person, 0.0)
    before = [o.guidance for o in person.outputs]
    assert all(a.effective_s <= b.effective_s for a, b in zip(led, before, strict=True))
    assert max(g.effective_s for g in led) == 0.0


def test_movements_to_and_fro_count_as_before() -> None:
    """A pelvis that goes to and fro alone is what they are, and looks like a slipping sensor."""
    wave = eased(7.0)
    begun: list[float] = []

    def opens(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun.append(m.t_s)
            m.angles_deg[Coordinate.KNEE_FLEXION_L] = 90.0 - 50.0 * (wave(m.t_s - begun[0]) or 0.0)

    extension = exercise("knee_extension_90_90")
    person = Follower(extension, (Side.LEFT,), change=opens, depth=None).run(50.0)
    assert "cycle.counted" in person.reason_ids()
    told = [r.id for d in again(person, 0.0)[1] for r in d.reasons]
    assert told.count("cycle.counted") == person.reason_ids().count("cycle.counted")
    assert SLID not in told


def test_it_does_not_stand_in_the_way_of_words_about_a_held_breath() -> None:
    person = lunge().run(80.0)
    held_s = first(person, Phase.HOLD).t_s + 8.0
    eased = []
    for slid_s in (inf, held_s + SETTINGS.breath_held_s - 0.5):
        _, decisions = again(person, slid_s, no_breath_s=held_s)
        cues = [d for d in decisions if d.kind is DecisionKind.CUE]
        eased.append(next(d.t_s for d in cues if d.reasons[0].id == "guarding.breath"))
    assert eased[0] == eased[1]
