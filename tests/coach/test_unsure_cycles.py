"""Cycles that are hardly seen: counted where they surely moved, else told."""

import math
from collections.abc import Callable

import pytest
from coach_script import Follower, Moment, at, body_state, during, leaving
from cycle_paths import ONE_WAY, eased, run

from lengthwise.coach import coach
from lengthwise.coach.cycles import CycleNews
from lengthwise.coach.reading import movement
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercise_parts import Behaviour
from lengthwise.reference.exercises import exercise, exercises


def knee_opens(period_s: float) -> Callable[[Moment], None]:
    """The knee of the sliders and of the lying extension, in the phases that move."""
    wave = eased(period_s)
    begun: list[float] = []

    def change(m: Moment) -> None:
        share = 0.0
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun.append(m.t_s)
            share = wave(m.t_s - begun[0]) or 0.0
        m.angles_deg[Coordinate.KNEE_FLEXION_L] = 90.0 - 50.0 * share

    return change


def test_a_knee_that_opens_is_counted_long_before_its_angle_is_known() -> None:
    """Of twelve degrees of doubt nothing is claimed; the fifty that it opens are no doubt."""
    extension = exercise("knee_extension_90_90")
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        m.sd_deg = 12.0

    unsure = Follower(extension, (Side.LEFT,), change=change, depth=None)
    person = _with_unclaimed(unsure, Coordinate.KNEE_FLEXION_L).run(90.0)
    assert person.reason_ids().count("cycle.unsure") == 8
    assert "cycle.counted" not in person.reason_ids()
    assert leaving(person, Phase.HOLD).reasons[0].id == "cycle.complete_unsure"
    assert person.holds()[Side.LEFT, 1][0] == 0.0
    told = [r.id for d in person.of(DecisionKind.NOT_KNOWN) for r in d.reasons]
    assert "not_known.knee_flexion_l" in told
    assert told.count("cycle.hollow") == 1


@pytest.mark.parametrize("claimed_from", [0.3, 0.6, 0.9])
def test_an_angle_that_is_claimed_at_one_end_only_does_not_hide_the_movement(
    claimed_from: float,
) -> None:
    """Six sensors claim the knee of a slider where it is open and nowhere else."""
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        share = (90.0 - m.angles_deg[Coordinate.KNEE_FLEXION_L]) / 50.0
        m.doubtful = () if share > claimed_from else (Coordinate.KNEE_FLEXION_L,)
        m.sd_deg = 5.9 if share > claimed_from else 6.5

    extension = exercise("knee_extension_90_90")
    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(90.0)
    ids = person.reason_ids()
    assert ids.count("cycle.unsure") + ids.count("cycle.counted") == 8
    assert claimed_from < 0.5 or "cycle.counted" not in ids


def test_what_is_smaller_than_its_doubt_is_not_counted_and_told() -> None:
    """A press-up of which the camera sees a quarter, known to seven degrees."""
    press_up = exercise("press_up")
    wave, begun_s = eased(7.0), []

    def change(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun_s.append(m.t_s)
        share = wave(m.t_s - begun_s[0]) if begun_s else 0.0
        for part in press_up.path:
            m.angles_deg[part.coordinate] = part.start_deg
        m.angles_deg[Coordinate.TRUNK_FLEXION] = 90.0 - 7.0 * (share or 0.0)
        m.doubtful = (Coordinate.TRUNK_FLEXION,)
        m.sd_deg = 7.0

    hidden = (Coordinate.LUMBAR_FLEXION, Coordinate.THORAX_FLEXION)

    def seen(m: Moment) -> None:
        change(m)
        for coordinate in hidden:
            m.angles_deg.pop(coordinate)

    person = Follower(press_up, change=seen, depth=None).run(90.0)
    assert not [i for i in person.reason_ids() if i.startswith("cycle.")]
    assert "not_known.trunk_flexion" in person.reason_ids(DecisionKind.NOT_KNOWN)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"


def test_a_path_that_is_claimed_and_too_doubtful_to_count_is_led_by_ear_and_says_so() -> None:
    """A small bend back of which each angle is known to six degrees."""
    bend = exercise("standing_back_bend")
    wave, begun_s = eased(7.0), []

    def change(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun_s.append(m.t_s)
        share = (wave(m.t_s - begun_s[0]) if begun_s else 0.0) or 0.0
        for part in bend.path:
            m.angles_deg[part.coordinate] = part.start_deg + share * (part.end_deg - part.start_deg)
        m.sd_deg = 5.9

    person = Follower(bend, change=change, depth=None).run(90.0)
    assert not [i for i in person.reason_ids() if i in ("cycle.counted", "cycle.unsure")]
    assert person.outputs[-1].guidance.cycles == 0
    assert any("not_known.path" in out.guidance.waiting_for for out in person.outputs)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"


def test_what_no_sensor_shows_is_not_counted_and_told() -> None:
    """Seated turning is led by ear: nobody sees a turn."""
    turning = exercise("seated_rotation")
    hidden = tuple(m.coordinate for m in turning.path)
    person = Follower(turning, hidden=hidden, depth=None).run(90.0)
    assert not [i for i in person.reason_ids() if i.startswith("cycle.")]
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"
    told = person.reason_ids(DecisionKind.NOT_KNOWN)
    assert "not_known.thorax_rotation" in told and "cycle.hollow" not in told
    assert person.outputs[-1].guidance.cycles == 0


def test_a_cycle_with_something_out_of_place_is_not_counted_and_says_why() -> None:
    extension = exercise("knee_extension_90_90")
    opens = knee_opens(7.0)

    def sink(m: Moment) -> None:
        m.angles_deg[Coordinate.HIP_FLEXION_L] -= 30.0

    sinks = during(7.5, 13.0, sink)

    def change(m: Moment) -> None:
        opens(m)
        sinks(m)

    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(120.0)
    ids = person.reason_ids()
    assert ids.count("cycle.unkept") == 1
    assert ids.count("cycle.counted") == 8
    assert leaving(person, Phase.HOLD).reasons[0].id == "cycle.complete"


def test_what_the_envelope_eases_fills_the_dose_and_is_never_asked_for_again() -> None:
    pain = at(SignalKind.PAIN, phase=Phase.HOLD, after_s=8.0)
    extension = exercise("knee_extension_90_90")
    person = Follower(
        extension, (Side.LEFT,), change=knee_opens(7.0), depth=None, signals=pain, value=4.0
    ).run(120.0)
    ids = person.reason_ids()
    assert "pain.ease" in ids
    assert "cycle.unkept" not in ids and ids.count("cycle.unsure") >= 1
    end = leaving(person, Phase.HOLD).reasons[0]
    assert end.id in ("cycle.complete", "cycle.complete_unsure")
    assert ids.count("cycle.unsure") + ids.count("cycle.counted") <= 12


def test_who_is_mostly_unseen_is_not_kept_at_it_until_all_were_seen() -> None:
    """Two of eight are seen: the hollow seconds end it, as if none had been."""
    opens = knee_opens(7.0)

    def change(m: Moment) -> None:
        opens(m)
        m.doubtful = (Coordinate.KNEE_FLEXION_L,)
        m.sd_deg = 12.0 if m.phase is not Phase.HOLD or m.phase_s < 14.0 else 60.0

    extension = exercise("knee_extension_90_90")
    person = Follower(extension, (Side.LEFT,), change=change, depth=None).run(150.0)
    assert person.reason_ids().count("cycle.unsure") <= 3
    end = leaving(person, Phase.HOLD).reasons[0]
    assert end.id == "hold.complete_uncertain"
    assert end.numbers["held_s"] == pytest.approx(56.0, abs=1.0)


TO_AND_FRO = sorted(e.id for e in exercises().values() if e.behaviour is Behaviour.TO_AND_FRO)


@pytest.mark.parametrize("exercise_id", TO_AND_FRO)
@pytest.mark.parametrize("share", [-0.4, 0.0, 0.7, 1.0])
def test_the_movement_is_the_share_of_the_path_and_its_doubt_grows(
    exercise_id: str, share: float
) -> None:
    plan = coach.Params(exercise(exercise_id), (Side.LEFT,)).plans[0]
    angles = {p.coordinate: math.degrees(p.start_rad + share * p.span_rad) for p in plan.path}
    found = [movement(plan, {}, {}, body_state(0.0, angles, sd_deg=sd)) for sd in (2.0, 12.0)]
    for seen in found:
        assert seen is not None and seen.mean == pytest.approx(share, abs=1e-9)
    assert found[1].sd == pytest.approx(6.0 * found[0].sd)
    assert movement(plan, {}, {}, body_state(0.0, {})) is None


def _with_unclaimed(person: Follower, coordinate: Coordinate) -> Follower:
    """In sight and too unsure to be claimed."""
    before = person.change

    def change(m: Moment) -> None:
        before(m)
        m.doubtful = (coordinate,)

    person.change = change
    return person


@pytest.mark.parametrize("claimed", [0.0, 0.1])
def test_a_movement_whose_claimed_angles_stand_still_is_hollow(claimed: float) -> None:
    count, told = run(ONE_WAY, eased(6.0), 12.5, claimed=claimed)
    assert told and set(told) == {CycleNews.UNSURE}
    assert count.counted == 0
