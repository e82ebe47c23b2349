"""Use cases that load much, called where little is loaded: each in a process of its own that ends.

    call(PLACED, "half_kneeling_hip_flexor", side=Side.LEFT, height_cm=170)

A use case is told by its name. What it is given and what it hands back are values of `contracts` or
plain ones: a type of its own module would have that module loaded here. What it raises is raised
here. Where processes are not forked (`live/nursery.py`) it runs here, beside whoever waits.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.live import nursery
from lengthwise.vault import keyring

PLACED = "lengthwise.live.placing:placed"
BODY_PACK = "lengthwise.live.body_pack:body_pack"
BODY_PATHS = "lengthwise.live.muscles:packed_paths"
WEEK_MADE = "lengthwise.live.week_made:week_made"
REPORT_WRITTEN = "lengthwise.live.report_drawn:report_written"
REPORT_DRAWN = "lengthwise.live.report_drawn:report_drawn"
PLAYED = "lengthwise.live.playback:played"
GHOST = "lengthwise.live.ghost:ghost"
HANDOVER = "lengthwise.live.beside_plan:handover_sheet"
TAUGHT = "lengthwise.live.beside_plan:taught_shown"
LEARNING_TOLD = "lengthwise.live.beside_plan:tell_learning"
_STEPS = "lengthwise.live.steps_and_breaks:"
LADDER, LADDER_CHOSEN, LADDER_TRIED = (
    f"{_STEPS}{name}" for name in ("ladder_shown", "choose_ladder", "tell_tried")
)
BREAKS, WORKDAY_TOLD = f"{_STEPS}breaks_shown", f"{_STEPS}tell_workday"
ALL = (
    PLACED, BODY_PACK, BODY_PATHS, WEEK_MADE, REPORT_WRITTEN, REPORT_DRAWN, PLAYED, GHOST,
    HANDOVER, TAUGHT, LEARNING_TOLD, LADDER, LADDER_CHOSEN, LADDER_TRIED, BREAKS, WORKDAY_TOLD,
)  # fmt: skip

_ANSWER = "lengthwise.live.apart:answer"
_WITHIN_S = 120.0
_LOOKS_EVERY_S = 0.2
_MOST_AT_ONCE = threading.BoundedSemaphore(2)
"""Each takes some 30 MB while it runs."""


class CutOffError(LengthwiseError):
    def __init__(self) -> None:
        super().__init__("this could not be worked out now: its process ended; try again")


def call(
    use_case: str,
    *given: Any,
    opened: Path | None = None,
    within_s: float = _WITHIN_S,
    given_up: Callable[[], bool] | None = None,
    **named: Any,
) -> Any:
    """What the use case hands back, waited for; `opened`: folder of the profile whose key it needs;
    `given_up`: asked whether nobody wants it any more. Raises what it raises, and CutOffError."""
    if not nursery.FORKS:
        return _named(use_case)(*given, **named)
    with _MOST_AT_ONCE:
        process = nursery.Process(_ANSWER)
        key = b"" if opened is None else keyring.handed_over(opened)
        try:
            process.start()
            process.end.send((use_case, given, named, opened, key))
            if not _came(process.end, within_s, given_up):
                raise CutOffError
            well, found = process.end.recv()
        except (OSError, EOFError):
            raise CutOffError from None
        finally:
            process.end.close()
            process.finish(within_s=0.0)  # it has nothing left to do
    if well:
        return found
    raise _again(*found)


def _came(end: Connection, within_s: float, given_up: Callable[[], bool] | None) -> bool:
    if given_up is None:
        return end.poll(within_s)
    until_s = time.monotonic() + within_s
    while not end.poll(_LOOKS_EVERY_S):
        if given_up() or time.monotonic() > until_s:
            return False
    return True


def answer(end: Connection) -> None:
    """The process: one use case, one answer, for whoever is still there to hear it."""
    with suppress(EOFError, OSError):
        use_case, given, named, opened, key = end.recv()
        end.send(_found(use_case, given, named, opened, key))


def _found(
    use_case: str, given: tuple[Any, ...], named: dict[str, Any], opened: Path | None, key: bytes
) -> tuple[bool, Any]:
    if opened is not None:
        keyring.take_over(opened, key)
    try:
        return True, _named(use_case)(*given, **named)
    except Exception as cause:  # noqa: BLE001 - it is raised again where it was called
        return False, (type(cause), cause.args, {k: _plain(v) for k, v in vars(cause).items()})


def _named(use_case: str) -> Any:
    module, _, name = use_case.partition(":")
    return getattr(import_module(module), name)


def _plain(fact: object) -> object:
    return fact if isinstance(fact, str | int | float | dict | None) else str(fact)


def _again(kind: type[Exception], args: tuple[Any, ...], holds: dict[str, Any]) -> Exception:
    """Not by calling it: ours are made of facts, and hold the sentence that was made of them."""
    cause: Exception = kind.__new__(kind, *args)
    cause.args = args
    vars(cause).update(holds)
    return cause
