"""How a person's tissue gives way in a hold, found while a band holds it.

The way of the tissue is y = stroke - F / k, but for what breathing moves the person. Tissue grows
stiffer in proportion to its force, so in the ramp ln F rises evenly with y, by B a metre. In the
hold the elastic force is Fe = F0 exp(B (y - y0)), and what is gone of it

    z = Fe - F = c + sum g_i (r_i - r_i(0)),   r_i = integral of (1 - exp(-(t - s) / tau_i)) dFe(s),

is linear in the shares g_i and in c, by how much y0 was off; the times are fixed. They are a
Gaussian with a prior (`constants_data/band.toml`), read once a second. A share is told as what was
published of people: how much of the force goes in a fresh stretch at one length.
"""

from math import exp, log, sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.band.readings import Seen
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant


def _figure(name: str) -> float:
    return constant("band", name)


_TERMS = ("fast", "middle", "slow")
_SHARES = np.array([_figure(f"relax_{term}_share") for term in _TERMS])
_TIMES_S = np.array([_figure(f"relax_{term}_s") for term in _TERMS])
_SHARE_SD, _READING_M = _figure("relax_share_sd_ratio"), _figure("relax_reading_m")
_FROM, _LOW_PER_M, _HIGH_PER_M = 0.4, _figure("growth_low_per_m"), _figure("growth_high_per_m")
_EVERY_S = 1.0


class Relaxation(Struct, frozen=True):
    """`found` (4,): three shares and c over F0, with `covariance` (4, 4). `ramp` (5,): sums of 1,
    y, ln F, y y, y ln F over the ramp. `start_n` F0: None before a hold is read; `start_way_m` y0,
    `growth_per_m` B, `elastic_n` Fe, `quick_n` (3,) what of it has not gone yet of a share of 1,
    `gone_start_n` (3,) r(0); `read_s`: when last."""

    found: np.ndarray
    covariance: np.ndarray
    ramp: np.ndarray
    start_n: float | None = None
    start_way_m: float = 0.0
    growth_per_m: float = 0.0
    elastic_n: float = 0.0
    quick_n: np.ndarray = frozen_array(np.zeros(3))
    gone_start_n: np.ndarray = frozen_array(np.zeros(3))
    read_s: float = 0.0

    def loss_ratio(self, held_s: float) -> Estimate:
        """Share of the force that goes within `held_s` at one length."""
        by = -np.expm1(-held_s / _TIMES_S)
        variance = float(by @ self.covariance[:3, :3] @ by)
        return Estimate(float(by @ self.found[:3]), sqrt(max(variance, 0.0)))


def prior() -> Relaxation:
    """Of anybody, before a pull."""
    sd = np.append(_SHARE_SD * _SHARES, 1.0)
    found = np.append(_SHARES, 0.0)
    return Relaxation(frozen_array(found), frozen_array(np.diag(sd**2)), frozen_array(np.zeros(5)))


def rising(relaxation: Relaxation, seen: Seen, *, spring_n_m: float, target_n: float) -> Relaxation:
    """After a reading in the ramp."""
    last = seen.last
    if last is None or last.force_n < _FROM * target_n:
        return relaxation
    y, x = last.stroke_m - last.force_n / spring_n_m, log(last.force_n)
    sums = relaxation.ramp + np.array([1.0, y, x, y * y, y * x])
    return replace(relaxation, ramp=frozen_array(sums))


def begin(relaxation: Relaxation, seen: Seen, *, spring_n_m: float, ramp_s: float) -> Relaxation:
    """A hold begins, after a ramp of `ramp_s` in which the force rose evenly."""
    last = seen.last
    n, y, x, yy, yx = (float(s) for s in relaxation.ramp)
    spread = n * yy - y * y
    if last is None or not last.force_n > 0.0 or n < 10.0 or not spread > 0.0:
        return relaxation
    growth_per_m = min(max((n * yx - y * x) / spread, _LOW_PER_M), _HIGH_PER_M)
    quick = last.force_n * (_TIMES_S / ramp_s) * -np.expm1(-ramp_s / _TIMES_S)
    covariance = relaxation.covariance.copy()
    covariance[3, :] = covariance[:, 3] = 0.0
    covariance[3, 3] = (2.0 * growth_per_m * _READING_M) ** 2
    return Relaxation(
        frozen_array(np.append(relaxation.found[:3], 0.0)),
        frozen_array(covariance),
        frozen_array(np.zeros(5)),
        start_n=last.force_n,
        start_way_m=last.stroke_m - last.force_n / spring_n_m,
        growth_per_m=growth_per_m,
        elastic_n=last.force_n,
        quick_n=frozen_array(quick),
        gone_start_n=frozen_array(last.force_n - quick),
        read_s=last.t_s,
    )


def read(relaxation: Relaxation, seen: Seen, *, spring_n_m: float) -> Relaxation:
    """After a reading in the hold; nothing changes within a second of the last."""
    last, start_n = seen.last, relaxation.start_n
    if start_n is None or last is None or last.t_s - relaxation.read_s < _EVERY_S:
        return relaxation
    moved_m = last.stroke_m - last.force_n / spring_n_m - relaxation.start_way_m
    grown = relaxation.growth_per_m * moved_m
    elastic_n = start_n * exp(min(max(grown, -2.0), 2.0))
    way = (last.t_s - relaxation.read_s) / _TIMES_S
    quick = relaxation.quick_n * np.exp(-way)
    quick += (elastic_n - relaxation.elastic_n) * -np.expm1(-way) / way
    row = np.append((elastic_n - quick - relaxation.gone_start_n) / start_n, 1.0)
    gone = (elastic_n - last.force_n) / start_n
    error = relaxation.growth_per_m * _READING_M
    spread = relaxation.covariance @ row
    gain = spread / (float(row @ spread) + error**2)
    found = relaxation.found + gain * (gone - float(row @ relaxation.found))
    found[:3] = np.clip(found[:3], 0.0, 0.6)
    covariance = relaxation.covariance - np.outer(gain, spread)
    return replace(
        relaxation,
        found=frozen_array(found),
        covariance=frozen_array(0.5 * (covariance + covariance.T)),
        elastic_n=elastic_n,
        quick_n=frozen_array(quick),
        read_s=last.t_s,
    )
