"""A key that nobody uses is forgotten by itself, and not when somebody asks for something next."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from lengthwise.web.door import Door

_LOOKS_AGAIN_S = 60.0
"""While a session goes on, however long nobody else says anything."""


class Handle(Protocol):
    def cancel(self) -> None: ...


class Quiet:
    """Calls `forget` once nobody has come through the door for as long as one may stay (`IDLE_S`),
    and no session goes on. `later` as of an event loop: seconds, and what to call then."""

    def __init__(
        self,
        door: Door,
        *,
        going_on: Callable[[], bool],
        forget: Callable[[], None],
        later: Callable[[float, Callable[[], None]], Handle] | None = None,
    ) -> None:
        self._door, self._going_on, self._forget = door, going_on, forget
        self._later = later or asyncio.get_running_loop().call_later
        self._timer: Handle | None = None
        self._look_in(door.idle_in_s)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        left_s = self._door.idle_in_s
        if left_s > 0.0:
            self._look_in(left_s)
        elif self._going_on():
            self._look_in(_LOOKS_AGAIN_S)
        else:
            self._forget()
            # Somebody may open it again: then it is quiet again some time.
            self._look_in(max(self._door.idle_in_s, _LOOKS_AGAIN_S))

    def _look_in(self, seconds: float) -> None:
        self._timer = self._later(seconds, self._look)
