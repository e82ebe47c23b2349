"""What one session says of one criterion of the curriculum: met, not met, or not seen. Pure.

Everything is read so that doubt never counts as competent: a share is met only without what could
not be known, and missed only with all of it; a rate is told of known time alone.
"""

from collections.abc import Sequence
from math import degrees, hypot

from msgspec import Struct

from lengthwise.contracts.practice import Practice
from lengthwise.contracts.teaching import Judged, SessionSeen
from lengthwise.plan.learning import Outcome, outcome
from lengthwise.reference.constants import constant
from lengthwise.reference.curriculum import Criterion, Measured
from lengthwise.reference.exercises import Exercise

_HELD_LEAST_S = constant("teaching", "held_least_s")
_SEEN_RATIO = constant("learning", "seen_least_ratio")
_SURE = 1.64


class Reading(Struct, frozen=True):
    """`value` in the unit of the criterion's limit; None: there is no number to it."""

    judged: Judged
    value: float | None = None


NOTHING = Reading(Judged.NOT_SEEN)


def read(c: Criterion, e: Exercise, session: SessionSeen, before: Sequence[SessionSeen]) -> Reading:
    """`before`: the earlier sessions of the same exercise, the oldest first."""
    match c.measured:
        case Measured.KEPT:
            return _kept(session.practice, with_cues=1.0)
        case Measured.CUES:
            return _kept(session.practice, with_cues=c.limit or 0.0)
        case Measured.CORRECTIONS:
            return _corrections(session.practice, e.dose.hold_s, c.limit or 0.0)
        case Measured.EFFECTIVE:
            return _effective(session, c.limit or 0.0)
        case Measured.FOUND_AGAIN:
            return _found_again(session, before, c.limit or 0.0)
        case Measured.BREATH:
            return _breath(session, c.limit or 0.0)
        case Measured.POSITION:
            return _position(session, c.limit or 0.0)
        case _:
            return NOTHING


def paced(session: SessionSeen, limit_s: float) -> Reading:
    """Of a session of led breathing: whether it lasted."""
    lasted_s = session.duration_s
    if lasted_s is None:
        return NOTHING
    return Reading(Judged.MET if lasted_s >= limit_s else Judged.NOT_SEEN, lasted_s)


def held_s(practice: Practice) -> float:
    """Seconds of holds, over the sides: of each the constraint that was counted longest."""
    longest: dict[object, float] = {}
    for c in practice.constraints:
        longest[c.side] = max(longest.get(c.side, 0.0), c.known_s + c.unsure_s)
    return sum(longest.values())


def _kept(practice: Practice | None, *, with_cues: float) -> Reading:
    """With that share of the cues or less it was kept; with as many or more it was left. Kept with
    more of them, or left with fewer, says nothing of it."""
    found = Outcome.NOT_SEEN if practice is None else outcome(practice)
    if practice is None or found is Outcome.NOT_SEEN:
        return NOTHING
    had = practice.cue_share
    if found is Outcome.KEPT:
        return Reading(Judged.MET if had <= with_cues else Judged.NOT_SEEN, had)
    return Reading(Judged.NOT_MET if had >= with_cues else Judged.NOT_SEEN, had)


def _corrections(practice: Practice | None, hold_s: float, most: float) -> Reading:
    """Due in each hold of the dose's length, of the time in which each constraint was known; the
    most of them decides. What is required and was not seen may have been due."""
    if practice is None or not practice.constraints:
        return NOTHING
    told = [c for c in practice.constraints if c.known_s >= _HELD_LEAST_S]
    rates = [c.due * hold_s / c.known_s for c in told]
    if rates and max(rates) > most:
        return Reading(Judged.NOT_MET, max(rates))
    required = [c for c in practice.constraints if c.required]
    blind = any(c not in told or (c.known_ratio or 0.0) < _SEEN_RATIO for c in required)
    if blind or not rates:
        return NOTHING
    return Reading(Judged.MET, max(rates))


def _effective(session: SessionSeen, least: float) -> Reading:
    if session.practice is None or session.effective_s is None:
        return NOTHING
    whole_s = held_s(session.practice)
    if whole_s < _HELD_LEAST_S:
        return NOTHING
    surely = min(session.effective_s / whole_s, 1.0)
    at_most = (session.effective_s + (session.uncertain_s or 0.0)) / whole_s
    if surely >= least:
        return Reading(Judged.MET, surely)
    return Reading(Judged.NOT_MET if at_most < least else Judged.NOT_SEEN, surely)


def _found_again(session: SessionSeen, before: Sequence[SessionSeen], most_m: float) -> Reading:
    """Each mark against the last one of the same muscle and sensors of an earlier day, doubt
    included; the first has nothing to be held against, and the one furthest off decides."""
    found = []
    for pull in session.first_pulls:
        earlier = (p for s in reversed(before) if s.on < session.on for p in s.first_pulls)
        last = next((p for p in earlier if (p.of, p.setup) == (pull.of, pull.setup)), None)
        if last is not None:
            apart_m, doubt_m = abs(pull.length_m - last.length_m), hypot(pull.sd_m, last.sd_m)
            found.append(_surely_within(apart_m, _SURE * doubt_m, most_m))
    missed = [r for r in found if r.judged is Judged.NOT_MET]
    met = [r for r in found if r.judged is Judged.MET]
    return max(missed or met, key=lambda r: r.value or 0.0, default=NOTHING)


def _surely_within(size: float, doubt: float, most: float) -> Reading:
    if size + doubt <= most:
        return Reading(Judged.MET, size)
    return Reading(Judged.NOT_MET if size - doubt > most else Judged.NOT_SEEN, size)


def _breath(session: SessionSeen, least_s: float) -> Reading:
    """An ease for a held breath is seen however short the rest was."""
    breath = session.breath
    if breath is None:
        return NOTHING
    if breath.eased:
        return Reading(Judged.NOT_MET, float(breath.eased))
    return Reading(Judged.MET, 0.0) if breath.known_s >= least_s else NOTHING


def _position(session: SessionSeen, most_deg: float) -> Reading:
    """The constant miss with its doubt: met where it is surely within, missed where surely not."""
    if session.repositioning is None or session.repositioning.errors is None:
        return NOTHING
    miss = session.repositioning.errors.constant
    return _surely_within(degrees(abs(miss.mean)), _SURE * degrees(miss.sd), most_deg)
