"""bleak's own scanner and client on a virtual link: what they stand on is swapped, they are not.

Both classes are passed as `backend=` to the unmodified BleakScanner and BleakClient.
"""

from collections.abc import Callable
from typing import Any, cast

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble.core import AdvertisingData, BaseBumbleError
from bumble.device import Advertisement, Device, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address

from lengthwise.devices.link import Backends

_MTU = 247


def backends(central: Device) -> Backends:
    """The two ends for one host device of a virtual link."""

    class Scanner(VirtualScanner):
        radio = central

    class Client(VirtualClient):
        radio = central

    return Backends(Scanner, Client)


class VirtualScanner(BaseBleakScanner):
    radio: Device

    def __init__(
        self, detection_callback: Any = None, service_uuids: Any = None, *_: Any, **__: Any
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        self.radio.on("advertisement", self._heard)
        await self.radio.start_scanning()

    async def stop(self) -> None:
        self.radio.remove_listener("advertisement", self._heard)
        await self.radio.stop_scanning()

    def _heard(self, heard: Advertisement) -> None:
        uuids = [
            normalize_uuid_str(u.to_hex_str("-"))
            for kind in (
                AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
            )
            for u in cast("list[Any]", heard.data.get(kind) or [])
        ]
        name = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        address = str(heard.address).partition("/")[0]
        told = AdvertisementData(name, {}, {}, uuids, None, int(heard.rssi), ())
        if self.is_allowed_uuid(uuids):
            device = self.create_or_update_device(address, address, name, None, told)
            self.call_detection_callbacks(device, told)


class VirtualClient(BaseBleakClient):
    radio: Device

    def __init__(self, address_or_ble_device: Any, **kwargs: Any) -> None:
        super().__init__(address_or_ble_device, **kwargs)
        self._peer: Peer | None = None
        self._listeners: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return int(self._linked().connection.att_mtu)

    @property
    def is_connected(self) -> bool:
        return self._peer is not None

    def _linked(self) -> Peer:
        if self._peer is None:
            raise BleakError("not connected")
        return self._peer

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        try:
            connection = await self.radio.connect(Address(self.address), timeout=self._timeout)
            self._peer = peer = Peer(connection)
            connection.on("disconnection", self._gone)
            await peer.request_mtu(_MTU)
            await peer.discover_all()  # type: ignore[no-untyped-call]
        except (BaseBumbleError, TimeoutError) as cause:
            raise BleakError(f"no connection: {cause}") from cause
        self.services = _described(peer)

    def _gone(self, _: int) -> None:
        self._peer = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._peer is not None:
            await self._peer.connection.disconnect()
            self._peer = None

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Nothing here asks for it."""

    async def unpair(self) -> None:
        """Nothing was paired."""

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        return bytearray(await self._linked().read_value(characteristic.handle))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        return bytearray(await self._linked().read_value(descriptor.handle))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: Any, response: bool
    ) -> None:
        peer = self._linked()
        await peer.write_value(characteristic.handle, bytes(data), with_response=response)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        await self._linked().write_value(descriptor.handle, bytes(data), with_response=True)

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: Callable[[bytearray], None],
        **_: Any,
    ) -> None:
        def heard(value: bytes) -> None:
            callback(bytearray(value))

        self._listeners[characteristic.handle] = heard
        await self._linked().subscribe(characteristic.obj, heard)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        heard = self._listeners.pop(characteristic.handle, None)
        await self._linked().unsubscribe(characteristic.obj, heard)


def _described(peer: Peer) -> BleakGATTServiceCollection:
    collection = BleakGATTServiceCollection()
    for service in peer.services:
        uuid = normalize_uuid_str(service.uuid.to_hex_str("-"))
        described = BleakGATTService(service, service.handle, uuid)
        collection.add_service(described)
        for proxy in service.characteristics:
            collection.add_characteristic(_characteristic(proxy, described))
    return collection


def _characteristic(
    proxy: "CharacteristicProxy[bytes]", service: BleakGATTService
) -> BleakGATTCharacteristic:
    names = [
        cast("CharacteristicPropertyName", str(p.name).lower().replace("_", "-"))
        for p in type(proxy.properties)
        if p in proxy.properties
    ]
    uuid = normalize_uuid_str(proxy.uuid.to_hex_str("-"))
    return BleakGATTCharacteristic(proxy, proxy.handle, uuid, names, lambda: _MTU - 3, service)
