"""Rule C: how a person's days move the volume, by a fifth at most; the hours that are sat. Pure.

Today is compared with the middle of the person's own 28 days before it. What is not told moves
nothing. The whole is never raised on a day on which pain or stress was not told, on which either is
above what is usual, or before a level was borne well for a week; there a good night makes up for a
dark month and no more. More pain or stress on a day never gives more. The hours sat on a usual day
are found here for `sitting`, which weighs by them (rule W).
"""

from collections.abc import Callable, Iterable
from statistics import median

from msgspec.structs import replace

from lengthwise.contracts.adaptation import Adapt, Adaptation, Adaptive, Kept, Lived
from lengthwise.contracts.progress import Standing
from lengthwise.plan.sitting import sitting_ratio
from lengthwise.reference.constants import constant

MOST = constant("plan", "calibration_most_ratio")
DAYS = int(constant("plan", "calibration_days"))
_PART = constant("plan", "calibration_part_ratio")
_SEASON = constant("plan", "calibration_season_ratio")
_STRESS = constant("plan", "calibration_stress_nrs")
_SLEEP_H = constant("plan", "calibration_sleep_h")
_ACTIVE = constant("plan", "calibration_active_ratio")
_AT_LEVEL_DAYS = int(constant("plan", "up_days_at_level"))
_LEAST_DAYS = int(constant("plan", "calibration_least_days"))
"""Days told before anything is called usual."""
_WINTER, _SUMMER = frozenset({12, 1, 2}), frozenset({6, 7, 8})
_EVIDENCE = {"C": "progress.calibration", "W": "progress.workday"}


def recalibrated(
    now: Adaptive, day: int, *, pain: float | None, lived: Lived, month: int | None
) -> tuple[Adaptive, tuple[Adaptation, ...]]:
    """Today's factor of volume with each part of it, and the hours sat on a usual day."""
    parts = {
        "stress": _worse(now.kept, lived.stress, lambda k: k.lived.stress, _STRESS, up=True),
        "sleep": _worse(now.kept, lived.sleep_h, lambda k: k.lived.sleep_h, _SLEEP_H, up=False),
        "activity": _active(now.kept, lived.active_min),
        "season": _season(month, southern=now.southern),
    }
    most_up = MOST if _may_rise(now, day, pain, lived) else 0.0
    factor = 1.0 + min(max(sum(parts.values()), -MOST), most_up)
    # What would raise alone is not said where nothing may; it still makes up for what lowers.
    counts = most_up > 0.0 or min(parts.values()) < 0.0
    said = [_said(day, "C", name, 1.0 + part) for name, part in parts.items() if part and counts]
    hours = _sitting_h(now.kept, lived.sitting_h)
    if (ratio := sitting_ratio(hours)) != 1.0:
        said.append(_said(day, "W", "sitting", ratio))
    return replace(now, factor=factor, sitting_h=hours), tuple(said)


def _said(day: int, rule: str, about: str, ratio: float) -> Adaptation:
    way = "more" if ratio > 1.0 else "less"
    action = Adapt.WEIGH if rule == "W" else Adapt.VOLUME
    return Adaptation(
        day, action, (rule,), (_EVIDENCE[rule],), f"{about}_{way}", f"{about}_usual", about, ratio
    )


_Read = Callable[[Kept], float | None]


def _usual(kept: Iterable[Kept], read: _Read) -> float | None:
    told = [v for k in kept if (v := read(k)) is not None]
    return median(told) if len(told) >= _LEAST_DAYS else None


def _worse(
    kept: tuple[Kept, ...], today: float | None, read: _Read, span: float, *, up: bool
) -> float:
    """Down by a whole part where today is `span` worse than usual, up by half of it where better.
    `up`: more is worse."""
    usual = _usual(kept, read)
    if today is None or usual is None:
        return 0.0
    worse = (today - usual) / span if up else (usual - today) / span
    return -_PART * min(worse, 1.0) if worse > 0.0 else 0.5 * _PART * min(-worse, 1.0)


def _active(kept: tuple[Kept, ...], today: float | None) -> float:
    """A day on its feet leaves less room; a quiet one is no reason for more."""
    usual = _usual(kept, lambda k: k.lived.active_min)
    if today is None or usual is None or usual <= 0.0:
        return 0.0
    more = (today - usual) / (_ACTIVE * usual)
    return -_PART * min(max(more, 0.0), 1.0)


def _season(month: int | None, *, southern: bool) -> float:
    if month is None:
        return 0.0
    winter, summer = (_SUMMER, _WINTER) if southern else (_WINTER, _SUMMER)
    return -_SEASON if month in winter else _SEASON if month in summer else 0.0


def _may_rise(now: Adaptive, day: int, pain: float | None, lived: Lived) -> bool:
    standing = now.standing
    pains = _usual(now.kept, lambda k: k.pain)
    stress = _usual(now.kept, lambda k: k.lived.stress)
    if None in (pain, pains, stress, lived.stress):
        return False
    calm = (pain or 0.0) <= (pains or 0.0) and (lived.stress or 0.0) <= (stress or 0.0)
    return calm and _well_borne(standing, day)


def _well_borne(standing: Standing, day: int) -> bool:
    easy = standing.end_range_from_day is not None and day < standing.end_range_from_day
    return (
        not standing.held
        and not easy
        and standing.ambers == 0
        and bool(standing.green_days)
        and day - standing.since_day >= _AT_LEVEL_DAYS
    )


def _sitting_h(kept: tuple[Kept, ...], today: float | None) -> float | None:
    """Hours of a usual day, with today; None before they were told often enough."""
    told = [k.lived.sitting_h for k in kept if k.lived.sitting_h is not None]
    told += [] if today is None else [today]
    return median(told) if len(told) >= _LEAST_DAYS else None
