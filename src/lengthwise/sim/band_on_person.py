"""A simulated open band on a simulated person: the guard of the profile, a winder with an elastic,
and tissue that gives way, in series; the person carries the limb beside it.

    guard -> force to go for -> winder (slow, with its own load cell) -> elastic -> limb <- person

The limb never lies further back than where the person holds it. Where the band pulls it further in,
it is the band that holds it, and the tissue's own tension decides how far. Plant and figures are
the frozen ones of `band_plant.toml`. A band or strap that was locked by hand is the same thing with
another elastic and a winder that stands still.
"""

import copy
from math import exp, pi, sin

import numpy as np
from msgspec import Struct

from lengthwise.contracts.devices import BandMode
from lengthwise.devices.manifest import Notice
from lengthwise.devices.open_band import codec, guard
from lengthwise.devices.open_band.sim import OpenBandSim
from lengthwise.devices.readings import Band
from lengthwise.reference.constants import constant
from lengthwise.sim.band_tissue import Tissue, TissueParams, figure, usual_tissue

STEP_S = 0.00625
_LAG_S, _SPEED_M_S = figure("carriage_lag_s"), figure("carriage_speed_m_s")
_STROKE_M, _FOLLOW_S = figure("carriage_stroke_m"), figure("follow_s")
_NOISE_N, _FORCE_STEP_N = figure("force_noise_n"), figure("force_step_n")
_FIRST_N, _TOLERANCE_N = figure("first_resistance_n"), figure("tolerance_n")
_BREATH_M, _BREATH_HZ = figure("breath_m"), figure("breath_hz")
_HELD_N_M = 2.0e5
"""Of a person who holds a limb where it is: next to nothing gives."""
_HAND_N_S = 10.0
_NUMBERS = 0x10000


class Line(Struct, frozen=True):
    """What pulls: stiffness of its elastic, N/m."""

    spring_n_m: float


MOTOR = Line(figure("elastic_stiffness_n_m"))
ELASTIC = Line(figure("elastic_stiffness_n_m"))
STRAP = Line(figure("strap_stiffness_n_m"))


class Limb:
    """Tissue of one stretch, a line on it and the person beside it. Positions are those of the
    window: 0 at first resistance, 1 at tolerance."""

    def __init__(self, line: Line, tissue: TissueParams | None = None) -> None:
        params = tissue or usual_tissue()
        self.line, self.tissue = line, Tissue(params)
        self._first_m = params.way_m(_FIRST_N)
        self._span_m = params.way_m(_TOLERANCE_N) - self._first_m
        self.force_n = 0.0

    @property
    def position(self) -> float:
        return (self.tissue.way_m - self._first_m) / self._span_m

    def place_m(self, position: float) -> float:
        return max(self._first_m + position * self._span_m, 0.0)

    def step(self, wound_m: float, own: float, dt_s: float) -> float:
        """The pull after `dt_s` with the line wound in by so much and the person at `own`."""
        own_m, k = self.place_m(own), self.line.spring_n_m
        alone = copy.copy(self.tissue)
        alone._held = list(self.tissue._held)
        alone.pulled(wound_m, k, dt_s)
        if alone.way_m >= own_m:
            self.tissue = alone
        else:
            both = k + _HELD_N_M if wound_m > own_m else _HELD_N_M
            anchor_m = (k * wound_m + _HELD_N_M * own_m) / both if wound_m > own_m else own_m
            self.tissue.pulled(anchor_m, both, dt_s)
        self.force_n = max(k * (wound_m - self.tissue.way_m), 0.0)
        return self.force_n


class BandOnPerson(OpenBandSim):
    """`own`: where the person holds the limb, as a window position. `jerk_m`: the limb is moved by
    so much at once; `broken_bytes`: its measurements do not fit their checksum; `silent`: it sends
    none. Time of its own; `advance` lets it pass."""

    def __init__(self, *, seed: int = 0, tissue: TissueParams | None = None) -> None:
        super().__init__(rate_hz=figure("readings_hz"))
        self.limb = Limb(MOTOR, tissue)
        self.own = 0.0
        self.jerk_m = 0.0
        self.runs_away = self.broken_bytes = self.silent = self.cell_stuck = False
        self.speed_m_s = 0.0
        self._chance = np.random.default_rng((76, seed))
        self._read_n = 0.0
        self._steps = 0
        self.releases_s: list[float] = []
        """When its mode went from following to anything else."""

    @property
    def position(self) -> float:
        return self.limb.position

    @property
    def force_n(self) -> float:
        return float("nan") if self.broken_sensor else self._read_n

    @property
    def true_n(self) -> float:
        return self.limb.force_n

    def advance(self, to_s: float) -> list[Notice]:
        notices = [self._notice(t_s) for t_s in self.due(to_s) if self._stepped(t_s)]
        self._stepped(to_s)
        return [] if self.silent else notices

    def _notice(self, t_s: float) -> Notice:
        notice = self._measured(t_s)
        if not self.broken_bytes:
            return notice
        raw = notice.payload
        return Notice(notice.characteristic, raw[:-1] + bytes((raw[-1] ^ 0x5A,)))

    def _measured(self, t_s: float) -> Notice:
        following = self.state.mode is BandMode.FOLLOWING
        value = Band(
            force_n=None if self.broken_sensor else self.force_n,
            target_n=self.state.target_n if following else 0.0,
            length_m=round(self.wound_m, 3),
            mode=self.state.mode,
            fault=self.state.fault,
            grip_closed=self.state.grip_closed,
            sequence=self._sequence,
        )
        self._sequence = (self._sequence + 1) % _NUMBERS
        self.truth.append(value)
        raw = codec.encoded_measurement(
            value, self.device_us(t_s), battery_ratio=self.battery_ratio
        )
        return Notice(codec.MEASUREMENT, raw)

    def _stepped(self, to_s: float) -> bool:
        while (t_s := self._steps * STEP_S) <= to_s + 1e-9:
            self._steps += 1
            self._step(t_s)
        return True

    def _step(self, t_s: float) -> None:
        moved_m = _BREATH_M * sin(2.0 * pi * _BREATH_HZ * t_s) + self.jerk_m
        wound_m = max(self.wound_m + (moved_m if self.wound_m > 0.0 else 0.0), 0.0)
        true_n = self.limb.step(wound_m, self.own, STEP_S)
        if not self.cell_stuck:
            noisy_n = true_n + float(self._chance.normal(0.0, _NOISE_N))
            self._read_n = round(noisy_n / _FORCE_STEP_N) * _FORCE_STEP_N
        before = self.state.mode
        sensed = guard.Sensed(
            self.force_n, self.grip_closed, self.wound_m, speed_m_s=self.speed_m_s
        )
        self.state = guard.step(self.limits, self.state, sensed, t_s)
        if before is BandMode.FOLLOWING and self.state.mode is not BandMode.FOLLOWING:
            self.releases_s.append(t_s)
        wanted_m_s = self._wanted_m_s()
        self.speed_m_s += (wanted_m_s - self.speed_m_s) * (1.0 - exp(-STEP_S / _LAG_S))
        self.wound_m = min(max(self.wound_m + self.speed_m_s * STEP_S, 0.0), _STROKE_M)

    def _wanted_m_s(self) -> float:
        spring = self.limb.line.spring_n_m
        if self.state.mode is not BandMode.FOLLOWING:
            return -self.state.pay_out_m_s
        if self.runs_away:
            return 2.5 * constant("band", "over_speed_m_s")
        towards = (self.state.pull_n - self._read_n) / (spring * _FOLLOW_S)
        return min(max(towards, -_SPEED_M_S), _SPEED_M_S)


class LockedLine:
    """A band or strap without a motor, drawn in by hand until the person is where they want to be,
    then locked: by hand, as well as can be."""

    def __init__(self, line: Line, tissue: TissueParams | None = None) -> None:
        self.limb = Limb(line, tissue)
        self.wound_m: float | None = None
        self.drawn_n = 0.0
        self._steps = 0

    def step(self, t_s: float, own: float, *, draws: bool, arrived: bool) -> None:
        """Another step of time; `draws` while the hand may draw, until they have `arrived`."""
        limb, moved_m = self.limb, _BREATH_M * sin(2.0 * pi * _BREATH_HZ * t_s)
        if not draws:
            limb.step(0.0, own, STEP_S)
            self.wound_m, self.drawn_n = None, 0.0
            return
        if self.wound_m is None:
            self.drawn_n += _HAND_N_S * STEP_S
            wound_m = limb.tissue.way_m + self.drawn_n / limb.line.spring_n_m
            limb.step(wound_m, own, STEP_S)
            if arrived:
                self.wound_m = wound_m
            return
        limb.step(self.wound_m + moved_m, own, STEP_S)
