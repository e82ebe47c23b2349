"""Use case: results of tests as a page shows them, and what the session of one came to."""

from datetime import date

from msgspec import Struct

from lengthwise.contracts.assessment import Assessed, Impairments, TestResult, Verdict
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.own_plan import PlanKept, ResultsKept, TakenBack, TestsTaken
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.live.own_plan import impairments, kept_plan
from lengthwise.live.tests_kept import age_at, norm_of
from lengthwise.record.store import ProfileStore
from lengthwise.reference.assessments import Short, Unit, assessments
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.reasons import reason_sentence
from lengthwise.report import test_results as words


class FoundShown(Struct, frozen=True):
    """All results of one side together. Sentences, empty where there is nothing to say."""

    side: Side | None
    verdict: Verdict
    amount: str
    repeat: str
    norm: str
    counts: str
    days: int


class RowShown(Struct, frozen=True):
    """One thing that was kept. `place`: by which it is taken back; `typed`: by hand; `value` as it
    was typed, None where it was led or says nothing; `counts`: not taken back."""

    place: int
    date: str
    says: tuple[str, ...]
    typed: bool
    counts: bool
    side: Side | None = None
    value: float | None = None


class AssessedShown(Struct, frozen=True):
    """What one thing that is measured has come to, and what is asked where somebody types it."""

    result: str
    name: str
    unit: str
    sides: bool
    needs_control: bool
    asks_symptom: bool
    least: float
    most: float
    found: tuple[FoundShown, ...]
    rows: tuple[RowShown, ...]


class Beside(Struct, frozen=True):
    """What a result is shown beside: all results that count, and people of that age and sex."""

    results: tuple[TestResult, ...]
    age_years: float | None
    sex: Sex | None


class TakenShown(Struct, frozen=True):
    """What the session of a test came to: a sentence for each side, and what it makes of all its
    days. `shows`: what the number is of. `taken`: something was measured, or told; `place`: by
    which it is taken back."""

    session_id: str
    name: str
    shows: str
    place: int
    told: tuple[str, ...]
    found: tuple[FoundShown, ...]
    taken: bool


def assessed_shown(
    found: Impairments, beside: Beside, kept: list[PlanKept]
) -> tuple[AssessedShown, ...]:
    """Everything that can be measured, in the order of doing it."""
    return tuple(
        AssessedShown(
            result=result,
            name=a.name,
            unit=a.unit.value,
            sides=a.sides,
            needs_control=a.needs_control,
            asks_symptom=a.void_with_symptom,
            least=a.plausible[0],
            most=a.plausible[1],
            found=tuple(_found(f, beside) for f in found.assessed if f.test == result),
            rows=_rows(result, kept),
        )
        for result, a in assessments().items()
    )


def _found(f: Assessed, beside: Beside) -> FoundShown:
    a = assessments()[f.test]
    value, mdc = (f.value_s, f.mdc_s) if a.unit is Unit.S else (f.value_deg, f.mdc_deg)
    amount = repeat = norm = ""
    if value is not None and mdc is not None:
        sd = _sd(f, beside.results)
        amount, repeat = words.amount_words(a, value, sd), words.repeat_words(a, mdc)
        of_age = norm_of(f, beside.age_years, beside.sex)
        if of_age is None:
            norm = words.no_norm_words(a, age_known=beside.age_years is not None)
        else:
            norm = words.norm_beside(a, value, sd, (of_age.value_deg, of_age.sd_deg))
    counts = words.counts_words(f.verdict)
    return FoundShown(f.side, f.verdict, amount, repeat, norm, counts, f.days)


def _sd(f: Assessed, results: tuple[TestResult, ...]) -> float:
    """The largest of that test and side: what all days share does not shrink with their number."""
    of = [r for r in results if (r.test, r.side) == (f.test, f.side)]
    return max((r.sd_deg or r.sd_s or 0.0 for r in of), default=0.0)


def _rows(result: str, kept: list[PlanKept]) -> tuple[RowShown, ...]:
    """What was kept of it, the newest first, also what was taken back."""
    back = {k.event.place for k in kept if isinstance(k.event, TakenBack)}
    found = []
    for k in reversed(kept):
        if not isinstance(k.event, ResultsKept | TestsTaken):
            continue
        of = [r for r in k.event.results if r.test == result]
        if not of:
            continue
        typed = isinstance(k.event, ResultsKept)
        only = of[0] if typed and len(of) == 1 else None
        value = None if only is None else only.value_deg if only.value_s is None else only.value_s
        found.append(
            RowShown(
                place=k.place,
                date=date.fromordinal(of[0].day).isoformat(),
                says=tuple(words.row_words(r) for r in of),
                typed=typed,
                counts=k.place not in back,
                side=None if only is None else only.side,
                value=value,
            )
        )
    return tuple(found)


def taken_shown(store: ProfileStore, session_id: str, *, at_s: float) -> TakenShown | None:
    """None where it is no session of a test, or nothing is kept of it."""
    kept = store.plan_events()
    place, event = next(
        (
            (k.place, k.event)
            for k in kept
            if isinstance(k.event, TestsTaken) and k.event.session_id == session_id
        ),
        (0, None),
    )
    if event is None or not event.tested:
        return None
    plan, person = kept_plan(store, at_s=at_s), store.person()
    beside = Beside(plan.results, age_at(person, plan.today), person.sex)
    test = guided_tests()[event.tested[0].test_id]
    assert test.taken is not None, "only tests are kept"
    sides = {t.side for t in event.tested if t.untaken is None}
    mine = [f for f in impairments(plan).assessed if f.test == test.taken.result]
    return TakenShown(
        session_id=session_id,
        name=test.plain_name,
        shows=test.summary,
        place=place,
        told=tuple(_told(t) for t in event.tested),
        found=tuple(_found(f, beside) for f in mine if f.side in sides),
        taken=bool(sides),
    )


def _told(t: Tested) -> str:
    """One side of one session; why there is no result, where there is none."""
    test = guided_tests()[t.test_id]
    assert test.taken is not None, "only tests are kept"
    side = words.side_words(t.side)
    head = f"{side}: " if side else ""
    if t.untaken is not None:
        more = f" {test.taken.open}" if t.untaken is Untaken.LOAD and test.taken.open else ""
        return head + reason_sentence(f"test.{t.untaken.value}") + more
    if t.reach_before is not None and t.reach_after is not None:
        return f"{head}The feeling reached {t.reach_before} before and {t.reach_after} after."
    if t.value is None or t.sd is None:
        return head + reason_sentence("test.cut_off")
    a = assessments()[test.taken.result]
    value = -t.value if a.short is Short.ABOVE else t.value
    return f"{head}{words.amount_words(a, value, t.sd, at_least=t.at_least)}."
