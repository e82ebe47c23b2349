"""Xsens (Movella) DOT inertial sensors, in custom mode 5: quaternion, acceleration and turn."""

from msgspec import Struct

from lengthwise.devices.driver import SimulatedDevice, listed
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Quantity, Reading, UndecodableError
from lengthwise.devices.xsens_dot import codec
from lengthwise.devices.xsens_dot.sim import XsensDotSim

_START, _STOP = Write(codec.CONTROL, codec.START), Write(codec.CONTROL, codec.STOP)


class State(Struct, frozen=True):
    """Every notification stands for itself."""


class XsensDotDriver:
    manifest = DeviceManifest(
        name="xsens_dot",
        title="Xsens (Movella) DOT inertial sensor",
        services=(codec.CONFIGURATION_SERVICE, codec.MEASUREMENT_SERVICE),
        name_prefixes=("Xsens DOT", "Movella DOT"),
        streams=(
            DeviceStream(Quantity.INERTIAL, 60.0, device_clock=True),
            DeviceStream(Quantity.BATTERY, None, device_clock=False),
        ),
        subscribes=(codec.LONG, codec.MEDIUM, codec.BATTERY),
        start=(_START,),
        stop=(_STOP,),
        read_battery=codec.BATTERY,
        writes=(_START, _STOP, Write(codec.CONTROL, codec.START_EXTENDED)),
        notes=("its rate, filter, name and memory are never written",),
    )
    state_type = State

    def begin(self) -> State:
        return State()

    def decode(self, state: State, notice: Notice) -> tuple[State, Decoded]:
        try:
            match notice.characteristic:
                case codec.LONG:
                    return state, Decoded((codec.decoded_long(notice.payload),))
                case codec.MEDIUM:
                    return state, Decoded((codec.decoded_medium(notice.payload),))
                case codec.BATTERY:
                    return state, self.decode_battery(notice.payload)
            return state, Decoded(refused=("a characteristic that is not read",))
        except UndecodableError as why:
            return state, Decoded(refused=(str(why),))

    def decode_battery(self, payload: bytes) -> Decoded:
        try:
            return Decoded((Reading(codec.battery(payload)),))
        except UndecodableError as why:
            return Decoded(refused=(str(why),))

    def permits(self, write: Write) -> bool:
        return listed(self.manifest, write)

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        return XsensDotSim(first_us=first_us)


DRIVER = XsensDotDriver()
