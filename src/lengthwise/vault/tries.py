"""How long to wait after wrong passphrases: nothing after the first two, then twice as long each.

It stops who sits at this keyboard and guesses, and nobody who takes the files away: against them
stands argon2id alone.
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.vault.errors import TooSoonError
from lengthwise.vault.whole import write_whole

TRIES_NAME = "key.tries"
FREE_TRIES = 2
LONGEST_WAIT_S = 300.0


class Tries(Struct, frozen=True):
    count: int = 0
    last_s: float = 0.0


def wait_after(count: int) -> float:
    """Seconds to wait after so many wrong ones in a row."""
    if count <= FREE_TRIES:
        return 0.0
    return float(min(2.0 ** min(count - FREE_TRIES, 20), LONGEST_WAIT_S))


def check_wait(folder: Path, *, clock_s: Callable[[], float] = time.time) -> None:
    """Raises TooSoonError while it is to be waited. A clock that was set back waits from now."""
    tries = _read(folder)
    gone_s = max(clock_s() - tries.last_s, 0.0)
    rest_s = wait_after(tries.count) - gone_s
    if rest_s > 0.0:
        raise TooSoonError(max(rest_s, 1.0))


def count_wrong(folder: Path, *, clock_s: Callable[[], float] = time.time) -> float:
    """One more wrong one; seconds to wait now."""
    count = _read(folder).count + 1
    write_whole(folder / TRIES_NAME, msgspec.json.encode(Tries(count, clock_s())))
    return wait_after(count)


def forget_tries(folder: Path) -> None:
    (folder / TRIES_NAME).unlink(missing_ok=True)


def _read(folder: Path) -> Tries:
    try:
        return msgspec.json.decode((folder / TRIES_NAME).read_bytes(), type=Tries)
    except (OSError, msgspec.MsgspecError, ValueError):
        return Tries()
