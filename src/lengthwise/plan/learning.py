"""Which share of the cues an exercise is led with next, when to ask for it without any, and what
that says: from the kept sessions of one exercise.

Cues fade from all to half to none, a step after `fade_days` days on which everything that the
exercise requires was seen and kept; a session with errors takes a step back at once. Between
*kept* and *errors* lies a gap in which nothing changes, and so does nothing after a session in
which too little was seen: it is as if it had not been.

A retention check is a session without cues, a week and four weeks after the last one with cues.
What was not seen is never told as learnt.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import CUE_SHARES, ConstraintKept, Practice
from lengthwise.reference.constants import constant

_SEEN_RATIO = constant("learning", "seen_least_ratio")
_SEEN_S = constant("learning", "seen_least_s")
_KEPT_RATIO = constant("learning", "kept_beyond_ratio")
_ERRORS_RATIO = constant("learning", "errors_beyond_ratio")
_ERRORS_S = constant("learning", "errors_known_s")
_DUE_PER_MIN = constant("learning", "kept_due_per_min")
_FADE_DAYS = constant("learning", "fade_days")
_EARLY_DAYS = constant("learning", "check_early_days")
_MINUTE_S = 60.0
_ALL = CUE_SHARES[0]


class Outcome(StrEnum):
    """How a constraint, or a whole session, went. `BETWEEN`: neither kept nor clearly not."""

    KEPT = "kept"
    BETWEEN = "between"
    ERRORS = "errors"
    NOT_SEEN = "not_seen"


class CheckKind(StrEnum):
    WEEK = "week"
    MONTH = "month"


class CheckResult(StrEnum):
    """`CANNOT_TELL`: too little was seen, or it came too early to be about keeping it."""

    LEARNT = "learnt"
    NOT_YET = "not_yet"
    CANNOT_TELL = "cannot_tell"


class Doubt(StrEnum):
    """Why a check cannot tell. `CUES_NOT_KNOWN`: no session with cues is kept before it."""

    NOT_SEEN = "not_seen"
    TOO_EARLY = "too_early"
    CUES_NOT_KNOWN = "cues_not_known"


class Practised(Struct, frozen=True):
    """One kept session of the exercise; `day` counts whole days from any day."""

    day: int
    practice: Practice


class CheckMade(Struct, frozen=True):
    """A retention check and what it says. `after_days` since the last session with cues, None: not
    known; `kind`: which of the two it is, None: neither's time; `uncued`: how many sessions without
    cues lay between, as practice of its own. `learnt`, `not_yet`, `not_told`: of which constraints.
    """

    day: int
    after_days: int | None
    kind: CheckKind | None
    result: CheckResult
    uncued: int
    doubt: Doubt | None = None
    learnt: tuple[tuple[Side | None, Coordinate], ...] = ()
    not_yet: tuple[tuple[Side | None, Coordinate], ...] = ()
    not_told: tuple[tuple[Side | None, Coordinate], ...] = ()


class CheckDue(Struct, frozen=True):
    """The next check: on `day`, and counted from `from_day` to `until_day`."""

    kind: CheckKind
    day: int
    from_day: int
    until_day: int


class Why(StrEnum):
    """Why the share is what it is: what the latest session that counts did to it."""

    FIRST = "first"
    KEPT = "kept"
    ERRORS = "errors"
    STAYS = "stays"


class Learning(Struct, frozen=True):
    """What the sessions come to. `cue_share` of the next one; `kept_days` towards the next step;
    `cued_day`: of the last session with cues; `checks`: all that were made, the oldest first;
    `due`: None where cues are not faded yet, or both are made or past."""

    cue_share: float
    why: Why
    kept_days: int
    cued_day: int | None
    checks: tuple[CheckMade, ...]
    due: CheckDue | None


def outcome_of(c: ConstraintKept) -> Outcome:
    """Errors count however little else was seen; nothing is kept that was mostly not seen."""
    if c.known_s > 0.0 and c.beyond_s >= _ERRORS_RATIO * c.known_s and c.known_s >= _ERRORS_S:
        return Outcome.ERRORS
    if (c.known_ratio or 0.0) < _SEEN_RATIO or c.known_s < _SEEN_S:
        return Outcome.NOT_SEEN
    often = c.due > _DUE_PER_MIN * max(c.known_s / _MINUTE_S, 1.0)
    return Outcome.BETWEEN if often or c.beyond_s > _KEPT_RATIO * c.known_s else Outcome.KEPT


def outcome(practice: Practice) -> Outcome:
    """Of a session: errors in anything; kept where all that is required was, and at least one."""
    found = [(c, outcome_of(c)) for c in practice.constraints]
    each = [o for _, o in found]
    if Outcome.ERRORS in each:
        return Outcome.ERRORS
    if any(c.required and o is Outcome.NOT_SEEN for c, o in found):
        return Outcome.NOT_SEEN
    if Outcome.BETWEEN in each:
        return Outcome.BETWEEN
    return Outcome.KEPT if Outcome.KEPT in each else Outcome.NOT_SEEN


def learning(
    history: Sequence[Practised], today: int, sides: Sequence[Side | None] = ()
) -> Learning:
    """From all kept sessions of one exercise, those of one day in the order they were made.

    What is later than `today` does not count yet. Each side is learnt by itself, and the one that
    needs most cues decides: of the `sides` that are to be done (none stated: all that ever were)
    one that was never done has all of them.
    """
    sessions = sorted((s for s in history if s.day <= today), key=lambda s: s.day)
    done = {c.side: None for s in sessions for c in s.practice.constraints}
    each = [_share(_of_side(sessions, side)) for side in sides or done]
    share, why, kept_days = max(each, key=lambda found: found[0], default=(_ALL, Why.FIRST, 0))
    cued = [s.day for s in sessions if s.practice.cue_share > 0.0]
    cued_day = max(cued, default=None)
    checks = tuple(_check(sessions, i) for i, s in enumerate(sessions) if s.practice.check)
    due = None if share > 0.0 else _due(cued_day, checks, today)
    return Learning(share, why, kept_days, cued_day, checks, due)


def _of_side(sessions: Sequence[Practised], side: Side | None) -> list[Practised]:
    """The sessions in which that side was done, with what was kept on it."""
    found = []
    for s in sessions:
        kept = tuple(c for c in s.practice.constraints if c.side is side)
        if kept:
            found.append(replace(s, practice=replace(s.practice, constraints=kept)))
    return found


def _share(sessions: Sequence[Practised]) -> tuple[float, Why, int]:
    """A session counts for less help only with no more help than that."""
    share, why, days = _ALL, Why.FIRST, frozenset[int]()
    for session in sessions:
        found, had = outcome(session.practice), session.practice.cue_share
        if found is Outcome.NOT_SEEN:
            continue
        why = Why.STAYS
        if found is Outcome.ERRORS:
            more = max(share, _step(had, -1))
            why, share, days = Why.ERRORS if more > share else Why.STAYS, more, frozenset()
        elif found is Outcome.KEPT and had <= share:
            days |= {session.day}
            if len(days) >= _FADE_DAYS and share > 0.0:
                why, share, days = Why.KEPT, _step(share, 1), frozenset()
    return share, why, len(days)


def _step(share: float, by: int) -> float:
    place = min(range(len(CUE_SHARES)), key=lambda i: abs(CUE_SHARES[i] - share)) + by
    return CUE_SHARES[min(max(place, 0), len(CUE_SHARES) - 1)]


def _window(kind: CheckKind) -> tuple[float, float, float]:
    """Day, first and last day of a check, all after the last session with cues."""
    day = constant("learning", f"check_{kind.value}_days")
    return day, day - _EARLY_DAYS, day + constant("learning", f"check_{kind.value}_late_days")


def _check(sessions: Sequence[Practised], place: int) -> CheckMade:
    """What the session at that place says; it rests on those before it alone."""
    made, before = sessions[place], sessions[:place]
    cued = [s.day for s in before if s.practice.cue_share > 0.0]
    after = made.day - max(cued) if cued else None
    kind = None
    if after is not None:
        within = (k for k in CheckKind if _window(k)[1] <= after <= _window(k)[2])
        kind = next(within, None)
    of_each = {(c.side, c.coordinate): outcome_of(c) for c in made.practice.constraints}
    errors = tuple(k for k, o in of_each.items() if o in (Outcome.ERRORS, Outcome.BETWEEN))
    result, doubt = _result(of_each, after)
    timely = doubt in (None, Doubt.NOT_SEEN)
    learnt = tuple(k for k, o in of_each.items() if timely and o is Outcome.KEPT)
    return CheckMade(
        made.day,
        after,
        kind,
        result,
        uncued=sum(not cued or s.day > max(cued) for s in before if not s.practice.check),
        doubt=doubt,
        learnt=learnt,
        not_yet=errors,
        not_told=tuple(k for k in of_each if k not in learnt and k not in errors),
    )


def _result(
    of_each: dict[tuple[Side | None, Coordinate], Outcome], after: int | None
) -> tuple[CheckResult, Doubt | None]:
    """Errors without cues are errors at any time; that it was kept says something only later."""
    each = set(of_each.values())
    if each & {Outcome.ERRORS, Outcome.BETWEEN}:
        return CheckResult.NOT_YET, None
    if not each or Outcome.NOT_SEEN in each:
        return CheckResult.CANNOT_TELL, _untimely(after) or Doubt.NOT_SEEN
    doubt = _untimely(after)
    return (CheckResult.LEARNT, None) if doubt is None else (CheckResult.CANNOT_TELL, doubt)


def _untimely(after: int | None) -> Doubt | None:
    if after is None:
        return Doubt.CUES_NOT_KNOWN
    return Doubt.TOO_EARLY if after < _window(CheckKind.WEEK)[1] else None


def _due(cued_day: int | None, checks: Sequence[CheckMade], today: int) -> CheckDue | None:
    if cued_day is None:
        return None
    for kind in CheckKind:
        day, first, last = (int(cued_day + x) for x in _window(kind))
        told = any(
            c.kind is kind and c.day > cued_day and c.result is not CheckResult.CANNOT_TELL
            for c in checks
        )
        if not told and today <= last:
            return CheckDue(kind, day, first, last)
    return None
