"""The life of a clearance as a finite picture: every state, every event, what may follow.

A state keeps what decides whether somebody is led: how an emergency stands and how a lesser answer
that asks for a look stands, how old the answers are, whether one is missing, whether a stop or a
flare came after them, whether a country was chosen, and whether somebody is being led. `successors`
is the whole relation; the tests walk it exhaustively and hold the real code against it
(`docs/screening.md` is printed from here).

The picture allows more than the code does: of an event only its kind is kept, so whatever depends
on which question it was about may happen or not. What is proven for the picture therefore holds for
the code as long as every real step is one of these.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product

from msgspec import Struct
from msgspec.structs import replace


class Flag(StrEnum):
    """`FRESH`: told less than a day ago; `OLD`: may be asked about again; `STANDS`: raised, and
    somebody has looked. An emergency never stands."""

    NONE = "none"
    FRESH = "fresh"
    OLD = "old"
    STANDS = "stands"


OPEN = frozenset({Flag.FRESH, Flag.OLD})


class Age(StrEnum):
    """Of the oldest answer that still has to count."""

    NEVER = "never"
    COUNTS = "counts"
    EXPIRED = "expired"


class Abstract(Struct, frozen=True, order=True):
    """`missing`: a question that is asked now has no answer; `stopped`, `flare`: since the answers;
    `region`: a country was chosen; `led`: somebody is being led through an exercise."""

    emergency: Flag = Flag.NONE
    lesser: Flag = Flag.NONE
    age: Age = Age.NEVER
    missing: bool = True
    stopped: bool = False
    flare: bool = False
    region: bool = False
    led: bool = False

    @property
    def unresolved(self) -> bool:
        return self.emergency in OPEN or self.lesser in OPEN

    @property
    def may_be_led(self) -> bool:
        """What each entry asks."""
        plain = not (self.missing or self.stopped or self.flare)
        return not self.unresolved and self.age is Age.COUNTS and plain


class Whole(StrEnum):
    """How much of the questions one answering holds: all, what is due in a week, less, or answers
    to other questions than these."""

    ALL = "all"
    WEEKLY = "weekly"
    PART = "part"
    UNUSABLE = "unusable"


class Answered(Struct, frozen=True, order=True):
    """One set of answers, by kind. `emergency`, `lesser`: one of such questions is raised;
    `looked_...`: it states of everything of that kind that is open, or raised and standing, that
    somebody has looked."""

    whole: Whole
    emergency: bool = False
    lesser: bool = False
    looked_emergency: bool = False
    looked_lesser: bool = False


class Else(StrEnum):
    """`BEGIN`, `RESUME`, `RELOAD`: the entries; `RESTART`: the program ends and is begun anew."""

    BEGIN = "begin"
    RESUME = "resume"
    RELOAD = "reload"
    END = "end"
    RESTART = "restart"
    A_DAY = "a day passes"
    SOME_WEEKS = "some weeks pass"
    STOP = "a stop with a symptom"
    FLARE = "a flare is told of"
    FLARE_OVER = "the flare is over"
    REGION = "a country is chosen"
    DELETE = "everything is deleted"


Event = Answered | Else
ENTRIES = frozenset({Else.BEGIN, Else.RESUME, Else.RELOAD})
ANSWERS: tuple[Answered, ...] = tuple(
    Answered(whole, *words) for whole in Whole for words in product(*([(False, True)] * 4))
)
EVENTS: tuple[Event, ...] = (*ANSWERS, *Else)


def every_state() -> Iterator[Abstract]:
    both = (False, True)
    for e, f, age, *rest in product(Flag, Flag, Age, both, both, both, both, both):
        if e is not Flag.STANDS:
            yield Abstract(e, f, age, *rest)


def start() -> Abstract:
    return Abstract()


def resolves(state: Abstract, event: Event) -> bool:
    """The one thing that may end an emergency."""
    return (
        isinstance(event, Answered)
        and event.whole is Whole.ALL
        and event.looked_emergency
        and not event.emergency
        and state.emergency is Flag.OLD
    )


def successors(state: Abstract, event: Event) -> frozenset[Abstract]:
    """Everything that may follow."""
    if isinstance(event, Answered):
        return _after_answers(state, event)
    match event:
        case Else.BEGIN | Else.RESUME | Else.RELOAD:
            return frozenset({replace(state, led=state.may_be_led)})
        case Else.END | Else.RESTART:
            return frozenset({replace(state, led=False)})
        case Else.A_DAY | Else.SOME_WEEKS:
            return _later(state, event)
        case Else.STOP:
            lessers = {state.lesser, Flag.FRESH}  # the second in a week asks for a clinician
            return frozenset(replace(state, stopped=True, led=False, lesser=f) for f in lessers)
        case Else.FLARE:
            # Told of elsewhere it ends nothing that is going on: the next entry asks. Before there
            # are whole answers it may find none that it outdates.
            flares = {True, False} if state.missing else {True}
            return frozenset(replace(state, flare=f) for f in flares)
        case Else.FLARE_OVER:
            return frozenset({replace(state, flare=False)})
        case Else.REGION:
            return frozenset({replace(state, region=True)})
        case Else.DELETE:
            kept = replace(start(), emergency=state.emergency, region=state.region)
            lesser = state.lesser if state.lesser in OPEN else Flag.NONE
            stopped = {False, lesser in OPEN}  # two stops are kept where nobody has looked
            ages = {Age.NEVER, Age.COUNTS, Age.EXPIRED} if state.unresolved else {Age.NEVER}
            return frozenset(
                replace(kept, lesser=lesser, stopped=s, age=a) for s in stopped for a in ages
            )


def _later(state: Abstract, event: Event) -> frozenset[Abstract]:
    """Nobody is led for so long."""
    older = {Flag.FRESH: Flag.OLD}
    ages = {state.age}
    if state.age is Age.COUNTS:
        ages = {Age.EXPIRED} if event is Else.SOME_WEEKS else {Age.COUNTS, Age.EXPIRED}
    flares = {state.flare, False}
    return frozenset(
        replace(
            state,
            emergency=older.get(state.emergency, state.emergency),
            lesser=older.get(state.lesser, state.lesser),
            age=age,
            flare=flare,
            led=False,
        )
        for age in ages
        for flare in flares
    )


def _after_answers(state: Abstract, event: Answered) -> frozenset[Abstract]:
    emergencies = _after_flag(
        state.emergency, event, raised=event.emergency, looked=event.looked_emergency, stands=False
    )
    lessers = _after_flag(
        state.lesser, event, raised=event.lesser, looked=event.looked_lesser, stands=True
    )
    ages, missing, flares = {Age.COUNTS}, {False}, {False}
    if event.whole is Whole.WEEKLY:
        # What was answered whole may still count, or be over.
        ages, missing = {Age.COUNTS, Age.EXPIRED}, {state.missing, False}
    elif event.whole is Whole.PART:
        ages = {Age.COUNTS, Age.EXPIRED, state.age}
        missing, flares = {state.missing, False}, {state.flare, False}
    elif event.whole is Whole.UNUSABLE:
        ages, missing, flares = {state.age}, {state.missing}, {state.flare}
    stopped = state.stopped and event.whole is not Whole.ALL
    found = {
        Abstract(e, f, age, m, stopped, flare, state.region, state.led)
        for e, f, age, m, flare in product(emergencies, lessers, ages, missing, flares)
    }
    # Who may not be led any more is not.
    return frozenset(replace(s, led=s.led and s.may_be_led) for s in found)


def _after_flag(
    before: Flag, event: Answered, *, raised: bool, looked: bool, stands: bool
) -> set[Flag]:
    """How one kind of flag may stand after answers. Several questions are of one kind: where one is
    closed or stands another may be open, so what may be better may stay as it is as well."""
    resolves_all = before is Flag.OLD and event.whole is Whole.ALL and looked
    if raised:
        found = {Flag.FRESH}
        if stands and before in OPEN:
            found.add(before)  # what is raised stands, and another is open as before
        if stands and looked and (before is Flag.STANDS or resolves_all):
            found.add(Flag.STANDS)
        return found
    if before is Flag.NONE:
        return {Flag.NONE}
    if before is Flag.STANDS or resolves_all:
        # What is not asked now may go on standing, beside what is closed.
        return {Flag.NONE, Flag.STANDS} if stands else {Flag.NONE}
    # Asked again in vain, it waits another day; what is not asked stays as old as it is.
    return {Flag.FRESH, before}
