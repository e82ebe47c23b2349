"""How the share of the pull that goes in a hold changes over the weeks, of holds that are alike.

Tissue that is held at one length lets go of a part of its tension (stress relaxation: a quarter in
30 s, Peixoto 2015), of how much depends on how far it is stretched (Provenzano 2001, of ligament).
So only holds are set beside each other
- of the same exercise and of the same joint and side, in a line that does not give;
- as long as a hold is told by (`relax_told_at_s`), within three seconds;
- whose angle is no further off than the sd of the difference of both, which is taken as at least
  what a joint in a hold may move by (`relax_still_rad`) and at most `relax_alike_rad`;
- that began with about the same pull: `relax_alike_load_ratio`.

The first of them is what the others must be like: nothing creeps along. Holds of one session are
one value. More or less of the pull that goes is no proof of tissue that became longer.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import hypot, isfinite, sqrt

from msgspec import Struct

from lengthwise.band.over_weeks import Change, change
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.pull import HoldRelaxed, PullTotals
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_AT_S, _SAME_S = constant("band", "relax_told_at_s"), 3.0
_STILL_RAD = constant("band", "relax_still_rad")
_MOST_RAD = constant("band", "relax_alike_rad")
_LOAD_RATIO = constant("band", "relax_alike_load_ratio")
_LEAST_SD = 1e-4
"""As a summary is rounded."""
_WEEK_S = 7 * 86400.0


class Session(Struct, frozen=True):
    """What one session's pull told; `exercise_id` None: nothing was led."""

    started_utc: str
    exercise_id: str | None
    pulled: PullTotals


class Day(Struct, frozen=True):
    """What went in the holds of one session, and of how many of them."""

    started_utc: str
    loss_ratio: Estimate
    holds: int


class Series(Struct, frozen=True):
    """Alike holds, the oldest session first. `first`: what the others are like."""

    exercise_id: str | None
    coordinate: Coordinate
    first: HoldRelaxed
    days: tuple[Day, ...]

    @property
    def change(self) -> Change | None:
        """None with too few sessions, or within too few weeks."""
        since = datetime.fromisoformat(self.days[0].started_utc)
        weeks = [
            (datetime.fromisoformat(day.started_utc) - since).total_seconds() / _WEEK_S
            for day in self.days
        ]
        return change(weeks, [day.loss_ratio for day in self.days])


def pulled_sessions(sessions: Iterable[SessionTotals]) -> list[Session]:
    """Those of which a gauge or band told."""
    return [
        Session(s.started_utc, s.exercise_id, s.pulled) for s in sessions if s.pulled is not None
    ]


def alike(a: HoldRelaxed, b: HoldRelaxed) -> bool:
    """Of one exercise and joint: whether these two may be set beside each other."""
    allowed_rad = max(hypot(a.angle_rad.sd, b.angle_rad.sd), _STILL_RAD)
    return (
        _long_enough(a)
        and _long_enough(b)
        and abs(a.angle_rad.mean - b.angle_rad.mean) <= min(allowed_rad, _MOST_RAD)
        and max(a.begun_n, b.begun_n) <= _LOAD_RATIO * min(a.begun_n, b.begun_n)
    )


def over_weeks(sessions: Iterable[Session]) -> list[Series]:
    """All that can be compared, or might be some day; those of the most sessions first. A time that
    cannot be read tells no week, and its session is left out, as is a hold that tells no share."""
    found: list[_Growing] = []
    for session in sorted(_dated(sessions), key=lambda s: datetime.fromisoformat(s.started_utc)):
        if not session.pulled.stiff:
            continue
        for hold in session.pulled.relaxed:
            if _long_enough(hold) and _is_share(hold.loss_ratio):
                _series_of(found, session, hold).take(session.started_utc, hold)
    return sorted((one.series() for one in found), key=lambda s: -len(s.days))


class _Growing:
    def __init__(self, session: Session, first: HoldRelaxed) -> None:
        self.key = (session.exercise_id, session.pulled.coordinate)
        self.first = first
        self._by_session: dict[str, list[Estimate]] = {}

    def take(self, started_utc: str, hold: HoldRelaxed) -> None:
        self._by_session.setdefault(started_utc, []).append(hold.loss_ratio)

    def series(self) -> Series:
        days = tuple(Day(at, _together(x), len(x)) for at, x in self._by_session.items())
        return Series(*self.key, self.first, days)


def _series_of(found: list[_Growing], session: Session, hold: HoldRelaxed) -> _Growing:
    key = (session.exercise_id, session.pulled.coordinate)
    like = [one for one in found if one.key == key and alike(one.first, hold)]
    if like:
        return min(like, key=lambda s: abs(s.first.angle_rad.mean - hold.angle_rad.mean))
    found.append(_Growing(session, hold))
    return found[-1]


def _dated(sessions: Iterable[Session]) -> list[Session]:
    found = []
    for session in sessions:
        try:
            if datetime.fromisoformat(session.started_utc).tzinfo is not None:
                found.append(session)
        except ValueError:
            continue
    return found


def _long_enough(hold: HoldRelaxed) -> bool:
    return abs(hold.held_s - _AT_S) <= _SAME_S


def _is_share(loss_ratio: Estimate) -> bool:
    return abs(loss_ratio.mean) <= 1.0 and isfinite(loss_ratio.sd)


def _together(holds: Sequence[Estimate]) -> Estimate:
    weights = [1.0 / max(hold.sd, _LEAST_SD) ** 2 for hold in holds]
    mean = sum(w * hold.mean for w, hold in zip(weights, holds, strict=True)) / sum(weights)
    return Estimate(mean, 1.0 / sqrt(sum(weights)))
