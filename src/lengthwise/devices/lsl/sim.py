"""Simulated senders of LSL, in simulated time. Nobody is measured; their stream says so of itself.

A muscle that is silent for ten of each 15 s and works in the last five: noise of an amplifier
(2 uV) and, while it works, of a muscle (60 uV), white; made up, and no evidence about people. A
pull as that of the simulated gauge; a sensor that is turned to and fro; a heart that beats once a
second.
"""

from collections.abc import Iterator
from math import cos, pi, sin
from random import Random

from lengthwise.contracts.devices import DeviceObservation, EmgSample, ForceSample, HeartSample
from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.devices.lsl.codec import STANDARD_GRAVITY_M_S2, Kind
from lengthwise.devices.simulation import pull_n

SIM_HZ: dict[Kind, float | None] = {
    Kind.EMG: 1000.0,
    Kind.FORCE: 80.0,
    Kind.INERTIAL: 100.0,
    Kind.HEART: None,
}
QUIET_V, WORKS_V = 2.0e-6, 60.0e-6
_EVERY_S, _WORKS_FROM_S = 15.0, 10.0
_TURN_RAD, _TURN_HZ = 0.3, 0.25
_EACH = 20
"""Values of muscle activity in a sample."""


def works(t_s: float) -> bool:
    """Whether the simulated muscle works then."""
    return t_s % _EVERY_S >= _WORKS_FROM_S


def samples(
    kind: Kind, name: str, begun_s: float, *, after: int, until_s: float
) -> Iterator[DeviceObservation]:
    """Those behind the first `after` up to `until_s` since it was begun, at times since then on."""
    rate_hz = SIM_HZ[kind] or 1.0
    each = _EACH if kind is Kind.EMG else 1
    n = after
    while (n + 1) * each / rate_hz <= until_s:
        n += 1
        t_s = n * each / rate_hz
        yield _sample(kind, name, begun_s, t_s, n)


def _sample(kind: Kind, name: str, begun_s: float, t_s: float, n: int) -> DeviceObservation:
    at_s, chance = begun_s + t_s, Random(n)
    if kind is Kind.EMG:
        return EmgSample(at_s, name, 1000.0, emg_row(chance, works=works(t_s), each=_EACH))
    if kind is Kind.FORCE:
        return ForceSample(at_s, name, pull_n(t_s))
    if kind is Kind.HEART:
        return HeartSample(at_s, name, 60.0, (1.0,))
    turned = _TURN_RAD * sin(2.0 * pi * _TURN_HZ * t_s)
    rate = 2.0 * pi * _TURN_HZ * _TURN_RAD * cos(2.0 * pi * _TURN_HZ * t_s)
    up = (0.0, sin(turned), cos(turned))
    g = STANDARD_GRAVITY_M_S2
    return ImuSample(at_s, Segment.PELVIS, (g * up[0], g * up[1], g * up[2]), (rate, 0.0, 0.0))


def emg_row(chance: Random, *, works: bool, each: int) -> tuple[float, ...]:
    """Raw values, zero in the mean."""
    sd_v = WORKS_V if works else QUIET_V
    return tuple(chance.gauss(0.0, sd_v) for _ in range(each))
