"""The page of what can be measured with which sensors, and the same as lines."""

from collections.abc import Iterable

from lengthwise.live.assess_known import Known, KnownBy
from lengthwise.live.assess_real import Real
from lengthwise.reference.assessments import Unit, assessments
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.exercises import Exercise, guided_tests
from lengthwise.reference.joint_norms import norm_table
from lengthwise.report.tested_words import cut_words, way_words

_HEAD = """# Tests through the sensors

Printed by `lengthwise assess known --write docs/assessment.md --data DIR`; nothing here is written
by hand. `lengthwise assess list` names the tests, `lengthwise assess show ID` tells how it is done.

A test leads nobody further than they choose. It has a result only where the angle was known to
6 degrees or better, what has to be kept was known to be kept, and nothing was eased or stopped on
the way. A finding counts once it is beyond what a repeat differs by, on two days.

## What can be measured with which sensors

Each cell: sd of the angle at its end, and after the slash how far it was off (root mean square of
two simulated people; their sensors err as the simulation makes them, which is made up to be like
real ones). Empty: not known there, so the test has no result with these sensors. *(not kept)*: the
angle is known, and whether the rest is kept is not: no result either. Of what is held, the sd is
that of the held angle; of repeated movements, of the one by which they are counted, which may be
far less sure.

"""
_MDC = """
## What a repeat differs by, cuts and norms

The difference to another day that is one, 95 %: 1.96 times the root of two, of the measurement (by
the best set above) and of how people differ from day to day (an expert default). Cuts are those of
rule I, not verified, and a clinician can change them. Norms are those of joint_norms.toml,
by age and sex; where none was found that was measured alike, none is shown.

"""
_REAL = """
## Read out of recordings of real people

None of these is a test: nobody stood quiet for two seconds and nothing was asked, so a guided test
refuses each of them (*not begun*). What is read is the angle alone, where it was furthest and sure
enough. Two people in all: they guard signs and honesty, and say nothing about people in general.
KIMORE's signals hold no angle of the trunk itself (hand to foot), so nothing is read out of them.

"""
_OPEN = """
## What stays open

"""


def page(found: Iterable[KnownBy], real: Iterable[Real]) -> str:
    told = list(found)
    text = _HEAD + _table_of_sets(told) + _MDC + _table_of_cuts(told)
    rows = list(real)
    if rows:
        text += _REAL + _table_of_real(rows)
    return text + _OPEN + "".join(_open_lines(told))


def plain(found: Iterable[KnownBy]) -> str:
    """A line for each test and set."""
    lines = []
    for each in found:
        for k in each.known:
            lines.append(f"{each.test_id}  {k.sensors}: {_cell(k) or 'not known'}")
        if not any(_whole(k) for k in each.known):
            lines.append(f"{each.test_id}  would need: {_least(each)}")
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _table_of_sets(told: list[KnownBy]) -> str:
    sets = [k.sensors for k in told[0].known] if told else []
    text = _row(["test", *sets, "the least to wear, without a camera"]) + _row(
        ["---"] * (len(sets) + 2)
    )
    for each in told:
        test = guided_tests()[each.test_id]
        cells = [_cell(k) for k in each.known]
        text += _row([f"{test.plain_name} (`{test.id}`)", *cells, _least(each)])
    return text


def _cell(k: Known) -> str:
    if k.sd_deg is None or k.error_deg is None:
        return ""
    shown = f"{k.sd_deg:.1f}° / {k.error_deg:.1f}°"
    return shown if k.kept else f"{shown} *(not kept)*"


def _whole(k: Known) -> bool:
    return k.sd_deg is not None and k.kept


def _need_words(each: KnownBy) -> str:
    return " and ".join(each.needs) or "no sensor of the present kinds"


def _least(each: KnownBy) -> str:
    """The least to wear, and what it comes to; that even this does not tell it is said."""
    if each.with_needs is None:
        return _need_words(each)
    return f"{_need_words(each)}: {_cell(each.with_needs) or 'not enough'}"


def _table_of_cuts(told: list[KnownBy]) -> str:
    columns = ["test", "how it is taken", "repeat differs by", "counts as short", "norm"]
    text = _row(columns) + _row(["---"] * len(columns))
    for each in told:
        test = guided_tests()[each.test_id]
        cells = [f"`{test.id}`", way_words(test), _mdc(each), cut_words(test), _norm(test)]
        text += _row(cells)
    return text


def _mdc(each: KnownBy) -> str:
    test = guided_tests()[each.test_id]
    assert test.taken is not None, "only tests are on the page"
    a = assessments().get(test.taken.result)
    if a is not None and a.unit is Unit.S:
        return f"{1.96 * 2.0**0.5 * a.sd_between_days:.0f} s"
    if test.taken.way is not Way.FURTHEST:
        return ""
    every = [*each.known, *([each.with_needs] if each.with_needs else [])]
    known = [k.mdc_deg for k in every if k.mdc_deg is not None and k.kept]
    return f"{min(known):.0f}°" if known else "not known"


def _norm(test: Exercise) -> str:
    assert test.taken is not None, "only tests are on the page"
    a = assessments().get(test.taken.result)
    if a is None or a.norm is None:
        return "none found"
    rows = norm_table()[a.norm].norms
    ends = [min(rows, key=lambda n: n.age_years), max(rows, key=lambda n: n.age_years)]
    status = " and ".join(dict.fromkeys(n.status.value for n in rows))
    by_sex = ", by sex" if any(n.sex != "both" for n in rows) else ""
    first, last = ends
    if first.age_years == last.age_years:
        low, high = min(n.value for n in rows), max(n.value for n in rows)
        span = f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
        return f"{span}° about {first.age_years:.0f} years{by_sex} ({status})"
    ages = f"{first.age_years:.0f} to {last.age_years:.0f} years"
    return f"{first.value:.0f} to {last.value:.0f}°, {ages}{by_sex} ({status})"


def _table_of_real(rows: list[Real]) -> str:
    text = _row(["recording", "what", "read out", "reference", "by", ""]) + _row(["---"] * 6)
    for r in rows:
        value = "" if r.value_deg is None else f"{r.value_deg:.1f}° (sd {r.sd_deg:.1f}°)"
        beside = "" if r.reference_deg is None else f"{r.reference_deg:.1f}°"
        text += _row([r.recording, r.what, value, beside, r.by, r.note])
    return text


def _open_lines(told: list[KnownBy]) -> Iterable[str]:
    for each in told:
        test = guided_tests()[each.test_id]
        open_words = test.taken.open if test.taken else ""
        if open_words:
            yield f"- `{test.id}`: {open_words}\n"
        elif not any(_whole(k) for k in each.known):
            yield f"- `{test.id}`: none of the sets above tells it; to wear: {_least(each)}.\n"
