"""Laws of the sealed recording: equal to its log, whole or not there at all."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from recorded_sessions import SESSION_ID, event_lists, outputs, session, started

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.contracts.observation import Rejection, RejectionReason, Tick
from lengthwise.contracts.session import (
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
)
from lengthwise.record import seal as seal_module
from lengthwise.record.log import LogWriter
from lengthwise.record.log_frames import frame
from lengthwise.record.seal import seal
from lengthwise.record.sealed_reading import read_sealed, sealed_metadata
from totalled import totals_of


def write_log(folder: Path, events: list[SessionEvent]) -> Path:
    path = folder / "session.log"
    with LogWriter(path) as log:
        for event in events:
            log.append(event)
    return path


@given(event_lists.filter(bool))
@settings(max_examples=40, deadline=None)
def test_sealing_keeps_every_event_byte_for_byte(events: list[SessionEvent]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        sealed = seal(write_log(folder, events), folder / "session.mcap")
        assert [encode(e) for e in read_sealed(sealed.path)] == [encode(e) for e in events]
        assert sealed.events == len(events)
        assert [p.name for p in folder.iterdir()] == ["session.mcap"]


def test_sealing_the_same_log_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        seal(write_log(tmp_path / name, session(20)), tmp_path / name / "session.mcap")
    assert (tmp_path / "a/session.mcap").read_bytes() == (tmp_path / "b/session.mcap").read_bytes()


def test_another_mcap_reader_finds_topic_encoding_schema_and_times(tmp_path: Path) -> None:
    early = RejectionLogged(Rejection(float("nan"), "camera", RejectionReason.NON_FINITE))
    far = RejectionLogged(Rejection(1e300, "camera", RejectionReason.OUT_OF_RANGE))
    events = [started(), ObservationLogged(Tick(1.25)), early, far, SessionEnded(1.25, True, 0)]
    sealed = seal(write_log(tmp_path, events), tmp_path / "session.mcap")
    with sealed.path.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        found = list(reader.iter_messages())
        summary = reader.get_summary()
    assert {channel.topic for _, channel, _ in found} == {"/session/events"}
    assert {channel.message_encoding for _, channel, _ in found} == {"x-msgpack-lengthwise"}
    assert {schema.name for schema, _, _ in found if schema} == {"lengthwise.SessionEvent"}
    assert {schema.encoding for schema, _, _ in found if schema} == {"jsonschema"}
    times = [message.log_time for _, _, message in found]
    assert times == [0, 1_250_000_000, 1_250_000_000, 1_250_000_000, 1_250_000_000]
    assert [message.sequence for _, _, message in found] == [0, 1, 2, 3, 4]
    assert summary is not None
    assert {index.compression for index in summary.chunk_indexes} == {"zstd"}


def test_metadata_says_which_session_and_how_it_ended(tmp_path: Path) -> None:
    sealed = seal(write_log(tmp_path, session(3)), tmp_path / "session.mcap")
    metadata = sealed_metadata(sealed.path)
    assert metadata["lengthwise.session"]["session_id"] == SESSION_ID == sealed.session_id
    assert metadata["lengthwise.session"]["software"] == "lengthwise test"
    assert metadata["lengthwise.end"]["frames"] == "3"
    assert metadata["lengthwise.end"]["complete"] == "true"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_cut_or_damaged_recording_gives_one_line_and_no_invented_event(
    data: st.DataObject,
) -> None:
    events = session(6)
    allowed = [encode(event) for event in events]
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = seal(write_log(folder, events), folder / "session.mcap").path
        content = bytearray(path.read_bytes())
        if data.draw(st.booleans()):
            content = content[: data.draw(st.integers(0, len(content) - 1))]
        else:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        found = []
        try:
            for event in read_sealed(path):
                found.append(encode(event))
        except InputError as refused:
            assert "\n" not in str(refused)
        # Damage outside the events (the index at the end) may go unseen: they are still exact.
        assert found == allowed[: len(found)]


def test_every_damaged_byte_of_the_frame_of_a_recording_gives_one_line(tmp_path: Path) -> None:
    events = session(1)
    allowed = [encode(event) for event in events]
    path = seal(write_log(tmp_path, events), tmp_path / "session.mcap").path
    content = path.read_bytes()
    # The records around the compressed events: lengths, counts and names.
    for at in [*range(0, 600), *range(len(content) - 1200, len(content))]:
        damaged = bytearray(content)
        damaged[at] ^= 0x81
        path.write_bytes(damaged)
        found = []
        try:
            for event in read_sealed(path):
                found.append(encode(event))
        except InputError as refused:
            assert "\n" not in str(refused)
        assert found == allowed[: len(found)], at


def test_a_running_session_cannot_be_sealed(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    with LogWriter(path) as log:
        log.append(started())
        with pytest.raises(StorageError, match="still being written") as why:
            seal(path, tmp_path / "session.mcap")
        assert why.value.code is None
    assert [p.name for p in tmp_path.iterdir()] == ["session.log"]


def test_a_log_without_an_event_is_not_sealed(tmp_path: Path) -> None:
    log = write_log(tmp_path, [])
    with pytest.raises(InputError, match="no whole event"):
        seal(log, tmp_path / "session.mcap")
    assert [p.name for p in tmp_path.iterdir()] == ["session.log"]


def test_what_could_not_be_read_is_kept_beside_the_recording(tmp_path: Path) -> None:
    log = write_log(tmp_path, session(3))
    content = bytearray(log.read_bytes())
    content[2000] ^= 1
    log.write_bytes(content)
    sealed = seal(log, tmp_path / "session.mcap")
    assert sealed.events == len(session(3)) - 1
    assert sealed.log.damaged
    assert (tmp_path / "session.log.damaged").read_bytes() == content


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_seal_that_is_refused_leaves_the_log_and_the_older_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    older = tmp_path / "session.mcap"
    older.write_bytes(b"an older one")
    log = write_log(tmp_path, session(3))
    before = log.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    owner = os if call == "fsync" else Path
    monkeypatch.setattr(owner, call, refuse)
    with pytest.raises(StorageError, match="No space left") as why:
        seal(log, older)
    assert why.value.code == "no_room"
    monkeypatch.undo()
    assert log.read_bytes() == before
    assert older.read_bytes() == b"an older one"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_seal_that_does_not_read_back_keeps_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path, session(3))
    monkeypatch.setattr(seal_module, "sealed_payloads", lambda _: iter([b"another event"]))
    with pytest.raises(StorageError, match="does not read back"):
        seal(log, tmp_path / "session.mcap")
    assert [p.name for p in tmp_path.iterdir()] == ["session.log"]


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"t_s,hip\n0,1\n", os.urandom(5000)])
def test_what_is_no_recording_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session.mcap"
    path.write_bytes(content)
    with pytest.raises(LengthwiseError, match="allowed: a whole sealed session"):
        list(read_sealed(path))
    with pytest.raises(LengthwiseError, match="No such file"):
        list(read_sealed(tmp_path / "absent.mcap"))


def test_progress_ends_at_the_size_of_the_log(tmp_path: Path) -> None:
    log = write_log(tmp_path, session(200))
    size = log.stat().st_size
    told: list[tuple[int, int]] = []
    seal(log, tmp_path / "session.mcap", progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (size, size)
    assert told == sorted(told) and len(told) > 1


def test_totals_are_those_of_the_events_by_hand() -> None:
    totals = totals_of(session(9))
    assert totals is not None
    assert (totals.session_id, totals.frames, totals.complete) == (SESSION_ID, 9, True)
    assert totals.duration_s == 9 / 30
    assert totals.effective_s == 8 / 30
    assert totals.rejections == {"camera.jump": 2}
    assert totals.claimed_ratio["pelvis_tilt"] == 0.0
    assert totals.claimed_ratio["trunk_side_lean"] == 1.0


def test_dose_is_the_last_reading_of_each_hold_and_none_where_nothing_was_coached() -> None:
    rng = np.random.default_rng(1)
    holds = [
        outputs(1.0, rng, effective_s=2.0, repetition=1),
        outputs(2.0, rng, effective_s=3.0, uncertain_s=1.0, repetition=1),
        outputs(3.0, rng, uncertain_s=4.0, repetition=2),
        outputs(4.0, rng, repetition=3),
    ]
    totals = totals_of([started(), *holds])
    assert totals is not None
    assert (totals.effective_s, totals.uncertain_s) == (3.0, 5.0)
    assert (totals.duration_s, totals.complete) == (4.0, False)
    measured = totals_of([started(exercise_id=None), *holds])
    assert measured is not None
    assert measured.effective_s is measured.uncertain_s is None
    assert totals_of(holds) is None


def test_torn_bytes_behind_the_end_do_not_count_as_damage(tmp_path: Path) -> None:
    log = write_log(tmp_path, session(2))
    with log.open("ab") as stream:
        stream.write(frame(b"x" * 50)[:-1])
    sealed = seal(log, tmp_path / "session.mcap")
    assert (sealed.log.bytes_cut, sealed.log.damaged, sealed.complete) == (61, False, True)
    assert not log.exists()
