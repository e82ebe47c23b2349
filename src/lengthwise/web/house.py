"""What the routes share while the server runs: settings, the person's store, the sessions."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.person import RampLed
from lengthwise.live import guided, nursery
from lengthwise.live.allocator import collect
from lengthwise.live.phone_looking import looking
from lengthwise.live.unfinished import recover_cut_off
from lengthwise.live.worn_devices import Air, this_machine
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore
from lengthwise.vault import keyring
from lengthwise.web.device_desk import DeviceDesk
from lengthwise.web.door import Door, same
from lengthwise.web.hub import Finished, Hub
from lengthwise.web.phone_desk import Desk
from lengthwise.web.quiet import Quiet
from lengthwise.web.reports import Reports

__all__ = ["House", "Settings", "plain", "same"]


class Settings(Struct, frozen=True):
    """`hosts`: names with port under which this machine is reached; `token` of this start; `page`:
    folder of the built front end; `phone_address` of this machine for a phone, None to find it;
    `devices`: names of those that are worn from the start, `air` that they are in."""

    home: Path
    profile: str
    hosts: tuple[str, ...]
    token: str
    processes: int
    page: Path
    phone_address: str | None = None
    devices: tuple[str, ...] = ()
    air: Air = this_machine


class House:
    """One start of the server. What sessions leave is kept by one thread, in the order in which it
    came, so that no stream waits for the disk."""

    def __init__(
        self, settings: Settings, *, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self.door = Door(clock_s=clock_s)
        # Cookies know no ports: another server of this machine must not take this one's.
        self.cookie_name = "lengthwise_" + settings.hosts[0].rpartition(":")[2]
        self.one_at_a_time = asyncio.Lock()
        # What is told is folded into what is kept: one after the other, or a word would be lost.
        self.folding = Lock()
        self.phone = Desk(
            page=settings.page / "phone",
            keys=settings.home / "phone",
            address=settings.phone_address,
            look=looking,
        )
        self.reports = Reports(
            self.store,
            leads=self._leads,
            led=lambda: self.leads_somebody,
            makes_room=self._make_room,
        )
        self.devices = DeviceDesk(settings.home, names=settings.devices, air=settings.air)
        self._hub: Hub | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._quiet: Quiet | None = None
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")
        self._brought_back = False
        self._stopped: set[str] = set()
        self._unkept: dict[str, float] = {}

    @property
    def cookie(self) -> str:
        return self.door.cookie

    @property
    def folder(self) -> Path:
        return profile_folder(self.settings.home, self.settings.profile)

    @property
    def locked(self) -> bool:
        """Whether the passphrase is needed; also after a time in which nobody did anything. Until
        it is known how the sessions before ended, nobody is led: so long it is as if locked."""
        if self.door.idle and not self._leads():
            self.lock()
        try:
            return keyring.is_locked(self.folder) or not self._brought_back
        except LengthwiseError:
            return True  # its key file is damaged: what asks about the lock says so

    def begin_anew(self) -> None:
        """The person was deleted: there is no session left to ask about."""
        self._brought_back = True

    def lock(self) -> None:
        """Forget the key, where there is one; without one nothing is locked."""
        if keyring.locked_folder(self.folder) is not None:
            keyring.drop(self.folder)
            self._brought_back = False

    @property
    def hub(self) -> Hub:
        assert self._hub is not None, "it lives as long as the server"
        return self._hub

    async def begin(self) -> None:
        """What an earlier start left unfinished is brought back, or left to go on with, where it
        can be read; else once it can."""
        nursery.begin()
        if not keyring.is_locked(self.folder):
            await asyncio.get_running_loop().run_in_executor(self._keeper, self.bring_back)
        self._loop = asyncio.get_running_loop()
        self._hub = Hub(
            processes=self.settings.processes,
            alarmed=self._stop,
            finished=self._finished,
            ramped=lambda ramps: self._keeper.submit(self._keep_ramps, ramps),
        )
        await self.devices.begin()
        self._quiet = Quiet(self.door, going_on=self._leads, forget=self.lock)

    def _leads(self) -> bool:
        return self._hub is not None and bool(self._hub.going_on())

    @property
    def leads_somebody(self) -> bool:
        """Whether a page is there that leads somebody now."""
        return self._hub is not None and any(s.led for s in self._hub.going_on())

    def _make_room(self) -> None:
        if self._loop is not None and self._hub is not None:
            with suppress(RuntimeError):  # the loop is closed: this server is ending
                self._loop.call_soon_threadsafe(self._hub.let_idle_go)

    async def close(self) -> None:
        """End every session, and keep what they leave."""
        if self._quiet is not None:
            self._quiet.end()
        await self.hub.close()
        await asyncio.to_thread(self._keeper.shutdown)
        await asyncio.to_thread(self.reports.close)

    def store(self) -> ProfileStore:
        return ProfileStore.open(self.settings.home, self.settings.profile)

    def keep_stops(self, store: ProfileStore) -> None:
        """Keep what could not be kept when it happened. Raises StorageError: nobody is led then."""
        for session_id, at_s in list(self._unkept.items()):
            guided.keep_stop(store, session_id, at_s=at_s)
            self._unkept.pop(session_id, None)

    def bring_back(self) -> None:
        """Sessions that were cut off, and how they ended. Raises LengthwiseError."""
        with self.store() as store:
            recover_cut_off(self.settings.home)
            self.reports.draw_missing(store)
        self._brought_back = True

    def _stop(self, session_id: str) -> "asyncio.Future[None]":
        """A symptom or pain stopped it: from this moment the questions come first, whether or not
        anybody ends the session."""
        self._note_stop(session_id)
        return asyncio.get_running_loop().run_in_executor(self._keeper, self._keep_now)

    def _finished(self, found: Finished) -> "asyncio.Future[None]":
        """Kept at once: a page that is gone must not cost a session its place in the history."""
        if found.screening_needed:
            self._note_stop(found.session_id)
        return asyncio.get_running_loop().run_in_executor(self._keeper, self._keep, found)

    def _note_stop(self, session_id: str) -> None:
        if session_id not in self._stopped:
            self._stopped.add(session_id)
            self._unkept[session_id] = time.time()

    def _keep_now(self) -> None:
        with suppress(LengthwiseError), self.store() as store:
            self.keep_stops(store)

    def _keep_ramps(self, ramps: tuple[RampLed, ...]) -> None:
        """As each begins: whatever becomes of the session, it counts. The end is told it again."""
        with suppress(LengthwiseError), self.folding, self.store() as store:
            guided.keep_ramps(store, ramps)

    def _keep(self, found: Finished) -> None:
        self._keep_now()
        if found.totals is not None:
            with self.folding, self.store() as store:
                guided.keep_session(store, found.totals, found.marks, found.ramps)
            self.reports.draw(found.session_id)
        collect()


def plain(value: object) -> dict[str, Any]:
    """A contract value as JSON knows it."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
