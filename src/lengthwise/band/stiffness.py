"""How stiff band and person are together, found while the band is wound.

A scalar Kalman filter over dF / du of non-overlapping stretches of time. What the person moves
meanwhile counts as error of du, so a stretch in which little was wound tells little, and a hold
nothing.
"""

from math import hypot

from msgspec import Struct

from lengthwise.band.readings import Seen
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant


def _figure(name: str) -> float:
    return constant("band", name)


_LOW_N_M, _HIGH_N_M = _figure("stiffness_low_n_m"), _figure("stiffness_high_n_m")
_OVER_S, _LEAST_M = _figure("stiffness_over_s"), _figure("stiffness_least_m")
_MOVED_M, _DRIFT = _figure("stiffness_moved_m"), _figure("stiffness_drift_ratio")
_PRIOR, _PRIOR_SD = _figure("stiffness_prior_ratio"), _figure("stiffness_prior_sd_ratio")


class Stiffness(Struct, frozen=True, gc=False):
    """dF / du of carriage and force, N/m. `read_s`: when it was last read; None: never."""

    found_n_m: Estimate
    read_s: float | None = None

    @property
    def n_m(self) -> float:
        return self.found_n_m.mean


def prior(spring_n_m: float) -> Stiffness:
    return Stiffness(Estimate(_PRIOR * spring_n_m, _PRIOR_SD * spring_n_m))


def read(stiffness: Stiffness, seen: Seen, *, spring_n_m: float) -> Stiffness:
    """Never above the band's own: the person can only make it softer."""
    last, then = seen.last, seen.ago(_OVER_S)
    if last is None or then is None or not seen.fresh:
        return stiffness
    if stiffness.read_s is not None and then.t_s < stiffness.read_s:
        return stiffness
    wound_m = last.stroke_m - then.stroke_m
    if abs(wound_m) < _LEAST_M:
        return stiffness
    told_n_m = (last.force_n - then.force_n) / wound_m
    before = stiffness.found_n_m
    sd_n_m = hypot(before.sd, _DRIFT * before.mean)
    error_n_m = before.mean * _MOVED_M / abs(wound_m)
    gain = sd_n_m**2 / (sd_n_m**2 + error_n_m**2)
    mean_n_m = before.mean + gain * (told_n_m - before.mean)
    most_n_m = min(_HIGH_N_M, spring_n_m)
    low_n_m = min(_LOW_N_M, most_n_m)
    found = Estimate(min(max(mean_n_m, low_n_m), most_n_m), sd_n_m * (1.0 - gain) ** 0.5)
    return Stiffness(found, last.t_s)
