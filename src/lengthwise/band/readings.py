"""What the readings of a band come to: the latest, how fast it changes, and what is wrong.

A band numbers its readings with 16 bits, so at 80 Hz the numbers begin again after 13.7 minutes:
of two the later one is ahead by less than half of all numbers. A band that was switched off and on
begins anew. It is told apart by the time of the reading, which is of the controller's clock: what
was overtaken or came twice was taken no later than the last; a later one whose number lies behind,
or so far ahead that no band could have sent as many meanwhile, is of a band that began again.
"""

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.band.signals import Reading
from lengthwise.reference.constants import constant

_KEPT_S = 0.4
LONGEST_S = 1e7
"""Of a clock: a time beyond it is none."""
_MOST_N, _MOST_M = 5000.0, 10.0
_NUMBERS = 0x10000
_MOST_HZ, _MORE = 200.0, 16
"""Twice what a band may send in a second, and some that came late before a gap."""
_JERK_OVER_S = constant("band", "jerk_over_s")
_SPEED_OVER_S = constant("band", "speed_over_s")


class Seen(Struct, frozen=True, gc=False):
    """`recent`: valid readings of the last 0.4 s, oldest first. `same_since`: the first of
    those of one and the same force. `broken`, `not_a_number`, `ahead`: whether a reading that came
    in this tick did not fit its check, held no number, or was of the future. `restarted`: whether
    the band began to count anew in it; nothing from before is compared with. `fresh`: whether a
    valid one came. `dropped`: how many were overtaken or came twice."""

    recent: tuple[Reading, ...] = ()
    same_since: Reading | None = None
    broken: bool = False
    not_a_number: bool = False
    ahead: bool = False
    restarted: bool = False
    fresh: bool = False
    dropped: int = 0

    @property
    def last(self) -> Reading | None:
        return self.recent[-1] if self.recent else None

    def ago(self, least_s: float) -> Reading | None:
        """The latest reading that is at least so much older than the last."""
        if not self.recent:
            return None
        before_s = self.recent[-1].t_s - least_s + 1e-9
        for reading in reversed(self.recent):
            if reading.t_s <= before_s:
                return reading
        return None


def take(seen: Seen, came: tuple[Reading, ...], t_s: float) -> Seen:
    """After what came in the tick at `t_s`."""
    now = replace(seen, broken=False, not_a_number=False, ahead=False, restarted=False, fresh=False)
    for reading in came:
        now = _one(now, reading, t_s)
    return now


def _one(seen: Seen, reading: Reading, t_s: float) -> Seen:
    if not reading.sound:
        return replace(seen, broken=True)
    if not _numbers(reading):
        return replace(seen, not_a_number=True)
    if reading.t_s > t_s + 1e-6:
        return replace(seen, ahead=True)
    last = seen.last
    if last is not None:
        further = (reading.sequence - last.sequence) % _NUMBERS
        if reading.t_s <= last.t_s or further == 0:
            return replace(seen, dropped=seen.dropped + 1)
        if not _counted_on(further, reading.t_s - last.t_s):
            seen = replace(seen, recent=(), same_since=None, restarted=True)
    recent = seen.recent
    while recent and reading.t_s - recent[0].t_s > _KEPT_S:
        recent = recent[1:]
    since = seen.same_since
    if since is None or since.force_n != reading.force_n:
        since = reading
    return replace(seen, recent=(*recent, reading), same_since=since, fresh=True)


def _counted_on(further: int, gone_s: float) -> bool:
    return further < _NUMBERS // 2 and further <= _MORE + _MOST_HZ * gone_s


def _numbers(reading: Reading) -> bool:
    """Written so that what is not a number is none; neither is what no band can read."""
    return (
        abs(reading.force_n) <= _MOST_N
        and abs(reading.stroke_m) <= _MOST_M
        and abs(reading.t_s) <= LONGEST_S
    )


def force_rate_n_s(seen: Seen) -> float | None:
    """None where there is nothing to compare with."""
    last, then = seen.last, seen.ago(_JERK_OVER_S)
    if last is None or then is None:
        return None
    return (last.force_n - then.force_n) / (last.t_s - then.t_s)


def speed_m_s(seen: Seen) -> float | None:
    """Of the band's length, above 0 winding."""
    last, then = seen.last, seen.ago(_SPEED_OVER_S)
    if last is None or then is None:
        return None
    return (last.stroke_m - then.stroke_m) / (last.t_s - then.t_s)
