"""Which devices are near, and which driver speaks with each."""

import asyncio

from msgspec import Struct

from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import Backends, bleak_module


class Found(Struct, frozen=True):
    """`drivers`: names of those that recognise it; several where an advertisement is not clear.
    `rssi_dbm`: how strong it is heard, about -40 beside it and -90 at the edge."""

    address: str
    advertised_name: str | None
    rssi_dbm: int
    drivers: tuple[str, ...]


async def scan(
    known: dict[str, DeviceDriver],
    *,
    seconds_s: float = 5.0,
    backends: Backends = Backends(),  # noqa: B008 - frozen
) -> tuple[Found, ...]:
    """What is heard for so long that a driver recognises, the strongest first. Raises
    MissingPartError without the Bluetooth library; bleak's errors where this machine has none."""
    bleak = bleak_module()
    more = {} if backends.scanner is None else {"backend": backends.scanner}
    async with asyncio.timeout(seconds_s + 10.0):
        heard = await bleak.BleakScanner.discover(timeout=seconds_s, return_adv=True, **more)
    found = []
    for device, advertisement in heard.values():
        name = advertisement.local_name or device.name
        services = tuple(advertisement.service_uuids)
        fits = tuple(n for n, d in known.items() if d.manifest.recognises(name, services))
        if fits:
            found.append(Found(device.address, name, advertisement.rssi, fits))
    return tuple(sorted(found, key=lambda f: (-f.rssi_dbm, f.address)))
