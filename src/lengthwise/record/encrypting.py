"""A profile's files from clear to encrypted and back, in place: cut off at any moment, nothing is
lost, and the next opening goes on.

Every file tells by its first bytes which of the two it is, so that what is done already is seen. A
file is written beside the old one, read back, and then takes its place in one step. While this
goes on nobody else opens the store, and no session is being written.
"""

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.record.database import (
    cipher_key,
    cipher_module,
    give_key,
    is_plain,
    opening_lock,
    stated,
)
from lengthwise.record.lock import locked, try_lock
from lengthwise.record.log_frames import PLAIN, frame, header
from lengthwise.record.log_reading import LogReading, is_encrypted_log
from lengthwise.record.session_folder import LOG_NAME
from lengthwise.vault.files import is_encrypted, open_reading
from lengthwise.vault.key_file import KEY_NAME
from lengthwise.vault.keys import DataKey
from lengthwise.vault.sealed_file import Writer
from lengthwise.vault.tries import TRIES_NAME
from lengthwise.vault.whole import overwrite, overwrite_open, take_place

STORE_NAME = "store.sqlite"
_PART = ".turning"
_COPY_BYTES = 1 << 20
_BUSY_S = 10.0
_RETRY_S = 0.05


@contextmanager
def quiet(folder: Path) -> Iterator[None]:
    """While the block runs nobody opens the store, and no session of the profile is written.

    Raises StorageError where the store is in use, InputError while a session is going on.
    """
    with ExitStack() as held:
        held.enter_context(locked(opening_lock(folder / STORE_NAME), timeout_s=_BUSY_S))
        for log in sorted(folder.rglob(LOG_NAME)):
            fd = os.open(log, os.O_RDWR)
            held.callback(os.close, fd)
            if not try_lock(fd):
                raise InputError(
                    f"profile {folder.name}",
                    value="a session that is going on",
                    allowed="only between sessions",
                    remedy="end it, then try again",
                )
        yield


def encrypt_all(folder: Path, key: DataKey) -> None:
    """Whatever of the profile lies in clear. Within `quiet`; `key.json` stands already."""
    _clear_away(folder)
    for path in _files(folder):
        if not is_encrypted(path) and not is_encrypted_log(path):
            _replace(path, key)
    _turn_database(folder / STORE_NAME, key, encrypt=True)


def decrypt_all(folder: Path, key: DataKey) -> None:
    """Whatever of the profile is encrypted. Within `quiet`; `key.json` still stands."""
    _clear_away(folder)
    _turn_database(folder / STORE_NAME, key, encrypt=False)
    for path in _files(folder):
        if is_encrypted(path):
            _replace(path, None)
        elif is_encrypted_log(path):
            _rewrite_log(path)


def in_clear(folder: Path) -> tuple[Path, ...]:
    """What of a profile anybody can read who can read its folder."""
    store = folder / STORE_NAME
    found = [path for path in _files(folder) if not is_encrypted(path)]
    found = [path for path in found if not is_encrypted_log(path)]
    return (*found, *((store,) if is_plain(store) else ()))


def _files(folder: Path) -> Iterator[Path]:
    """Recordings, tables and reports."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if not path.name.startswith((STORE_NAME, KEY_NAME, TRIES_NAME, f".{KEY_NAME}.")):
            yield path


def _clear_away(folder: Path) -> None:
    """What an earlier attempt has left; it may be in clear."""
    for path in sorted(folder.rglob(f"*{_PART}*")):
        if path.is_file() and not path.is_symlink():
            overwrite(path)
            path.unlink()


def _replace(path: Path, key: DataKey | None) -> None:
    """The same content encrypted with `key`, or in clear."""
    part = path.with_name(f".{path.name}{_PART}")
    try:
        with open_reading(path) as source:
            if key is None:
                with part.open("wb") as target:
                    shutil.copyfileobj(source, target, _COPY_BYTES)
                    target.flush()
                    os.fsync(target.fileno())
            else:
                with Writer(part, key, durable=True) as target:
                    shutil.copyfileobj(source, target, _COPY_BYTES)
        part.chmod(path.stat().st_mode & 0o700)
        if _digest(part) != _digest(path):
            raise OSError("it does not read back as it was written")
        take_place(part, path)
    except OSError as cause:
        raise _refusal(path, cause) from cause


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open_reading(path) as stream:
        while block := stream.read(_COPY_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _rewrite_log(path: Path) -> None:
    """An encrypted log that was set aside as damaged: what can be read of it, in clear."""
    part = path.with_name(f".{path.name}{_PART}")
    try:
        with part.open("wb") as target:
            target.write(header(PLAIN))
            for payload, _ in LogReading(path).payloads():
                target.write(frame(payload))
            target.flush()
            os.fsync(target.fileno())
        take_place(part, path)
    except OSError as cause:
        raise _refusal(path, cause) from cause


def _turn_database(path: Path, key: DataKey, *, encrypt: bool) -> None:
    if not path.exists() or is_plain(path) is not encrypt:
        return
    part = path.with_name(f"{path.name}{_PART}")
    module = cipher_module()
    try:
        # In clear it is asked by the driver that this process reads it with: the other one knows
        # nothing of its locks.
        _end_journal(sqlite3 if encrypt else module, path, None if encrypt else key)
        connection = module.connect(str(path), isolation_level=None)
        try:
            _export(connection, part, key, encrypt=encrypt)
        finally:
            connection.close()
        _check_database(module, part, key if encrypt else None)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.chmod(0o600)
        take_place(part, path)
    except (sqlite3.Error, module.Error) as cause:
        raise stated(path, cause) from cause
    except OSError as cause:
        raise _refusal(path, cause) from cause


def _end_journal(module: Any, path: Path, key: DataKey | None) -> None:
    """Bring the journal into the database, which only works where nobody else has it open, and
    leave nothing of it. Raises the driver's own error."""
    connection = module.connect(str(path), isolation_level=None, timeout=_BUSY_S)
    wal = path.with_name(path.name + "-wal")
    deadline_s = time.monotonic() + _BUSY_S
    with ExitStack() as undo:
        undo.callback(connection.close)
        if key is not None:
            give_key(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        journal = os.open(wal, os.O_WRONLY) if wal.exists() else None
        if journal is not None:
            undo.callback(os.close, journal)
        while True:
            try:
                connection.execute("PRAGMA journal_mode=DELETE").fetchone()
                break
            except module.OperationalError:
                # A page that is just asking something is done in a moment.
                if time.monotonic() > deadline_s:
                    raise
                time.sleep(_RETRY_S)
        if journal is not None and not wal.exists():
            overwrite_open(journal)


def _export(connection: Any, part: Path, key: DataKey, *, encrypt: bool) -> None:
    if not encrypt:
        give_key(connection, key)
    secret = cipher_key(key) if encrypt else "''"
    connection.execute(f"ATTACH DATABASE ? AS turned KEY {secret}", (str(part),))
    connection.execute("SELECT sqlcipher_export('turned')").fetchone()
    connection.execute("DETACH DATABASE turned")


def _check_database(module: Any, part: Path, key: DataKey | None) -> None:
    connection = module.connect(str(part), isolation_level=None)
    try:
        if key is not None:
            give_key(connection, key)
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        wrong = []
        if key is not None:
            wrong = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    finally:
        connection.close()
    if verdict != "ok" or wrong:
        raise OSError("the database does not read back as it was written")


def _refusal(path: Path, cause: OSError) -> StorageError:
    return StorageError(
        f"turning {path}",
        cause=cause.strerror or str(cause),
        remedy="nothing is lost; make room, then open the profile again: it goes on by itself",
    )
