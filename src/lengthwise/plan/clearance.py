"""What is known of a person's safety questions after everything that was ever told, as a fold.

Pure: `step(asked, state, told) -> state`. A flag is opened by an answer that raises something, and
is closed by one thing only: all questions answered anew, a day later at the earliest, with the
statement that somebody has looked (rule S). Nothing else that can be told closes it: no edited
answer, no part of the questions, no clock that was set.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.screening import SafetyStop, Screened, Told, YesNo
from lengthwise.reference.screening import (
    TWO_STOPS,
    Level,
    Question,
    Screening,
    SeenBy,
    seen_id,
)

DAY_S = 24 * 3600.0
_HOUR_S = 3600.0


class Given(Struct, frozen=True):
    """The latest answer to one question; `at_s` since 1970."""

    answer: YesNo
    at_s: float


class Clearance(Struct, frozen=True):
    """`given`: latest usable answers. `flags`: what is open, with each time at which it was told
    since it was opened. `looked_at`: raised answers that stand and that somebody has looked at.
    `stopped`: a session ended with a symptom or pain, and not everything was answered since;
    `stops_s`: when. `anything`: whether anything was ever answered, of whatever version.
    """

    given: dict[str, Given] = {}
    flags: dict[str, tuple[float, ...]] = {}
    looked_at: frozenset[str] = frozenset()
    stopped: bool = False
    stops_s: tuple[float, ...] = ()
    anything: bool = False


def clearance(asked: Screening, told: Iterable[Told]) -> Clearance:
    """After everything that was told, in the order in which it was kept."""
    state = Clearance()
    for each in told:
        state = step(asked, state, each)
    return state


def step(asked: Screening, before: Clearance, told: Told) -> Clearance:
    """One set of answers, or one session that was stopped."""
    if isinstance(told, SafetyStop):
        return _after_stop(asked, before, told)
    return _after_answers(asked, before, told)


def waited(asked: Screening, times_s: tuple[float, ...], now_s: float) -> bool:
    """Whether a flag may be asked about again. Each time at which it was told must be long enough
    ago, so that setting the clock back shortens no wait; a time that seems to be of later than now
    was told under another clock, and alone it allows nothing."""
    known = [t for t in times_s if t <= now_s]
    wait_s = asked.valid.rescreen_hours * _HOUR_S
    return bool(known) and all(now_s - t >= wait_s for t in known)


def still_open(asked: Screening, state: Clearance) -> tuple[Told, ...]:
    """What is kept of a person who wants everything deleted: each flag, with its latest time, and
    nothing of what was well or closed."""
    told: dict[float, dict[str, YesNo]] = {}
    for question in asked.question:
        if question.id in state.flags:
            told.setdefault(max(state.flags[question.id]), {})[question.id] = question.raised
    answers = [Screened(asked.version, at_s, told[at_s]) for at_s in sorted(told)]
    stops = [SafetyStop(max(state.flags[TWO_STOPS]))] * 2 if TWO_STOPS in state.flags else []
    return (*answers, *stops)


def _after_stop(asked: Screening, before: Clearance, told: SafetyStop) -> Clearance:
    if told.flare:
        return replace(before, stopped=True)
    near = [s for s in before.stops_s if abs(told.at_s - s) <= asked.valid.stops_days * DAY_S]
    state = _opened(before, TWO_STOPS, told.at_s) if near else before
    return replace(state, stopped=True, stops_s=(*before.stops_s, told.at_s))


def _after_answers(asked: Screening, before: Clearance, told: Screened) -> Clearance:
    current = told.version == asked.version
    # Answers to something that is not asked were given to other questions than these.
    usable = current and told.answers.keys() <= asked.ids | asked.seen_ids
    whole = usable and asked.ids <= told.answers.keys()
    state = replace(before, anything=True)
    for question in asked.question:
        answer = told.answers.get(question.id)
        if answer is not None and question.level is not Level.MODIFY:
            state = _flagged(asked, state, question, told, whole=whole)
    if TWO_STOPS in before.flags:
        state = _stops_seen(asked, state, told, whole=whole)
    given = {
        q: Given(answer, told.at_s)
        for q, answer in told.answers.items()
        if usable and q in asked.ids
    }
    return replace(state, given=state.given | given, stopped=before.stopped and not whole)


def _flagged(
    asked: Screening, state: Clearance, question: Question, told: Screened, *, whole: bool
) -> Clearance:
    """What one answer does to its flag."""
    flag = question.id
    open_s = state.flags.get(flag)
    seen = told.answers.get(seen_id(flag)) is YesNo.YES or question.looked_at_by is SeenBy.NOBODY
    resolves = open_s is not None and whole and seen and waited(asked, open_s, told.at_s)
    if told.answers[flag] == question.good:
        if open_s is None or resolves:
            return _closed(state, flag)
        return _opened(state, flag, told.at_s)
    if question.stands and seen and (resolves or (open_s is None and flag in state.looked_at)):
        return replace(_closed(state, flag), looked_at=state.looked_at | {flag})
    return _opened(state, flag, told.at_s)


def _stops_seen(asked: Screening, state: Clearance, told: Screened, *, whole: bool) -> Clearance:
    seen = told.answers.get(seen_id(TWO_STOPS)) is YesNo.YES
    if seen and whole and waited(asked, state.flags[TWO_STOPS], told.at_s):
        # What was looked at is not counted again with the next stop.
        return replace(_closed(state, TWO_STOPS), stops_s=())
    return _opened(state, TWO_STOPS, told.at_s)


def _opened(state: Clearance, flag: str, at_s: float) -> Clearance:
    times_s = (*state.flags.get(flag, ()), at_s)
    return replace(state, flags=state.flags | {flag: times_s}, looked_at=state.looked_at - {flag})


def _closed(state: Clearance, flag: str) -> Clearance:
    flags = {f: t for f, t in state.flags.items() if f != flag}
    return replace(state, flags=flags, looked_at=state.looked_at - {flag})
