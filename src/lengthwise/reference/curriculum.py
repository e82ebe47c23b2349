"""What is taught in which order, and by which measured criteria it counts as learnt."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.reference.exercise_parts import Behaviour

LEAST_VISITS, MOST_VISITS = 4, 6


class Measured(StrEnum):
    """What of a session a criterion asks for; see `plan.competence`."""

    KEPT = "kept"
    CORRECTIONS = "corrections"
    EFFECTIVE = "effective"
    FOUND_AGAIN = "found_again"
    PACED = "paced"
    BREATH = "breath"
    CUES = "cues"
    POSITION = "position"
    WRITTEN = "written"
    RETENTION = "retention"


class Criterion(Struct, frozen=True, forbid_unknown_fields=True):
    """`sentence` says when it is met; `to_open` what opens it. `needed` false: it holds back where
    it is measured and surely missed, and nothing waits for it. `limit` in the unit of its measure.
    `lasting`: it does not go stale.
    `open_days`: days in a row on which it is met before it counts; `close_days`: days in a row on
    which it is not met before it does not count any more."""

    id: str
    measured: Measured
    sentence: str
    to_open: str
    needed: bool = True
    limit: float | None = None
    open_days: int = 2
    close_days: int = 2
    lasting: bool = False

    def __post_init__(self) -> None:
        for days in (self.open_days, self.close_days):
            if not 1 <= days <= 5:
                raise ValueError(f"criterion {self.id}: days are {days}; allowed: 1 to 5")


class Lesson(Struct, frozen=True, forbid_unknown_fields=True):
    """One teaching session. `taught`: what the clinician does; `alone`: the same for who learns by
    themselves; `joins`: the lesson in whose visit it may be taught as well."""

    id: str
    name: str
    aim: str
    minutes: float
    taught: tuple[str, ...]
    alone: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    joins: str | None = None

    def __post_init__(self) -> None:
        if not any(c.needed for c in self.criteria):
            raise ValueError(f"lesson {self.id} has no needed criterion; allowed: at least one")


class Demand(Struct, frozen=True, forbid_unknown_fields=True):
    """Which lessons an exercise of that behaviour asks for: for `home` practice, and beside them
    for doing it `alone`."""

    behaviour: Behaviour
    home: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


class Curriculum(Struct, frozen=True, forbid_unknown_fields=True):
    """Raises ValueError where its parts do not fit together."""

    version: int
    lesson: tuple[Lesson, ...]
    demand: tuple[Demand, ...]

    def __post_init__(self) -> None:
        ids = [lesson.id for lesson in self.lesson]
        if len(set(ids)) != len(ids):
            raise ValueError("a lesson is named twice; allowed: once each")
        least, most = self.visits
        if not (least >= LEAST_VISITS and most <= MOST_VISITS):
            raise ValueError(
                f"visits are {least} to {most}; allowed: {LEAST_VISITS} to {MOST_VISITS}"
            )
        asked = {i for d in self.demand for i in (*d.home, *d.alone)}
        asked |= {lesson.joins for lesson in self.lesson if lesson.joins is not None}
        if asked - set(ids):
            raise ValueError(f"no such lesson: {', '.join(sorted(asked - set(ids)))}")
        missing = set(Behaviour) - {d.behaviour for d in self.demand}
        if missing or len(self.demand) != len(Behaviour):
            raise ValueError("each behaviour has one demand: " + ", ".join(Behaviour))

    @property
    def visits(self) -> tuple[int, int]:
        """How many sessions with a clinician it takes, at least and at most."""
        return sum(lesson.joins is None for lesson in self.lesson), len(self.lesson)

    def of(self, behaviour: Behaviour) -> Demand:
        return next(d for d in self.demand if d.behaviour is behaviour)


@cache
def curriculum() -> Curriculum:
    """The packaged one; treat as read-only."""
    raw = (files("lengthwise.reference") / "curriculum.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Curriculum)
