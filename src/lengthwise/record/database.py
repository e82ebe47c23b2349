"""Opening a profile's SQLite file: checks before anything is written, then migrations.

In a profile with a passphrase it is encrypted page by page (SQLCipher), journal included.
WAL, foreign keys on every connection, deleted content overwritten (health data), and a lock
around the opening, so that two programs starting at once do not migrate at once.
"""

import sqlite3
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from lengthwise.contracts.errors import (
    InputError,
    LengthwiseError,
    MissingPartError,
    StorageError,
)
from lengthwise.record.lock import locked
from lengthwise.record.table_base import Base
from lengthwise.vault.key_file import State, read_key_file
from lengthwise.vault.keyring import key_for
from lengthwise.vault.keys import DataKey

HEAD_REVISION = "0018"
"""The newest migration; a test holds it against `migrations/versions`."""

MIGRATIONS = Path(__file__).with_name("migrations")
_OLDER_REVISIONS = frozenset({f"{n:04d}" for n in range(1, 18) if n not in (11, 14)})

_BUSY_TIMEOUT_MS = 10_000
_OPENING_TIMEOUT_S = 30.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_database(path: Path) -> Engine:
    """An engine on an existing or new store, its tables up to date.

    Raises InputError where the file is not a sound store of this version or an older one (it is
    left as it was), StorageError where it cannot be written.
    """
    with ExitStack() as undo:
        with locked(opening_lock(path), timeout_s=_OPENING_TIMEOUT_S):
            # Which of the two it is can only be said while nobody is turning one into the other.
            key = _key_of(path)
            module = sqlite3 if key is None else cipher_module()
            engine = create_engine(URL.create("sqlite", database=str(path)), module=module)
            undo.callback(engine.dispose)
            if key is not None:
                event.listen(engine, "connect", lambda c, _: give_key(c, key))
            event.listen(engine, "connect", _on_connect)
            event.listen(engine, "begin", _on_begin)
            try:
                _prepare(engine, path)
            except (DBAPIError, module.Error) as cause:
                raise stated(path, cause) from cause
        undo.pop_all()
    return engine


def let_go(engine: Engine) -> None:
    """Close it, with the statements that were worked out for it. The tables keep those that write,
    a hundred each, for a database that is open as long as the program; here each opening is one
    that no other uses, and a server that stays would hold some 60 kB more after each session."""
    engine.dispose()
    for mapper in Base.registry.mappers:
        vars(mapper).pop("_compiled_cache", None)  # made anew by who asks for it


def opening_lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def is_plain(path: Path) -> bool:
    """Whether a database is there that anybody can read. Asked through SQLite alone: closing the
    file by any other way would let go of the locks of this process's own connections to it."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    connection = sqlite3.connect(path, timeout=_OPENING_TIMEOUT_S)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as cause:
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return False
        raise stated(path, cause) from cause
    finally:
        connection.close()
    return True


def cipher_module() -> ModuleType:
    """The database driver that encrypts. Raises MissingPartError."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError as cause:
        raise MissingPartError(
            "sqlcipher3",
            needed_for="a profile with a passphrase",
            remedy="install it: pip install sqlcipher3",
        ) from cause
    module: ModuleType = dbapi2
    return module


def give_key(connection: Any, key: DataKey) -> None:
    """First of all on a connection. The key is random: nothing has to be stretched."""
    connection.execute(f"PRAGMA key = {cipher_key(key)}")


def cipher_key(key: DataKey) -> str:
    return f"\"x'{key.derived('database').hex()}'\""


def _key_of(path: Path) -> DataKey | None:
    """None for a database in clear. Raises LockedError."""
    key = key_for(path)
    if key is None:
        return None
    file = read_key_file(path.parent)
    if file is None or (file.state is not State.ENCRYPTED and is_plain(path)):
        return None
    return key


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that will write."""
    return engine.execution_options(lengthwise_writes=True)


def stated(path: Path, cause: Exception) -> LengthwiseError | ValueError:
    """What a database error means to a person; ValueError where the caller broke a contract."""
    found = cause.orig if isinstance(cause, DBAPIError) else cause
    # Both drivers name their errors alike, and neither knows those of the other.
    if type(found).__name__ == "IntegrityError":
        return ValueError(f"the store refused a value: {found}")
    code = getattr(found, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return _not_a_store(path, "a file that is not a sound database")
    if code == sqlite3.SQLITE_BUSY:
        return StorageError(
            f"store {path}", cause="another program is using it", remedy="wait and try again"
        ).coded("in_use")
    why = StorageError(
        f"store {path}",
        cause=str(found),
        remedy="check free space and permissions of its folder",
    )
    if code == sqlite3.SQLITE_FULL:
        return why.coded("no_room", path=str(path))
    if code == sqlite3.SQLITE_READONLY:
        return why.coded("not_writable", path=str(path))
    return why


def _on_connect(connection: Any, _record: object) -> None:
    # Transactions begin where `_on_begin` says, never by the sqlite3 module's own rules.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A writer waits for the other one here, where the busy timeout applies, and not midway.
    writes = connection.get_execution_options().get("lengthwise_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(engine: Engine, path: Path) -> None:
    raw = engine.raw_connection()
    try:
        connection: Any = raw.driver_connection
        revision = _revision(connection, path)
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()
    if revision != HEAD_REVISION:
        _migrate(engine)


def _revision(connection: Any, path: Path) -> str | None:
    """The revision of the tables, None for a new file. Raises InputError on any other content."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _not_a_store(path, "a damaged database")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return None
    rows = (
        connection.execute("SELECT version_num FROM alembic_version").fetchall()
        if "alembic_version" in tables
        else []
    )
    if len(rows) != 1:
        raise _not_a_store(path, "a database of another program")
    revision = str(rows[0][0])
    if revision != HEAD_REVISION and revision not in _OLDER_REVISIONS:
        raise InputError(
            f"store {path}",
            value=f"revision {revision}",
            allowed=f"revision {HEAD_REVISION} or older",
            remedy="use the newer lengthwise that wrote it",
        )
    return revision


def _migrate(engine: Engine) -> None:
    # Imported here: needed once per store, and it takes 0.3 s.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _not_a_store(path: Path, found: str) -> InputError:
    return InputError(
        f"store {path}",
        value=found,
        allowed="a sound store of this profile",
        remedy="move it aside (it was not changed), then run: lengthwise recover",
    )
