"""Teaching opens exercise by exercise: laws over made-up histories, then cases worked by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import CUE_SHARES, ConstraintKept, Practice
from lengthwise.contracts.repositioning import PositionErrors, Repositioning
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.teaching import (
    OPENINGS,
    BreathKept,
    FirstPull,
    FlarePlan,
    Opened,
    Opening,
    SessionSeen,
    TeachTold,
    Track,
    VisitMade,
)
from lengthwise.live.week import EXAMPLE
from lengthwise.plan.eligible import eligible
from lengthwise.plan.teaching import teaching
from lengthwise.reference.curriculum import Curriculum, curriculum
from lengthwise.reference.exercises import exercises
from lengthwise.reference.words import alarming_words

BEGAN = date(2026, 1, 1)
STRETCH, HOLD, BREATH = "half_kneeling_hip_flexor", "bird_dog", "seated_breathing"
TILT = Coordinate.PELVIS_TILT
WHOLE = FlarePlan("warmth", "sitting", "after three days")
LESSONS = tuple(lesson.id for lesson in curriculum().lesson)
SECONDS = st.sampled_from([0.0, 3.0, 15.0, 60.0, 120.0])


def errors(miss_rad: float, sd_rad: float) -> Repositioning:
    miss, size = Estimate(miss_rad, sd_rad), Estimate(abs(miss_rad), sd_rad)
    found = PositionErrors(5, miss, size, Estimate(0.02, 0.02), 0.02, 0.1)
    return Repositioning(TILT, None, Estimate(0.3, 0.02), 5, found)


CONSTRAINTS = st.builds(
    ConstraintKept, st.sampled_from(Side), st.just(TILT), st.booleans(),
    SECONDS, SECONDS, SECONDS, st.integers(0, 6), st.integers(0, 3),
)  # fmt: skip
ALL_OF = st.lists(CONSTRAINTS, max_size=2).map(tuple)
PRACTICES = st.builds(Practice, st.sampled_from(CUE_SHARES), ALL_OF, st.booleans())
PULLS = st.builds(
    FirstPull, st.just("psoas_l"), st.sampled_from([0.25, 0.255, 0.29]), st.just(0.003)
)
SESSIONS = st.builds(
    SessionSeen,
    st.integers(0, 60).map(lambda n: BEGAN + timedelta(days=n)),
    st.sampled_from([STRETCH, HOLD, BREATH]),
    practice=st.none() | PRACTICES,
    duration_s=st.none() | SECONDS,
    effective_s=st.none() | SECONDS,
    uncertain_s=st.none() | SECONDS,
    first_pulls=st.lists(PULLS, max_size=1).map(tuple),
    breath=st.none() | st.builds(BreathKept, SECONDS, st.integers(0, 1)),
    repositioning=st.none() | st.just(errors(0.05, 0.01)),
)
VISITS = st.builds(
    VisitMade,
    st.integers(0, 60).map(lambda n: BEGAN + timedelta(days=n)),
    st.just("R. Keller"),
    taught=st.lists(st.sampled_from(LESSONS), max_size=3).map(tuple),
    seen=st.lists(st.sampled_from(LESSONS), max_size=1).map(tuple),
)
TOLD = st.builds(
    TeachTold,
    st.integers(30, 90).map(lambda n: BEGAN + timedelta(days=n)),
    st.sampled_from(Track),
    st.just(EXAMPLE),
    st.lists(SESSIONS, max_size=12).map(tuple),
    st.lists(VISITS, max_size=4).map(tuple),
    st.sampled_from([FlarePlan(), WHOLE]),
    st.just((STRETCH, HOLD, BREATH)),
)


def opened(told: TeachTold, of: Curriculum | None = None) -> dict[str, Opened]:
    found = teaching(told, dict(exercises()), of or curriculum())
    return {o.exercise_id: o for o in found.opened}


def rank(o: Opened) -> int:
    return OPENINGS.index(o.action)


def _left_more(practice: Practice | None) -> Practice | None:
    """All that was kept was left instead, and a correction more was due."""
    if practice is None:
        return None
    worse = (
        replace(c, kept_s=0.0, beyond_s=c.beyond_s + c.kept_s, said=c.said + 1)
        for c in practice.constraints
    )
    return replace(practice, constraints=tuple(worse))


WORSENED = {
    "left": lambda s: replace(s, practice=_left_more(s.practice)),
    "corrected": lambda s: replace(
        s,
        practice=None
        if s.practice is None
        else replace(
            s.practice,
            constraints=tuple(replace(c, faded=c.faded + 5) for c in s.practice.constraints),
        ),
    ),
    "more cues": lambda s: replace(
        s, practice=None if s.practice is None else replace(s.practice, cue_share=1.0, check=False)
    ),
    "not effective": lambda s: replace(s, effective_s=0.0, uncertain_s=0.0),
    "short": lambda s: replace(s, duration_s=0.0),
    "breath held": lambda s: replace(
        s, breath=None if s.breath is None else replace(s.breath, eased=s.breath.eased + 1)
    ),
    "off its place": lambda s: replace(
        s, repositioning=None if s.repositioning is None else errors(0.5, 0.01)
    ),
}
UNSEEN = {
    "nothing seen": lambda s: SessionSeen(s.on, s.exercise_id),
    "no practice": lambda s: replace(s, practice=None),
    "no marks": lambda s: replace(s, first_pulls=()),
}


@settings(max_examples=150)
@given(TOLD, st.integers(0, 11), st.sampled_from(sorted(WORSENED)))
def test_a_worse_measurement_never_unlocks_more(told: TeachTold, place: int, how: str) -> None:
    if place >= len(told.sessions):
        return
    # A mark elsewhere would be the place that later ones are held against, so marks stay.
    sessions = list(told.sessions)
    sessions[place] = WORSENED[how](sessions[place])
    better, worse = opened(told), opened(replace(told, sessions=tuple(sessions)))
    assert all(rank(worse[i]) <= rank(better[i]) for i in better)


@settings(max_examples=100)
@given(TOLD)
def test_unlocking_never_opens_what_may_not_be_given(told: TeachTold) -> None:
    for asked in (EXAMPLE, replace(EXAMPLE, kneel=None), replace(EXAMPLE, level=0), None):
        found = opened(replace(told, asked=asked))
        allowed = set() if asked is None else {e.id for e in eligible(asked, exercises().values())}
        for i, o in found.items():
            assert (o.action is Opening.CLOSED) is (i not in allowed)
            assert bool(o.bars) is (i not in allowed)


@settings(max_examples=100)
@given(TOLD)
def test_what_was_never_seen_never_counts_as_learnt(told: TeachTold) -> None:
    blind = tuple(SessionSeen(s.on, s.exercise_id) for s in told.sessions)
    found = opened(replace(told, sessions=blind, track=Track.SELF_TAUGHT))
    assert found[STRETCH].action is Opening.LED and found[HOLD].action is Opening.LED
    assert not any(c.open for o in found.values() for le in o.lessons for c in le.criteria
                   if c.id != "flare_plan.written")  # fmt: skip


@settings(max_examples=100)
@given(TOLD, SESSIONS)
def test_a_session_in_which_nothing_was_seen_moves_nothing(
    told: TeachTold, more: SessionSeen
) -> None:
    silent = SessionSeen(more.on, more.exercise_id)
    assert opened(told) == opened(replace(told, sessions=(*told.sessions, silent)))


@settings(max_examples=100)
@given(TOLD)
def test_what_is_later_than_today_and_the_order_of_telling_do_not_count(told: TeachTold) -> None:
    past = tuple(s for s in told.sessions if s.on <= told.today)
    assert opened(told) == opened(replace(told, sessions=past))
    by_day = sorted(told.sessions, key=lambda s: s.on, reverse=True)
    days = [s.on for s in told.sessions]
    if len(set(days)) == len(days):
        assert opened(told) == opened(replace(told, sessions=tuple(by_day)))


@settings(max_examples=60)
@given(TOLD, VISITS)
def test_one_visit_more_never_closes_anything(told: TeachTold, visit: VisitMade) -> None:
    before, after = opened(told), opened(replace(told, visits=(*told.visits, visit)))
    assert all(rank(after[i]) >= rank(before[i]) for i in before)


@settings(max_examples=60)
@given(TOLD)
def test_learning_alone_opens_by_the_same_criteria_and_asks_for_no_visit(told: TeachTold) -> None:
    taught = VisitMade(BEGAN, "R. Keller", taught=LESSONS)
    alone = opened(replace(told, track=Track.SELF_TAUGHT, visits=()))
    with_all = opened(replace(told, track=Track.CLINICIAN, visits=(taught,)))
    assert {i: o.action for i, o in alone.items()} == {i: o.action for i, o in with_all.items()}


def seen(day: int, share: float = 1.0, left_s: float = 2.0, done: str = STRETCH,
         pull_m: float | None = 0.26, check: bool = False) -> SessionSeen:  # fmt: skip
    kept = tuple(ConstraintKept(side, TILT, True, 58.0 - left_s, left_s) for side in Side)
    pulls = () if pull_m is None else (FirstPull("psoas_l", pull_m, 0.004),)
    on = BEGAN + timedelta(days=day)
    return SessionSeen(on, done, Practice(share, kept, check), 200.0, first_pulls=pulls)


QUALITIES = st.sampled_from(["good", "good", "good", "left", "unseen"])


@st.composite
def nearly_learnt(draw: st.DrawFn) -> tuple[SessionSeen, ...]:
    """Histories that come to home practice and beyond more often than not."""
    days = sorted(draw(st.sets(st.integers(0, 40), min_size=4, max_size=12)))
    found = []
    for place, day in enumerate(days):
        share = CUE_SHARES[min(place // 3, 2)]
        quality = draw(QUALITIES)
        s = seen(day, share, 30.0 if quality == "left" else 2.0, check=draw(st.booleans()))
        s = replace(s, effective_s=90.0, breath=BreathKept(60.0, 0), repositioning=None)
        found.append(SessionSeen(s.on, s.exercise_id) if quality == "unseen" else s)
    return (*BREATHED, *found)


@settings(max_examples=200)
@given(nearly_learnt(), st.data())
def test_neither_worse_nor_less_seen_unlocks_more_of_what_is_nearly_learnt(
    sessions: tuple[SessionSeen, ...], data: st.DataObject
) -> None:
    told = TeachTold(
        BEGAN + timedelta(days=data.draw(st.integers(5, 60))), Track.SELF_TAUGHT, EXAMPLE, sessions,
        flare_plan=WHOLE, chosen=(STRETCH, HOLD, BREATH),
    )  # fmt: skip
    place = data.draw(st.integers(0, len(sessions) - 1))
    how = data.draw(st.sampled_from(sorted(WORSENED | UNSEEN)))
    good = sessions[place].practice is None or all(
        c.beyond_s < 10.0 for c in sessions[place].practice.constraints
    )
    if how in UNSEEN and not good:
        return  # hiding a bad day is no measurement: it is as if it had not been
    changed = list(sessions)
    changed[place] = (WORSENED | UNSEEN)[how](sessions[place])
    better, worse = opened(told), opened(replace(told, sessions=tuple(changed)))
    assert all(rank(worse[i]) <= rank(better[i]) for i in better)


BREATHED = tuple(
    SessionSeen(BEGAN + timedelta(days=d), BREATH, duration_s=60.0) for d in (0, 2)
)  # fmt: skip


def alone(*sessions: SessionSeen, today: int, **told: object) -> Opened:
    whole = TeachTold(
        BEGAN + timedelta(days=today), Track.SELF_TAUGHT, EXAMPLE, (*BREATHED, *sessions),
        chosen=(STRETCH,), **told,  # type: ignore[arg-type]
    )  # fmt: skip
    return opened(whole)[STRETCH]


def test_a_stretch_goes_home_after_two_kept_days_the_pull_found_again_and_breathing_led() -> None:
    first = alone(seen(0), today=5)
    assert (first.action, first.lesson) == (Opening.LED, "alignment")
    assert alone(seen(0), seen(3), today=5).action is Opening.HOME
    elsewhere = alone(seen(0), seen(3, pull_m=0.30), today=5)
    assert (elsewhere.lesson, elsewhere.lacks) == ("window", ("window.found_again",))
    unmarked = alone(seen(0), seen(3, pull_m=None), today=5)
    assert unmarked.lacks == ("window.found_again",)


def test_one_bad_day_closes_nothing_and_two_ask_for_a_lesson_again() -> None:
    home = (seen(0), seen(3))
    assert alone(*home, seen(5, left_s=30.0), today=6).action is Opening.HOME
    slipped = alone(*home, seen(5, left_s=30.0), seen(7, left_s=30.0), today=8)
    assert (slipped.action, slipped.booster, slipped.reason) == (Opening.LED, True, "booster")
    assert "teaching.booster" in slipped.evidence_ids
    back = alone(*home, *(seen(d, left_s=30.0) for d in (5, 7)), seen(9), seen(10), today=11)
    assert (back.action, back.booster) == (Opening.HOME, False)


def test_four_weeks_unseen_close_it_and_one_more_day_opens_it() -> None:
    home = (seen(0), seen(3))
    assert alone(*home, today=31).action is Opening.HOME
    assert (late := alone(*home, today=32)).action is Opening.LED and late.booster
    assert alone(*home, seen(33), today=33).action is Opening.HOME


def test_alone_takes_half_and_no_cues_a_check_after_a_week_and_the_plan_for_worse_days() -> None:
    days = (seen(0), seen(2), seen(4, 0.5), seen(6, 0.5), seen(8, 0.0), seen(10, 0.0))
    check = seen(14, 0.0, check=True)
    assert alone(*days, check, today=14).lesson == "flare_plan"
    assert alone(*days, check, today=14, flare_plan=WHOLE).action is Opening.ALONE
    assert alone(*days, today=14, flare_plan=WHOLE).lacks == ("independence.retention",)
    left = seen(14, 0.0, left_s=30.0, check=True)
    assert alone(*days, left, today=14, flare_plan=WHOLE).action is Opening.HOME


def test_a_clinician_s_word_opens_what_no_sensor_shows_but_not_what_was_measured_otherwise() -> (
    None
):
    visit = VisitMade(
        BEGAN + timedelta(days=1), "R. Keller", ("window", "breathing"),
        seen=("alignment", "window", "breathing"), exercises=(STRETCH,),
    )  # fmt: skip
    told = TeachTold(
        BEGAN + timedelta(days=2), Track.CLINICIAN, EXAMPLE, visits=(visit,), chosen=(STRETCH, HOLD)
    )  # fmt: skip
    found = opened(told)
    assert (found[STRETCH].action, found[HOLD].action) == (Opening.HOME, Opening.LED)
    assert all(c.attested for c in found[STRETCH].lessons[0].criteria)
    left = replace(told, sessions=(seen(1, left_s=30.0),))
    assert opened(left)[STRETCH].action is Opening.LED
    other = replace(told, track=Track.SELF_TAUGHT)
    assert opened(other)[STRETCH].action is Opening.LED


def test_what_is_not_needed_holds_back_only_where_it_was_surely_missed() -> None:
    home = [seen(0), seen(3)]
    assert alone(*home, today=4).action is Opening.HOME
    held = replace(home[1], breath=BreathKept(40.0, 1))
    found = alone(home[0], held, today=4)
    assert (found.action, found.lacks) == (Opening.LED, ("breathing.breath",))
    unsure = replace(home[1], effective_s=20.0, uncertain_s=80.0)
    assert alone(home[0], unsure, today=4).action is Opening.HOME
    missed = replace(home[1], effective_s=20.0, uncertain_s=5.0)
    assert alone(home[0], missed, today=4).lacks == ("window.effective",)


def test_every_word_of_the_curriculum_is_calm_and_it_takes_four_to_six_visits() -> None:
    assert curriculum().visits == (4, 6)
    for lesson in curriculum().lesson:
        texts = [lesson.name, lesson.aim, *lesson.taught, *lesson.alone]
        texts += [t for c in lesson.criteria for t in (c.sentence, c.to_open)]
        assert [t for t in texts if alarming_words(t)] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lesson": curriculum().lesson[:3]}, "visits are"),
        ({"lesson": curriculum().lesson[:1] * 5}, "named twice"),
        ({"demand": curriculum().demand[:2]}, "each behaviour has one demand"),
    ],
)
def test_a_curriculum_that_does_not_fit_together_is_refused(
    change: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        replace(curriculum(), **change)  # type: ignore[arg-type]
