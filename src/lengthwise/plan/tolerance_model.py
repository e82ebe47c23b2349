"""How both marks of a muscle move from day to day, and what they are likely to be on a day to come.

A Kalman filter for each mark of one muscle and side, x the length (m), P its variance:

    predict   x <- x - d t          P <- P + q t
    update    K = P / (P + R)       P <- (1 - K) P
              v = y - x             x <- x + f(v)

with R of the marking and of how a mark differs from day to day, and q, d larger and above zero only
for days without practice. The gate c sqrt(P + R) bounds what one day may do, unlike in both
directions:

    f(v) = K v                               within it
         = K c sqrt(P + R)                   above: one mark raises by no more than this
         = v + (1 - K) c sqrt(P + R)         below: a step down is followed at once.

f rises with y and x + f(y - x) with x, and P never depends on what was marked, so a lower mark
never leaves any later day with a longer length. P grows on days without a mark. What was marked
under pain relief, or where that was not asked, raises nothing and makes nothing surer; what was
marked under relief begins nothing.

What comes of it is held against the window of the rules (`plan.windows`) and against the reasons
that refuse a ramp: it may lie below, never beyond.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import hypot, inf, isfinite, sqrt

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind, Window
from lengthwise.contracts.tolerance import Estimate, Marked, Predicted
from lengthwise.plan.windows import PersonalWindow
from lengthwise.reference.constants import constant

_DAY_SD_M = constant("plan", "mark_day_sd_m")
_DRIFT_M2 = constant("plan", "mark_drift_sd_m_per_root_day") ** 2
_REST_DRIFT_M2 = constant("plan", "mark_rest_drift_sd_m_per_root_day") ** 2
_REST_LOSS_M = constant("plan", "mark_rest_loss_m_per_day")
_REST_FROM = int(constant("plan", "mark_rest_from_days"))
_GATE = constant("plan", "mark_gate_sd")
_STALE_RATIO = constant("plan", "window_stale_sd_ratio")
_VALID_DAYS = {
    MarkKind.FIRST_RESISTANCE: constant("plan", "first_resistance_valid_days"),
    MarkKind.TOLERANCE: constant("plan", "tolerance_valid_days"),
}
_SD_FALLS = 0.5
"""What is left, on the next day with a mark, of a surprise."""


def estimated(
    marked: Iterable[Marked], kind: MarkKind, *, day: int, practised: Iterable[int] = ()
) -> Estimate | None:
    """One mark on `day`, from all marks of its kind up to then, in any order. None: none counts.

    `practised`: days on which the muscle was stretched; a day with a mark is one of them.
    """
    of_kind = [m for m in marked if m.kind is kind and m.day <= day and _usable(m)]
    days = sorted({m.day for m in of_kind})
    moved = frozenset({*practised, *days})
    now: Estimate | None = None
    at = 0
    for of_day in days:
        marks = [m for m in of_kind if m.day == of_day]
        if now is not None:
            now = _predicted(now, at, of_day, moved)
        now = _updated(now, of_day, marks, kind)
        at = of_day
    return None if now is None else _predicted(now, at, day, moved)


def _usable(mark: Marked) -> bool:
    return isfinite(mark.length_m) and isfinite(mark.sd_m) and mark.length_m > 0.0 <= mark.sd_m


def _predicted(now: Estimate, since: int, day: int, practised: frozenset[int]) -> Estimate:
    """The days in between, each with practice in the days before it or without."""
    length_m, variance = now.length_m, now.variance_m2
    for each in range(since + 1, day + 1):
        near = any(each - k in practised for k in range(1, _REST_FROM + 1))
        length_m -= 0.0 if near else _REST_LOSS_M
        variance += _DRIFT_M2 if near else _REST_DRIFT_M2
    return replace(now, length_m=length_m, variance_m2=variance)


def _updated(
    now: Estimate | None, day: int, marks: Sequence[Marked], kind: MarkKind
) -> Estimate | None:
    """One day: of several marks of it the one that the rules count, with the least of their sds."""
    length_m = _of_day(marks, kind)
    noise = min(m.sd_m for m in marks) ** 2 + _DAY_SD_M**2
    relief = _relief(marks)
    if now is None:
        return None if relief else Estimate(length_m, noise, day)
    spread = sqrt(now.variance_m2 + noise)
    gain, gate_m = now.variance_m2 / spread**2, _GATE * spread
    off_m = length_m - now.length_m
    moved_m = off_m + (1.0 - gain) * gate_m if off_m < -gate_m else gain * min(off_m, gate_m)
    outside_m = max(abs(off_m) - gate_m, 0.0)
    surprise_m = max(outside_m, _SD_FALLS * now.surprise_m)
    if relief is not False:
        # It may lower, and leaves the doubt as it was.
        return replace(
            now,
            length_m=now.length_m + min(moved_m, 0.0),
            surprise_m=surprise_m,
            stepped=off_m < -gate_m,
        )
    return Estimate(
        now.length_m + moved_m,
        (1.0 - gain) * now.variance_m2,
        day,
        stepped=off_m < -gate_m,
        surprise_m=surprise_m,
    )


def _of_day(marks: Sequence[Marked], kind: MarkKind) -> float:
    """The lower middle of first gentle pulls, the lowest of tolerances."""
    ordered = sorted(m.length_m for m in marks)
    return ordered[0 if kind is MarkKind.TOLERANCE else (len(ordered) - 1) // 2]


def _relief(marks: Sequence[Marked]) -> bool | None:
    told = {m.relief for m in marks}
    if True in told:
        return True
    return None if None in told else False


def predicted(
    muscle: tuple[MuscleGroup, Side],
    marked: Iterable[Marked],
    *,
    day: int,
    practised: Iterable[int] = (),
    window: Window | None = None,
) -> Predicted:
    """What the marks alone say of a day, before anything bounds it."""
    marked, practised = tuple(marked), tuple(practised)
    own = window or Window(*muscle)
    first = estimated(marked, MarkKind.FIRST_RESISTANCE, day=day, practised=practised)
    tolerance = estimated(marked, MarkKind.TOLERANCE, day=day, practised=practised)
    found = Predicted(*muscle, day)
    if first is not None:
        found = replace(found, first_m=first.length_m, first_sd_m=_sd_m(first))
    if tolerance is None or first is None or tolerance.length_m <= first.length_m:
        return found
    width_m = tolerance.length_m - first.length_m
    ceiling_sd_m = hypot((1.0 - own.ceiling) * _sd_m(first), own.ceiling * _sd_m(tolerance))
    return replace(
        found,
        tolerance_m=tolerance.length_m,
        tolerance_sd_m=_sd_m(tolerance),
        ceiling_m=first.length_m + own.ceiling * width_m,
        ceiling_sd_m=ceiling_sd_m,
        stale_in_days=_stale_in(first, tolerance, own, day),
    )


def _sd_m(now: Estimate) -> float:
    """Of the mark on a day like any other: it differs from day to day too."""
    return sqrt(now.variance_m2 + _DAY_SD_M**2 + now.surprise_m**2)


def _stale_in(first: Estimate, tolerance: Estimate, own: Window, day: int) -> float:
    """Until the doubt of its middle is too wide, or a mark too old, should nothing be marked."""
    ages = [
        _VALID_DAYS[kind] - (day - e.seen_day)
        for kind, e in (
            (MarkKind.FIRST_RESISTANCE, first),
            (MarkKind.TOLERANCE, tolerance),
        )
    ]
    limit_m = _STALE_RATIO * (tolerance.length_m - first.length_m)
    parts = (((1.0 - own.ceiling) ** 2, first), (own.ceiling**2, tolerance))
    doubt = sum(w * (e.variance_m2 + e.surprise_m**2) for w, e in parts)
    growth = sum(w for w, _ in parts) * _REST_DRIFT_M2
    left = (limit_m**2 - doubt) / growth if growth > 0.0 else inf
    return max(min(*ages, left), 0.0)


def bounded(
    found: Predicted, rules: PersonalWindow | None, refused: Iterable[str] = ()
) -> Predicted:
    """The prediction within what the rules allow: no tolerance where they have none or refuse one,
    else the lesser of both. `refused`: reasons that refuse a ramp for good, as `known_bars` has."""
    names = tuple(sorted(refused))
    if rules is None or rules.ends_m is None:
        names = (*names, "no_window")
    if names or found.tolerance_m is None or found.ceiling_m is None:
        return replace(
            found,
            tolerance_m=None,
            tolerance_sd_m=None,
            ceiling_m=None,
            ceiling_sd_m=None,
            stale_in_days=None,
            bounded_by=names,
        )
    assert rules is not None and rules.ends_m is not None
    ceiling_m, tolerance_m = rules.ends_m
    beyond = found.tolerance_m > tolerance_m or found.ceiling_m > ceiling_m
    return replace(
        found,
        tolerance_m=min(found.tolerance_m, tolerance_m),
        ceiling_m=min(found.ceiling_m, ceiling_m),
        bounded_by=("window_of_rules",) if beyond else (),
    )


def all_predicted(
    marked: Mapping[tuple[MuscleGroup, Side], Sequence[Marked]],
    *,
    day: int,
    practised: Mapping[tuple[MuscleGroup, Side], Sequence[int]] = {},
) -> tuple[Predicted, ...]:
    """Of each muscle that was marked, by its name and side."""
    return tuple(
        predicted(muscle, marked[muscle], day=day, practised=practised.get(muscle, ()))
        for muscle in sorted(marked)
    )
