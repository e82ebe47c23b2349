"""A virtual Bluetooth link: simulated devices that a real Bluetooth client finds and talks to.

Controllers, link layer, attribute protocol and notifications are bumble's; nothing of the kernel's
Bluetooth is needed. Simulated time passes only when it is told to.
"""

import asyncio
from collections.abc import Callable
from itertools import count

from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink

from lengthwise.devices.driver import SimCharacteristic, SimulatedDevice
from lengthwise.devices.manifest import Notice, Write

_PROPERTIES = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write-without-response": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
}
_BUNDLE = 32


def _device(link: LocalLink, name: str, address: str) -> Device:
    controller = Controller(name, link=link)
    host = Host(controller_source=controller, controller_sink=controller)
    return Device(name=name, address=Address(address), host=host)


class VirtualAir:
    """A place in which devices are near each other. Used as an async context."""

    def __init__(self) -> None:
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self._numbers = count(1)
        self.central = _device(self._link, "host", "F0:00:00:00:00:FF")

    async def __aenter__(self) -> "VirtualAir":
        await self.central.power_on()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.central.power_off()

    async def place(self, simulated: SimulatedDevice) -> "VirtualPeripheral":
        """Switch a simulated device on; it is advertised from now on."""
        address = f"F0:00:00:00:00:{next(self._numbers):02X}"
        peripheral = VirtualPeripheral(_device(self._link, "device", address), address, simulated)
        await peripheral.power_on()
        return peripheral


class VirtualPeripheral:
    """A simulated device behind a radio."""

    def __init__(self, radio: Device, address: str, simulated: SimulatedDevice) -> None:
        self.simulated, self.address = simulated, address
        self.notified = 0
        self._radio = radio
        self._by_uuid: dict[str, Characteristic[bytes]] = {}
        for service in simulated.services:
            there = [self._characteristic(c) for c in service.characteristics]
            radio.add_service(Service(service.uuid, there))
        radio.on("connection", self._connected)

    async def power_on(self) -> None:
        await self._radio.power_on()
        await self._advertise()

    async def advance(self, to_s: float) -> int:
        """Let simulated time pass; how many notifications it sent meanwhile."""
        notices = self.simulated.advance(to_s)
        for n, notice in enumerate(notices):
            await self._notify(notice)
            if n % _BUNDLE == _BUNDLE - 1:
                await asyncio.sleep(0)
        return len(notices)

    async def drop(self) -> None:
        """The link breaks, as when the device goes out of reach."""
        for connection in list(self._radio.connections.values()):
            await connection.disconnect()

    async def vanish(self) -> None:
        """The link breaks and the device is switched off."""
        await self._radio.stop_advertising()
        await self.drop()
        await self._radio.stop_advertising()

    async def _advertise(self) -> None:
        services = [UUID(s) for s in self.simulated.advertised_services]
        listed = [(AdvertisingData.FLAGS, bytes((0x06,)))]
        for uuid in services:
            kind = (
                AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
                if len(uuid.to_bytes()) == 2
                else AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
            )
            listed.append((kind, uuid.to_bytes()))
        # The virtual controller answers no scan request, so the name stands in the advertisement.
        name = self.simulated.advertised_name.encode()
        listed.append((AdvertisingData.COMPLETE_LOCAL_NAME, name))
        await self._radio.start_advertising(
            auto_restart=True,
            advertising_data=bytes(AdvertisingData(listed)),
            advertising_interval_min=20.0,
            advertising_interval_max=20.0,
        )

    def _connected(self, connection: "object") -> None:
        on: Callable[..., object] = connection.on  # type: ignore[attr-defined]
        on("disconnection", lambda _: self.simulated.link_lost())

    def _characteristic(self, described: SimCharacteristic) -> Characteristic[bytes]:
        uuid = described.uuid
        properties = Characteristic.Properties(0)
        for name in described.properties:
            properties |= _PROPERTIES[name]
        made: Characteristic[bytes] = Characteristic(
            UUID(uuid),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(
                read=lambda _: self.simulated.read(uuid),
                write=lambda _, value: self._written(uuid, bytes(value)),
            ),
        )
        self._by_uuid[uuid] = made
        return made

    async def _written(self, uuid: str, payload: bytes) -> None:
        for notice in self.simulated.write(Write(uuid, payload)):
            await self._notify(notice)

    async def _notify(self, notice: Notice) -> None:
        self.notified += 1
        await self._radio.notify_subscribers(self._by_uuid[notice.characteristic], notice.payload)
