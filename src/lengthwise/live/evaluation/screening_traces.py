"""Random lives of a clearance: the real code, and what the finite picture sees of it."""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.screening import SafetyStop, Screened, YesNo
from lengthwise.plan.clearance import DAY_S, Clearance, clearance, step, still_open, waited
from lengthwise.plan.clearance_picture import (
    ENTRIES,
    Abstract,
    Age,
    Answered,
    Else,
    Event,
    Flag,
    Whole,
)
from lengthwise.plan.screening import Refusal, refusal
from lengthwise.reference.screening import (
    Level,
    Question,
    SeenBy,
    screening,
    seen_id,
)

_NEARLY_EVER = 0.85
"""So often an answer is the one that leads on: else no life would ever come to an exercise."""
_STEPS = 40


class Life(Struct, frozen=True):
    """A person and a clock. `flare_s` of the flare that is on; `region`: a country was chosen;
    `led`: is being led."""

    clearance: Clearance = Clearance()
    now_s: float = 1_800_000_000.0
    flare_s: float | None = None
    region: bool = False
    led: bool = False

    @property
    def refusal(self) -> Refusal | None:
        return refusal(screening(), self.clearance, now_s=self.now_s, flare_s=self.flare_s)


def abstract(life: Life) -> Abstract:
    asked, state = screening(), life.clearance
    ages = [
        life.now_s - given.at_s
        <= (asked.valid.weekly_days if q.weekly else asked.valid.whole_days) * DAY_S
        for q in asked.question
        if (given := state.given.get(q.id)) is not None
    ]
    outdated = [
        life.flare_s is not None and given.at_s <= life.flare_s
        for q in asked.question
        if q.weekly and (given := state.given.get(q.id)) is not None
    ]
    age = Age.NEVER if not ages else Age.COUNTS if all(ages) else Age.EXPIRED
    return Abstract(
        emergency=_flag(life, emergency=True),
        lesser=_flag(life, emergency=False),
        age=age,
        missing=len(ages) < len(asked.question),
        stopped=state.stopped,
        flare=any(outdated),
        region=life.region,
        led=life.led,
    )


def _flag(life: Life, *, emergency: bool) -> Flag:
    asked, state = screening(), life.clearance
    times = [t for f, t in state.flags.items() if _is_emergency(f) == emergency]
    if times:
        old = all(waited(asked, t, life.now_s) for t in times)
        return Flag.OLD if old else Flag.FRESH
    stands = any(_is_emergency(f) == emergency for f in state.looked_at)
    return Flag.STANDS if stands else Flag.NONE


def _is_emergency(flag: str) -> bool:
    question = screening().by_id(flag)
    return question is not None and question.level is Level.EMERGENCY


def event_of(life: Life, told: Screened) -> Answered:
    """Its kind, as the picture knows it."""
    asked, answers = screening(), told.answers
    raised = {
        q.id
        for q in asked.question
        if q.level is not Level.MODIFY and answers.get(q.id, q.good) != q.good
    }

    def looked(*, emergency: bool) -> bool:
        matter = set(life.clearance.flags) | (raised & life.clearance.looked_at)
        return all(_seen(f, answers) for f in matter if _is_emergency(f) == emergency)

    usable = told.version == asked.version and answers.keys() <= asked.ids | asked.seen_ids
    weekly = {q.id for q in asked.question if q.weekly}
    whole = Whole.PART
    if not usable:
        whole = Whole.UNUSABLE
    elif asked.ids <= answers.keys():
        whole = Whole.ALL
    elif weekly <= answers.keys():
        whole = Whole.WEEKLY
    return Answered(
        whole,
        any(_is_emergency(f) for f in raised),
        any(not _is_emergency(f) for f in raised),
        looked(emergency=True),
        looked(emergency=False),
    )


def _seen(flag: str, answers: dict[str, YesNo]) -> bool:
    question = screening().by_id(flag)
    nobody = question is not None and question.looked_at_by is SeenBy.NOBODY
    return nobody or answers.get(seen_id(flag)) is YesNo.YES


def lives(chance: np.random.Generator) -> Iterator[tuple[Life, Event, Life]]:
    """Each step of one random life. Answers are told also where nobody would take them, so that
    the fold is safe without its gate."""
    life = Life()
    for _ in range(_STEPS):
        life = replace(life, now_s=life.now_s + float(chance.uniform(1.0, 600.0)))
        event, after = _lived(life, chance)
        yield life, event, after
        life = after


def _lived(life: Life, chance: np.random.Generator) -> tuple[Event, Life]:
    if chance.random() < 0.45:
        told = _answers(life, chance)
        event: Event = event_of(life, told)
        after = replace(life, clearance=step(screening(), life.clearance, told))
        return event, replace(after, led=after.led and after.refusal is None)
    kinds = [e for e in Else if e is not Else.DELETE or chance.random() < 0.2]
    event = kinds[int(chance.integers(len(kinds)))]
    return event, _else(life, event, chance)


def _else(life: Life, event: Else, chance: np.random.Generator) -> Life:
    asked = screening()
    if event in ENTRIES:
        return replace(life, led=life.refusal is None)
    match event:
        case Else.A_DAY:
            days = float(chance.uniform(1.0, 3.0))
            return replace(life, now_s=life.now_s + days * DAY_S, led=False)
        case Else.SOME_WEEKS:
            return replace(life, now_s=life.now_s + 100.0 * DAY_S, led=False)
        case Else.STOP:
            stopped = step(asked, life.clearance, SafetyStop(life.now_s))
            return replace(life, clearance=stopped, led=False)
        case Else.FLARE:
            return replace(life, flare_s=life.now_s)
        case Else.FLARE_OVER:
            return replace(life, flare_s=None)
        case Else.REGION:
            return replace(life, region=True)
        case Else.DELETE:
            kept = clearance(asked, still_open(asked, life.clearance))
            return replace(Life(), clearance=kept, now_s=life.now_s, region=life.region)
    return replace(life, led=False)


def _answers(life: Life, chance: np.random.Generator) -> Screened:
    asked = screening()
    how = chance.random()
    bad = chance.random() < 0.2
    raising = {q.id for q in asked.question if bad and chance.random() < 0.08}
    if chance.random() < 0.5:
        raising |= {f for f in life.clearance.looked_at if chance.random() < 0.8}
    chosen = [q for q in asked.question if how < 0.55 or q.weekly or chance.random() < 0.5]
    if how > _NEARLY_EVER:
        chosen = [q for q in chosen if chance.random() < 0.8]
    answers = {q.id: _word(q, raised=q.id in raising) for q in chosen}
    about = set(life.clearance.flags) | life.clearance.looked_at
    seen = chance.random()
    for flag in sorted(about):
        if chance.random() < (1.0 if seen < 0.7 else 0.5):
            answers[seen_id(flag)] = YesNo.YES if seen < 0.85 else YesNo.NO
    if chance.random() < 0.04:
        answers["something_else"] = YesNo.NO
    version = asked.version - (chance.random() < 0.04)
    return Screened(version, life.now_s, answers)


def _word(question: Question, *, raised: bool) -> YesNo:
    return question.raised if raised else question.good
