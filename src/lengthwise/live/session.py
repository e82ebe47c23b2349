"""A session as one stream of events: what came in, what was rejected, what came out.

The same loop serves a file, a simulated person and a replay; only where observations come from
differs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from lengthwise.body.smoother import Moment, moment
from lengthwise.contracts.devices import DeviceSample
from lengthwise.contracts.observation import LateSample, Rejection, Segment
from lengthwise.contracts.session import (
    BandOrdered,
    DecisionLogged,
    DeviceLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
)
from lengthwise.live import pipeline, sequencer
from lengthwise.live.sequencer import Came

Watch = Callable[[pipeline.State, FrameLogged], None]
"""Is given what all steps remember after each frame; it is in no record, and a replay finds it
again."""


def session_events(
    params: pipeline.Params,
    observations: Iterable[Came | Rejection],
    *,
    lag_s: float = 0.0,
    look_back: Callable[[Moment], None] | None = None,
    watch: Watch | None = None,
) -> Iterator[SessionEvent]:
    """Every event from the first observation to the end of the session, in order.

    An observation is yielded before what follows from it, so that a log cut anywhere holds the
    cause of everything in it. `look_back` is given each moment just before its frame is yielded,
    and so is `watch`.
    `lag_s`: how long to wait for what stands later in the recording than it was captured.
    """
    order = sequencer.start()
    loop = _Loop(params, look_back, watch)
    for item in observations:
        if isinstance(item, Rejection):
            yield RejectionLogged(item, before_steps=True)
            continue
        order, due = sequencer.step(order, item, lag_s=lag_s)
        for delivered in due:
            yield from loop.deliver(delivered)
    yield from _ended(order, loop)


class Arrival(Struct, frozen=True):
    """What a live source brings: `item` that arrived at `now_s` of the session's clock; None where
    nothing came and time passed."""

    now_s: float
    item: Came | Rejection | None = None


class LiveSession:
    """A session that is going on, fed by whoever has something: each call hands back the events
    that follow. How long to wait for what is late is the sequencer's affair; `take` or `pass_time`
    is expected at least every `sequencer.TICK_S`. `in_order`: no stream overtakes itself;
    `kept_by`: where sensors are worn that may tell late what they felt.
    """

    def __init__(
        self,
        params: pipeline.Params,
        *,
        in_order: bool = False,
        kept_by: frozenset[Segment] = frozenset(),
        look_back: Callable[[Moment], None] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._order, self._in_order = sequencer.start(), in_order
        self._kept_by = kept_by
        self._loop = _Loop(params, look_back, watch)

    @property
    def state(self) -> pipeline.State:
        return self._loop.state

    def take(self, now_s: float, item: Came | Rejection) -> list[SessionEvent]:
        if isinstance(item, Rejection):
            return [RejectionLogged(item, before_steps=True)]
        self._order, due = sequencer.take(
            self._order, item, now_s=now_s, in_order=self._in_order, kept_by=self._kept_by
        )
        return self._delivered(due)

    def pass_time(self, now_s: float) -> list[SessionEvent]:
        self._order, due = sequencer.pass_time(self._order, now_s=now_s)
        return self._delivered(due)

    def deliver(self, item: Came) -> list[SessionEvent]:
        """One that was in its order already, as a log holds it."""
        self._order = sequencer.delivered(self._order, item)
        return list(self._loop.deliver(item))

    def passed_over(self, item: Came) -> None:
        """One that was delivered before `go_on_from`."""
        self._order = sequencer.delivered(self._order, item)

    def go_on_from(self, state: pipeline.State, *, frames: int, last_s: float) -> None:
        """As if all had been delivered that this state came from."""
        self._loop.state, self._loop.frames, self._loop.last_s = state, frames, last_s

    @property
    def frames(self) -> int:
        return self._loop.frames

    @property
    def last_s(self) -> float:
        return self._loop.last_s

    def end(self) -> list[SessionEvent]:
        return list(_ended(self._order, self._loop))

    def _delivered(self, due: Sequence[Came | Rejection]) -> list[SessionEvent]:
        return [event for item in due for event in self._loop.deliver(item)]


def live_session_events(
    params: pipeline.Params,
    arrivals: Iterable[Arrival],
    *,
    look_back: Callable[[Moment], None] | None = None,
    watch: Watch | None = None,
) -> Iterator[SessionEvent]:
    """The events of a session whose arrivals are known one after the other."""
    session = LiveSession(params, look_back=look_back, watch=watch)
    for arrival in arrivals:
        if arrival.item is None:
            yield from session.pass_time(arrival.now_s)
        else:
            yield from session.take(arrival.now_s, arrival.item)
    yield from session.end()


def _ended(order: sequencer.State, loop: "_Loop") -> Iterator[SessionEvent]:
    """What still waits, and the end."""
    _, due = sequencer.flush(order)
    for delivered in due:
        yield from loop.deliver(delivered)
    yield SessionEnded(loop.last_s, complete=True, frames=loop.frames)


class _Loop:
    """The pipeline's state while a session runs."""

    def __init__(
        self,
        params: pipeline.Params,
        look_back: Callable[[Moment], None] | None,
        watch: Watch | None = None,
    ) -> None:
        self.params = params
        self.look_back = look_back
        self.watch = watch
        self.state = pipeline.start(params)
        if look_back is not None:
            self._begin_trail()
        self.last_s = 0.0
        self.frames = 0

    def deliver(self, item: Came | Rejection) -> Iterator[SessionEvent]:
        if isinstance(item, Rejection):
            yield RejectionLogged(item, before_steps=True)
            return
        if isinstance(item, DeviceSample):
            yield DeviceLogged(item)
        else:
            if not isinstance(item, LateSample):
                self.last_s = item.t_s
            yield ObservationLogged(item)
        self.state, out = pipeline.step(self.params, self.state, item)
        if out.order is not None:
            yield BandOrdered(out.order)
        for rejection in out.rejections:
            yield RejectionLogged(rejection)
        for decision in out.decisions:
            yield DecisionLogged(decision)
        if out.frame is not None:
            self.frames += 1
            if self.look_back is not None:
                self.look_back(moment(self.params.body, self.state.body, out.frame.body))
                self._begin_trail()
            if self.watch is not None:
                self.watch(self.state, out.frame)
            yield out.frame

    def _begin_trail(self) -> None:
        body = msgspec.structs.replace(self.state.body, trail=())
        self.state = msgspec.structs.replace(self.state, body=body)
