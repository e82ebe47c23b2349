"""Any heart strap or watch that speaks the Bluetooth Heart Rate profile. Nothing is ever written
to one."""

from msgspec import Struct

from lengthwise.devices.driver import SimulatedDevice
from lengthwise.devices.heart_rate import codec
from lengthwise.devices.heart_rate.sim import HeartRateSim
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Quantity, Reading, UndecodableError


class State(Struct, frozen=True):
    """Every measurement stands for itself."""


class HeartRateDriver:
    manifest = DeviceManifest(
        name="heart_rate",
        title="heart strap or watch (Bluetooth Heart Rate profile)",
        services=(codec.SERVICE,),
        name_prefixes=(),
        streams=(
            DeviceStream(Quantity.HEART, None, device_clock=False),
            DeviceStream(Quantity.BATTERY, None, device_clock=False),
        ),
        subscribes=(codec.MEASUREMENT,),
        read_battery=codec.BATTERY,
        notes=("times between beats come only from devices that measure them (most straps do)",),
    )
    state_type = State

    def begin(self) -> State:
        return State()

    def decode(self, state: State, notice: Notice) -> tuple[State, Decoded]:
        if notice.characteristic != codec.MEASUREMENT:
            return state, Decoded(refused=("a characteristic that is not read",))
        try:
            return state, Decoded((Reading(codec.decoded(notice.payload)),))
        except UndecodableError as why:
            return state, Decoded(refused=(str(why),))

    def decode_battery(self, payload: bytes) -> Decoded:
        try:
            return Decoded((Reading(codec.battery(payload)),))
        except UndecodableError as why:
            return Decoded(refused=(str(why),))

    def permits(self, write: Write) -> bool:
        return False

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        return HeartRateSim(seed=seed)


DRIVER = HeartRateDriver()
