"""The Tindeq Progressor force gauge."""

from msgspec import Struct

from lengthwise.devices.driver import SimulatedDevice, listed
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Quantity, UndecodableError
from lengthwise.devices.tindeq import codec
from lengthwise.devices.tindeq.sim import TindeqSim


class State(Struct, frozen=True):
    """Every notification stands for itself."""


def _command(opcode: int) -> Write:
    return Write(codec.CONTROL, bytes((opcode,)))


class TindeqDriver:
    manifest = DeviceManifest(
        name="tindeq_progressor",
        title="Tindeq Progressor force gauge",
        services=(codec.SERVICE,),
        name_prefixes=("Progressor",),
        streams=(
            DeviceStream(Quantity.FORCE, 80.0, device_clock=True),
            DeviceStream(Quantity.BATTERY, None, device_clock=False),
        ),
        subscribes=(codec.DATA,),
        start=(_command(codec.START),),
        stop=(_command(codec.STOP),),
        ask_battery=_command(codec.ASK_BATTERY),
        writes=tuple(
            _command(opcode)
            for opcode in (
                codec.TARE, codec.START, codec.STOP, codec.VERSION, codec.SLEEP, codec.ASK_BATTERY,
            )
        ),
        notes=("its calibration is never written",),
    )  # fmt: skip
    state_type = State

    def begin(self) -> State:
        return State()

    def decode(self, state: State, notice: Notice) -> tuple[State, Decoded]:
        if notice.characteristic != codec.DATA:
            return state, Decoded(refused=("a characteristic that is not read",))
        try:
            return state, Decoded(codec.decoded(notice.payload))
        except UndecodableError as why:
            return state, Decoded(refused=(str(why),))

    def decode_battery(self, payload: bytes) -> Decoded:
        return Decoded(refused=("its battery is told in the stream",))

    def permits(self, write: Write) -> bool:
        return listed(self.manifest, write)

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        return TindeqSim(first_us=first_us)


DRIVER = TindeqDriver()
