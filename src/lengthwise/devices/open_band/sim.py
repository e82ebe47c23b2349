"""A simulated open band: its firmware's guard, and a winder that does at once what it is told.

The band's controller and its plant (tissue, motor lag, an elastic band as baseline) are in
`lengthwise.band`; this one stands for the protocol and for what a band does by itself.
"""

from lengthwise.contracts.devices import BandMode
from lengthwise.devices.driver import SimCharacteristic, SimService
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.open_band import codec, guard
from lengthwise.devices.readings import Band, UndecodableError
from lengthwise.devices.simulation import SampledSim

_STIFFNESS_N_M = 400.0
_TICK_S = 0.005
"""The guard's own clock: it looks two hundred times a second."""


class OpenBandSim(SampledSim):
    """`grip_closed`, `disturbance_n`, `broken_sensor` are set by who tests it."""

    advertised_name = "Open band"
    advertised_services = (codec.SERVICE,)
    services = (
        SimService(
            codec.SERVICE,
            (
                SimCharacteristic(codec.MEASUREMENT, ("notify",)),
                SimCharacteristic(codec.SET_POINT, ("write",)),
                SimCharacteristic(codec.ANSWER, ("notify",)),
                SimCharacteristic(codec.LIMITS, ("read",)),
            ),
        ),
    )

    def __init__(
        self,
        *,
        first_us: int = 0,
        first_sequence: int = 0,
        rate_hz: float = 80.0,
        limits: codec.Limits = guard.BAND_LIMITS,
        battery_ratio: float = 0.7,
    ) -> None:
        super().__init__(first_us=first_us, measuring=True)
        self.rate_hz = rate_hz
        self.limits = limits
        self.battery_ratio = battery_ratio
        self.grip_closed = False
        self.disturbance_n = 0.0
        self.broken_sensor = False
        self.state = guard.State()
        self.wound_m = 0.0
        self._sequence = first_sequence
        self._ticks = 0

    @property
    def force_n(self) -> float:
        return float("nan") if self.broken_sensor else self.pull_n + self.disturbance_n

    @property
    def pull_n(self) -> float:
        """What its elastic pulls with."""
        return _STIFFNESS_N_M * self.wound_m

    def read(self, characteristic: str) -> bytes:
        if characteristic == codec.LIMITS:
            return codec.encoded_limits(self.limits)
        raise KeyError(characteristic)

    def write(self, write: Write) -> list[Notice]:
        super().write(write)
        if write.characteristic != codec.SET_POINT:
            return []
        try:
            p = codec.decoded_set_point(write.payload)
        except UndecodableError:
            self.state, outcome = guard.damaged(self.state)
            answer = codec.Answer(0, outcome, self.state.mode)
            return [Notice(codec.ANSWER, codec.encoded_answer(answer))]
        self.state, outcome = guard.take(self.limits, self.state, p, self.now_s)
        answer = codec.Answer(p.sequence, outcome, self.state.mode)
        return [Notice(codec.ANSWER, codec.encoded_answer(answer))]

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            self._guarded(t_s)
            notices.append(self._measured(t_s))
        self._guarded(to_s)
        return notices

    def link_lost(self) -> None:
        self.state = guard.lost_link(self.state)

    def _guarded(self, to_s: float) -> None:
        while (t_s := self._ticks * _TICK_S) <= to_s + 1.0e-9:
            self._ticks += 1
            sensed = guard.Sensed(self.force_n, self.grip_closed, self.wound_m)
            self.state = guard.step(self.limits, self.state, sensed, t_s)
            if self.state.mode is BandMode.FOLLOWING:
                self.wound_m = self.state.pull_n / _STIFFNESS_N_M
            else:
                self.wound_m = max(self.wound_m - self.state.pay_out_m_s * _TICK_S, 0.0)

    def _measured(self, t_s: float) -> Notice:
        value = Band(
            force_n=None if self.broken_sensor else self.force_n,
            target_n=self.state.target_n if self.state.mode is BandMode.FOLLOWING else 0.0,
            length_m=self.wound_m,
            mode=self.state.mode,
            fault=self.state.fault,
            grip_closed=self.state.grip_closed,
            sequence=self._sequence,
        )
        self._sequence = (self._sequence + 1) % 0x10000
        self.truth.append(value)
        raw = codec.encoded_measurement(
            value, self.device_us(t_s), battery_ratio=self.battery_ratio
        )
        return Notice(codec.MEASUREMENT, raw)
