"""The body estimate of a running session, smoothed for what is shown afterwards.

It listens to the estimate and never speaks to it: what is estimated, decided and logged is the same
with it and without.
"""

from lengthwise.body import smoother
from lengthwise.body.smoother import Moment, Waiting
from lengthwise.contracts.states import BodyState


class Hindsight:
    """Takes every moment of a session; gives back their smoothed states, in order, a little later.

    Memory holds a few seconds, see `smoother.take`.
    """

    def __init__(self) -> None:
        self._waiting: Waiting = ()
        self._ready: list[BodyState] = []

    def take(self, moment: Moment) -> None:
        self._waiting, ready = smoother.take(self._waiting, moment)
        self._ready += ready

    def ready(self) -> list[BodyState]:
        """What has become ready since this was last asked."""
        ready, self._ready = self._ready, []
        return ready

    def finish(self) -> list[BodyState]:
        """All the rest: nothing will follow."""
        rest = self.ready() + smoother.smoothed(self._waiting)
        self._waiting = ()
        return rest
