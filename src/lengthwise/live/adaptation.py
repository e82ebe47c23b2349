"""Use case: days that a person told, replayed with everything that the plan makes of them."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.adaptation import (
    AdaptDay,
    AdaptedDay,
    Adaptive,
    AdaptTold,
    Borne,
    Case,
    Choice,
    Expected,
    Lived,
    MarkTold,
    Muscle,
    NoChoice,
    Ordered,
)
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.progress import DayTold, SessionTold
from lengthwise.contracts.tolerance import Marked, Predicted
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.live import week
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.json_file import json_file
from lengthwise.live.progress import NOTHING_TOLD
from lengthwise.plan.adapting import adapt, asked_of, begun
from lengthwise.plan.eligible import eligible
from lengthwise.plan.neighbours import equivalents, ordered
from lengthwise.plan.ramp_permission import known_bars
from lengthwise.plan.tolerance_model import all_predicted, bounded
from lengthwise.plan.variants import chosen
from lengthwise.plan.windows import Taken, windows_of_today
from lengthwise.reference.exercises import exercises
from lengthwise.report import adaptation_words, progress_words

_FORM = "lengthwise plan schema --of adapt"


class Said(Struct, frozen=True):
    """A decision in sentences: `action`, the rules and evidence it leans on, why, and what would
    change it."""

    day: int
    action: str
    about: str
    ratio: float
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reason: str
    would_change: str


class Order(Struct, frozen=True):
    """Equivalent exercises in the order of alike days, and the one tried in turn, if any is."""

    exercises: tuple[Ordered, ...]
    turn: Choice | NoChoice


class Adapted(DecisionSaid, frozen=True):
    """The decision is that of the last day, with all of its reasons; `said` every day. `volume`:
    of the last day; `asked`: the question for the week that follows, for `plan week`;
    `windows`: what the marks predict for the day after, within what the rules allow."""

    said: tuple[Said, ...]
    volume: float
    asked: WeekAsked | None
    windows: tuple[Predicted, ...]
    orders: tuple[Order, ...]
    state: Adaptive


def adapted_from(path: Path) -> Adapted:
    """Raises InputError where the file does not tell days in their order."""
    told = json_file(path, AdaptTold, form=_FORM)
    _known(path, told)
    state, said = begun(told), []
    for day in told.days:
        state, decided = adapt(state, day)
        said += _said(decided)
    asked = None if told.asked is None else asked_of(told.asked, state)
    last = [s for s in said if s.day == said[-1].day]
    return Adapted(
        action=last[0].action if last else NOTHING_TOLD,
        rule_ids=tuple(dict.fromkeys(rule for s in last for rule in s.rule_ids)),
        evidence_ids=tuple(dict.fromkeys(i for s in last for i in s.evidence_ids)),
        reasons=tuple(s.reason for s in last),
        would_change=tuple(s.would_change for s in last),
        said=tuple(said),
        volume=state.volume,
        asked=asked,
        windows=_windows(told),
        orders=tuple(_orders(told, asked, state)),
        state=state,
    )


def _known(path: Path, told: AdaptTold) -> None:
    named = [b.exercise_id for d in told.days for b in d.borne]
    named += [e.exercise_id for d in told.days for e in d.expected]
    for exercise_id in named:
        if exercise_id not in exercises():
            raise InputError(
                str(path),
                value=f"exercise: {exercise_id}",
                allowed="an id of the list that lengthwise exercises prints",
                remedy="correct or leave it out",
            )


def _said(decided: AdaptedDay) -> list[Said]:
    moved = decided.moved
    first = Said(
        moved.day,
        moved.move.value,
        "level and volume",
        1.0,
        moved.rule_ids,
        moved.evidence_ids,
        progress_words.reason(moved),
        progress_words.would_change(moved),
    )
    return [
        first,
        *(
            Said(
                a.day,
                a.action.value,
                a.about,
                a.ratio,
                a.rule_ids,
                a.evidence_ids,
                adaptation_words.reason(a),
                adaptation_words.would_change(a),
            )
            for a in decided.adapted
        ),
    ]


def _windows(told: AdaptTold) -> tuple[Predicted, ...]:
    marked: dict[Muscle, list[Marked]] = {}
    practised: dict[Muscle, list[int]] = {}
    for day in told.days:
        for m in day.marks:
            found = Marked(day.told.day, m.kind, m.length_m, m.sd_m, m.relief)
            marked.setdefault((m.group, m.side), []).append(found)
        for muscle in day.stretched:
            practised.setdefault(muscle, []).append(day.told.day)
    if not told.days:
        return ()
    day_after = told.days[-1].told.day + 1
    refused = ("not_asked",) if told.asked is None else known_bars(told.asked.care)
    rules = {(w.group, w.side): w for w in windows_of_today(_taken(told, day_after), (), setup="")}
    return tuple(
        bounded(p, rules.get((p.group, p.side)), refused)
        for p in all_predicted(marked, day=day_after, practised=practised)
    )


def _taken(told: AdaptTold, day_after: int) -> list[Taken]:
    """The marks as the rules of windows have them; all on one body, of one set-up."""
    found = []
    for day in told.days:
        for m in day.marks:
            stamp = f"day {day.told.day:06d}"
            mark = Mark(
                m.group, m.side, m.kind, m.length_m, m.sd_m, 1.0, stamp, "", pain_relief=m.relief
            )
            found.append(Taken(mark, day.told.day, float(day_after - day.told.day)))
    return found


def _orders(told: AdaptTold, asked: WeekAsked | None, state: Adaptive) -> list[Order]:
    """Of each family of which something was tried, those that may be given that week."""
    cases = [
        Case(
            d.told.day,
            b.exercise_id,
            b.well,
            told.level,
            d.told.pain,
            d.lived.stress,
            d.lived.sleep_h,
        )
        for d in told.days
        for b in d.borne
    ]
    if not told.days or asked is None:
        return []
    able = eligible(asked, exercises().values())
    last = told.days[-1]
    day = last.told.day + 1
    today = Case(
        day,
        "",
        well=False,
        level=state.standing.level,
        pain=last.told.pain,
        stress=last.lived.stress,
        sleep_h=last.lived.sleep_h,
    )
    tried = [equivalents(i, able) for i in sorted({c.exercise_id for c in cases})]
    families = {same[0].id: same for same in tried if same}
    return [
        Order(
            ordered(same, cases, today),
            chosen(same, cases, day=day, seed=told.seed, enabled=told.bandit),
        )
        for same in families.values()
    ]


_PSOAS = (MuscleGroup.PSOAS, Side.LEFT)
_LIVED = Lived(stress=3.0, sleep_h=7.0, active_min=45.0, sitting_h=8.0)

EXAMPLE = AdaptTold(
    level=2,
    asked=replace(
        week.EXAMPLE,
        needs=(NeededLength(*_PSOAS, 1.0), NeededLength(MuscleGroup.CALF, Side.LEFT, 0.5)),
    ),
    sessions_a_week=5.0,
    days=tuple(
        AdaptDay(
            DayTold(day, pain=2.0, session=SessionTold(before=2.0, during=2.0)),
            lived=_LIVED if day < 9 else Lived(stress=8.0, sleep_h=5.0, active_min=40.0),
            month=11,
            expected=(Expected("hip_hinge", 7.0, 2.0),) if day > 7 else (),
            marks=(
                MarkTold(*_PSOAS, MarkKind.FIRST_RESISTANCE, 0.252, 0.004, relief=False),
                MarkTold(*_PSOAS, MarkKind.TOLERANCE, 0.271, 0.004, relief=False),
            )
            if day in (2, 7)
            else (),
            borne=(Borne("standing_hip_flexor" if day % 2 else "chair_hip_flexor", day % 2 == 1),),
            stretched=(_PSOAS,),
        )
        for day in range(1, 10)
    ),
)
"""A file to begin with."""
