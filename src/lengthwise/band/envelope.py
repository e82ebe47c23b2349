"""The last word over every set-point of a band: it can only lower or release.

    command = release                                  if anything is a cause, or nothing is wanted
              min(wanted, cap, force + lead)           else, and eased while not surely below the
                                                       ceiling, where there is one

The rate at which the device may go there is in the command, always the same.
What is missing or not a number is a cause. Nothing is weighed against anything. It knows nothing of
the controller: it is given what is seen and what was last commanded, and it is evaluated last.
"""

from math import isfinite

from msgspec import Struct

from lengthwise.band.readings import Seen, force_rate_n_s, speed_m_s
from lengthwise.band.settings import Limits
from lengthwise.band.signals import Cause, Command
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_CEILING_SDS = constant("tissue", "ceiling_sd_factor")
_POSITION_STALE_S = constant("band", "window_stale_s")


class Sight(Struct, frozen=True, gc=False):
    """What the envelope knows at `t_s`. None always means: not known. `forward`: whether the clock
    has not gone back. `before_n`: the force last commanded, `dt_s` ago. `position`: of the target,
    as it came, taken at `position_s`; where there is no ceiling it is not needed, since force alone
    may lead."""

    t_s: float
    forward: bool
    dt_s: float
    before_n: float
    seen: Seen
    stop: bool | None = None
    link: bool | None = None
    position: Estimate | None = None
    position_s: float | None = None
    allowed: bool | None = None


class Verdict(Struct, frozen=True):
    """`causes`: of a release, empty where there is none."""

    command: Command
    causes: tuple[Cause, ...] = ()


def release(limits: Limits) -> Command:
    return Command(0.0, limits.unload_n_s, limits.valid_for_s)


def last(wanted_n: float | None, sight: Sight, limits: Limits) -> Verdict:
    """`wanted_n` None: nothing is to be pulled, which is a release without a cause."""
    return cut(wanted_n, causes(sight, limits), sight, limits)


def cut(wanted_n: float | None, found: tuple[Cause, ...], sight: Sight, limits: Limits) -> Verdict:
    """What is wanted under the causes that were found, each once a tick."""
    if found or wanted_n is None:
        return Verdict(release(limits), found)
    reading = sight.seen.last
    assert reading is not None, "a cause else"
    most_n = reading.force_n + limits.lead_n
    eased = above_ceiling(sight, limits)
    if eased:
        most_n = min(most_n, sight.before_n - limits.ease_n_s * sight.dt_s)
    force_n = min(wanted_n, limits.cap_n, most_n)
    # Written so that what is not a number is not passed on either.
    if not 0.0 < force_n <= limits.cap_n:
        return Verdict(release(limits), (Cause.CEILING if eased else Cause.NOT_A_NUMBER,))
    return Verdict(Command(force_n, limits.rise_n_s, limits.valid_for_s))


def known(sight: Sight) -> Estimate | None:
    """The position where it is one: a number with an sd, not stale and not of the future."""
    position, taken_s = sight.position, sight.position_s
    if position is None or taken_s is None or not 0.0 <= sight.t_s - taken_s <= _POSITION_STALE_S:
        return None
    if not (isfinite(position.mean) and isfinite(position.sd) and position.sd >= 0.0):
        return None
    return position


def above_ceiling(sight: Sight, limits: Limits) -> bool:
    """With 1.64 sd, as everywhere. Under a ceiling a position that is not known counts as above."""
    if limits.ceiling is None:
        return False
    position = known(sight)
    if position is None:
        return True
    return not position.mean + _CEILING_SDS * position.sd <= limits.ceiling


def causes(sight: Sight, limits: Limits) -> tuple[Cause, ...]:
    """Everything that makes the band be released now, the person's own word first."""
    return tuple(cause for cause, holds in _asked(sight, limits) if holds)


def _asked(sight: Sight, limits: Limits) -> list[tuple[Cause, bool]]:
    seen = sight.seen
    reading = seen.last
    numbers = (sight.t_s, sight.dt_s, sight.before_n)
    asked = [
        (Cause.STOP, sight.stop is not False),
        (Cause.NOT_ALLOWED, sight.allowed is not True),
        (Cause.LINK, sight.link is not True),
        (Cause.CRC, seen.broken),
        (Cause.NOT_A_NUMBER, seen.not_a_number or not all(isfinite(x) for x in numbers)),
        (Cause.CLOCK, seen.ahead or not sight.forward or not sight.dt_s >= 0.0),
        (Cause.RESTART, seen.restarted),
        # Where nothing is pulled yet there is nothing to ease: a pull does not begin.
        (Cause.CEILING, above_ceiling(sight, limits) and not sight.before_n > 0.0),
    ]
    if reading is None:
        return [*asked, (Cause.STALE, True), (Cause.GRIP, True)]
    rate_n_s, fast_m_s = force_rate_n_s(seen), speed_m_s(seen)
    return [
        *asked,
        (Cause.GRIP, reading.grip is not True),
        (Cause.STALE, not sight.t_s - reading.t_s <= limits.stale_s),
        (Cause.DEVICE, reading.unloads),
        (Cause.OVER_FORCE, not reading.force_n <= limits.cap_n),
        (Cause.STROKE, not reading.stroke_m <= limits.stroke_m),
        (Cause.JERK, rate_n_s is not None and not abs(rate_n_s) <= limits.jerk_n_s),
        (Cause.OVER_SPEED, fast_m_s is not None and not abs(fast_m_s) <= limits.over_speed_m_s),
        (Cause.CELL, _stuck(seen, limits)),
    ]


def _stuck(seen: Seen, limits: Limits) -> bool:
    """A load cell that says the very same while the band is wound."""
    since, now = seen.same_since, seen.last
    if since is None or now is None:
        return False
    wound_m = abs(now.stroke_m - since.stroke_m)
    return now.t_s - since.t_s > limits.stuck_s and wound_m > limits.stuck_m
