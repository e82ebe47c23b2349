"""A stream of LSL followed by its name: found, heard, lost and found again, until it is cancelled.

It tells what a Bluetooth link (`devices.link.Device`) tells, in the same words. LSL waits in
threads of its own; here each wait has an end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.observation import Segment
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import LinkChanged, LinkState, NotLinkedError, Timing, Told
from lengthwise.devices.lsl import clock
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.lsl.transport import Inlet
from lengthwise.devices.manifest import Write

_FIND_S, _PULL_S = 2.0, 0.04
SIMULATED = "a simulated stream"


def other_sender(*, simulated: bool) -> str:
    """Why a stream is not taken any more that was another's before."""
    now = "a simulated stream" if simulated else "a real stream in place of a simulated one"
    return f"now {now}: not taken; end its sender, or choose the devices again"


class Followed:
    """`address`: the name of the stream; `source` that of the person for it."""

    def __init__(
        self,
        driver: DeviceDriver,
        address: str,
        *,
        source: str,
        tell: Callable[[Told], None],
        monotonic_s: Callable[[], float],
        segment: Segment | None = None,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        assert driver.manifest.lsl_type is not None
        self._kind, self._stream, self._source = Kind(driver.manifest.lsl_type), address, source
        self._tell, self._now_s, self._sleep = tell, monotonic_s, sleep
        self._segment, self._timing = segment, timing
        self._clock = clock.State()
        self._simulated: bool | None = None
        self.linked = False

    @property
    def decoder(self) -> Any:
        """A stream of rows has none."""
        return None

    async def send(self, write: Write) -> None:
        """Raises NotLinkedError: nothing is ever sent to a stream."""
        raise NotLinkedError(f"{self._source} is a stream: nothing is sent to it")

    async def run(self) -> None:
        tries = 0
        while True:
            self._changed(LinkState.SEARCHING)
            tries = 0 if await self._once() else tries + 1
            again_s = self._timing.again_s
            await self._sleep(again_s[min(tries, len(again_s) - 1)])

    async def _once(self) -> bool:
        """The stream from its beginning to its end; whether there was one."""
        try:
            inlet = await asyncio.to_thread(self._found)
        except (InputError, MissingPartError, TimeoutError, RuntimeError, OSError) as cause:
            # RuntimeError is what pylsl raises of a stream that goes while it is opened.
            missing = isinstance(cause, InputError) and cause.what == "LSL stream"
            state = LinkState.NOT_FOUND if missing else LinkState.FAILED
            self._changed(state, str(cause).partition("\n")[0])
            return False
        if self._simulated not in (None, inlet.simulated):
            inlet.close()
            self._changed(LinkState.FAILED, other_sender(simulated=inlet.simulated))
            return False
        self.linked, self._simulated = True, inlet.simulated
        self._changed(LinkState.UP, SIMULATED if inlet.simulated else "")
        try:
            self._changed(LinkState.LOST, await self._until_lost(inlet))
        finally:
            self.linked, self._clock = False, clock.on_new_stream(inlet.clock)
            inlet.close()
        return True

    def _found(self) -> Inlet:
        return Inlet(
            self._stream,
            kind=self._kind,
            source=self._source,
            monotonic_s=self._now_s,
            segment=self._segment,
            find_s=_FIND_S,
            since=self._clock,
        )

    async def _until_lost(self, inlet: Inlet) -> str:
        """Why it ended."""
        heard_s = self._now_s()
        while True:
            try:
                got = await asyncio.to_thread(inlet.pull, wait_s=_PULL_S)
            except (TimeoutError, RuntimeError, OSError) as cause:
                return str(cause) or "the stream is gone"
            now_s = self._now_s()
            if got.observations or got.rejections:
                heard_s = now_s
                self._tell(got)
            if now_s - heard_s > self._timing.silence_s:
                return f"nothing came for {self._timing.silence_s:g} s"

    def _changed(self, state: LinkState, why: str = "") -> None:
        self._tell(LinkChanged(self._now_s(), self._source, state, why))
