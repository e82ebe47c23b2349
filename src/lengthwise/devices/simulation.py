"""What simulated devices share: a sampling clock, a breath and a pull, all without a real clock."""

from collections.abc import Iterator
from math import cos, pi, sin

from lengthwise.devices.driver import SimService
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.readings import Value

BREATH_HZ = 0.25
_WRAP_US = 1 << 32


class SampledSim:
    """A device that notifies at a fixed rate while it measures. Subclasses say what is in a sample
    and what their messages do."""

    advertised_name: str
    advertised_services: tuple[str, ...]
    services: tuple[SimService, ...]
    rate_hz: float

    def __init__(self, *, first_us: int = 0, measuring: bool = False) -> None:
        self.written: list[Write] = []
        self.truth: list[Value] = []
        self.measuring = measuring
        self._first_us = first_us
        self._next = 0
        self._now_s = 0.0

    @property
    def now_s(self) -> float:
        return self._now_s

    def device_us(self, t_s: float) -> int:
        """What the device's clock shows, modulo 2^32."""
        return (self._first_us + round(t_s * 1.0e6)) % _WRAP_US

    def due(self, to_s: float) -> Iterator[float]:
        """Times of the samples since the last call. A device that does not measure takes none."""
        self._now_s = max(self._now_s, to_s)
        while (t_s := self._next / self.rate_hz) <= to_s + 1.0e-9:
            self._next += 1
            if self.measuring:
                yield t_s

    def read(self, characteristic: str) -> bytes:
        raise KeyError(characteristic)

    def write(self, write: Write) -> list[Notice]:
        self.written.append(write)
        return []

    def link_lost(self) -> None:
        self.measuring = False


def pull_n(t_s: float) -> float:
    """A pull that rises to 60 N within 2 s and is breathed with."""
    return 60.0 * min(t_s / 2.0, 1.0) + 1.5 * sin(2.0 * pi * BREATH_HZ * t_s)


def tilt_rad(t_s: float) -> float:
    """A chest that leans forward by 0.3 rad and is breathed with."""
    return 0.3 * (1.0 - cos(0.4 * t_s)) / 2.0 + 0.02 * sin(2.0 * pi * BREATH_HZ * t_s)


def turn_rad_s(t_s: float) -> float:
    """Derivative of `tilt_rad`."""
    breath = 0.02 * 2.0 * pi * BREATH_HZ * cos(2.0 * pi * BREATH_HZ * t_s)
    return 0.06 * sin(0.4 * t_s) + breath
