"""Use cases: a person's own ladder of steps and the breaks of a working day, told on the page."""

import time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.ladder import Tried
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.workday import WorkdayTold
from lengthwise.live.ladder import exposure_of, pains_told
from lengthwise.live.plan_book import book_of, keep_told
from lengthwise.live.workday import workday_of
from lengthwise.record.store import ProfileStore
from lengthwise.reference.ladders import ladders

_STOP = "ladder-"


class Named(Struct, frozen=True):
    id: str
    name: str


class TriedShown(Struct, frozen=True):
    on: str
    text: str
    expected: float | None
    actual: float | None


class LadderShown(Struct, frozen=True):
    """`ladders` to choose from, where none was chosen; else what is offered next and why, each step
    in a line, and what was tried, the newest first."""

    ladders: tuple[Named, ...]
    rungs: tuple[Named, ...] = ()
    offered: str = ""
    rung: str | None = None
    reason: str = ""
    would_change: str = ""
    lines: tuple[str, ...] = ()
    tried: tuple[TriedShown, ...] = ()


class BreaksShown(Struct, frozen=True):
    """The day as it was told, and its breaks; `told` None: no day was told."""

    told: WorkdayTold | None
    lines: tuple[str, ...] = ()
    reason: str = ""
    would_change: str = ""


def ladder_shown(home: Path, profile: str) -> LadderShown:
    """Of now. Raises InputError for a book of another version."""
    known = tuple(Named(each.id, each.name) for each in ladders().ladder)
    with ProfileStore.open(home, profile) as store:
        book = book_of(store)
        if not book.rungs:
            return LadderShown(known)
        found = exposure_of(store)
    texts = {r.id: r.text for r in book.rungs}
    return LadderShown(
        ladders=(),
        rungs=tuple(Named(r.id, r.text) for r in book.rungs),
        offered=found.action,
        rung=found.exposure.rung,
        reason=found.reasons[0],
        would_change=found.would_change[0],
        lines=found.lines,
        tried=tuple(
            TriedShown(t.on.isoformat(), texts.get(t.rung, t.rung), t.expected, t.actual)
            for t in reversed(book.tries)
        ),
    )


def choose_ladder(home: Path, profile: str, ladder_id: str) -> LadderShown:
    """Begin one of the packaged ladders. Raises InputError where one was begun, or on another
    name."""
    chosen = next((each for each in ladders().ladder if each.id == ladder_id), None)
    if chosen is None:
        raise InputError(
            "ladder",
            value=ladder_id,
            allowed=", ".join(each.id for each in ladders().ladder),
            remedy="choose one of these",
        )
    with ProfileStore.open(home, profile) as store:
        if book_of(store).rungs:
            raise InputError(
                "ladder", value="one was begun", allowed="one at a time", remedy="go on with it"
            ).coded("ladder_begun")
        keep_told(store, PlanBook(rungs=chosen.rungs))
    return ladder_shown(home, profile)


def tell_tried(home: Path, profile: str, tried: Tried) -> LadderShown:
    """Keep one time that a step was done. A symptom that stopped it is a stop like any other: the
    safety questions come first (rule X). Where pain before it is not told, it is that of the day as
    it was told until now. Raises InputError on a step that is not theirs."""
    with ProfileStore.open(home, profile) as store:
        if tried.rung not in {r.id for r in book_of(store).rungs}:
            raise InputError(
                "step",
                value=tried.rung,
                allowed="one of the ladder",
                remedy="choose one of its steps",
            )
        if tried.stopped:
            now_s = time.time()
            store.add_safety_stop(f"{_STOP}{round(now_s * 1e9)}", at_s=now_s)
        if tried.before is None:
            tried = replace(tried, before=pains_told(store).get(tried.on.toordinal()))
        keep_told(store, PlanBook(tries=(tried,)))
    return ladder_shown(home, profile)


def breaks_shown(home: Path, profile: str) -> BreaksShown:
    """Of the day that was told. Raises InputError for a book of another version."""
    with ProfileStore.open(home, profile) as store:
        told = book_of(store).workday
        if told is None:
            return BreaksShown(None)
        found = workday_of(store)
    return BreaksShown(told, found.lines, found.reasons[0], found.would_change[0])


def tell_workday(home: Path, profile: str, told: WorkdayTold) -> BreaksShown:
    with ProfileStore.open(home, profile) as store:
        keep_told(store, PlanBook(workday=told))
    return breaks_shown(home, profile)
