"""Asking for secrets: from the terminal, from a file descriptor or from the environment; never from
the arguments, which every program of this machine can read.

    LENGTHWISE_PASSPHRASE_FD=3 lengthwise history --profile anna 3< secret
"""

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.record.session_folder import profiles_folder

PASSPHRASE, NEW_PASSPHRASE, CODE = "PASSPHRASE", "NEW_PASSPHRASE", "RECOVERY_CODE"
_PREFIX = "LENGTHWISE_"
_MOST_BYTES = 4096
_ASK_FOR_THEMSELVES = ("recover", "serve")
_NEEDS_NONE = ("lock", "unlock", "passphrase", "code", "recover", "delete")


def given(name: str) -> str | None:
    """What a program or a script gives; taken out of the environment, so that no process which is
    begun from here has it. Raises InputError."""
    text = os.environ.pop(_PREFIX + name, None)
    number = os.environ.pop(f"{_PREFIX}{name}_FD", None)
    if number is None:
        return text or None
    try:
        with os.fdopen(int(number), "rb") as stream:
            return stream.read(_MOST_BYTES).decode().splitlines()[0]
    except (OSError, ValueError, IndexError):
        raise InputError(
            f"{_PREFIX}{name}_FD",
            value=number,
            allowed="the number of an open file descriptor with one line of text",
            remedy="see: lengthwise person --help",
        ) from None


def secret(name: str, prompt: str) -> str:
    """Given, else asked for in the terminal without being shown. Raises InputError where nobody
    sits at one."""
    found = given(name)
    if found is not None:
        return found
    if not at_terminal():
        raise InputError(
            prompt.lower(),
            value="no terminal to ask in",
            allowed=f"{_PREFIX}{name} or {_PREFIX}{name}_FD in a script",
            remedy="see: lengthwise person --help",
        )
    return getpass(f"{prompt}: ")


def at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def unlock_for(o: argparse.Namespace) -> None:
    """Before a command runs: ask once for each locked profile that it reads."""
    if o.command in _ASK_FOR_THEMSELVES or getattr(o, "action", None) in _NEEDS_NONE:
        return
    profile = getattr(o, "profile", None)
    folders = [profiles_folder(data_home()) / profile] if profile else []
    folders += [path for path in vars(o).values() if isinstance(path, Path)]
    for folder in folders:
        unlock_place(folder)


def unlock_place(path: Path) -> None:
    """Ask for the passphrase of the profile that a file or folder lies in, if it has one."""
    from lengthwise.vault.keyring import is_locked, locked_folder

    folder = locked_folder(path)
    if folder is None or not is_locked(folder):
        return
    from lengthwise.record.locking import unlock

    unlock(folder.parent.parent, folder.name, secret(PASSPHRASE, f"Passphrase of {folder.name}"))


def unlock_unfinished(where: Path) -> None:
    """Of every locked profile in which a session was cut off; without a terminal they are left."""
    from lengthwise.record.session_folder import LOG_NAME

    for log in sorted(where.rglob(LOG_NAME)) if where.is_dir() else [where]:
        if at_terminal() or any(k.startswith(_PREFIX + PASSPHRASE) for k in os.environ):
            unlock_place(log)


def unlock_or_leave(home: Path, profile: str) -> bool:
    """For the server, whose page can ask as well. False: it is left to the page."""
    from lengthwise.record.locking import is_locked, unlock

    if not is_locked(home, profile):
        return True
    typed = given(PASSPHRASE)
    if typed is None and at_terminal():
        typed = getpass(f"Passphrase of {profile} (or only Enter, and the page asks): ")
    if not typed:
        return False
    unlock(home, profile, typed)
    return True
