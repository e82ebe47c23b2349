"""What a session had a band do: how long it pulled and by what it was led, how long the person was
in their window meanwhile, how steady the pull was, and each release with why.

Takes every event of one session. A band that only measured, or none, leaves nothing.
"""

from math import sqrt

from msgspec import Struct

from lengthwise.band.signals import Cause
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

_WHY = {
    Cause.STOP: "a stop",
    Cause.NOT_ALLOWED: "the coach lets nothing pull now",
    Cause.GRIP: "the grip was let go of",
    Cause.LINK: "the link is lost",
    Cause.STALE: "the band says nothing",
    Cause.CEILING: "the end of the window is reached",
}
_GAP_S = 0.2
_MOST_RELEASES = 200


class BandRelease(Struct, frozen=True):
    t_s: float
    why: tuple[str, ...]


class BandReport(Struct, frozen=True):
    """Seconds: `pulled_s` in all, `by_force_s` of them with the position not known. Of the time in
    which it pulled within a hold: `held_s`, `in_window_s` surely in the personal window, `unsure_s`
    where that was not known. `rmse_n` of the measured pull over what was led to, once the pull was
    reached; `most_n` measured while it pulled, `commanded_n` the most that was asked."""

    name: str
    cap_n: float
    pulled_s: float
    by_force_s: float
    held_s: float
    in_window_s: float
    unsure_s: float
    rmse_n: float | None
    most_n: float | None
    commanded_n: float
    releases: tuple[BandRelease, ...]

    def summary(self) -> dict[str, object]:
        """As `summary.json` has it."""
        rounded = {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in (
                ("pulled_s", self.pulled_s), ("by_force_s", self.by_force_s),
                ("held_s", self.held_s), ("in_window_s", self.in_window_s),
                ("unsure_s", self.unsure_s), ("rmse_n", self.rmse_n), ("most_n", self.most_n),
                ("commanded_n", self.commanded_n), ("cap_n", self.cap_n),
            )
        }  # fmt: skip
        told = [{"t_s": round(r.t_s, 2), "why": list(r.why)} for r in self.releases]
        return {"band": {"device": self.name, **rounded, "releases": told}}


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
        if order is None or order.force_n <= 0.0 or sample.force_n is None:
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
    why = [_WHY.get(Cause(cause), cause.replace("_", " ")) for cause in order.why]
    return f"lets go: {', '.join(why) or 'at rest'}"
