"""Tests and their results in plain words."""

from lengthwise.contracts.assessment import DirectionFound, Effect, TestResult
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.reference.assessments import Short, Unit, assessments
from lengthwise.reference.exercise_taken import OfTries, Way
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.reasons import reason_sentence
from lengthwise.report.words import coordinate_name, joined_words, side_word, whole

_WAY = {
    Way.FURTHEST: "how far, by your own choice",
    Way.HELD: "how long it is held",
    Way.REPEATED: "what changes by ten movements, done twice",
    Way.STILL: "how it is in a quiet moment",
}
_EFFECT = {
    Effect.CENTRALISES: "the feeling moved up",
    Effect.PERIPHERALISES: "the feeling moved further down the leg",
    Effect.NO_CHANGE: "the feeling stayed where it was",
    Effect.NOT_KNOWN: "what it does was not told",
}


def way_words(test: Exercise) -> str:
    assert test.taken is not None, "only tests have a way"
    return _WAY[test.taken.way]


def cut_words(test: Exercise) -> str:
    """From where a result counts as short; that there is no such cut is said."""
    assert test.taken is not None, "only tests have a result"
    a = assessments().get(test.taken.result)
    if a is None or a.cut is None:
        return "no cut"
    unit = " s" if a.unit is Unit.S else "°"
    side = "below" if a.short is Short.BELOW else "above"
    beside = f", or {a.side_difference:g}{unit} beside the other" if a.side_difference else ""
    return f"{side} {a.cut:g}{unit}{beside}"


def taken_lines(test: Exercise) -> list[str]:
    """How its result is taken, a sentence each."""
    t = test.taken
    assert t is not None, "only tests are taken"
    lines = [f"{_WAY[t.way][0].upper()}{_WAY[t.way][1:]}"]
    if t.parts:
        names = [
            f"{'less ' if len(t.parts) > 1 and p.factor < 0 else ''}"
            f"{coordinate_name(p.coordinate).lower()}"
            for p in t.parts
        ]
        lines.append(f"Measures: {', '.join(names)}")
    if t.way is Way.FURTHEST:
        which = "the middle one counts" if t.of_tries is OfTries.MEDIAN else "the furthest counts"
        lines.append(f"{t.tries} tries, {which}. {t.why}")
    else:
        lines.append(t.why)
    if t.controls:
        names = [coordinate_name(c).lower() for c in t.controls]
        lines.append(f"Says nothing unless kept: {joined_words(names)}")
    lines.append(f"Counts as short: {cut_words(test)}")
    a = assessments().get(t.result)
    if a is not None and a.norm is None:
        lines.append("No norm by age and sex was found for it")
    if t.open:
        lines.append(t.open)
    return lines


def result_words(t: Tested) -> str:
    """One result in a line, or why there is none."""
    test = exercise(t.test_id)
    side = f", {side_word(t.side)}" if t.side else ""
    name = f"{test.plain_name}{side}"
    if t.untaken is not None:
        return f"{name}: no result. {reason_sentence(f'test.{t.untaken.value}')}"
    if t.reach_before is not None:
        return f"{name}: {t.reach_before} before, {t.reach_after} after"
    if t.value is None or t.sd is None:
        return f"{name}: no result. {reason_sentence(f'test.{Untaken.CUT_OFF.value}')}"
    held = test.taken is not None and test.taken.way is Way.HELD
    unit, least = (" s", "at least " if t.at_least else "") if held else ("°", "")
    more = "; a feeling in the leg changed with it" if t.symptom else ""
    return f"{name}: {least}{whole(t.value)}{unit} (sd {t.sd:.1f}{unit}){more}"


def typed_words(r: TestResult) -> str:
    """One result that was typed, in a line that says so."""
    side = f", {side_word(r.side)}" if r.side else ""
    held = r.value_s is not None
    unit, value, sd = (" s", r.value_s, r.sd_s) if held else ("°", r.value_deg, r.sd_deg)
    name = f"{assessments()[r.test].name}{side}"
    if value is None:
        return f"{name}: no result; typed by hand"
    least = "at least " if r.at_least else ""
    doubt = "" if sd is None else f" (sd {sd:.1f}{unit})"
    return f"{name}: {least}{whole(value)}{unit}{doubt}; typed by hand"


def norm_words(test: str, norm_deg: tuple[float, float] | None) -> str:
    """Mean and sd of people of that age; why there is none, where there is none."""
    if norm_deg is None:
        return "none found" if assessments()[test].norm is None else "age not known"
    return f"{norm_deg[0]:.0f}° (sd {norm_deg[1]:.0f}°)"


def direction_words(found: DirectionFound) -> str:
    """What repeated movements do, and what follows."""
    said = f"bending, {found.direction.value}: {_EFFECT[found.effect]}"
    if found.barred_until_day is None:
        return f"{said}; it leaves nothing out"
    days = found.barred_until_day - found.day
    return f"{said}; left out for {days} days from that test"
