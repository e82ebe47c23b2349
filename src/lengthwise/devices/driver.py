"""What a driver of a device is, what its simulation is, and how drivers are found.

A driver is announced by an entry point in the group `lengthwise.devices`. It holds no connection:
it knows the bytes, and which of them may be sent. `devices.link` owns the connection, and
`lengthwise.testing.check_device` says whether a driver keeps to all of this.
"""

from importlib.metadata import entry_points
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.devices.manifest import DeviceManifest, Notice, Write
from lengthwise.devices.readings import Decoded, Value

GROUP = "lengthwise.devices"
_OURS = "lengthwise.devices."


class SimCharacteristic(Struct, frozen=True):
    """`properties` of `read`, `write`, `write-without-response`, `notify`."""

    uuid: str
    properties: tuple[str, ...]


class SimService(Struct, frozen=True):
    uuid: str
    characteristics: tuple[SimCharacteristic, ...]


class SimulatedDevice(Protocol):
    """A device that speaks the real bytes in simulated time; it knows no link and no clock.

    `written`: every message it was ever sent, taken or not. `truth`: values of what it notified, in
    order, so that a test can compare what arrives.
    """

    written: list[Write]
    truth: list[Value]

    @property
    def advertised_name(self) -> str: ...

    @property
    def advertised_services(self) -> tuple[str, ...]: ...

    @property
    def services(self) -> tuple[SimService, ...]: ...

    def read(self, characteristic: str) -> bytes: ...

    def write(self, write: Write) -> list[Notice]:
        """Take a message; what it answers at once."""
        ...

    def advance(self, to_s: float) -> list[Notice]:
        """Let time pass up to `to_s` since it was switched on; what it notifies meanwhile."""
        ...

    def link_lost(self) -> None:
        """The other side is gone."""
        ...


class DeviceDriver(Protocol):
    """`decode` is a pure step: equal state and notice give equal results, and the state (a msgspec
    Struct) can be kept at any frame. It raises nothing on any bytes."""

    @property
    def manifest(self) -> DeviceManifest: ...

    @property
    def state_type(self) -> type[Struct]: ...

    def begin(self) -> Any:
        """State of a decoder on a new link."""
        ...

    def decode(self, state: Any, notice: Notice) -> tuple[Any, Decoded]: ...

    def decode_battery(self, payload: bytes) -> Decoded:
        """What was read from `manifest.read_battery`."""
        ...

    def permits(self, write: Write) -> bool:
        """Whether this may ever be sent to the device."""
        ...

    def simulated(self, *, seed: int = 0, first_us: int = 0) -> SimulatedDevice:
        """A device of the kind; its clock stands at `first_us` when it is switched on."""
        ...


@runtime_checkable
class KnowsLimits(Protocol):
    """A driver that learns on the link what this one device may be sent, beside `permits`."""

    def beyond(self, state: Any, write: Write) -> str:
        """What of a permitted message the device with this decoder's state may not be sent, in
        plain words; empty where it may be, and for what is not permitted to begin with."""
        ...

    def most_n(self, state: Any) -> float | None:
        """The most that this one device lets itself be asked to pull with; None: not known."""
        ...


def listed(manifest: DeviceManifest, write: Write) -> bool:
    """Whether a message stands in the list of a foreign device, byte by byte. How it is confirmed
    changes nothing in the device."""
    return any(
        write.characteristic == w.characteristic and write.payload == w.payload
        for w in manifest.writes
    )


def drivers() -> dict[str, DeviceDriver]:
    """All installed drivers that can be used, by name, in the order of their names."""
    return _announced()[0]


def unusable_drivers() -> dict[str, str]:
    """Announced drivers that cannot be used, by name, with why in one line: a package of somebody
    else that is broken takes no other driver along."""
    return _announced()[1]


def _announced() -> tuple[dict[str, DeviceDriver], dict[str, str]]:
    # Ours first: nobody else's list of what may be sent stands in the place of one of ours.
    entries = sorted(entry_points(group=GROUP), key=lambda e: not e.value.startswith(_OURS))
    found: dict[str, DeviceDriver] = {}
    wrong: dict[str, str] = {}
    for entry in sorted(entries, key=lambda e: e.name):
        if entry.name in found:
            wrong[f"{entry.name} ({entry.value})"] = "another package announces this name"
            continue
        try:
            driver = entry.load()
            named = driver.manifest.name
        except Exception as cause:  # noqa: BLE001 - of somebody else's package
            told = str(cause).partition("\n")[0]
            wrong[entry.name] = f"{type(cause).__name__}: {told}" if told else type(cause).__name__
            continue
        if named == entry.name:
            found[entry.name] = driver
        else:
            wrong[entry.name] = f"its manifest names it {named}"
    return found, wrong


def driver_named(name: str) -> DeviceDriver:
    """Of a device or of a stream of LSL. Raises InputError where none is."""
    from lengthwise.devices.lsl.driver import STREAMS  # it stands on this

    known = drivers() | STREAMS
    if name not in known:
        why = unusable_drivers().get(name)
        raise InputError(
            "driver",
            value=name if why is None else f"{name}, which cannot be used ({why})",
            allowed=", ".join(known) or "none is installed",
            remedy="see: lengthwise devices list",
        )
    return known[name]
