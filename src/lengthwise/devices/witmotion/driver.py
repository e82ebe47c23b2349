"""WitMotion's Bluetooth 5 inertial sensors (BWT901BLE and its kin)."""

from msgspec import Struct

from lengthwise.devices.driver import SimulatedDevice, listed
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Quantity
from lengthwise.devices.witmotion import codec
from lengthwise.devices.witmotion.sim import WitMotionSim

_ASK_BATTERY = Write(codec.CONTROL, codec.ASK_BATTERY)


class WitMotionDriver:
    manifest = DeviceManifest(
        name="witmotion",
        title="WitMotion Bluetooth 5 inertial sensor",
        services=(codec.SERVICE,),
        name_prefixes=("WT901", "BWT901", "WTSDCL"),
        streams=(
            DeviceStream(Quantity.INERTIAL, None, device_clock=False),
            DeviceStream(Quantity.BATTERY, None, device_clock=False),
        ),
        subscribes=(codec.DATA,),
        ask_battery=_ASK_BATTERY,
        writes=(_ASK_BATTERY,),
        notes=(
            "it tells no time and counts nothing: samples are dated by arrival, and one that is "
            "lost cannot be known; its rate is set with the maker's own program",
        ),
    )
    state_type: type[Struct] = codec.State

    def begin(self) -> codec.State:
        return codec.State()

    def decode(self, state: codec.State, notice: Notice) -> tuple[codec.State, Decoded]:
        if notice.characteristic != codec.DATA:
            return state, Decoded(refused=("a characteristic that is not read",))
        return codec.step(state, notice.payload)

    def decode_battery(self, payload: bytes) -> Decoded:
        return Decoded(refused=("its battery is told in the stream",))

    def permits(self, write: Write) -> bool:
        return listed(self.manifest, write)

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        return WitMotionSim(seed=seed)


DRIVER = WitMotionDriver()
