"""Frames as a page looks back on them: without what no page tells, and the same things held once.

A frame as it is logged is some 18 kB in memory, and thousands of them wait for a page. Most of that
is a covariance of which a page tells the diagonal, lengths and tensions that only limits and
decisions are made of, and words that are the same from one frame to the next.
"""

from collections.abc import Hashable
from typing import TypeVar, cast

import numpy as np
from msgspec.structs import fields, replace

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.decision import Guidance
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import BodyState, TissueState

Value = TypeVar("Value")

_UNTOLD = frozen_array(())
"""In the place of an array that no page tells: asked for a value it raises IndexError."""


class _Variances:
    """The diagonal of a covariance, at its places; there is nothing beside it."""

    __slots__ = ("_of",)

    def __init__(self, covariance: np.ndarray) -> None:
        self._of = covariance.diagonal().copy()

    def __getitem__(self, at: tuple[int, int]) -> float:
        if at[0] != at[1]:
            raise IndexError("of this covariance only the diagonal was kept")
        return float(self._of[at[0]])


class LeanFrames:
    """Makes frames lean, one after the other."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, Hashable], object] = {}

    def of(self, frame: FrameLogged) -> FrameLogged:
        """The same to whoever tells of one moment what it was; differences between moments, limits
        and decisions cannot be worked out from it."""
        guidance = None if frame.guidance is None else self._guidance(frame.guidance)
        return FrameLogged(self._body(frame.body), self._tissue(frame.tissue), guidance)

    def _body(self, body: BodyState) -> BodyState:
        return replace(
            body,
            mean_rad=_alone(body.mean_rad),
            covariance_rad2=cast(np.ndarray, _Variances(body.covariance_rad2)),
            unseen=self._once("unseen", body.unseen),
            marks=(),
        )

    def _tissue(self, tissue: TissueState) -> TissueState:
        return replace(
            tissue,
            length_m=_UNTOLD,
            length_sd_m=_UNTOLD,
            range_fraction=_alone(tissue.range_fraction),
            range_fraction_sd=_alone(tissue.range_fraction_sd),
            claimed=self._once("claimed", tissue.claimed),
            window_position=self._once("window_position", tissue.window_position),
            precision=(),
            raw_position=(),
            tension=None,
        )

    def _guidance(self, guidance: Guidance) -> Guidance:
        told = ((f.name, getattr(guidance, f.name)) for f in fields(guidance))
        words = {n: self._once(n, v) for n, v in told if type(v) is str or type(v) is tuple}
        return replace(guidance, **words)

    def _once(self, field: str, value: Value) -> Value:
        """The value, or one equal to it that was met in this field before."""
        return cast(Value, self._met.setdefault((field, cast(Hashable, value)), value))


def _alone(values: np.ndarray) -> np.ndarray:
    """Not a view onto the bytes that were read, which would stay with it."""
    out = values.copy()
    out.flags.writeable = False
    return out
