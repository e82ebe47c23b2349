"""`lengthwise assess`: tests through the sensors, what is kept of them and what can be known."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import (
    add_answers,
    add_group,
    add_json,
    add_sex,
    age_years,
    height_m,
    zero_s,
)

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.tests_kept import ResultsKept


def add_assess(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "assess",
        says="tests through the sensors: how far, how long, and with how much doubt",
        description="A test leads nobody further than they choose, and has no result where an "
        "angle was not known, not kept or not answered. `simulate ID` and the page lead one.",
    )
    c = inner.add_parser("list", help="the tests, one line each")
    add_json(c)
    c.set_defaults(run=_list)
    c = inner.add_parser("show", help="one test in plain words")
    c.add_argument("id", metavar="ID")
    c.add_argument("--side", choices=("l", "r"), default="l", help="working side; default: l")
    add_json(c)
    c.set_defaults(run=_show)
    _add_run(inner)
    c = inner.add_parser(
        "results",
        help="what was tested of a person, beside the norm and what a repeat differs by",
        description="What it prints as JSON under `told` is the file of `plan assess`.",
    )
    c.add_argument("--profile", required=True, metavar="ID", help="whose; see: history")
    c.add_argument("--age-years", type=age_years, metavar="A", help="for the norm; default: kept")
    add_sex(c, says="for the norm; default: as kept")
    add_json(c)
    c.set_defaults(run=_results)
    c = inner.add_parser(
        "known",
        help="which test can be measured with which sensors, computed with simulated people",
        description="Takes half an hour for all of them and says on stderr what it is trying.",
    )
    c.add_argument("--test", action="append", metavar="ID", help="only this one; may be repeated")
    c.add_argument("--write", type=Path, metavar="FILE", help="also as a page")
    c.add_argument(
        "--data", type=Path, metavar="DIR", help="of shared recordings: what is read out of them"
    )
    add_json(c)
    c.set_defaults(run=_known)


def _add_run(inner: "Commands") -> None:
    c = inner.add_parser(
        "run",
        help="read a test out of a recording; nothing is written",
        description="A quiet start of two seconds, then the movement; the same limits of safety "
        "as in a session, so what was answered counts.",
    )
    c.add_argument("input", type=Path, metavar="RECORDING")
    c.add_argument("--test", required=True, metavar="ID", help="see: assess list")
    c.add_argument("--side", choices=("l", "r"), help="default: both, one after the other")
    c.add_argument("--height-m", type=height_m, help="of the person; default: not known")
    c.add_argument("--zero-s", type=zero_s, metavar="A:B", help="when they stood upright")
    c.add_argument("--mirrored", choices=("yes", "no"), help="default: as declared")
    c.add_argument("--pain", type=_nrs, metavar="N", help="before it, 0 to 10; default: not asked")
    add_answers(c)
    add_json(c)
    c.set_defaults(run=_run)


def _nrs(text: str) -> float:
    from lengthwise.cli.arguments import between

    return between(text, 0.0, 10.0, "0 to 10")


def _list(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.reference.exercises import guided_tests
    from lengthwise.report.tested_words import cut_words, way_words

    if o.json:
        print_json(list(guided_tests().values()))
        return 0
    rows = table("id", "what", "how it is taken", "counts as short")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for test in guided_tests().values():
        rows.add_row(test.id, test.plain_name, way_words(test), cut_words(test))
    Screen(highlight=False).print(rows)
    return 0


def _show(o: argparse.Namespace) -> int:
    from lengthwise.cli import exercise_listing
    from lengthwise.cli.screen import Screen
    from lengthwise.reference.exercises import exercise
    from lengthwise.report.tested_words import taken_lines

    found = exercise_listing.shown(o.id, side=o.side, as_json=o.json)
    test = exercise(o.id)
    if test.taken is not None and not o.json:
        console = Screen(highlight=False)
        console.print("\n[bold]How the result is taken[/]")
        for line in taken_lines(test):
            console.print(f"  {line}", soft_wrap=True, markup=False)
    return found


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.care import Care
    from lengthwise.contracts.coordinates import Side
    from lengthwise.contracts.session import SessionConfig
    from lengthwise.live.analyze import AnalyzeRequest
    from lengthwise.live.assess_run import read_out
    from lengthwise.live.kept_answers import stated_care
    from lengthwise.report.tested_words import result_words

    config = SessionConfig(
        exercise_id=o.test,
        side=Side(o.side) if o.side else None,
        zero_s=o.zero_s,
        height_m=o.height_m,
        mirrored=None if o.mirrored is None else o.mirrored == "yes",
        care=stated_care(o.answer, Care(baseline_nrs=o.pain)),
    )
    found = read_out(AnalyzeRequest(o.input, Path(), config))
    if o.json:
        print_json(found)
    else:
        for tested in found:
            print(result_words(tested))
    return 0


def _results(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.movements import Sex
    from lengthwise.live.tests_kept import results_of

    sex = Sex(o.sex) if o.sex else None
    kept = results_of(o.profile, age_years=o.age_years, sex=sex)
    if o.json:
        print_json(kept)
        return 0
    _print_results(kept)
    return 0


def _print_results(kept: "ResultsKept") -> None:
    from lengthwise.cli.listings import table
    from lengthwise.cli.screen import Screen
    from lengthwise.live.tests_kept import date_of
    from lengthwise.report.tested_words import norm_words, result_words, typed_words
    from lengthwise.report.week_words import amount, verdict

    for k in kept.kept:
        print(f"{k.date}  {result_words(k.tested)}")
    for typed in kept.typed:
        print(f"{date_of(typed)}  {typed_words(typed)}")
    if not kept.found.assessed:
        # Of one that repeats a movement something is kept, and there is no row to show.
        if not kept.kept and not kept.unread:
            print("no test is kept yet: begin with assess list")
        _print_more(kept)
        return
    rows = table("test", "side", "value", "repeat differs by", "norm", "what it says")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for a, norm in zip(kept.found.assessed, kept.norms, strict=True):
        rows.add_row(
            a.test,
            a.side.value if a.side else "",
            amount(a.value_deg, a.value_s),
            amount(a.mdc_deg, a.mdc_s),
            norm_words(a.test, None if norm is None else (norm.value_deg, norm.sd_deg)),
            verdict(a.verdict),
        )
    Screen(highlight=False).print(rows)
    _print_more(kept)


def _print_more(kept: "ResultsKept") -> None:
    from lengthwise.report.test_results import preferred_words
    from lengthwise.report.tested_words import direction_words

    for need in kept.found.needs:
        print(f"need: {need.group.value} {need.side.value}, weight {need.weight:.2f}")
    for way in kept.found.directions:
        print(direction_words(way))
    if kept.found.preferred is not None:
        print(f"{preferred_words(kept.found.preferred)}")
    for bar in kept.found.bars:
        print(f"leaves out: {bar}")
    for session in kept.unread:
        print(f"note: the record of {session} could not be read")


def _known(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.assess_known import known_by
    from lengthwise.live.assess_page import page, plain
    from lengthwise.live.assess_real import read_real
    from lengthwise.reference.exercises import guided_tests

    for test in o.test or ():
        if test not in guided_tests():
            raise InputError(
                "--test", value=test, allowed=", ".join(guided_tests()), remedy="choose one"
            )

    def tell(what: str) -> None:
        print(f"trying {what}", file=sys.stderr, flush=True)

    real = read_real(o.data) if o.data else ()
    found = known_by(o.test, progress=tell)
    if o.json:
        print_json(found)
    else:
        print(plain(found))
    if o.write is not None:
        o.write.write_text(page(found, real), encoding="utf-8", newline="\n")
    return 0
