"""Orders of a session on their way to a band: the newest, and every release.

An order that waited is worth less by what it waited, and nothing at last: the watchdog of the band
counts from when it was decided, not from when it came. What cannot be sent is not tried again; the
next one follows, and the band lets go by itself where none does.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from lengthwise.contracts.device_wire import Ordered
from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.devices.link import Device, NotLinkedError, bleak_module
from lengthwise.devices.open_band import codec
from lengthwise.devices.open_band.driver import ordered as set_point_of
from lengthwise.devices.open_band.driver import set_point

_NUMBERS = 0x10000


class BandSender:
    """Used from the loop of its device only. `clock_s`: the host's. `sent`, `left_out`: how many
    were; `refused`: what the band may not be sent, in plain words."""

    def __init__(self, device: Device, *, clock_s: Callable[[], float]) -> None:
        self._device, self._clock_s = device, clock_s
        self._waiting: deque[Ordered] = deque()
        self._something = asyncio.Event()
        self._sequence = 0
        self.sent = self.left_out = 0
        self.refused = ""

    def put(self, ordered: Ordered) -> None:
        """A release clears all that waits; a pull takes the place of a pull that waits."""
        pulls = ordered.order.force_n > 0.0
        before = len(self._waiting)
        self._waiting = deque(o for o in self._waiting if pulls and o.order.force_n <= 0.0)
        self.left_out += before - len(self._waiting)
        self._waiting.append(ordered)
        self._something.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._something.wait()
            self._something.clear()
            await self.send_waiting()

    async def send_waiting(self) -> None:
        while self._waiting:
            await self._send(self._waiting.popleft())

    async def _send(self, ordered: Ordered) -> None:
        order, gone = ordered.order, bleak_module().exc.BleakError
        age_s = max(self._clock_s() - ordered.host_s, 0.0)
        left_s = order.valid_for_s - age_s
        if order.force_n > 0.0 and left_s < codec.LEAST_VALID_S:
            self.left_out += 1
            return
        self._sequence = (self._sequence + 1) % _NUMBERS
        p = set_point_of(
            self._sequence,
            force_n=order.force_n,
            rate_n_s=order.rate_n_s,
            valid_s=left_s,
            limits=self._device.decoder.limits,
        )
        try:
            await self._device.send(set_point(p))
        except SafetyRefusedError as why:
            self.refused, self.left_out = str(why), self.left_out + 1
            await self._let_go()
        except (NotLinkedError, gone, TimeoutError, OSError, EOFError):
            self.left_out += 1
        else:
            self.sent += 1

    async def _let_go(self) -> None:
        """Of what may not be asked nothing is pulled on with."""
        self._sequence = (self._sequence + 1) % _NUMBERS
        gone = bleak_module().exc.BleakError
        try:
            await self._device.send(
                set_point(codec.SetPoint(codec.Command.RELEASE, self._sequence))
            )
        except (NotLinkedError, gone, TimeoutError, OSError, EOFError):
            return
