"""The window of today of each muscle, from everything that was ever marked of it.

Of a day counts the lower median of its first gentle pulls and the lowest of its tolerances (two
ramps, the lower kept), whatever their order. Tolerance is the lesser of what its own days come to
and of today's first resistance plus the distance between the two marks as it was on days that have
both in one set-up: when first resistance comes earlier than it did, so does tolerance, and it never
follows upwards.

Marks that were taken with the sensors of today come first: where both kinds of them are valid, only
they count. Otherwise all count, of whatever set-up, with their full doubt; the distance of each
set-up still bounds tolerance, and the least of them is it.

A mark under pain relief makes no window and raises none, whatever else it changes: how a day
counts, which set-up leads. So what all marks come to is held against what those without relief do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from math import hypot, isfinite, sqrt

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import ANATOMY_EDITION, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind, Window
from lengthwise.plan.settling import Day, Level, distance_sd_m, lower_median_m, recent, settled
from lengthwise.reference.constants import constant

_VALID_DAYS = {
    MarkKind.FIRST_RESISTANCE: constant("plan", "first_resistance_valid_days"),
    MarkKind.TOLERANCE: constant("plan", "tolerance_valid_days"),
}
_SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")


class Taken(Struct, frozen=True):
    """A mark and when it was taken: `day` counts whole days from any day, `age_days` from now.

    `expired`: by its own date of expiry.
    """

    mark: Mark
    day: int
    age_days: float
    expired: bool = False


class Lack(StrEnum):
    """Why there is no window between two marks."""

    NO_FIRST_RESISTANCE = "no_first_resistance"
    NO_TOLERANCE = "no_tolerance"
    FIRST_RESISTANCE_EXPIRED = "first_resistance_expired"
    TOLERANCE_EXPIRED = "tolerance_expired"
    FIRST_RESISTANCE_UNDER_RELIEF = "first_resistance_under_relief"
    TOLERANCE_UNDER_RELIEF = "tolerance_under_relief"
    NOT_IN_ORDER = "not_in_order"


class SettledMark(Struct, frozen=True):
    """One kind of mark as it counts today, on the body of `latest`, the last that keeps it valid.

    `marks`, `days`: how many stand behind it. `expires_in_days`: 0 or less where it is over.
    """

    length_m: float
    sd_m: float
    marks: int
    days: int
    latest: Mark
    age_days: float
    expires_in_days: float

    @property
    def valid(self) -> bool:
        return self.expires_in_days > 0.0


class PersonalWindow(Struct, frozen=True):
    """What is known of one muscle today. `lacks` empty: both marks count and are in order.

    `setup`: that of all marks behind it; None: of several. `distance_sd_m` of tolerance from first
    resistance; None where no day has both in one set-up.
    """

    group: MuscleGroup
    side: Side
    window: Window
    first: SettledMark | None
    tolerance: SettledMark | None
    setup: str | None
    distance_sd_m: float | None
    lacks: tuple[Lack, ...]

    @property
    def valid(self) -> bool:
        return not self.lacks

    @property
    def expires_in_days(self) -> float | None:
        """When the first of its marks is over; None without both."""
        if self.first is None or self.tolerance is None:
            return None
        return min(self.first.expires_in_days, self.tolerance.expires_in_days)

    @property
    def ends_m(self) -> tuple[float, float] | None:
        """Length (m) at the ceiling and at tolerance; None where it is no window."""
        if self.lacks or self.first is None or self.tolerance is None:
            return None
        first_m, tolerance_m = self.first.length_m, self.tolerance.length_m
        return first_m + self.window.ceiling * (tolerance_m - first_m), tolerance_m

    def marks(self) -> tuple[Mark, ...]:
        """The marks that a session is measured between; first resistance alone where tolerance
        does not count, and nothing where that does not count either."""
        if self.first is None or not self.first.valid:
            return ()
        first = self._mark(MarkKind.FIRST_RESISTANCE, self.first, self.first.latest.measured_utc)
        if self.lacks or self.tolerance is None:
            return (first,)
        # Settled together: today's first resistance carries tolerance over by their distance.
        # Without one they must not pass for marks of one day in one set-up.
        together = self.distance_sd_m is not None
        stamp = (self.first if together else self.tolerance).latest.measured_utc
        return (first, self._mark(MarkKind.TOLERANCE, self.tolerance, stamp))

    def _mark(self, kind: MarkKind, settled: SettledMark, measured_utc: str) -> Mark:
        together = self.distance_sd_m is not None
        return Mark(
            self.group,
            self.side,
            kind,
            settled.length_m,
            settled.sd_m,
            settled.latest.upright_m,
            measured_utc,
            (self.setup or "") if together else "",
            distance_sd_m=self.distance_sd_m if kind is MarkKind.TOLERANCE else None,
            edition=ANATOMY_EDITION,
        )


def windows_of_today(
    taken: Iterable[Taken], windows: Sequence[Window], *, setup: str | None
) -> tuple[PersonalWindow, ...]:
    """Of each muscle that was ever marked, in the usual order.

    `windows`: positions that are the person's own; `setup`: today's sensors and view, None where
    they are not told.
    """
    by_muscle: dict[tuple[MuscleGroup, Side], list[Taken]] = defaultdict(list)
    for each in taken:
        if _usable(each):
            by_muscle[each.mark.group, each.mark.side].append(each)
    own = {(w.group, w.side): w for w in windows}
    return tuple(
        _window(own.get(muscle, Window(*muscle)), by_muscle[muscle], setup)
        for muscle in GROUP_SIDES
        if muscle in by_muscle
    )


def _usable(taken: Taken) -> bool:
    mark = taken.mark
    numbers = (mark.length_m, mark.sd_m, mark.upright_m, taken.age_days)
    return (
        all(map(isfinite, numbers))
        and min(mark.length_m, mark.upright_m) > 0.0
        and mark.sd_m >= 0.0
        and taken.age_days >= 0.0
    )


def _window(window: Window, taken: list[Taken], setup: str | None) -> PersonalWindow:
    newest = min(taken, key=lambda t: (t.age_days, t.mark.measured_utc))
    upright_m = newest.mark.upright_m
    taken = [Taken(t.mark.on_body(upright_m), t.day, t.age_days, t.expired) for t in taken]
    found = _of_setups(window, taken, setup)
    without = [t for t in taken if not t.mark.pain_relief]
    if len(without) in (0, len(taken)):
        return found
    unaided = _of_setups(window, without, setup)
    if unaided.lacks:
        return replace(unaided, lacks=found.lacks or unaided.lacks)
    return unaided if _raises(found, unaided) else found


def _raises(found: PersonalWindow, unaided: PersonalWindow) -> bool:
    """Whether its tolerance, or its length at the ceiling, lies further than without relief."""
    ends, unaided_ends = found.ends_m, unaided.ends_m
    if ends is None or unaided_ends is None:
        return False
    return any(a > b for a, b in zip(ends, unaided_ends, strict=True))


def _of_setups(window: Window, taken: list[Taken], setup: str | None) -> PersonalWindow:
    of_today = [t for t in taken if setup is not None and t.mark.setup == setup]
    if of_today and (found := _of(window, of_today)).valid:
        return found
    return _of(window, taken)


def _of(window: Window, taken: list[Taken]) -> PersonalWindow:
    firsts = [t for t in taken if t.mark.kind is MarkKind.FIRST_RESISTANCE]
    tolerances = [t for t in taken if t.mark.kind is MarkKind.TOLERANCE]
    first_days = _days(firsts, _lower_middle)
    tolerance_days = _days(tolerances, _lowest)
    first = _settled(firsts, first_days, MarkKind.FIRST_RESISTANCE)
    tolerance = _settled(tolerances, tolerance_days, MarkKind.TOLERANCE)
    lacks = _lacking(first, firsts, _OF_FIRST) + _lacking(tolerance, tolerances, _OF_TOLERANCE)
    setups = {t.mark.setup for t in taken}
    setup = next(iter(setups)) if len(setups) == 1 else None
    distance = None
    if first is not None and tolerance is not None:
        if setup is not None:
            distance = _distance(firsts, tolerances)
        tolerance = _carried(tolerance, first, firsts, tolerances)
        if not lacks and tolerance.length_m <= first.length_m:
            lacks = (Lack.NOT_IN_ORDER,)
    return PersonalWindow(
        window.group,
        window.side,
        window,
        first,
        tolerance,
        setup,
        None if distance is None else distance.sd_m,
        lacks,
    )


def _carried(
    tolerance: SettledMark, first: SettledMark, firsts: list[Taken], tolerances: list[Taken]
) -> SettledMark:
    """Where the distance from first resistance puts it in the set-up that puts it least far, if
    that is less far: from its own first resistance or from that of all, whichever is earlier.

    A set-up counts no more once its tolerances are over when the latest one is taken in another.
    """
    newest, carried = max(t.day for t in tolerances), []
    for setup in {t.mark.setup for t in tolerances}:
        pulls = [t for t in firsts if t.mark.setup == setup]
        ends = [t for t in tolerances if t.mark.setup == setup]
        distance = _distance(pulls, ends)
        over = newest - max(t.day for t in ends) > _VALID_DAYS[MarkKind.TOLERANCE]
        if distance is None or over:
            continue
        own = _settled(pulls, _days(pulls, _lower_middle), MarkKind.FIRST_RESISTANCE)
        start = min((m for m in (first, own) if m is not None), key=lambda m: m.length_m)
        carried.append((start.length_m + distance.length_m, -hypot(start.sd_m, distance.sd_m)))
    least_m, sd_m = min(carried, default=(tolerance.length_m, 0.0))
    if least_m >= tolerance.length_m:
        return tolerance
    return replace(tolerance, length_m=least_m, sd_m=max(tolerance.sd_m, -sd_m))


_Choice = Callable[[list[Mark]], Mark]


def _lowest(marks: list[Mark]) -> Mark:
    return min(marks, key=lambda m: (m.length_m, -m.sd_m))


def _lower_middle(marks: list[Mark]) -> Mark:
    ordered = sorted(marks, key=lambda m: (m.length_m, -m.sd_m))
    return ordered[(len(ordered) - 1) // 2]


def _by_day(taken: list[Taken]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for each in taken:
        found[each.day].append(each.mark)
    return found


def _days(taken: list[Taken], choose: _Choice) -> list[Day]:
    found = []
    for day, marks in _by_day(taken).items():
        chosen = choose(marks)
        found.append(Day(float(day), chosen.length_m, chosen.sd_m, _relief(marks)))
    return found


def _relief(marks: list[Mark]) -> bool | None:
    """Of a whole day: taken once is taken; not asked once is not known."""
    told = {m.pain_relief for m in marks}
    if True in told:
        return True
    return None if None in told else False


def _settled(taken: list[Taken], days: list[Day], kind: MarkKind) -> SettledMark | None:
    valid_days = _VALID_DAYS[kind]
    level = settled(days, valid_days=valid_days)
    if level is None:
        return None
    latest = min(
        (t for t in taken if t.day == level.latest_day),
        key=lambda t: (t.expired, t.age_days, t.mark.measured_utc, t.mark.length_m),
    )
    return SettledMark(
        level.length_m,
        level.sd_m,
        len(taken),
        level.days,
        latest.mark,
        latest.age_days,
        min(valid_days - latest.age_days, 0.0) if latest.expired else valid_days - latest.age_days,
    )


def _distance(firsts: list[Taken], tolerances: list[Taken]) -> Level | None:
    """Tolerance less first resistance on the days that have both; all of one set-up."""
    pulls, found = _by_day(firsts), []
    for day, marks in _by_day(tolerances).items():
        if day not in pulls:
            continue
        first, tolerance = _lower_middle(pulls[day]), _lowest(marks)
        sd_m = tolerance.distance_sd_m
        if sd_m is None:
            sd_m = sqrt(1.0 - _SHARED_BIAS_RATIO) * hypot(first.sd_m, tolerance.sd_m)
        apart_m = tolerance.length_m - first.length_m
        found.append(Day(float(day), apart_m, sd_m, _relief([*pulls[day], *marks])))
    if not found:
        return None
    newest = max(d.day for d in found)
    seen = recent(found, newest)
    length_m = lower_median_m(seen)
    if counted := [d for d in seen if not d.relief]:
        length_m = min(length_m, lower_median_m(counted))
    age_days = min(t.age_days for t in tolerances if t.day == newest)
    return Level(length_m, distance_sd_m(seen, age_days=age_days), len(seen), newest)


_OF_FIRST = (
    Lack.NO_FIRST_RESISTANCE,
    Lack.FIRST_RESISTANCE_UNDER_RELIEF,
    Lack.FIRST_RESISTANCE_EXPIRED,
)
_OF_TOLERANCE = (Lack.NO_TOLERANCE, Lack.TOLERANCE_UNDER_RELIEF, Lack.TOLERANCE_EXPIRED)


def _lacking(
    mark: SettledMark | None, taken: list[Taken], names: tuple[Lack, Lack, Lack]
) -> tuple[Lack, ...]:
    none, under_relief, expired = names
    if not taken:
        return (none,)
    if mark is None:
        return (under_relief,)
    return () if mark.valid else (expired,)
