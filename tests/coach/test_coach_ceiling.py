"""Above the ceiling and beyond tolerance: eased, then released."""

from collections.abc import Callable

import pytest
from coach_script import LUNGE, Follower, Moment, during, first, leaving, lunge

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise


def test_above_the_ceiling_is_eased_at_once_then_released() -> None:
    def sink(m: Moment) -> None:
        m.position = Estimate(0.92, 0.02)

    person = lunge(change=during(10.0, 60.0, sink)).run(60.0)
    ease = person.of(DecisionKind.EASE)
    assert len(ease) == 1
    assert ease[0].t_s - first(person, Phase.HOLD).t_s == pytest.approx(10.0, abs=0.21)
    assert ease[0].reasons[0].numbers["ceiling"] == 0.9
    assert any(d.text == "Ease off a little." for d in person.of(DecisionKind.CUE))
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "envelope.ceiling_held"
    assert release.t_s - ease[0].t_s == pytest.approx(5.1, abs=0.21)
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(10.0, abs=0.21)


def _place(depth: Callable[[float], Estimate | None]) -> Callable[[Moment], None]:
    """Where the stretch is read to be, by seconds into the first hold."""

    def change(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.repetition == 1 and m.side is Side.LEFT:
            m.position = depth(round(m.phase_s, 6))

    return change


def _released_after_s(depth: Callable[[float], Estimate | None]) -> tuple[float, str]:
    """Seconds from the start of the first hold to its release, and why."""
    person = lunge(change=_place(depth)).run(60.0)
    release = leaving(person, Phase.HOLD)
    return release.t_s - first(person, Phase.HOLD).t_s, release.reasons[0].id


OVER, BELOW, UNSURE = Estimate(0.92, 0.02), Estimate(0.72, 0.03), Estimate(0.72, 0.25)


@pytest.mark.parametrize("now_and_then", [BELOW, UNSURE, None])
def test_a_frame_below_the_ceiling_now_and_then_does_not_renew_the_time_above(
    now_and_then: Estimate | None,
) -> None:
    """Every fifth frame from 10 s on reads otherwise."""

    def flickers(t_s: float) -> Estimate | None:
        return BELOW if t_s < 10.0 else now_and_then if round(10 * t_s) % 5 == 0 else OVER

    after_s, why = _released_after_s(flickers)
    assert why == "envelope.ceiling_held"
    assert after_s == pytest.approx(15.2, abs=0.21)


@pytest.mark.parametrize(
    ("below_s", "between", "released_s", "why"),
    [
        (0.6, BELOW, 15.1, "envelope.ceiling_held"),
        (1.3, BELOW, 19.4, "envelope.ceiling_held"),
        (1.3, UNSURE, 15.1, "envelope.ceiling_held"),
        (1.3, None, 15.1, "envelope.ceiling_held"),
    ],
)
def test_only_a_lapse_known_to_be_below_ends_the_time_above_the_ceiling(
    below_s: float, between: Estimate | None, released_s: float, why: str
) -> None:
    """Above from 10 s to 13 s, and again after `below_s`."""

    def back_and_forth(t_s: float) -> Estimate | None:
        if t_s < 10.0:
            return BELOW
        return between if 13.0 <= t_s < 13.0 + below_s else OVER

    assert _released_after_s(back_and_forth) == (pytest.approx(released_s, abs=0.21), why)


def test_a_lapse_below_is_not_made_of_two_halves() -> None:
    """0.7 s below, one frame not known, 0.7 s below: no second of it is known to be below."""

    def halves(t_s: float) -> Estimate | None:
        if t_s < 10.0:
            return BELOW
        return (UNSURE if t_s == 13.7 else BELOW) if 13.0 <= t_s < 14.5 else OVER

    assert _released_after_s(halves)[0] == pytest.approx(15.1, abs=0.21)


@pytest.mark.parametrize(
    ("other", "why"),
    [(Estimate(0.7, 0.25), "hold.complete"), (Estimate(1.1, 0.25), "envelope.ceiling_held")],
)
def test_the_lapse_below_asks_about_the_targets_that_were_above(other: Estimate, why: str) -> None:
    """The psoas eases back as asked; the iliacus is unsure, and was never or was above as well."""

    def eases(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.repetition == 1 and m.side is Side.LEFT:
            above = 10.0 <= m.phase_s < 13.0
            m.position = OVER if above else BELOW
            m.by_target[MuscleGroup.ILIACUS, m.side] = other if above else Estimate(0.7, 0.25)

    assert leaving(lunge(change=eases).run(60.0), Phase.HOLD).reasons[0].id == why


def test_a_target_that_was_above_first_is_asked_about_last() -> None:
    """Above until 11.5 s the iliacus, until 13 s the psoas; then the iliacus is unsure."""

    def one_after_the_other(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.repetition == 1 and m.side is Side.LEFT:
            m.position = OVER if 11.5 <= m.phase_s < 13.0 else BELOW
            above = 10.0 <= m.phase_s < 11.5
            m.by_target[MuscleGroup.ILIACUS, m.side] = OVER if above else Estimate(0.7, 0.25)

    release = leaving(lunge(change=one_after_the_other).run(60.0), Phase.HOLD)
    assert release.reasons[0].id == "envelope.ceiling_held"


def test_nobody_is_asked_deeper_beside_a_target_that_is_not_known() -> None:
    """The psoas is known to be below its window; the iliacus may be anywhere."""

    def shallow(m: Moment) -> None:
        if m.phase is Phase.HOLD:
            m.position = Estimate(0.4, 0.03)
            m.by_target[MuscleGroup.ILIACUS, m.side] = Estimate(0.4, 0.25)

    person = lunge(change=shallow).run(40.0)
    assert "deeper" not in [d.cue_id for d in person.of(DecisionKind.CUE)]


def test_frames_too_far_apart_do_not_make_a_lapse_below() -> None:
    """One frame a second: what happened between two of them is not known."""

    def below_at_some_instants(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.repetition == 1:
            m.position = OVER if 10.0 <= m.phase_s < 13.0 else BELOW

    person = lunge(change=below_at_some_instants, rate_hz=1.0).run(60.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == "envelope.ceiling_held"


def test_who_eases_off_as_asked_is_not_released() -> None:
    def eases(t_s: float) -> Estimate | None:
        return OVER if 10.0 <= t_s < 14.8 else BELOW

    after_s, why = _released_after_s(eases)
    assert why == "hold.complete"
    assert after_s > 30.0


def test_the_time_above_the_ceiling_goes_on_from_easing_in_to_the_hold() -> None:
    """Above the window for 4 s of easing in, then within it, but too unsure to be below 0.90."""

    def far(m: Moment) -> None:
        if m.phase is Phase.EASE_IN:
            m.position = Estimate(0.95, 0.02) if m.phase_s < 4.0 else Estimate(0.8, 0.1)
        elif m.phase is Phase.HOLD:
            m.position = Estimate(0.8, 0.1)

    person = lunge(change=far).run(30.0)
    hold, release = first(person, Phase.HOLD), leaving(person, Phase.HOLD)
    assert hold.t_s - first(person, Phase.EASE_IN).t_s == pytest.approx(4.0, abs=0.21)
    assert release.reasons[0].id == "envelope.ceiling_held"
    assert release.t_s - hold.t_s == pytest.approx(1.2, abs=0.21)


def test_a_stretch_led_by_ear_is_eased_and_released_where_it_is_clearly_too_far() -> None:
    """The position is never sure enough for a window (sd 0.25), and then clearly above 0.90."""

    def sinks(t_s: float) -> Estimate | None:
        return Estimate(1.1 if t_s >= 10.0 else 0.3, 0.25)

    person = lunge(change=_place(sinks), position_sd=0.25, depth=0.3).run(60.0)
    assert all(o.guidance.gauge is None and o.guidance.in_window is None for o in person.outputs)
    ease, release = person.of(DecisionKind.EASE), leaving(person, Phase.HOLD)
    begun_s = first(person, Phase.HOLD).t_s
    assert [d.reasons[0].id for d in ease[:1]] == ["envelope.ceiling"]
    assert ease[0].t_s - begun_s == pytest.approx(10.0, abs=0.21)
    assert release.reasons[0].id == "envelope.ceiling_held"
    assert release.t_s - begun_s == pytest.approx(15.1, abs=0.21)
    assert person.holds()[Side.LEFT, 1] == (0.0, pytest.approx(10.0, abs=0.21))

    def falls(t_s: float) -> Estimate | None:
        return Estimate(1.4 if t_s >= 10.0 else 0.3, 0.25)

    fell = lunge(change=_place(falls), position_sd=0.25, depth=0.3).run(60.0)
    assert leaving(fell, Phase.HOLD).reasons[0].id == "envelope.tolerance"
    assert leaving(fell, Phase.HOLD).t_s - begun_s == pytest.approx(10.0, abs=0.21)


@pytest.mark.parametrize("position", [Estimate(0.95, 0.02), Estimate(1.1, 0.25)])
def test_a_stretch_above_its_ceiling_at_rest_is_not_begun(position: Estimate) -> None:
    def already_far(m: Moment) -> None:
        if m.phase is Phase.GET_READY and m.t_s < 12.0:
            m.position = position

    person = lunge(change=already_far).run(17.0)
    assert first(person, Phase.EASE_IN).t_s == pytest.approx(15.0, abs=0.11), "and counted in"
    waiting = [o.guidance for o in person.outputs if 4.0 < o.guidance.t_s < 11.9]
    assert {g.waiting_for for g in waiting} == {("envelope.ceiling",)}


def test_the_words_that_lead_into_a_stretch_are_not_said_above_its_ceiling() -> None:
    def far(m: Moment) -> None:
        if m.phase is Phase.EASE_IN:
            m.position = OVER

    spoken = [(d.cue_id, d.phase) for d in lunge(change=far).run(12.0).of(DecisionKind.CUE)]
    assert ("ease", Phase.EASE_IN) in spoken
    assert ("ease_in", Phase.EASE_IN) not in spoken


def test_beyond_tolerance_is_released_at_once() -> None:
    def sink(m: Moment) -> None:
        m.position = Estimate(1.05, 0.02)

    person = lunge(change=during(10.0, 60.0, sink)).run(60.0)
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "envelope.tolerance"
    assert release.t_s - first(person, Phase.HOLD).t_s == pytest.approx(10.0, abs=0.21)


def test_nobody_is_led_deeper_for_one_target_where_another_has_no_room() -> None:
    """The surest stands at the lower edge of its window, the other a little below its ceiling."""
    psoas, iliacus = MuscleGroup.PSOAS, MuscleGroup.ILIACUS

    def both(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            m.by_target = {
                (psoas, m.side): Estimate(0.605 * m.share, 0.015),
                (iliacus, m.side): Estimate(0.845 * m.share, 0.03),
            }

    person = Follower(exercise(LUNGE), sides=(Side.LEFT,), change=both).run(40.0)
    assert Phase.HOLD in person.phases()
    assert "deeper" not in {d.cue_id for d in person.decisions}
