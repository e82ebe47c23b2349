"""The same simulated person, coach and stretch with a band that a session drives, with a plain
elastic band and with a strap: how long each keeps the personal window, and how steady its pull is.

Band and strap are drawn in by hand, as well as can be, until the page shows the middle of the
window, which is what leads the driven band too, and are locked there. Everything is simulated.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Observation
from lengthwise.contracts.person import Window
from lengthwise.live.evaluation.band_in_session import (
    NOTHING_BARS,
    first_hold_left,
    led_session,
    plan_of,
)
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.sim.band_on_person import ELASTIC, STEP_S, STRAP, Line, LockedLine
from lengthwise.sim.motion import Traits

LINES = {"elastic band, locked": ELASTIC, "strap, locked": STRAP}
_EVERY = 4
_MIDDLE, _LEAST_N = 0.725, 5.0
_DRAWS = (Phase.EASE_IN, Phase.HOLD)
Row = tuple[float, float, float, float]


class KeptInHold(Struct, frozen=True):
    """Of the coach's second hold: seconds, true share of it in the window, RMSE of the pull over
    what it was led to or locked at, highest pull."""

    what: str
    held_s: float
    in_window_ratio: float
    rmse_ratio: float
    peak_n: float


def beside(seed: int, *, seconds: float) -> list[KeptInHold]:
    driven = led_session(seed, seconds=seconds, keep_from_s=float("inf"))
    found = [_kept("driven by the session", driven.truth)]
    return [*found, *(_kept(name, _locked(seed, line, seconds)) for name, line in LINES.items())]


def _kept(what: str, rows: list[Row]) -> KeptInHold:
    window = Window(MuscleGroup.HAMSTRINGS, plan_of(0, seconds=1.0).side)
    t_s, force_n, position, target_n = np.array(rows).T
    led = np.isfinite(target_n)
    inside = (position >= window.low) & (position <= window.high)
    off = force_n[led] / target_n[led] - 1.0
    return KeptInHold(
        what,
        float(t_s[-1] - t_s[0]),
        float(inside.mean()),
        float(np.sqrt(np.mean(off**2))),
        float(force_n.max()),
    )


class _OnLimb:
    def __init__(self, traits: Traits, line: Line) -> None:
        self._first, self._span = (
            traits.first_resistance,
            traits.tolerance - traits.first_resistance,
        )
        self.line, self._own, self._n = LockedLine(line), 0.0, 0
        self._locked_n: float | None = None
        self.rows: list[Row] = []

    def drawn(self, _t_s: float, own_share: float) -> float:
        self._own = (own_share - self._first) / self._span
        return max(self.line.limb.position - self._own, 0.0) * self._span

    def beside(self, observations: Iterable[Observation], led: Led) -> Iterator[Observation]:
        held_before = False
        for observation in observations:
            phase = led.phase
            held_before |= phase is Phase.REST
            while self._n * STEP_S <= observation.t_s:
                self._step(led, draws=held_before and phase in _DRAWS)
                if held_before and phase is Phase.HOLD and self._n % _EVERY == 0:
                    self._note(self._n * STEP_S)
                self._n += 1
            yield observation

    def _step(self, led: Led, *, draws: bool) -> None:
        """By hand it is taken up where the person is, past the first gentle pull."""
        shown = led.gauge is not None and led.gauge.mean >= _MIDDLE
        arrived = shown and self.line.drawn_n > _LEAST_N
        t_s = self._n * STEP_S
        self.line.step(t_s, self._own, draws=draws and self._own > 0.0, arrived=arrived)
        if self.line.wound_m is None:
            self._locked_n = None
        elif self._locked_n is None:
            self._locked_n = self.line.limb.force_n

    def _note(self, t_s: float) -> None:
        limb, locked_n = self.line.limb, self._locked_n
        target_n = float("nan") if locked_n is None else locked_n
        self.rows.append((t_s, limb.force_n, limb.position, target_n))


def _locked(seed: int, line: Line, seconds: float) -> list[Row]:
    plan = plan_of(seed, seconds=seconds)
    assert plan.traits is not None
    limb = _OnLimb(plan.traits, line)
    led = Led(plan, drawn=limb.drawn)
    request = Rehearsal(plan, Path(), care=NOTHING_BARS)
    params = pipeline_params(rehearsal_started(request, led.recording))
    for event in session_events(params, limb.beside(first_hold_left(led), led)):
        led.hear(event)
    return limb.rows
