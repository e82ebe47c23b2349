"""A kept plan with what it adapts to: a look back, ten minutes in seven days, and rounds."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from kept_days import of_day
from msgspec.structs import replace

from lengthwise.contracts.adaptation import Adapt
from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.ladder import Rung, Tried
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.own_plan import Apart, AtHand, Intake, Tight, TightPlace, WeekMade
from lengthwise.contracts.person import RampLed
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.contracts.week import Action, Day, PlannedItem, Purpose, Week, WeekAsked
from lengthwise.live.in_rounds import in_rounds
from lengthwise.live.own_plan import asked_for, care_now, kept_plan, now_standing, plan_kept
from lengthwise.live.own_plan import planned_rounds as rounds_at
from lengthwise.live.own_plan_shown import plan_shown
from lengthwise.live.own_plan_told import DaySaid, settle, tell_day, tell_intake
from lengthwise.live.plan_adapted import given_s, items_today, replayed
from lengthwise.live.plan_book import keep_told
from lengthwise.plan.plateau import RESTED
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercises

DAY = timedelta(days=1)
NOON = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)
LASTING = {AnswerName.COURSE: "chronic", AnswerName.HYPERMOBILE: "1", AnswerName.IRRITABLE: "no"}
NONE_OF_THESE = {AnswerName.FLARE: "no", AnswerName.IRRITABLE: "no", AnswerName.LEG_SIGN: "no"}
INTAKE = Intake(
    usual_nrs=3.0,
    at_hand=(AtHand.CHAIR, AtHand.MAT),
    tight=(Tight(TightPlace.THIGH_BACK, Side.LEFT), Tight(TightPlace.HIP_FRONT, Side.LEFT)),
)
STRETCH = "seated_hamstring"


def begin(store: ProfileStore, at: datetime) -> None:
    tell_intake(store, INTAKE, LASTING, at_s=at.timestamp())
    told = DaySaid(pain=3.0, answers=NONE_OF_THESE)
    tell_day(store, told, at_s=at.timestamp())


def session(at: datetime, exercise_id: str = STRETCH) -> SessionTotals:
    utc = datetime.fromtimestamp(at.timestamp()).astimezone().isoformat()
    session_id = f"{at:%Y%m%dT%H%M%S}Z-a1b2c3"
    return replace(of_day(1), session_id=session_id, started_utc=utc, exercise_id=exercise_id)


def led(store: ProfileStore, at: datetime) -> None:
    done = session(at)
    store.add_session(done, store.session_folder(done.session_id).sealed)
    for moment in (PainMoment.BEFORE, PainMoment.MOST, PainMoment.AFTER):
        store.tell_pain(PainTold(done.session_id, moment, 3.0, at.timestamp()))


def shown_items(store: ProfileStore, at: datetime) -> dict[str, int]:
    today = plan_shown(store, at_s=at.timestamp()).today
    assert today is not None
    return {i.exercise_id: i.rounds for i in today.items}


def test_six_weeks_without_getting_better_move_what_counts(store: ProfileStore) -> None:
    start = NOON - 42 * DAY
    begin(store, start)
    for n in range(1, 42):
        at = start + n * DAY
        led(store, at)
        tell_day(store, DaySaid(pain=3.0), at_s=at.timestamp())
    before = kept_plan(store, at_s=at.timestamp())
    assert plan_shown(store, at_s=at.timestamp()).today.looked_back is None  # type: ignore[union-attr]
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE), at_s=NOON.timestamp())
    plan = kept_plan(store, at_s=NOON.timestamp())
    standing = now_standing(store, plan)
    assert standing is not None and before.week is not None
    care = care_now(store, standing, at_s=NOON.timestamp())
    needs = {(n.group, n.side): n for n in asked_for(store, plan, standing, care).needs}
    rested = needs[MuscleGroup.HAMSTRINGS, Side.LEFT]
    assert rested.finding.endswith(RESTED)
    assert rested.weight == 0.5 * needs[MuscleGroup.PSOAS, Side.LEFT].weight
    today = plan_shown(store, at_s=NOON.timestamp()).today
    assert today is not None and today.looked_back is not None
    assert today.looked_back.action is Adapt.CHANGE_TARGETS and today.looked_back.evidence


def test_a_plan_without_a_look_back_asks_as_it_did(store: ProfileStore) -> None:
    begin(store, NOON)
    plan = kept_plan(store, at_s=NOON.timestamp())
    state, said = replayed(plan_kept(plan), {}, PlanBook())
    assert state.factor == 1.0 and state.retargeted == () and said == ()
    assert state.standing == plan.days[plan.today].after


def test_no_muscle_gets_more_than_ten_minutes_in_seven_days(store: ProfileStore) -> None:
    begin(store, NOON - DAY)
    settle(store, at_s=NOON.timestamp())
    plan = kept_plan(store, at_s=NOON.timestamp())
    assert plan.week is not None
    stretches = {
        i.exercise_id
        for day in plan.week.week.days
        for i in day.items
        if i.purpose is Purpose.LENGTH
    }
    assert stretches
    for n in range(6):  # Other weeks than this one gave it all.
        for exercise_id in sorted(stretches):
            for more in range(4):
                done = session(NOON - (1 + n) * DAY + timedelta(minutes=more), exercise_id)
                named = f"{done.session_id[:-3]}{more}{sorted(stretches).index(exercise_id):02d}"
                done = replace(done, session_id=named)
                store.add_session(done, store.session_folder(done.session_id).sealed)
    standing = now_standing(store, plan)
    assert standing is not None
    for number in range(7):
        kept = plan_kept(replace(plan, today=plan.week.day + number))
        # Days far enough from all of that have it again.
        items = {i.exercise_id for i in items_today(store, kept, standing)}
        if number <= 2:
            assert not items & stretches


def test_what_was_done_today_counts_today(store: ProfileStore) -> None:
    begin(store, NOON)
    planned = shown_items(store, NOON)
    stretch = next(
        i for i in planned if exercises()[i].targets and rounds_at(store, i, at_s=NOON.timestamp())
    )
    at_s = NOON.timestamp()
    for n in range(12):
        done = replace(session(NOON + timedelta(seconds=n), stretch), duration_s=1.0)
        store.add_session(done, store.session_folder(done.session_id).sealed)
    assert stretch not in shown_items(store, NOON), "ten minutes are over, in pieces of a second"
    assert rounds_at(store, stretch, at_s=at_s) is None
    whole = replace(session(NOON + timedelta(minutes=2), stretch), duration_s=300.0)
    store.add_session(whole, store.session_folder(whole.session_id).sealed)
    today = plan_shown(store, at_s=at_s).today
    assert today is not None
    assert [i.rounds for i in today.items if i.done] == [planned[stretch]]
    assert rounds_at(store, stretch, at_s=at_s) is None


def test_a_ramp_without_a_hold_after_it_is_not_what_the_plan_asks_for(store: ProfileStore) -> None:
    begin(store, NOON)
    stretch = next(i for i in shown_items(store, NOON) if exercises()[i].targets)
    ramped = replace(session(NOON, stretch), duration_s=300.0, effective_s=0.0, uncertain_s=0.0)
    at_utc, of = NOON.astimezone().isoformat(), ramped.session_id
    store.save_person(
        store.person().with_ramps((RampLed(MuscleGroup.HAMSTRINGS, Side.LEFT, at_utc, of, False),))
    )
    for totals, done in ((ramped, []), (replace(ramped, uncertain_s=30.0), [stretch])):
        store.add_session(totals, store.session_folder(of).sealed)
        today = plan_shown(store, at_s=NOON.timestamp()).today
        assert today is not None
        assert [i.exercise_id for i in today.items if i.done] == done


def test_a_day_apart_gets_less_once_usual_days_are_known(store: ProfileStore) -> None:
    start = NOON - 9 * DAY
    begin(store, start)
    every = (Apart.SHORT_NIGHT, Apart.STRAINED, Apart.ON_FEET)
    for n in range(9):
        at_s = (start + n * DAY).timestamp()
        tell_day(store, DaySaid(pain=3.0, apart=() if n else every), at_s=at_s)
    tell_day(store, DaySaid(pain=3.0, answers=NONE_OF_THESE, apart=()), at_s=NOON.timestamp())
    usual = plan_shown(store, at_s=NOON.timestamp()).today
    tell_day(store, DaySaid(apart=every), at_s=NOON.timestamp())
    apart = plan_shown(store, at_s=NOON.timestamp()).today
    assert usual is not None and apart is not None and not usual.lessened
    before, after = (sum(i.takes_s for i in day.items) for day in (usual, apart))
    assert 0.8 * before <= after <= before
    assert after < before and len(apart.lessened) == 3
    week = kept_plan(store, at_s=NOON.timestamp()).week
    assert week is not None and week.asked.volume == 1.0, "a day makes no other week"


def test_what_is_expected_to_hurt_begins_with_fewer_rounds(store: ProfileStore) -> None:
    begin(store, NOON)
    whole = shown_items(store, NOON)
    afraid = next(i for i, rounds in whole.items() if rounds > 1)
    book = PlanBook(
        rungs=(Rung("one", "lift the box", afraid),),
        tries=(Tried(date.fromordinal(NOON.toordinal()), "one", expected=8.0, actual=7.0),),
    )
    keep_told(store, book)
    assert shown_items(store, NOON)[afraid] < whole[afraid]
    assert rounds_at(store, afraid, at_s=NOON.timestamp()) == shown_items(store, NOON)[afraid]
    assert rounds_at(store, "box_lift", at_s=NOON.timestamp()) is None


@given(
    exercise_id=st.sampled_from(sorted(exercises())),
    rounds=st.one_of(st.none(), st.integers(-2, 9)),
)
def test_a_session_has_the_rounds_of_its_plan_and_never_more_than_three(
    exercise_id: str, rounds: int | None
) -> None:
    e = exercises()[exercise_id]
    done = in_rounds(e, rounds)
    assert 1 <= done.dose.rounds <= max(e.dose.rounds, 3)
    assert replace(done, dose=e.dose) == e
    if rounds is None:
        assert done == e
    elif 1 <= rounds <= 3:
        assert done.dose.rounds == rounds


def test_a_stretch_counts_for_every_muscle_that_it_names_on_its_day() -> None:
    e = exercises()[STRETCH]
    found = given_s([session(NOON), session(NOON + timedelta(hours=1))], ())
    day = found[NOON.toordinal()]
    one = e.dose.rounds * e.dose.hold_s
    assert day[MuscleGroup.HAMSTRINGS, Side.LEFT] == 2.0 * one
    assert day[MuscleGroup.HAMSTRINGS, Side.RIGHT] == 2.0 * one
    assert given_s([session(NOON, "walking")], ()) == {}


def test_the_rounds_of_an_earlier_week_still_count_once_another_was_made() -> None:
    def made(on: datetime, rounds: int) -> WeekMade:
        item = PlannedItem(STRETCH, tuple(Side), Purpose.LENGTH, rounds, 30.0, 60.0 * rounds)
        days = (Day(1, (item,)), *(Day(n, ()) for n in range(2, 8)))
        week = Week(Action.WEEK, days, (), (), (), (), (), ())
        return WeekMade(on.toordinal(), WeekAsked(3, Care()), week, "")

    e = exercises()[STRETCH]
    weeks = (made(NOON - 3 * DAY, 3), made(NOON, e.dose.rounds))
    before, now = NOON - DAY, NOON
    found = given_s([session(before), session(now)], weeks)
    muscle = (MuscleGroup.HAMSTRINGS, Side.LEFT)
    assert found[before.toordinal()][muscle] == max(3, e.dose.rounds) * e.dose.hold_s
    assert e.dose.rounds < 3, "else this shows nothing"
