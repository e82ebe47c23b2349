"""From a worn phone into one session: first what it felt in standing, then each bundle as it comes.

The session knows the phone as a connection of its own whose clock is the host's; how far that is
from the session's is known exactly, since both are of this machine.
"""

import asyncio
import time
from collections.abc import Callable

import msgspec
import numpy as np

from lengthwise.contracts.wire import MOST_SAMPLES, Clock, Motion
from lengthwise.live.phone import FRESH_S, Phone, Samples
from lengthwise.live.roles import MOST_SAMPLES_A_SECOND, PHONE
from lengthwise.web.hub import Guided, Hub, Urgency
from lengthwise.web.lines import Line

_CLOCK_EVERY_S = 5.0
_to_bytes = msgspec.msgpack.Encoder().encode


class Feed:
    """`begun_s` of the session on the host's clock; `over` is told once when it has ended."""

    def __init__(
        self, hub: Hub, session: Guided, *, begun_s: float, over: Callable[["Feed"], None]
    ) -> None:
        self._hub, self._session, self._begun_s, self._over = hub, session, begun_s, over
        self._name, line = hub.join(session, PHONE)
        self._seq = 0
        self._sent_s = float("-inf")
        self._compared_s = float("-inf")
        self._draining = asyncio.create_task(self._drain(line))

    @property
    def led(self) -> bool:
        """Whether its session leads somebody now."""
        return self._session.led

    async def catch_up(self, phone: Phone) -> None:
        """What it felt since the session began, no faster than a session takes motion."""
        since_s, sent = self._begun_s, 0
        while waiting := [s for s in phone.since(since_s) if s.t_s > self._sent_s]:
            now = tuple(waiting[:MOST_SAMPLES])
            self._send(now, Urgency.IN_TURN)
            since_s, sent = now[-1].t_s, sent + len(now)
            if sent > MOST_SAMPLES_A_SECOND:
                await asyncio.sleep(len(now) / (0.8 * MOST_SAMPLES_A_SECOND))

    def put(self, samples: Samples) -> None:
        """A session that was not caught up with waits for its page: nothing begins before."""
        samples = tuple(s for s in samples if s.t_s >= self._begun_s)
        if samples and (self._sent_s > self._begun_s or self._session.led):
            late = time.monotonic() - samples[-1].t_s > FRESH_S
            self._send(samples, Urgency.IN_TURN if late else Urgency.NOW_OR_NEVER)

    def close(self) -> None:
        self._draining.cancel()
        self._hub.leave(self._session, self._name)

    def _send(self, samples: Samples, urgency: Urgency) -> None:
        if time.monotonic() - self._compared_s > _CLOCK_EVERY_S:
            self._compare(samples[0].t_s)
        rows = [[s.t_s, *s.acc_m_s2, *(s.gyr_rad_s or (0.0, 0.0, 0.0))] for s in samples]
        self._seq += 1
        self._sent_s = samples[-1].t_s
        motion = Motion(self._seq, np.array(rows, dtype="<f8").tobytes())
        self._hub.take(self._session, self._name, _to_bytes(motion), urgency=urgency)

    def _compare(self, at_s: float) -> None:
        """One clock, read once: nothing was on its way."""
        self._compared_s = time.monotonic()
        clock = Clock(at_s, (at_s, at_s - self._begun_s, at_s))
        self._hub.take(self._session, self._name, _to_bytes(clock), urgency=Urgency.IN_TURN)

    async def _drain(self, line: Line) -> None:
        """Everybody in a session is told everything; a phone is told nothing of it."""
        while await line.next() is not None:
            pass
        self._over(self)
