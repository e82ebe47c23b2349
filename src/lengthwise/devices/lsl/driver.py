"""Streams of LSL as drivers of a session: what each tells, and that nothing is ever sent to one.

A stream has rows in place of bytes (`codec`), a network in place of a link (`following`), and is
chosen by its name in place of an address. It is named and used as any other device.
"""

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.devices.driver import DeviceDriver, SimulatedDevice
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.manifest import DeviceManifest, DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Quantity


class State(Struct, frozen=True):
    """A stream has none."""


class LslDriver:
    """A kind of stream. It has no bytes: whatever comes as bytes is refused."""

    state_type = State

    def __init__(self, kind: Kind, quantity: Quantity, title: str) -> None:
        self.kind = kind
        self.manifest = DeviceManifest(
            name=f"lsl_{quantity.value}",
            title=title,
            services=(),
            name_prefixes=(),
            streams=(DeviceStream(quantity, None, device_clock=True),),
            subscribes=(),
            lsl_type=kind.value,
            extra="lsl",
        )

    def begin(self) -> State:
        return State()

    def decode(self, state: State, notice: Notice) -> tuple[State, Decoded]:
        return state, Decoded(refused=("a stream of LSL has no bytes",))

    def decode_battery(self, payload: bytes) -> Decoded:
        return Decoded(refused=("a stream of LSL has no battery",))

    def permits(self, write: Write) -> bool:
        return False

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        raise InputError(
            "--simulated",
            value=self.manifest.name,
            allowed="a driver over Bluetooth",
            remedy="send a simulated stream and hear it: lengthwise devices lsl-simulate",
        )


STREAMS: dict[str, DeviceDriver] = {
    d.manifest.name: d
    for d in (
        LslDriver(Kind.INERTIAL, Quantity.INERTIAL, "LSL stream of an inertial sensor"),
        LslDriver(Kind.FORCE, Quantity.FORCE, "LSL stream of a pull"),
        LslDriver(Kind.HEART, Quantity.HEART, "LSL stream of a heart"),
        LslDriver(Kind.EMG, Quantity.EMG, "LSL stream of muscle activity (EMG)"),
    )
}
"""By name. Not announced by an entry point: the contract of those is one of bytes."""


def driver_of(lsl_type: str) -> str | None:
    """Name of the driver for a type of stream; None: nothing of ours hears it."""
    return next((n for n, d in STREAMS.items() if d.manifest.lsl_type == lsl_type), None)
