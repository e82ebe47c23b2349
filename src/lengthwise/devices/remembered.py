"""Devices that the person has named: a small file of this machine, written whole or not at all."""

import os
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.devices import Drive, Pull
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import Axis, Segment

FILE_NAME = "devices.json"
MOST_LETTERS = 40
STREAM_PREFIX = "lsl_"


class Remembered(Struct, frozen=True, forbid_unknown_fields=True):
    """`name` as the person calls it; `segment`: where an inertial sensor is worn, and which of its
    axes points to the person's front and upwards there (see `contracts.observation.ImuStream`);
    `pull`: where a gauge or band pulls; `breath`: it is a belt round the chest; `drive`: a band
    that may pull by itself."""

    name: str
    driver: str
    address: str
    segment: Segment | None = None
    forward_axis: Axis | None = None
    up_axis: Axis | None = None
    pull: Pull | None = None
    breath: bool = False
    drive: Drive | None = None


def remembered(home: Path) -> tuple[Remembered, ...]:
    """All of them by name. Raises InputError on a file that is not ours any more."""
    path = home / FILE_NAME
    if not path.is_file():
        return ()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=tuple[Remembered, ...])
    except msgspec.MsgspecError as cause:
        raise InputError(
            "list of devices",
            value=path,
            allowed="the file as it was written",
            remedy=f"remove it and name the devices again ({cause})",
        ) from cause
    return tuple(sorted(found, key=lambda r: r.name))


def named(home: Path, name: str) -> Remembered | None:
    return next((r for r in remembered(home) if r.name == name), None)


def remember(home: Path, device: Remembered) -> None:
    """Keep a device under its name, in place of what had the same name or address. The address of
    a stream of LSL is its name. Raises InputError on a name that cannot be one."""
    name = device.name
    if not 0 < len(name) <= MOST_LETTERS or not name.isprintable() or name != name.strip():
        raise InputError(
            "name of a device",
            value=name or "nothing",
            allowed=f"1 to {MOST_LETTERS} letters that can be printed, no blank at the ends",
            remedy="choose another",
        )
    address = device.address
    stream = device.driver.startswith(STREAM_PREFIX)
    blank = " " in address.strip() if not stream else address != address.strip()
    if not 0 < len(address) <= MOST_LETTERS or not address.isprintable() or blank:
        raise InputError(
            "name of an LSL stream" if stream else "address of a device",
            value=address or "nothing",
            allowed=f"1 to {MOST_LETTERS} letters "
            + ("that can be printed" if stream else "without a blank, as a scan shows it"),
            remedy=f"see: lengthwise devices {'list' if stream else 'scan'}",
        )
    others = [r for r in remembered(home) if r.name != name and r.address != device.address]
    _write(home, (*others, device))


def forget(home: Path, name: str) -> Remembered:
    """Raises InputError where nothing has this name."""
    gone = named(home, name)
    if gone is None:
        known = ", ".join(r.name for r in remembered(home)) or "none is named yet"
        raise InputError(
            "name of a device", value=name, allowed=known, remedy="see: lengthwise devices list"
        )
    _write(home, tuple(r for r in remembered(home) if r.name != name))
    return gone


def _write(home: Path, devices: tuple[Remembered, ...]) -> None:
    raw = msgspec.json.format(msgspec.json.encode(sorted(devices, key=lambda r: r.name)), indent=2)
    try:
        home.mkdir(parents=True, exist_ok=True)
        fd, part = tempfile.mkstemp(dir=home, prefix=FILE_NAME, suffix=".part")
        with os.fdopen(fd, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(home / FILE_NAME)
    except OSError as cause:
        raise StorageError(
            f"writing {home / FILE_NAME}",
            cause=cause.strerror or type(cause).__name__,
            remedy="make room or check its permissions, then try again",
            written=home / FILE_NAME,
        ) from cause
