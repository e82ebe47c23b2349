"""One quantity over the time of a session: what is known, and where it is not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import median_filter

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Estimate, Unseen

MAX_POINTS = 400
"""Points drawn per line; more cannot be told apart on a screen."""

_MAX_RUNS = 60
_CALM_POINTS = 5
_LARGEST_GAP_S = 1.0
"""Frames further apart than this (and than five usual steps) are not joined."""


@dataclass(frozen=True)
class Run:
    """A stretch of time in which the quantity was known throughout: times, means, sds (k,)."""

    t_s: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


@dataclass(frozen=True)
class Fog:
    """A stretch of time in which it was not known. `why` None: no frame at all."""

    start_s: float
    end_s: float
    why: Unseen | None


@dataclass(frozen=True)
class Series:
    """A quantity over a session. `known_ratio`: share of frames in which it was claimed."""

    runs: tuple[Run, ...]
    fog: tuple[Fog, ...]
    known_ratio: float
    main_reason: Unseen | None

    @property
    def known(self) -> bool:
        return bool(self.runs)

    def bounds(self, sd_factor: float = 0.0) -> tuple[float, float] | None:
        """Lowest and highest known value, widened by `sd_factor` sd; None where never known."""
        if not self.runs:
            return None
        low = min(float((r.mean - sd_factor * r.sd).min()) for r in self.runs)
        high = max(float((r.mean + sd_factor * r.sd).max()) for r in self.runs)
        return low, high

    def span(self) -> float:
        """Highest minus lowest known value; 0 where never known."""
        found = self.bounds()
        return 0.0 if found is None else found[1] - found[0]

    def at_extreme(self, highest: bool) -> tuple[float, Estimate] | None:
        """When the largest (or smallest) known value was reached, and that value.

        A single point that stands out from its neighbours is passed over: it is a reading's
        noise, not a position that was reached.
        """
        if not self.runs:
            return None
        sign = 1.0 if highest else -1.0
        calm = [median_filter(sign * r.mean, size=_CALM_POINTS, mode="nearest") for r in self.runs]
        best = max(range(len(calm)), key=lambda i: float(calm[i].max()))
        run, k = self.runs[best], int(np.argmax(calm[best]))
        return float(run.t_s[k]), Estimate(float(run.mean[k]), float(run.sd[k]))


def coordinate_series(frames: Sequence[FrameLogged], coordinate: Coordinate) -> Series:
    """A joint coordinate in radians."""
    i = INDEX[coordinate]
    t = np.array([f.body.t_s for f in frames])
    why = [f.body.unseen[i] for f in frames]
    mean = np.array([f.body.mean_rad[i] for f in frames])
    sd = np.sqrt(np.maximum([f.body.covariance_rad2[i, i] for f in frames], 0.0))
    return _series(t, mean, sd, why)


def muscle_series(frames: Sequence[FrameLogged], group: MuscleGroup, side: Side) -> Series:
    """A range fraction, 0..1."""
    i = GROUP_INDEX[group, side]
    t = np.array([f.tissue.t_s for f in frames])
    why = [Unseen.CLAIMED if f.tissue.claimed[i] else Unseen.UNCERTAIN for f in frames]
    mean = np.array([f.tissue.range_fraction[i] for f in frames])
    sd = np.array([f.tissue.range_fraction_sd[i] for f in frames])
    return _series(t, mean, sd, why)


def estimate_series(
    frames: Sequence[FrameLogged], value: Callable[[FrameLogged], Estimate | None]
) -> Series:
    """Anything that a frame tells as an estimate; None: not known."""
    found = [value(frame) for frame in frames]
    return _series(
        np.array([frame.tissue.t_s for frame in frames]),
        np.array([0.0 if e is None else e.mean for e in found]),
        np.array([0.0 if e is None else e.sd for e in found]),
        [Unseen.UNCERTAIN if e is None else Unseen.CLAIMED for e in found],
    )


def _series(t: np.ndarray, mean: np.ndarray, sd: np.ndarray, why: list[Unseen]) -> Series:
    if not len(t):
        return Series((), (), 0.0, None)
    claimed = np.array([w is Unseen.CLAIMED for w in why])
    reasons = Counter(w for w in why if w is not Unseen.CLAIMED)
    spans = _known_spans(t, claimed)
    if len(spans) > _MAX_RUNS:
        spans = _steady_spans(t, claimed)
    step = max(1, int(claimed.sum()) // MAX_POINTS)
    runs = []
    for first, last in spans:
        # The ends of a run are kept: what is known must neither grow nor shrink by thinning.
        chosen = np.unique(np.append(np.arange(first, last + 1, step), last))
        runs.append(Run(t[chosen], mean[chosen], sd[chosen]))
    return Series(
        runs=tuple(runs),
        fog=_fog(t, why, spans),
        known_ratio=float(claimed.mean()),
        main_reason=reasons.most_common(1)[0][0] if reasons else None,
    )


def _gap_limit_s(t: np.ndarray) -> float:
    usual = float(np.median(np.diff(t))) if len(t) > 1 else 0.0
    return max(_LARGEST_GAP_S, 5.0 * usual)


def _known_spans(t: np.ndarray, claimed: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of every unbroken known stretch."""
    limit = _gap_limit_s(t)
    spans: list[tuple[int, int]] = []
    for k in np.flatnonzero(claimed):
        if spans and spans[-1][1] == k - 1 and t[k] - t[k - 1] <= limit:
            spans[-1] = (spans[-1][0], int(k))
        else:
            spans.append((int(k), int(k)))
    return spans


def _steady_spans(t: np.ndarray, claimed: np.ndarray) -> list[tuple[int, int]]:
    """As known spans, but where knowing flickers, only stretches long enough to be drawn."""
    shortest = max(2, len(t) // (2 * _MAX_RUNS))
    return [(a, b) for a, b in _known_spans(t, claimed) if b - a + 1 >= shortest]


def _fog(t: np.ndarray, why: list[Unseen], spans: list[tuple[int, int]]) -> tuple[Fog, ...]:
    """Everything between the known stretches, with the most frequent reason in each."""
    found: list[Fog] = []
    edges = [(-1, -1), *spans, (len(t), len(t))]
    for (_, before), (after, _) in pairwise(edges):
        start = float(t[max(before, 0)])
        end = float(t[min(after, len(t) - 1)])
        if end <= start and len(t) > 1:
            continue
        within = [w for w in why[before + 1 : after] if w is not Unseen.CLAIMED]
        reason = Counter(within).most_common(1)[0][0] if within else None
        found.append(Fog(start, end, reason))
    return tuple(found)
