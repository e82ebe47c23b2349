"""When the band of a session is asked for its next step: whenever it was heard, whenever something
was said, and as time passes. That is the clock of its controller."""

from collections.abc import Sequence

from lengthwise.contracts.devices import BandSample, DriveMoment, LinkSample
from lengthwise.contracts.observation import PersonSignal, Rejection, RejectionReason
from lengthwise.live import driving
from lengthwise.live.sequencer import Came


class DrivenBand:
    """`params` None: no band is driven, and there is no moment."""

    def __init__(self, params: driving.Params | None) -> None:
        self._name = None if params is None else params.name

    def moments(self, items: Sequence[Came | Rejection], *, t_s: float) -> tuple[DriveMoment, ...]:
        """After these were taken; where nothing was, time has passed."""
        name = self._name
        if name is None or (items and not any(_matters(item, name) for item in items)):
            return ()
        return (DriveMoment(t_s, name, broken=any(_broken(item, name) for item in items)),)


def _matters(item: Came | Rejection, name: str) -> bool:
    if isinstance(item, PersonSignal):
        return True
    of_band = isinstance(item, BandSample | LinkSample | Rejection)
    return of_band and getattr(item, "source", None) == name


def _broken(item: Came | Rejection, name: str) -> bool:
    """A message of the band that could not be read; one that never came is no such one."""
    if not isinstance(item, Rejection) or item.source != name:
        return False
    return item.reason is RejectionReason.UNDECODABLE
