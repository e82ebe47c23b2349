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
_SQRT2 = sqrt(2.0)


class Back(Struct, frozen=True, gc=False):
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
        now, begin = pose.get(part.coordinate), start.get(part.coordinate)
        if now is None:
            continue
        # Where a coordinate was not seen at the start, the exercise's own.
        start_rad = part.start_rad if begin is None else begin.mean
        along += part.span_rad * (now.mean - start_rad)
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
    both, norm, begun_norm = [], 0.0, 0.0
    for part in path:
        if part.coordinate in begun:
            begun_norm += part.span_rad**2
            if part.coordinate in now:
                both.append(part)
                norm += part.span_rad**2
    if norm <= 0.0 or norm < 0.5 * begun_norm:
        return None
    was = is_now = variance = 0.0
    for part in both:
        began, here = begun[part.coordinate], now[part.coordinate]
        begin = start.get(part.coordinate)
        start_rad = part.start_rad if begin is None else begin.mean
        was += part.span_rad * (began.mean - start_rad)
        is_now += part.span_rad * (here.mean - start_rad)
        start_sd_rad = 0.0 if begin is None else begin.sd
        sds_rad = (here.sd, ratio * began.sd, (1.0 - ratio) * start_sd_rad)
        variance += (part.span_rad / norm) ** 2 * _variance_rad2(*sds_rad)
    was, is_now = was / norm, is_now / norm
    standard = (ratio * was - is_now) / max(sqrt(variance), _SMALLEST_SD)
    if not isfinite(standard):
        return None
    return Back(was, is_now, 0.5 * (1.0 + erf(standard / _SQRT2)))


def _variance_rad2(now_sd_rad: float, begun_sd_rad: float, start_sd_rad: float) -> float:
    """Of one coordinate in the statement at the head, from its weighted sds."""
    shared = (now_sd_rad - begun_sd_rad - start_sd_rad) ** 2
    own = now_sd_rad**2 + begun_sd_rad**2 + start_sd_rad**2
    return _SHARED_BIAS_RATIO * shared + (1.0 - _SHARED_BIAS_RATIO) * own
