"""From what is kept of a person to one sheet for their physiotherapist. Pure.

Done is counted against planned over the last weeks; how exercises were borne, pain and range over
everything that is kept. Nothing is told of fewer sessions than are needed, and no change that is
within what two days differ by anyway.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import hypot, sqrt
from statistics import fmean

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.handover import (
    Change,
    Compared,
    Handover,
    HandoverTold,
    NotSeenRow,
    PainPoint,
    PractisedRow,
    RangeRow,
    RangeTold,
    SessionGiven,
    Share,
)
from lengthwise.plan.intervals import compared, paired, share
from lengthwise.reference.constants import constant

_DOSE_DAYS = int(constant("handover", "dose_days"))
_SHARE_LEAST = int(constant("handover", "share_least"))
_SPAN_DAYS = int(constant("handover", "span_days"))
_SPAN_LEAST = int(constant("handover", "span_least"))
_PAIRS_LEAST = int(constant("handover", "pairs_least"))
_CORRELATION = constant("handover", "day_correlation")
_MATTERS = constant("handover", "matters_nrs")
_DAY_SD_DEG = constant("handover", "range_day_sd_deg")
_MOST_RISE = constant("plan", "green_rise_nrs")
_FURTHER = 1.96
_EVIDENCE = ("change.pain", "course.without_treatment", "progress.pain_monitoring")
_WEEK = 7.0


def handover(told: HandoverTold) -> Handover:
    """The sheet of what was told up to its day; what is later does not count yet."""
    told = _until(told)
    sessions = told.sessions
    decided = tuple(sorted(told.decided, key=lambda d: d.on, reverse=True))
    rules = {rule for d in decided for rule in d.rule_ids} | set(told.screened.left_out)
    return Handover(
        told=told,
        since=min((s.on for s in sessions), default=None),
        sessions=len(sessions),
        days=_DOSE_DAYS,
        practised=_practised(told),
        pain=_pain(sessions),
        points=_points(sessions),
        movement=_movement(sessions),
        goal=_goal(told),
        ranges=_ranges(told.ranges),
        not_seen=_not_seen(sessions),
        decided=decided,
        stops=sum(bool(s.stops) for s in sessions),
        most_rise=_MOST_RISE,
        least=_SHARE_LEAST,
        matters_nrs=_MATTERS,
        rule_ids=tuple(sorted(rules | {"G"})),
        evidence_ids=tuple(sorted({*_EVIDENCE, *(i for d in decided for i in d.evidence_ids)})),
    )


def next_day_share(sessions: Iterable[SessionGiven]) -> Share:
    """In how many sessions pain was no more than a little higher the day after (rule G); of those
    that tell both, and one that a limit stopped was not borne well."""
    told = [
        not s.stops and s.next_day - s.before <= _MOST_RISE
        for s in sessions
        if s.before is not None and s.next_day is not None
    ]
    return share(sum(told), len(told), least=_SHARE_LEAST)


def _until(told: HandoverTold) -> HandoverTold:
    on = told.written_on
    goal = told.goal
    return replace(
        told,
        sessions=tuple(sorted((s for s in told.sessions if s.on <= on), key=lambda s: s.on)),
        ranges=tuple(sorted((r for r in told.ranges if r.on <= on), key=lambda r: r.on)),
        decided=tuple(d for d in told.decided if d.on <= on),
        relaxed=tuple(r for r in told.relaxed if r.last.on <= on),
        planned=tuple(p for p in told.planned if p.since <= on),
        goal=None
        if goal is None
        else replace(goal, ratings=tuple(r for r in goal.ratings if r.on <= on)),
    )


def _practised(told: HandoverTold) -> tuple[PractisedRow, ...]:
    """What was done or planned in the last weeks, the most practised first."""
    today = told.written_on.toordinal()
    of: defaultdict[str, list[SessionGiven]] = defaultdict(list)
    for s in told.sessions:
        of[s.exercise_id].append(s)
    planned = _planned(told, today)
    rows = []
    for exercise_id in {**of, **planned}:
        lately = [s for s in of[exercise_id] if today - s.on.toordinal() < _DOSE_DAYS]
        if not lately and exercise_id not in planned:
            continue
        rows.append(
            PractisedRow(
                exercise_id=exercise_id,
                sides={side.value: sum(side in s.sides for s in lately) for side in Side},
                sessions=len(lately),
                planned=planned.get(exercise_id),
                effective_s=_sum(s.effective_s for s in lately),
                uncertain_s=_sum(s.uncertain_s for s in lately),
                asked_s=_sum(s.asked_s for s in lately),
                next_day=next_day_share(of[exercise_id]),
            )
        )
    return tuple(sorted(rows, key=lambda r: (-r.sessions, -(r.planned or 0.0), r.exercise_id)))


def _planned(told: HandoverTold, today: int) -> dict[str, float]:
    """Sessions that the plan had in those days, of each exercise."""
    found: defaultdict[str, float] = defaultdict(float)
    for p in told.planned:
        days = min(today - p.since.toordinal() + 1, _DOSE_DAYS)
        found[p.exercise_id] += p.times_a_week * days / _WEEK
    return dict(found)


def _sum(seconds: Iterable[float | None]) -> float | None:
    known = [s for s in seconds if s is not None]
    return sum(known) if known else None


def _points(sessions: Sequence[SessionGiven]) -> tuple[PainPoint, ...]:
    """Of each day with a rating, the mean of its sessions."""
    if not sessions:
        return ()
    first = sessions[0].on.toordinal()
    of: defaultdict[int, list[SessionGiven]] = defaultdict(list)
    for s in sessions:
        of[s.on.toordinal() - first].append(s)
    points = (PainPoint(day, _mean(d, "before"), _mean(d, "after")) for day, d in of.items())
    return tuple(p for p in points if p.before is not None or p.after is not None)


def _mean(sessions: Iterable[SessionGiven], name: str) -> float | None:
    told = [v for s in sessions if (v := getattr(s, name)) is not None]
    return fmean(told) if told else None


def _pain(sessions: Sequence[SessionGiven]) -> Compared:
    """Pain before sessions, one value a day: the first days against the last."""
    days = [(p.day, p.before) for p in _points(sessions) if p.before is not None]
    first, last = _spans(days)
    found = compared(first, last, least=_SPAN_LEAST, correlation=_CORRELATION)
    return _mattering(found)


def _mattering(found: Compared) -> Compared:
    if found.low is None or found.high is None:
        return found
    return replace(found, matters=found.high <= -_MATTERS or found.low >= _MATTERS)


def _spans(days: Sequence[tuple[int, float]]) -> tuple[list[float], list[float]]:
    """The first and the last days, which do not overlap."""
    if not days:
        return [], []
    begin, end = days[0][0], days[-1][0]
    length = min(_SPAN_DAYS, (end - begin + 1) // 2)
    first = [v for day, v in days if day < begin + length]
    return first, [v for day, v in days if day > end - length]


def _movement(sessions: Sequence[SessionGiven]) -> Compared:
    """The person's own painful movement: after a session against before it."""
    pairs = [
        (s.movement_before, s.movement_after)
        for s in sessions
        if s.movement_before is not None and s.movement_after is not None
    ]
    return paired([a for a, _ in pairs], [b for _, b in pairs], least=_PAIRS_LEAST)


def _goal(told: HandoverTold) -> Compared:
    ratings = () if told.goal is None else told.goal.ratings
    told_so = [r.rating for r in sorted(ratings, key=lambda r: r.on)]
    half = len(told_so) // 2
    return compared(
        told_so[:half], told_so[-half:] if half else [], least=_SPAN_LEAST, correlation=_CORRELATION
    )


def _ranges(ranges: Sequence[RangeTold]) -> tuple[RangeRow, ...]:
    """Of each angle the set-up that was measured last."""
    of: defaultdict[tuple[str, Coordinate], list[RangeTold]] = defaultdict(list)
    for r in ranges:
        of[r.exercise_id, r.coordinate].append(r)
    return tuple(_range(*key, [r for r in all_of if r.setup == all_of[-1].setup])
                 for key, all_of in of.items())  # fmt: skip


def _range(exercise_id: str, coordinate: Coordinate, days: Sequence[RangeTold]) -> RangeRow:
    first, last = days[0], days[-1]
    if first.on == last.on:
        return RangeRow(
            exercise_id, coordinate, first, last, None, None, None, 1, Change.TOO_FEW
        )  # fmt: skip
    sd = hypot(first.sd_deg, last.sd_deg, sqrt(2.0) * _DAY_SD_DEG)
    change, detectable = last.angle_deg - first.angle_deg, _FURTHER * sd
    verdict = Change.NOT_TOLD_APART
    if abs(change) > detectable:
        verdict = Change.MORE if change > 0.0 else Change.LESS
    count = len({r.on for r in days})
    return RangeRow(exercise_id, coordinate, first, last, change, sd, detectable, count, verdict)


def _not_seen(sessions: Sequence[SessionGiven]) -> tuple[NotSeenRow, ...]:
    """The most often not seen first."""
    count: defaultdict[Coordinate, int] = defaultdict(int)
    for s in sessions:
        for c in s.not_seen:
            count[c] += 1
    ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NotSeenRow(c, n, len(sessions)) for c, n in ordered)
