"""A session as one stream of events: what came in, what was rejected, what came out.

The same loop serves a file, a simulated person and a replay; only where observations come from
differs.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from lengthwise.body.smoother import Moment, moment
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.session import (
    DecisionLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
)
from lengthwise.live import pipeline, sequencer


def session_events(
    params: pipeline.Params,
    observations: Iterable[Observation | Rejection],
    *,
    lag_s: float = 0.0,
    look_back: Callable[[Moment], None] | None = None,
) -> Iterator[SessionEvent]:
    """Every event from the first observation to the end of the session, in order.

    An observation is yielded before what follows from it, so that a log cut anywhere holds the
    cause of everything in it. `look_back` is given each moment just before its frame is yielded.
    """
    order = sequencer.start()
    loop = _Loop(params, look_back)
    for item in observations:
        if isinstance(item, Rejection):
            yield RejectionLogged(item, before_steps=True)
            continue
        order, due = sequencer.step(order, item, lag_s=lag_s)
        for delivered in due:
            yield from loop.deliver(delivered)
    order, due = sequencer.flush(order)
    for delivered in due:
        yield from loop.deliver(delivered)
    yield SessionEnded(loop.last_s, complete=True, frames=loop.frames)


class _Loop:
    """The pipeline's state while a session runs."""

    def __init__(self, params: pipeline.Params, look_back: Callable[[Moment], None] | None) -> None:
        self.params = params
        self.look_back = look_back
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
            yield out.frame

    def _begin_trail(self) -> None:
        body = msgspec.structs.replace(self.state.body, trail=())
        self.state = msgspec.structs.replace(self.state, body=body)
