"""The safety questions as data: what is asked, what an answer means, what is said then."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.screening import YesNo
from lengthwise.reference.constants import constant

TWO_STOPS = "two_stops"
"""What is raised by two stops within days, beside the questions (rule X)."""
_SEEN = "seen_"


class Level(StrEnum):
    """What an answer other than the good one means, the gravest first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    REFER = "refer"
    MODIFY = "modify"


class SeenBy(StrEnum):
    """Who has to have looked before a raised answer is cleared; `NOBODY`: a good one is enough."""

    DOCTOR = "doctor"
    CLINICIAN = "clinician"
    NOBODY = "nobody"


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """`good`: the answer that raises nothing. `weekly`: asked anew each week and in a flare.
    `rules`: ids of `rules.toml` whose exercises are left out after the other answer. `stands`: it
    may stay raised once `seen_by` has looked; None: a doctor for an emergency, else a clinician.
    """

    id: str
    level: Level
    text: str
    weekly: bool
    good: YesNo = YesNo.NO
    rules: tuple[str, ...] = ()
    stands: bool = False
    seen_by: SeenBy | None = None

    @property
    def raised(self) -> YesNo:
        """The answer that raises it."""
        return YesNo.YES if self.good is YesNo.NO else YesNo.NO

    @property
    def looked_at_by(self) -> SeenBy:
        if self.seen_by is not None:
            return self.seen_by
        grave = self.level in (Level.EMERGENCY, Level.URGENT)
        return SeenBy.DOCTOR if grave else SeenBy.CLINICIAN


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is told: to do `now`, and `next`. May name `{call}`, `{advice}`."""

    now: str
    next: str


class Valid(Struct, frozen=True):
    """How long an answer counts; hours before a raised one is asked again; within how many days
    two stops ask for a clinician."""

    weekly_days: float
    whole_days: float
    rescreen_hours: float
    stops_days: float


class CallWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How the emergency number is said, with a country and without one."""

    chosen: str
    chosen_small: str
    not_chosen: str
    not_chosen_small: str
    advice: str


class SeenWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How it is asked whether somebody has looked."""

    doctor: str
    clinician: str
    stops: str


class Screening(Struct, frozen=True, forbid_unknown_fields=True):
    """`told` by level, and `unanswered`. `version` changes with every question."""

    version: int
    told: dict[str, Told]
    call: CallWords
    seen: SeenWords
    question: tuple[Question, ...]

    @property
    def valid(self) -> Valid:
        return _valid()

    def by_id(self, question_id: str) -> Question | None:
        return next((q for q in self.question if q.id == question_id), None)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(q.id for q in self.question)

    @property
    def seen_ids(self) -> frozenset[str]:
        return frozenset(seen_id(i) for i in (*self.ids, TWO_STOPS))

    def seen_text(self, flag: str) -> str:
        """The question whether somebody has looked at what was raised."""
        question = self.by_id(flag)
        if question is None:
            return self.seen.stops
        doctor = question.looked_at_by is SeenBy.DOCTOR
        return (self.seen.doctor if doctor else self.seen.clinician).format(text=question.text)


def seen_id(flag: str) -> str:
    """Id under which it is answered whether somebody has looked at it."""
    return f"{_SEEN}{flag}"


@cache
def _valid() -> Valid:
    return Valid(*(constant("screening", name) for name in Valid.__struct_fields__))


@cache
def screening() -> Screening:
    """The questions in the order in which they are asked."""
    raw = (files("lengthwise.reference") / "screening.toml").read_bytes()
    return msgspec.toml.decode(raw, type=Screening)
