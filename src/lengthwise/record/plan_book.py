"""The file of what a person told for the plan, `plan.json` in the folder of their profile.

It is encrypted with the profile, taken along with it and deleted with it, and appears whole or not
at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import msgspec
from msgspec import structs

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.record.database import opening_lock
from lengthwise.record.lock import locked
from lengthwise.vault.files import read_bytes, write_bytes

BOOK_NAME = "plan.json"
_STORE_NAME = "store.sqlite"
_WAIT_S = 5.0


def read_book(folder: Path) -> PlanBook:
    """An empty one where nothing was told. Raises InputError where the file is none of this
    version."""
    path = folder / BOOK_NAME
    if not path.is_file():
        return PlanBook()
    try:
        return msgspec.json.decode(read_bytes(path), type=PlanBook)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise InputError(
            str(path),
            value=" ".join(str(problem).split()),
            allowed="what this version wrote",
            remedy="use the newer lengthwise that wrote it, or move it aside",
        ) from problem


def change_book(folder: Path, how: Callable[[PlanBook], PlanBook]) -> PlanBook:
    """Read, change and write it while nobody else does; the book afterwards. Raises InputError as
    `read_book`, StorageError where it cannot be written; what was there then stays."""
    with locked(opening_lock(folder / _STORE_NAME), timeout_s=_WAIT_S):
        before = read_book(folder)
        after = how(before)
        if after != before:
            content = msgspec.json.format(msgspec.json.encode(after), indent=2)
            with _whole(folder / BOOK_NAME) as part:
                write_bytes(part, content)
    return after


def forget_session(folder: Path, session_id: str) -> None:
    """Take out what was told of a session that is deleted. A file of another version is left."""

    def without(book: PlanBook) -> PlanBook:
        kept = tuple(m for m in book.movements if m.session_id != session_id)
        return structs.replace(book, movements=kept)

    if (folder / BOOK_NAME).is_file():
        with suppress(InputError):
            change_book(folder, without)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    part = path.with_name(f"{path.name}.{token_hex(4)}.part")
    try:
        yield part
        part.replace(path)
    except OSError as cause:
        raise StorageError(
            f"writing {path}",
            cause=cause.strerror or str(cause),
            remedy="make room or check the permissions of its folder, then try again",
            written=path,
        ) from cause
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
