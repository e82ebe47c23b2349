"""The forms of what is told to the plan: their schemas, examples, and where they come from."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lengthwise.contracts.errors import InputError

if TYPE_CHECKING:
    from lengthwise.contracts.care import Care
    from lengthwise.record.store import ProfileStore

Said = TypeVar("Said")

_OF_A_PERSON = ("answer", "exercise", "name")
"""Options that say something of a kept person; a file says it itself."""

FORMS = ("handover", "teach", "curriculum", "exposure", "workday", "book")


def forms() -> dict[str, tuple[type, Callable[[], object]]]:
    """Of each form its type and an example."""
    from lengthwise.contracts.handover import HandoverTold
    from lengthwise.contracts.ladder import ExposureTold
    from lengthwise.contracts.plan_book import PlanBook
    from lengthwise.contracts.teaching import TeachTold
    from lengthwise.contracts.workday import WorkdayTold
    from lengthwise.live.handover_example import example_handover
    from lengthwise.live.ladder import example_exposure
    from lengthwise.live.plan_book_example import example_book
    from lengthwise.live.teach_example import example_teach
    from lengthwise.live.workday import example_workday
    from lengthwise.reference.curriculum import Curriculum, curriculum

    return {
        "handover": (HandoverTold, example_handover),
        "teach": (TeachTold, example_teach),
        "curriculum": (Curriculum, curriculum),
        "exposure": (ExposureTold, example_exposure),
        "workday": (WorkdayTold, example_workday),
        "book": (PlanBook, example_book),
    }


def of_source(
    o: argparse.Namespace,
    from_file: "Callable[[Path], Said]",
    of_person: "Callable[[ProfileStore, Care], Said]",
) -> "Said":
    """What a file tells, or a kept person with what is answered beside it."""
    from lengthwise.contracts.care import Care
    from lengthwise.contracts.home import data_home
    from lengthwise.live.kept_answers import stated_care
    from lengthwise.record.store import ProfileStore

    if o.file is not None:
        return from_file(o.file)
    care = stated_care(o.answer, Care())
    with ProfileStore.open_known(data_home(), o.profile) as store:
        return of_person(store, care)


def one_source(o: argparse.Namespace) -> None:
    """Raises InputError unless exactly one of a file and a person is given, and for an option that
    says something of a person beside a file, where it would count for nothing."""
    if (o.file is None) is (o.profile is None):
        raise InputError(
            "FILE or --person",
            value="both" if o.file else "neither",
            allowed="one of the two",
            remedy="see: lengthwise plan --help",
        )
    if o.file is None:
        return
    for name in _OF_A_PERSON:
        given = getattr(o, name, None)
        if given:
            raise InputError(
                f"--{name}",
                value=given if isinstance(given, str) else " ".join(given),
                allowed="only with --person",
                remedy="write it into the file, or name the person",
            )
