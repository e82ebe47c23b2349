"""From day to day: level and volume by how sessions were borne (rules G, X, F, M).

    standing, decided = step(standing, told)

Pure. Safety comes first: a plan that is held moves for nothing but a clinician's look. What is not
known is never taken for well borne. On one and the same day more pain never leaves more load.
"""

from math import ceil
from statistics import median

from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.progress import (
    DayTold,
    Decided,
    Grade,
    Missed,
    Move,
    Pending,
    SessionTold,
    Standing,
)
from lengthwise.contracts.week import MOST_LEVEL
from lengthwise.plan.steady import counts, may_rise_from, not_rising, usual_nrs
from lengthwise.reference.constants import constant

_AMBER_FROM_NRS = constant("plan", "amber_least_nrs")
_AMBER_NRS = constant("plan", "amber_most_nrs")
_GREEN_RISE = constant("plan", "green_rise_nrs")
_RED_RISE = constant("plan", "red_rise_nrs")
_ABSOLUTE_TO = constant("plan", "absolute_limits_to_nrs")
_EASE_RISE = constant("plan", "high_baseline_ease_nrs")
_STOP_RISE = constant("plan", "high_baseline_stop_nrs")
_GREENS = int(constant("plan", "up_green_days"))
_UP_VOLUME = constant("plan", "up_volume_ratio")
_NEARLY_ALL = constant("plan", "up_volume_nearly_all_ratio")
_AT_LEVEL_DAYS = int(constant("plan", "up_days_at_level"))
_AMBERS = int(constant("plan", "down_ambers"))
_DOWN_VOLUME = constant("plan", "down_volume_ratio")
_FLARE_RISE = constant("plan", "flare_rise_nrs")
_MORE_THAN_USUAL = 1.0
"""One answer of the scale more than usual."""
_FLARE_BEFORE_DAYS = int(constant("plan", "flare_before_days"))
_PAIN_DAYS = max(_FLARE_BEFORE_DAYS, 14)
"""Two weeks, of which the later one must not be worse (`steady`)."""
_FLARE_DAYS = int(constant("plan", "flare_easy_days"))
_FLARE_LEVELS = int(constant("plan", "flare_levels"))
_FLARE_VOLUME = constant("plan", "flare_volume_ratio")
_MISSED_DOWN = int(constant("plan", "missed_down_days"))
_MISSED_RETEST = int(constant("plan", "missed_retest_days"))
_STOPS = int(constant("plan", "stops_to_clinician"))
_LEAST_VOLUME = constant("plan", "volume_least_ratio")
_STOPS_DAYS = ceil(constant("screening", "stops_days"))
"""Days of the calendar: stops that the safety questions count as near (`clearance`) lie on days no
further apart, so that none that counts there is forgotten here."""
_EVIDENCE = {
    "G": "progress.pain_monitoring",
    "F": "progress.flare",
    "M": "progress.missed",
    "X": "progress.stops",
}
_STEADY = "progress.steady_pain"
_OF_STEADY_PAIN = frozenset({"sore", "rising", "stage"})


def graded(session: SessionTold, next_day: float | None) -> Grade:
    """How a session was borne. `next_day`: pain a day later."""
    if stopped(session):
        return Grade.RED
    before, during = session.before, session.during
    worst = max(
        (_RANK.index(g) for g in (_of_during(before, during), _of_next(before, next_day)) if g),
        default=0,
    )
    if _RANK[worst] is not Grade.RED and None in (before, during, next_day):
        return Grade.NOT_KNOWN
    return _RANK[worst]


_RANK = (Grade.GREEN, Grade.AMBER, Grade.RED)


def stopped(session: SessionTold) -> bool:
    """Whether it ended as rule X has it: by a limit, or with pain that rose by so much within it,
    from however low a start: safety comes before how a session was borne."""
    before, during = session.before, session.during
    rose = before is not None and during is not None and during - before >= _STOP_RISE
    return bool(session.stops) or rose


def _of_during(before: float | None, during: float | None) -> Grade | None:
    """By the pain itself, or from a higher start by its rise (rule D)."""
    if during is None:
        return None
    if before is None or before <= _ABSOLUTE_TO:
        if during > _AMBER_NRS:
            return Grade.RED
        return Grade.AMBER if during >= _AMBER_FROM_NRS else Grade.GREEN
    if during - before >= _STOP_RISE:
        return Grade.RED
    return Grade.AMBER if during - before >= _EASE_RISE else Grade.GREEN


def _of_next(before: float | None, next_day: float | None) -> Grade | None:
    if before is None or next_day is None:
        return None
    rise = next_day - before
    if rise >= _RED_RISE:
        return Grade.RED
    return Grade.AMBER if rise > _GREEN_RISE else Grade.GREEN


def step(standing: Standing, told: DayTold) -> tuple[Standing, Decided]:
    """One day. Raises InputError for a day that is not after the last one."""
    if standing.day is not None and told.day <= standing.day:
        raise InputError(
            "day",
            value=told.day,
            allowed=f"after day {standing.day}",
            remedy="tell days in their order, each once",
        )
    after, decided = _decided(_seen(standing, told), told)
    noted = _noted(after, told)
    if noted.held and not after.held:
        decided = _say(noted, Move.CLINICIAN, "X", "stops", "cleared", decided.grade)
    return noted, decided


def _seen(standing: Standing, told: DayTold) -> Standing:
    """The standing on this day, before anything is decided: what is too old to count is gone."""
    return replace(
        standing,
        day=told.day,
        pains=tuple(p for p in standing.pains if p[0] >= told.day - _PAIN_DAYS),
        stop_days=tuple(d for d in standing.stop_days if d >= told.day - _STOPS_DAYS),
    )


def _noted(standing: Standing, told: DayTold) -> Standing:
    """What this day leaves for those to come."""
    pains = standing.pains if told.pain is None else (*standing.pains, (told.day, told.pain))
    if told.session is None:
        return replace(standing, pains=pains)
    stops = (told.day,) * (1 + told.more_stops) if stopped(told.session) else ()
    return replace(
        standing,
        pains=pains,
        pending=Pending(told.day, told.session),
        stop_days=(*standing.stop_days, *stops),
        last_session_day=told.day,
        missed=Missed.NOTHING,
        held=standing.held or len(standing.stop_days) + len(stops) >= _STOPS,
    )


def _decided(now: Standing, told: DayTold) -> tuple[Standing, Decided]:
    """Safety, then a flare, then missed days, then how the last session was borne."""
    grade = _grade(now, told)
    if now.held:
        if not told.cleared:
            return now, _say(now, Move.CLINICIAN, "X", "held", "cleared", grade)
        # A stop is a red (rule G), and the one that held the plan was never graded.
        free = replace(now, held=False, stop_days=(), pending=None)
        lower = _lower(free, 1, now.volume * _DOWN_VOLUME)
        return lower, _say(now, Move.GO_ON, "X", "cleared", "stop")
    now = _flare_over(now, told)
    if _flares(now, told):
        if now.flare_below_nrs is None or _is_another(now, told):
            return _flared(now, told, grade)
        # The same flare goes on: no end of a range, and level and volume as for any other day.
        now = replace(now, end_range_from_day=told.day + _FLARE_DAYS)
        after, decided = _by_days(now, told, grade)
        if decided.move is Move.STAY:
            decided = _say(now, Move.EASY_DAYS, "F", "flare_on", "flare_over", grade)
        return after, decided
    return _by_days(now, told, grade)


def _flared(now: Standing, told: DayTold, grade: Grade | None) -> tuple[Standing, Decided]:
    """A flare begins; it is one until a day was told with clearly less pain, or as much as usual:
    whoever calls it one at the pain of every day would never tell less."""
    lower = _lower(now, _FLARE_LEVELS, now.volume * _FLARE_VOLUME)
    least = _flare_nrs(now)
    known = [n for n in (least, told.pain) if n is not None]
    below = min(known, default=None)
    if below is not None and least is not None:
        below = max(below, least - _FLARE_RISE + _MORE_THAN_USUAL)
    easy = replace(
        lower,
        end_range_from_day=told.day + _FLARE_DAYS,
        pending=None,
        flare_below_nrs=below,
    )
    reason = "flare_told" if told.flare else "flare"
    return easy, _say(now, Move.EASY_DAYS, "F", reason, "flare_over", grade)


def _by_days(now: Standing, told: DayTold, grade: Grade | None) -> tuple[Standing, Decided]:
    """Missed days, then how the last session was borne."""
    missed = _missed(now, told)
    if missed is not now.missed:
        cut = _DOWN_VOLUME if grade is Grade.RED else 1.0
        lower = now if now.missed is Missed.LOWER else _lower(now, 1, now.volume * cut)
        lower = replace(lower, missed=missed, pending=None)
        if missed is Missed.RETEST:
            return lower, _say(now, Move.RETEST, "M", "missed_long", "tested", grade)
        return lower, _say(now, Move.DOWN, "M", "missed", "greens", grade)
    return _borne(now, grade, _next_day(now, told))


def _grade(now: Standing, told: DayTold) -> Grade | None:
    """Of the session that waits; the pain of another day than the next says nothing of it."""
    if now.pending is None:
        return None
    return graded(now.pending.told, _next_day(now, told))


def _next_day(now: Standing, told: DayTold) -> float | None:
    """Pain a day after the session that waits."""
    after = now.pending is not None and told.day == now.pending.day + 1
    return told.pain if after else None


def _missed(now: Standing, told: DayTold) -> Missed:
    """What the days since the last session come to; never less than it was."""
    if now.last_session_day is None:
        return now.missed
    days = told.day - now.last_session_day - 1
    if days > _MISSED_RETEST:
        return Missed.RETEST
    return Missed.LOWER if days >= _MISSED_DOWN else now.missed


def _borne(now: Standing, grade: Grade | None, next_day: float | None) -> tuple[Standing, Decided]:
    if grade is None or now.pending is None:
        return now, _say(now, Move.STAY, "G", "nothing_new", "greens")
    of_day, session = now.pending.day, now.pending.told
    now = replace(now, pending=None)
    if grade is Grade.NOT_KNOWN:
        return now, _say(now, Move.STAY, "G", "not_known", "tell_pain", grade)
    ambers = now.ambers + (grade is Grade.AMBER)
    if grade is Grade.RED or ambers >= _AMBERS:
        reason = "red" if grade is Grade.RED else "ambers"
        lower = _lower(now, 1, now.volume * _DOWN_VOLUME)
        return lower, _say(now, Move.DOWN, "G", reason, "greens", grade)
    if grade is Grade.AMBER:
        amber = replace(now, ambers=ambers, green_days=())
        return amber, _say(now, Move.STAY, "G", "amber", "amber_again", grade)
    if not session.trained:
        return now, _say(now, Move.STAY, "G", "tests_alone", "greens", grade)
    if not counts(session, next_day, usual_nrs(now.pains, of_day)):
        return now, _say(now, Move.STAY, "G", "sore", "steady", grade)
    return _counted(replace(now, green_days=(*now.green_days, of_day)), grade)


def _counted(now: Standing, grade: Grade) -> tuple[Standing, Decided]:
    """A green more. One change at a time: what was taken away comes back before anything is added,
    not all at once however large the cut was; only a level waits for its days."""
    day = now.day
    assert day is not None
    if len(set(now.green_days)) < _GREENS:
        return now, _say(now, Move.STAY, "G", "green", "greens", grade)
    now = replace(now, ambers=0)  # As many as bring a step up settle an amber.
    whole = now.volume >= (1.0 if now.level == MOST_LEVEL else _NEARLY_ALL)
    waits = whole and (now.level == MOST_LEVEL or day - now.since_day < _AT_LEVEL_DAYS)
    if waits or _easy(now):
        return now, _say(now, Move.STAY, "G", "green", "greens", grade)
    if not not_rising(now.pains, day):
        return now, _say(now, Move.STAY, "G", "rising", "not_rising", grade)
    if whole and not may_rise_from(now.level, now.pains, day):
        return now, _say(now, Move.STAY, "G", "stage", "little_pain", grade)
    if whole:
        return _at(now, now.level + 1), _say(now, Move.UP, "G", "greens", "red", grade)
    more = replace(now, volume=min(now.volume * _UP_VOLUME, 1.0), green_days=())
    return more, _say(now, Move.UP, "G", "greens_volume", "red", grade)


def _easy(now: Standing) -> bool:
    """Whether the end of a range is left out on this day."""
    return (
        now.day is not None
        and now.end_range_from_day is not None
        and now.day < now.end_range_from_day
    )


def _flares(now: Standing, told: DayTold) -> bool:
    """Clearly more pain than in the week before, and things left undone; not twice in its days."""
    if _easy(now):
        return False
    if told.flare:
        return True
    least = _flare_nrs(now) if now.flare_below_nrs is None else now.flare_below_nrs
    if told.pain is None or told.activity_lost is not True or least is None:
        return False
    return told.pain >= least


def _is_another(now: Standing, told: DayTold) -> bool:
    """Whether a flare is not the one that began before: for a week its pain has been that of every
    day, and this is more; or nothing is known of that week."""
    below, least = now.flare_below_nrs, _flare_nrs(now)
    if below is None or least is None:
        return True
    more = told.flare or (told.pain is not None and told.pain >= least)
    return more and min(_pains_before(now)) >= below


def _pains_before(now: Standing) -> list[float]:
    """Of the week that a flare is told by."""
    assert now.day is not None
    return [pain for day, pain in now.pains if day >= now.day - _FLARE_BEFORE_DAYS]


def _flare_nrs(now: Standing) -> float | None:
    """From which pain a flare is told by."""
    week = _pains_before(now)
    return median(week) + _FLARE_RISE if week else None


def _flare_over(now: Standing, told: DayTold) -> Standing:
    """Once pain was told that is clearly less, the next flare is another one."""
    below = now.flare_below_nrs
    less = below is not None and told.pain is not None and told.pain < below
    return replace(now, flare_below_nrs=None) if less and not told.flare else now


def _lower(now: Standing, levels: int, volume: float) -> Standing:
    """Fewer levels, never more volume."""
    least = min(_LEAST_VOLUME, now.volume)
    return replace(_at(now, max(now.level - levels, 0)), volume=max(min(volume, now.volume), least))


def _at(now: Standing, level: int) -> Standing:
    """At a level from today, counting anew."""
    assert now.day is not None
    return replace(now, level=level, since_day=now.day, green_days=(), ambers=0)


def _say(
    now: Standing,
    move: Move,
    rule: str,
    reason: str,
    would_change: str,
    grade: Grade | None = None,
) -> Decided:
    assert now.day is not None
    leans_on = (_EVIDENCE[rule], *([_STEADY] if reason in _OF_STEADY_PAIN else []))
    return Decided(now.day, move, (rule,), leans_on, reason, would_change, grade)
