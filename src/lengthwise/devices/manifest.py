"""What a device is and can do, declared once as frozen data, and checked against itself."""

import re

from msgspec import Struct

from lengthwise.devices.readings import Quantity

UNITS: dict[Quantity, str] = {
    Quantity.INERTIAL: "m/s2, rad/s",
    Quantity.FORCE: "N",
    Quantity.HEART: "1/min, s",
    Quantity.EMG: "V",
    Quantity.BAND: "N, m",
    Quantity.BATTERY: "ratio or V",
}

_NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def short_uuid(number: int) -> str:
    """The full form of a 16-bit Bluetooth UUID."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


class Notice(Struct, frozen=True):
    """One notification as it came."""

    characteristic: str
    payload: bytes


class Write(Struct, frozen=True):
    """One message to a device. `response`: the device has to confirm it."""

    characteristic: str
    payload: bytes
    response: bool = True


class DeviceStream(Struct, frozen=True):
    """`rate_hz` None: as the device is set, or by the beat. `device_clock`: samples carry the time
    of the device."""

    quantity: Quantity
    rate_hz: float | None
    device_clock: bool

    @property
    def unit(self) -> str:
        return UNITS[self.quantity]


class DeviceManifest(Struct, frozen=True):
    """What a driver declares.

    A device is recognised by one of `services` in its advertisement, or by a name that begins with
    one of `name_prefixes`. `subscribes`: characteristics whose notifications are read. `start`,
    `stop`: what is written to begin and end a measurement, `stop` before every link is closed;
    `reads`: characteristics that are read once on each link and go to the decoder as notifications
    do; `ask_battery` is written for an answer in the stream, `read_battery` is read; `writes`:
    everything that may ever be written, byte by byte, of a device of somebody else.
    `own_protocol`: the protocol is ours, and its driver checks each message it writes in place of a
    list. `lsl_type`: it is no device of Bluetooth but a stream of LSL of this type, and nothing is
    ever sent to it. `extra`: the optional install it needs.
    """

    name: str
    title: str
    services: tuple[str, ...]
    name_prefixes: tuple[str, ...]
    streams: tuple[DeviceStream, ...]
    subscribes: tuple[str, ...]
    start: tuple[Write, ...] = ()
    stop: tuple[Write, ...] = ()
    reads: tuple[str, ...] = ()
    ask_battery: Write | None = None
    read_battery: str | None = None
    writes: tuple[Write, ...] = ()
    own_protocol: bool = False
    lsl_type: str | None = None
    extra: str | None = "devices"
    notes: tuple[str, ...] = ()

    def recognises(self, name: str | None, services: tuple[str, ...]) -> bool:
        """Whether an advertisement is of such a device."""
        by_name = any((name or "").startswith(prefix) for prefix in self.name_prefixes)
        return by_name or any(s.lower() in self.services for s in services)

    def faults(self) -> tuple[str, ...]:
        """What in this declaration does not go together; empty for a sound one."""
        return tuple(said for said, so in self._rules() if not so)

    def _rules(self) -> list[tuple[str, bool]]:
        sent = (*self.start, *self.stop, *((self.ask_battery,) if self.ask_battery else ()))
        uuids = (
            *self.services, *self.subscribes, *self.reads, *(w.characteristic for w in sent)
        )  # fmt: skip
        quantities = [s.quantity for s in self.streams]
        rates = [s.rate_hz for s in self.streams if s.rate_hz is not None]
        return [
            ("name: small letters, digits and _", bool(_NAME.fullmatch(self.name))),
            ("title is empty", bool(self.title.strip())),
            (
                "no service or name to recognise it by",
                bool(self.services or self.name_prefixes or self.lsl_type),
            ),
            ("an empty name prefix recognises everything", all(self.name_prefixes or ("-",))),
            ("no stream", bool(self.streams)),
            ("nothing is subscribed to", bool(self.subscribes or self.lsl_type)),
            ("something is sent to a stream", not (self.lsl_type and (sent or self.writes))),
            ("a quantity has two streams", len(set(quantities)) == len(quantities)),
            ("a rate is not between 0.1 and 2000 Hz", all(0.1 <= r <= 2000.0 for r in rates)),
            ("a UUID is not written out in small letters", all(map(_UUID.fullmatch, uuids))),
            (
                "start, stop or ask_battery is not among writes",
                self.own_protocol or all(w in self.writes for w in sent),
            ),
            ("a list of writes beside a checked protocol", not (self.own_protocol and self.writes)),
            (
                "battery is asked for in two ways",
                self.ask_battery is None or self.read_battery is None,
            ),
        ]  # fmt: skip
