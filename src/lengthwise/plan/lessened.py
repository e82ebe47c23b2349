"""A day with less than its week has for it. Pure.

items = lessened(items, 0.9)
"""

from collections.abc import Sequence

from msgspec.structs import replace

from lengthwise.contracts.week import PlannedItem

_EDGE_S = 1e-6


def lessened(items: Sequence[PlannedItem], factor: float) -> tuple[PlannedItem, ...]:
    """Whole rounds fewer, of the last first, as long as `factor` of the time is left; one round is
    left of each. From 1 on nothing changes: a day never has more than its week."""
    found = list(items)
    spare_s = (1.0 - factor) * sum(item.takes_s for item in items)
    for n in reversed(range(len(found))):
        while found[n].rounds > 1:
            item = found[n]
            round_s = item.takes_s / item.rounds
            if round_s > spare_s + _EDGE_S:
                break
            spare_s -= round_s
            found[n] = replace(item, rounds=item.rounds - 1, takes_s=item.takes_s - round_s)
    return tuple(found)
