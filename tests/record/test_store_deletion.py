"""What a deleted session takes along from a profile, and what it leaves."""

import errno
import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from recorded_sessions import started, totals

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import (
    Mark,
    MarkKind,
    Person,
    RampLed,
)
from lengthwise.record.log import LogWriter
from lengthwise.record.seal import seal
from lengthwise.record.store import ProfileStore


def log_of(path: Path, session_id: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with LogWriter(path) as log:
        log.append(started(session_id))
    return path


def sealed_session(folder: Path, session_id: str) -> Path:
    return seal(log_of(folder / "session.log", session_id), folder / "session.mcap").path


def test_deleting_a_session_removes_its_folder_and_only_it(tmp_path: Path) -> None:
    secret = "20260131T081500Z-a1b2c3"
    with ProfileStore.open(tmp_path, "anna") as store:
        kept = store.session_folder("20260131T081500Z-ffffff").create()
        gone = store.session_folder(secret).create()
        for folder in (kept, gone):
            folder.sealed.write_bytes(b"recording")
            folder.path.joinpath("session.log.damaged").write_bytes(b"log")
            store.add_session(totals(folder.path.name, "2026-01-31T08:15:00Z"), folder.sealed)
        store.delete_session(secret)
        assert [t.session_id for t in store.sessions()] == [kept.path.name]
        assert kept.sealed.exists() and not gone.path.exists()
        with pytest.raises(InputError, match="a session of profile anna"):
            store.delete_session(secret)
        for file in tmp_path.rglob("store.sqlite*"):
            assert secret.encode() not in file.read_bytes(), file


def test_who_could_not_delete_is_not_told_that_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    of = "20260131T081500Z-a1b2c3"
    with ProfileStore.open(tmp_path, "anna") as store:
        folder = store.session_folder(of).create()
        folder.sealed.write_bytes(b"recording")
        store.add_session(totals(of, "2026-01-31T08:15:00Z"), folder.sealed)
        monkeypatch.setattr(shutil, "rmtree", refuse)
        with pytest.raises(StorageError, match=r"deleting .*delete it again") as why:
            store.delete_session(of)
        monkeypatch.undo()
        assert why.value.code is None


def test_deleting_a_session_does_not_forget_that_a_ramp_in_it_did_harm(tmp_path: Path) -> None:
    """Another ramp that day stays refused; nothing says any longer which session it was."""
    of = "20260131T081500Z-a1b2c3"
    led = RampLed(MuscleGroup.PSOAS, Side.LEFT, "2026-01-31T08:20:00Z", of, harmed=True)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", ramps=(led,)))
        folder = store.session_folder(of).create()
        folder.sealed.write_bytes(b"recording")
        store.add_session(totals(of, "2026-01-31T08:15:00Z"), folder.sealed)
        assert store.delete_session(of).ramps_kept == 1
        assert store.person().ramps == (replace(led, session_id=None),)


def test_deleting_a_session_recorded_elsewhere_leaves_its_neighbours(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sealed_session(out, "s1")
    log_of(out / "session.log.damaged", "s1")
    (out / "report.html").write_text("report")
    with ProfileStore.open(tmp_path / "home", "anna") as store:
        store.add_session(totals("s1", "2026-01-31T08:15:00Z"), out / "session.mcap")
        deleted = store.delete_session("s1")
        assert store.sessions() == []
    assert [p.name for p in out.iterdir()] == ["report.html"]
    assert sorted(Path(p).name for p in deleted.removed) == ["session.log.damaged", "session.mcap"]
    assert deleted.kept == ()


@pytest.mark.parametrize("inside_the_profile", [True, False])
def test_what_was_recorded_in_its_place_since_then_is_kept(
    tmp_path: Path, inside_the_profile: bool
) -> None:
    """The recording was replaced, and a third session is still an unfinished log beside it."""
    first, second, third = (f"20260131T081500Z-00000{i}" for i in range(3))
    with ProfileStore.open(tmp_path / "home", "anna") as store:
        out = store.session_folder(first).path if inside_the_profile else tmp_path / "out"
        sealed_session(out, second)
        log_of(out / "session.log", third)
        log_of(out / "session.log.damaged", first)
        before = {n: (out / n).read_bytes() for n in ("session.mcap", "session.log")}
        store.add_session(totals(first, "2026-01-31T08:15:00Z"), out / "session.mcap")
        deleted = store.delete_session(first)
        assert store.sessions() == []
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert sorted(Path(p).name for p in deleted.kept) == ["session.log", "session.mcap"]
    assert [Path(p).name for p in deleted.removed] == ["session.log.damaged"]


def test_a_file_that_does_not_tell_whose_it_is_stops_the_deletion(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "session.mcap").write_bytes(b"not a recording")
    log_of(out / "session.log.damaged", "s1")
    with ProfileStore.open(tmp_path / "home", "anna") as store:
        listed = totals("s1", "2026-01-31T08:15:00Z")
        store.add_session(listed, out / "session.mcap")
        with pytest.raises(InputError, match="does not tell which session"):
            store.delete_session("s1")
        assert store.sessions() == [listed]
    assert len(list(out.iterdir())) == 2


def test_a_log_of_another_program_beside_a_recording_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sealed_session(out, "s1")
    (out / "session.log").write_text("08:15 logged in\n")
    with ProfileStore.open(tmp_path / "home", "anna") as store:
        store.add_session(totals("s1", "2026-01-31T08:15:00Z"), out / "session.mcap")
        store.delete_session("s1")
    assert [p.name for p in out.iterdir()] == ["session.log"]


def test_a_deletion_whose_files_are_already_gone_is_finished(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path, "anna") as store:
        folder = store.session_folder("20260131T081500Z-a1b2c3")
        store.add_session(totals(folder.path.name, "2026-01-31T08:15:00Z"), folder.sealed)
        store.delete_session(folder.path.name)
        assert store.sessions() == []


def test_recordings_are_found_after_the_home_was_moved(tmp_path: Path) -> None:
    with ProfileStore.open(tmp_path / "here", "anna") as store:
        folder = store.session_folder("20260131T081500Z-a1b2c3").create()
        store.add_session(totals("s1", "2026-01-31T08:15:00Z"), folder.sealed)
    (tmp_path / "here").rename(tmp_path / "there")
    with ProfileStore.open(tmp_path / "there", "anna") as store:
        assert store.recording("s1").parent.is_dir()


def test_with_a_session_go_the_marks_that_were_taken_in_it(tmp_path: Path) -> None:
    kept, gone = (
        Mark(
            MuscleGroup.PSOAS, Side.LEFT, MarkKind.TOLERANCE, 0.33, 0.001, 0.31, stamp, "imu6",
            session_id=session_id,
        )
        for stamp, session_id in (("2026-01-31", "s1"), ("2026-02-01", "s2"))
    )  # fmt: skip
    with ProfileStore.open(tmp_path, "anna") as store:
        store.save_person(Person("anna", marks=(kept, gone)))
        for session_id in ("s1", "s2"):
            recording = store.folder / "sessions" / session_id / "session.mcap"
            store.add_session(totals(session_id, "2026-01-31T08:15:00Z"), recording)
        store.delete_session("s2")
        assert store.person().marks == (kept,)
