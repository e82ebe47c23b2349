"""Who may begin a session is asked of what is stored, each time, and what is kept of it."""

import time
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.devices import Use, WornDevice
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import (
    Axis,
    CameraStream,
    ImuStream,
    PoseModel,
    Segment,
    View,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.screening import SafetyStop, Screened, Told, YesNo
from lengthwise.live import constant_edits, guided
from lengthwise.live.guided import GuidedRequest
from lengthwise.live.params import pipeline_params
from lengthwise.live.session_name import now_utc
from lengthwise.live.unfinished import recover_cut_off
from lengthwise.live.worn import Worn
from lengthwise.plan.clearance import clearance
from lengthwise.plan.screening import Outcome, Refusal, may_answer, refusal
from lengthwise.record.store import ProfileStore
from lengthwise.reference.edits import Edit
from lengthwise.reference.exercises import exercise, led_exercises
from lengthwise.reference.screening import screening, seen_id

GOOD = {q.id: q.good for q in screening().question}
WEEKLY = {q.id: q.good for q in screening().question if q.weekly}
LOOKED = GOOD | {"seen_saddle": YesNo.YES}
VERSION = screening().version
DAY_S = 24 * 3600.0
REQUEST = GuidedRequest("half_kneeling_hip_flexor", 640, 480, PoseModel.FULL)


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore.open(tmp_path, "anna")


def test_nobody_begins_without_answers(store: ProfileStore) -> None:
    with pytest.raises(SafetyRefusedError, match="not been answered"):
        guided.guided_started(store, REQUEST)


def test_good_answers_lead_to_a_session_as_it_is_recorded(store: ProfileStore) -> None:
    assert guided.answer(store, GOOD, version=VERSION).refusal is None
    phone = Worn("sacrum", Segment.PELVIS, 60.0, Axis.MINUS_Z, Axis.Y, (100.0, 103.0))
    worn = replace(REQUEST, phone=phone, baseline_nrs=2.0, height_m=1.7)
    started = guided.guided_started(store, worn)
    assert started.person.profile_id == "anna" and not started.recording.simulated
    assert started.config.care.baseline_nrs == 2.0
    _, stream = started.recording.streams
    assert stream == phone.stream() and isinstance(stream, ImuStream)
    assert started.config.zero_s == (0.0, 3.0), "the session begins with the standing"
    assert started.config.tap_segment is Segment.PELVIS and started.config.taps_only_stop


def test_an_answer_leaves_its_exercises_out_and_no_others(store: ProfileStore) -> None:
    guided.answer(store, GOOD | {"kneel": YesNo.NO}, version=VERSION)
    with pytest.raises(SafetyRefusedError, match="leaves this exercise out"):
        guided.guided_started(store, REQUEST)
    guided.guided_started(store, replace(REQUEST, exercise_id="seated_hamstring"))


def test_a_test_is_begun_like_an_exercise_and_left_out_like_one(store: ProfileStore) -> None:
    raised = replace(REQUEST, exercise_id="test_straight_leg_raise")
    with pytest.raises(SafetyRefusedError, match="not been answered"):
        guided.guided_started(store, raised)
    guided.answer(store, GOOD, version=VERSION)
    started = guided.guided_started(store, raised)
    params = pipeline_params(started)
    assert params.taking is not None and params.coach is None
    guided.answer(store, GOOD | {"floor": YesNo.NO}, version=VERSION)
    with pytest.raises(SafetyRefusedError, match="leaves this exercise out"):
        guided.guided_started(store, raised)


@pytest.mark.parametrize(
    ("name", "value", "exercise_id"),
    [
        (AnswerName.LEG_SIGN, "left", "seated_hamstring"),
        (AnswerName.FLARE, "yes", "half_kneeling_hip_flexor"),
        (AnswerName.COURSE, "acute", "seated_hamstring"),
        (AnswerName.OSTEOPOROTIC, "yes", "roll_down"),
    ],
)
def test_what_a_person_has_answered_elsewhere_bars_as_well(
    store: ProfileStore,
    name: AnswerName,
    value: str,
    exercise_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guided.answer(store, GOOD, version=VERSION)
    wanted = replace(REQUEST, exercise_id=exercise_id)
    guided.guided_started(store, wanted)
    store.save_person(store.person().with_answers((Answer(name, value, now_utc()),)))
    if name is AnswerName.FLARE:
        with pytest.raises(SafetyRefusedError, match="become worse"):
            guided.guided_started(store, replace(REQUEST, exercise_id="seated_breathing"))
        assert set(guided.questions_now(store)) == WEEKLY.keys()
        later_s = time.time() + 1.0
        monkeypatch.setattr(time, "time", lambda: later_s)
        guided.answer(store, WEEKLY, version=VERSION)
    with pytest.raises(SafetyRefusedError, match="leaves this exercise out"):
        guided.guided_started(store, wanted)
    guided.guided_started(store, replace(REQUEST, exercise_id="seated_breathing"))


def test_a_session_of_the_other_side_is_seen_from_the_other_side(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    views = {}
    for side in Side:
        started = guided.guided_started(store, replace(REQUEST, side=side))
        (camera,) = started.recording.streams
        assert isinstance(camera, CameraStream)
        assert started.config.side is side
        views[side] = camera.view
    assert views == {Side.LEFT: View.LEFT, Side.RIGHT: View.RIGHT}


def test_the_list_of_exercises_and_each_by_itself_are_refused_alike(store: ProfileStore) -> None:
    def alike() -> set[Refusal | None]:
        each = {e.id: guided.standing(store, e).refusal for e in led_exercises().values()}
        assert guided.refusals(store) == each
        return set(each.values())

    assert alike() == {Refusal.NEVER_ANSWERED}
    guided.answer(store, GOOD | {"kneel": YesNo.NO}, version=VERSION)
    assert alike() == {None, Refusal.EXERCISE_BARRED}
    store.save_person(store.person().with_answers((Answer(AnswerName.FLARE, "yes", now_utc()),)))
    assert alike() == {Refusal.FLARE_SINCE}
    guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    assert alike() == {Refusal.STOPPED_SINCE}


def test_a_grave_answer_stands_until_another_day(store: ProfileStore) -> None:
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    with pytest.raises(SafetyRefusedError, match="look first"):
        guided.answer(store, GOOD, version=VERSION)
    assert guided.standing(store, exercise("seated_hamstring")).refusal is not None
    reopened = ProfileStore.open(store.folder.parents[1], "anna")
    assert guided.standing(reopened).refusal is not None


def test_after_a_symptom_the_questions_come_anew(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    with pytest.raises(SafetyRefusedError, match="symptom"):
        guided.guided_started(store, REQUEST)
    guided.answer(store, GOOD, version=VERSION)
    guided.guided_started(store, REQUEST)


def test_a_clock_that_was_set_back_hides_no_symptom(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    guided.answer(store, GOOD, version=VERSION)
    answered_s = time.time()
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: answered_s - 7200.0)
        guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    with pytest.raises(SafetyRefusedError, match="symptom"):
        guided.guided_started(store, REQUEST)


def test_what_another_person_brings_back_asks_its_own_anew(
    store: ProfileStore, tmp_path: Path
) -> None:
    """Which of the two starts first must not matter: it finds all that is unfinished."""
    guided.answer(store, GOOD, version=VERSION)
    folder = store.session_folder("20260131T081500Z-a1b2c3").create()
    folder.log.mkdir()  # it is there and cannot be read, so how it ended is not known
    with ProfileStore.open(tmp_path, "bert") as bert:
        recover_cut_off(tmp_path)
        assert bert.told_of_safety() == []
    with pytest.raises(SafetyRefusedError, match="symptom"):
        guided.guided_started(store, REQUEST)
    guided.answer(store, GOOD, version=VERSION)
    recover_cut_off(tmp_path)
    assert guided.standing(store).refusal is None, "it asks once"


def test_a_clock_that_once_stood_in_the_future_locks_nobody_out(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = time.time()
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: now_s + 1000 * DAY_S)
        guided.answer(store, GOOD, version=VERSION)
    assert guided.standing(store).refusal is Refusal.FROM_THE_FUTURE
    assert guided.answer(store, GOOD, version=VERSION).refusal is None
    guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    assert guided.standing(store).refusal is Refusal.STOPPED_SINCE


def test_an_answer_that_refers_waits_one_day_by_any_clock(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told in the year after next, it waits a day from when that is noticed, and not for years."""
    now_s = [time.time() + 1000 * DAY_S]
    monkeypatch.setattr(time, "time", lambda: now_s[0])
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    now_s[0] -= 1000 * DAY_S
    for waited_s in (0.0, 0.9 * DAY_S):
        now_s[0] += waited_s
        found = guided.standing(store)
        assert found.refusal in (Refusal.FROM_THE_FUTURE, Refusal.OUTCOME) and not found.may_answer
    now_s[0] += 0.2 * DAY_S
    assert guided.answer(store, LOOKED, version=VERSION).refusal is None


def test_a_day_alone_clears_nothing_and_what_is_asked_then_says_so(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now_s[0])
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    now_s[0] += DAY_S
    assert guided.questions_now(store) == (*_with_seen(GOOD, "saddle"),)
    assert guided.answer(store, GOOD, version=VERSION).refusal is Refusal.OUTCOME
    now_s[0] += DAY_S
    assert guided.answer(store, LOOKED, version=VERSION).refusal is None


def test_who_becomes_worse_while_waiting_can_say_so(store: ProfileStore) -> None:
    guided.answer(store, GOOD | {"inflammatory": YesNo.YES}, version=VERSION)
    worse = guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    assert worse.result is not None and worse.result.outcome is Outcome.EMERGENCY
    assert worse.result.raised == ("saddle", "inflammatory"), "it cleared nothing"


def _with_seen(answers: dict[str, YesNo], flag: str) -> list[str]:
    """Beside the question that it is about."""
    found: list[str] = []
    for question in answers:
        found += [question, f"seen_{flag}"] if question == flag else [question]
    return found


def test_an_older_answer_gives_way_to_what_the_questions_raised(store: ProfileStore) -> None:
    answers = (Answer(AnswerName.OSTEOPOROTIC, "no", now_utc()),)
    store.save_person(store.person().with_answers(answers))
    guided.answer(store, GOOD | {"osteoporosis": YesNo.YES}, version=VERSION)
    assert guided.guided_started(store, REQUEST).config.care.osteoporotic is True


def test_setting_the_clock_back_and_forth_shortens_no_wait(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now_s[0])
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=VERSION)
    now_s[0] -= 1000 * DAY_S
    assert not guided.standing(store).may_answer
    now_s[0] += 1000 * DAY_S + 60.0
    assert not guided.standing(store).may_answer


def test_an_exercise_that_is_not_known_is_said(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    with pytest.raises(InputError, match="exercise"):
        guided.guided_started(store, replace(REQUEST, exercise_id="nothing"))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_stored_stands_as_the_fold_of_what_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Random lives through the store and its gate, opened anew each time: it refuses exactly where
    the code that is held against the finite picture does."""
    asked, now_s = screening(), [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now_s[0])
    chance = np.random.default_rng([17, seed])
    told: list[Told] = []
    led = 0
    for number in range(20):
        now_s[0] += float(chance.choice([60.0, 0.5 * DAY_S, 1.1 * DAY_S, 4.0 * DAY_S]))
        state = clearance(asked, told)
        with ProfileStore.open(tmp_path, "anna") as store:
            if chance.random() < 0.12:
                session_id = f"20260131T0815{number:02d}Z-a1b2c3"
                guided.keep_stop(store, session_id)
                told.append(SafetyStop(now_s[0]))
            else:
                answers = dict(WEEKLY if chance.random() < 0.2 else GOOD)
                if chance.random() < 0.2:
                    raised = asked.question[int(chance.integers(len(asked.question)))]
                    answers[raised.id] = raised.raised
                if chance.random() < 0.7:
                    answers |= {seen_id(flag): YesNo.YES for flag in state.flags}
                try:
                    guided.answer(store, answers, version=VERSION)
                    told.append(Screened(VERSION, now_s[0], answers))
                except SafetyRefusedError:
                    assert not may_answer(asked, state, now_s=now_s[0])
            state = clearance(asked, told)
            found = guided.standing(store).refusal
            assert found == refusal(asked, state, now_s=now_s[0])
            assert not (state.flags and found is None)
        led += found is None
    assert led, "nobody was ever led, so nothing was shown"


def test_the_record_of_a_session_tells_of_a_constant_that_was_changed(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    guided.answer(store, GOOD, version=VERSION)
    assert not any("ships as" in n for n in guided.guided_started(store, REQUEST).recording.notes)
    edit = Edit("plan.up_green_days", 4.0, 3.0, "A. Physio", "slow", "2026-01-31T08:15:00Z")
    monkeypatch.setattr(constant_edits, "in_force_here", lambda: {edit.constant: edit})
    notes = guided.guided_started(store, REQUEST).recording.notes
    assert "plan.up_green_days is 4 (ships as 3), by A. Physio on 2026-01-31: slow" in notes


def test_a_phone_stands_for_a_sensor_on_the_same_segment(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    phone = Worn("sacrum", Segment.PELVIS, 60.0, Axis.MINUS_Z, Axis.Y, (100.0, 103.0))
    sensors = tuple(ImuStream(s, 60.0, sensor_name=s) for s in (Segment.PELVIS, Segment.T12))
    devices = (
        *(WornDevice(s.sensor_name, Use.SEGMENT, s.segment) for s in sensors),
        WornDevice("strap", Use.HEART),
    )
    request = replace(REQUEST, devices=devices, sensors=sensors, stood_s=(90.0, 94.0))
    alone = guided.guided_started(store, request)
    assert alone.config.devices == devices and alone.config.zero_s == (0.0, 4.0)
    beside = guided.guided_started(store, replace(request, phone=phone))
    assert beside.config.devices == devices[1:] and beside.config.zero_s == (0.0, 3.0)
    worn = [s for s in beside.recording.streams if isinstance(s, ImuStream)]
    assert [(s.segment, s.sensor_name) for s in worn] == [
        (Segment.PELVIS, "phone"), (Segment.T12, "t12"),
    ]  # fmt: skip


MADE_UP = WornDevice("my gauge", Use.PULL, simulated=True)


def test_a_made_up_stream_is_no_device_of_a_real_person(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    real = WornDevice("strap", Use.HEART)
    with pytest.raises(InputError) as refused:
        guided.guided_started(store, replace(REQUEST, devices=(real, MADE_UP)))
    told = str(refused.value)
    assert "my gauge" in told and "anna" in told and "leave it out" in told and "strap" not in told
    started = guided.guided_started(store, replace(REQUEST, devices=(real,)))
    assert not started.recording.simulated


def test_with_a_made_up_stream_a_simulated_person_is_kept_as_one(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "made-up") as store:
        store.save_person(Person("made-up", simulated=True))
        guided.answer(store, GOOD, version=VERSION)
        started = guided.guided_started(store, replace(REQUEST, devices=(MADE_UP,)))
    assert started.recording.simulated
    assert "my gauge is a simulated stream: it measured nobody" in started.recording.notes
