"""Logs of sessions under a passphrase: cut off, damaged, gone on with."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from locked_profiles import IN_CLEAR, WORDS, all_bytes, locked, make_light, recorded
from recorded_sessions import session

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError
from lengthwise.record import encrypting, locking
from lengthwise.record.log import LogWriter
from lengthwise.record.log_frames import frame
from lengthwise.record.log_reading import FrameScan, LogReading
from lengthwise.record.recover import recover
from lengthwise.record.session_folder import session_folder
from lengthwise.record.store import ProfileStore
from lengthwise.vault import keyring


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make_light(monkeypatch)
    yield
    keyring._held.clear()


def test_a_session_that_was_killed_loses_one_event_at_the_most(tmp_path: Path) -> None:
    """The log of a locked profile, cut at every byte of its last frame."""
    recorded(tmp_path)
    locked(tmp_path)
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    events = list(session(10))[:-1]
    with LogWriter(folder.log) as log:
        for event in events:
            log.append(event)
            size = log.bytes_written
    raw = folder.log.read_bytes()
    assert b"half_kneeling" not in raw and len(raw) == size
    for cut in (size - 1, size - 40, size - 500):
        folder.log.write_bytes(raw[:cut])
        reading = LogReading(folder.log)
        assert len(list(reading)) >= len(events) - 1
        assert not reading.report.damaged
    found = recover(tmp_path)
    assert [r.problem for r in found] == [None]
    assert found[0].events == len(events) - 1
    assert b"half_kneeling" not in all_bytes(tmp_path / "profiles")
    with ProfileStore.open(tmp_path, "anna") as store:
        assert not store.sessions()[-1].complete


def test_an_encrypted_log_notices_what_was_taken_out_or_put_in(tmp_path: Path) -> None:
    recorded(tmp_path)
    locked(tmp_path)
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    with LogWriter(folder.log) as log:
        ends = [log.bytes_written]
        for event in session(10):
            log.append(event)
            ends.append(log.bytes_written)
    raw = folder.log.read_bytes()
    frames = [raw[a:b] for a, b in pairwise(ends)]
    plain = frame(b"\x80")
    for changed in (
        [*frames[:3], *frames[4:]],
        [*frames[:3], frames[4], frames[3], *frames[5:]],
        [*frames[:3], frames[2], *frames[3:]],
        [*frames[:3], plain, *frames[3:]],
    ):
        folder.log.write_bytes(raw[: ends[0]] + b"".join(changed))
        reading = LogReading(folder.log)
        events = list(reading)
        assert reading.report.damaged and len(frames) - 2 < len(events) <= len(frames)
    folder.log.write_bytes(b"\0" * ends[0] + b"".join(frames))
    assert len(list(LogReading(folder.log))) == len(frames), "a damaged header costs nothing else"


def test_a_session_that_was_cut_off_in_clear_is_brought_back_encrypted(tmp_path: Path) -> None:
    recorded(tmp_path)
    other = "20260201T081500Z-a1b2c4"
    folder = session_folder(tmp_path, "anna", other).create()
    with LogWriter(folder.log) as log:
        for event in session(10, session_id=other, ended=False):
            log.append(event)
    locked(tmp_path)
    assert encrypting.in_clear(tmp_path / "profiles" / "anna") == ()
    (found,) = recover(tmp_path)
    assert found.problem is None and found.stored and found.frames == 10
    assert not any(word in all_bytes(tmp_path / "profiles") for word in IN_CLEAR)


def test_a_log_that_was_encrypted_as_a_whole_is_not_gone_on_with_and_stays_whole(
    tmp_path: Path,
) -> None:
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    with LogWriter(folder.log) as log:
        for event in session(10, session_id="20260201T081500Z-a1b2c4", ended=False):
            log.append(event)
    locked(tmp_path)
    before = folder.log.read_bytes()
    with pytest.raises(InputError, match="encrypted as a whole"):
        LogWriter.reopened(folder.log)
    assert folder.log.read_bytes() == before


def test_an_encrypted_log_is_gone_on_with_and_no_place_is_sealed_the_same_way_twice(
    tmp_path: Path,
) -> None:
    recorded(tmp_path)
    locked(tmp_path)
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    events = list(session(10, session_id="20260201T081500Z-a1b2c4", ended=False))
    for turn in range(3):
        writer = LogWriter(folder.log) if turn == 0 else LogWriter.reopened(folder.log)
        with writer as log:
            for event in events[4 * turn : 4 * turn + 4]:
                log.append(event)
    reading = LogReading(folder.log)
    assert [encode(e) for e in reading] == [encode(e) for e in events[:12]]
    assert not reading.report.damaged
    heads = [found[: 4 + 16 + 8 + 4] for found in FrameScan(folder.log).payloads()]
    assert len({head[4:20] for head in heads}) == 1, "one log"
    attempts = {head[-4:] for head in heads}
    assert len(attempts) == 3, "each going on begins at a number of its own"


def test_a_damaged_encrypted_log_is_in_clear_again_as_far_as_it_was_whole(tmp_path: Path) -> None:
    recorded(tmp_path)
    locked(tmp_path)
    folder = session_folder(tmp_path, "anna", "20260201T081500Z-a1b2c4").create()
    with LogWriter(folder.log) as log:
        for event in session(10):
            log.append(event)
    raw = bytearray(folder.log.read_bytes())
    raw[len(raw) // 2] ^= 1
    damaged = folder.path / "session.log.damaged"
    damaged.write_bytes(raw)
    folder.log.unlink()
    events = len(list(LogReading(damaged)))
    assert events == len(session(10)) - 1
    locking.remove(tmp_path, "anna", WORDS)
    assert b"half_kneeling" in damaged.read_bytes()
    assert len(list(LogReading(damaged))) == events
