"""How far along its path the body is, and how that is compared: like with like.

Progress is a projection over the coordinates that are seen, from the start pose,

    p = sum of w (x - s),   w = span / sum of span^2,

so it jumps where a coordinate comes into sight or goes, though nobody moved. Two moments are
therefore compared over the coordinates that both saw. That p now is less than k times p at the
beginning of a hold, at the pose e, is a statement about

    sum of w ((x - s) - k (e - s)),

whose error is a difference within one session: with r the shared part of the variance and
m = sx - k se - (1 - k) ss, each coordinate adds w^2 (r m^2 + (1 - r) (sx^2 + k^2 se^2 +
(1 - k)^2 ss^2)).
"""

from collections.abc import Iterable
from math import erf, isfinite, sqrt

from msgspec import Struct

from lengthwise.coach.plan import PathPart
from lengthwise.coach.stillness import Pose
from lengthwise.reference.constants import constant

_SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")
_SMALLEST_SD = 1e-4


class Back(Struct, frozen=True):
    """Progress when the hold began and now, over the same coordinates; `probability` that most of
    it has been taken back."""

    begun: float
    now: float
    probability: float


def seen(path: tuple[PathPart, ...], pose: Pose) -> Pose:
    """Of a pose, what lies on the path."""
    return {p.coordinate: pose[p.coordinate] for p in path if p.coordinate in pose}


def progress(path: Iterable[PathPart], start: Pose, pose: Pose) -> float | None:
    """Share of the path since the start pose, over what is seen of it; None: nothing is."""
    along = norm = 0.0
    for part in path:
        now = pose.get(part.coordinate)
        if now is None:
            continue
        along += part.span_rad * (now.mean - _start_rad(part, start))
        norm += part.span_rad**2
    return along / norm if norm > 0.0 else None


def gained(path: tuple[PathPart, ...], before: Pose, now: Pose) -> float | None:
    """Progress between two moments, over what both saw; None: nothing."""
    return progress([p for p in path if p.coordinate in before], before, now)


def taken_back(
    path: tuple[PathPart, ...], start: Pose, begun: Pose, now: Pose, *, ratio: float
) -> Back | None:
    """How sure it is that less than `ratio` of the progress at `begun` is left.

    None where what both moments saw is less than half of what was seen when the hold began.
    """
    both = [p for p in path if p.coordinate in begun and p.coordinate in now]
    norm = sum(p.span_rad**2 for p in both)
    if norm <= 0.0 or norm < 0.5 * sum(p.span_rad**2 for p in path if p.coordinate in begun):
        return None
    was, is_now = progress(both, start, begun), progress(both, start, now)
    assert was is not None and is_now is not None
    variance = sum(
        (p.span_rad / norm) ** 2 * _variance_rad2(p, start, begun, now, ratio) for p in both
    )
    standard = (ratio * was - is_now) / max(sqrt(variance), _SMALLEST_SD)
    if not isfinite(standard):
        return None
    return Back(was, is_now, 0.5 * (1.0 + erf(standard / sqrt(2.0))))


def _start_rad(part: PathPart, start: Pose) -> float:
    """Where a coordinate was not seen at the start, the exercise's own."""
    seen = start.get(part.coordinate)
    return part.start_rad if seen is None else seen.mean


def _variance_rad2(part: PathPart, start: Pose, begun: Pose, now: Pose, ratio: float) -> float:
    began = start.get(part.coordinate)
    sds = (
        now[part.coordinate].sd,
        ratio * begun[part.coordinate].sd,
        (1.0 - ratio) * (0.0 if began is None else began.sd),
    )
    shared = (sds[0] - sds[1] - sds[2]) ** 2
    own = sum(sd**2 for sd in sds)
    return _SHARED_BIAS_RATIO * shared + (1.0 - _SHARED_BIAS_RATIO) * own
