"""Which profiles this process has been given the key of, and which folder a file is locked by.

The one thing that a whole process shares: a key is given once, at its edge (the command line, the
unlock screen), and every reader and writer of files below finds it by where its file lies. So no
call in between has to carry a secret, and none can forget to.
"""

import os
import threading
from pathlib import Path

from lengthwise.vault.errors import LockedError
from lengthwise.vault.key_file import KEY_NAME, read_key_file
from lengthwise.vault.keys import DataKey

PROFILES = "profiles"
_held: dict[Path, DataKey] = {}
_guard = threading.Lock()


def hold(folder: Path, key: DataKey) -> None:
    """From now on this process reads and writes what lies in `folder`."""
    with _guard:
        _held[folder.resolve()] = key


def drop(folder: Path) -> None:
    """Forget it. What it was used for before may still be in this process's memory."""
    with _guard:
        _held.pop(folder.resolve(), None)


def locked_folder(path: Path) -> Path | None:
    """The profile's folder with a passphrase that a file lies in; None where there is none."""
    whole = Path(os.path.realpath(path))  # a ring of links is nobody's folder, and no error
    return next((p for p in (whole, *whole.parents) if _is_locked_profile(p)), None)


def _is_locked_profile(folder: Path) -> bool:
    # Any folder may hold somebody else's file of that name.
    return folder.parent.name == PROFILES and (folder / KEY_NAME).exists()


def is_locked(folder: Path) -> bool:
    """Whether it has a passphrase that this process was not given. Raises InputError where its key
    file is damaged."""
    file = read_key_file(folder)
    if file is None:
        return False
    with _guard:
        key = _held.get(folder.resolve())
    return key is None or key.name != file.key_name


def key_for(path: Path) -> DataKey | None:
    """The key of what lies there; None where it is not encrypted. Raises LockedError."""
    folder = locked_folder(path)
    if folder is None:
        return None
    if is_locked(folder):
        raise LockedError(folder)
    with _guard:
        return _held[folder]


def handed_over(path: Path) -> bytes:
    """The key of what lies there, for another process of ours; nothing where it is not encrypted.
    Raises LockedError."""
    key = key_for(path)
    return b"" if key is None else key.raw()


def take_over(path: Path, raw: bytes) -> None:
    """What another process of ours has handed over."""
    folder = locked_folder(path)
    if folder is not None and raw:
        hold(folder, DataKey(raw))


def let_go(path: Path) -> None:
    """Forget the key of what lies there: another process of ours has handed it over for a while."""
    folder = locked_folder(path)
    if folder is not None:
        drop(folder)
