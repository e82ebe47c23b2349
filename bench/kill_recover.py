"""Kill -9 a recording program at random moments; everything it had recorded must come back.

    python bench/kill_recover.py --kills 50 --seed 1 [--only analyze|writer]

`analyze`: a real `lengthwise analyze` of a simulated recording (see kill_analyze.py). `writer`: a
child writes events of a simulated session and acknowledges each image on a pipe after the log
took it; now and then it saves the person, and some children go on to seal. The parent kills it
while it starts, writes or seals, recovers, and compares. Exit 0 when nothing was lost and every
database is whole.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

import kill_analyze
from lengthwise.contracts.codec import encode
from lengthwise.contracts.person import Measure, MeasureName, Person
from lengthwise.contracts.session import SessionEnded, SessionEvent
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import read_log
from lengthwise.record.recover import recover
from lengthwise.record.seal import seal
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.record.session_folder import session_folder
from lengthwise.record.store import ProfileStore
from lengthwise.record.totals import TotalsCount
from made_up_session import RATE_HZ, frames, is_image, started

PROFILE = "killed"
SOURCE_S = 20.0
IMAGES_BEFORE_SEAL = 400
_ACK = struct.Struct("<cI")
_IMAGE, _PERSON, _SEALING, _LISTED = b"F", b"P", b"S", b"L"


class Moment(StrEnum):
    """When the child is killed."""

    STARTING = "starting"
    WRITING = "writing"
    SEALING = "sealing"


class Round(Struct, frozen=True):
    """One kill. `recovered`, `lost`: images; `person_kept`: the last acknowledged save is there."""

    moment: Moment
    acknowledged: int
    recovered: int
    lost: int
    in_order: bool
    bytes_cut: int
    sealed_before: bool
    person_kept: bool
    database_whole: bool
    listed: bool
    recover_s: float

    @property
    def sound(self) -> bool:
        kept = self.lost == 0 and self.in_order and self.person_kept and self.database_whole
        return kept and (self.listed or self.recovered == 0)


def write_source(path: Path) -> Path:
    """The events that the children write, made once, as a log."""
    with LogWriter(path) as log:
        for together in frames(SOURCE_S):
            for event in together:
                log.append(event)
    return path


def child(home: Path, session_id: str, source: Path, *, seals: bool) -> None:
    """Write until killed (or seal after a while), acknowledging on standard output."""
    events = list(read_log(source))
    with ProfileStore.open(home, PROFILE) as store:
        folder = store.session_folder(session_id).create()
        with LogWriter(folder.log) as log:
            log.append(started(session_id, PROFILE, seconds=SOURCE_S))
            count = 0
            for event in cycle(events):
                image = is_image(event)
                if image and seals and count == IMAGES_BEFORE_SEAL:
                    break
                count += image
                log.append(event, durable=image and count % 50 == 0)
                if image:
                    _acknowledge(_IMAGE, count)
                if image and count % 20 == 0:
                    store.save_person(_weighing(count))
                    _acknowledge(_PERSON, count)
            log.append(SessionEnded(count / RATE_HZ, complete=True, frames=count))
        _acknowledge(_SEALING, count)
        seal(folder.log, folder.sealed)
        counted = TotalsCount()
        for event in read_sealed(folder.sealed):
            counted.take(event)
        totals = counted.totals()
        assert totals is not None
        store.add_session(totals, folder.sealed)
    _acknowledge(_LISTED, count)


def _weighing(count: int) -> Person:
    mass = Measure(MeasureName.MASS, float(count), 0.5, "2026-01-31T08:15:00Z")
    return Person(PROFILE, measures=(mass,), simulated=True)


def _acknowledge(kind: bytes, count: int) -> None:
    os.write(1, _ACK.pack(kind, count))


def kill_once(home: Path, source: Path, index: int, rng: random.Random) -> Round:
    """Start a child, kill it, recover, compare."""
    moment = rng.choices(list(Moment), weights=(1, 6, 3))[0]
    session_id = f"20260131T081500Z-{index:06x}"
    command = [sys.executable, __file__, "--child", str(home), session_id, str(source)]
    if moment is Moment.SEALING:
        command.append("--seals")
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        acks = _watch(running, moment, rng)
        running.send_signal(signal.SIGKILL)
        acks += running.stdout.read()
    highest = _highest(acks)
    sealed_before = session_folder(home, PROFILE, session_id).sealed.exists()
    began_s = time.perf_counter()
    found = recover(home)
    return _compare(
        home,
        session_id,
        Round(
            moment=moment,
            acknowledged=highest[_IMAGE],
            recovered=0,
            lost=0,
            in_order=True,
            bytes_cut=sum(r.bytes_cut for r in found),
            sealed_before=sealed_before,
            person_kept=True,
            database_whole=all(r.problem is None for r in found) and recover(home) == [],
            listed=False,
            recover_s=time.perf_counter() - began_s,
        ),
        written=[encode(event) for event in read_log(source) if is_image(event)],
        saved=highest[_PERSON],
    )


def _watch(running: "subprocess.Popen[bytes]", moment: Moment, rng: random.Random) -> bytes:
    """Wait for the moment; returns what was read of the acknowledgements."""
    assert running.stdout is not None
    if moment is Moment.STARTING:
        time.sleep(rng.uniform(0.0, 1.2))
        return b""
    awaited = _SEALING if moment is Moment.SEALING else _IMAGE
    acks = b""
    while ack := running.stdout.read(_ACK.size):
        acks += ack
        if ack[:1] == awaited:
            break
    time.sleep(rng.uniform(0.0, 0.25))
    return acks


def _highest(acks: bytes) -> Counter[bytes]:
    highest: Counter[bytes] = Counter()
    whole = len(acks) - len(acks) % _ACK.size
    for kind, count in _ACK.iter_unpack(acks[:whole]):
        highest[kind] = max(highest[kind], count)
    return highest


def _compare(
    home: Path, session_id: str, so_far: Round, *, written: list[bytes], saved: int
) -> Round:
    sealed = session_folder(home, PROFILE, session_id).sealed
    events: list[SessionEvent] = list(read_sealed(sealed)) if sealed.exists() else []
    images = [encode(event) for event in events if is_image(event)]
    same = sum(image == written[i % len(written)] for i, image in enumerate(images))
    with ProfileStore.open(home, PROFILE) as store:
        mass = store.person().measure(MeasureName.MASS)
        listed = session_id in {totals.session_id for totals in store.sessions()}
        path = store.path
    with sqlite3.connect(path) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return Round(
        moment=so_far.moment,
        acknowledged=so_far.acknowledged,
        recovered=len(images),
        lost=max(so_far.acknowledged - same, 0),
        in_order=same == len(images),
        bytes_cut=so_far.bytes_cut,
        sealed_before=so_far.sealed_before,
        person_kept=saved == 0 or (mass is not None and mass.value >= saved),
        database_whole=so_far.database_whole and verdict == "ok",
        listed=listed,
        recover_s=so_far.recover_s,
    )


_FIGURES: dict[str, Callable[[Round], int]] = {
    "kills": lambda r: 1,
    "images acknowledged": lambda r: r.acknowledged,
    "images recovered": lambda r: r.recovered,
    "acknowledged but lost": lambda r: r.lost,
    "torn bytes cut": lambda r: r.bytes_cut,
    "already sealed when killed": lambda r: int(r.sealed_before),
    "database whole": lambda r: int(r.database_whole and r.person_kept),
    "listed in the store": lambda r: int(r.listed),
}


class _Kill(Protocol):
    """What the rounds of both kinds have in common."""

    @property
    def moment(self) -> StrEnum: ...
    @property
    def recover_s(self) -> float: ...
    @property
    def sound(self) -> bool: ...


_R = TypeVar("_R", bound=_Kill)


def _table(title: str, rounds: Sequence[_R], figures: dict[str, Callable[[_R], int]]) -> str:
    moments = list(type(rounds[0].moment))
    lines = [f"{title:<34}" + "".join(f"{m.value:>10}" for m in moments) + f"{'all':>10}"]
    for name, figure in figures.items():
        by_moment = [sum(figure(r) for r in rounds if r.moment is m) for m in moments]
        cells = "".join(f"{value:>10}" for value in [*by_moment, sum(by_moment)])
        lines.append(f"{name:<34}{cells}")
    slowest_s = max(r.recover_s for r in rounds)
    lines.append(f"slowest recovery {slowest_s:.2f} s; sound {sum(r.sound for r in rounds)}\n")
    return "\n".join(lines)


def _summary(rounds: Sequence[_R], figures: dict[str, Callable[[_R], int]]) -> dict[str, int]:
    summed = {name: sum(figure(r) for r in rounds) for name, figure in figures.items()}
    return {**summed, "sound": sum(r.sound for r in rounds)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="of each kind; default: 50")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("analyze", "writer"), help="default: both kinds")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--seals", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        home, session_id, source = options.child
        child(Path(home), session_id, Path(source), seals=options.seals)
        return 0
    told: dict[str, dict[str, int]] = {}
    sound = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if options.only != "writer":
            kills = kill_analyze.rounds(folder / "analyze", options.kills, seed=options.seed)
            told["analyze"] = _summary(kills, kill_analyze.FIGURES)
            sound &= all(k.sound for k in kills)
            if not options.json:
                print(_table("lengthwise analyze", kills, kill_analyze.FIGURES), flush=True)
        if options.only != "analyze":
            rng = random.Random(options.seed)
            source = write_source(folder / "source.log")
            rounds = [kill_once(folder / "home", source, i, rng) for i in range(options.kills)]
            told["writer"] = _summary(rounds, _FIGURES)
            sound &= all(r.sound for r in rounds)
            if not options.json:
                print(_table("a writer that acknowledges", rounds, _FIGURES), flush=True)
    if options.json:
        print(json.dumps(told))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
