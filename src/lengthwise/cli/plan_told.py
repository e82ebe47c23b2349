"""The forms of what is told to the plan: their schemas, examples, and where they come from."""

from collections.abc import Callable
from pathlib import Path

from lengthwise.contracts.errors import InputError

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


def one_source(file: Path | None, profile: str | None) -> None:
    """Raises InputError unless exactly one of a file and a person is given."""
    if (file is None) is (profile is None):
        raise InputError(
            "FILE or --person",
            value="both" if file else "neither",
            allowed="one of the two",
            remedy="see: lengthwise plan --help",
        )
