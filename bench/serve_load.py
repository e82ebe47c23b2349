"""The live server under load: how soon each image is answered, and what memory it holds.

    python bench/serve_load.py                     1, 20 and 100 persons at once, a minute each
    python bench/serve_load.py --sessions 20
    python bench/serve_load.py --cold              what an opening and an end cost somebody else
    python bench/serve_load.py --soak 30           whole exercises in a row for 30 minutes
    python bench/serve_load.py --row 4             memory of each part of four exercises in a row

The server is a real `lengthwise serve` in processes of its own, with a home that goes away; the
pages are simulated persons at 30 images a second in another process, over loopback. One profile
leads one person at a time, so for several `serve_many.py` runs the same server without that rule.
Latency is on the wire, by the pages' clock: from an image sent to its view received.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from lengthwise.live.bench_serve import BASE_MB, EACH_MB, P50_S, P99_S
from lengthwise.live.load.cold import Cold, cold_opening
from lengthwise.live.load.memory import Held, alone
from lengthwise.live.load.person import WHOLE_S, drawn
from lengthwise.live.load.run import Ran, Watching, kept, led, run
from lengthwise.live.load.server import SERVE, Server
from lengthwise.record.session_folder import REPORT_NAME

MANY = (str(Path(__file__).with_name("serve_many.py")),)
MANY_P99_MS = 50.0
_EVERY_S = 10.0
_SETTLED_S = 300.0
_OFTEN_S = 0.15
_PAGES_S = 300.0
_PERSONS = 3
_HEAD = ("sessions", "images", "p50 ms", "p99 ms", "longest", "unanswered", "pages late p99",
         "cores", "PSS MB", "own MB", "RSS MB", "floors: p50, p99 ms, PSS MB")  # fmt: skip


def _row(r: Ran) -> list[str]:
    p50, p99, most = r.answer_ms
    held = r.most or Held(float("nan"), float("nan"), float("nan"), 0)
    floor_ms = f"{1e3 * P50_S:g}, {1e3 * P99_S:g}" if r.sessions == 1 else f"-, {MANY_P99_MS:g}"
    if r.sessions > 20:
        floor_ms = "-, -"
    return [
        str(r.sessions), str(r.images), f"{p50:.1f}", f"{p99:.1f}", f"{most:.0f}",
        f"{r.unanswered / r.images:.2%}", f"{r.late_ms_p99:.1f}", f"{r.cores:.2f}",
        f"{held.pss_mb:.0f}", f"{held.own_mb:.0f}", f"{held.rss_mb:.0f}",
        f"{floor_ms}, {BASE_MB + EACH_MB * r.sessions:.0f}",
    ]  # fmt: skip


def _print(rows: Sequence[Sequence[str]]) -> None:
    wide = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(w) for cell, w in zip(row, wide, strict=True)), flush=True)


def measure(folder: Path, sessions: Sequence[int], seconds: float) -> None:
    persons = [drawn(seed, seconds=seconds) for seed in range(1, _PERSONS + 1)]
    rows: list[Sequence[str]] = [_HEAD]
    for n, count in enumerate(sessions):
        program = SERVE if count == 1 else MANY
        with _served(folder / f"home-{n}", program, at_once=True) as server:
            ran = run(server, persons, folder, sessions=count, seconds=seconds)
        rows.append(_row(ran))
        told = ", ".join(f"{ms:.1f}" for ms in ran.told_ms)
        print(f"{count}: decisions p50, p99, longest {told} ms", flush=True)
    _print(rows)


class _served:  # noqa: N801 - reads as what it does
    """A server with the questions answered, stopped afterwards."""

    def __init__(self, home: Path, program: tuple[str, ...], *, at_once: bool = False) -> None:
        self._server, self._at_once = Server(home, program=program), at_once

    def __enter__(self) -> Server:
        self._server.answer_questions()
        return self._server

    def __exit__(self, *_: object) -> None:
        self._server.stop(at_once=self._at_once)


def cold(folder: Path) -> None:
    """Somebody is led while others of sizes never seen before begin, and end."""
    persons = [drawn(1, seconds=Cold.SECONDS)]
    with _served(folder / "home", MANY) as server:
        found = cold_opening(server, persons, folder)
    rows: list[Sequence[str]] = [("while", "took s", "images", "p50 ms", "p99 ms", "longest")]
    for name, took_s, images, (p50, p99, most) in found.rows:
        rows.append((name, f"{took_s:.2f}", str(images), f"{p50:.1f}", f"{p99:.1f}", f"{most:.0f}"))
    _print(rows)


def soak(folder: Path, minutes: float) -> None:
    """Whole exercises, one after the other; memory every ten seconds."""
    person = drawn(1)
    with _served(folder / "home", SERVE) as server:
        begun_s = time.monotonic()
        with Watching(server.pid, every_s=_EVERY_S) as watching:
            answers: list[float] = []
            while (left_s := begun_s + 60.0 * minutes - time.monotonic()) > 10.0:
                opened = server.begin(person)
                seconds = min(left_s, WHOLE_S)
                (heard,) = led(server, [opened], kept([person], folder), seconds)
                answers += [took_s for _, took_s in heard.answered]
                server.end(opened)
                print(
                    f"{(time.monotonic() - begun_s) / 60.0:5.1f} min: {heard.sent} images,"
                    f" {heard.sent - len(heard.answered)} unanswered, p50 and p99"
                    f" {np.percentile(heard.answered, 50, axis=0)[1] * 1e3:.1f},"
                    f" {np.percentile(heard.answered, 99, axis=0)[1] * 1e3:.1f} ms,"
                    f" last {heard.last_phase}",
                    flush=True,
                )
    _slope(watching, begun_s)


def row(folder: Path, exercises: int, seconds: float) -> None:
    """Exercises in a row, then their pages, as if no other program had any library open: the most
    of each part, looked at several times a second."""
    person, most = drawn(1, seconds=seconds), dict[str, tuple[float, float]]()
    part, over = ["opening"], threading.Event()

    def look(pid: int) -> None:
        while not over.wait(_OFTEN_S):
            if (found := alone(pid)) is not None:
                most[part[0]] = max(most.get(part[0], found), found, key=sum)

    with _served(folder / "home", SERVE) as server:
        looking = threading.Thread(target=look, args=(server.pid,))
        looking.start()
        try:
            for n in range(exercises):
                part[0] = "opening" if n else "the first opening"
                opened = server.begin(person)
                part[0] = "led"
                led(server, [opened], kept([person], folder), seconds)
                part[0] = "ending"
                server.end(opened)
            part[0] = "pages drawn"
            drawn_by_s = time.monotonic() + _PAGES_S
            while (
                len(list(folder.rglob(REPORT_NAME))) < exercises and time.monotonic() < drawn_by_s
            ):
                time.sleep(_OFTEN_S)
        finally:
            over.set()
            looking.join()
    table: list[Sequence[str]] = [("part", "own MB", "files MB", "alone MB", "floor")]
    for name, (own, files) in most.items():
        table.append(
            (name, f"{own:.0f}", f"{files:.0f}", f"{own + files:.0f}", f"{BASE_MB + EACH_MB:.0f}")
        )
    _print(table)
    print(f"{len(list(folder.rglob(REPORT_NAME)))} of {exercises} pages were drawn")


def _slope(watching: Watching, begun_s: float) -> None:
    """Memory by time, and its slope once the first session is over, with the slope's sd."""
    t_min = np.array([(t - begun_s) / 60.0 for t, _ in watching.seen])
    own_mb = np.array([h.own_mb for _, h in watching.seen])
    print("min   own MB, files left out (mean of five minutes, median, least, most)")
    edges = np.arange(0.0, t_min.max() + 5.0, 5.0)
    for low, high in pairwise(edges):
        part = own_mb[(t_min >= low) & (t_min < high)]
        if len(part):
            spread = part.mean(), np.median(part), part.min(), part.max()
            print(f"{low:3.0f}-{high:<3.0f} " + " ".join(f"{mb:6.1f}" for mb in spread))
    later = t_min >= _SETTLED_S / 60.0
    if later.sum() > 10:
        slope, sd = _line(t_min[later], own_mb[later])
        print(f"slope after {_SETTLED_S / 60.0:.0f} min: {slope:+.2f} MB/min, sd {sd:.2f}")


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope of a least-squares line and its sd; neighbours repeat each other (an AR(1) rest), and
    the sd is widened by that."""
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    rest = y - y.mean() - slope * centred
    again = float(np.clip(rest[1:] @ rest[:-1] / max(rest @ rest, 1e-12), 0.0, 0.99))
    sd = np.sqrt(rest @ rest / (len(x) - 2) / (centred @ centred) * (1 + again) / (1 - again))
    return slope, float(sd)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 20, 100])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--row", type=int, metavar="EXERCISES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        what: Callable[[Path], None] = lambda f: measure(f, options.sessions, options.seconds)  # noqa: E731
        if options.cold:
            what = cold
        elif options.soak is not None:
            what = lambda f: soak(f, options.soak)  # noqa: E731
        elif options.row is not None:
            what = lambda f: row(f, options.row, options.seconds)  # noqa: E731
        what(Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main())
