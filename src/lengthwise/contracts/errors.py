"""The errors a person may read: one line with what was found, what is allowed, and a remedy."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

Values = Mapping[str, str | float]
NO_VALUES: Values = MappingProxyType({})


class LengthwiseError(Exception):
    """Root of all expected errors. Subclasses take facts and compose the message."""

    exit_code = 2
    code: str | None = None
    """Id by which a page words it in its own language; None: it has its English line alone."""
    values: Values = NO_VALUES
    """What such words are filled with."""

    def coded(self, code: str, **values: str | float) -> Self:
        self.code, self.values = code, values
        return self


class InputError(LengthwiseError):
    """Something given to us cannot be used.

    `what` names the thing, `value` what was found, `allowed` what would be accepted,
    `remedy` what to do.
    """

    def __init__(self, what: str, *, value: object, allowed: str, remedy: str) -> None:
        self.what, self.value, self.allowed, self.remedy = what, value, allowed, remedy
        shown = " ".join(str(value).split())
        if len(shown) > 120:
            shown = shown[:117] + "..."
        super().__init__(f"{what}: found {shown}; allowed: {allowed}; {remedy}")


def not_utf8(problem: UnicodeDecodeError) -> str:
    """What keeps bytes from being UTF-8, as one plain clause."""
    return f"a byte (0x{problem.object[problem.start]:02x}) that is not UTF-8 text"


class MissingPartError(LengthwiseError):
    """An optional part (extra, model bundle, system library) is not installed."""

    def __init__(self, part: str, *, needed_for: str, remedy: str) -> None:
        self.part, self.needed_for, self.remedy = part, needed_for, remedy
        super().__init__(f"{part} is missing: needed for {needed_for}; {remedy}")


class StorageError(LengthwiseError):
    """The record could not be read, written or deleted.

    `written`: where writing failed; what was written before is kept. Only that has words on a
    page: of what else failed (deleting, reading, waiting) it says the line, which tells what.
    """

    def __init__(self, what: str, *, cause: str, remedy: str, written: Path | None = None) -> None:
        super().__init__(f"{what}: {cause}; {remedy}")
        if written is None:
            return
        if cause in _NOT_WRITTEN:
            self.coded(_NOT_WRITTEN[cause], path=str(written))
        else:
            self.coded("not_stored", path=str(written), cause=cause)


_NOT_WRITTEN = {os.strerror(n): "no_room" for n in (errno.ENOSPC, errno.EDQUOT)} | {
    os.strerror(n): "not_writable" for n in (errno.EACCES, errno.EPERM)
}


class SafetyRefusedError(LengthwiseError):
    """An action was refused for safety (exit code 3)."""

    exit_code = 3

    def __init__(self, action: str, *, reason: str, remedy: str) -> None:
        super().__init__(f"{action} refused: {reason}; {remedy}")
