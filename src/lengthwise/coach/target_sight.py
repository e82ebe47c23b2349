"""The muscles that an exercise is about, in one frame: where each stands between its marks."""

from math import isfinite

from msgspec import Struct

from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate, TissueState
from lengthwise.tissue.window import TargetPosition, numeric, over_ceiling


class TargetSight(Struct, frozen=True, gc=False):
    """`positions` that may be shown, with their windows; `targets`: every one that has a position,
    however unsure; `markable`: some are claimed, and so is every one that has a position;
    `unsure`: some claimed one has a position, known or not.
    """

    positions: tuple[tuple[Estimate, Window], ...]
    targets: tuple[TargetPosition, ...]
    markable: bool
    unsure: bool


_Placed = tuple[Estimate | None, Window | None]


def surest(positions: tuple[tuple[Estimate, Window], ...]) -> _Placed:
    """Of the target whose position is surest."""
    if len(positions) < 2:
        return positions[0] if positions else (None, None)
    return min(positions, key=lambda pw: pw[0].sd)


def foremost(positions: tuple[tuple[Estimate, Window], ...]) -> _Placed:
    """Of the target closest to its ceiling."""
    if len(positions) < 2:
        return positions[0] if positions else (None, None)
    return max(positions, key=lambda pw: (bool(over_ceiling(*pw)), pw[0].mean - pw[1].ceiling))


def target_sight(tissue: TissueState, windows: tuple[tuple[int, Window], ...]) -> TargetSight:
    """`windows`: of each target, with its row in the arrays of the tissue."""
    positions: list[tuple[Estimate, Window]] = []
    targets: list[TargetPosition] = []
    some_claimed = unsure = False
    all_placed_claimed = True
    for row, window in windows:
        shown, claimed = tissue.window_position[row], tissue.claimed[row]
        raw = tissue.raw_position[row] if tissue.raw_position else shown
        some_claimed = some_claimed or claimed
        if claimed and shown is not None and finite(shown):
            positions.append((shown, window))
        if raw is None:
            continue
        known = claimed and finite(raw)
        all_placed_claimed = all_placed_claimed and claimed
        unsure = unsure or known
        targets.append(TargetPosition(raw, window, known and numeric(shown) is not None))
    return TargetSight(
        tuple(positions), tuple(targets), some_claimed and all_placed_claimed, unsure
    )


def finite(estimate: Estimate) -> bool:
    return isfinite(estimate.mean) and isfinite(estimate.sd)
