"""The envelope against its finite picture, on random sessions: what must never happen, counted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
import numpy as np

from lengthwise.coach import abstraction, coach
from lengthwise.coach.abstracted import abstract, word
from lengthwise.coach.abstraction import Event, Word
from lengthwise.coach.intents import Intent, contradict, intent
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.state import LOADED, State, settling
from lengthwise.contracts.decision import CoachOutput, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal
from lengthwise.live.evaluation.envelope_traces import Item, Step, sessions, trace
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Floor, Table, floors_table, markdown

_STRENGTH = {(limit.reason, limit.action) for limit in abstraction.LIMITS}
_AT_ONCE = 100
"""Sessions in one piece of work."""


@dataclass
class Found:
    """What was met, and what was broken, by name; the first example of each."""

    steps: Counter[str] = field(default_factory=Counter)
    allowed: Counter[str] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def breaks(self, law: str, example: str) -> None:
        self.broken[law] += 1
        self.examples.setdefault(law, example)

    def add(self, other: "Found") -> None:
        self.steps += other.steps
        self.allowed += other.allowed
        self.limits += other.limits
        self.broken += other.broken
        self.examples = other.examples | self.examples


EXCEPTION = "an exception"
PICTURE = "a step that is not in the picture"
UNLISTED = "a limit that is not in the picture"
LAST = "something further than the envelope allowed"
CONTRADICTION = "two messages that contradict each other within the lapse"
SHOWN = "a shown text that leads further than allowed"
LAWS = (EXCEPTION, PICTURE, UNLISTED, LAST, CONTRADICTION, SHOWN)


def check(params: coach.Params, chance: np.random.Generator) -> Found:
    """One random session against every law."""
    return check_steps(params, trace(params, chance))


def check_steps(params: coach.Params, steps: Iterable[Step]) -> Found:
    """The same of steps that were taken already, or are taken as they are asked for."""
    found = Found()
    said: list[tuple[float, Intent, bool]] = []
    name = params.exercise.id
    try:
        for before, item, after, output in steps:
            event, reasons = _event(params, before, item)
            found.steps["words" if isinstance(event, Word) else "frames"] += 1
            if isinstance(event, Action):
                found.allowed[event.name.lower()] += 1
            for reason_id in reasons:
                found.limits[reason_id] += 1
                if (reason_id, event) not in _STRENGTH:
                    found.breaks(UNLISTED, f"{reason_id} at {event!r}")
            one, other = abstract(params, before), abstract(params, after)
            if other not in abstraction.successors(one, event):
                found.breaks(PICTURE, f"{name}: {one} --{event!r}--> {other}")
            _last(found, before, event, output)
            _messages(found, params, after, output, said)
    except Exception as broken:  # noqa: BLE001 - that none is raised is what is counted here
        found.breaks(EXCEPTION, f"{name}: {broken!r}")
    return found


def _event(params: coach.Params, before: State, item: Item) -> tuple[Event, list[str]]:
    if isinstance(item, PersonSignal):
        return word(params, before, item), []
    t_s = item.body.t_s if before.t_s is None else max(before.t_s, item.body.t_s)
    _, _, standing = coach.look(params, msgspec.structs.replace(before, t_s=t_s), item)
    return standing.action, [why.id for why in standing.reasons]


def _last(found: Found, before: State, event: Event, output: CoachOutput) -> None:
    """Nothing is begun or said that leads further than the envelope allows in that frame."""
    begun = output.guidance.phase is Phase.EASE_IN and before.phase is not Phase.EASE_IN
    spoken = {d.cue_id for d in output.decisions}
    needs = [Action.HOLD] if begun or "ease_in" in spoken else []
    needs += [Action.DEEPEN] if "deeper" in spoken else []
    allowed = event if isinstance(event, Action) else Action.RELEASE
    if any(allowed < need for need in needs):
        found.breaks(LAST, f"{before.phase} {event!r}: {spoken}")


def _messages(
    found: Found,
    params: coach.Params,
    after: State,
    output: CoachOutput,
    said: list[tuple[float, Intent, bool]],
) -> None:
    """Phrases, and decisions of the envelope, which may lead back at any time."""
    for d in output.decisions:
        envelope = d.kind in (DecisionKind.EASE, DecisionKind.STOP)
        now = Intent.BACK if envelope else intent(d.cue_id)
        if now is Intent.NONE:
            continue
        recent = [s for s in said if d.t_s - s[0] < params.settings.ease_lapse_s]
        against = [s for s in recent if contradict(s[1], now)]
        # A stop or an ease takes back what was said; and its own words follow it.
        if against and not envelope:
            found.breaks(CONTRADICTION, f"{against} then {d.t_s} {d.cue_id}")
        said.append((d.t_s, now, envelope))
    _shown(found, params, after, output)


def _shown(found: Found, params: coach.Params, after: State, output: CoachOutput) -> None:
    text, phase = output.guidance.cue_text, after.phase
    written = params.plans[after.side_index].exercise
    deeper = written.cue_text("deeper") if "deeper" in written.cues else None
    further = {written.cue_text("ease_in"), deeper}
    allowed = after.sighting.allowed
    held = allowed is not None and allowed < Action.HOLD
    leads_on = text in further
    if leads_on and (phase not in LOADED or held or settling(after, params.settings)):
        found.breaks(SHOWN, f"{phase} {allowed!r}: {text}")
    if phase is Phase.HOLD and text == deeper and allowed is not Action.DEEPEN:
        found.breaks(SHOWN, f"{phase} {allowed!r}: {text}")


def check_many(piece: tuple[int, int]) -> Found:
    """`count` sessions of a seed."""
    seed, count = piece
    found = Found()
    for params, chance in sessions(seed, count):
        found.add(check(params, chance))
    return found


def evaluate(
    sequences: int, *, jobs: int = 1, seed: int = 0, advance: Advance | None = None
) -> list[Table]:
    pieces = [
        (seed + k, min(_AT_ONCE, sequences - begun))
        for k, begun in enumerate(range(0, sequences, _AT_ONCE))
    ]
    found = Found()
    for part in run_all(check_many, pieces, jobs=jobs, advance=advance):
        found.add(part)
    return list(_tables(found, sequences))


def _tables(found: Found, sequences: int) -> Iterator[Table]:
    floors = [Floor(f"times: {law}", float(found.broken[law]), high=0.0) for law in LAWS]
    yield floors_table(f"The envelope on {sequences} random sequences", floors)
    if found.examples:
        rows = tuple(sorted(found.examples.items()))
        yield Table("First examples of what was broken", ("law", "example"), rows, (0, 0))
    met = [*found.steps.items(), *((f"frames: {k}", n) for k, n in found.allowed.items())]
    met += [(f"limit: {k}", n) for k, n in found.limits.items()]
    yield Table("What was met", ("what", "times"), tuple(sorted(met)), (0, 0))


def sound(tables: list[Table]) -> bool:
    """Whether every floor of the first table is met."""
    return all(row[-1] is True for row in tables[0].rows)


def picture() -> list[Table]:
    """The finite picture as tables, made from the relation itself."""
    states = list(abstraction.every_state())
    reached = reachable()
    sizes = (
        ("states", len(states)),
        ("states that can be reached", len(reached)),
        ("events", len(abstraction.EVENTS)),
        ("limits", len(abstraction.LIMITS)),
    )
    limits = tuple((x.action.name.lower(), str(x.reason), x.when) for x in abstraction.LIMITS)
    return [
        Table("Size of the picture", ("what", "number"), sizes, (0, 0)),
        Table("Limits, strictest first", ("allows at most", "reason", "when"), limits, (0, 0, 0)),
        _moves("What a frame may lead to", tuple(Action)),
        _moves("What a word may lead to", tuple(Word)),
    ]


def reachable() -> set[abstraction.Abstract]:
    """Every state that some events lead to from the start."""
    reached, edge = {abstraction.start()}, [abstraction.start()]
    while edge:
        state = edge.pop()
        for event in abstraction.EVENTS:
            for after in abstraction.successors(state, event) - reached:
                reached.add(after)
                edge.append(after)
    return reached


def _moves(title: str, events: tuple[Event, ...]) -> Table:
    """The phases that may follow, over all reachable states of a phase; empty: it stays."""
    reached = sorted(reachable())
    rows = []
    for phase in Phase:
        cells: list[str] = [phase.value]
        for event in events:
            after = {
                s.phase
                for state in reached
                if state.phase is phase
                for s in abstraction.successors(state, event)
            }
            cells.append("" if after <= {phase} else ", ".join(p for p in Phase if p in after))
        rows.append(tuple(cells))
    names = tuple(e.name.lower() for e in events)
    return Table(title, ("phase", *names), tuple(rows), (0,) * (1 + len(events)))


_SAID = """
The last word over everything the coach proposes is the envelope's: `allowed = min(proposal, every
limit)` over stop < release < pause < ease < hold < deeper. This page is the finite picture of
coach and envelope (`src/lengthwise/coach/abstraction.py`). The tests walk all of its states and
events and prove of it that

- no path leads from a stop to anything under load;
- every stop is reached in one step from every state;
- whatever goes on after a pause, a loss or an ease that became a release passes through *get
  ready*, at rest, before it is under load again;
- no event allows more than was proposed;
- an ease is never followed by anything deeper within its lapse;

and that every step of the real coach on random sessions is a step of this picture. Time is left
out: whatever a time decides may happen or not, so the picture allows more than the coach does. A
short loss of sight (less than 5 s) waits within the hold and is no resumption.
"""


def page() -> str:
    head = "# The safety envelope as a finite picture\n\nMade by `lengthwise evaluate envelope`.\n"
    return f"{head}{_SAID}\n{markdown(picture())}"
