"""What a person dares step by step: expected against actual pain, confidence, and the next step."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.handover import Compared, Share, on_scale
from lengthwise.contracts.week import WeekAsked

Day = date


class Rung(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a ladder, in the person's words; the exercise that it is done as, if any.
    `rules` (`reference/rules.toml`) that leave it out beside those of its exercise."""

    id: str
    text: str
    exercise_id: str | None = None
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.text.strip()):
            raise ValueError("a step has no id or no text; give both")


class Tried(Struct, frozen=True, forbid_unknown_fields=True):
    """One time that a step was done. All 0 to 10, None: not told: pain `before`, `expected` and
    `actual` at its most, on the `next_day`; `confidence` before it that it can be done. `stopped`:
    by a symptom or a limit."""

    on: Day
    rung: str
    expected: float | None = None
    actual: float | None = None
    before: float | None = None
    next_day: float | None = None
    confidence: float | None = None
    stopped: bool = False

    def __post_init__(self) -> None:
        on_scale(
            expected=self.expected,
            actual=self.actual,
            before=self.before,
            next_day=self.next_day,
            confidence=self.confidence,
        )


class ExposureTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The ladder in the person's own order, from the step that worries them least, and what was
    tried up to `today`. `asked`: as for a week; it says what may be given at all, and None bars
    every new step."""

    today: Day
    rungs: tuple[Rung, ...]
    tries: tuple[Tried, ...] = ()
    asked: WeekAsked | None = None

    def __post_init__(self) -> None:
        ids = [r.id for r in self.rungs]
        if not ids or len(set(ids)) != len(ids):
            raise ValueError("a ladder has steps, each named once")
        for tried in self.tries:
            if tried.rung not in ids:
                raise ValueError(f"{tried.rung} was tried; allowed: {', '.join(ids)}")


class Step(StrEnum):
    """`FIRST`, `AGAIN`, `NEXT`: that step; `EASIER`: the one before, or a smaller one; `FAMILIAR`:
    nothing new for now, in a flare or where a rule stands in the way; `TOP`: all of the ladder is
    done."""

    FIRST = "first"
    AGAIN = "again"
    NEXT = "next"
    EASIER = "easier"
    FAMILIAR = "familiar"
    TOP = "top"


class RungStands(Struct, frozen=True):
    """`settled`: done well on two days with confidence; `less`: how often it hurt no more than
    expected; `gap`: actual against expected pain, in pairs; `bars`: what leaves it out now."""

    id: str
    tries: int
    settled: bool
    less: Share
    gap: Compared
    bars: tuple[str, ...] = ()


class Exposure(Struct, frozen=True):
    """What is offered; the person chooses. `rung` None: none is. `less`, `gap`: over all steps;
    `confidence`: the earlier half of its ratings against the later. `reason`, `would_change`: ids
    of sentences."""

    action: Step
    rung: str | None
    rungs: tuple[RungStands, ...]
    less: Share
    gap: Compared
    confidence: Compared
    reason: str
    would_change: str
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
