"""Simulated people under the plan, a fixed programme and a random one, beside each other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.week import Week
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.planning_arms import Days, Planned
from lengthwise.live.evaluation.planning_by_feel import Random, Sheet
from lengthwise.live.evaluation.planning_day import Life
from lengthwise.live.evaluation.planning_rules import RULES, broken
from lengthwise.live.evaluation.planning_trace import causes_of, holds_of, traced
from lengthwise.live.evaluation.table import Floor, Table, floors_table, markdown
from lengthwise.live.week import effects_of_week
from lengthwise.reference.constants import constant
from lengthwise.sim.cohort import drawn, someone

WEEKS = 12
DAYS = 7 * WEEKS + 1
"""With the day on which twelve weeks are looked back on."""
_AT_ONCE = 20
"""People in one piece of work."""
_LOW, _CEILING = 0.60, 0.90
NOTHING_HELD = "nothing was held"
"""In place of met, where no hold was there that could have gone too far."""
PROGRAMMES = ("plan", "plan + model", "fixed", "random")
_FEELS = {"fixed, less far": -0.15, "fixed": 0.0, "fixed, further": 0.15}
"""The fixed programme by people who go less far or further by feel, between their two marks."""


class Outcome(Struct, frozen=True):
    """One person under one programme. Seconds and holds over all weeks; `in_window_s`: truly
    between .60 and .90 of their own two marks, `led_s`: of these, led inside a known window.
    `causes`, `held_s`: of `planning_trace`."""

    programme: str
    broken: dict[str, int]
    sessions: int
    holds: int
    beyond: int
    beyond_s: float
    ramps: int
    ramps_beyond: int
    stretched_s: float
    in_window_s: float
    led_s: float
    gained_m: float
    end_nrs: float
    end_level: int
    reds: int
    may_stretch: bool
    causes: dict[tuple[str, ...], int]
    held_s: dict[str, int]


def people(piece: tuple[int, int, int]) -> list[Outcome]:
    """`count` people from `first` on, each under every programme."""
    seed, first, count = piece
    return [o for number in range(first, first + count) for o in of_person(seed, number)]


@cache
def effects() -> dict[str, ExerciseEffect]:
    return effects_of_week(None)


def lives(seed: int, number: int) -> Iterator[Life]:
    """The same twelve weeks of a person under each programme."""
    person, rng = someone(number, seed=seed)
    days = drawn(person, rng, DAYS)

    def chance(arm: int) -> np.random.Generator:
        return np.random.default_rng((seed, number, arm))

    weeks: dict[bytes, Week] = {}
    arms: tuple[Days, ...] = (
        Planned(person, days, chance(1), effects(), weeks=weeks),
        Planned(person, days, chance(1), effects(), model=True, weeks=weeks),
        Sheet(person, days, chance(2)),
        Random(person, days, chance(3)),
    )
    for arm in arms:
        yield arm.lived(DAYS)
    for name, shift in _FEELS.items():
        if shift:
            other = Sheet(replace(person, feel=person.feel + shift), days, chance(2))
            other.life.programme = name
            yield other.lived(DAYS)


def of_person(seed: int, number: int) -> list[Outcome]:
    return [outcome(life) for life in lives(seed, number)]


def outcome(life: Life) -> Outcome:
    holds = [h for day in life.days for h in day.holds if h.first]
    ends = [end for day in life.days for end in day.ramp_ends]
    inside = [h for h in holds if _LOW <= h.position <= _CEILING]
    told = [d.told.session for d in life.days if d.told.session is not None]
    return Outcome(
        programme=life.programme,
        broken=dict(broken(life.days)),
        sessions=sum(1 for d in life.days if d.given),
        holds=len(holds),
        beyond=sum(h.position > 1.0 for h in holds),
        beyond_s=sum(h.seconds for h in holds if h.position > 1.0),
        ramps=len(ends),
        ramps_beyond=sum(end > 1.05 for end in ends),
        stretched_s=sum(h.seconds for h in holds),
        in_window_s=sum(h.seconds for h in inside),
        led_s=sum(h.seconds for h in inside if h.led),
        gained_m=life.gained_m,
        end_nrs=life.end_nrs,
        end_level=life.days[-1].level,
        reds=sum(bool(s.stops) or (s.during or 0.0) > 5.0 for s in told),
        may_stretch=any(g.lengthens for d in life.days for g in d.given),
        causes=dict(causes_of(life.days)),
        held_s=dict(holds_of(life.days)),
    )


def evaluate(
    count: int, *, jobs: int = 1, seed: int = 1, advance: Advance | None = None
) -> list[Table]:
    """Tables of `count` simulated people."""
    pieces = [(seed, k, min(_AT_ONCE, count - k)) for k in range(0, count, _AT_ONCE)]
    found = [o for part in run_all(people, pieces, jobs=jobs, advance=advance) for o in part]
    return list(tables(found, count))


def tables(found: Sequence[Outcome], count: int) -> Iterator[Table]:
    by = {name: [o for o in found if o.programme == name] for name in (*PROGRAMMES, *_FEELS)}
    plan, fixed = by["plan"], by["fixed"]
    able = [k for k, o in enumerate(plan) if o.may_stretch]
    yield _asked_of(plan, fixed, by["plan + model"], count)
    yield _beside("Beside each other, simulated people, means of each", by)
    some = {name: [rows[k] for k in able] for name, rows in by.items()}
    yield _beside(
        f"The same of the {len(able)} simulated people to whom the plan ever gave a stretch", some
    )
    yield from _traced(plan)
    sums = {name: _sums(rows) for name, rows in by.items()}
    yield Table(
        "Rules broken, times over all simulated people",
        ("rule", *PROGRAMMES),
        tuple((rule, *(sums[name][rule] for name in PROGRAMMES)) for rule in RULES),
        (0,) * (1 + len(PROGRAMMES)),
    )
    yield Table(
        "The fixed programme by how far simulated people go by feel",
        ("simulated", "between the marks", "holds beyond tolerance in 1000", "range gained, mm"),
        tuple(
            (
                name,
                constant("cohort", "feel_position") + shift,
                _in_1000(by[name]),
                1000.0 * float(np.mean([o.gained_m for o in by[name]])),
            )
            for name, shift in _FEELS.items()
        ),
        (0, 2, 1, 2),
    )
    levels = Counter(o.end_level for o in plan)
    yield Table(
        "Level of the plan at the end, simulated people",
        ("level", "people"),
        tuple((level, levels[level]) for level in range(6)),
        (0, 0),
    )


def _traced(plan: Sequence[Outcome]) -> Iterator[Table]:
    causes: Counter[tuple[str, ...]] = Counter()
    held_s: Counter[str] = Counter()
    for o in plan:
        causes.update(o.causes)
        held_s.update(o.held_s)
    yield from traced(causes, held_s, len(plan))


def _asked_of(
    plan: Sequence[Outcome], fixed: Sequence[Outcome], model: Sequence[Outcome], count: int
) -> Table:
    table = floors_table(
        f"What is asked of the plan, on {count} simulated people over {WEEKS} weeks",
        (
            Floor(
                "simulated: rules broken by the plan",
                float(_all_broken([*plan, *model])),
                high=0.0,
            ),
            Floor(
                "simulated: holds beyond tolerance, plan less fixed",
                float(sum(o.beyond for o in plan) - sum(o.beyond for o in fixed)),
                high=0.0,
            ),
            Floor(
                "simulated: holds beyond tolerance in 1000, plan less fixed",
                _in_1000(plan) - _in_1000(fixed),
                high=0.0,
            ),
        ),
    )
    if any(o.holds for o in plan):
        return table
    # Without a hold none can go too far, which tells nothing.
    first, *others = table.rows
    nothing = tuple((what, None, asked, NOTHING_HELD) for what, _, asked, _ in others)
    return replace(table, rows=(first, *nothing))


def _beside(title: str, by: dict[str, list[Outcome]]) -> Table:
    figures = {name: _figures(rows) for name, rows in by.items()}
    names = tuple(figures[PROGRAMMES[0]])
    rows = tuple((what, *(figures[p][what] for p in PROGRAMMES)) for what in names)
    return Table(title, ("simulated", *PROGRAMMES), rows, (0, *(2,) * len(PROGRAMMES)))


def _figures(rows: Sequence[Outcome]) -> dict[str, float | None]:
    if not rows:
        return {}

    def mean(values: Iterator[float]) -> float:
        return float(np.mean(list(values)))

    return {
        "days with anything done": mean(float(o.sessions) for o in rows),
        "holds": mean(float(o.holds) for o in rows),
        "holds beyond tolerance": mean(float(o.beyond) for o in rows),
        "holds beyond tolerance in 1000": _in_1000(rows) if any(o.holds for o in rows) else None,
        "minutes beyond tolerance": mean(o.beyond_s / 60.0 for o in rows),
        "ramps to tolerance": mean(float(o.ramps) for o in rows),
        "ramps a twentieth beyond it": mean(float(o.ramps_beyond) for o in rows),
        "minutes of stretching a week": mean(o.stretched_s / 60.0 / WEEKS for o in rows),
        "minutes truly between .60 and .90 a week": mean(
            o.in_window_s / 60.0 / WEEKS for o in rows
        ),
        "of these led in a known window (effective)": mean(o.led_s / 60.0 / WEEKS for o in rows),
        "range at tolerance gained, mm": mean(1000.0 * o.gained_m for o in rows),
        "sessions with a stop or pain above 5": mean(float(o.reds) for o in rows),
        "pain on the last day, 0 to 10": mean(o.end_nrs for o in rows),
    }


def _in_1000(rows: Sequence[Outcome]) -> float:
    return 1000.0 * sum(o.beyond for o in rows) / max(sum(o.holds for o in rows), 1)


def _sums(rows: Sequence[Outcome]) -> Counter[str]:
    total: Counter[str] = Counter()
    for o in rows:
        total.update(o.broken)
    return total


def _all_broken(rows: Sequence[Outcome]) -> int:
    return sum(_sums(rows).values())


def sound(found: Sequence[Table]) -> bool:
    """Whether every floor of the first table is met, as far as there was anything to see."""
    return all(row[-1] is True or row[-1] == NOTHING_HELD for row in found[0].rows)


_SAID = """
Nobody real is on this page. Simulated people with the natural course of back pain, tolerances,
flares, days away, wrong and missing answers, and sensors that at times cannot see live through the
same twelve weeks under four programmes. Their figures (`constants_data/cohort.toml`) were frozen
before anything was tuned; most are expert defaults, so the page says what the rules do and not what
a person gains.

Figures stay; what happens was put right, and pages before that are of another simulation. A spell
of back pain in its first six weeks grows older, where it stayed there for all twelve, and the
stand-in leads from today's first gentle pull, where it led from the middle of many days (decision
0072). It leads as far as the coach's own functions do, where it led to wherever the ceiling left
room, also below a window, which the coach does not (decision 0075).

- **plan**: the plan as it is, from screening to windows and ramps, with a stand-in for the coach.
- **plan + model**: the same, with windows held within what the marks predict as well.
- **fixed**: four stretches on every day, 30 to 45 s twice on each side, by feel, for everybody.
- **random**: five of all exercises on every day, by feel.

Every day is held against the rules by a checker that was written from them and uses nothing of the
plan; what they leave open, as steady pain, is held against what was decided of it. The fixed and
the random programme know no level and no screening, and count as level 3, the full dose, in how
they are borne; what they break is shown for comparison. No programme changes the course of pain
here, but what goes beyond tolerance, or beyond the level that is borne, hurts and lasts into the
next day.
"""


def verdict(found: Sequence[Table]) -> str:
    """What the tables come to, also where the plan is not better."""
    rows = {row[0]: row[1:] for row in found[1].rows}
    lines = []
    for what, better in _JUDGED:
        plan, _, fixed, _ = rows[what]
        if not isinstance(plan, float) or not isinstance(fixed, float):
            continue
        ahead = plan < fixed if better == "less" else plan > fixed
        word = "better" if ahead else "**not better**"
        lines.append(f"- {what}, simulated: the plan {plan:.2f}, the fixed {fixed:.2f}: {word}.")
    return "\n".join(lines)


_JUDGED = (
    ("holds beyond tolerance", "less"),
    ("sessions with a stop or pain above 5", "less"),
    ("minutes truly between .60 and .90 a week", "more"),
    ("range at tolerance gained, mm", "more"),
)


def page(found: Sequence[Table], command: str) -> str:
    head = f"# The plan on simulated people\n\nMade by `{command}`.\n"
    said = f"## What it comes to\n\n{verdict(found)}\n\n{_WHY}"
    return f"{head}{_SAID}\n{said}\n{markdown(found)}"


_WHY = """\
Where the plan gives less range and fewer minutes, it is because it gives fewer stretches. The
tables below say on which days, and by which rule. Most are at level 0, which is isometric work:
simulated people begin at 1 from pain of 4 to 6 (rule K), a flare takes two levels, ambers, reds
and days away one each, and the pain of these people wanders. Pain above 5, however steady, brings
no step up. What was never answered bars for all twelve weeks here, while the page asks again on
every day. Whether that is wanted is a clinician's question; the page shows what the rules do.

A hold at the first gentle pull counts towards the ceilings of a dose and never as effective,
though range in these people follows the seconds and not how far they go. Between .60 and .90 a
hold is only where the coach leads there: where somebody at .60 may go on by .10 and stays below the
ceiling by 1.64 sds, so with an sd of .122 of the way between both marks. Two readings of one day
differ by 2.8 mm for no reason, which is that much of 23 mm already; how differently a first pull is
said, and that no late pull lifts a ceiling, take the rest. So nearly nobody is led into a window
with these readings. That keeps holds short of tolerance, and it costs these minutes: what would
have to be measured better is in decision 0075.
"""
