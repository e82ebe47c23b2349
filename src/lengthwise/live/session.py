"""A session as one stream of events: what came in, what was rejected, what came out.

The same loop serves a file, a simulated person and a replay; only where observations come from
differs.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from lengthwise.body.smoother import Moment, moment
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
)
from lengthwise.live import pipeline, sequencer

Watch = Callable[[pipeline.State, FrameLogged], None]
"""Is given what all steps remember after each frame; it is in no record, and a replay finds it
again."""


def session_events(
    params: pipeline.Params,
    observations: Iterable[Observation | Rejection],
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
    item: Observation | Rejection | None = None


def live_session_events(
    params: pipeline.Params,
    arrivals: Iterable[Arrival],
    *,
    look_back: Callable[[Moment], None] | None = None,
    watch: Watch | None = None,
) -> Iterator[SessionEvent]:
    """The same for a session that is going on. How long to wait for what is late is the
    sequencer's affair; an arrival without an item is expected at least every `sequencer.TICK_S`.
    """
    order = sequencer.start()
    loop = _Loop(params, look_back, watch)
    for arrival in arrivals:
        if isinstance(arrival.item, Rejection):
            yield RejectionLogged(arrival.item, before_steps=True)
            continue
        if arrival.item is None:
            order, due = sequencer.pass_time(order, now_s=arrival.now_s)
        else:
            order, due = sequencer.take(order, arrival.item, now_s=arrival.now_s)
        for delivered in due:
            yield from loop.deliver(delivered)
    yield from _ended(order, loop)


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

    def deliver(self, item: Observation | Rejection) -> Iterator[SessionEvent]:
        if isinstance(item, Rejection):
            yield RejectionLogged(item, before_steps=True)
            return
        self.last_s = item.t_s
        yield ObservationLogged(item)
        self.state, out = pipeline.step(self.params, self.state, item)
        for rejection in out.rejections:
            yield RejectionLogged(rejection)
        for decision in out.decisions:
            yield DecisionLogged(decision)
        if out.frame is not None:
            self.frames += 1
            if self.look_back is not None:
                self.look_back(moment(self.state.body, out.frame.body))
                self._begin_trail()
            if self.watch is not None:
                self.watch(self.state, out.frame)
            yield out.frame

    def _begin_trail(self) -> None:
        body = msgspec.structs.replace(self.state.body, trail=())
        self.state = msgspec.structs.replace(self.state, body=body)
