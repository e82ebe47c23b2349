"""A simulated motorised band: a spring on a carriage, a load cell, and what it does by itself.

It is the plainest device that can honour a set-point of (force, rate limit, valid for):

- it goes for the force by its own load cell, slowly: the carriage winds at
  (set-point - reading) / (spring x follow_s), within the rate limit and the drive's speed;
- a set-point of 0, and everything that makes it unload, pays out at a steady speed that needs no
  load cell, and is latched until the carriage is back where the band is slack and a set-point of 0
  has come: nothing goes on from under load;
- it unloads by itself when no valid set-point is there, a broken one comes, the grip opens, the
  force stands above its fuse or rises with a jerk, the carriage runs faster than it may, or its
  load cell is not a number or does not change while the carriage moves.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, isfinite

from lengthwise.reference.constants import constant
from lengthwise.sim.band_tissue import figure

_LAG_S, _SPEED_M_S = figure("carriage_lag_s"), figure("carriage_speed_m_s")
_STROKE_M, _FOLLOW_S = figure("carriage_stroke_m"), figure("follow_s")
_UNLOAD_N_S = constant("band", "unload_n_s")
_JERK_N_S, _JERK_OVER_S = constant("band", "jerk_n_s"), constant("band", "jerk_over_s")
_OVER_SPEED_M_S = constant("band", "over_speed_m_s")
_STUCK_S, _STUCK_M = constant("band", "stuck_s"), constant("band", "stuck_m")
_SLACK_M = 1e-4
_NUMBERS = 0x10000


class Unload(StrEnum):
    """Why the device unloads by itself."""

    NOT_VALID = "not_valid"
    BROKEN = "broken"
    GRIP = "grip"
    FUSE = "fuse"
    JERK = "jerk"
    SPEED = "speed"
    CELL = "cell"


@dataclass(frozen=True)
class SetPoint:
    """As it comes over the wire. `sequence`: modulo 65,536; of two the later stands, in whatever
    order they come, but a release is always taken. `broken`: its check does not fit."""

    force_n: float
    rate_n_s: float
    valid_for_s: float
    sequence: int = 0
    broken: bool = False


class Device:
    """`stroke_m` of the carriage from slack, `speed_m_s` winding; `unloads`: why, None if not."""

    def __init__(self, spring_n_m: float, *, fuse_n: float) -> None:
        self.spring_n_m, self.fuse_n = spring_n_m, fuse_n
        self.stroke_m = self.speed_m_s = 0.0
        self.unloads: Unload | None = None
        self._set_point = SetPoint(0.0, 0.0, 0.0)
        self._newest: int | None = None
        self._came_s = -1.0
        self._readings: list[tuple[float, float]] = []
        self._same_since: tuple[float, float] = (0.0, 0.0)

    @property
    def pay_out_m_s(self) -> float:
        return min(_UNLOAD_N_S / self.spring_n_m, _SPEED_M_S)

    def take(self, point: SetPoint, at_s: float) -> None:
        if point.broken or not (isfinite(point.force_n) and isfinite(point.rate_n_s)):
            self._unload(Unload.BROKEN)
            return
        newer = self._newest is None or (point.sequence - self._newest) % _NUMBERS < _NUMBERS // 2
        if newer:
            self._newest = point.sequence
        elif point.force_n > 0.0:
            return
        if self.unloads is not None and point.force_n <= 0.0 and self.stroke_m <= _SLACK_M:
            self.unloads = None
        self._set_point, self._came_s = point, at_s

    def step(
        self, t_s: float, reading_n: float, *, dt_s: float, grip: bool, runs_away: bool = False
    ) -> None:
        """One step of its own clock, with its own reading of force."""
        self._guard(t_s, reading_n, grip=grip)
        wanted_m_s = self._wanted(reading_n, runs_away=runs_away)
        self.speed_m_s += (wanted_m_s - self.speed_m_s) * (1.0 - exp(-dt_s / _LAG_S))
        stroke_m = self.stroke_m + self.speed_m_s * dt_s
        self.stroke_m = min(max(stroke_m, 0.0), _STROKE_M)

    def _wanted(self, reading_n: float, *, runs_away: bool) -> float:
        point = self._set_point
        if self.unloads is not None or point.force_n <= 0.0:
            return -self.pay_out_m_s if self.stroke_m > 0.0 else 0.0
        if runs_away:
            return 2.5 * _OVER_SPEED_M_S
        fastest = min(max(point.rate_n_s, 0.0) / self.spring_n_m, _SPEED_M_S)
        towards = (point.force_n - reading_n) / (self.spring_n_m * _FOLLOW_S)
        return min(max(towards, -fastest), fastest)

    def _guard(self, t_s: float, reading_n: float, *, grip: bool) -> None:
        loaded = self._set_point.force_n > 0.0 or self.stroke_m > _SLACK_M
        if not loaded or self.unloads is not None:
            self._readings = []
            self._same_since = (t_s, self.stroke_m)
            return
        if not grip:
            self._unload(Unload.GRIP)
        elif t_s - self._came_s > self._set_point.valid_for_s:
            self._unload(Unload.NOT_VALID)
        elif not isfinite(reading_n) or self._stuck(t_s, reading_n):
            self._unload(Unload.CELL)
        elif reading_n > self.fuse_n:
            self._unload(Unload.FUSE)
        elif self.speed_m_s > _OVER_SPEED_M_S:
            self._unload(Unload.SPEED)
        elif self._jerked(t_s, reading_n):
            self._unload(Unload.JERK)

    def _jerked(self, t_s: float, reading_n: float) -> bool:
        self._readings = [r for r in self._readings if t_s - r[0] <= 2.0 * _JERK_OVER_S]
        before = [r for r in self._readings if t_s - r[0] >= _JERK_OVER_S - 1e-9]
        self._readings.append((t_s, reading_n))
        if not before:
            return False
        then_s, then_n = before[-1]
        return abs(reading_n - then_n) > _JERK_N_S * (t_s - then_s)

    def _stuck(self, t_s: float, reading_n: float) -> bool:
        if not self._readings or reading_n != self._readings[-1][1]:
            self._same_since = (t_s, self.stroke_m)
            return False
        since_s, stroke_m = self._same_since
        return t_s - since_s > _STUCK_S and abs(self.stroke_m - stroke_m) > _STUCK_M

    def _unload(self, why: Unload) -> None:
        if self.unloads is None:
            self.unloads = why
