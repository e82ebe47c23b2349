"""How well a force was kept in a hold, of any band, as numbers that mean the same for each."""

import numpy as np
from msgspec import Struct

from lengthwise.reference.constants import constant
from lengthwise.sim.band_run import DT_S, Trace

_INSIDE = constant("band", "settled_ratio")


class Kept(Struct, frozen=True):
    """Over the hold, beside the target: root mean square error, the highest force over it (0 where
    it was never passed), seconds until it was inside 5 % for good (None: never), share of the hold
    inside 5 %, the highest force of all, and what was lost or won at its end."""

    rmse_ratio: float
    overshoot_ratio: float
    settle_s: float | None
    in_window_ratio: float
    peak_n: float
    end_ratio: float


def kept(trace: Trace, target_n: float) -> Kept | None:
    """None where there was no hold."""
    if trace.ramp_end_s is None:
        return None
    at = np.asarray(trace.t_s) >= trace.ramp_end_s - 1e-9
    force_n = np.asarray(trace.force_n)[at]
    if len(force_n) == 0:
        return None
    off = force_n / target_n - 1.0
    inside = np.abs(off) <= _INSIDE
    outside = np.flatnonzero(~inside)
    settle_s: float | None = 0.0 if len(outside) == 0 else float((outside[-1] + 1) * DT_S)
    last_second = max(int(1.0 / DT_S), 1)
    return Kept(
        rmse_ratio=float(np.sqrt(np.mean(off**2))),
        overshoot_ratio=max(float(off.max()), 0.0),
        settle_s=None if len(outside) and outside[-1] == len(off) - 1 else settle_s,
        in_window_ratio=float(np.mean(inside)),
        peak_n=float(np.max(trace.force_n)),
        end_ratio=float(np.mean(off[-last_second:])),
    )


def breathing_n(trace: Trace, breath_hz: float) -> float:
    """Rms of the force in the hold without what is slower than one breath, N."""
    at = np.asarray(trace.t_s) >= (trace.ramp_end_s or 0.0) + 2.0
    force_n = np.asarray(trace.force_n)[at]
    width = max(round(1.0 / (breath_hz * DT_S)), 1)
    slow = np.convolve(force_n, np.full(width, 1.0 / width), mode="valid")
    first = width // 2
    return float(np.sqrt(np.mean((force_n[first : first + len(slow)] - slow) ** 2)))


def inside_ratio(trace: Trace, low: float, high: float) -> float:
    """Share of the hold in which the true window position lay inside."""
    at = np.asarray(trace.t_s) >= (trace.ramp_end_s or 0.0)
    position = np.asarray(trace.position)[at]
    return float(np.mean((position >= low) & (position <= high)))
