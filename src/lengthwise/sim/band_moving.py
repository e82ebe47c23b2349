"""How the person's anchor of a band moves: breathing, a slow wander, and what happens to it once.

Above 0 is away from the band's other anchor, where it pulls harder. All in metres.
"""

from dataclasses import dataclass
from math import cos, exp, pi, sin, sqrt

import numpy as np

from lengthwise.sim.band_tissue import figure


@dataclass(frozen=True)
class Happening:
    """A move of `way_m` from `at_s` on within `over_s`, that stays (`back` False) or goes back in
    the same time: a jerk, a slip of the anchor (below 0), a change of pose."""

    at_s: float
    way_m: float
    over_s: float
    back: bool = False

    def moved_m(self, t_s: float) -> float:
        share = (t_s - self.at_s) / self.over_s
        if share <= 0.0:
            return 0.0
        if self.back and share > 1.0:
            share = 2.0 - min(share, 2.0)
        return self.way_m * 0.5 * (1.0 - cos(pi * min(share, 1.0)))


@dataclass(frozen=True)
class Moving:
    """`wander_m` (n,) at steps of `dt_s`; everything else is a function of time."""

    breath_m: float
    breath_hz: float
    phase_rad: float
    wander_m: np.ndarray
    dt_s: float
    happenings: tuple[Happening, ...] = ()

    def at(self, step: int) -> float:
        t_s = step * self.dt_s
        breath = self.breath_m * sin(2.0 * pi * self.breath_hz * t_s + self.phase_rad)
        moved = sum(h.moved_m(t_s) for h in self.happenings)
        return breath + float(self.wander_m[min(step, len(self.wander_m) - 1)]) + moved


def moving(
    chance: np.random.Generator,
    *,
    seconds: float,
    dt_s: float,
    breath_m: float,
    breath_hz: float,
    happenings: tuple[Happening, ...] = (),
) -> Moving:
    """Of somebody, with the wander of the frozen plant from 0 on."""
    steps = int(seconds / dt_s) + 2
    keeps = exp(-dt_s / figure("pose_wander_s"))
    pushes = chance.normal(0.0, figure("pose_wander_m") * sqrt(1.0 - keeps**2), steps)
    wander = np.empty(steps)
    here = 0.0
    for i in range(steps):
        wander[i] = here
        here = keeps * here + pushes[i]
    phase = float(chance.uniform(0.0, 2.0 * pi))
    return Moving(breath_m, breath_hz, phase, wander, dt_s, happenings)
