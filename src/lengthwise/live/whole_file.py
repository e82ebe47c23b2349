"""A file that appears whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from lengthwise.contracts.errors import InputError, StorageError


@contextmanager
def whole_file(output: Path) -> Iterator[Path]:
    """A new file beside `output` that takes its place once it is whole.

    Raises InputError where `output` names a folder or nothing, StorageError where it cannot be
    written.
    """
    if not output.name or (output.exists() and not output.is_file()):
        raise InputError(
            "--out", value=output, allowed="a new or an ordinary file", remedy="name another"
        )
    # A name of its own: beside the output may lie what is being read.
    part = output.with_name(f"{output.name}.{token_hex(4)}.part")
    try:
        yield part
        part.replace(output)
    except OSError as cause:
        raise StorageError(
            f"writing {output}",
            cause=cause.strerror or str(cause),
            remedy="choose an existing folder with free space",
        ) from cause
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
