"""What a driver of recordings is, and how one is found.

A driver is announced by an entry point in the group `lengthwise.drivers`; each knows how to
recognise what it can read and turns it into observations and counted rejections.
"""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    Posture,
    RecordingHeader,
    Rejection,
    Tick,
    View,
)


class Manifest(Struct, frozen=True):
    """What a driver can do. `extra`: name of the optional install it needs, or None."""

    name: str
    reads: str
    streams: tuple[str, ...]
    extra: str | None = None


class OpenOptions(Struct, frozen=True):
    """What a person may state about a recording; None where nothing was stated."""

    pose_model: str = "full"
    view: View | None = None
    mirrored: bool | None = None
    posture: Posture | None = None


class Recording(Protocol):
    """An open recording. `read` may be called once; memory stays bounded for any length."""

    @property
    def header(self) -> RecordingHeader: ...

    def read(
        self,
    ) -> Iterator[LandmarkFrame | AuditFrame | ImuSample | PersonSignal | Tick | Rejection]:
        """Observations in the order of the file, rejections where they were met."""
        ...

    def close(self) -> None: ...


class Driver(Protocol):
    @property
    def manifest(self) -> Manifest: ...

    def accepts(self, path: Path) -> bool:
        """Whether this looks like ours; cheap, never raises on foreign content."""
        ...

    def open(self, path: Path, options: OpenOptions) -> Recording:
        """Raises InputError or MissingPartError with one clear line."""
        ...


def drivers() -> dict[str, Driver]:
    """All installed drivers by name, in the order of their names."""
    found = sorted(entry_points(group="lengthwise.drivers"), key=lambda e: e.name)
    return {entry.name: entry.load() for entry in found}


def open_recording(path: Path, options: OpenOptions) -> Recording:
    """Open with the first driver that accepts the path. Raises InputError if none does."""
    if not path.exists():
        raise InputError(
            "input", value=path, allowed="an existing file or folder", remedy="check the path"
        )
    known = drivers()
    for driver in known.values():
        if driver.accepts(path):
            return driver.open(path, options)
    allowed = "; ".join(driver.manifest.reads for driver in known.values())
    raise InputError(
        "input", value=path, allowed=allowed, remedy="convert it to one of these first"
    )
