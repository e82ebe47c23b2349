"""Use case: what is told for the plan, kept beside a person's store and read again.

One file of JSON in the folder of the profile, which is encrypted with it, taken along with it and
deleted with it. It appears whole or not at all.
"""

from pathlib import Path

import msgspec
from msgspec import structs

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.exposure import Rung
from lengthwise.contracts.plan_book import MovementTold, PlanBook
from lengthwise.live.whole_file import whole_file
from lengthwise.record.store import ProfileStore
from lengthwise.vault.files import read_bytes, write_bytes

BOOK_NAME = "plan.json"


def book_of(store: ProfileStore) -> PlanBook:
    """An empty one where nothing was told. Raises InputError where the file is none of this
    version."""
    path = store.folder / BOOK_NAME
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


def keep_told(store: ProfileStore, told: PlanBook) -> PlanBook:
    """Keep what was told beside what was kept; the book afterwards. What is told again takes the
    place of what was, lists grow, and nothing that is left out is forgotten."""
    book = merged(book_of(store), told)
    _write(store.folder / BOOK_NAME, book)
    return book


def merged(kept: PlanBook, told: PlanBook) -> PlanBook:
    """Lists with what is new in them, and each other value as told last."""
    nothing, newer = PlanBook(), {}
    for name in PlanBook.__struct_fields__:
        value, before = getattr(told, name), getattr(kept, name)
        if value == getattr(nothing, name):
            continue
        if isinstance(value, tuple):
            said = {_about(entry) for entry in value}
            value = (*(entry for entry in before if _about(entry) not in said), *value)
        newer[name] = value
    return structs.replace(kept, **newer)


def _about(entry: object) -> object:
    """Two entries about the same are one, and the later of them counts."""
    if isinstance(entry, Rung):
        return entry.id
    return entry.session_id if isinstance(entry, MovementTold) else entry


def _write(path: Path, book: PlanBook) -> None:
    content = msgspec.json.format(msgspec.json.encode(book), indent=2)
    with whole_file(path) as part:
        write_bytes(part, content)
