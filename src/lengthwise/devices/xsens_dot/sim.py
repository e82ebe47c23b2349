"""A simulated DOT on a leaning chest."""

from math import cos, sin

from lengthwise.devices.driver import SimCharacteristic, SimService
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.readings import Inertial
from lengthwise.devices.simulation import SampledSim, tilt_rad, turn_rad_s
from lengthwise.devices.xsens_dot import codec

_G = codec.STANDARD_GRAVITY_M_S2


class XsensDotSim(SampledSim):
    """Speaks custom mode 5 in the long characteristic, extended quaternion in the medium one."""

    advertised_name = "Xsens DOT"
    advertised_services = (codec.CONFIGURATION_SERVICE,)
    services = (
        SimService(
            codec.CONFIGURATION_SERVICE,
            (SimCharacteristic(codec.DEVICE_CONTROL, ("read", "write")),),
        ),
        SimService(
            codec.MEASUREMENT_SERVICE,
            (
                SimCharacteristic(codec.CONTROL, ("read", "write")),
                SimCharacteristic(codec.LONG, ("notify",)),
                SimCharacteristic(codec.MEDIUM, ("notify",)),
                SimCharacteristic(codec.SHORT, ("notify",)),
                SimCharacteristic(codec.RESET, ("read", "write")),
            ),
        ),
        SimService(codec.BATTERY_SERVICE, (SimCharacteristic(codec.BATTERY, ("read", "notify")),)),
        SimService(codec.MESSAGE_SERVICE, (SimCharacteristic(codec.MESSAGE, ("write",)),)),
    )

    def __init__(
        self, *, first_us: int = 0, rate_hz: float = 60.0, battery_ratio: float = 0.9
    ) -> None:
        super().__init__(first_us=first_us)
        self.rate_hz = rate_hz
        self.battery_ratio = battery_ratio
        self._mode = 0

    def read(self, characteristic: str) -> bytes:
        if characteristic == codec.BATTERY:
            return bytes((round(100.0 * self.battery_ratio), 0))
        if characteristic == codec.CONTROL:
            return bytes((1, int(self.measuring), self._mode))
        raise KeyError(characteristic)

    def write(self, write: Write) -> list[Notice]:
        super().write(write)
        p = write.payload
        if write.characteristic == codec.CONTROL and len(p) == 3 and p[0] == 1:
            self.measuring, self._mode = bool(p[1]), p[2]
        return []

    def advance(self, to_s: float) -> list[Notice]:
        notices = []
        for t_s in self.due(to_s):
            a = tilt_rad(t_s)
            quat = (cos(a / 2), 0.0, -sin(a / 2), 0.0)
            acc = (_G * sin(a), 0.0, _G * cos(a))
            value = Inertial(acc, (0.0, -turn_rad_s(t_s), 0.0), quat)
            if self._mode == codec.CUSTOM_MODE_5:
                raw, uuid = codec.encoded_long(value, self.device_us(t_s)), codec.LONG
            elif self._mode == codec.EXTENDED_QUATERNION:
                value = Inertial(acc, None, quat)
                raw, uuid = codec.encoded_medium(value, self.device_us(t_s)), codec.MEDIUM
            else:
                continue
            self.truth.append(value)
            notices.append(Notice(uuid, raw))
        return notices
