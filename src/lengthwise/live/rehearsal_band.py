"""A simulated band that a session drives, on the simulated person of a rehearsal: its bytes in, the
session's orders out, by the driver of the real one."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.devices import (
    Drive,
    DriveMoment,
    LinkSample,
    Pull,
    Use,
    WornDevice,
)
from lengthwise.contracts.observation import Observation, Rejection, RejectionReason
from lengthwise.devices import receiving
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.open_band.driver import DRIVER, ordered, set_point
from lengthwise.live.sequencer import Came
from lengthwise.reference.constants import constant
from lengthwise.sim.band_on_person import BandOnPerson
from lengthwise.sim.motion import Traits

NAME = "band"
_TICK_S = constant("band", "drive_tick_s")
_TAKES_GRIP_S = 1.0
"""After the way in has begun."""
_NUMBERS = 0x10000


def band_device(drive: Drive, pull: Pull) -> WornDevice:
    return WornDevice(NAME, Use.PULL, pull=pull, drive=drive)


class BandCarry(Protocol):
    """Gets what the band notified to the session, and a message of the session to the band."""

    def heard(self, notice: Notice, t_s: float) -> Iterable[Came | Rejection]: ...

    def send(self, write: Write) -> None: ...


class BandHandedOver:
    """Without a link: the driver reads the bytes, and the band is given the bytes."""

    def __init__(self, band: BandOnPerson) -> None:
        self._band, self._state = band, receiving.start(DRIVER, NAME)

    def heard(self, notice: Notice, t_s: float) -> Iterator[Came | Rejection]:
        self._state, received = receiving.step(DRIVER, self._state, notice, t_s)
        yield from received.observations
        yield from received.rejections

    def send(self, write: Write) -> None:
        self._band.write(write)


class BandWorn:
    """The band on the person: what a rehearsal is given beside the person's own observations.

    The person closes the grip on the way into the stretch, a little after it has begun, and opens
    it when the stretch is over.
    """

    def __init__(
        self, traits: Traits, band: BandOnPerson, *, carry: BandCarry | None = None
    ) -> None:
        self._traits, self.band = traits, band
        self._carry: BandCarry = BandHandedOver(band) if carry is None else carry
        self._held_since_s: float | None = None
        self._next_s = 0.0
        self._linked = False
        self._sequence = 0

    def drawn(self, t_s: float, own_share: float) -> float:
        """How much further than by themselves the person is drawn, as a share of the path."""
        span = self._traits.tolerance - self._traits.first_resistance
        self.band.own = (own_share - self._traits.first_resistance) / span
        return max(self.band.position - self.band.own, 0.0) * span

    def beside(
        self, observations: Iterable[Observation], phase: "PhaseNow"
    ) -> Iterator[Came | Rejection]:
        for observation in observations:
            if observation.t_s >= self._next_s:
                yield from self.tick(observation.t_s, phase())
            yield observation

    def tick(self, t_s: float, phase: Phase | None) -> Iterator[Came | Rejection]:
        """What the band says up to a time, and that the session looks at it then."""
        self._next_s = t_s + _TICK_S
        self._grip(t_s, phase)
        broken = False
        if not self._linked:
            self._linked = True
            yield LinkSample(t_s, NAME, up=True)
        for notice in self.band.advance(t_s):
            for item in self._carry.heard(notice, t_s):
                broken |= is_broken(item)
                yield item
        yield DriveMoment(t_s, NAME, broken)

    def order(self, order: BandOrder) -> None:
        self._sequence = (self._sequence + 1) % _NUMBERS
        p = ordered(
            self._sequence,
            force_n=order.force_n,
            rate_n_s=order.rate_n_s,
            valid_s=order.valid_for_s,
        )
        self._carry.send(set_point(p))

    def _grip(self, t_s: float, phase: Phase | None) -> None:
        if phase not in (Phase.EASE_IN, Phase.HOLD):
            self._held_since_s = None
        elif self._held_since_s is None:
            self._held_since_s = t_s
        held_s = self._held_since_s
        self.band.grip_closed = held_s is not None and t_s - held_s >= _TAKES_GRIP_S


class PhaseNow(Protocol):
    def __call__(self) -> Phase | None: ...


def is_broken(item: Came | Rejection) -> bool:
    return isinstance(item, Rejection) and item.reason is RejectionReason.UNDECODABLE
