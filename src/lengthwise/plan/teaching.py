"""Which exercises may be done at home, which alone, and which lesson comes next (rule E). Pure.

Each criterion of each exercise is a small chain over the days that told something of it:

    closed, met 0, 1, .. days  ->  open, missed .., 1, 0 days          (the least to the most)

A day on which it was met moves up, at `open_days` to open; one on which it was not moves down, at
`close_days` to closed; a day on which it was not seen moves nothing. Both moves keep the order, and
not seen lies between them: so a worse measurement never unlocks more, and neither does seeing less
of what was met. What was met too long ago is asked for once more. A clinician who saw it done well
opens it, unless the coach measured otherwise on that very day.

Nothing here opens what may not be given at all: that is asked of `eligible` first.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.practice import Practice
from lengthwise.contracts.teaching import (
    CriterionStands,
    Day,
    Judged,
    LessonStands,
    Opened,
    Opening,
    SessionSeen,
    Teaching,
    TeachTold,
    Track,
    VisitMade,
)
from lengthwise.plan.competence import Reading, paced, read
from lengthwise.plan.eligible import bars, left_out
from lengthwise.plan.learning import CheckResult, Practised, learning
from lengthwise.reference.constants import constant
from lengthwise.reference.curriculum import Criterion, Curriculum, Lesson, Measured
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Exercise

_STALE_DAYS = constant("teaching", "stale_days")
_ALL_CUES = Practice(1.0, ())
_OF_CHECK = {
    CheckResult.LEARNT: Judged.MET,
    CheckResult.NOT_YET: Judged.NOT_MET,
    CheckResult.CANNOT_TELL: Judged.NOT_SEEN,
}
NOT_ASKED = "not_asked"
"""The bar where nobody asked what may be given."""


class _Chain(Struct, frozen=True):
    """`run`: days in a row that were met while closed, or missed while open."""

    open: bool = False
    run: int = 0
    was_open: bool = False
    met_day: int | None = None
    on: Day | None = None
    latest: Reading = Reading(Judged.NOT_SEEN)
    attested: bool = False


def teaching(told: TeachTold, known: dict[str, Exercise], of: Curriculum) -> Teaching:
    """What stands open on the day, and what comes next. `known`: all exercises by id."""
    told = replace(
        told,
        sessions=tuple(sorted((s for s in told.sessions if s.on <= told.today),
                              key=lambda s: s.on)),
        visits=tuple(v for v in told.visits if v.on <= told.today),
    )  # fmt: skip
    chosen = told.chosen or tuple(sorted({s.exercise_id for s in told.sessions}))
    opened = tuple(opened_of(known[i], told, known, of) for i in chosen)
    open_ones = [o for o in opened if o.action is not Opening.CLOSED]
    wanted = {o.lesson for o in open_ones}
    return Teaching(
        version=of.version,
        track=told.track,
        opened=opened,
        next_lessons=tuple(lesson.id for lesson in of.lesson if lesson.id in wanted)[:2],
        boosters=tuple(o.exercise_id for o in open_ones if o.booster),
        rule_ids=tuple(sorted({rule for o in opened for rule in o.rule_ids})),
        evidence_ids=tuple(sorted({i for o in opened for i in o.evidence_ids})),
    )


def opened_of(e: Exercise, told: TeachTold, known: dict[str, Exercise], of: Curriculum) -> Opened:
    """Of one exercise. What is in `told` is in order, and of today or before."""
    demand = of.of(e.behaviour)
    lessons = {
        lesson.id: _lesson(lesson, e, told, known)
        for lesson in of.lesson
        if lesson.id in (*demand.home, *demand.alone)
    }
    held = _bars(e, told)
    at_home = all(lessons[i].passed for i in demand.home)
    alone = at_home and all(lessons[i].passed for i in demand.alone)
    action = Opening.ALONE if alone else Opening.HOME if at_home else Opening.LED
    action = Opening.CLOSED if held else action
    following = [i for i in (*demand.home, *demand.alone) if not lessons[i].passed]
    asked_for = demand.alone if at_home else demand.home
    booster = any(c.lost for i in asked_for for c in lessons[i].criteria if c.needed)
    return _said(e, action, booster, lessons, following, held)


def _said(
    e: Exercise,
    action: Opening,
    booster: bool,
    lessons: dict[str, LessonStands],
    following: Sequence[str],
    held: tuple[str, ...],
) -> Opened:
    first = lessons[following[0]] if following else None
    lacks = () if first is None else tuple(c.id for c in first.criteria if _wanting(c))
    evidence = ["teaching.curriculum"]
    if action is Opening.CLOSED:
        reason, change = "closed", held[0]
    elif booster:
        reason, change = "booster", lacks[0] if lacks else "taught"
        evidence.append("teaching.booster")
    elif not lessons:
        reason = change = "timed"
    else:
        reason = action.value
        change = "missed" if first is None else lacks[0] if lacks else "taught"
    if action is Opening.ALONE and lessons:
        evidence.append("learning.faded_cues")
    return Opened(
        exercise_id=e.id,
        action=action,
        booster=booster and action is not Opening.CLOSED,
        lesson=None if first is None else first.id,
        lacks=lacks,
        bars=held,
        lessons=tuple(lessons.values()),
        reason=reason,
        would_change=change,
        rule_ids=held if action is Opening.CLOSED else ("E",),
        evidence_ids=tuple(evidence),
    )


def _bars(e: Exercise, told: TeachTold) -> tuple[str, ...]:
    """By which rules it may not be given; all of them where nobody asked."""
    if told.asked is None:
        return (NOT_ASKED,)
    return left_out(e, told.asked, bars(told.asked))


def _lesson(
    lesson: Lesson, e: Exercise, told: TeachTold, known: dict[str, Exercise]
) -> LessonStands:
    criteria = tuple(_criterion(c, lesson.id, e, told, known) for c in lesson.criteria)
    taught = None
    if told.track is Track.CLINICIAN:
        taught = any(lesson.id in (*v.taught, *v.seen) for v in told.visits if v.about(e.id))
    passed = taught is not False and not any(_wanting(c) for c in criteria)
    return LessonStands(lesson.id, passed, taught, criteria)


def _wanting(c: CriterionStands) -> bool:
    return not c.open if c.needed else c.holds_back


def _criterion(
    c: Criterion, lesson: str, e: Exercise, told: TeachTold, known: dict[str, Exercise]
) -> CriterionStands:
    readings = _readings(c, e, told, known)
    attested = _attested(lesson, e, told)
    chain = _Chain()
    for day in sorted({*readings, *attested}):
        chain = _gone_stale(c, chain, day)
        reading = readings.get(day)
        if reading is not None:
            chain = _moved(c, chain, reading, day)
        if day in attested and (reading is None or reading.judged is not Judged.NOT_MET):
            chain = replace(_open(chain, day), attested=True, on=day)
    chain = _gone_stale(c, chain, told.today)
    missed = chain.latest.judged is Judged.NOT_MET
    return CriterionStands(
        id=c.id,
        needed=c.needed,
        open=chain.open,
        lost=chain.was_open and not chain.open,
        latest=chain.latest.judged,
        on=chain.on,
        value=chain.latest.value,
        limit=c.limit,
        attested=chain.attested and chain.open,
        holds_back=not c.needed and missed and not chain.open,
    )


def _moved(c: Criterion, chain: _Chain, reading: Reading, day: Day) -> _Chain:
    """One step along the chain; not seen moves nothing."""
    if reading.judged is Judged.NOT_SEEN:
        return chain
    chain = replace(chain, latest=reading, on=day)
    if reading.judged is Judged.MET:
        run = 0 if chain.open else chain.run + 1
        if chain.open or run >= c.open_days:
            return replace(_open(chain, day), attested=chain.attested and chain.open)
        return replace(chain, run=run, met_day=day.toordinal())
    if not chain.open:
        return replace(chain, run=0)
    run = chain.run + 1
    closed = run >= c.close_days
    return replace(chain, open=not closed, run=0 if closed else run)


def _open(chain: _Chain, day: Day) -> _Chain:
    return replace(chain, open=True, run=0, was_open=True, met_day=day.toordinal())


def _gone_stale(c: Criterion, chain: _Chain, day: Day) -> _Chain:
    """Met too long ago: closed, and one more day opens it."""
    if c.lasting or not chain.open or chain.met_day is None:
        return chain
    if day.toordinal() - chain.met_day <= _STALE_DAYS:
        return chain
    return replace(chain, open=False, run=c.open_days - 1)


def _readings(
    c: Criterion, e: Exercise, told: TeachTold, known: dict[str, Exercise]
) -> dict[Day, Reading]:
    """Of each day the last session that told something."""
    if c.measured is Measured.WRITTEN:
        return {told.today: Reading(Judged.MET)} if told.flare_plan.whole else {}
    if c.measured is Measured.PACED:
        breathing = [s for s in told.sessions
                     if known[s.exercise_id].kind is ExerciseKind.BREATHING]  # fmt: skip
        return _of_days([(s.on, paced(s, c.limit or 0.0)) for s in breathing])
    own = [s for s in told.sessions if s.exercise_id == e.id]
    if c.measured is Measured.RETENTION:
        return _checks(own, e, told.today)
    return _of_days([(s.on, read(c, e, s, own[:i])) for i, s in enumerate(own)])


def _of_days(readings: Sequence[tuple[Day, Reading]]) -> dict[Day, Reading]:
    return {day: r for day, r in readings if r.judged is not Judged.NOT_SEEN}


def _checks(own: Sequence[SessionSeen], e: Exercise, today: Day) -> dict[Day, Reading]:
    """Uncued checks as `plan.learning` reads them; a session of which nothing was counted was led
    with all cues."""
    history = [
        Practised(s.on.toordinal(), s.practice or _ALL_CUES) for s in own if s.repositioning is None
    ]
    sides = tuple(Side) if e.bilateral else ()
    days = {s.on.toordinal(): s.on for s in own}
    found = learning(history, today.toordinal(), sides)
    return _of_days([(days[c.day], Reading(_OF_CHECK[c.result])) for c in found.checks])


def _attested(lesson: str, e: Exercise, told: TeachTold) -> frozenset[Day]:
    """Days on which a clinician saw it done well; nobody attests for who learns alone."""
    if told.track is not Track.CLINICIAN:
        return frozenset()
    seen: list[VisitMade] = [v for v in told.visits if lesson in v.seen and v.about(e.id)]
    return frozenset(v.on for v in seen)
