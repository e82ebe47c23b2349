"""Innovations of the body filter over a recording, and what they say about its noise model.

An innovation is what a sensor read less what the filter expected; `sd` is what the filter said it
could be off. If the filter is right about itself, innovation / sd has mean 0 and rms 1, and one
frame says nothing about the next. Errors that stay for a session are considered, not corrected, so
a bias within its sd, and a memory from frame to frame, are allowed there; rms above 1 is not.
"""

from dataclasses import dataclass

import numpy as np

BIASED, TOO_SURE, TOO_CAREFUL, LINGERS, OUTSIDE = 1.0, 1.3, 0.5, 0.5, 0.10
"""From where on a figure is remarked on; expert defaults, they decide nothing."""


@dataclass(frozen=True)
class Readings:
    """One scalar reading over all frames, (n,) each, NaN where it was not read; in `unit`.

    `noise_sd` the part of `sd` that the filter takes to be new in each frame; `used` whether it was
    fused, False where a gate left it out.
    """

    name: str
    group: str
    unit: str
    innovation: np.ndarray
    sd: np.ndarray
    noise_sd: np.ndarray
    used: np.ndarray

    @property
    def normalised(self) -> np.ndarray:
        """(n,) innovation / sd where it was fused, else NaN."""
        return np.where(self.used, self.innovation / self.sd, np.nan)


@dataclass(frozen=True)
class Mark:
    """Something that happened at a moment: a rejection, the zero pose, a change of view."""

    t_s: float
    label: str


@dataclass(frozen=True)
class Angle:
    """A coordinate over all frames, degrees; `claimed` (n,) whether it may be shown."""

    name: str
    mean_deg: np.ndarray
    sd_deg: np.ndarray
    claimed: np.ndarray


@dataclass(frozen=True)
class Trace:
    """Everything the page shows. `t_s` (n,); `nis` (n,) normalised innovation squared of what the
    sensors read over its degrees of freedom `dof`, and `nis_low`, `nis_high` where 95 % of it
    should lie; NaN where nothing was fused.
    """

    title: str
    simulated: bool
    t_s: np.ndarray
    readings: tuple[Readings, ...]
    angles: tuple[Angle, ...]
    nis: np.ndarray
    dof: np.ndarray
    nis_low: np.ndarray
    nis_high: np.ndarray
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Figures:
    """Of one reading. `count` fused, `left_out` by a gate; `mean` in its unit; of innovation / sd:
    `bias` its mean, `rms`, `spread` about its own mean, `memory` its autocorrelation at one frame,
    `outside` the share beyond 2 sd; `step` sd of one frame against the next over sqrt 2, in its
    unit, beside `noise`, the median of what the filter takes for new, and `sd` of all it allows.
    None: too few.
    """

    count: int
    left_out: int
    mean: float | None
    bias: float | None
    rms: float | None
    spread: float | None
    memory: float | None
    outside: float | None
    step: float | None
    noise: float | None
    sd: float | None

    def remarks(self) -> tuple[str, ...]:
        """What stands out, in words."""
        if self.rms is None or self.bias is None or self.outside is None:
            return ()
        found = []
        if abs(self.bias) > BIASED:
            found.append("biased")
        if self.rms > TOO_SURE or self.outside > OUTSIDE:
            found.append("too sure")
        if self.rms < TOO_CAREFUL:
            found.append("too careful")
        if self.memory is not None and self.memory > LINGERS:
            found.append("lingers")
        return tuple(found)


_FEWEST = 10


def figures(readings: Readings) -> Figures:
    """What the fused innovations of one reading say."""
    value = readings.normalised
    seen = np.isfinite(value)
    left_out = int((np.isfinite(readings.innovation) & ~readings.used).sum())
    count = int(seen.sum())
    if count < _FEWEST:
        return Figures(count, left_out, *([None] * 9))
    kept = value[seen]
    both = seen[1:] & seen[:-1]
    steps = np.diff(readings.innovation)[both]
    return Figures(
        count=count,
        left_out=left_out,
        mean=float(readings.innovation[seen].mean()),
        bias=float(kept.mean()),
        rms=float(np.sqrt((kept**2).mean())),
        spread=float(kept.std()),
        memory=_memory(value, both),
        outside=float((np.abs(kept) > 2.0).mean()),
        step=float(np.sqrt((steps**2).mean() / 2.0)) if len(steps) >= _FEWEST else None,
        noise=float(np.median(readings.noise_sd[seen])),
        sd=float(np.median(readings.sd[seen])),
    )


def _memory(value: np.ndarray, both: np.ndarray) -> float | None:
    """Correlation of neighbouring frames; None where too few follow each other or none varies."""
    if both.sum() < _FEWEST:
        return None
    before, after = value[:-1][both], value[1:][both]
    before, after = before - before.mean(), after - after.mean()
    scale = float(np.sqrt((before**2).sum() * (after**2).sum()))
    return float((before * after).sum()) / scale if scale > 0.0 else None
