"""Where the files of one session lie, and which names are allowed."""

import os
import re
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.vault.keyring import PROFILES

LOG_NAME = "session.log"
SEALED_NAME = "session.mcap"
REPORT_NAME = "report.html"
STATE_NAME = "session.state"
"""Beside a running log: what its steps remembered a moment ago. It only saves time."""

_SESSION_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
_PROFILE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class SessionFolder(Struct, frozen=True):
    """The folder of one session: the running log, then the sealed recording in its place.

    The log's own lock tells whether a session is still being written, so there is no lock file
    that a crash could leave behind.
    """

    path: Path

    @property
    def log(self) -> Path:
        return self.path / LOG_NAME

    @property
    def sealed(self) -> Path:
        return self.path / SEALED_NAME

    def create(self) -> "SessionFolder":
        """Make the folder, readable by its owner only. Raises StorageError if it cannot be."""
        make_private_folder(self.path)
        return self


def session_folder(home: Path, profile_id: str, session_id: str) -> SessionFolder:
    """The folder of a session, not created yet. Raises InputError on a name that is not allowed.

    `session_id` is `<UTC, compact>-<6 hex digits>`, e.g. `20260131T081500Z-a1b2c3`.
    """
    if not _SESSION_ID.fullmatch(session_id):
        raise InputError(
            "session",
            value=session_id,
            allowed="a UTC time and six hex digits such as 20260131T081500Z-a1b2c3",
            remedy="take it from: lengthwise history",
        )
    return SessionFolder(sessions_folder(home, profile_id) / session_id)


def profiles_folder(home: Path) -> Path:
    return home / PROFILES


def profile_folder(home: Path, profile_id: str) -> Path:
    """The folder of a profile, not created yet. Raises InputError on a name not allowed."""
    if not is_profile_id(profile_id):
        raise InputError(
            "profile",
            value=repr(profile_id),
            allowed="1 to 40 of a-z, 0-9, - and _, beginning with a letter or digit",
            remedy="choose such a name, for example anna-2",
        )
    return profiles_folder(home) / profile_id


def sessions_folder(home: Path, profile_id: str) -> Path:
    return profile_folder(home, profile_id) / "sessions"


def is_profile_id(name: str) -> bool:
    return _PROFILE_ID.fullmatch(name) is not None


def make_private_folder(path: Path) -> None:
    """Create a folder and its parents; new ones are open to their owner only (health data).

    Raises StorageError if it cannot be created.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(exist_ok=True)
    except OSError as cause:
        raise StorageError(
            f"creating {path}",
            cause=cause.strerror or str(cause),
            remedy="check that this place can be written to",
            written=path,
        ) from cause


def check_place(path: Path) -> None:
    """Raises StorageError where no folder is and none could be made: a file is in its way, or a
    link to nothing. Makes none."""
    for part in (path, *path.parents):
        if part.is_dir():
            return
        if part.exists() or part.is_symlink():
            raise StorageError(
                f"opening {path}",
                cause=f"{part} is no folder",
                remedy="check that this place can be written to",
            )


def sync_folder(path: Path) -> None:
    """Make names created or removed in a folder survive a loss of power."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
