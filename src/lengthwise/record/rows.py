"""Contracts to rows of the store and back, value by value."""

from datetime import UTC, datetime, timedelta

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import (
    Finding,
    FindingKind,
    FractionMark,
    Mark,
    MarkKind,
    Measure,
    MeasureName,
    Person,
    RampLed,
    Window,
)
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.contracts.session import SessionTotals
from lengthwise.record.pull_rows import pull_of, pull_row
from lengthwise.record.reached_rows import reached_of, reached_rows
from lengthwise.record.repositioning_rows import repositioning_of, repositioning_row
from lengthwise.record.tables import (
    AnswerRow,
    ClaimedRatioRow,
    ConstraintKeptRow,
    FindingRow,
    FractionMarkRow,
    LengthMarkRow,
    LimitRow,
    MeasureRow,
    PersonRow,
    PracticeRow,
    RampRow,
    RejectionCountRow,
    ScreeningAnswerRow,
    ScreeningRow,
    SessionRow,
    TotalsRow,
    WindowRow,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_ns(text: str) -> int:
    """Nanoseconds since 1970 UTC of an ISO 8601 time; without a zone it is taken as UTC.

    Raises ValueError where the text is no such time, or one that 64 bits cannot hold (outside
    1677 to 2262).
    """
    when = datetime.fromisoformat(text)
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    ns = (aware - _EPOCH) // timedelta(microseconds=1) * 1000
    if not -(2**63) <= ns < 2**63:
        raise ValueError(f"{text} lies outside 1677 to 2262")
    return ns


def _stated_ns(text: str, *, what: str) -> int:
    try:
        return utc_ns(text)
    except ValueError as cause:
        raise InputError(
            what,
            value=text,
            allowed="an ISO 8601 time such as 2026-01-31T08:15:00Z",
            remedy="state the time it was measured",
        ) from cause


def person_row(person: Person, *, revision: int) -> PersonRow:
    """Raises InputError where a time is not ISO 8601."""
    return PersonRow(
        profile_id=person.profile_id,
        simulated=person.simulated,
        revision=revision,
        sex=None if person.sex is None else person.sex.value,
        measures=[_measure_row(i, m) for i, m in enumerate(person.measures)],
        marks=[_mark_row(i, m) for i, m in enumerate(person.marks)],
        fraction_marks=[_fraction_mark_row(i, m) for i, m in enumerate(person.fraction_marks)],
        windows=[_window_row(i, w) for i, w in enumerate(person.windows)],
        limits=[_limit_row(i, m) for i, m in enumerate(person.limits)],
        findings=[_finding_row(i, f) for i, f in enumerate(person.findings)],
        answers=[_answer_row(i, a) for i, a in enumerate(person.answers)],
        ramps=[_ramp_row(i, r) for i, r in enumerate(person.ramps)],
    )


def _measure_row(position: int, m: Measure) -> MeasureRow:
    what = f"time of {m.name.value}"
    return MeasureRow(
        position=position,
        name=m.name.value,
        value=m.value,
        sd=m.sd,
        measured_utc=m.measured_utc,
        measured_ns=_stated_ns(m.measured_utc, what=what),
        expires_utc=m.expires_utc,
        expires_ns=None if m.expires_utc is None else _stated_ns(m.expires_utc, what=what),
    )


def _mark_row(position: int, m: Mark) -> LengthMarkRow:
    what = f"time of {m.kind.value} of {m.group.value}_{m.side.value}"
    return LengthMarkRow(
        position=position,
        muscle_group=m.group.value,
        side=m.side.value,
        kind=m.kind.value,
        length_m=m.length_m,
        sd_m=m.sd_m,
        upright_m=m.upright_m,
        distance_sd_m=m.distance_sd_m,
        setup=m.setup,
        measured_utc=m.measured_utc,
        measured_ns=_stated_ns(m.measured_utc, what=what),
        expires_utc=m.expires_utc,
        expires_ns=None if m.expires_utc is None else _stated_ns(m.expires_utc, what=what),
        session_id=m.session_id,
        pain_relief=m.pain_relief,
        edition=m.edition,
    )


def _fraction_mark_row(position: int, m: FractionMark) -> FractionMarkRow:
    what = f"time of {m.kind.value} of {m.group.value}_{m.side.value}"
    return FractionMarkRow(
        position=position,
        muscle_group=m.group.value,
        side=m.side.value,
        kind=m.kind.value,
        range_fraction=m.range_fraction,
        sd=m.sd,
        distance_sd=m.distance_sd,
        setup=m.setup,
        measured_utc=m.measured_utc,
        measured_ns=_stated_ns(m.measured_utc, what=what),
        expires_utc=m.expires_utc,
        expires_ns=None if m.expires_utc is None else _stated_ns(m.expires_utc, what=what),
    )


def _window_row(position: int, w: Window) -> WindowRow:
    return WindowRow(
        position=position,
        muscle_group=w.group.value,
        side=w.side.value,
        low=w.low,
        high=w.high,
        ceiling=w.ceiling,
    )


def _finding_row(position: int, f: Finding) -> FindingRow:
    what = f"time of {f.kind.value}"
    return FindingRow(
        position=position,
        kind=f.kind.value,
        value=f.value,
        sd=f.sd,
        setup=f.setup,
        measured_utc=f.measured_utc,
        measured_ns=_stated_ns(f.measured_utc, what=what),
        expires_utc=f.expires_utc,
        expires_ns=_stated_ns(f.expires_utc, what=what),
    )


def _limit_row(position: int, m: MeasuredLimit) -> LimitRow:
    what = f"time of {m.name}"
    return LimitRow(
        position=position,
        movement=m.movement.value,
        side=None if m.side is None else m.side.value,
        value_rad=m.value_rad,
        sd_rad=m.sd_rad,
        measured_utc=m.measured_utc,
        measured_ns=_stated_ns(m.measured_utc, what=what),
        expires_utc=m.expires_utc,
        expires_ns=_stated_ns(m.expires_utc, what=what),
    )


def _answer_row(position: int, a: Answer) -> AnswerRow:
    what = f"time of {a.name.value}"
    return AnswerRow(
        position=position,
        name=a.name.value,
        value=a.value,
        told_utc=a.told_utc,
        told_ns=_stated_ns(a.told_utc, what=what),
        expires_utc=a.expires_utc,
        expires_ns=None if a.expires_utc is None else _stated_ns(a.expires_utc, what=what),
    )


def _ramp_row(position: int, r: RampLed) -> RampRow:
    return RampRow(
        position=position,
        muscle_group=r.group.value,
        side=r.side.value,
        at_utc=r.at_utc,
        at_ns=_stated_ns(r.at_utc, what=f"time of a ramp of {r.group.value}_{r.side.value}"),
        session_id=r.session_id,
        harmed=r.harmed,
    )


def person_of(row: PersonRow) -> Person:
    """Raises ValueError where a name is not one of ours."""
    return Person(
        profile_id=row.profile_id,
        measures=tuple(
            Measure(MeasureName(m.name), m.value, m.sd, m.measured_utc, m.expires_utc)
            for m in row.measures
        ),
        marks=tuple(_mark_of(m) for m in row.marks),
        windows=tuple(
            Window(MuscleGroup(w.muscle_group), Side(w.side), w.low, w.high, w.ceiling)
            for w in row.windows
        ),
        simulated=row.simulated,
        findings=tuple(
            Finding(FindingKind(f.kind), f.value, f.sd, f.measured_utc, f.expires_utc, f.setup)
            for f in row.findings
        ),
        fraction_marks=tuple(_fraction_mark_of(m) for m in row.fraction_marks),
        sex=None if row.sex is None else Sex(row.sex),
        limits=tuple(_limit_of(m) for m in row.limits),
        answers=tuple(
            Answer(AnswerName(a.name), a.value, a.told_utc, a.expires_utc) for a in row.answers
        ),
        ramps=tuple(
            RampLed(MuscleGroup(r.muscle_group), Side(r.side), r.at_utc, r.session_id, r.harmed)
            for r in row.ramps
        ),
    )


def _limit_of(m: LimitRow) -> MeasuredLimit:
    return MeasuredLimit(
        Movement(m.movement),
        None if m.side is None else Side(m.side),
        m.value_rad,
        m.sd_rad,
        m.measured_utc,
        m.expires_utc,
    )


def _mark_of(m: LengthMarkRow) -> Mark:
    return Mark(
        group=MuscleGroup(m.muscle_group),
        side=Side(m.side),
        kind=MarkKind(m.kind),
        length_m=m.length_m,
        sd_m=m.sd_m,
        upright_m=m.upright_m,
        measured_utc=m.measured_utc,
        setup=m.setup,
        expires_utc=m.expires_utc,
        distance_sd_m=m.distance_sd_m,
        session_id=m.session_id,
        pain_relief=m.pain_relief,
        edition=m.edition,
    )


def _fraction_mark_of(m: FractionMarkRow) -> FractionMark:
    return FractionMark(
        group=MuscleGroup(m.muscle_group),
        side=Side(m.side),
        kind=MarkKind(m.kind),
        range_fraction=m.range_fraction,
        sd=m.sd,
        measured_utc=m.measured_utc,
        setup=m.setup,
        expires_utc=m.expires_utc,
        distance_sd=m.distance_sd,
    )


def session_row(totals: SessionTotals, *, recording: str) -> SessionRow:
    """A start that is not ISO 8601 (it may come from a file) stays text without an order."""
    try:
        started_ns = utc_ns(totals.started_utc)
    except ValueError:
        started_ns = None
    return SessionRow(
        session_id=totals.session_id,
        started_utc=totals.started_utc,
        started_ns=started_ns,
        exercise_id=totals.exercise_id,
        simulated=totals.simulated,
        complete=totals.complete,
        recording=recording,
        totals=TotalsRow(
            duration_s=totals.duration_s,
            frames=totals.frames,
            effective_s=totals.effective_s,
            uncertain_s=totals.uncertain_s,
        ),
        rejections=[
            RejectionCountRow(position=i, name=name, count=count)
            for i, (name, count) in enumerate(totals.rejections.items())
        ],
        claimed_ratios=[
            ClaimedRatioRow(position=i, coordinate=name, ratio=ratio)
            for i, (name, ratio) in enumerate(totals.claimed_ratio.items())
        ],
        practice=None if totals.practice is None else _practice_row(totals.practice),
        repositioning=None
        if totals.repositioning is None
        else repositioning_row(totals.repositioning),
        reached=reached_rows(totals.reached),
        pulled=pull_row(totals.pulled),
    )


def _practice_row(practice: Practice) -> PracticeRow:
    return PracticeRow(
        cue_share=practice.cue_share,
        uncued_check=practice.check,
        constraints=[
            ConstraintKeptRow(
                position=i,
                side=None if c.side is None else c.side.value,
                coordinate=c.coordinate.value,
                required=c.required,
                kept_s=c.kept_s,
                beyond_s=c.beyond_s,
                unsure_s=c.unsure_s,
                said=c.said,
                faded=c.faded,
            )
            for i, c in enumerate(practice.constraints)
        ],
    )


def _practice_of(row: PracticeRow) -> Practice:
    kept = tuple(
        ConstraintKept(
            None if c.side is None else Side(c.side),
            Coordinate(c.coordinate),
            c.required,
            c.kept_s,
            c.beyond_s,
            c.unsure_s,
            c.said,
            c.faded,
        )
        for c in row.constraints
    )
    return Practice(row.cue_share, kept, row.uncued_check)


def totals_of_row(row: SessionRow) -> SessionTotals:
    return SessionTotals(
        session_id=row.session_id,
        started_utc=row.started_utc,
        duration_s=row.totals.duration_s,
        frames=row.totals.frames,
        exercise_id=row.exercise_id,
        effective_s=row.totals.effective_s,
        uncertain_s=row.totals.uncertain_s,
        rejections={r.name: r.count for r in row.rejections},
        claimed_ratio={c.coordinate: c.ratio for c in row.claimed_ratios},
        simulated=row.simulated,
        complete=row.complete,
        practice=None if row.practice is None else _practice_of(row.practice),
        repositioning=None if row.repositioning is None else repositioning_of(row.repositioning),
        reached=reached_of(row.reached),
        pulled=pull_of(row.pulled),
    )


def screening_row(screened: Screened, *, at_ns: int, place: int) -> ScreeningRow:
    return ScreeningRow(
        at_ns=at_ns,
        place=place,
        version=screened.version,
        answers=[
            ScreeningAnswerRow(at_ns=at_ns, question=question, answer=answer.value)
            for question, answer in screened.answers.items()
        ],
    )


def screened_of(row: ScreeningRow) -> Screened:
    answers = {a.question: YesNo(a.answer) for a in row.answers}
    return Screened(row.version, row.at_ns / 1e9, answers)
