"""Whether the body has moved gently for long enough, by what was seen of it. A pure step.

Time is cut into pieces of `warm_block_s`. A piece counts as movement where a hip, a knee or the
trunk went through `warm_span_rad` in it and was known in each of its frames: what comes into sight
has not moved. Pieces add up to `warm_s`, and are forgotten after `warm_lasts_s` without one.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import BodyState
from lengthwise.reference.constants import constant

_WARM_S = constant("ramp", "warm_s")
_BLOCK_S = constant("ramp", "warm_block_s")
_SPAN_RAD = constant("ramp", "warm_span_rad")
_LASTS_S = constant("ramp", "warm_lasts_s")
_GAP_S = 1.0
"""Frames further apart show no movement between them: the piece begins anew."""
_LARGE = tuple(
    c
    for c in Coordinate
    if c.value.startswith(("hip_flexion", "knee_flexion")) or c is Coordinate.TRUNK_FLEXION
)


class Warmth(Struct, frozen=True):
    """`moved_s` in all, the last of it at `moved_at_s`; of the present piece, since `block_s`, the
    least and the most of each coordinate that was known all along, `least_rad`, `most_rad`."""

    t_s: float | None = None
    moved_s: float = 0.0
    moved_at_s: float | None = None
    block_s: float | None = None
    least_rad: dict[Coordinate, float] = {}
    most_rad: dict[Coordinate, float] = {}

    @property
    def warm(self) -> bool:
        return self.moved_s >= _WARM_S


def step(warmth: Warmth, body: BodyState, t_s: float) -> Warmth:
    """One frame. An instant that is not later than the one before changes nothing."""
    if warmth.t_s is not None and t_s <= warmth.t_s:
        return warmth
    known = {c: e.mean for c in _LARGE if (e := body.claimed(c)) is not None and isfinite(e.mean)}
    gap = warmth.t_s is None or t_s - warmth.t_s > _GAP_S
    warmth = replace(warmth, t_s=t_s)
    idle_s = 0.0 if warmth.moved_at_s is None else t_s - warmth.moved_at_s
    if idle_s > _LASTS_S:
        warmth = replace(warmth, moved_s=0.0, moved_at_s=None)
    if gap or warmth.block_s is None:
        return replace(warmth, block_s=t_s, least_rad=known, most_rad=known)
    still = [c for c in known if c in warmth.least_rad]
    least = {c: min(known[c], warmth.least_rad[c]) for c in still}
    most = {c: max(known[c], warmth.most_rad[c]) for c in still}
    took_s = t_s - warmth.block_s
    if took_s < _BLOCK_S:
        return replace(warmth, least_rad=least, most_rad=most)
    begun = replace(warmth, block_s=t_s, least_rad=known, most_rad=known)
    if not any(most[c] - least[c] >= _SPAN_RAD for c in still):
        return begun
    return replace(begun, moved_s=warmth.moved_s + took_s, moved_at_s=t_s)
