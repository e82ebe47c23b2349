"""Kill -9 of a real `lengthwise analyze` at random moments; used by kill_recover.py.

A simulated recording is written as `landmarks.csv` and analysed once undisturbed; that run is the
reference. Each other run is killed while it starts, writes its log, or finishes (seals, draws,
lists the session in a profile). What must come back is every event whose frame stood whole in the
log file at the kill, found here by a walk of its own over the bytes (all of the reference, where
the log had already given way to the sealed file). Nothing that is not in the reference may come
with it, and no estimate that already stood in body.csv may be missing. The sealed file is read with
the reader of the `mcap` package.
"""

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from mcap.reader import make_reader
from msgspec import Struct

from lengthwise.contracts.home import ENVIRONMENT_NAME, data_home
from lengthwise.contracts.observation import LandmarkFrame
from lengthwise.contracts.session import FrameLogged, SessionEnded
from lengthwise.record.log_frames import decode_event
from lengthwise.record.recover import recover
from lengthwise.record.session_folder import LOG_NAME, SEALED_NAME
from lengthwise.record.store import STORE_NAME, ProfileStore
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import SimulatedRecording
from made_up_session import plan

PROFILE = "killed"
RECORDING_S = 20.0
_HEADER_BYTES = 16
_FRAME = struct.Struct("<4sII")
_POLL_S = 0.002


class Moment(StrEnum):
    """When the run is killed."""

    STARTING = "starting"
    WRITING = "writing"
    FINISHING = "finishing"


class Reference(Struct, frozen=True):
    """The undisturbed run: its events and how long each part took, seconds."""

    payloads: tuple[bytes, ...]
    starting_s: float
    writing_s: float
    finishing_s: float


class Kill(Struct, frozen=True):
    """One kill. `whole`, `recovered`, `lost`, `shown`: estimates (frames of the body)."""

    moment: Moment
    whole: int
    recovered: int
    lost: int
    shown: int
    shown_but_lost: int
    exact: bool
    bytes_cut: int
    sealed_before: bool
    listed: bool
    database_whole: bool
    recover_s: float

    @property
    def sound(self) -> bool:
        kept = self.lost == 0 and self.shown_but_lost == 0
        return kept and self.exact and self.database_whole


FIGURES: dict[str, Callable[[Kill], int]] = {
    "kills": lambda k: 1,
    "estimates whole in the log": lambda k: k.whole,
    "estimates recovered": lambda k: k.recovered,
    "whole but lost": lambda k: k.lost,
    "estimates already in body.csv": lambda k: k.shown,
    "in body.csv but lost": lambda k: k.shown_but_lost,
    "equal to the undisturbed run": lambda k: int(k.exact),
    "torn bytes cut": lambda k: k.bytes_cut,
    "already sealed when killed": lambda k: int(k.sealed_before),
    "listed when killed": lambda k: int(k.listed),
    "database whole": lambda k: int(k.database_whole),
}


def rounds(folder: Path, kills: int, *, seed: int) -> list[Kill]:
    """Write the recording, run it undisturbed, then kill as many runs of it."""
    folder.mkdir()
    source, home = _recording(folder / "landmarks.csv"), folder / "home"
    rng = random.Random(seed)
    reference = _undisturbed(source, folder / "reference", home)
    found = []
    for i in range(kills):
        out = folder / f"out-{i}"
        found.append(_kill_once(source, out, home, reference, rng))
        shutil.rmtree(out, ignore_errors=True)
    return found


def _recording(path: Path) -> Path:
    recording = SimulatedRecording(plan(RECORDING_S))
    assert recording.camera is not None
    frames = (o for o in recording.read() if isinstance(o, LandmarkFrame))
    write_landmarks_csv(path, recording.camera.stream(), frames)
    return path


def _started(source: Path, out: Path, home: Path) -> "subprocess.Popen[bytes]":
    chosen = plan(RECORDING_S)
    options = ["--exercise", chosen.exercise_id, "--side", chosen.side.value, "--profile", PROFILE]
    command = [sys.executable, "-m", "lengthwise.cli.main", "analyze", str(source)]
    return subprocess.Popen(
        [*command, "--out", str(out), "--zero-s", f"0.5:{chosen.stand_s:g}", *options, "--quiet"],
        env=os.environ | {ENVIRONMENT_NAME: str(home)},
        stdout=subprocess.DEVNULL,
    )


def _undisturbed(source: Path, out: Path, home: Path) -> Reference:
    _ready(home)
    began_s = time.monotonic()
    with _started(source, out, home) as running:
        _wait(running, lambda: _is_writing(out))
        writing_s = time.monotonic()
        _wait(running, lambda: _is_finishing(out))
        finishing_s = time.monotonic()
    ended_s = time.monotonic()
    if running.returncode != 0:
        raise SystemExit(f"the undisturbed run ended with {running.returncode}")
    return Reference(
        payloads=tuple(_sealed_payloads(out / SEALED_NAME)),
        starting_s=writing_s - began_s,
        writing_s=finishing_s - writing_s,
        finishing_s=ended_s - finishing_s,
    )


def _ready(home: Path) -> None:
    """The tables that a run would build in an empty home: how long each part takes is of those that
    find them."""
    built = data_home() / "anatomy"
    if built.is_dir():
        shutil.copytree(built, home / built.name)


def _kill_once(
    source: Path, out: Path, home: Path, reference: Reference, rng: random.Random
) -> Kill:
    moment = rng.choices(list(Moment), weights=(1, 5, 4))[0]
    with _started(source, out, home) as running:
        if moment is Moment.STARTING:
            time.sleep(rng.uniform(0.0, reference.starting_s))
        elif moment is Moment.WRITING:
            _wait(running, lambda: _is_writing(out))
            time.sleep(rng.uniform(0.0, reference.writing_s))
        else:
            _wait(running, lambda: _is_finishing(out))
            time.sleep(rng.uniform(0.0, reference.finishing_s))
        running.send_signal(signal.SIGKILL)
    log, sealed = out / LOG_NAME, out / SEALED_NAME
    sealed_before = sealed.exists()
    if log.exists():
        whole = _whole_payloads(log)
    else:
        whole = [*_sealed_payloads(sealed)[:1], *reference.payloads[1:]] if sealed_before else []
    shown = _rows(out / "body.csv")
    began_s = time.perf_counter()
    found = recover(out) if out.exists() else []
    recover_s = time.perf_counter() - began_s
    again = recover(out) if out.exists() else []
    payloads = _sealed_payloads(sealed)
    kept = payloads[: len(whole)] == whole
    recovered = _estimates(payloads)
    listed = _listed(home, out)
    return Kill(
        moment=moment,
        whole=_estimates(whole),
        recovered=recovered,
        lost=0 if kept else max(_estimates(whole) - recovered, 1),
        shown=shown,
        shown_but_lost=max(shown - recovered, 0),
        exact=_is_beginning(payloads, reference.payloads)
        and again == []
        and all(r.problem is None for r in found),
        bytes_cut=sum(r.bytes_cut for r in found),
        sealed_before=sealed_before,
        listed=listed,
        database_whole=_database_whole(home),
        recover_s=recover_s,
    )


def _wait(running: "subprocess.Popen[bytes]", begun: Callable[[], bool]) -> None:
    while running.poll() is None and not begun():
        time.sleep(_POLL_S)


def _is_writing(out: Path) -> bool:
    log = out / LOG_NAME
    return log.exists() and log.stat().st_size > _HEADER_BYTES


def _is_finishing(out: Path) -> bool:
    return (out / f".{SEALED_NAME}.part").exists() or (out / SEALED_NAME).exists()


def _whole_payloads(log: Path) -> list[bytes]:
    """The payloads of the whole frames of a log, up to the first that is not."""
    raw, at, found = log.read_bytes(), _HEADER_BYTES, []
    while at + _FRAME.size <= len(raw):
        _, length, crc = _FRAME.unpack_from(raw, at)
        payload = raw[at + _FRAME.size : at + _FRAME.size + length]
        if zlib.crc32(raw[at + 4 : at + 8] + payload) != crc:
            break
        found.append(payload)
        at += _FRAME.size + length
    return found


def _sealed_payloads(sealed: Path) -> list[bytes]:
    if not sealed.exists():
        return []
    with sealed.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        return [m.data for _, _, m in reader.iter_messages(log_time_order=False)]


def _is_beginning(payloads: list[bytes], reference: tuple[bytes, ...]) -> bool:
    """Whether these are the first events of the reference, but for the session's id and end."""
    if not payloads:
        return True
    events = payloads[1:]
    last = decode_event(payloads[-1])
    if isinstance(last, SessionEnded) and not last.complete:
        events = events[:-1]
    return events == list(reference[1 : 1 + len(events)])


def _estimates(payloads: list[bytes]) -> int:
    return sum(isinstance(decode_event(payload), FrameLogged) for payload in payloads)


def _rows(table: Path) -> int:
    """Whole rows below the header."""
    return max(table.read_bytes().count(b"\n") - 1, 0) if table.exists() else 0


def _listed(home: Path, out: Path) -> bool:
    with ProfileStore.open(home, PROFILE) as store:
        return any(
            store.recording(totals.session_id).parent == out.resolve()
            for totals in store.sessions()
        )


def _database_whole(home: Path) -> bool:
    with sqlite3.connect(home / "profiles" / PROFILE / STORE_NAME) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return bool(verdict == "ok")
