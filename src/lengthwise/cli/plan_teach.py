"""`lengthwise plan teach`: what is taught next, and which exercise may go home."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.plan_source import add_answers_now, add_source

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.teaching import TeachingTold


def add_teach(plan: "Commands") -> None:
    c = plan.add_parser(
        "teach",
        help="what is taught next, and which exercise may be practised at home, by what was seen",
        description="Four to six sessions with a clinician, or the same criteria alone. Home "
        "practice opens exercise by exercise, never what safety leaves out, and what was not seen "
        "never counts as learnt.",
    )
    add_source(c, form="teach")
    c.add_argument(
        "--exercise",
        action="append",
        default=[],
        metavar="ID",
        help="of a profile only this one; may be repeated; default: all that were done",
    )
    add_answers_now(c, such_as="pain_now=2")
    c.add_argument(
        "--curriculum",
        type=Path,
        metavar="FILE",
        help="your own, as JSON; see `plan schema --of curriculum` and `plan example`",
    )
    c.add_argument("--lessons", action="store_true", help="each criterion of each exercise as well")
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_safety import refused_by_safety
    from lengthwise.cli.plan_told import one_source
    from lengthwise.live.teaching import curriculum_from, teaching_from

    one_source(o)
    if refused_by_safety(o, waits="teaching"):
        return 3
    told = teaching_from(o.file, own=o.curriculum) if o.file else _of_person(o)
    if o.json:
        print_json(told)
        return 0
    if o.profile is not None:
        print(_head(o.profile))
    _show(told, curriculum_from(o.curriculum), lessons=o.lessons)
    return 0


def _of_person(o: argparse.Namespace) -> "TeachingTold":
    from lengthwise.contracts.care import Care
    from lengthwise.contracts.home import data_home
    from lengthwise.live.kept_answers import stated_care
    from lengthwise.live.teaching import curriculum_from, decided, taught_by
    from lengthwise.record.store import ProfileStore

    care = stated_care(o.answer, Care())
    with ProfileStore.open_known(data_home(), o.profile) as store:
        told = taught_by(store, care=care, chosen=tuple(o.exercise))
    return decided(told, curriculum_from(o.curriculum))


def _head(profile: str) -> str:
    from lengthwise.contracts.home import data_home
    from lengthwise.live.plan_head import head_of, head_words
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open_known(data_home(), profile) as store:
        return head_words(head_of(store))


def _show(told: "TeachingTold", of: object, *, lessons: bool) -> None:
    from lengthwise.reference.curriculum import Curriculum
    from lengthwise.report.teaching_words import criterion_words, lesson_of, opened_words

    assert isinstance(of, Curriculum)
    print(told.action)
    found = zip(told.teaching.opened, told.reasons, told.would_change, strict=True)
    for opened, reason, change in found:
        print(f"{opened_words(opened)}. {reason}")
        print(f"  What would change it: {change}")
        for stands in opened.lessons if lessons else ():
            taught = " (not taught yet)" if stands.taught is False else ""
            print(f"  {lesson_of(stands.id, of).name}{taught}")
            for criterion in stands.criteria:
                print(f"    {criterion_words(criterion, of)}")
