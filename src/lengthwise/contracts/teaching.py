"""What teaching is decided from, and what it opens: exercise by exercise, with the reason."""

from datetime import date
from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.handover import some_seconds
from lengthwise.contracts.practice import Practice
from lengthwise.contracts.repositioning import Repositioning
from lengthwise.contracts.week import WeekAsked

Day = date


class Track(StrEnum):
    """`CLINICIAN`: each session was also taught; `SELF_TAUGHT`: the same criteria alone."""

    CLINICIAN = "clinician"
    SELF_TAUGHT = "self_taught"


class BreathKept(Struct, frozen=True, forbid_unknown_fields=True):
    """Breathing in the holds of one session: seconds of them in which a sensor showed it, and how
    often a hold was eased because it was held."""

    known_s: float
    eased: int

    def __post_init__(self) -> None:
        some_seconds(known_s=self.known_s)
        if self.eased < 0:
            raise ValueError(f"eased is {self.eased}; allowed: 0 or more")


class FirstPull(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the first gentle pull was marked: length `of` a muscle group and side (`psoas_l`) with
    sd, and by which sensors."""

    of: str
    length_m: float
    sd_m: float
    setup: str = ""

    def __post_init__(self) -> None:
        if not (0.0 < self.length_m < 2.0 and isfinite(self.sd_m) and self.sd_m > 0.0):
            raise ValueError(
                f"a first pull is {self.length_m} m, sd {self.sd_m}; allowed: above 0, below 2 m"
            )


class SessionSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """One session of one exercise, as far as criteria ask of it. None: not known."""

    on: date
    exercise_id: str
    practice: Practice | None = None
    duration_s: float | None = None
    effective_s: float | None = None
    uncertain_s: float | None = None
    first_pulls: tuple[FirstPull, ...] = ()
    breath: BreathKept | None = None
    repositioning: Repositioning | None = None

    def __post_init__(self) -> None:
        some_seconds(
            duration_s=self.duration_s, effective_s=self.effective_s, uncertain_s=self.uncertain_s
        )


class VisitMade(Struct, frozen=True, forbid_unknown_fields=True):
    """A session with a clinician. `taught`: lessons; `seen`: those that the clinician `by` saw done
    well; both of the `exercises` named, or of all where none is."""

    on: date
    by: str
    taught: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise ValueError("a visit has nobody who taught; name them")

    def about(self, exercise_id: str) -> bool:
        return not self.exercises or exercise_id in self.exercises


class FlarePlan(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do when the back is clearly worse, in the person's own words: what calms it, what is
    done less, when to ask for help."""

    calms: str = ""
    less: str = ""
    ask: str = ""

    @property
    def whole(self) -> bool:
        return all(part.strip() for part in (self.calms, self.less, self.ask))


class TeachTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that teaching is decided from, up to `today`. `asked`: as for a week; it says what
    may be given at all, and None bars everything."""

    today: date
    track: Track = Track.CLINICIAN
    asked: WeekAsked | None = None
    sessions: tuple[SessionSeen, ...] = ()
    visits: tuple[VisitMade, ...] = ()
    flare_plan: FlarePlan = FlarePlan()
    chosen: tuple[str, ...] = ()
    """Exercises that are asked about; none: all of which there is a session."""


class Judged(StrEnum):
    """`NOT_SEEN` is never taken for met, and moves nothing."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_SEEN = "not_seen"


class CriterionStands(Struct, frozen=True):
    """One criterion for one exercise. `open`: met so often that it counts; `lost`: it was, and is
    not any more; `latest` that told anything, on that day, with its `value` against the `limit`;
    `attested`: by the clinician alone."""

    id: str
    needed: bool
    open: bool
    lost: bool
    latest: Judged
    on: date | None = None
    value: float | None = None
    limit: float | None = None
    attested: bool = False
    holds_back: bool = False


class LessonStands(Struct, frozen=True):
    """`taught` None: nobody need have taught it."""

    id: str
    passed: bool
    taught: bool | None
    criteria: tuple[CriterionStands, ...]


class Opening(StrEnum):
    """`CLOSED`: may not be given; `LED`: practised with the clinician or led by the coach with all
    cues, to the first gentle pull; `HOME`: in home practice; `ALONE`: also without cues."""

    CLOSED = "closed"
    LED = "led"
    HOME = "home"
    ALONE = "alone"


OPENINGS = tuple(Opening)
"""From the least to the most."""


class Opened(Struct, frozen=True):
    """What is decided of one exercise. `booster`: it was open and is not any more, so one lesson is
    taken again; `lesson`: the next one; `lacks`: ids of its criteria that are wanting; `bars`: what
    closes it. `reason`, `would_change`: ids of sentences."""

    exercise_id: str
    action: Opening
    booster: bool
    lesson: str | None
    lacks: tuple[str, ...]
    bars: tuple[str, ...]
    lessons: tuple[LessonStands, ...]
    reason: str
    would_change: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]


class Teaching(Struct, frozen=True):
    """`next_lessons`: what the next session with a clinician is about, in the order of the
    curriculum; `boosters`: exercises whose technique has slipped; `version` of the curriculum."""

    version: int
    track: Track
    opened: tuple[Opened, ...]
    next_lessons: tuple[str, ...]
    boosters: tuple[str, ...]
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
