"""What an opening and an end cost somebody else who is being led."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from lengthwise.live.load.pages import Heard
from lengthwise.live.load.person import Drawn
from lengthwise.live.load.run import kept, led, shares_ms
from lengthwise.live.load.server import Server

_HEIGHTS_M = (1.5213, 1.8431)
"""Nobody was ever of these: the range of every muscle is searched for them."""
_OTHERS_S = 5.0


class Cold(Struct, frozen=True):
    """`rows`: what was going on beside, how long it took, the images of the one who was led in that
    time, and how long their answers took (p50, p99, longest, ms)."""

    SECONDS: ClassVar[float] = 90.0

    rows: tuple[tuple[str, float, int, tuple[float, float, float]], ...]


def cold_opening(server: Server, persons: Sequence[Drawn], folder: Path) -> Cold:
    """One is led; two others begin and end beside, in both processes of the server."""
    page = server.begin(persons[0])
    spans: list[tuple[str, float, float]] = []
    heard: list[Heard] = []

    def lead() -> None:
        heard.extend(led(server, [page], kept(persons, folder), Cold.SECONDS))

    leading = threading.Thread(target=lead)
    leading.start()
    time.sleep(15.0)
    opened = []
    for height_m in _HEIGHTS_M:
        begun_s = time.monotonic()
        opened.append(server.begin(persons[0], height_m=height_m))
        spans.append(("an opening", begun_s, time.monotonic()))
        led(server, opened[-1:], kept(persons, folder), _OTHERS_S)
    for other in opened:
        begun_s = time.monotonic()
        server.end(other)
        spans.append(("an end", begun_s, time.monotonic()))
        time.sleep(5.0)
    leading.join()
    server.end(page)
    return Cold(tuple(_rows(heard[0], spans)))


def _rows(
    heard: Heard, spans: Sequence[tuple[str, float, float]]
) -> list[tuple[str, float, int, tuple[float, float, float]]]:
    rows = []
    for name, begun_s, done_s in spans:
        within = [took for at_s, took in heard.answered if begun_s <= at_s <= done_s]
        rows.append((name, done_s - begun_s, len(within), shares_ms(within)))
    beside = [
        took
        for at_s, took in heard.answered
        if not any(begun_s <= at_s <= done_s for _, begun_s, done_s in spans)
    ]
    rows.append(("nothing", 0.0, len(beside), shares_ms(beside)))
    return rows
