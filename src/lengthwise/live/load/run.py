"""One run: so many persons led at once by one server, and how soon each image was answered."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import encode
from lengthwise.live.load.memory import Held, family, held
from lengthwise.live.load.pages import Asked, Heard
from lengthwise.live.load.person import Drawn
from lengthwise.live.load.server import Opened, Server

_EVERY_S = 2.0
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Ran(Struct, frozen=True):
    """Of all pages together. `unanswered`: images whose view never came, as a newer one overtook it
    or the server was too busy to take it. `late_ms_p99`: how late the pages' own process was.
    `cores`: processor seconds of the server by second."""

    sessions: int
    seconds: float
    images: int
    unanswered: int
    answer_ms: tuple[float, float, float]
    told_ms: tuple[float, float, float]
    late_ms_p99: float
    cores: float
    most: Held | None
    heard: tuple[Heard, ...]


class Watching:
    """Looks at the memory of a server while it runs."""

    def __init__(self, pid: int, every_s: float = _EVERY_S) -> None:
        self._pid, self._every_s = pid, every_s
        self._done = threading.Event()
        self.seen: list[tuple[float, Held]] = []
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(self._every_s):
            now = held(self._pid)
            if now is not None:
                self.seen.append((time.monotonic(), now))

    @property
    def most(self) -> Held | None:
        return max((h for _, h in self.seen), key=lambda h: h.pss_mb, default=None)


def kept(persons: Sequence[Drawn], folder: Path) -> tuple[str, ...]:
    """The persons as files, which the pages' process reads."""
    paths = [folder / f"person-{n}.bin" for n in range(len(persons))]
    for path, person in zip(paths, persons, strict=True):
        path.write_bytes(encode(person))
    return tuple(str(p) for p in paths)


def opened(server: Server, persons: Sequence[Drawn], sessions: int) -> list[Opened]:
    return [server.begin(persons[n % len(persons)]) for n in range(sessions)]


def led(
    server: Server, pages: Sequence[Opened], persons: Sequence[str], seconds: float
) -> tuple[Heard, ...]:
    """The pages' process, from its first image to its last. It keeps to one core where it can."""
    cores = os.cpu_count() or 1
    asked = Asked(
        server.origin,
        server.cookie,
        tuple(persons),
        tuple((p.session_id, p.key, n % len(persons)) for n, p in enumerate(pages)),
        seconds,
        core=cores - 1 if cores > 1 else None,
    )
    done = subprocess.run(
        [sys.executable, "-m", "lengthwise.live.load.pages"],
        input=encode(asked),
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.msgpack.decode(done.stdout, type=tuple[Heard, ...])


def run(
    server: Server, persons: Sequence[Drawn], folder: Path, *, sessions: int, seconds: float
) -> Ran:
    """Lead `sessions` persons for so long. Their sessions are not ended: reports of so many people
    at once would take minutes, and are asked for by nobody."""
    pages = opened(server, persons, sessions)
    before_s = _spent_s(server.pid)
    with Watching(server.pid) as watching:
        heard = led(server, pages, kept(persons, folder), seconds)
        spent_s = _spent_s(server.pid) - before_s
    return told(heard, seconds=seconds, cores=spent_s / seconds, most=watching.most)


def told(heard: tuple[Heard, ...], *, seconds: float, cores: float, most: Held | None) -> Ran:
    answers = [took_s for h in heard for _, took_s in h.answered]
    images = sum(h.sent for h in heard)
    return Ran(
        len(heard),
        seconds,
        images,
        images - len(answers),
        shares_ms(answers),
        shares_ms([t for h in heard for t in h.told_s]),
        shares_ms([t for h in heard for t in h.late_s])[1],
        cores,
        most,
        heard,
    )


def shares_ms(seconds: Iterable[float]) -> tuple[float, float, float]:
    """p50, p99 and the longest, in milliseconds; NaN without any."""
    found = np.array(list(seconds)) * 1e3
    if not len(found):
        return (float("nan"),) * 3
    p50, p99, most = np.percentile(found, [50, 99, 100])
    return float(p50), float(p99), float(most)


def _spent_s(pid: int) -> float:
    """Processor seconds of a process and its descendants so far."""
    ticks = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS_A_SECOND
