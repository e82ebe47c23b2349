"""A session that was cut off is brought back to the very state that it had, wherever it was cut."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live import brought_back, pipeline
from lengthwise.live.brought_back import NotTheSameError, Saved, bring_back, read_saved
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.params import pipeline_params
from lengthwise.live.practice_taken import PracticeSaved
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.live.session import LiveSession
from lengthwise.record.log import LogWriter
from lengthwise.record.log_frames import HEADER_BYTES, frame
from lengthwise.record.log_reading import read_log
from lengthwise.record.session_folder import LOG_NAME, STATE_NAME
from lengthwise.sim.recording import Plan, SimulatedRecording

PLAN = Plan(
    exercise_id="half_kneeling_hip_flexor",
    side=Side.LEFT,
    seed=3,
    sensors="camera",
    duration_s=60.0,
)
SAVED_AT = (60, 200)
"""Observations after which the steps' memory is saved."""
HELD_FRAMES = 45


@dataclass
class Uncut:
    """A session into its hold. `states`, `practised`: once the first so many observations are
    taken; `ends`: how many events there are by then."""

    folder: Path
    started: SessionStarted
    params: pipeline.Params
    events: list[SessionEvent]
    states: list[bytes]
    practised: list[PracticeSaved]
    ends: list[int]
    saved: list[Saved]

    def taken(self) -> tuple[LiveSession, LearningTaken]:
        learnt = LearningTaken(self.params)
        return LiveSession(self.params, in_order=True, watch=learnt.watch), learnt


@pytest.fixture(scope="module")
def uncut(tmp_path_factory: pytest.TempPathFactory) -> Uncut:
    folder = tmp_path_factory.mktemp("uncut")
    shown: list[Guidance | None] = [None]
    recording = SimulatedRecording(PLAN, guide=lambda _t_s: shown[0])
    started = rehearsal_started(Rehearsal(PLAN, folder, calibrated=False), recording)
    params = pipeline_params(started)
    run = Uncut(folder, started, params, [started], [], [], [], [])
    session, learnt = run.taken()
    run.states.append(encode(session.state))
    run.practised.append(learnt.saved())
    run.ends.append(1)
    held = 0
    with LogWriter(folder / LOG_NAME) as log:
        log.append(started)
        for n, o in enumerate(recording.read(), start=1):
            for event in session.deliver(o):
                log.append(event)
                run.events.append(event)
                if isinstance(event, FrameLogged) and event.guidance is not None:
                    shown[0] = event.guidance
                    held += event.guidance.phase is Phase.HOLD
            run.states.append(encode(session.state))
            run.practised.append(learnt.saved())
            run.ends.append(len(run.events))
            if n in SAVED_AT:
                run.saved.append(
                    Saved(
                        software=started.software,
                        session_id=started.session_id,
                        events=len(run.events),
                        log_bytes=log.bytes_written,
                        frames=session.frames,
                        last_s=session.last_s,
                        state=session.state,
                        practised=learnt.saved(),
                    )
                )
            if held >= HELD_FRAMES:
                return run
    raise AssertionError("it was never held")


def cut(uncut: Uncut, folder: Path, at_byte: int) -> Path:
    raw = (uncut.folder / LOG_NAME).read_bytes()
    (folder / LOG_NAME).write_bytes(raw[:at_byte])
    return folder / LOG_NAME


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_cut_at_any_byte_the_state_is_that_of_the_uncut_session_at_that_event(
    uncut: Uncut, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Also where what was saved is older, or of a moment that the log does not reach."""
    folder = tmp_path_factory.mktemp("cut")
    size = (uncut.folder / LOG_NAME).stat().st_size
    started_bytes = HEADER_BYTES + 12 + len(encode(uncut.started))
    log = cut(uncut, folder, data.draw(st.integers(started_bytes, size)))
    if (saved := data.draw(st.sampled_from([None, *uncut.saved]))) is not None:
        brought_back.save(saved, folder)
    with LogWriter.reopened(log) as reopened:
        found = read_saved(
            folder,
            session_id=uncut.started.session_id,
            software=uncut.started.software,
            log_bytes=reopened.bytes_written,
        )
    session, learnt = uncut.taken()
    retaken: list[SessionEvent] = [uncut.started]
    missing = bring_back(session, learnt, log, found, retake=retaken.append)
    taken = sum(isinstance(e, ObservationLogged) for e in retaken)
    assert encode(session.state) == uncut.states[taken]
    assert learnt.saved() == uncut.practised[taken]
    assert list(map(encode, [*retaken, *missing])) == list(
        map(encode, uncut.events[: uncut.ends[taken]])
    )
    if taken:
        last = [e for e in retaken if isinstance(e, ObservationLogged)][-1]
        assert session.last_s == last.observation.t_s
    (log.parent / STATE_NAME).unlink(missing_ok=True)
    shutil.rmtree(folder)


def test_what_was_saved_spares_the_steps_what_came_before(uncut: Uncut, tmp_path: Path) -> None:
    log = cut(uncut, tmp_path, 10**9)
    session, learnt = uncut.taken()
    stepped: list[object] = []
    whole = session.deliver

    def counted(item: object) -> list[SessionEvent]:
        stepped.append(item)
        return whole(item)  # type: ignore[arg-type]

    session.deliver = counted  # type: ignore[method-assign, assignment]
    bring_back(session, learnt, log, uncut.saved[-1], retake=lambda _: None)
    assert len(stepped) == len(uncut.states) - 1 - SAVED_AT[-1]


@pytest.mark.parametrize("damage", ["torn", "flipped", "of another", "of other software", "later"])
def test_what_was_saved_and_does_not_fit_is_not_used(
    uncut: Uncut, tmp_path: Path, damage: str
) -> None:
    saved = uncut.saved[0]
    brought_back.save(saved, tmp_path)
    raw = bytearray((tmp_path / STATE_NAME).read_bytes())
    if damage == "torn":
        del raw[-1]
    elif damage == "flipped":
        raw[len(raw) // 2] ^= 1
    (tmp_path / STATE_NAME).write_bytes(bytes(raw))
    found = read_saved(
        tmp_path,
        session_id="another" if damage == "of another" else saved.session_id,
        software="another" if damage == "of other software" else saved.software,
        log_bytes=saved.log_bytes - (damage == "later"),
    )
    assert found is None


def test_a_log_that_says_something_else_is_not_gone_on_with(uncut: Uncut, tmp_path: Path) -> None:
    """As of a program that decided otherwise."""
    with LogWriter(tmp_path / LOG_NAME) as log:
        for event in uncut.events[: uncut.ends[100]]:
            if isinstance(event, DecisionLogged):
                event = DecisionLogged(replace(event.decision, phase=Phase.REST))
            log.append(event)
    session, learnt = uncut.taken()
    with pytest.raises(NotTheSameError):
        bring_back(session, learnt, log.path, None, retake=lambda _: None)


def test_a_session_that_ended_is_not_gone_on_with(uncut: Uncut, tmp_path: Path) -> None:
    with LogWriter(tmp_path / LOG_NAME) as log:
        log.append(uncut.started)
        log.append(SessionEnded(1.0, complete=False, frames=0))
    session, learnt = uncut.taken()
    with pytest.raises(NotTheSameError):
        bring_back(session, learnt, log.path, None, retake=lambda _: None)


def test_a_stop_whose_decision_was_not_written_any_more_stops(uncut: Uncut, tmp_path: Path) -> None:
    with LogWriter(tmp_path / LOG_NAME) as log:
        for event in uncut.events:
            log.append(event)
        log.append(ObservationLogged(PersonSignal(uncut.saved[-1].last_s + 99.0, SignalKind.STOP)))
    session, learnt = uncut.taken()
    missing = bring_back(session, learnt, log.path, uncut.saved[-1], retake=lambda _: None)
    assert session.state.coach is not None and session.state.coach.phase is Phase.STOPPED
    assert [type(e) for e in missing] == [DecisionLogged]


def test_a_log_goes_on_behind_its_last_whole_frame(uncut: Uncut, tmp_path: Path) -> None:
    log = cut(uncut, tmp_path, (uncut.folder / LOG_NAME).stat().st_size - 3)
    with LogWriter.reopened(log) as reopened:
        reopened.append(uncut.events[-1])
    reading = read_log(log)
    assert [encode(e) for e in reading] == [encode(e) for e in uncut.events]
    assert reading.report.bytes_cut == 0


def test_a_log_with_something_that_is_no_event_is_not_gone_on_with(
    uncut: Uncut, tmp_path: Path
) -> None:
    log = cut(uncut, tmp_path, 10**9)
    with log.open("ab") as behind:
        behind.write(frame(b"\xc1"))
    session, learnt = uncut.taken()
    with pytest.raises(NotTheSameError):
        bring_back(session, learnt, log, uncut.saved[-1], retake=lambda _: None)


def test_a_damaged_log_is_left_as_it_was(uncut: Uncut, tmp_path: Path) -> None:
    log = cut(uncut, tmp_path, 10**9)
    raw = bytearray(log.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    log.write_bytes(bytes(raw))
    with pytest.raises(InputError, match="recover"):
        LogWriter.reopened(log)
    assert log.read_bytes() == bytes(raw)
