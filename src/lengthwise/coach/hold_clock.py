"""The clock that counts only what was done well, and says when it waits. A pure step.

An interval between two frames counts as the lesser of what both ends deserve: effective when
both are, uncertain when one is uncertain, nothing when one is waiting or when the frames lie too
far apart to know what happened between them. A lapse shorter than `lapse_s` is not spoken of, and
its seconds do not count.
"""

from enum import IntEnum

from msgspec import Struct

from lengthwise.contracts.decision import Reason


class Counting(IntEnum):
    """What a moment of a hold deserves, least first."""

    WAITING = 0
    UNCERTAIN = 1
    EFFECTIVE = 2


class Judgement(Struct, frozen=True, gc=False):
    """`reasons` say why it is no better than this; for EFFECTIVE, what made it so.

    `without`: constraints that are not known and not required: it counts without them.
    """

    counting: Counting
    reasons: tuple[Reason, ...]
    without: tuple[Reason, ...] = ()


class HoldClock(Struct, frozen=True, gc=False):
    """`told` what the person was last told; `below_since_s` since when it deserves less.

    `without_s`: of the effective seconds, those in which some constraint was not known.
    """

    effective_s: float = 0.0
    uncertain_s: float = 0.0
    previous: Counting | None = None
    previous_s: float | None = None
    told: Counting | None = None
    below_since_s: float | None = None
    without_s: float = 0.0

    def interrupted(self) -> "HoldClock":
        """The seconds kept, and nothing counted across the interruption."""
        return HoldClock(self.effective_s, self.uncertain_s, without_s=self.without_s)


def step(
    clock: HoldClock, judgement: Judgement, *, t_s: float, lapse_s: float, largest_gap_s: float
) -> tuple[HoldClock, Counting | None]:
    """One frame of a hold. The second result is what there is to tell, None for nothing new."""
    now = judgement.counting
    effective_s, uncertain_s = clock.effective_s, clock.uncertain_s
    without_s = clock.without_s
    if clock.previous is not None and clock.previous_s is not None:
        interval_s = t_s - clock.previous_s
        deserved = min(now, clock.previous)
        if 0.0 < interval_s <= largest_gap_s:
            effective_s += interval_s if deserved is Counting.EFFECTIVE else 0.0
            if deserved is Counting.EFFECTIVE and judgement.without:
                without_s += interval_s
            uncertain_s += interval_s if deserved is Counting.UNCERTAIN else 0.0
    told, below_since_s, news = _tell(clock, now, t_s, lapse_s)
    return HoldClock(effective_s, uncertain_s, now, t_s, told, below_since_s, without_s), news


def _tell(
    clock: HoldClock, now: Counting, t_s: float, lapse_s: float
) -> tuple[Counting | None, float | None, Counting | None]:
    told = clock.told
    if told is None or now > told:
        return now, None, now
    if now == told:
        return told, None, None
    since_s = t_s if clock.below_since_s is None else clock.below_since_s
    if t_s - since_s >= lapse_s:
        return now, None, now
    return told, since_s, None
