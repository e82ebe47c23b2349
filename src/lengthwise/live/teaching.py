"""Use case: what is taught next and what may be practised at home, from a file or what is kept."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.care import Care
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.person import MarkKind, Person
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.teaching import (
    BreathKept,
    FirstPull,
    FlarePlan,
    SessionSeen,
    Teaching,
    TeachTold,
    Track,
)
from lengthwise.contracts.week import WeekAsked
from lengthwise.live.bar_said import bar_said
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.json_file import json_file
from lengthwise.live.kept_answers import care_at, flare_told_s
from lengthwise.live.known_exercises import check_known
from lengthwise.live.own_plan import plan_of_today, with_screened
from lengthwise.live.whole_book import whole_book
from lengthwise.plan.clearance import clearance
from lengthwise.plan.screening import refusal, result
from lengthwise.plan.teaching import teaching
from lengthwise.record.store import ProfileStore
from lengthwise.reference.curriculum import Curriculum, curriculum
from lengthwise.reference.exercises import exercises
from lengthwise.reference.screening import screening
from lengthwise.report.teaching_words import next_words, opened_change, opened_reason
from lengthwise.vault.files import read_bytes

_KNEEL, _FLOOR = "S.cannot_kneel", "S.cannot_get_down_to_floor"


class TeachingTold(DecisionSaid, frozen=True):
    """A decision with its reasons in sentences, in the order of `teaching.opened`."""

    teaching: Teaching


def teaching_from(path: Path, *, own: Path | None = None) -> TeachingTold:
    """Raises InputError where the file tells nothing to decide from, or of what is not known.
    `own`: another curriculum than the packaged one."""
    told = json_file(path, TeachTold, form="lengthwise plan schema --of teach")
    return decided(told, curriculum_from(own), what=str(path))


def curriculum_from(path: Path | None) -> Curriculum:
    """The packaged one for None. Raises InputError."""
    if path is None:
        return curriculum()
    return json_file(path, Curriculum, form="lengthwise plan schema --of curriculum")


def decided(told: TeachTold, of: Curriculum, *, what: str = "the book") -> TeachingTold:
    """Raises InputError for an exercise or a lesson that is not known."""
    named = [*told.chosen, *(s.exercise_id for s in told.sessions)]
    check_known(what, [*named, *(i for v in told.visits for i in v.exercises)])
    lessons = {lesson.id for lesson in of.lesson}
    for lesson in (i for v in told.visits for i in (*v.taught, *v.seen)):
        if lesson not in lessons:
            raise InputError(
                what,
                value=f"lesson {lesson}",
                allowed=", ".join(sorted(lessons)),
                remedy="correct or leave it out",
            )
    found = teaching(told, dict(exercises()), of)
    words = partial(bar_said, asked=told.asked)
    return TeachingTold(
        action=next_words(found, of),
        rule_ids=found.rule_ids,
        evidence_ids=found.evidence_ids,
        reasons=tuple(opened_reason(o, words) for o in found.opened),
        would_change=tuple(opened_change(o, of, words) for o in found.opened),
        teaching=found,
    )


def taught_by(
    store: ProfileStore,
    *,
    care: Care | None = None,
    chosen: tuple[str, ...] = (),
    now_s: float | None = None,
) -> TeachTold:
    """What the store and the book beside it tell at a time (seconds since 1970 UTC; None: now).
    `care`: stated for it, before what the person answered earlier."""
    at_s = time.time() if now_s is None else now_s
    person, book = store.person(), whole_book(store, at_s=at_s)
    now = datetime.fromtimestamp(at_s, UTC)
    whole = care_at(care or Care(), person, now.isoformat(timespec="seconds"), now=True)
    return TeachTold(
        today=now.date(),
        track=book.track or Track.CLINICIAN,
        asked=_asked(store, whole, book, at_s),
        sessions=tuple(_seen(store, s, person) for s in store.sessions() if _counts(s)),
        visits=book.visits,
        flare_plan=book.flare_plan or FlarePlan(),
        chosen=chosen,
    )


def _asked(store: ProfileStore, care: Care, book: PlanBook, at_s: float) -> WeekAsked | None:
    """What may be given at all; None where the safety questions do not stand well now."""
    asked = screening()
    state = clearance(asked, store.told_of_safety())
    now_utc = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")
    flare_s = flare_told_s(store.person(), now_utc)
    today = plan_of_today(store, at_s=at_s)
    if today.held or refusal(asked, state, now_s=at_s, flare_s=flare_s) is not None:
        return None
    # What is stated now may close more and never opens what was told to be worse.
    worse = today.easy or flare_s is not None
    care = with_screened(store, care)
    care = replace(care, flare=True) if worse else care
    barred = result(asked, state, now_s=at_s, flare_s=flare_s).barred | today.bars
    return WeekAsked(
        level=book.level or 0,
        care=care,
        barred=tuple(sorted(barred)),
        kneel=_KNEEL not in barred,
        floor=_FLOOR not in barred,
        clinician=book.clinician,
    )


def _counts(s: SessionTotals) -> bool:
    return s.exercise_id in exercises()


def _seen(store: ProfileStore, s: SessionTotals, person: Person) -> SessionSeen:
    return SessionSeen(
        on=_date(s.started_utc),
        exercise_id=s.exercise_id or "",
        practice=None if s.repositioning is not None else s.practice,
        duration_s=s.duration_s,
        effective_s=s.effective_s,
        uncertain_s=s.uncertain_s,
        first_pulls=tuple(
            FirstPull(f"{m.group.value}_{m.side.value}", m.length_m, m.sd_m, m.setup)
            for m in person.marks
            if m.session_id == s.session_id and m.kind is MarkKind.FIRST_RESISTANCE and m.sd_m > 0.0
        ),
        breath=_breath(store.recording(s.session_id).with_name("events.jsonl")),
        repositioning=s.repositioning,
    )


class _Why(Struct):
    id: str


class _Decided(Struct):
    reasons: list[_Why] = []


def _breath(path: Path) -> BreathKept | None:
    """How often a hold was eased for a held breath, by the decisions of the session. For how long a
    sensor showed breathing stands in no record, so of none it is not known whether it was kept."""
    eased = 0
    with suppress(OSError, msgspec.MsgspecError, ValueError):
        for line in read_bytes(path).splitlines():
            found = msgspec.json.decode(line, type=_Decided)
            eased += any(why.id == ReasonId.GUARDING_BREATH for why in found.reasons)
    return BreathKept(0.0, eased) if eased else None


def _date(text_utc: str) -> date:
    moment = datetime.fromisoformat(text_utc)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).date()
