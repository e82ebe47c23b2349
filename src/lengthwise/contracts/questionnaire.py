"""A questionnaire that was answered several times, as somebody hands it in."""

from itertools import pairwise

from msgspec import Struct


class AnsweredOn(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by item, numbered from 1 as they are printed; what was not answered is not there.
    `day` counts whole days."""

    day: int
    answers: dict[int, int]


class QuestionnaireTold(Struct, frozen=True, forbid_unknown_fields=True):
    """One questionnaire on several days, the earliest first. `from_one`: a file that codes the
    least answer as 1."""

    questionnaire: str
    times: tuple[AnsweredOn, ...]
    from_one: bool = False

    def __post_init__(self) -> None:
        days = [each.day for each in self.times]
        if not days:
            raise ValueError("no day is told; allowed: at least one")
        if any(after <= before for before, after in pairwise(days)):
            raise ValueError(f"the days are {days}; allowed: each later than the one before")
