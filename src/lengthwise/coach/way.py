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
from math import erf, inf, isfinite, sqrt

from msgspec import Struct

from lengthwise.coach.compensation import difference_sd_rad
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
    found: Pose = {}
    for part in path:
        now = pose.get(part.coordinate)
        if now is not None:
            found[part.coordinate] = now
    return found


def progress(path: Iterable[PathPart], start: Pose, pose: Pose) -> float | None:
    """Share of the path since the start pose, over what is seen of it; None: nothing is."""
    along = norm = 0.0
    for part in path:
        now = pose.get(part.coordinate)
        if now is None:
            continue
        begin, span_rad = start.get(part.coordinate), part.span_rad
        # Where a coordinate was not seen at the start, the exercise's own.
        start_rad = part.start_rad if begin is None else begin.mean
        along += span_rad * (now.mean - start_rad)
        norm += span_rad * span_rad
    return along / norm if norm > 0.0 else None


def gained(path: tuple[PathPart, ...], before: Pose, now: Pose) -> float | None:
    """Progress between two moments, over what both saw; None: nothing."""
    return progress([p for p in path if p.coordinate in before], before, now)


def change_sd(path: tuple[PathPart, ...], before: Pose, now: Pose) -> float:
    """Sd of the progress between two moments of a session, over what both saw; all err together."""
    doubt = norm = 0.0
    for part in path:
        here, there = now.get(part.coordinate), before.get(part.coordinate)
        if here is not None and there is not None:
            doubt += abs(part.span_rad) * difference_sd_rad(here.sd, there.sd)
            norm += part.span_rad * part.span_rad
    return doubt / norm if norm > 0.0 else inf


def taken_back(
    path: tuple[PathPart, ...], start: Pose, begun: Pose, now: Pose, *, ratio: float
) -> Back | None:
    """How sure it is that less than `ratio` of the progress at `begun` is left.

    None where what both moments saw is less than half of what was seen when the hold began.
    """
    was = is_now = variance = norm = begun_norm = 0.0
    for part in path:
        began = begun.get(part.coordinate)
        if began is None:
            continue
        span_rad = part.span_rad
        weight = span_rad * span_rad
        begun_norm += weight
        here = now.get(part.coordinate)
        if here is None:
            continue
        norm += weight
        begin = start.get(part.coordinate)
        start_rad, start_sd_rad = (part.start_rad, 0.0) if begin is None else (begin.mean, begin.sd)
        was += span_rad * (began.mean - start_rad)
        is_now += span_rad * (here.mean - start_rad)
        variance += weight * _variance_rad2(here.sd, ratio * began.sd, (1.0 - ratio) * start_sd_rad)
    if norm <= 0.0 or norm < 0.5 * begun_norm:
        return None
    was, is_now = was / norm, is_now / norm
    standard = (ratio * was - is_now) / max(sqrt(variance) / norm, _SMALLEST_SD)
    if not isfinite(standard):
        return None
    return Back(was, is_now, 0.5 * (1.0 + erf(standard / _SQRT2)))


def _variance_rad2(now_sd_rad: float, begun_sd_rad: float, start_sd_rad: float) -> float:
    """Of one coordinate in the statement at the head, from its weighted sds."""
    left_rad = now_sd_rad - begun_sd_rad - start_sd_rad
    shared = left_rad * left_rad
    own = now_sd_rad * now_sd_rad + begun_sd_rad * begun_sd_rad + start_sd_rad * start_sd_rad
    return _SHARED_BIAS_RATIO * shared + (1.0 - _SHARED_BIAS_RATIO) * own
