"""The connection to one Bluetooth device: the only place that sends, and what is sent is checked.

A `Device` finds its device, connects, listens, and does so again when the link is lost, until it is
cancelled. Whatever happens is told in order by `tell`: what came of notifications, and how the link
is. All waiting has an end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from lengthwise.contracts.errors import MissingPartError, SafetyRefusedError
from lengthwise.contracts.observation import Rejection, RejectionReason, Segment
from lengthwise.devices import receiving
from lengthwise.devices.driver import DeviceDriver, KnowsLimits
from lengthwise.devices.manifest import Notice, Write

if TYPE_CHECKING:
    from bleak import BleakClient
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import BaseBleakScanner


class Backends(Struct, frozen=True):
    """Other ends than the Bluetooth of this machine, such as a virtual one; None: its own."""

    scanner: "type[BaseBleakScanner] | None" = None
    client: "type[BaseBleakClient] | None" = None


class LinkState(StrEnum):
    SEARCHING = "searching"
    UP = "up"
    LOST = "lost"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    NO_RADIO = "no_radio"


class LinkChanged(Struct, frozen=True):
    """`why` in plain words, empty where there is nothing to say."""

    t_s: float
    source: str
    state: LinkState
    why: str = ""


Told = LinkChanged | receiving.Received


class Timing(Struct, frozen=True):
    """How long each wait of a link lasts at most. Expert defaults."""

    find_s: float = 10.0
    connect_s: float = 15.0
    answer_s: float = 5.0
    silence_s: float = 5.0
    battery_s: float = 300.0
    look_s: float = 0.5
    again_s: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0)


class NotLinkedError(RuntimeError):
    """A message to a device that is not connected now."""


def bleak_module() -> Any:
    """The Bluetooth library. Raises MissingPartError, which says how to install it."""
    try:
        import bleak
    except ImportError as cause:
        raise MissingPartError(
            "bleak",
            needed_for="devices over Bluetooth",
            remedy="install it: pip install 'lengthwise[devices]'",
        ) from cause
    return bleak


def why(cause: BaseException) -> str:
    """What went wrong, in the system's words, without its number."""
    told = cause.strerror if isinstance(cause, OSError) else str(cause)
    return told or type(cause).__name__


async def _to_its_end(closing: Coroutine[Any, Any, None]) -> None:
    """Whoever ends the program in the middle of it still leaves no device measuring or pulling."""
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def guarded_write(
    driver: DeviceDriver, client: "BleakClient", write: Write, *, within_s: float
) -> None:
    """Send a message that the driver permits. Raises SafetyRefusedError on any other, before a
    byte of it has left."""
    if not driver.permits(write):
        raise SafetyRefusedError(
            f"sending {write.payload[:8].hex(' ') or 'nothing'} to {driver.manifest.title}",
            reason="it is not among what its driver may send",
            remedy="use the maker's own program for settings and calibration",
        )
    async with asyncio.timeout(within_s):
        await client.write_gatt_char(write.characteristic, write.payload, write.response)


class Device:
    """One device by its address. `tell` is called in the event loop and must not wait.

    `segment`: where an inertial sensor is worn. `monotonic_s`: clock of the session. `sleep`: how
    to wait between two tries. `radio`: one for all devices of a radio, which searches and connects
    for one of them at a time.
    """

    def __init__(
        self,
        driver: DeviceDriver,
        address: str,
        *,
        source: str,
        tell: Callable[[Told], None],
        monotonic_s: Callable[[], float],
        segment: Segment | None = None,
        backends: Backends = Backends(),  # noqa: B008 - frozen
        timing: Timing = Timing(),  # noqa: B008 - frozen
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        radio: asyncio.Lock | None = None,
    ) -> None:
        self._driver, self._address, self._source = driver, address, source
        self._tell, self._now_s, self._sleep = tell, monotonic_s, sleep
        self._backends, self._timing = backends, timing
        self._radio = radio or asyncio.Lock()
        self._state = receiving.start(driver, source, segment=segment)
        self._client: BleakClient | None = None
        self._lost = asyncio.Event()
        self._heard_s = 0.0

    @property
    def linked(self) -> bool:
        return self._client is not None and self._client.is_connected

    @property
    def decoder(self) -> Any:
        """State of the driver's decoder as it is now."""
        return self._state.decoder

    async def send(self, write: Write) -> None:
        """Raises SafetyRefusedError on what may not be sent or is beyond the limits of this device,
        NotLinkedError without a link, and what bleak raises where the link breaks meanwhile."""
        if self._client is None:
            raise NotLinkedError(f"{self._source} is not connected")
        driver = self._driver
        more = driver.beyond(self.decoder, write) if isinstance(driver, KnowsLimits) else ""
        if more:
            raise SafetyRefusedError(
                f"sending a message to {driver.manifest.title}",
                reason=more,
                remedy="ask for less; a device whose limits cannot be read is only listened to",
            )
        await guarded_write(self._driver, self._client, write, within_s=self._timing.answer_s)

    async def run(self) -> None:
        """Until cancelled; then the device is told to stop, and the link is closed."""
        tries, known = 0, False
        while True:
            self._changed(LinkState.SEARCHING)
            was_up = await self._once(first=not known)
            known, tries = known or was_up, 0 if was_up else tries + 1
            again_s = self._timing.again_s
            await self._sleep(again_s[min(tries, len(again_s) - 1)])

    async def _once(self, *, first: bool) -> bool:
        """One link from its beginning to its end; whether there was one."""
        bleak = bleak_module()
        up = False
        try:
            async with self._radio:
                if not await self._reached(bleak, first=first):
                    return False
            up = True
            self._changed(LinkState.UP)
            self._changed(LinkState.LOST, await self._until_lost())
        except (bleak.exc.BleakError, TimeoutError, OSError, EOFError) as cause:
            state = LinkState.LOST if up else LinkState.FAILED
            self._changed(state, why(cause))
        finally:
            await _to_its_end(self._closed())
        return up

    async def _reached(self, bleak: Any, *, first: bool) -> bool:
        """Find and connect it; whether it was found."""
        try:
            place = await self._found()
        except (bleak.exc.BleakError, OSError, EOFError) as cause:
            self._changed(LinkState.NO_RADIO, why(cause))
            return False
        if place is None:
            self._changed(LinkState.NOT_FOUND, "it is switched off, far away, or in other use")
            return False
        if not first:
            self._state = receiving.on_new_link(self._driver, self._state)
        await self._connected(bleak, place)
        return True

    async def _found(self) -> "BLEDevice | None":
        bleak = bleak_module()
        more = {} if self._backends.scanner is None else {"backend": self._backends.scanner}
        async with asyncio.timeout(self._timing.find_s + self._timing.answer_s):
            found: BLEDevice | None = await bleak.BleakScanner.find_device_by_address(
                self._address, timeout=self._timing.find_s, **more
            )
        return found

    async def _connected(self, bleak: Any, place: "BLEDevice") -> None:
        timing, manifest = self._timing, self._driver.manifest
        more = {} if self._backends.client is None else {"backend": self._backends.client}
        self._lost.clear()
        self._client = client = bleak.BleakClient(
            place, disconnected_callback=lambda _: self._lost.set(), **more
        )
        async with asyncio.timeout(timing.connect_s):
            await client.connect()
        there = {c.uuid for service in client.services for c in service.characteristics}
        wanted = [uuid for uuid in manifest.subscribes if uuid in there]
        if not wanted:
            raise bleak.exc.BleakError(f"it does not offer what a {manifest.title} offers")
        self._heard_s = self._now_s()
        for uuid in manifest.reads:
            await self._read(client, uuid)
        for uuid in wanted:
            async with asyncio.timeout(timing.answer_s):
                await client.start_notify(uuid, self._listener(uuid))
        await self._ask_battery(client)
        for write in manifest.start:
            await self.send(write)

    async def _read(self, client: "BleakClient", uuid: str) -> None:
        bleak = bleak_module()
        try:
            async with asyncio.timeout(self._timing.answer_s):
                payload = await client.read_gatt_char(uuid)
        except bleak.exc.BleakError as cause:
            # What is not told stays unknown, and the driver does without.
            self._reject(f"{uuid} cannot be read: {why(cause)}")
            return
        self._heard(Notice(uuid, bytes(payload)), self._now_s())

    def _reject(self, detail: str) -> None:
        reason = RejectionReason.UNDECODABLE
        rejection = Rejection(self._now_s(), self._source, reason, detail)
        self._tell(receiving.Received(rejections=(rejection,)))

    def _heard(self, notice: Notice, arrived_s: float) -> None:
        self._state, received = receiving.step(self._driver, self._state, notice, arrived_s)
        if received.observations or received.rejections:
            self._tell(received)

    def _listener(self, uuid: str) -> Callable[[Any, bytearray], None]:
        def heard(_: Any, payload: bytearray) -> None:
            arrived_s = self._now_s()
            self._heard_s = arrived_s
            self._heard(Notice(uuid, bytes(payload)), arrived_s)

        return heard

    async def _ask_battery(self, client: "BleakClient") -> None:
        manifest, timing = self._driver.manifest, self._timing
        if manifest.ask_battery is not None:
            await self.send(manifest.ask_battery)
        if manifest.read_battery is None:
            return
        bleak = bleak_module()
        try:
            async with asyncio.timeout(timing.answer_s):
                payload = await client.read_gatt_char(manifest.read_battery)
        except bleak.exc.BleakError:
            # Many straps leave it out: what is not told stays unknown.
            return
        self._state, received = receiving.battery_read(
            self._driver, self._state, bytes(payload), self._now_s()
        )
        self._tell(received)

    async def _until_lost(self) -> str:
        """Why the link ended."""
        asked_s = self._now_s()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.look_s):
                    await self._lost.wait()
                    return "the device is gone"
            now_s = self._now_s()
            if now_s - self._heard_s > self._timing.silence_s:
                return f"nothing came for {self._timing.silence_s:g} s"
            if now_s - asked_s > self._timing.battery_s and self._client is not None:
                asked_s = now_s
                await self._ask_battery(self._client)

    async def _closed(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        bleak = bleak_module()
        # Each by itself: a stop that is refused must not keep the link open, which a band would
        # take for a host that is still there.
        gone = (bleak.exc.BleakError, TimeoutError, OSError, EOFError)
        for write in self._driver.manifest.stop if client.is_connected else ():
            with suppress(*gone):
                await guarded_write(self._driver, client, write, within_s=self._timing.answer_s)
        with suppress(*gone):
            async with asyncio.timeout(self._timing.answer_s):
                await client.disconnect()

    def _changed(self, state: LinkState, why: str = "") -> None:
        self._tell(LinkChanged(self._now_s(), self._source, state, why))
