"""What a screen is told of a band that a session may drive: when it changes, and now and then."""

from lengthwise.contracts.devices import BandMode
from lengthwise.contracts.wire import Band
from lengthwise.live import driving, pipeline

_EVERY_S = 0.25


class BandShown:
    """Nothing where no band may be driven."""

    def __init__(self, params: driving.Params | None) -> None:
        self._params = params
        self._last: Band | None = None

    def tell_again(self) -> None:
        """Somebody has come who has not heard it."""
        self._last = None

    def news(self, state: pipeline.State) -> list[Band]:
        driven, coached = state.driven, state.coach
        if self._params is None or driven is None or coached is None or coached.t_s is None:
            return []
        now, last = _told(self._params, driven, coached.t_s), self._last
        if last is not None and _alike(now, last) and now.t_s - last.t_s < _EVERY_S:
            return []
        self._last = now
        return [now]


def _told(params: driving.Params, driven: driving.State, t_s: float) -> Band:
    band, pulls = driven.band, driven.force_n > 0.0
    mine = params.sides[driven.side]
    return Band(
        t_s=t_s,
        pulls=pulls,
        force_n=None if band is None else band.force_n,
        cap_n=params.cap_n,
        grip=None if band is None else band.grip_closed,
        slack=band is not None and band.mode is BandMode.RELEASED,
        lead=driven.pull.lead.value if pulls and driven.pull is not None else None,
        why_not=None if pulls or driven.why_not is None else driven.why_not.value,
        bars=mine.bars,
    )


def _alike(one: Band, other: Band) -> bool:
    return (one.pulls, one.grip, one.slack, one.lead, one.why_not) == (
        other.pulls, other.grip, other.slack, other.lead, other.why_not,
    )  # fmt: skip
