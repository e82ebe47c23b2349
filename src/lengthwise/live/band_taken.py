"""What a session had a band do: how long it pulled and by what it was led, how long the person was
in their window meanwhile, how steady the pull was, and each release with why.

Takes every event of one session. A band that only measured, or none, leaves nothing.
"""

from math import sqrt

from lengthwise.contracts.band import BandLead, BandOrder
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import BandSample
from lengthwise.contracts.session import (
    BandOrdered,
    DeviceLogged,
    FrameLogged,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live.thinned import Thinned
from lengthwise.report.band_driven import BandMoment, BandRelease, BandReport, release_words

_GAP_S = 0.2
_MOST_RELEASES = 200
_KEPT_MOMENTS = 400


class BandTaken:
    def __init__(self, started: SessionStarted) -> None:
        driven = [d for d in started.config.devices or () if d.drive is not None]
        self._device = driven[0] if driven else None
        self._order: BandOrder | None = None
        self._in_window: bool | None = None
        self._holds = False
        self._pulled_s = self._by_force_s = 0.0
        self._held_s = self._in_window_s = self._unsure_s = 0.0
        self._squares, self._n = 0.0, 0
        self._most_n: float | None = None
        self._commanded_n = 0.0
        self._releases: list[BandRelease] = []
        self._course: Thinned[BandMoment] = Thinned(_KEPT_MOMENTS)

    def take(self, event: SessionEvent) -> None:
        if self._device is None:
            return
        if isinstance(event, FrameLogged) and event.guidance is not None:
            self._in_window = event.guidance.in_window
            self._holds = event.guidance.phase is Phase.HOLD
        elif isinstance(event, DeviceLogged):
            sample = event.sample
            if isinstance(sample, BandSample) and sample.source == self._device.name:
                self._measured(sample)
        elif isinstance(event, BandOrdered):
            self._ordered(event.order)

    def report(self) -> BandReport | None:
        """None where no band was to be driven."""
        if self._device is None or self._device.drive is None:
            return None
        return BandReport(
            self._device.name,
            self._device.drive.most_n,
            self._pulled_s,
            self._by_force_s,
            self._held_s,
            self._in_window_s,
            self._unsure_s,
            sqrt(self._squares / self._n) if self._n else None,
            self._most_n,
            self._commanded_n,
            tuple(self._releases),
            tuple(self._course.frames),
        )

    def _ordered(self, order: BandOrder) -> None:
        before, self._order = self._order, order
        pulled = before is not None and before.force_n > 0.0
        self._commanded_n = max(self._commanded_n, order.force_n)
        if pulled and order.force_n <= 0.0 and len(self._releases) < _MOST_RELEASES:
            self._releases.append(BandRelease(order.t_s, order.why))
        if before is None or not pulled:
            return
        over_s = min(max(order.t_s - before.t_s, 0.0), _GAP_S)
        self._pulled_s += over_s
        self._by_force_s += over_s if before.lead is BandLead.FORCE else 0.0
        if self._holds:
            self._held_s += over_s
            self._in_window_s += over_s if self._in_window else 0.0
            self._unsure_s += over_s if self._in_window is None else 0.0

    def _measured(self, sample: BandSample) -> None:
        order = self._order
        if sample.force_n is None:
            return
        pulls = order is not None and order.force_n > 0.0
        led_n = order.target_n if order is not None and pulls else 0.0
        self._course.take(BandMoment(sample.t_s, sample.force_n, led_n))
        if order is None or not pulls:
            return
        self._most_n = max(self._most_n or 0.0, sample.force_n)
        if order.phase == "hold":
            self._squares += (sample.force_n - order.target_n) ** 2
            self._n += 1


def band_line(order: BandOrder) -> str:
    """For who watches a simulated one: by what it pulls, or why it lets go."""
    if order.force_n > 0.0:
        by = "the window" if order.lead is BandLead.WINDOW else "force alone: no position is known"
        return f"pulls, led by {by}"
    return f"lets go: {release_words(order.why)}"
