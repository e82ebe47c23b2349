"""Fading, retention checks and what they say: laws, then cases worked by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import CUE_SHARES, ConstraintKept, Practice
from lengthwise.plan.learning import (
    CheckKind,
    CheckResult,
    Doubt,
    Learning,
    Outcome,
    Practised,
    Why,
    learning,
    outcome,
    outcome_of,
)

TILT, LEAN = Coordinate.PELVIS_TILT, Coordinate.TRUNK_SIDE_LEAN
SECONDS = st.floats(0.0, 300.0)
SHARES = st.sampled_from(CUE_SHARES)
CONSTRAINTS = st.builds(
    ConstraintKept,
    st.just(Side.LEFT),
    st.sampled_from([TILT, LEAN]),
    st.booleans(),
    SECONDS,
    SECONDS,
    SECONDS,
    st.integers(0, 9),
    st.integers(0, 9),
)
PRACTICES = st.builds(Practice, SHARES, st.lists(CONSTRAINTS, max_size=3).map(tuple), st.booleans())
HISTORIES = st.lists(st.builds(Practised, st.integers(0, 80), PRACTICES), max_size=12)

KEPT = ConstraintKept(Side.LEFT, TILT, True, kept_s=58.0, beyond_s=2.0)
LEFT = ConstraintKept(Side.LEFT, TILT, True, kept_s=30.0, beyond_s=30.0, said=4)
BETWEEN = ConstraintKept(Side.LEFT, TILT, True, kept_s=51.0, beyond_s=9.0)
UNSEEN = ConstraintKept(Side.LEFT, TILT, True, unsure_s=60.0)
HARDLY = ConstraintKept(Side.LEFT, LEAN, False, kept_s=6.0, unsure_s=54.0)


def on(day: int, share: float, *found: ConstraintKept, check: bool = False) -> Practised:
    return Practised(day, Practice(share, found, check))


def faded(*, from_day: int = 0) -> list[Practised]:
    """Two days with all cues, two with half of them, all kept."""
    return [on(from_day + k, share, KEPT) for k, share in enumerate((1.0, 1.0, 0.5, 0.5))]


def at(history: list[Practised], today: int | None = None) -> Learning:
    return learning(history, max((s.day for s in history), default=0) if today is None else today)


@given(history=HISTORIES, today=st.integers(0, 90))
def test_the_share_is_one_of_the_three_and_all_before_anything_is_known(
    history: list[Practised], today: int
) -> None:
    assert learning(history, today).cue_share in CUE_SHARES
    assert learning([], today).cue_share == 1.0


@given(history=HISTORIES, today=st.integers(0, 90), unseen=SECONDS, day=st.integers(0, 80))
def test_a_session_in_which_nothing_was_seen_changes_no_share(
    history: list[Practised], today: int, unseen: float, day: int
) -> None:
    blind = on(day, 0.5, replace(UNSEEN, unsure_s=unseen))
    without, with_it = learning(history, today), learning([*history, blind], today)
    assert (with_it.cue_share, with_it.why, with_it.kept_days) == (
        without.cue_share, without.why, without.kept_days,
    )  # fmt: skip


@given(history=HISTORIES, practice=PRACTICES)
def test_one_more_session_moves_the_share_by_one_step_and_never_the_wrong_way(
    history: list[Practised], practice: Practice
) -> None:
    before = learning(history, 81).cue_share
    after = learning([*history, Practised(81, practice)], 81).cue_share
    found = outcome(practice)
    if after < before:
        assert found is Outcome.KEPT and practice.cue_share <= before
        assert CUE_SHARES.index(after) == CUE_SHARES.index(before) + 1
    elif after > before:
        assert found is Outcome.ERRORS


@given(history=HISTORIES, today=st.integers(0, 90))
def test_what_is_later_than_today_does_not_count(history: list[Practised], today: int) -> None:
    assert learning(history, today) == learning([s for s in history if s.day <= today], today)


@given(constraint=CONSTRAINTS, more_s=SECONDS)
def test_seeing_less_and_leaving_longer_never_makes_it_kept(
    constraint: ConstraintKept, more_s: float
) -> None:
    if outcome_of(constraint) is not Outcome.KEPT:
        assert outcome_of(replace(constraint, unsure_s=constraint.unsure_s + more_s)) is not (
            Outcome.KEPT
        )
        shorter_s = max(constraint.kept_s - more_s, 0.0)
        moved_s = constraint.kept_s - shorter_s
        worse = replace(constraint, kept_s=shorter_s, beyond_s=constraint.beyond_s + moved_s)
        assert outcome_of(worse) is not Outcome.KEPT


@given(history=HISTORIES, today=st.integers(0, 90))
def test_learnt_is_told_only_of_what_was_seen_kept_without_cues_and_late_enough(
    history: list[Practised], today: int
) -> None:
    found = learning(history, today)
    checks = sorted(
        (s for s in history if s.practice.check and s.day <= today), key=lambda s: s.day
    )
    assert len(found.checks) == len(checks)
    for made, told in zip(checks, found.checks, strict=True):
        constraints = made.practice.constraints
        if told.result is CheckResult.LEARNT:
            assert {outcome_of(c) for c in constraints} == {Outcome.KEPT}
            assert told.after_days is not None and told.after_days >= 6
        for side, coordinate in told.learnt:
            same = [c for c in constraints if (c.side, c.coordinate) == (side, coordinate)]
            assert any(c.kept_s > 0.0 for c in same)
        every = {(c.side, c.coordinate) for c in constraints}
        assert set(told.learnt) | set(told.not_yet) | set(told.not_told) == every


@given(history=HISTORIES, today=st.integers(0, 90))
def test_a_check_is_due_only_without_cues_and_after_the_last_day_with_them(
    history: list[Practised], today: int
) -> None:
    found = learning(history, today)
    if found.due is not None:
        assert found.cue_share == 0.0 and found.cued_day is not None
        assert found.cued_day < found.due.from_day <= found.due.day <= found.due.until_day
        assert today <= found.due.until_day


def test_two_kept_days_take_a_step_and_two_sessions_of_one_day_are_one() -> None:
    shares = [at(faded()[:k]).cue_share for k in range(5)]
    assert shares == [1.0, 1.0, 0.5, 0.5, 0.0]
    same_day = [on(3, 1.0, KEPT), on(3, 1.0, KEPT), on(3, 1.0, KEPT)]
    assert (at(same_day).cue_share, at(same_day).kept_days) == (1.0, 1)


def test_errors_bring_cues_back_by_a_step_and_the_gap_between_changes_nothing() -> None:
    history = [*faded(), on(5, 0.0, BETWEEN)]
    assert (at(history).cue_share, at(history).why) == (0.0, Why.STAYS)
    history.append(on(6, 0.0, LEFT))
    assert (at(history).cue_share, at(history).why) == (0.5, Why.ERRORS)
    history.append(on(7, 0.5, LEFT))
    assert at(history).cue_share == 1.0


def test_a_session_with_more_help_than_was_asked_for_earns_no_step() -> None:
    history = [*faded()[:2], on(3, 1.0, KEPT), on(4, 1.0, KEPT), on(5, 1.0, KEPT)]
    assert at(history).cue_share == 0.5


def test_what_is_required_and_not_seen_holds_the_step_and_what_is_not_required_does_not() -> None:
    required = replace(HARDLY, required=True)
    assert [outcome(Practice(1.0, (KEPT, c))) for c in (HARDLY, required)] == [
        Outcome.KEPT, Outcome.NOT_SEEN,
    ]  # fmt: skip
    assert outcome(Practice(1.0, ())) is Outcome.NOT_SEEN


def test_the_side_that_needs_most_cues_decides_and_one_never_done_has_them_all() -> None:
    right = replace(LEFT, side=Side.RIGHT)
    assert at([on(k, 1.0, KEPT, right) for k in range(4)]).cue_share == 1.0
    assert at(faded()).cue_share == 0.0
    both = learning(faded(), 4, (Side.LEFT, Side.RIGHT))
    assert (both.cue_share, both.why, both.due) == (1.0, Why.FIRST, None)
    assert learning(faded(), 4, (Side.LEFT,)).cue_share == 0.0


@given(history=HISTORIES, other=HISTORIES, today=st.integers(0, 90))
def test_two_sides_together_have_the_cues_of_the_one_that_needs_more(
    history: list[Practised], other: list[Practised], today: int
) -> None:
    def mirrored(s: Practised) -> Practised:
        kept = tuple(replace(c, side=Side.RIGHT) for c in s.practice.constraints)
        return replace(s, practice=replace(s.practice, constraints=kept))

    rights = [mirrored(s) for s in other]
    shares = [learning(h, today).cue_share for h in (history, rights)]
    both = learning([*history, *rights], today, tuple(Side)).cue_share
    assert both == max(shares)


def test_many_short_lapses_are_not_kept() -> None:
    assert outcome_of(replace(KEPT, said=1, faded=1)) is Outcome.KEPT
    assert outcome_of(replace(KEPT, said=2, faded=1)) is Outcome.BETWEEN


@pytest.mark.parametrize(
    ("today", "kind", "until"),
    [(3, CheckKind.WEEK, 16), (16, CheckKind.WEEK, 16), (17, CheckKind.MONTH, 45), (46, None, 0)],
)
def test_checks_are_due_a_week_and_four_weeks_after_the_last_cues(
    today: int, kind: CheckKind | None, until: int
) -> None:
    """The last session with cues is on day 3."""
    due = at(faded(), today).due
    assert (None if due is None else due.kind) == kind
    assert due is None or due.until_day == until


def test_a_kept_check_is_learnt_and_the_next_one_follows() -> None:
    history = [*faded(), on(6, 0.0, KEPT), on(10, 0.0, KEPT, check=True)]
    (made,) = at(history).checks
    assert (made.kind, made.after_days, made.uncued) == (CheckKind.WEEK, 7, 1)
    assert made.result is CheckResult.LEARNT and made.learnt == ((Side.LEFT, TILT),)
    due = at(history).due
    assert due is not None and (due.kind, due.day) == (CheckKind.MONTH, 31)
    history.append(on(33, 0.0, KEPT, check=True))
    assert [c.result for c in at(history).checks] == [CheckResult.LEARNT] * 2
    assert at(history).due is None


def test_a_check_with_errors_is_not_yet_and_brings_cues_back() -> None:
    found = at([*faded(), on(10, 0.0, LEFT, check=True)])
    assert found.checks[0].result is CheckResult.NOT_YET
    assert found.checks[0].not_yet == ((Side.LEFT, TILT),)
    assert (found.cue_share, found.due) == (0.5, None)


def test_a_check_that_saw_too_little_cannot_tell_and_may_be_made_again() -> None:
    found = at([*faded(), on(10, 0.0, KEPT, HARDLY, check=True)], 11)
    (made,) = found.checks
    assert (made.result, made.doubt) == (CheckResult.CANNOT_TELL, Doubt.NOT_SEEN)
    assert (made.learnt, made.not_told) == (((Side.LEFT, TILT),), ((Side.LEFT, LEAN),))
    assert found.due is not None and found.due.kind is CheckKind.WEEK


def test_a_check_the_day_after_tells_nothing_of_keeping_it() -> None:
    found = at([*faded(), on(4, 0.0, KEPT, check=True)]).checks[0]
    assert (found.result, found.doubt, found.learnt) == (
        CheckResult.CANNOT_TELL, Doubt.TOO_EARLY, (),
    )  # fmt: skip
    alone = at([on(4, 0.0, KEPT, check=True)]).checks[0]
    assert alone.doubt is Doubt.CUES_NOT_KNOWN


def test_a_late_check_is_told_with_its_days() -> None:
    found = at([*faded(), on(63, 0.0, KEPT, check=True)]).checks[0]
    assert (found.kind, found.after_days, found.result) == (None, 60, CheckResult.LEARNT)


@given(gaps=st.lists(st.integers(1, 10), min_size=1, max_size=30))
def test_who_always_keeps_it_gets_fewer_cues_and_never_more(gaps: list[int]) -> None:
    history: list[Practised] = []
    shares = [1.0]
    for gap in gaps:
        day = (history[-1].day if history else 0) + gap
        history.append(on(day, shares[-1], KEPT))
        shares.append(at(history).cue_share)
    assert all(later <= earlier for earlier, later in pairwise(shares))
    assert shares[-1] == (1.0 if len(gaps) < 2 else 0.5 if len(gaps) < 4 else 0.0)
