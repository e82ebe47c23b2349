"""Laws of the append log: what was written comes back, whatever was cut or damaged."""

import errno
import os
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_sessions import event_lists, session, started, stop

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import Tick
from lengthwise.contracts.session import DecisionLogged, ObservationLogged, SessionEvent
from lengthwise.record import log as log_module
from lengthwise.record import log_reading
from lengthwise.record.beside import Beside
from lengthwise.record.lock import try_lock_named
from lengthwise.record.log import LogWriter
from lengthwise.record.log_frames import MAGIC, frame
from lengthwise.record.log_reading import LogReport, events_at, read_log

HEADER_BYTES = 16


def written(path: Path, events: list[SessionEvent]) -> list[int]:
    """Write a log; the file size after each event."""
    ends = []
    with LogWriter(path) as log:
        for event in events:
            log.append(event)
            ends.append(path.stat().st_size)
    return ends


def payloads(path: Path) -> tuple[list[bytes], LogReport]:
    reading = read_log(path)
    return [payload for payload, _ in reading.payloads()], reading.report


def tick(t_s: float) -> ObservationLogged:
    return ObservationLogged(Tick(t_s))


@given(event_lists)
@settings(max_examples=60)
def test_what_is_read_is_what_was_written_byte_for_byte(events: list[SessionEvent]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "session.log"
        written(path, events)
        reading = read_log(path)
        assert [encode(event) for event in reading] == [encode(event) for event in events]
        assert reading.report == LogReport(path.stat().st_size, len(events), 0, 0, 0, 0)


@given(event_lists, st.data())
@settings(max_examples=60)
def test_any_prefix_of_a_log_holds_exactly_its_whole_frames(
    events: list[SessionEvent], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "session.log"
        ends = written(path, events)
        cut = data.draw(st.integers(0, path.stat().st_size))
        os.truncate(path, cut)
        whole = [encode(event) for event, end in zip(events, ends, strict=True) if end <= cut]
        found, report = payloads(path)
        assert found == whole
        last_end = max([HEADER_BYTES, *(end for end in ends if end <= cut)])
        assert report.bytes_cut == (cut if cut < HEADER_BYTES else cut - last_end)
        assert report.bytes_skipped == report.gaps == 0


def test_every_prefix_of_a_short_log_holds_exactly_its_whole_frames(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    events = [started(), tick(0.1), DecisionLogged(stop(0.2)), tick(0.3)]
    ends = written(path, events)
    content = path.read_bytes()
    for cut in range(len(content) + 1):
        path.write_bytes(content[:cut])
        assert len(payloads(path)[0]) == sum(end <= cut for end in ends), cut


@given(st.data(), st.integers(1, 255))
@settings(max_examples=80)
def test_a_flipped_byte_costs_at_most_its_own_frame_and_is_told(
    data: st.DataObject, flip: int
) -> None:
    events = session(2)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "session.log"
        ends = written(path, events)
        content = bytearray(path.read_bytes())
        # The small parts of a frame are as likely to be hit as its long payload.
        where = st.integers(0, len(content) - 1) | st.sampled_from(
            [s + i for s in [0, HEADER_BYTES, *ends[:-1]] for i in range(12)]
        )
        at = data.draw(where)
        content[at] ^= flip
        path.write_bytes(content)
        found, report = payloads(path)
        hit = None if at < HEADER_BYTES else next(i for i, end in enumerate(ends) if at < end)
        assert found == [encode(event) for i, event in enumerate(events) if i != hit]
        starts = [HEADER_BYTES, *ends]
        size = HEADER_BYTES if hit is None else ends[hit] - starts[hit]
        assert report.bytes_skipped + report.bytes_cut == size
        assert report.bytes_cut == (size if hit == len(events) - 1 else 0)


@given(st.data())
@settings(max_examples=40)
def test_a_stretch_of_rubbish_costs_only_the_frames_it_touches(data: st.DataObject) -> None:
    events: list[SessionEvent] = [tick(i / 10) for i in range(40)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "session.log"
        ends = written(path, events)
        content = bytearray(path.read_bytes())
        rubbish = data.draw(st.binary(min_size=1, max_size=200))
        at = data.draw(st.integers(HEADER_BYTES, len(content) - len(rubbish)))
        content[at : at + len(rubbish)] = rubbish
        path.write_bytes(content)
        starts = [HEADER_BYTES, *ends[:-1]]
        untouched = {
            encode(event)
            for event, a, b in zip(events, starts, ends, strict=True)
            if b <= at or a >= at + len(rubbish)
        }
        assert untouched <= set(payloads(path)[0]) <= {encode(event) for event in events}


def test_damage_longer_than_the_read_buffer_is_stepped_over(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.0)])
    with path.open("ab") as stream:
        stream.write(os.urandom(3_000_001) + frame(encode(tick(2.0))) + b"\0" * 5000)
    found, report = payloads(path)
    assert found == [encode(tick(1.0)), encode(tick(2.0))]
    assert (report.bytes_skipped, report.gaps, report.bytes_cut) == (3_000_001, 1, 5000)


@pytest.mark.parametrize("before_boundary", [0, 1, 2, 3, 4])
def test_a_marker_across_two_read_blocks_is_found(tmp_path: Path, before_boundary: int) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.0)])
    # The search begins one byte behind the last whole frame.
    with path.open("ab") as stream:
        stream.write(b"\0" * (1 + log_reading._SCAN_BYTES - before_boundary))
        stream.write(frame(encode(tick(2.0))))
    assert payloads(path)[0] == [encode(tick(1.0)), encode(tick(2.0))]


def test_a_whole_frame_that_is_no_event_is_counted_and_passed(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.0)])
    with path.open("ab") as stream:
        stream.write(frame(b"\x93\x01\x02\x03") + frame(b"") + frame(encode(tick(2.0))))
    found, report = payloads(path)
    assert found == [encode(tick(1.0)), encode(tick(2.0))]
    assert report.undecodable == 2 and report.damaged


def test_a_frame_stands_in_the_file_as_the_format_says(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.5)])
    content, payload = path.read_bytes(), encode(tick(1.5))
    assert content[:8] == b"\x89LwLog\r\n"
    assert struct.unpack_from("<II", content, 8) == (1, zlib.crc32(content[:12]))
    marker, length, crc = struct.unpack_from("<4sII", content, 16)
    assert (marker, length) == (b"\xf1Lw\x1e", len(payload))
    assert crc == zlib.crc32(struct.pack("<I", length) + payload)
    assert content[28:] == payload


def test_a_log_of_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    bare = struct.pack("<8sI", MAGIC, 3)
    path.write_bytes(bare + struct.pack("<I", zlib.crc32(bare)))
    with pytest.raises(InputError, match="format 3; allowed: format 2"):
        list(read_log(path))


def test_an_unfinished_log_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.0)])
    before = path.read_bytes()
    with pytest.raises(InputError, match="lengthwise recover"):
        LogWriter(path)
    assert path.read_bytes() == before


def test_each_event_is_with_the_kernel_before_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    with LogWriter(path) as log:
        for i in range(1, 5):
            log.append(tick(i))
            assert len(payloads(path)[0]) == i


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the file at each moment the disk was told to keep it."""
    sizes: list[int] = []
    monkeypatch.setattr(log_module, "_to_disk", lambda fd: sizes.append(os.fstat(fd).st_size))
    return sizes


class AtOnce(Beside):
    """Done by the time it is begun."""

    def begin(self, what: Callable[[], None]) -> bool:
        begun = super().begin(what)
        self.wait()
        return begun


def test_the_disk_is_told_once_a_second_and_at_the_end(tmp_path: Path, syncs: list[int]) -> None:
    now_s = 100.0
    with LogWriter(tmp_path / "session.log", monotonic_s=lambda: now_s, beside=AtOnce()) as log:
        assert len(syncs) == 1  # the header
        for _ in range(40):
            now_s += 0.25
            log.append(tick(now_s))
        assert len(syncs) == 1 + 10
        size = log.bytes_written
    assert syncs[-1] == size


def test_logs_that_begin_apart_are_kept_at_the_same_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each at its own, every append waits for the disk once for each of the others."""
    now_s, at_s = 100.1, dict[int, set[float]]()
    monkeypatch.setattr(log_module, "_to_disk", lambda fd: at_s.setdefault(fd, set()).add(now_s))
    clock_s: Callable[[], float] = lambda: now_s  # noqa: E731 - read as the time changes
    logs = []
    for n in range(3):
        now_s += 0.3
        logs.append(LogWriter(tmp_path / f"{n}.log", monotonic_s=clock_s, beside=AtOnce()))
    at_s.clear()
    for _ in range(60):
        now_s += 0.1
        for log in logs:
            log.append(tick(now_s))
    kept = list(at_s.values())
    assert len(kept) == 3 and len(kept[0]) == 6
    assert kept[0] == kept[1] == kept[2]
    for log in logs:
        log.close()


def test_a_disk_that_takes_long_holds_up_no_append_but_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were an append to wait for the disk, the first one behind the second would never return."""
    asked, done, kept = threading.Event(), threading.Event(), []

    def to_disk(fd: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            asked.set()
            assert done.wait(60.0)
        kept.append(os.fstat(fd).st_size)

    now_s = 100.0
    monkeypatch.setattr(log_module, "_to_disk", to_disk)
    with LogWriter(tmp_path / "session.log", monotonic_s=lambda: now_s) as log:
        now_s += 2.0
        for i in range(100):
            log.append(tick(i))
        assert asked.wait(60.0) and len(kept) == 1
        done.set()
        log.append(DecisionLogged(stop(1.1)), durable=True)
        assert kept[-1] == log.bytes_written


def test_a_disk_that_refused_beside_is_told_at_a_later_append(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    now_s, beside = 100.0, Beside()
    path = tmp_path / "session.log"
    with LogWriter(path, monotonic_s=lambda: now_s, beside=beside) as log:
        monkeypatch.setattr(log_module, "_to_disk", full)
        now_s += 2.0
        log.append(tick(1))
        now_s += 2.0
        with pytest.raises(StorageError, match="No space left"):
            while True:  # the thread that was told may not have come back yet
                log.append(tick(2))
        monkeypatch.undo()


def test_events_are_found_again_by_their_places(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    with LogWriter(path) as log:
        places = []
        for i in range(9):
            places.append(log.bytes_written)
            log.append(tick(float(i)))
    wanted = [7, 2, 2, 0]
    found = events_at(path, [places[n] for n in wanted])
    assert [encode(e) for e in found] == [encode(tick(float(n))) for n in wanted]
    with pytest.raises(StorageError, match="damaged") as why:
        events_at(path, [places[3] + 1])
    assert why.value.code is None


def test_a_stop_is_on_disk_when_append_returns(tmp_path: Path, syncs: list[int]) -> None:
    with LogWriter(tmp_path / "session.log", monotonic_s=lambda: 0.0) as log:
        log.append(tick(1.0))
        assert len(syncs) == 1
        log.append(DecisionLogged(stop(1.1)), durable=True)
        assert syncs[1:] == [log.bytes_written]


class FullDisk:
    """`os.write` on a disk with so much room and no more; a write may be taken in part."""

    def __init__(self, room: int) -> None:
        self.room, self._write = room, os.write

    def __call__(self, fd: int, content: bytes) -> int:
        taken = min(self.room, len(content))
        if taken == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= taken
        return self._write(fd, bytes(content)[:taken])


@given(st.integers(16, 2000))
@settings(max_examples=40)
def test_a_full_disk_keeps_everything_before_and_recording_can_go_on(room: int) -> None:
    events = [tick(i) for i in range(60)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "session.log"
        disk = FullDisk(room)
        patch.setattr(os, "write", disk)
        with LogWriter(path) as log:
            with pytest.raises(StorageError, match="No space left") as refused:
                for kept in range(60):
                    log.append(events[kept])
            assert "\n" not in str(refused.value)
            assert refused.value.code == "no_room"
            assert refused.value.values == {"path": str(path)}
            assert payloads(path)[0] == [encode(event) for event in events[:kept]]
            disk.room = 300
            with pytest.raises(StorageError):
                log.append(started())  # torn, and longer than what follows
            disk.room = 10**6
            log.append(events[kept])
        found, report = payloads(path)
        assert found == [encode(event) for event in events[: kept + 1]]
        assert (report.bytes_skipped, report.bytes_cut) == (0, 0)


def test_a_disk_that_is_full_from_the_start_leaves_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", FullDisk(3))
    with pytest.raises(StorageError, match="No space left"):
        LogWriter(tmp_path / "session.log")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_replaced_is_not_a_lock_on_its_name(tmp_path: Path) -> None:
    path = tmp_path / "session.log"
    written(path, [tick(1.0)])
    fd = os.open(path, os.O_RDWR)
    assert try_lock_named(fd, path)
    path.unlink()
    assert not try_lock_named(fd, path)
    with LogWriter(path) as log:
        log.append(tick(2.0))
        assert not try_lock_named(fd, path)
    os.close(fd)


def test_a_log_taken_by_recovery_at_its_birth_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "try_lock_named", lambda fd, path: False)
    with pytest.raises(StorageError, match="start again in a moment"):
        LogWriter(tmp_path / "session.log")


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        LogWriter(tmp_path / "nowhere" / "session.log")
    with pytest.raises(InputError, match="check the path"):
        list(read_log(tmp_path / "session.log"))
