"""Heart and breath against what is known of two recordings.

MIT-BIH record 100 has its beats marked by hand, four of them premature; the belt of one person was
counted: 16 breaths in its minute. Both go through the same steps as a worn strap and a belt do.
"""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import chest_force, heart
from lengthwise.body.breath_turns import published_limits
from lengthwise.contracts.devices import HeartSample
from lengthwise.contracts.errors import InputError
from lengthwise.live.evaluation.table import Floor, Table, floors_table, markdown

BEATS = Path("physiology/mitbih_100/100_beats.csv")
BELT = Path("physiology/biosppy/resp.txt")
_BEATS_HZ, _BELT_HZ, _BELT_EVERY = 360.0, 1000.0, 20
UNCLEANED_MS, CLEANED_MS = 55.7, 25.9
BREATHS = 16

_SAID = """
**What this rests on.** One person's heart for five minutes, one person's belt for one. RMSSD of the
whole record is compared with published and independent figures of the same record; the rolling one
is what a session would see. No recording at hand has a strap, a belt and a reference at once, and
none is of somebody who stretches.

RMSSD is shown to no one as stress: slow breathing by itself raises it. What is used is a rate that
rises in a static hold, which asks to ease (`body.heart_rest`), and where a breath begins,
for pacing.
"""


class Found(Struct, frozen=True):
    """RMSSD in ms, over all intervals and over those kept. `marked`: premature beats by hand, of
    which `both` cost exactly the two intervals they bound; `spoilt`: intervals not kept that no
    premature beat bounds. `rolling_ms`: told once a beat, None where it was not."""

    beats: int
    uncleaned_ms: float
    cleaned_ms: float
    marked: int
    both: int
    spoilt: int
    rolling_ms: tuple[float | None, ...]


def evaluate(data: Path) -> list[Table]:
    """Tables of both recordings. Raises InputError where they are not in `data`."""
    for part in (BEATS, BELT):
        if not (data / part).is_file():
            raise InputError(
                "recordings of heart and breath",
                value=data / part,
                allowed="a folder that holds physiology/mitbih_100 and physiology/biosppy",
                remedy="give it with --data",
            )
    found, breath = heart_of(data / BEATS), breath_of(data / BELT)
    rate = None if breath.per_min is None else breath.per_min.mean
    off = None if rate is None else abs(rate - BREATHS)
    of_all, of_normal = UNCLEANED_MS, CLEANED_MS
    floors = [
        Floor("RMSSD of all intervals, ms", found.uncleaned_ms, of_all - 0.1, of_all + 0.1),
        Floor("RMSSD of normal beats, ms", found.cleaned_ms, of_normal - 0.5, of_normal + 0.5),
        Floor("premature beats that are found", found.both / found.marked, 1.0),
        Floor("intervals of normal beats that are left out", float(found.spoilt), None, 0.0),
        Floor("breaths counted in the minute", float(len(breath.begun_s)), BREATHS, BREATHS),
        Floor("rate by cycles, breaths a minute off", off, None, 1.0),
    ]
    floors_met = floors_table("Heart and breath: floors", floors)
    return [floors_met, _heart_table(found), _breath_table(breath)]


def page(tables: list[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return f"# Heart and breath\n\nMade by `{command}`.\n{_SAID}\n{markdown(tables)}"


def heart_of(path: Path) -> Found:
    """The marked beats as a strap reports them, one by one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["is_beat"] == "1"]
    at_s = [int(r["sample"]) / _BEATS_HZ for r in rows]
    premature = {n for n, r in enumerate(rows) if r["symbol"] != "N"}
    limits, state = heart.published_limits(), heart.start()
    intervals: list[heart.Interval] = []
    rolling: list[float | None] = []
    for before_s, now_s in pairwise(at_s):
        sample = HeartSample(now_s, "record", None, (now_s - before_s,))
        state = heart.step(limits, state, sample)
        intervals.append(state.intervals[-1])
        told = heart.told(limits, state, now_s).rmssd_s
        rolling.append(None if told is None else 1000.0 * told)
    left_out = {n for n, i in enumerate(intervals) if not i.kept}
    bounded = {n - side for n in premature for side in (0, 1)}
    return Found(
        beats=len(rows),
        uncleaned_ms=_ms(heart.rmssd_s([replace(i, kept=True) for i in intervals])),
        cleaned_ms=_ms(heart.rmssd_s(intervals)),
        marked=len(premature),
        both=sum({n - 1, n} <= left_out for n in premature),
        spoilt=len(left_out - bounded),
        rolling_ms=tuple(rolling),
    )


def breath_of(path: Path) -> chest_force.ChestBreath:
    """The belt's minute, whose unit is counts of its converter."""
    limits, state = published_limits(), chest_force.start()
    for n, value in enumerate(np.loadtxt(path, comments="#")[::_BELT_EVERY]):
        state = chest_force.step(limits, state, n * _BELT_EVERY / _BELT_HZ, float(value))
    return chest_force.told(limits, state)


def _ms(seconds: float | None) -> float:
    return float("nan") if seconds is None else 1000.0 * seconds


def _heart_table(found: Found) -> Table:
    told = [r for r in found.rolling_ms if r is not None]
    return Table(
        "MIT-BIH record 100, first five minutes",
        (
            "beats", "premature", "RMSSD of all", "of normal", "rolling: least", "median", "most",
            "told",
        ),
        (
            (
                found.beats, found.marked, found.uncleaned_ms, found.cleaned_ms,
                min(told, default=None), float(np.median(told)) if told else None,
                max(told, default=None), len(told) / len(found.rolling_ms),
            ),
        ),
        (0, 0, 1, 1, 1, 1, 1, 2),
        "Milliseconds; the rolling minute is of normal beats, told: share of beats at which it is.",
    )  # fmt: skip


def _breath_table(breath: chest_force.ChestBreath) -> Table:
    rate = breath.per_min
    mean, sd = (None, None) if rate is None else (rate.mean, rate.sd)
    return Table(
        "A belt's minute",
        ("breaths counted", "rate by cycles", "sd"),
        ((len(breath.begun_s), mean, sd),),
        (0, 1, 1),
        "By a rate that is averaged over instants the same minute has 19.4 breaths.",
    )
