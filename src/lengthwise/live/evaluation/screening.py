"""The life of a clearance against its finite picture: every law walked, and random lives."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from lengthwise.live.evaluation.screening_traces import abstract, lives
from lengthwise.live.evaluation.table import Floor, Table, floors_table, markdown
from lengthwise.plan import clearance_picture as picture
from lengthwise.plan.clearance_picture import (
    ENTRIES,
    EVENTS,
    OPEN,
    Abstract,
    Age,
    Answered,
    Else,
    Event,
    Flag,
    Whole,
    every_state,
    resolves,
    successors,
)
from lengthwise.reference.screening import Level, Question, SeenBy, screening

UNRESOLVED = "ways from an emergency nobody has looked at to an exercise"
CLOSED = "ways in which anything else than a look and a day ends an emergency"
UNCLEARED = "entries that lead without a clearance that counts"
ELSEWHERE = "ways to an exercise past the entries"
KEPT_ON = "answers, stops or restarts after which somebody is led who may not be"
UNANSWERED = "entries that lead with a question unanswered"
EDITED = "edits within a day that end what is open"
BY_REGION = "states in which the country decides who is led"
LAWS = (UNRESOLVED, CLOSED, UNCLEARED, ELSEWHERE, KEPT_ON, UNANSWERED, EDITED, BY_REGION)
OUTSIDE = "steps of the real code that are not in the picture"
OTHERWISE = "times the real code and the picture disagree on who may be led"


def reachable(begin: Iterable[Abstract], *, without_resolving: bool = False) -> set[Abstract]:
    """Everything that any events lead to; `without_resolving`: but those that end an emergency."""
    met = set(begin)
    edge = deque(met)
    while edge:
        state = edge.popleft()
        for event in EVENTS:
            if without_resolving and resolves(state, event):
                continue
            for after in successors(state, event) - met:
                met.add(after)
                edge.append(after)
    return met


def broken() -> Counter[str]:
    """How often each law is broken, over all states and events."""
    found: Counter[str] = Counter(dict.fromkeys(LAWS, 0))
    grave = [s for s in every_state() if s.emergency in OPEN and not s.led]
    from_grave = reachable(grave, without_resolving=True)
    found[UNRESOLVED] = sum(s.led for s in from_grave)
    found[CLOSED] = sum(s.emergency not in OPEN for s in from_grave)
    for state in every_state():
        for event in EVENTS:
            for after in successors(state, event):
                for law in _broken_by(state, event, after):
                    found[law] += 1
    return found


def _broken_by(state: Abstract, event: Event, after: Abstract) -> Iterator[str]:
    entry = event in ENTRIES
    begun = after.led and (entry or not state.led)
    whole = state.age is Age.COUNTS and not (state.missing or state.stopped or state.flare)
    if begun and not (whole and state.emergency is Flag.NONE and state.lesser not in OPEN):
        yield UNCLEARED
    if begun and not entry:
        yield ELSEWHERE
    if begun and (state.missing or state.age is not Age.COUNTS):
        yield UNANSWERED
    ends = isinstance(event, Answered) or event in (Else.STOP, Else.RESTART)
    if ends and after.led and not after.may_be_led:
        yield KEPT_ON
    flags = ((state.emergency, after.emergency), (state.lesser, after.lesser))
    if isinstance(event, Answered) and any(b is Flag.FRESH and a not in OPEN for b, a in flags):
        yield EDITED
    if state.region and event is not Else.REGION:
        other = successors(_without_region(state), event)
        if _without_region(after) not in other:
            yield BY_REGION


def _without_region(state: Abstract) -> Abstract:
    return Abstract(
        state.emergency, state.lesser, state.age, state.missing, state.stopped, state.flare,
        False, state.led,
    )  # fmt: skip


@dataclass
class Found:
    """What random lives met, and what was broken, with the first example of each."""

    steps: int = 0
    begun: int = 0
    states: set[Abstract] = field(default_factory=set)
    events: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)


def lived(count: int, *, seed: int = 0) -> Found:
    """Random lives of the real code against the picture."""
    found = Found(broken=Counter({OUTSIDE: 0, OTHERWISE: 0}))
    for number in range(count):
        for before, event, after in lives(np.random.default_rng([seed, number])):
            one, other = abstract(before), abstract(after)
            found.steps += 1
            found.states.add(other)
            found.begun += other.led and not one.led
            found.events[event.whole if isinstance(event, Answered) else event.value] += 1
            if other not in successors(one, event):
                found.broken[OUTSIDE] += 1
                found.examples.setdefault(OUTSIDE, f"{one} --{event}--> {other}")
            if (before.refusal is None) != one.may_be_led:
                found.broken[OTHERWISE] += 1
                found.examples.setdefault(OTHERWISE, f"{one}: {before.refusal}")
    return found


def evaluate(count: int, *, seed: int = 0) -> list[Table]:
    laws, real = broken(), lived(count, seed=seed)
    counted = [*laws.items(), *real.broken.items()]
    floors = [Floor(law, float(n), high=0.0) for law, n in counted]
    tables = [floors_table(f"The life of a clearance, and {count} random ones", floors)]
    if real.examples:
        rows = tuple(sorted(real.examples.items()))
        tables.append(Table("First examples", ("law", "example"), rows, (0, 0)))
    met = (("steps", real.steps), ("begun exercises", real.begun), ("states", len(real.states)))
    events = tuple(sorted(real.events.items()))
    tables.append(Table("What random lives met", ("what", "times"), (*met, *events), (0, 0)))
    return tables


def sound(tables: list[Table]) -> bool:
    """Whether every floor of the first table is met."""
    return all(row[-1] is True for row in tables[0].rows)


def tables() -> list[Table]:
    """The questions and the finite picture as tables, made from the data and the relation."""
    states = list(every_state())
    reached = reachable({picture.start()})
    sizes = (
        ("states", len(states)),
        ("states that can be reached", len(reached)),
        ("of these with somebody led", sum(s.led for s in reached)),
        ("events", len(EVENTS)),
        ("steps looked at", sum(len(successors(s, e)) for s in states for e in EVENTS)),
    )
    return [
        Table("What is asked, and when", _ASKED, tuple(map(_row, screening().question)), (0,) * 5),
        Table("Size of the picture", ("what", "number"), sizes, (0, 0)),
        _flag_table("An emergency after answers", "emergency"),
        _flag_table("A lesser flag after answers", "lesser"),
    ]


_ASKED = ("question", "means", "asked anew", "closed by", "leaves out")


def _row(q: Question) -> tuple[str, ...]:
    asked = screening()
    days = asked.valid.weekly_days if q.weekly else asked.valid.whole_days
    when = f"after {days:g} days" + (", in a flare" if q.weekly else "")
    if q.level is Level.MODIFY:
        return q.id, q.level.value, when, "another answer", ", ".join(q.rules)
    by = {SeenBy.DOCTOR: "a doctor", SeenBy.CLINICIAN: "a doctor or physiotherapist"}
    look = by.get(q.looked_at_by, "nobody")
    closed = f"a look ({look}), a day, all anew" if look != "nobody" else "a day, all anew"
    closed += "; may stand" if q.stands else ""
    return q.id, q.level.value, when, closed, ", ".join(q.rules)


def _flag_table(title: str, kind: str) -> Table:
    """How that kind may stand after each answering, the rest of the state being as it may."""
    rows = []
    flags = [f for f in Flag if kind == "lesser" or f is not Flag.STANDS]
    for whole in Whole:
        for raised, looked in ((False, False), (False, True), (True, False), (True, True)):
            event = Answered(whole, **{kind: raised, f"looked_{kind}": looked})
            cells = [
                ", ".join(sorted({getattr(s, kind) for s in successors(_at(kind, f), event)}))
                for f in flags
            ]
            said = f"{whole.value}, {'raised' if raised else 'well'}"
            rows.append((f"{said}, {'looked at' if looked else 'not looked at'}", *cells))
    return Table(
        title, ("answers", *(f.value for f in flags)), tuple(rows), (0,) * (1 + len(flags))
    )


def _at(kind: str, flag: Flag) -> Abstract:
    if kind == "emergency":
        return Abstract(emergency=flag, age=Age.COUNTS, missing=False)
    return Abstract(lesser=flag, age=Age.COUNTS, missing=False)


_SAID = """
Before anything is led the safety questions are asked (rule S). What their answers mean is data
(`src/lengthwise/reference/screening.toml`); what becomes of them is a fold over everything that was
ever told (`src/lengthwise/plan/clearance.py`): an answer that raises something opens a flag, and
one thing closes it: **all questions anew, a day later at the earliest, with the statement that
somebody has looked**. An emergency must be well again as well; a lesser answer may stand once it
was looked at, and then that is said again each time it is asked. Two stops with a symptom in seven
days are such a flag, too (rule X). What is unanswered, too old, of another version, from before a
flare or a stop, stops.

Below is the finite picture of it (`src/lengthwise/plan/clearance_picture.py`): how an emergency and
a lesser flag stand, how old the answers are, whether one is missing, whether a stop or a flare came
since, whether a country was chosen, whether somebody is being led. All of its states and events are
walked, and of it it holds that

- no way leads from an emergency that nobody has looked at to an exercise, whatever else happens in
  between: other answers, days and weeks, stops, restarts, deleting everything;
- nothing ends an emergency but that one kind of answering;
- every entry into an exercise, to begin, to resume, to come back after a reload, passes the same
  gate, with whole answers that still count and no stop or flare since;
- no question that is unanswered or too old is passed by an entry;
- an edit within a day ends nothing;
- after an answer that raises something, a stop and a restart nobody is led on;
- the country that was chosen changes which number is said and never who is led.

The real code is held against the picture on random lives: each of its steps is one of the picture,
and both agree on who may be led. A flare that is told of while somebody is being led ends nothing
that is going on; the next entry asks. The picture's clock only goes forward: what clocks that are
set do is tested apart (`tests/live/test_guided.py`).
"""


def page() -> str:
    head = (
        "# The safety questions as a finite picture\n\nMade by `lengthwise evaluate screening`.\n"
    )
    return f"{head}{_SAID}\n{markdown(tables())}"
