"""A band, a person and a controller run together: what a session with a band would be.

Device and tissue go in steps of 6.25 ms, readings and set-points at the device's rate (80 Hz), with
half the latency on each way. The same person, anchor and disturbance are also run with an elastic
band and a strap that were locked at the target: by hand, with the same ramp, as well as can be.
"""

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from lengthwise.band import controller
from lengthwise.band.settings import Params, coefficients, params
from lengthwise.band.signals import Command, Input, Phase, Reading
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant
from lengthwise.sim.band_device import Device, SetPoint, Unload
from lengthwise.sim.band_link import Way
from lengthwise.sim.band_moving import Moving, moving
from lengthwise.sim.band_tissue import Tissue, TissueParams, figure, usual_tissue

DT_S = 0.00625
EVERY = 2
TICK_S = EVERY * DT_S
NUMBERS = 0x10000
"""Readings and set-points are counted modulo this, as over the wire."""
assert abs(TICK_S * figure("readings_hz") - 1.0) < 1e-9
_FIRST_N, _TOLERANCE_N = figure("first_resistance_n"), figure("tolerance_n")
_FORCE_STEP_N, _LENGTH_STEP_M = figure("force_step_n"), figure("length_step_m")
START_S = 0.5
_SLOWED_S = 0.3
"""By how much each way becomes longer when the link slows down: readings are stale then."""
_SLACK_FOR_S = 1.0
"""A run after something went amiss ends when the band has been slack for so long."""


@dataclass(frozen=True)
class Setup:
    """One band and one person. `seconds`: of the hold; `latency_s`: there and back."""

    target_n: float
    seconds: float
    latency_s: float
    tissue: TissueParams
    moving: Moving
    spring_n_m: float
    jitter_ratio: float
    loss_ratio: float
    window: Window | None = None
    person_cap_n: float | None = None

    def params(self) -> Params:
        return params(
            self.target_n,
            spring_n_m=self.spring_n_m,
            follow_s=figure("follow_s"),
            lag_s=figure("carriage_lag_s"),
            latency_s=self.latency_s,
            stroke_m=figure("carriage_stroke_m"),
            person_cap_n=self.person_cap_n,
            window=self.window,
        )


@dataclass(frozen=True)
class Amiss:
    """What goes wrong at one moment, by name; see `band_scenarios`. `at_s` infinite: nothing."""

    kind: str = "nothing"
    at_s: float = float("inf")
    lasts_s: float = float("inf")

    def now(self, t_s: float) -> str:
        """Its kind while it lasts, else nothing."""
        return self.kind if self.at_s <= t_s < self.at_s + self.lasts_s else ""


@dataclass
class Trace:
    """Every step of `DT_S`: true force, carriage, window position (1 at tolerance), the command in
    force at the controller, phase, why the device unloads. `ramp_end_s`: when the hold began; None:
    it never did. `ticks`: (time, command, causes) of the controller. `readings_s`: when the valid
    ones were taken that it got; `set_points_s`: when valid ones came to the device; `broken_…`:
    when others came."""

    t_s: list[float] = field(default_factory=list)
    force_n: list[float] = field(default_factory=list)
    stroke_m: list[float] = field(default_factory=list)
    position: list[float] = field(default_factory=list)
    commanded_n: list[float] = field(default_factory=list)
    target_n: list[float] = field(default_factory=list)
    phase: list[Phase] = field(default_factory=list)
    unloads: list[Unload | None] = field(default_factory=list)
    paying_out: list[float] = field(default_factory=list)
    ticks: list[tuple[float, Command, tuple[str, ...]]] = field(default_factory=list)
    readings_s: list[float] = field(default_factory=list)
    set_points_s: list[float] = field(default_factory=list)
    broken_readings_s: list[float] = field(default_factory=list)
    broken_set_points_s: list[float] = field(default_factory=list)
    cap_n: float = 0.0
    ramp_end_s: float | None = None
    last_state: controller.State | None = None


class Run:
    """One setup before one controller, stepped to its end by `run`."""

    def __init__(self, setup: Setup, chance: np.random.Generator, amiss: Amiss) -> None:
        self.setup, self.amiss, self._chance = setup, amiss, chance
        self.p = setup.params()
        self.c = coefficients(self.p, tick_s=TICK_S)
        self.state = controller.start(self.p)
        self.tissue = Tissue(setup.tissue)
        fuse_n = constant("band", "fuse_ratio") * self.p.limits.cap_n
        self.device = Device(setup.spring_n_m, fuse_n=fuse_n)
        late_s = 0.5 * setup.latency_s
        uneven = {"jitter_ratio": setup.jitter_ratio, "loss_ratio": setup.loss_ratio}
        self.up: Way[Reading] = Way(chance, late_s, **uneven)
        self.down: Way[SetPoint] = Way(chance, late_s, **uneven)
        self.trace = Trace(cap_n=self.p.limits.cap_n)
        self.seconds = START_S + self.c.ramp_s + setup.seconds
        self._noise = chance.normal(0.0, figure("force_noise_n"), ceil(self.seconds / DT_S) + 2)
        self._last_n = 0.0
        self._sequence = 0
        self._position: Estimate | None = None
        self._position_s: float | None = None
        self._first_m = setup.tissue.way_m(_FIRST_N)
        self._span_m = setup.tissue.way_m(_TOLERANCE_N) - self._first_m

    def run(self) -> Trace:
        slack_s = 0.0
        for i in range(int(self.seconds / DT_S)):
            self._device_step(i, i * DT_S)
            if i % EVERY == 0:
                self._reading(i * DT_S)
                self._tick(i * DT_S)
            over = i * DT_S > self.amiss.at_s and self.device.stroke_m <= 0.0
            slack_s = slack_s + DT_S if over else 0.0
            if slack_s > _SLACK_FOR_S:
                break
        self.trace.last_state = self.state
        return self.trace

    def _device_step(self, i: int, t_s: float) -> None:
        amiss, device, trace = self.amiss.now(t_s), self.device, self.trace
        self.up.cut = amiss in ("link", "readings_stop")
        self.down.cut = amiss == "link"
        self.up.more_s = self.down.more_s = _SLOWED_S if amiss == "slow_link" else 0.0
        for point in self.down.arrived(t_s):
            device.take(point, t_s)
            (trace.broken_set_points_s if point.broken else trace.set_points_s).append(t_s)
        force_n = self.tissue.pulled(
            device.stroke_m + self.setup.moving.at(i), self.setup.spring_n_m, DT_S
        )
        device.step(
            t_s,
            self._cell(i, amiss, force_n),
            dt_s=DT_S,
            grip=amiss != "grip",
            runs_away=amiss == "runs_away",
        )
        trace.t_s.append(t_s)
        trace.force_n.append(force_n)
        trace.stroke_m.append(device.stroke_m)
        trace.paying_out.append(-device.speed_m_s / device.pay_out_m_s)
        trace.position.append((self.tissue.way_m - self._first_m) / self._span_m)
        trace.commanded_n.append(self.state.commanded_n)
        trace.target_n.append(self.state.target_n)
        trace.phase.append(self.state.phase)
        trace.unloads.append(device.unloads)

    def _cell(self, i: int, amiss: str, force_n: float) -> float:
        if amiss == "cell_nan":
            return float("nan")
        if amiss != "cell_stuck":
            read_n = force_n + float(self._noise[i])
            self._last_n = round(read_n / _FORCE_STEP_N) * _FORCE_STEP_N
        return self._last_n

    def _reading(self, t_s: float) -> None:
        amiss = self.amiss.now(t_s)
        self._sequence = (self._sequence + 1) % NUMBERS
        reading_n = float("nan") if amiss == "cell_nan" else self._last_n
        reading = Reading(
            t_s,
            reading_n,
            round(self.device.stroke_m / _LENGTH_STEP_M) * _LENGTH_STEP_M,
            self._sequence,
            grip=amiss != "grip",
            sound=amiss != "crc_up",
            unloads=self.device.unloads is not None,
        )
        self.up.send(reading, t_s)

    def _tick(self, t_s: float) -> None:
        amiss, trace = self.amiss.now(t_s), self.trace
        if amiss == "silent":
            return
        came = tuple(self.up.arrived(t_s))
        trace.readings_s += [r.t_s for r in came if r.sound]
        trace.broken_readings_s += [t_s for r in came if not r.sound]
        self._look(t_s)
        now = Input(
            t_s - (5.0 if amiss == "clock_back" else 0.0),
            came,
            stop=amiss == "stop",
            start=t_s >= START_S,
            link=True,
            position=self._position,
            position_t_s=self._position_s,
            allowed=True,
        )
        before = self.state.phase
        self.state, out = controller.step(self.p, self.c, self.state, now)
        if out.phase is Phase.HOLD and before is Phase.RAMP:
            trace.ramp_end_s = t_s
        trace.ticks.append((t_s, out.command, tuple(cause.value for cause in out.causes)))
        point = SetPoint(
            out.command.force_n,
            out.command.rate_n_s,
            out.command.valid_for_s,
            len(trace.ticks) % NUMBERS,
            broken=amiss == "crc_down",
        )
        self.down.send(point, t_s)

    def _look(self, t_s: float) -> None:
        """What the pose says of the window, late and with its noise."""
        if self.setup.window is None:
            return
        late = round(figure("position_late_s") / DT_S)
        every_s = 1.0 / figure("position_hz")
        if len(self.trace.position) <= late:
            return
        if self._position_s is not None and t_s - self._position_s < every_s + late * DT_S:
            return
        sd = figure("position_sd")
        true = self.trace.position[-1 - late]
        self._position = Estimate(true + float(self._chance.normal(0.0, sd)), sd)
        self._position_s = t_s - late * DT_S


def usual(
    target_n: float,
    seconds: float,
    latency_s: float,
    *,
    seed: int = 0,
    tissue: TissueParams | None = None,
    window: Window | None = None,
    breath_hz: float | None = None,
) -> tuple[Setup, np.random.Generator]:
    """The elastic motorised band before the usual person, or one with another tissue."""
    chance = np.random.default_rng((650, seed))
    moves = moving(
        chance,
        seconds=START_S + target_n / constant("band", "ramp_n_s") + seconds + 5.0,
        dt_s=DT_S,
        breath_m=figure("breath_m"),
        breath_hz=breath_hz or figure("breath_hz"),
    )
    setup = Setup(
        target_n,
        seconds,
        latency_s,
        tissue or usual_tissue(),
        moves,
        figure("elastic_stiffness_n_m"),
        figure("jitter_ratio"),
        figure("loss_ratio"),
        window=window,
    )
    return setup, chance


def locked(setup: Setup, stiffness_n_m: float) -> Trace:
    """The same with a band or strap that is drawn to the target and locked there."""
    c = coefficients(setup.params(), tick_s=TICK_S)
    tissue, trace = Tissue(setup.tissue), Trace(cap_n=setup.params().limits.cap_n)
    first_m = setup.tissue.way_m(_FIRST_N)
    span_m = setup.tissue.way_m(_TOLERANCE_N) - first_m
    trace.ramp_end_s = START_S + c.ramp_s
    apart_m: float | None = None
    for i in range(int((trace.ramp_end_s + setup.seconds) / DT_S)):
        t_s = i * DT_S
        share = min(max((t_s - START_S) / c.ramp_s, 0.0), 1.0)
        if share < 1.0:
            tissue.loaded(share * setup.target_n, DT_S)
        else:
            apart_m = apart_m or tissue.way_m + setup.target_n / stiffness_n_m
            tissue.pulled(apart_m + setup.moving.at(i), stiffness_n_m, DT_S)
        trace.t_s.append(t_s)
        trace.force_n.append(tissue.force_n)
        trace.position.append((tissue.way_m - first_m) / span_m)
    return trace
