"""A JSON file as one of our types, or one clear line."""

from pathlib import Path
from typing import TypeVar

import msgspec

from lengthwise.contracts.errors import InputError
from lengthwise.live.json_words import wrong_in

T = TypeVar("T")


def json_file(path: Path, form_of: type[T], *, form: str) -> T:
    """Raises InputError, which says where in the file. `form`: what prints the schema."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise InputError(
            str(path),
            value=problem.strerror or "nothing that can be read",
            allowed="a JSON file",
            remedy=f"see how one looks: {form}",
        ) from None
    try:
        return msgspec.json.decode(raw, type=form_of)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        found = wrong_in(raw, form_of, " ".join(str(problem).split()))
    raise InputError(
        f"{path}, {found.where}" if found.where else str(path),
        value=found.value,
        allowed=found.allowed,
        remedy=f"correct it there; the whole form: {form}",
    )
