"""An ease that a fault made necessary: its correction first, then its own word."""

import pytest
from coach_script import Follower, Moment, leaving, lumbar_load, lunge, vanish
from cue_phrases import CORRECTION, SETTINGS
from msgspec import structs

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon, Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercises
from lengthwise.reference.reasons import reason_sentence

ROUNDS = Coordinate.LUMBAR_FLEXION


def loaded(rounding_deg: float) -> list[tuple[float, Decision, str]]:
    """Cues and eases of a stretch whose back rounds, and is loaded, from 6 s into the hold; with
    what is shown then."""

    def change(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 6.0:
            m.angles_deg[ROUNDS] = rounding_deg

    person = Follower(exercises()["standing_hamstring"], sides=(Side.LEFT,), change=change)
    person.run(25.0)
    params, state = person.params(), coach.start(person.params())
    begun_s = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.HOLD)
    found = []
    for item in person.items:
        if isinstance(item, coach.CoachFrame) and item.body.t_s > begun_s + 6.0:
            load = lumbar_load(4.0)
            item = coach.CoachFrame(item.body, structs.replace(item.tissue, lumbar=load))
        state, output = coach.step(params, state, item)
        for d in output.decisions:
            if d.kind in (DecisionKind.CUE, DecisionKind.EASE) and d.t_s > begun_s + 5.0:
                found.append((d.t_s, d, output.guidance.cue_text))
    return found


@pytest.mark.parametrize(("rounding_deg", "waits_s"), [(0.0, 0.0), (4.0, 0.0), (8.0, 0.3)])
def test_the_words_of_an_ease_wait_a_moment_for_a_back_that_is_half_way_out(
    rounding_deg: float, waits_s: float
) -> None:
    """The ease itself is decided, and shown, at once; of 10 degrees, 8 are on the way."""
    decided_s, _, shown = next(x for x in loaded(rounding_deg) if x[1].kind is DecisionKind.EASE)
    assert shown == "Ease off a little."
    said_s = next(t_s for t_s, d, _ in loaded(rounding_deg) if d.cue_id == "ease")
    assert said_s - decided_s == pytest.approx(waits_s, abs=0.11)


def test_a_rounding_back_is_named_before_the_load_that_it_makes_is_eased_for() -> None:
    """In a stretch, "let the back grow long" takes away what "ease off a little" would be for."""
    found = loaded(20.0)
    decided_s = next(t_s for t_s, d, _ in found if d.kind is DecisionKind.EASE)
    named_s = next(t_s for t_s, d, _ in found if d.cue_id == "long_back")
    eased_s = next(t_s for t_s, d, _ in found if d.cue_id == "ease")
    assert named_s == decided_s
    assert named_s + 3.0 <= eased_s


def test_an_ease_has_its_word_after_one_correction_however_many_are_due() -> None:
    limits = exercises()["half_kneeling_hip_flexor"].constraints

    def overloads(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s >= 5.0:
            m.lumbar = lumbar_load(6.0)
            for c in limits:
                m.angles_deg[c.coordinate] = m.angles_deg.get(c.coordinate, 0.0) + 40.0 * (
                    c.direction or 1
                )

    person = Follower(
        exercises()["half_kneeling_hip_flexor"], sides=(Side.LEFT,), change=overloads
    ).run(30.0)
    began_s = next(d.t_s for d in person.of(DecisionKind.EASE))
    said = [d for d in person.of(DecisionKind.CUE) if d.t_s >= began_s]
    assert "ease" in [d.cue_id for d in said[:2]]


def passed_with(
    made_by: tuple[Coordinate, ...], *, tilt_deg: float = 15.0, slid: bool = False
) -> list[Decision]:
    """The ceiling is passed and the pelvis has tipped, at once; the decisions from then on. `slid`:
    a worn sensor is in doubt by then."""

    def passes(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s >= 6.0:
            m.angles_deg[Coordinate.PELVIS_TILT] += tilt_deg
            m.position = Estimate(0.95, 0.03)
            m.lengthened_by = made_by

    person = lunge(change=passes, sides=(Side.LEFT,)).run(40.0)
    began_s = next(d.t_s for d in person.of(DecisionKind.EASE))
    params, state, found = person.params(), coach.start(person.params()), []
    for item in person.items:
        if slid and isinstance(item, coach.CoachFrame) and item.body.t_s >= began_s:
            item = structs.replace(item, sensor_slid=True)
        state, output = coach.step(params, state, item)
        found += [d for d in output.decisions if d.t_s >= began_s]
    return found


def test_where_a_fault_made_the_stretch_too_far_its_correction_is_the_ease() -> None:
    """It takes the stretch back and says where; the sound of the ease comes with it, and its words
    follow where that did not help."""
    found = passed_with((Coordinate.PELVIS_TILT,))
    said = [d for d in found if d.kind is DecisionKind.CUE]
    assert found[0].kind is DecisionKind.EASE
    assert found[0].earcon is Earcon.EASE
    assert [d.cue_id for d in said[:2]] == [CORRECTION, "ease"]
    assert said[0].t_s == found[0].t_s
    assert said[1].t_s - said[0].t_s == pytest.approx(SETTINGS.phrase_gap_s, abs=0.11)


@pytest.mark.parametrize(("made_by", "tilt_deg"), [((), 15.0), ((Coordinate.PELVIS_TILT,), 2.0)])
def test_where_it_may_bring_stretch_back_or_is_in_its_place_the_ease_is_said(
    made_by: tuple[Coordinate, ...], tilt_deg: float
) -> None:
    """A pelvis tucked in a lunge brings stretch back: above the ceiling the ease comes first."""
    found = passed_with(made_by, tilt_deg=tilt_deg)
    said = [d for d in found if d.kind is DecisionKind.CUE]
    assert (said[0].cue_id, said[0].t_s) == ("ease", found[0].t_s)


def test_beside_a_sensor_in_doubt_an_ease_waits_for_no_correction() -> None:
    """What left its place may be the sensor: the leg that fell is eased at once."""
    found = passed_with((Coordinate.PELVIS_TILT,), slid=True)
    eased = next(d for d in found if d.kind is DecisionKind.EASE)
    said = next(d for d in found if d.kind is DecisionKind.CUE)
    assert (said.cue_id, said.t_s) == ("ease", eased.t_s)


def test_words_of_an_ease_wait_a_moment_for_what_is_half_way_out_and_made_it() -> None:
    """7 of 10 degrees are on the way out; not where that takes stretch away."""
    for made_by, waits_s in (((Coordinate.PELVIS_TILT,), 0.3), ((), 0.0)):
        found = passed_with(made_by, tilt_deg=7.0)
        eased_s = next(d.t_s for d in found if d.cue_id == "ease")
        assert eased_s - found[0].t_s == pytest.approx(waits_s, abs=0.11)


@pytest.mark.parametrize(
    ("position", "why"),
    [
        (Estimate(0.95, 0.02), "envelope.ceiling_held"),
        (Estimate(1.1, 0.02), "envelope.tolerance"),
        (None, "known.lost"),
    ],
)
def test_whoever_is_led_back_before_the_time_hears_why_with_the_words_that_lead_back(
    position: Estimate | None, why: str
) -> None:
    """Else a hold that ends after a third of its time is only over."""

    def leaves(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 8.0:
            m.position = position
            if position is None:
                vanish(m)

    person = lunge(change=leaves, sides=(Side.LEFT,)).run(45.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == why
    led = next(d for d in person.of(DecisionKind.CUE) if d.cue_id == "release")
    own, because = person.exercise.cue_text("release"), reason_sentence(why)
    assert led.text == f"{own} {because}"
    assert [r.id for r in led.reasons] == ["phase.instruction", why]
    full = lunge(sides=(Side.LEFT,)).run(60.0)
    assert next(d for d in full.of(DecisionKind.CUE) if d.cue_id == "release").text == own
