"""Laws of recovery: every whole frame once, whatever was cut off, however often it is run."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_sessions import SESSION_ID, session, started

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Tick
from lengthwise.contracts.session import ObservationLogged, SessionEnded, SessionEvent
from lengthwise.record import recover as recover_module
from lengthwise.record.log import LogWriter
from lengthwise.record.recover import Recovered, recover
from lengthwise.record.seal import seal
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.session_folder import SessionFolder
from lengthwise.record.store import ProfileStore
from totalled import totals_of


def cut_off(home: Path, events: list[SessionEvent], *, session_id: str = SESSION_ID) -> Path:
    """A log in profile anna, as a program that was ended leaves it."""
    with ProfileStore.open(home, "anna") as store:
        folder = store.session_folder(session_id).create()
    with LogWriter(folder.log) as log:
        for event in events:
            log.append(event)
    return folder.log


def sessions(home: Path) -> dict[str, bool]:
    with ProfileStore.open(home, "anna") as store:
        return {totals.session_id: totals.complete for totals in store.sessions()}


def test_a_session_cut_off_is_sealed_ended_and_listed(tmp_path: Path) -> None:
    events = session(5, ended=False)
    log = cut_off(tmp_path, events)
    sealed = SessionFolder(log.parent).sealed
    with log.open("ab") as torn:
        torn.write(b"\xf1Lw\x1e half a frame")
    assert recover(tmp_path) == [
        Recovered(
            session_id=SESSION_ID,
            log=str(log),
            sealed=str(sealed),
            events=len(events),
            frames=5,
            bytes_cut=17,
            bytes_skipped=0,
            stored=True,
        )
    ]
    found = list(read_sealed(sealed))
    assert [encode(e) for e in found[:-1]] == [encode(e) for e in events]
    assert found[-1] == SessionEnded(5 / 30, complete=False, frames=5)
    assert not log.exists()
    with ProfileStore.open(tmp_path, "anna") as store:
        assert store.sessions() == [totals_of(found)]
        assert store.recording(SESSION_ID) == sealed


def test_a_session_that_ended_but_was_not_sealed_stays_complete(tmp_path: Path) -> None:
    log = cut_off(tmp_path, session(4))
    (found,) = recover(log)
    assert (found.events, found.frames) == (len(session(4)), 4)
    assert list(read_sealed(Path(str(found.sealed))))[-1] == SessionEnded(4 / 30, True, 4)
    assert sessions(tmp_path) == {SESSION_ID: True}


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_recovery_of_any_prefix_twice_is_recovery_once(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        home = Path(name)
        log = cut_off(home, session(2))
        content = log.read_bytes()
        log.write_bytes(content[: data.draw(st.integers(0, len(content)))])
        (found,) = recover(home)
        assert found.problem is None
        listed = sessions(home)
        assert bool(listed) == (found.events > 0) == (found.sealed is not None)
        before = sorted((p, p.stat().st_size) for p in home.rglob("session*"))
        assert recover(home) == []
        assert sorted((p, p.stat().st_size) for p in home.rglob("session*")) == before
        assert sessions(home) == listed


@pytest.mark.parametrize("step", ["write_sealed", "_list", "retire_log"])
def test_recovery_cut_off_at_any_step_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    events = session(3, ended=False)
    log = cut_off(tmp_path, events)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(recover_module, step, die)
        recover(tmp_path)
    (found,) = recover(tmp_path)
    assert found.events == len(events)
    assert sessions(tmp_path) == {SESSION_ID: False}
    assert [p.name for p in log.parent.iterdir()] == ["session.mcap"]


def test_a_session_still_being_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    with LogWriter(path) as log:
        log.append(started())
        assert recover(tmp_path) == []
        log.append(ObservationLogged(Tick(0.5)))
    (found,) = recover(tmp_path)
    assert found.events == 2


def test_a_folder_outside_a_data_home_is_sealed_without_a_store(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "session.log") as log:
        log.append(started())
    (found,) = recover(tmp_path)
    assert not found.stored
    assert [p.name for p in tmp_path.iterdir()] == ["session.mcap"]


def test_the_recording_of_another_session_is_never_replaced(tmp_path: Path) -> None:
    for session_id in ("20260131T081500Z-000001", "20260131T081500Z-000002"):
        with LogWriter(tmp_path / "session.log") as log:
            log.append(started(session_id))
        if session_id.endswith("1"):
            seal(tmp_path / "session.log", tmp_path / "session.mcap")
            first = (tmp_path / "session.mcap").read_bytes()
    (found,) = recover(tmp_path)
    assert found.sealed == str(tmp_path / "session-1.mcap")
    assert (tmp_path / "session.mcap").read_bytes() == first


def test_a_log_whose_first_event_is_damaged_keeps_the_rest(tmp_path: Path) -> None:
    events = session(2, ended=False)
    log = cut_off(tmp_path, events)
    content = bytearray(log.read_bytes())
    content[40] ^= 1
    log.write_bytes(content)
    (found,) = recover(tmp_path)
    assert (found.events, found.stored, found.session_id) == (len(events) - 1, False, None)
    assert found.bytes_skipped > 0
    assert log.with_name("session.log.damaged").read_bytes() == content


def test_a_recording_that_the_store_was_not_told_of_is_listed(tmp_path: Path) -> None:
    log = cut_off(tmp_path, session(3))
    sealed = seal(log, log.with_name("session.mcap"))
    (found,) = recover(tmp_path)
    assert (found.session_id, found.log, found.stored) == (SESSION_ID, None, True)
    assert found.sealed == str(sealed.path)
    assert sessions(tmp_path) == {SESSION_ID: True}
    assert recover(tmp_path) == []


def test_a_deleted_session_does_not_come_back(tmp_path: Path) -> None:
    cut_off(tmp_path, session(3))
    recover(tmp_path)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.delete_session(SESSION_ID)
    assert recover(tmp_path) == []
    assert sessions(tmp_path) == {}


def test_files_of_other_programs_are_not_touched(tmp_path: Path) -> None:
    foreign = tmp_path / "session.log"
    foreign.write_text("2026-01-31 08:15 started\n" * 10)
    assert recover(tmp_path) == []
    assert foreign.read_text().startswith("2026-01-31")


def test_one_session_that_cannot_be_recovered_does_not_hinder_the_others(tmp_path: Path) -> None:
    cut_off(tmp_path, session(2, ended=False))
    other = "20260131T081500Z-000002"
    with ProfileStore.open(tmp_path, "bert") as store:
        folder = store.session_folder(other).create()
        store_path = store.path
    with LogWriter(folder.log) as log:
        log.append(started(other))
    store_path.write_bytes(b"not a database" * 100)
    found = recover(tmp_path)
    good = [r for r in found if r.problem is None]
    assert [r.session_id for r in good] == [SESSION_ID]
    assert all("not a sound database" in str(r.problem) for r in found if r not in good)
    assert folder.log.exists()


def test_what_was_recovered_can_be_shown_as_json(tmp_path: Path) -> None:
    cut_off(tmp_path, session(1))
    assert b'"events":' in msgspec.json.encode(recover(tmp_path))


def test_a_place_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check the path"):
        recover(tmp_path / "nowhere")


def test_an_empty_file_of_another_name_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.touch()
    assert recover(mine) == []
    assert mine.exists()
