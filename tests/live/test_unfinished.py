"""Which session that was cut off is offered to go on with: only what plainly may be."""

import os
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase, Reason
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import PersonSignal, PoseModel, SignalKind, Tick
from lengthwise.contracts.session import (
    DecisionLogged,
    ObservationLogged,
    RampAsked,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live import guided, unfinished
from lengthwise.live.guided import GuidedRequest
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import LiveSession
from lengthwise.live.unfinished import Image, cut_off, recover_cut_off, to_go_on_with
from lengthwise.record.log import LogWriter
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}
VERSION = screening().version
REQUEST = GuidedRequest("standing_side_bend", 640, 480, PoseModel.FULL)
IMAGE = Image(640, 480)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> list[SessionEvent]:
    """A session of anna that has just begun, as it is logged."""
    with ProfileStore.open(tmp_path_factory.mktemp("begun"), "anna") as store:
        guided.answer(store, GOOD, version=VERSION)
        started = guided.guided_started(store, REQUEST)
    session = LiveSession(pipeline_params(started))
    return [started, *(e for n in range(10) for e in session.deliver(Tick(0.05 * n)))]


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    found = ProfileStore.open(tmp_path, "anna")
    guided.answer(found, GOOD, version=VERSION)
    return found


def left(store: ProfileStore, events: list[SessionEvent], *, ago_s: float = 60.0) -> Path:
    started = events[0]
    assert isinstance(started, SessionStarted)
    folder = store.session_folder(started.session_id).create()
    with LogWriter(folder.log) as log:
        for event in events:
            log.append(event)
    then_s = time.time() - ago_s
    os.utime(folder.log, (then_s, then_s))
    return folder.log


def as_begun(begun: list[SessionEvent], **changed: object) -> list[SessionEvent]:
    started = begun[0]
    assert isinstance(started, SessionStarted)
    return [replace(started, **changed), *begun[1:]]


def test_what_was_cut_off_a_minute_ago_is_offered_and_left(
    store: ProfileStore, begun: list[SessionEvent], tmp_path: Path
) -> None:
    log = left(store, begun)
    (found,) = cut_off(store)
    assert found.exercise_id == REQUEST.exercise_id and found.folder == log.parent
    assert found.away_s == pytest.approx(60.0, abs=5.0)
    assert recover_cut_off(tmp_path) == [] and log.exists()
    assert to_go_on_with(store, found.session_id, IMAGE).session_id == found.session_id


def test_nobody_comes_back_into_half_a_ramp_and_after_both_the_holds_go_on(
    store: ProfileStore, begun: list[SessionEvent]
) -> None:
    started = begun[0]
    assert isinstance(started, SessionStarted)
    config = replace(started.config, side=Side.LEFT, ramp=RampAsked(()))
    ramped = as_begun(begun, config=config)
    log = left(store, ramped)
    assert cut_off(store) == ()
    kept = Reason("ramp.kept", {"ramp": 1.0, "length_m": 0.3, "sd_m": 0.002})
    rests = Decision(0.5, DecisionKind.PHASE, Phase.REST, REQUEST.exercise_id, Side.LEFT, (kept,))
    log.unlink()
    left(store, [*ramped, DecisionLogged(rests)])
    assert len(cut_off(store)) == 1


@pytest.mark.parametrize("ago_s", [unfinished.OFFERED_S + 1.0, -60.0])
def test_too_long_ago_or_by_a_clock_that_was_set_back_it_is_finished_instead(
    store: ProfileStore, begun: list[SessionEvent], tmp_path: Path, ago_s: float
) -> None:
    log = left(store, begun, ago_s=ago_s)
    assert cut_off(store) == ()
    recover_cut_off(tmp_path)
    assert not log.exists() and len(store.sessions()) == 1


@pytest.mark.parametrize(
    "last",
    [
        PersonSignal(0.6, SignalKind.STOP),
        PersonSignal(0.6, SignalKind.DIZZY),
        PersonSignal(0.6, SignalKind.PAIN, value=1.0),
    ],
)
def test_what_may_have_ended_with_a_word_is_not_offered(
    store: ProfileStore, begun: list[SessionEvent], tmp_path: Path, last: PersonSignal
) -> None:
    """What followed from it was not written any more."""
    left(store, [*begun, ObservationLogged(last)])
    assert cut_off(store) == ()
    recover_cut_off(tmp_path)
    refused = guided.standing(store).refusal is not None
    assert refused is (last.kind is not SignalKind.STOP)


@pytest.mark.parametrize(
    "changed", [{"software": "lengthwise 0"}, {"version": 0}], ids=["software", "version"]
)
def test_another_program_finishes_it(
    store: ProfileStore, begun: list[SessionEvent], changed: dict[str, object]
) -> None:
    left(store, as_begun(begun, **changed))
    assert cut_off(store) == ()


def test_nobody_goes_on_with_anothers(
    store: ProfileStore, begun: list[SessionEvent], tmp_path: Path
) -> None:
    left(store, begun)
    with ProfileStore.open(tmp_path, "bert") as bert:
        guided.answer(bert, GOOD, version=VERSION)
        assert cut_off(bert) == ()
        left(bert, begun)
        assert cut_off(bert) == (), "nor where it lies among his own"


def test_who_may_not_be_led_is_offered_nothing(
    store: ProfileStore, begun: list[SessionEvent]
) -> None:
    left(store, begun)
    guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    assert cut_off(store) == ()
    guided.answer(store, GOOD, version=VERSION)
    (found,) = cut_off(store)
    # Told of another month, so that it is not the second in a week, which asks for a clinician.
    guided.keep_stop(store, found.session_id, at_s=time.time() - 30 * 24 * 3600.0)
    guided.answer(store, GOOD, version=VERSION)
    assert cut_off(store) == (), "it was that very session"
    with pytest.raises(SafetyRefusedError, match="begin a new one"):
        to_go_on_with(store, found.session_id, IMAGE)


def test_what_is_still_written_or_damaged_is_not_offered(
    store: ProfileStore, begun: list[SessionEvent]
) -> None:
    log = left(store, begun)
    with LogWriter.reopened(log):
        assert cut_off(store) == ()
    assert cut_off(store)
    raw = bytearray(log.read_bytes())
    raw[-len(raw) // 3] ^= 0xFF
    log.write_bytes(bytes(raw))
    assert cut_off(store) == ()


def test_what_was_measured_in_one_image_does_not_go_on_in_another(
    store: ProfileStore, begun: list[SessionEvent]
) -> None:
    left(store, begun)
    (found,) = cut_off(store)
    with pytest.raises(InputError, match="the same camera"):
        to_go_on_with(store, found.session_id, Image(1280, 720))


def test_nothing_is_left_open_before_the_next_one(
    store: ProfileStore, begun: list[SessionEvent]
) -> None:
    log = left(store, begun)
    unfinished.finish_all(store)
    assert not log.exists() and len(store.sessions()) == 1
