"""Time that a simulated person was really above a ceiling, by what could be seen of it.

Nothing is taken off the time itself: it is told in full, and then once more in four parts.
*Seen and not eased* is a failure of the coach. *Eased* and *corrected* (no position was sure, but a
constraint known to be broken held the clock) are the time that a person needs to hear it and to
come back. *Not seen*: nothing sure enough to say so; an abstention, counted beside failures.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.live.evaluation.coaching_truth import Truth
from lengthwise.tissue.window import surely_over


class Sight(Struct, frozen=True):
    """One frame. `known`: per target of the plan, whether its position was a numeric window or was
    surely over its ceiling however unsure; `eased`: the envelope asked for less than to hold;
    `corrected`: a constraint was known to be broken."""

    known: tuple[bool, ...]
    eased: bool
    corrected: bool = False


class Above(Struct, frozen=True):
    """Seconds really above a ceiling: `seen_s` of that seen and not eased, `eased_s` eased,
    `corrected_s` not seen but corrected, `unseen_s` not seen; `broken_s` of all of it while a
    constraint was really broken; `least_s` what would be left of it for the same person who is
    told at once by somebody who knows the truth."""

    seen_s: float = 0.0
    eased_s: float = 0.0
    corrected_s: float = 0.0
    unseen_s: float = 0.0
    broken_s: float = 0.0
    least_s: float = 0.0

    @property
    def total_s(self) -> float:
        return self.seen_s + self.eased_s + self.corrected_s + self.unseen_s


def sight(plan: SidePlan, reading: Reading, allowed: Action | None) -> Sight:
    told = {target.muscle for target in reading.targets if target.known or surely_over(target)}
    return Sight(
        tuple(target in told for target in plan.targets),
        allowed is not None and allowed <= Action.EASE,
        any(d.keeping is Keeping.BEYOND for d in reading.deviations),
    )


def above(plan: SidePlan, truth: Truth, sights: Sequence[Sight], lasts_s: np.ndarray) -> Above:
    """Over the frames of a hold, which last `lasts_s` (n,)."""
    over = truth.over(plan)
    known = np.array([s.known for s in sights], dtype=bool).reshape(over.shape)
    any_over, seen = over.any(axis=1), np.asarray((over & known).any(axis=1))
    eased, corrected = (
        np.array([getattr(s, name) for s in sights], dtype=bool) for name in ("eased", "corrected")
    )

    def seconds(chosen: np.ndarray) -> float:
        return float(lasts_s[any_over & chosen].sum())

    return Above(
        seen_s=seconds(seen & ~eased),
        eased_s=seconds(eased),
        corrected_s=seconds(~seen & ~eased & corrected),
        unseen_s=seconds(~seen & ~eased & ~corrected),
        broken_s=seconds(np.asarray(truth.beyond.any(axis=1))),
    )


def summed(parts: Iterable[Above]) -> Above:
    found = list(parts)
    fields = Above.__struct_fields__
    return Above(**{name: sum(getattr(a, name) for a in found) for name in fields})
