"""What a person tells for their plan, and what is decided of it: kept whole, each beside what it
was decided by, so that every decision can be made again and looked at.

`day` counts whole days of this machine's calendar (`datetime.date.toordinal`).
"""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.adaptation import Lived
from lengthwise.contracts.assessment import DirectionTold, TestResult
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.progress import DayTold, Decided, Standing
from lengthwise.contracts.tested import Tested
from lengthwise.contracts.week import MOST_MINUTES, Week, WeekAsked

LONGEST_WORDS = 300


class TightPlace(StrEnum):
    """Where somebody feels tight, of the muscles that a plan may lengthen (rule T)."""

    HIP_FRONT = "hip_front"
    THIGH_BACK = "thigh_back"
    BUTTOCK = "buttock"
    LOW_BACK = "low_back"


class Tight(Struct, frozen=True, forbid_unknown_fields=True):
    place: TightPlace
    side: Side


class AtHand(StrEnum):
    """What an exercise may need beside a body and a wall."""

    MAT = "mat"
    BED = "bed"
    CHAIR = "chair"
    STRAP = "strap"
    STEP = "step"
    WEIGHT = "weight"


class Change(StrEnum):
    """How the back is on a later day, against what is usual."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Apart(StrEnum):
    """What sets a day apart from most, in one tap (rule C)."""

    SHORT_NIGHT = "short_night"
    STRAINED = "strained"
    ON_FEET = "on_feet"


class Intake(Struct, frozen=True, forbid_unknown_fields=True):
    """What the plan goes by, in the person's own words where there are words. Empty or None: not
    told, which is never taken for fine.

    `usual_nrs`: usual pain, 0 to 10; `movement`: the person's own painful movement; `activity`:
    what they want back; `at_hand` None: only exercises that need nothing are planned; `kneel`,
    `floor`: whether these positions are possible, beside what the safety questions say; `places`:
    where they would rather be, which decides between equals; `liked`, `left_out`: exercises.
    """

    usual_nrs: float | None = None
    where: str = ""
    movement: str = ""
    activity: str = ""
    minutes_a_day: float = MOST_MINUTES
    at_hand: tuple[AtHand, ...] | None = None
    kneel: bool | None = None
    floor: bool | None = None
    tight: tuple[Tight, ...] = ()
    places: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.usual_nrs is not None and not 0.0 <= self.usual_nrs <= 10.0:
            raise ValueError(f"usual pain is {self.usual_nrs}; allowed: 0 to 10")
        if not 2.0 <= self.minutes_a_day <= MOST_MINUTES:
            raise ValueError(
                f"minutes a day are {self.minutes_a_day}; allowed: 2 to {MOST_MINUTES:g}"
            )
        for words in (self.where, self.movement, self.activity):
            if len(words) > LONGEST_WORDS:
                raise ValueError(f"a text has {len(words)} letters; allowed: {LONGEST_WORDS}")


class IntakeTold(Struct, frozen=True, tag="intake"):
    intake: Intake


class Begun(Struct, frozen=True, tag="begun"):
    """The level a plan begins at, and what decided it: `reason` and `would_change` are ids of
    sentences."""

    day: int
    care: Care
    usual_nrs: float | None
    level: int
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reason: str
    would_change: str


class DayDecided(Struct, frozen=True, tag="day"):
    """One day, decided from where the person stood before it. A later one of the same day takes its
    place: more was told of that day."""

    before: Standing
    told: DayTold
    after: Standing
    decided: Decided
    change: Change | None = None


class WeekMade(Struct, frozen=True, tag="week"):
    """`day`: its first. `effects`: digest of the table that it was reckoned with."""

    day: int
    asked: WeekAsked
    week: Week
    effects: str


class ResultsKept(Struct, frozen=True, tag="results"):
    """What somebody measured by hand and the person typed in."""

    results: tuple[TestResult, ...]


class TestsTaken(Struct, frozen=True, tag="tested"):
    """What a session of a guided test told: `tested` each side as it was taken, also where nothing
    came of it; `results` and `directions` what the plan reads of that. It counts as long as its
    session is kept."""

    __test__ = False

    session_id: str
    tested: tuple[Tested, ...]
    results: tuple[TestResult, ...] = ()
    directions: tuple[DirectionTold, ...] = ()


class TakenBack(Struct, frozen=True, tag="taken_back"):
    """Results that do not count any more. They stay where they stand, at `place`."""

    place: int


class LivedTold(Struct, frozen=True, tag="lived"):
    """How a day was beside its training; `apart` empty: as usual. `lived`: the figures that this
    stands for. A later one of the same day takes its place."""

    day: int
    apart: tuple[Apart, ...]
    lived: Lived


class FlareTold(Struct, frozen=True, tag="flare"):
    """The person said that it is clearly worse. The safety questions come before anything else."""

    day: int


class Looked(Struct, frozen=True, tag="looked"):
    """Somebody has looked since the plan was held; `who`, in the person's words."""

    day: int
    who: str


PlanEvent = (
    IntakeTold
    | Begun
    | DayDecided
    | WeekMade
    | ResultsKept
    | TestsTaken
    | TakenBack
    | LivedTold
    | FlareTold
    | Looked
)


class PlanKept(Struct, frozen=True):
    """An event in the order of keeping (`place`), told at `at_s`, seconds since 1970 UTC."""

    place: int
    at_s: float
    event: PlanEvent
