"""What the routes share while the server runs: settings, the person's store, the sessions."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.live import guided
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore
from lengthwise.vault import keyring
from lengthwise.web.door import Door, same
from lengthwise.web.hub import Finished, Hub

__all__ = ["House", "Settings", "plain", "same"]


class Settings(Struct, frozen=True):
    """`hosts`: names with port under which this machine is reached; `token` of this start; `page`:
    folder of the built front end."""

    home: Path
    profile: str
    hosts: tuple[str, ...]
    token: str
    processes: int
    page: Path


class House:
    """One start of the server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.door = Door()
        # Cookies know no ports: another server of this machine must not take this one's.
        self.cookie_name = "lengthwise_" + settings.hosts[0].rpartition(":")[2]
        self.one_at_a_time = asyncio.Lock()
        self._hub: Hub | None = None
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
        if self.door.idle and not (self._hub and self._hub.going_on()):
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

    def begin(self) -> None:
        """Needs a running event loop. What an earlier start left unfinished is brought back, where
        it can be read; else once it can."""
        if not keyring.is_locked(self.folder):
            self.bring_back()
        self._hub = Hub(
            processes=self.settings.processes, alarmed=self._stop, finished=self._finished
        )

    def bring_back(self) -> None:
        """Sessions that were cut off, and how they ended. Raises LengthwiseError."""
        with self.store() as store:
            guided.recover_cut_off(store, self.settings.home)
        self._brought_back = True

    def store(self) -> ProfileStore:
        return ProfileStore.open(self.settings.home, self.settings.profile)

    def keep_stops(self, store: ProfileStore) -> None:
        """Keep what could not be kept when it happened. Raises StorageError: nobody is led then."""
        for session_id, at_s in list(self._unkept.items()):
            guided.keep_stop(store, session_id, at_s=at_s)
            self._unkept.pop(session_id, None)

    def _stop(self, session_id: str) -> None:
        """A symptom or pain stopped it: from this moment the questions come first, whether or not
        anybody ends the session."""
        if session_id in self._stopped:
            return
        self._stopped.add(session_id)
        self._unkept[session_id] = time.time()
        with suppress(LengthwiseError), self.store() as store:
            self.keep_stops(store)

    def _finished(self, found: Finished) -> None:
        """Kept at once: a page that is gone must not cost a session its place in the history."""
        if found.screening_needed:
            self._stop(found.session_id)
        if found.totals is not None:
            with self.store() as store:
                guided.keep_session(store, found.totals, found.marks)


def plain(value: object) -> dict[str, Any]:
    """A contract value as JSON knows it."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
