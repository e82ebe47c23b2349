"""How sure a few numbers of one person are: shares and means with 95 % intervals. Pure.

A share k of n has Wilson's interval (Wilson 1927, J Am Stat Assoc 22:209), which stays within 0 and
1 and is not empty at 0 or n of n:

    (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n),      z = 1.96

Days that follow each other resemble each other, so n values that are correlated by r from one to
the next are worth n (1 - r) / (1 + r) that are not; the mean has Student's interval with so many.
"""

from collections.abc import Sequence
from math import hypot, sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

from lengthwise.contracts.handover import Change, Compared, Mean, Share

_Z = 1.96
_TWO_SIDED = 0.975


def share(count: int, among: int, *, least: int) -> Share:
    """Of none at all anything may be."""
    if among == 0:
        return Share(0, 0, 0.0, 1.0, False)
    p, z2 = count / among, _Z**2 / among
    middle = p + 0.5 * z2
    half = _Z * sqrt(p * (1.0 - p) / among + 0.25 * z2 / among)
    low, high = (middle - half) / (1.0 + z2), (middle + half) / (1.0 + z2)
    return Share(count, among, max(low, 0.0), min(high, 1.0), among >= least)


def mean_of(values: Sequence[float]) -> Mean | None:
    """None of nothing."""
    if not values:
        return None
    return Mean(fmean(values), stdev(values) if len(values) > 1 else None, len(values))


def compared(
    first: Sequence[float], last: Sequence[float], *, least: int, correlation: float
) -> Compared:
    """The later values against the earlier ones (Welch), of which at least `least` each are
    needed; `correlation` of one value with the next."""
    a, b = mean_of(first), mean_of(last)
    if a is None or b is None or min(a.count, b.count) < least or a.sd is None or b.sd is None:
        return Compared(a, b, None, None, None, Change.TOO_FEW)
    worth = (1.0 - correlation) / (1.0 + correlation)
    counts = [max(m.count * worth, 2.0) for m in (a, b)]
    errors = [m.sd / sqrt(n) for m, n in zip((a, b), counts, strict=True) if m.sd is not None]
    return _told(a, b, b.mean - a.mean, errors, counts)


def paired(before: Sequence[float], after: Sequence[float], *, least: int) -> Compared:
    """The change within each pair (Student)."""
    a, b = mean_of(before), mean_of(after)
    changes = [y - x for x, y in zip(before, after, strict=True)]
    change = mean_of(changes)
    if change is None or change.count < least or change.sd is None:
        return Compared(a, b, None, None, None, Change.TOO_FEW)
    error, count = change.sd / sqrt(change.count), float(change.count)
    return _told(a, b, change.mean, [error], [count])


def _told(
    a: Mean | None, b: Mean | None, change: float, errors: Sequence[float], counts: Sequence[float]
) -> Compared:
    sd = hypot(*errors)
    if sd > 0.0:
        freedom = sd**4 / sum(e**4 / (n - 1.0) for e, n in zip(errors, counts, strict=True))
    else:
        freedom = min(counts) - 1.0
    half = float(stdtrit(freedom, _TWO_SIDED)) * sd
    low, high = change - half, change + half
    verdict = Change.MORE if low > 0.0 else Change.LESS if high < 0.0 else Change.NOT_TOLD_APART
    return Compared(a, b, change, low, high, verdict)
