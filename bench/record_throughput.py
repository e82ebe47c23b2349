"""What recording costs: time and bytes per frame, sealing, reading, memory; against plain writes.

    python bench/record_throughput.py --minutes 10 --folder FOLDER

One frame is an image's landmarks and the outputs that follow from them, at 30 Hz. The limit of the
same run is `os.write` of the same bytes without encoding, framing or telling the disk.
"""

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from in_folder import run
from lengthwise.contracts.codec import encode
from lengthwise.contracts.session import SessionEnded, SessionEvent
from lengthwise.record.log import LogWriter
from lengthwise.record.log_reading import read_log
from lengthwise.record.seal import seal
from lengthwise.record.sealed_reading import read_sealed
from made_up_session import RATE_HZ, frames, started

DISTINCT_S = 50.0
"""More distinct frames than one compressed chunk holds, so that repetition does not flatter."""


def _write(
    path: Path, events: list[list[SessionEvent]], count: int, *, durable: bool
) -> list[float]:
    """Seconds per frame; the same prepared events are written over and over."""
    took_s = []
    with LogWriter(path) as log:
        log.append(started("20260131T081500Z-000000", "bench", seconds=DISTINCT_S))
        for i in range(count):
            began_s = time.perf_counter()
            for event in events[i % len(events)]:
                log.append(event, durable=durable)
            took_s.append(time.perf_counter() - began_s)
        log.append(SessionEnded(count / RATE_HZ, complete=True, frames=count))
    return took_s


def _plain(path: Path, events: list[list[SessionEvent]], count: int) -> list[float]:
    raw = [[encode(event) for event in frame] for frame in events]
    took_s = []
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for i in range(count):
        began_s = time.perf_counter()
        for payload in raw[i % len(raw)]:
            os.write(fd, payload)
        took_s.append(time.perf_counter() - began_s)
    os.close(fd)
    return took_s


def _line(name: str, took_s: list[float]) -> str:
    p50, p99 = (float(q) * 1e6 for q in np.percentile(took_s, [50, 99]))
    rate = 1 / float(np.mean(took_s))
    times = f"{p50:>9.0f}{p99:>10.0f}{max(took_s) * 1e6:>10.0f} µs/frame"
    return f"{name:<34}{times}{rate:>10.0f} frames/s"


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder: Path, _named: Path | None, minutes: float) -> None:
    count = round(minutes * 60 * RATE_HZ)
    events = list(frames(DISTINCT_S))
    log, sealed = folder / "session.log", folder / "session.mcap"
    print(f"{'':<34}{'p50':>9}{'p99':>10}{'max':>10}")
    print(_line("limit: plain write, no encoding", _plain(folder / "plain", events, count)))
    print(_line("log", _write(log, events, count, durable=False)))
    few = min(count, 300)
    print(_line("log, every event to disk", _write(folder / "d.log", events, few, durable=True)))
    size = log.stat().st_size
    image, *_, outputs = [len(encode(event)) for event in events[-1]]
    print(f"bytes: observation {image}, outputs {outputs}, log {size / count:.0f} per frame")
    before_mb = _memory_mb()
    began_s = time.perf_counter()
    read = sum(1 for _ in read_log(log))
    read_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    seal(log, sealed)
    seal_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    again = sum(1 for _ in read_sealed(sealed))
    reread_s = time.perf_counter() - began_s
    if read != again:
        raise SystemExit(f"{read} events in the log, {again} sealed")
    packed = sealed.stat().st_size
    print(
        f"{minutes:g} min: log {size / 1e6:.1f} MB read in {read_s:.2f} s;"
        f" sealed {packed / 1e6:.1f} MB ({packed / size:.0%}) in {seal_s:.2f} s"
        f" ({minutes * 60 / seal_s:.0f} x real time), read in {reread_s:.2f} s"
    )
    print(f"memory: {before_mb:.0f} MB before reading and sealing, {_memory_mb():.0f} MB at most")


if __name__ == "__main__":
    sys.exit(run(__doc__, measure, unit="minutes", default=10.0))
