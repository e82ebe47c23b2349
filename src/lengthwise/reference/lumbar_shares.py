"""How the lumbar levels share a lumbar total, as data."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.reference.constants import Status

LUMBAR_LEVELS: tuple[str, ...] = ("L5-S1", "L4-L5", "L3-L4", "L2-L3", "L1-L2")
"""From below upwards; the order of every tuple of shares."""

LUMBAR_TOTALS: tuple[Coordinate, ...] = (
    Coordinate.LUMBAR_FLEXION,
    Coordinate.LUMBAR_SIDE_BEND,
    Coordinate.LUMBAR_ROTATION,
)


class LevelShares(Struct, frozen=True, forbid_unknown_fields=True):
    """The published share of each level in one lumbar total, in the order of LUMBAR_LEVELS."""

    shares: tuple[float, float, float, float, float]
    status: Status
    source: str

    def __post_init__(self) -> None:
        if min(self.shares) <= 0 or abs(sum(self.shares) - 1.0) > 0.002:
            raise ValueError(f"lumbar shares must be positive and add up to one: {self.shares}")


@cache
def level_shares() -> dict[Coordinate, LevelShares]:
    """The table as published, one entry for each of LUMBAR_TOTALS; treat as read-only."""
    raw = (files("lengthwise.reference") / "lumbar_shares.toml").read_bytes()
    found = msgspec.toml.decode(raw, type=dict[Coordinate, LevelShares])
    if set(found) != set(LUMBAR_TOTALS):
        raise ValueError("lumbar_shares.toml must hold the three lumbar totals")
    return found


def shares_of(total: Coordinate) -> tuple[float, ...]:
    """Shares of the levels in one total, divided by their sum so that they add up to one."""
    published = level_shares()[total].shares
    return tuple(share / sum(published) for share in published)
