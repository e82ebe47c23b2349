"""A JSON file as one of our types, or one clear line."""

from pathlib import Path
from typing import TypeVar

import msgspec

from lengthwise.contracts.errors import InputError

T = TypeVar("T")


def json_file(path: Path, form_of: type[T], *, form: str) -> T:
    """Raises InputError; `form`: the command that prints the schema."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=form_of)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        found = " ".join(str(problem).split())
    except OSError as problem:
        found = problem.strerror or "nothing that can be read"
    raise InputError(
        str(path), value=found, allowed="a JSON file of this form", remedy=f"see it: {form}"
    )
