"""Turns of a slow to and fro, and whether they are those of breathing.

A turn is confirmed once the signal has come back from it by a share of its usual excursion, so
neither noise nor slow drift makes one. What is regular enough, and larger than the noise, is taken
for breathing; noise without memory turns at irregular times, and a posture that sways has uneven
excursions.
"""

from math import sqrt

import numpy as np
from msgspec import Struct

from lengthwise.reference.constants import constants


class Limits(Struct, frozen=True):
    """Fields are the entries of `constants_data/breathing.toml`, in the units of their names."""

    block_s: float
    window_s: float
    slowest_s: float
    quickest_s: float
    least_breaths: float
    irregular_ratio: float
    uneven_ratio: float
    crossed_ratio: float
    clear_ratio: float
    turn_ratio: float
    flat_ratio: float
    elsewhere_ratio: float
    flat_over_noise_ratio: float
    held_from_s: float
    remembered_s: float
    imu_moved_m_s2: float
    imu_shaken_m_s2: float
    camera_moved_ratio: float
    camera_shaken_ratio: float
    camera_visible: float
    belt_moved_n: float
    belt_shaken_n: float
    gap_s: float


def published_limits() -> Limits:
    """The limits as they ship. Raises TypeError where the file and the fields differ."""
    return Limits(**{name: entry.value for name, entry in constants("breathing").items()})


class Breathing(Struct, frozen=True):
    """What a stretch of signal shows. `breath_s`: duration of one breath, with the sd of its mean;
    `excursion`: between two turns, the smaller quarter's upper end, in the signal's unit; `turned`:
    place of the last turn; `upper`: whether it was one from rising to falling.
    """

    breath_s: float
    breath_sd_s: float
    excursion: float
    turned: int
    upper: bool


_LONG = 3.0
"""Usual breaths from which a turn to the next but one is no single breath."""
SMOOTHED = 3
"""Blocks that are averaged before turns are looked for."""


def smoothed(values: np.ndarray) -> np.ndarray:
    """(n - 2, ...) running means of three blocks; each stands for the middle one."""
    return np.asarray((values[:-2] + values[1:-1] + values[2:]) / SMOOTHED)


def main_axis(values: np.ndarray, *, apart: int) -> tuple[np.ndarray, float]:
    """(d,) unit vector along which changes over `apart` blocks are largest, and the power of those
    across it over theirs; `values` (n, d), d at least 2.

    Changes, not values: slow drift has small ones.
    """
    change = values[apart:] - values[:-apart]
    change = change - change.mean(axis=0)
    powers, vectors = np.linalg.eigh(change.T @ change)
    crossed = float(powers[-2] / powers[-1]) if powers[-1] > 0.0 else 1.0
    return np.asarray(vectors[:, -1]), crossed


def quick_noise(signal: np.ndarray) -> float:
    """Sd of what remains of white noise after smoothing, by second differences of `signal` (n,),
    the blocks before smoothing: for white noise their variance is six times its own."""
    second = signal[2:] - 2.0 * signal[1:-1] + signal[:-2]
    return float(np.median(np.abs(second)) / 0.6745 / np.sqrt(6.0 * SMOOTHED))


def turns(signal: np.ndarray, by: float) -> list[int]:
    """Places where the signal turned and came back by more than `by`."""
    found: list[int] = []
    values = signal.tolist()
    low = high = 0
    rising: bool | None = None
    for i, x in enumerate(values):
        if x > values[high]:
            high = i
        if x < values[low]:
            low = i
        if rising is not False and values[high] - x > by:
            found.append(high)
            rising, low = False, i
        elif rising is not True and x - values[low] > by:
            found.append(low)
            rising, high = True, i
        if rising:
            low = i
        elif rising is False:
            high = i
    return found


def breathing_in(signal: np.ndarray, noise: float, limits: Limits) -> Breathing | None:
    """Breathing in a smoothed signal (n,), or None where there is none to be seen."""
    by, found = 0.5 * limits.clear_ratio * noise, []
    for _ in range(3):
        # Where the signal begins it need not turn.
        found = turns(signal, by)[1:]
        if len(found) < 2 * limits.least_breaths:
            return None
        excursions = np.abs(np.diff(signal[found]))
        by = max(by, limits.turn_ratio * float(np.median(excursions)))
    excursions = np.abs(np.diff(signal[found]))
    breaths_s = limits.block_s * (np.array(found[2:]) - np.array(found[:-2]))
    breath_s = float(np.median(breaths_s))
    if not limits.quickest_s <= breath_s <= limits.slowest_s:
        return None
    usual = float(np.median(excursions))
    irregular = float(np.median(np.abs(breaths_s - breath_s))) / breath_s
    uneven = float(np.median(np.abs(excursions - usual))) / usual
    if irregular > limits.irregular_ratio or uneven > limits.uneven_ratio:
        return None
    if usual < limits.clear_ratio * noise:
        return None
    # A breath that was held is no breath of that length.
    breaths_s = breaths_s[breaths_s < _LONG * breath_s]
    spread_s = float(np.std(breaths_s)) + limits.block_s
    return Breathing(
        breath_s=float(np.mean(breaths_s)),
        breath_sd_s=spread_s / sqrt(0.5 * len(breaths_s)),
        excursion=float(np.percentile(excursions, 25)),
        turned=found[-1],
        upper=bool(signal[found[-1]] > signal[found[-2]]),
    )


def flat_blocks(signal: np.ndarray, within: float) -> int:
    """How many of the latest values stay within a range of `within`."""
    back = signal[::-1]
    wide = np.maximum.accumulate(back) - np.minimum.accumulate(back) > within
    return int(np.argmax(wide)) if wide.any() else len(signal)
