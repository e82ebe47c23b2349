"""Use case: one sheet for the physiotherapist, from a file or from everything that is kept."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from math import degrees
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.handover import (
    DecidedTold,
    Handover,
    HandoverTold,
    PartTold,
    RangeTold,
    RelaxedTold,
    Screen,
    ScreenedTold,
    SessionGiven,
    WhoTold,
)
from lengthwise.contracts.home import data_home
from lengthwise.contracts.person import MeasureName, Person
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.teaching import Opening
from lengthwise.contracts.told import PainMoment
from lengthwise.live.json_file import json_file
from lengthwise.live.kept_answers import care_at, flare_told_s
from lengthwise.live.known_exercises import check_known
from lengthwise.live.looking_back import not_seen
from lengthwise.live.relaxed_over_weeks import over_weeks, pulled_sessions
from lengthwise.live.teaching import decided, taught_by
from lengthwise.live.tests_kept import date_of, led_results, typed_results
from lengthwise.live.whole_book import whole_book
from lengthwise.plan.assessment import assessed
from lengthwise.plan.clearance import clearance
from lengthwise.plan.eligible import raised
from lengthwise.plan.handover import handover
from lengthwise.plan.screening import Refusal, refusal, result
from lengthwise.record.store import ProfileStore
from lengthwise.reference.curriculum import curriculum
from lengthwise.reference.exercises import exercises
from lengthwise.reference.screening import screening
from lengthwise.report.asked import asked_seconds
from lengthwise.report.handover_page import handover_page
from lengthwise.report.handover_words import text
from lengthwise.report.teaching_words import opened_words
from lengthwise.report.tested_words import result_words, typed_words
from lengthwise.report.week_words import verdict
from lengthwise.vault.files import read_bytes

_YEAR_DAYS = 365.25
_STATE = {
    None: Screen.CLEAR,
    Refusal.NEVER_ANSWERED: Screen.OPEN,
    Refusal.OTHER_VERSION: Screen.OLD,
    Refusal.EXPIRED: Screen.OLD,
    Refusal.FROM_THE_FUTURE: Screen.OLD,
    Refusal.FLARE_SINCE: Screen.OLD,
    Refusal.STOPPED_SINCE: Screen.STOPPED,
    Refusal.OUTCOME: Screen.LOOK_FIRST,
    Refusal.EXERCISE_BARRED: Screen.CLEAR,
    Refusal.HELD: Screen.CLEAR,
}


class _RangeWritten(Struct):
    """A line of `range_results` in `summary.json`."""

    kind: str
    coordinate: Coordinate
    angle_deg: float
    angle_sd_deg: float


class _SummaryWritten(Struct):
    range_results: list[_RangeWritten] | None = None


def handover_from(path: Path) -> Handover:
    """Raises InputError where the file tells no handover, or of exercises that are not known."""
    told = json_file(path, HandoverTold, form="lengthwise plan schema --of handover")
    check_known(str(path), [*(s.exercise_id for s in told.sessions),
                            *(p.exercise_id for p in told.planned),
                            *(r.exercise_id for r in told.ranges),
                            *(r.exercise_id for r in told.relaxed)])  # fmt: skip
    return handover(told)


def handover_of(profile: str, *, name: str | None = None) -> Handover:
    """Of a kept person, as of now. `name` to stand on the sheet; None: the profile's. Raises
    InputError for one that nobody is kept under."""
    with ProfileStore.open_known(data_home(), profile) as store:
        return handover(told_by(store, now_s=time.time(), name=name))


def told_by(
    store: ProfileStore, *, now_s: float, name: str | None = None, book: PlanBook | None = None
) -> HandoverTold:
    """What the store and the book beside it tell at a time, seconds since 1970 UTC. `book`: in
    place of the one that is kept, for who keeps some of it elsewhere."""
    now = datetime.fromtimestamp(now_s, UTC)
    person, book = store.person(), whole_book(store, at_s=now_s) if book is None else book
    care = care_at(Care(), person, now.isoformat(timespec="seconds"), now=True)
    return HandoverTold(
        written_on=now.date(),
        who=WhoTold(
            name or store.profile_id,
            age_years=_age(person, now),
            sex=person.sex,
            since=book.since,
            course=care.course,
            simulated=person.simulated,
        ),
        screened=_screened(store, care, now_s),
        goal=book.goal,
        movement=book.movement,
        sessions=_sessions(store, book),
        planned=book.planned,
        ranges=_ranges(store, person),
        decided=(*book.decided, *_typed(store), *_tested(store), *_taught(store, now_s)),
        asks=book.asks,
        relaxed=_relaxed(store, now),
    )


def write_handover(h: Handover, out: Path) -> None:
    """The page, or plain text where the name ends in `.txt`, or JSON in `.json`. In clear, since it
    is to be handed on. Raises InputError for another name, StorageError."""
    from lengthwise.live.whole_file import whole_file

    kinds = {
        ".html": lambda: handover_page(h),
        ".txt": lambda: text(h),
        ".json": lambda: msgspec.json.format(msgspec.json.encode(h), indent=2).decode() + "\n",
    }
    if out.suffix not in kinds:
        raise InputError(
            "--out",
            value=out.name or out,
            allowed="a name that ends in .html, .txt or .json",
            remedy="name the file so",
        )
    with whole_file(out) as part:
        part.write_text(kinds[out.suffix](), encoding="utf-8")


def _age(person: Person, now: datetime) -> float | None:
    """The age that was stated, and the time since."""
    stated = person.measure(MeasureName.AGE)
    if stated is None:
        return None
    since = now - _utc(stated.measured_utc)
    return stated.value + max(since / timedelta(days=_YEAR_DAYS), 0.0)


def _screened(store: ProfileStore, care: Care, now_s: float) -> ScreenedTold:
    """How the safety questions stand; asking changes nothing."""
    asked, given = screening(), store.screenings()
    told = clearance(asked, store.told_of_safety())
    now_utc = datetime.fromtimestamp(now_s, UTC).isoformat(timespec="seconds")
    flare_s = flare_told_s(store.person(), now_utc)
    why = refusal(asked, told, now_s=now_s, flare_s=flare_s)
    if not given:
        return ScreenedTold(_STATE[why], left_out=tuple(sorted(raised(care))))
    found = result(asked, told, now_s=now_s, flare_s=flare_s)
    state = _STATE[why]
    if state is Screen.LOOK_FIRST and not found.raised:
        state = Screen.OPEN
    texts = {q.id: q.text for q in asked.question}
    return ScreenedTold(
        state,
        on=datetime.fromtimestamp(given[-1].at_s, UTC).date(),
        raised=tuple(texts[i] for i in found.raised),
        left_out=tuple(sorted(found.barred | raised(care))),
    )


def _sessions(store: ProfileStore, book: PlanBook) -> tuple[SessionGiven, ...]:
    pain = {(p.session_id, p.moment): p.nrs for p in store.pain_told()}
    movements = {m.session_id: m for m in book.movements}
    coached = [
        s for s in store.sessions() if s.exercise_id in exercises() and s.repositioning is None
    ]
    morning: dict[date, float] = {}
    for s in coached:
        before = pain.get((s.session_id, PainMoment.BEFORE))
        if before is not None:
            morning.setdefault(_utc(s.started_utc).date(), before)
    found = []
    for s in coached:
        on, sides = _utc(s.started_utc).date(), sides_of(s)
        movement = movements.get(s.session_id)
        found.append(
            SessionGiven(
                on=on,
                exercise_id=s.exercise_id or "",
                sides=sides,
                asked_s=asked_of(s),
                effective_s=s.effective_s,
                uncertain_s=s.uncertain_s,
                before=pain.get((s.session_id, PainMoment.BEFORE)),
                after=pain.get((s.session_id, PainMoment.AFTER)),
                next_day=morning.get(on + timedelta(days=1)),
                movement_before=None if movement is None else movement.before,
                movement_after=None if movement is None else movement.after,
                stops=("X",) if store.ended_unsafely(s.session_id) else (),
                not_seen=not_seen(s),
            )
        )
    return tuple(found)


def _taught(store: ProfileStore, now_s: float) -> tuple[DecidedTold, ...]:
    """What teaching has decided of each exercise that may be given now, on the day that last told
    something of it."""
    given = taught_by(store, now_s=now_s)
    found = decided(given, curriculum())
    told = zip(found.teaching.opened, found.reasons, found.would_change, strict=True)
    return tuple(
        DecidedTold(
            max((c.on for le in o.lessons for c in le.criteria if c.on), default=given.today),
            o.rule_ids,
            f"{opened_words(o)}. {reason}",
            change,
            o.evidence_ids,
        )
        for o, reason, change in told
        if o.action is not Opening.CLOSED and o.lessons
    )


def _typed(store: ProfileStore) -> tuple[DecidedTold, ...]:
    """Results of tests that were typed on the page, beside what they and those of the same test
    come to."""
    typed = typed_results(store)
    said = {(a.test, a.side): verdict(a.verdict) for a in assessed(typed).assessed}
    return tuple(
        DecidedTold(date_of(r), (), f"{typed_words(r)}: {said[r.test, r.side]}") for r in typed
    )


def _tested(store: ProfileStore) -> tuple[DecidedTold, ...]:
    """Results of tests that were led; why one has none stands in its session."""
    return tuple(
        DecidedTold(on, (), result_words(t))
        for on, tested in led_results(store)
        for t in tested
        if t.untaken is None
    )


def sides_of(s: SessionTotals) -> tuple[Side, ...]:
    """The sides that were held, as far as it was counted."""
    constraints = () if s.practice is None else s.practice.constraints
    held = {c.side for c in constraints if c.side is not None and c.known_s + c.unsure_s > 0.0}
    return tuple(side for side in Side if side in held)


def asked_of(s: SessionTotals) -> float | None:
    """Seconds of hold that the exercise asks for on the sides that were held; None: not known."""
    e = exercises().get(s.exercise_id or "")
    if e is None:
        return None
    sides = sides_of(s)
    if not e.bilateral:
        return asked_seconds(e, None)
    return None if not sides else len(sides) * asked_seconds(e, sides[0])


def _relaxed(store: ProfileStore, now: datetime) -> tuple[RelaxedTold, ...]:
    """What went of a measured pull in holds, of exercises that are known; the most told first."""
    coached = (
        s for s in store.sessions() if s.exercise_id in exercises() and _utc(s.started_utc) <= now
    )
    found = []
    for one in over_weeks(pulled_sessions(coached)):
        first, last = (
            PartTold(_utc(day.started_utc).date(), day.loss_ratio.mean, day.loss_ratio.sd)
            for day in (one.days[0], one.days[-1])
        )
        weeks = None if one.change is None else one.change.per_week
        found.append(
            RelaxedTold(
                one.exercise_id or "",
                one.coordinate,
                degrees(one.first.angle_rad.mean),
                one.first.held_s,
                first,
                last,
                len(one.days),
                None if weeks is None else weeks.mean,
                None if weeks is None else weeks.sd,
            )
        )
    return tuple(found)


def _ranges(store: ProfileStore, person: Person) -> tuple[RangeTold, ...]:
    """Tolerance as each session's summary tells it."""
    setups = {m.session_id: m.setup for m in person.marks}
    found = []
    for s in store.sessions():
        if s.exercise_id not in exercises():
            continue
        for r in _written_ranges(store.recording(s.session_id).with_name("summary.json")):
            if r.kind == "tolerance" and r.angle_sd_deg > 0.0:
                found.append(
                    RangeTold(
                        _utc(s.started_utc).date(),
                        s.exercise_id or "",
                        r.coordinate,
                        r.angle_deg,
                        r.angle_sd_deg,
                        setups.get(s.session_id, ""),
                    )
                )
    return tuple(found)


def _written_ranges(path: Path) -> list[_RangeWritten]:
    """Nothing where the summary was moved away or is of another version."""
    with suppress(OSError, msgspec.MsgspecError, ValueError):
        return msgspec.json.decode(read_bytes(path), type=_SummaryWritten).range_results or []
    return []


def _utc(text_utc: str) -> datetime:
    moment = datetime.fromisoformat(text_utc)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
