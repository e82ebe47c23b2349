"""One paired phone as this machine hears it: its clock, order and rate, and what it brought lately.

It knows no sockets and no clock of its own: whoever holds it says what time it is, on the clock of
the host. What it brings is kept for some seconds, so that a session can begin with the standing
that came before it.
"""

from collections import deque
from collections.abc import Callable

from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.contracts.phone_wire import NotYetError, read_bundle
from lengthwise.contracts.wire import (
    MOST_LATE_S,
    Clock,
    ClockAnswer,
    Motion,
    NotTakenError,
    motion_samples,
)
from lengthwise.live import clock_map
from lengthwise.live.allowance import Allowance
from lengthwise.live.sequencer import STAMP_TOLERANCE_S

MOST_BUNDLES_A_SECOND = 25.0
MOST_SAMPLES_A_SECOND = 250.0
LOST_AFTER_S = 0.5
"""Without a bundle for so long the phone is said to be lost; the estimate finds that by itself."""
SILENT_AFTER_S = 1.0
KEPT_S = 30.0
FRESH_S = 1.0
"""A reading that took longer to come was kept while the phone was not heard. It says nothing of
now, and is of a time that is known only where the clocks were compared since."""
_RATE_OVER_S = 2.0

Samples = tuple[ImuSample, ...]


class Phone:
    """Not safe for use by two threads. `brought` is told samples at times of the host's clock, as
    of the pelvis: where the phone is worn is for the listener to say."""

    def __init__(self, *, begun_s: float, brought: Callable[[Samples], None]) -> None:
        self._begun_s, self._brought = begun_s, brought
        self._clock = clock_map.start()
        self._seq = -1
        self._bundles = Allowance(MOST_BUNDLES_A_SECOND)
        self._samples = Allowance(MOST_SAMPLES_A_SECOND, burst_s=MOST_LATE_S)
        self._kept: deque[ImuSample] = deque()
        self._heard_s = self._felt_s = begun_s
        self._newest_s = float("-inf")
        self.received = 0
        self.refused = 0

    def take(self, raw: bytes, *, now_s: float) -> ClockAnswer | None:
        """One bundle. Raises NotTakenError, counted; nothing of a bundle that is refused is used
        but its clock."""
        try:
            if not self._bundles.spend(1, now_s):
                raise NotTakenError("more bundles than can be used")
            bundle = read_bundle(raw)
            answer = self._compared(bundle.clock, now_s)
            if bundle.motion is not None:
                self._take_motion(bundle.motion, now_s)
        except NotTakenError:
            self.refused += 1
            raise
        self._heard_s = now_s
        return answer

    def lost(self, now_s: float) -> bool:
        return now_s - self._heard_s > LOST_AFTER_S

    def silent(self, now_s: float) -> bool:
        """Whether it is heard and reports no motion: it lies somewhere, or its sensors stopped."""
        return not self.lost(now_s) and now_s - self._felt_s > SILENT_AFTER_S

    def rate_hz(self, now_s: float) -> float | None:
        """Samples a second over the last seconds; None where that is not known yet."""
        lately = [s.t_s for s in self._kept if now_s - s.t_s <= _RATE_OVER_S]
        if len(lately) < 2 or lately[-1] - lately[0] < 0.5 * _RATE_OVER_S:
            return None
        return (len(lately) - 1) / (lately[-1] - lately[0])

    def since(self, from_s: float) -> Samples:
        """What it brought from that moment on, as far as it is kept."""
        return tuple(s for s in self._kept if s.t_s >= from_s)

    def _compared(self, clock: Clock | None, now_s: float) -> ClockAnswer | None:
        if clock is None:
            return None
        if clock.last is not None:
            self._clock = clock_map.take(self._clock, clock_map.Exchange(*clock.last))
        # How long this machine has been on is nobody's business: counted from the pairing.
        return ClockAnswer(clock.sent_s, now_s - self._begun_s)

    def _take_motion(self, motion: Motion, now_s: float) -> None:
        if motion.seq <= self._seq:
            raise NotTakenError("a bundle that is older than the last one")
        samples = motion_samples(motion, Segment.PELVIS)
        if not self._samples.spend(len(samples), now_s):
            raise NotTakenError("more samples than can be used")
        taken = tuple(self._at_host_time(s) for s in samples)
        if taken[0].t_s < now_s - FRESH_S and not self._compared_since(samples[-1].t_s):
            raise NotYetError
        self._seq = motion.seq
        for earlier, later in zip((self._newest_s, *(s.t_s for s in taken)), taken, strict=False):
            if not later.t_s > earlier:
                raise NotTakenError("samples that are not in order")
        if not now_s - MOST_LATE_S <= taken[0].t_s <= taken[-1].t_s <= now_s + STAMP_TOLERANCE_S:
            raise NotTakenError("a time that cannot be")
        self._newest_s = taken[-1].t_s
        # What only tells of the past is no motion of now.
        self._felt_s = max(self._felt_s, min(self._newest_s, now_s))
        self.received += len(taken)
        self._kept.extend(taken)
        while self._kept and self._kept[0].t_s < now_s - KEPT_S:
            self._kept.popleft()
        self._brought(taken)

    def _compared_since(self, device_s: float) -> bool:
        return any(known.device_s >= device_s for known in self._clock.known)

    def _at_host_time(self, sample: ImuSample) -> ImuSample:
        if sample.t_s < self._clock.since_s:
            raise NotTakenError("a time of a clock that began anew since")
        self._clock, at = clock_map.session_s(self._clock, sample.t_s)
        if at is None:
            raise NotTakenError("a time before the clocks were compared")
        at_s = at.mean + self._begun_s
        return ImuSample(at_s, sample.segment, sample.acc_m_s2, sample.gyr_rad_s)
