"""The devices that are worn: chosen before a session, listened to in their own thread, led along.

What they bring can only become samples; they have no way to say a word. A session that goes on
keeps those that it began with, whatever is chosen meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.device_wire import Told, written
from lengthwise.contracts.devices import LinkSample, Use, WornDevice
from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.contracts.observation import ImuStream, Segment
from lengthwise.devices.chosen import check_together, chosen, stream_of, worn_device
from lengthwise.devices.remembered import remembered
from lengthwise.live.roles import DEVICES
from lengthwise.live.worn_devices import Air, DeviceSeen, Stand, WornDevices, this_machine
from lengthwise.web.hub import Guided, Hub, Urgency
from lengthwise.web.lines import Line

_THERE = (Stand.HEARD, Stand.SILENT)


class DeviceListed(Struct, frozen=True):
    """One that has a name on this machine. `use` None: nothing in a session uses it; `seen` None:
    it is not chosen."""

    name: str
    title: str
    use: Use | None
    segment: Segment | None
    seen: DeviceSeen | None = None


class DevicesSeen(Struct, frozen=True):
    """`led`: a session is going on with them; `missing`: what a session with these would not know,
    by the use of those that are not heard."""

    devices: tuple[DeviceListed, ...]
    led: bool = False
    missing: tuple[Use, ...] = ()


class Brought(Struct, frozen=True):
    """What a session begins with."""

    devices: tuple[WornDevice, ...] = ()
    streams: tuple[ImuStream, ...] = ()


class DeviceDesk:
    """Used from one event loop only. `names` that are chosen as the server begins."""

    def __init__(self, home: Path, *, names: Sequence[str] = (), air: Air = this_machine) -> None:
        self._home, self._names, self._air = home, tuple(names), air
        self._worn: WornDevices | None = None
        self._feed: _Feed | None = None

    async def begin(self) -> None:
        """Those that were named on the command line. Raises InputError."""
        if self._names:
            await self.choose(self._names)

    async def choose(self, names: Sequence[str]) -> None:
        """These and no others. Raises InputError on a name that is not known, SafetyRefusedError
        while a session is going on with others."""
        if self._feed is not None and self._feed.led:
            raise SafetyRefusedError(
                "choosing other devices",
                reason="a session is going on with these",
                remedy="end that one first",
            )
        devices = chosen(self._home, names)
        check_together(devices)
        if self._worn is not None and tuple(self._worn.devices) == devices and self._worn.alive:
            return
        await self.forget()
        if devices:
            loop = asyncio.get_running_loop()
            self._worn = WornDevices(devices, hear=_from_thread(loop, self._heard), air=self._air)
            await asyncio.to_thread(self._worn.begin)

    async def forget(self) -> None:
        """Every device is told to stop, and every link is closed."""
        self._unfeed()
        worn, self._worn = self._worn, None
        if worn is not None:
            await asyncio.to_thread(worn.close)

    def seen(self) -> DevicesSeen:
        now = {} if self._worn is None else {s.name: s for s in self._worn.seen()}
        listed = []
        for named, driver in chosen(self._home, [r.name for r in remembered(self._home)]):
            worn = worn_device(named, driver)
            listed.append(
                DeviceListed(
                    named.name,
                    driver.manifest.title,
                    None if worn is None else worn.use,
                    named.segment,
                    now.get(named.name),
                )
            )
        gone = [d for d in listed if d.seen is not None and d.seen.stand not in _THERE]
        missing = tuple(dict.fromkeys(d.use for d in gone if d.use is not None))
        return DevicesSeen(tuple(listed), self._feed is not None, missing)

    def brought(self) -> Brought:
        """What is heard now: only that is declared of a session that begins."""
        if self._worn is None:
            return Brought()
        seen = {s.name: s for s in self._worn.seen()}
        there = [(n, d) for n, d in self._worn.devices if seen[n.name].stand in _THERE]
        found = [(n, d, worn_device(n, d)) for n, d in there]
        streams = [stream_of(n, d, seen[n.name].rate_hz) for n, d in there]
        return Brought(
            tuple(w for _, _, w in found if w is not None),
            tuple(s for s in streams if s is not None),
        )

    def feed(self, hub: Hub, session: Guided) -> None:
        """From now on this session hears them."""
        if self._worn is None or not session.started.config.devices:
            return
        self._unfeed()
        self._feed = _Feed(hub, session, over=self._session_over)
        for seen in self._worn.seen():
            up = seen.stand in _THERE
            if not up:
                now_s = self._worn.now_s
                self._feed.put((LinkSample(now_s, seen.name, up, seen.why, seen.segment),))

    def _heard(self, told: tuple[Told, ...]) -> None:
        if self._feed is not None:
            self._feed.put(told)

    def _session_over(self, feed: "_Feed") -> None:
        if self._feed is feed:
            self._feed = None

    def _unfeed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed = None


def _from_thread(
    loop: asyncio.AbstractEventLoop, hear: Callable[[tuple[Told, ...]], None]
) -> Callable[[tuple[Told, ...]], None]:
    def heard(told: tuple[Told, ...]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(hear, told)

    return heard


class _Feed:
    """Into one session, all of it and in order; `over` is told once when the session has ended."""

    def __init__(self, hub: Hub, session: Guided, *, over: "Callable[[_Feed], None]") -> None:
        self._hub, self._session, self._over = hub, session, over
        self._name, line = hub.join(session, DEVICES)
        self._draining = asyncio.create_task(self._drain(line))

    @property
    def led(self) -> bool:
        return self._session.led

    def put(self, told: tuple[Told, ...]) -> None:
        self._hub.take(self._session, self._name, written(told), urgency=Urgency.IN_TURN)

    def close(self) -> None:
        self._draining.cancel()
        self._hub.leave(self._session, self._name)

    async def _drain(self, line: Line) -> None:
        """Everybody in a session is told everything; devices are told nothing of it."""
        while await line.next() is not None:
            pass
        self._over(self)
