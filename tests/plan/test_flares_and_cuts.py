"""What takes load away, how much less that leaves, and how it comes back."""

import pytest
from days_told import after, good

from lengthwise.contracts.progress import DayTold, Missed, Move, SessionTold, Standing
from lengthwise.plan.progression import step


def test_reds_in_a_row_leave_a_volume_that_a_week_can_have() -> None:
    red = SessionTold(before=3.0, during=5.5)
    days = [DayTold(d, pain=3.0, session=red) for d in range(1, 60)]
    now, _ = after(Standing(5), days)
    assert now.volume == 0.1 and now.level == 0


def test_two_ambers_or_a_red_bring_one_level_and_a_third_less() -> None:
    one, _ = after(Standing(3), [good(1, during=4.0), good(2)])
    assert (one.level, one.ambers) == (3, 1)
    two, decided = after(one, [good(3, during=4.5), good(4)])
    assert (two.level, two.volume) == (2, 0.7) and decided[-1].reason == "ambers"
    red, _ = after(Standing(3), [good(1, during=6.0), good(2)])
    assert (red.level, red.volume) == (2, 0.7)


def test_what_was_taken_away_comes_back_before_anything_is_added() -> None:
    now, decided = after(Standing(2, volume=0.7), [good(d) for d in range(1, 7)])
    assert (now.level, now.volume) == (2, 1.0)
    assert [(d.day, d.reason) for d in decided if d.move is Move.UP] == [(4, "greens_volume")]
    now, decided = after(now, [good(7)])
    assert (now.level, now.volume) == (3, 1.0) and decided[-1].reason == "greens"


def test_what_two_cuts_leave_is_no_reason_for_a_step_of_its_own() -> None:
    now, decided = after(Standing(2, volume=0.49), [good(d) for d in range(1, 8)])
    assert (now.level, now.volume) == (3, 0.98)
    assert [d.reason for d in decided if d.move is Move.UP] == ["greens_volume", "greens"]


def test_a_tenth_of_the_volume_does_not_become_all_of_it_in_one_step() -> None:
    now, ups = Standing(0, volume=0.1), []
    for day in range(1, 40):
        then, decided = step(now, good(day))
        if decided.move is Move.UP:
            ups.append((then.level, pytest.approx(then.volume)))
        now = then
    assert ups[:5] == [(0, 0.2), (0, 0.4), (0, 0.8), (0, 1.0), (1, 1.0)]


@pytest.mark.parametrize("cut", [0.3, 0.4, 0.5])
def test_a_larger_cut_of_a_flare_is_not_given_back_in_larger_steps(
    cut: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lengthwise.plan.progression._FLARE_VOLUME", cut)
    flared, _ = step(Standing(4), DayTold(1, flare=True))
    assert flared.volume == cut
    now, decided = after(flared, [good(d) for d in range(2, 6)])
    assert now.volume == pytest.approx(2.0 * cut) and now.level == flared.level
    assert decided[-1].move is Move.UP


def test_a_flare_is_three_easy_days_two_levels_and_half_the_volume() -> None:
    now, _ = after(Standing(4), [good(d) for d in range(1, 5)])
    flared, decided = step(now, DayTold(5, pain=4.0, activity_lost=True))
    assert decided.move is Move.EASY_DAYS and decided.rule_ids == ("F",)
    assert (flared.level, flared.volume, flared.end_range_from_day) == (2, 0.5, 8)
    for told in (
        DayTold(5, pain=4.0, activity_lost=False),
        DayTold(5, pain=4.0),
        DayTold(5, pain=3.5, activity_lost=True),
    ):
        assert step(now, told)[1].move is not Move.EASY_DAYS


def test_a_flare_that_goes_on_is_one_flare() -> None:
    quiet, _ = after(Standing(5), [good(d) for d in range(1, 5)])
    bad = [DayTold(d, pain=5.0, activity_lost=True) for d in range(5, 9)]
    now, decided = after(quiet, bad)
    assert (now.level, now.volume) == (3, 0.5)
    assert [d.reason for d in decided] == ["flare", "nothing_new", "nothing_new", "flare_on"]
    assert decided[-1].move is Move.EASY_DAYS and now.end_range_from_day == 11
    told, said = step(now, DayTold(11, pain=5.0, flare=True))
    assert (told.level, said.reason) == (now.level - 1, "missed")  # six days without a session
    over, _ = step(now, DayTold(9, pain=2.0, activity_lost=True))
    again, decided_again = step(over, DayTold(12, pain=7.0, activity_lost=True))
    assert decided_again.reason == "flare" and again.level == max(over.level - 2, 0)
    assert again.volume == 0.25


def test_three_greens_settle_an_amber() -> None:
    """Two ambers weeks apart, with good sessions between, are not two in a row of bad ones."""
    sore = SessionTold(before=4.0, during=6.0)
    one, _ = after(Standing(5), [DayTold(1, pain=4.0, session=sore), good(2)])
    assert one.ambers == 1
    settled, _ = after(one, [good(d) for d in (3, 4, 5)])
    assert settled.ambers == 0
    not_yet, _ = after(one, [good(d) for d in (3, 4)])
    assert not_yet.ambers == 1


def test_missed_days_lower_once_and_then_ask_for_a_test() -> None:
    now, _ = after(Standing(3), [good(1)])
    for day in (2, 3, 4, 5):
        now, decided = step(now, DayTold(day, pain=2.0))
        assert now.level == 3
    now, decided = step(now, DayTold(6, pain=2.0))
    assert (now.level, decided.move, decided.rule_ids) == (2, Move.DOWN, ("M",))
    now, decided = step(now, DayTold(7, pain=2.0))
    assert (now.level, decided.move) == (2, Move.STAY)
    now, decided = step(now, DayTold(17, pain=2.0))
    assert (now.level, now.missed, decided.move) == (2, Missed.RETEST, Move.RETEST)
    assert step(now, good(18))[0].missed is Missed.NOTHING


def test_two_stops_in_a_week_ask_for_a_clinician_on_that_day() -> None:
    stopped = SessionTold(before=2.0, during=2.0, stops=("leg_symptom",))
    now, decided = step(Standing(3), DayTold(1, pain=2.0, session=stopped))
    assert not now.held and decided.move is Move.STAY
    late, _ = step(now, DayTold(9, pain=2.0, session=stopped))
    assert not late.held
    now, decided = step(now, DayTold(7, pain=2.0, session=stopped))
    assert now.held and decided.move is Move.CLINICIAN and decided.reason == "stops"
    again, decided = step(now, DayTold(8, cleared=True))
    assert not again.held and decided.move is Move.GO_ON
    assert (again.level, again.volume) == (1, pytest.approx(0.49))


def test_pain_that_rises_by_three_within_a_session_is_a_stop() -> None:
    risen = SessionTold(before=0.0, during=3.0)
    now, _ = step(Standing(3), DayTold(1, pain=0.0, session=risen))
    assert now.stop_days == (1,)
    now, decided = step(now, DayTold(2, pain=0.0, session=risen))
    assert now.held and decided.reason == "stops"


def test_an_amber_begins_the_row_of_greens_anew() -> None:
    days = [good(1), good(2), good(3, during=4.0), *(good(d) for d in (4, 5, 6))]
    now, _ = after(Standing(2), days)
    assert (now.level, now.green_days) == (2, (4, 5))
    now, decided = after(now, [DayTold(7, pain=2.0)])
    assert now.level == 3 and decided[-1].reason == "greens"


def test_a_flare_told_at_the_pain_of_every_day_does_not_swallow_the_next_one() -> None:
    """Told by a word at a pain that is as usual, it is over with the next usual day."""
    quiet, _ = after(Standing(5), [good(d) for d in range(1, 8)])
    usual = quiet.pains[-1][1]
    now, said = step(quiet, DayTold(8, pain=usual, flare=True))
    assert said.reason == "flare_told"
    now, _ = after(now, [good(d) for d in range(9, 22)])
    level = now.level
    again, said = step(now, DayTold(22, pain=usual + 5.0, activity_lost=True))
    assert said.reason == "flare" and again.level == level - 2


@pytest.mark.parametrize("flare", [False, True])
def test_pain_that_stayed_higher_since_a_flare_does_not_swallow_the_next_one(flare: bool) -> None:
    quiet, _ = after(Standing(5), [good(d) for d in range(1, 8)])
    more = quiet.pains[-1][1] + 2.0
    now, said = step(quiet, DayTold(8, pain=more, activity_lost=True))
    assert said.reason == "flare"
    steady = [DayTold(d, pain=more, session=SessionTold(more, more)) for d in range(9, 24)]
    now, _ = after(now, steady)
    level = now.level
    assert level >= 2
    again, said = step(now, DayTold(24, pain=more + 4.0, activity_lost=True, flare=flare))
    assert said.reason == ("flare_told" if flare else "flare") and again.level == level - 2


def test_a_flare_of_a_week_that_nothing_is_known_of_is_a_new_one() -> None:
    quiet, _ = after(Standing(5), [good(d) for d in range(1, 8)])
    now, _ = step(quiet, DayTold(8, pain=6.0, activity_lost=True))
    silent = [DayTold(d, session=SessionTold(None, None)) for d in range(9, 24)]
    now, _ = after(now, silent)
    again, said = step(now, DayTold(24, flare=True))
    assert said.reason == "flare_told" and again.level == max(now.level - 2, 0)
