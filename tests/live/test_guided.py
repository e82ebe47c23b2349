"""Who may begin a session is asked of what is stored, each time, and what is kept of it."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import Axis, ImuStream, PoseModel, Segment
from lengthwise.contracts.screening import YesNo
from lengthwise.live import guided
from lengthwise.live.guided import GuidedRequest
from lengthwise.live.phone_standing import Worn
from lengthwise.record.recover import Recovered
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercise
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}
VERSION = screening().version
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
    store: ProfileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the two starts first must not matter: it finds all that is unfinished."""
    guided.answer(store, GOOD, version=VERSION)
    log = store.folder / "sessions" / "20260131T081500Z-a1b2c3" / "session.log"
    unread = Recovered(None, str(log), None, problem="no room on the disk")
    monkeypatch.setattr(guided, "recover", lambda _home: [unread])
    with ProfileStore.open(tmp_path, "bert") as bert:
        assert guided.recover_cut_off(bert, tmp_path) == 0
        assert bert.last_safety_stop_s() is None
    with pytest.raises(SafetyRefusedError, match="symptom"):
        guided.guided_started(store, REQUEST)


def test_an_exercise_that_is_not_known_is_said(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=VERSION)
    with pytest.raises(InputError, match="exercise"):
        guided.guided_started(store, replace(REQUEST, exercise_id="nothing"))
