"""The devices that are worn: chosen before a session, listened to in their own thread, led along.

What they bring can only become samples; they have no way to say a word. A session that goes on
keeps those that it began with, whatever is chosen meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.device_wire import MOST_TOLD, Ordered, Told, read_order, written
from lengthwise.contracts.devices import LinkSample, Use, WornDevice
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment
from lengthwise.contracts.session import SessionStarted
from lengthwise.devices.chosen import check_together, chosen, stream_of, worn_device
from lengthwise.devices.remembered import remembered
from lengthwise.live.device_looking import Looking, What, looking
from lengthwise.live.device_sits import Aligned, SensorSits, Stood
from lengthwise.live.roles import DEVICES
from lengthwise.live.same_sender import SameSender
from lengthwise.live.worn_devices import (
    Air,
    DeviceSeen,
    Stand,
    WornDevices,
    as_it_allows,
    this_machine,
)
from lengthwise.web.hub import Guided, Hub, Urgency
from lengthwise.web.lines import Line

STOOD_HOLDS_S = 15.0
"""Whoever stood still longer ago may stand elsewhere by now."""
_THERE = (Stand.HEARD, Stand.SILENT)


class DeviceListed(Struct, frozen=True):
    """One that has a name on this machine. `use` None: nothing in a session uses it; `seen` None:
    it is not chosen; `drives_n`: it may pull by itself, with no more than so much."""

    name: str
    title: str
    use: Use | None
    segment: Segment | None
    seen: DeviceSeen | None = None
    drives_n: float | None = None

    @property
    def heard(self) -> bool:
        """Whether a session that begins now has it."""
        return self.seen is not None and self.seen.stand in _THERE


class DevicesSeen(Struct, frozen=True):
    """`led`: a session is going on with them; `missing`: what a session with these would not know,
    by the use of those that are not heard; `aligning`, `standing`: what is looked for, or was found
    last, of how the sensors sit; None: nothing was."""

    devices: tuple[DeviceListed, ...]
    led: bool = False
    missing: tuple[Use, ...] = ()
    aligning: Aligned | None = None
    standing: Stood | None = None


class Brought(Struct, frozen=True):
    """What a session begins with; `stood_s` on the clock of the host."""

    devices: tuple[WornDevice, ...] = ()
    streams: tuple[ImuStream, ...] = ()
    stood_s: tuple[float, float] | None = None


class DeviceDesk:
    """Used from one event loop only. `names` that are chosen as the server begins."""

    def __init__(
        self,
        home: Path,
        *,
        names: Sequence[str] = (),
        air: Air = this_machine,
        look: Callable[[What, tuple[ImuStream, ...]], Looking] = looking,
    ) -> None:
        self._home, self._names, self._air = home, tuple(names), air
        self._worn: WornDevices | None = None
        self._feed: _Feed | None = None
        self._look = look
        self._looking: dict[What, Looking] = {}

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
            ).coded("devices_led")
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
        self._look_no_more()
        worn, self._worn = self._worn, None
        if worn is not None:
            await asyncio.to_thread(worn.close)

    def seen(self) -> DevicesSeen:
        now = {} if self._worn is None else {s.name: s for s in self._worn.seen()}
        listed = []
        for named, driver in chosen(self._home, [r.name for r in remembered(self._home)]):
            worn, here = worn_device(named, driver), now.get(named.name)
            if worn is not None and here is not None and here.stand in _THERE:
                worn = as_it_allows(worn, here.most_n)
            listed.append(
                DeviceListed(
                    named.name,
                    driver.manifest.title,
                    None if worn is None else worn.use,
                    named.segment,
                    here,
                    None if worn is None or worn.drive is None else worn.drive.most_n,
                )
            )
        gone = [d for d in listed if d.seen is not None and d.seen.stand not in _THERE]
        missing = tuple(dict.fromkeys(d.use for d in gone if d.use is not None))
        aligning, standing = (self._looking.get(what) for what in What)
        aligned = None if aligning is None else aligning.found
        stood = None if standing is None else standing.found
        return DevicesSeen(
            tuple(listed),
            self._feed is not None,
            missing,
            aligned if isinstance(aligned, Aligned) else None,
            stood if isinstance(stood, Stood) else None,
        )

    def align(self) -> DevicesSeen:
        """Look how the sensors sit: standing, bending, raising a knee. Raises InputError,
        SafetyRefusedError."""
        streams = self._free_streams()
        self._look_no_more()
        self._looking[What.ALIGNING] = self._look(What.ALIGNING, streams)
        return self.seen()

    def stand(self) -> DevicesSeen:
        """Look for three seconds of standing still with all sensors. Raises as `align`, and where
        one was found to sit otherwise."""
        streams = self._free_streams()
        wrong = [s.segment.value for s in self._sits() if s.well is False]
        if wrong:
            raise SafetyRefusedError(
                "beginning with the sensors",
                reason=f"worn otherwise than declared: {', '.join(wrong)}",
                remedy="correct it and check again, or leave it out",
            ).coded("devices_otherwise", names=", ".join(wrong))
        self._look_no_more(What.STANDING)
        self._looking[What.STANDING] = self._look(What.STANDING, streams)
        return self.seen()

    def _sits(self) -> tuple[SensorSits, ...]:
        looked = self._looking.get(What.ALIGNING)
        found = None if looked is None else looked.found
        return found.sensors if isinstance(found, Aligned) else ()

    def _free_streams(self) -> tuple[ImuStream, ...]:
        if self._feed is not None and self._feed.led:
            raise SafetyRefusedError(
                "looking how sensors sit",
                reason="a session is going on with them",
                remedy="end that one first",
            ).coded("devices_led")
        streams = self.brought().streams
        if not streams:
            raise InputError(
                "sensors",
                value="none that is heard",
                allowed="at least one on a segment",
                remedy="choose one and see that it is on",
            )
        return streams

    def _look_no_more(self, *whats: What) -> None:
        for what in whats or tuple(self._looking):
            looked = self._looking.pop(what, None)
            if looked is not None:
                looked.close()

    def brought(self) -> Brought:
        """What is heard now: only that is declared of a session that begins."""
        if self._worn is None:
            return Brought()
        seen = {s.name: s for s in self._worn.seen()}
        there = [(n, d) for n, d in self._worn.devices if seen[n.name].stand in _THERE]
        found = [(n, d, worn_device(n, d)) for n, d in there]
        streams = [stream_of(n, d, seen[n.name].rate_hz) for n, d in there]
        return Brought(
            tuple(
                replace(as_it_allows(w, seen[n.name].most_n), simulated=seen[n.name].simulated)
                for n, _, w in found
                if w is not None
            ),
            self._as_found(tuple(s for s in streams if s is not None)),
            self._stood_s(),
        )

    def _as_found(self, streams: tuple[ImuStream, ...]) -> tuple[ImuStream, ...]:
        """With the axes that an alignment found for those of which nobody said them."""
        sits = {s.segment: s for s in self._sits() if s.well}
        return tuple(
            replace(s, forward_axis=sits[s.segment].front, up_axis=sits[s.segment].up)
            if s.forward_axis is None and s.segment in sits
            else s
            for s in streams
        )

    def _stood_s(self) -> tuple[float, float] | None:
        looked = self._looking.get(What.STANDING)
        found = None if looked is None else looked.found
        stood_s = found.stood_s if isinstance(found, Stood) else None
        if stood_s is None or self._worn is None:
            return None
        return stood_s if self._worn.now_s - stood_s[1] <= STOOD_HOLDS_S else None

    async def lead(
        self, hub: Hub, started: SessionStarted, folder: Path, brought: Brought
    ) -> Guided:
        """A session that hears them: from the standing on where that is its zero. Raises
        NotOpenError."""
        stood = brought.stood_s is not None and started.config.zero_s is not None
        begun_s = brought.stood_s[0] if stood and brought.stood_s is not None else None
        session = await hub.open(started, folder, begun_s=begun_s)
        self.feed(hub, session, since_s=begun_s)
        return session

    def feed(self, hub: Hub, session: Guided, *, since_s: float | None = None) -> None:
        """From now on this session hears them; `since_s`: with what was felt since then."""
        if self._worn is None or not session.started.config.devices:
            return
        self._unfeed()
        self._feed = _Feed(hub, session, over=self._session_over, order=self._worn.order)
        self._look_no_more(What.STANDING)
        felt = () if since_s is None else self._worn.since(since_s)
        for at in range(0, len(felt), MOST_TOLD):
            self._feed.put(felt[at : at + MOST_TOLD])
        for seen in self._worn.seen():
            up, now_s = seen.stand in _THERE, self._worn.now_s
            self._feed.put((LinkSample(now_s, seen.name, up, seen.why, seen.segment),))

    def feed_again(self, hub: Hub, session: Guided) -> None:
        """Where others, or these anew, were chosen while nobody was led in it."""
        if self._feed is None or not self._feed.into(session):
            self.feed(hub, session)

    def _heard(self, told: tuple[Told, ...]) -> None:
        if self._feed is not None:
            self._feed.put(told)
            return
        felt = tuple(item for item in told if isinstance(item, ImuSample))
        for looked in self._looking.values() if felt else ():
            looked.take(*felt)

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
    """Into one session, all of it and in order, and what it has a band do out of it; `over` is told
    once when the session has ended."""

    def __init__(
        self,
        hub: Hub,
        session: Guided,
        *,
        over: "Callable[[_Feed], None]",
        order: Callable[[Ordered], None],
    ) -> None:
        self._hub, self._session, self._over, self._order = hub, session, over, order
        self._same = SameSender(session.started.config.devices)
        self._name, line = hub.join(session, DEVICES)
        self._draining = asyncio.create_task(self._drain(line))

    @property
    def led(self) -> bool:
        return self._session.led

    def into(self, session: Guided) -> bool:
        return self._session is session

    def put(self, told: tuple[Told, ...]) -> None:
        of_session = self._same.of(told)
        if of_session:
            self._hub.take(self._session, self._name, written(of_session), urgency=Urgency.IN_TURN)

    def close(self) -> None:
        self._draining.cancel()
        self._hub.leave(self._session, self._name)

    async def _drain(self, line: Line) -> None:
        """Everybody in a session is told everything; of it only an order is for a device."""
        while (raw := await line.next()) is not None:
            ordered = read_order(raw)
            if ordered is not None:
                self._order(ordered)
        self._over(self)
