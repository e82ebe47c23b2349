"""What the routes share while the server runs: settings, the person's store, the sessions."""

import hmac
import secrets
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from lengthwise.live import guided
from lengthwise.record.store import ProfileStore
from lengthwise.web.hub import Finished, Hub


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
        self.cookie = secrets.token_urlsafe(32)
        self._hub: Hub | None = None

    @property
    def hub(self) -> Hub:
        assert self._hub is not None, "it lives as long as the server"
        return self._hub

    def begin(self) -> None:
        """Needs a running event loop. What an earlier start left unfinished is brought back."""
        with self.store() as store:
            guided.recover_cut_off(store, self.settings.home)
        self._hub = Hub(processes=self.settings.processes, finished=self._finished)

    def store(self) -> ProfileStore:
        return ProfileStore.open(self.settings.home, self.settings.profile)

    def _finished(self, found: Finished) -> None:
        """Kept at once: a page that is gone must not cost a session its place in the history."""
        with self.store() as store:
            if found.totals is None:
                guided.keep_cut_off(store, found.session_id)
                return
            guided.keep_session(
                store, found.totals, found.marks, safety_stop=found.screening_needed
            )


def same(a: str | None, b: str) -> bool:
    """Compared in a time that tells nothing."""
    return a is not None and hmac.compare_digest(a.encode(), b.encode())


def plain(value: object) -> dict[str, Any]:
    """A contract value as JSON knows it."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
