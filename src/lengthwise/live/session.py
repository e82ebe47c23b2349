"""A session as one stream of events: what came in, what was rejected, what came out.

The same loop serves a file, a simulated person and a replay; only where observations come from
differs.
"""

from collections.abc import Iterable, Iterator

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
) -> Iterator[SessionEvent]:
    """Every event from the first observation to the end of the session, in order.

    An observation is yielded before what follows from it, so that a log cut anywhere holds the
    cause of everything in it.
    """
    order = sequencer.start()
    loop = _Loop(params)
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

    def __init__(self, params: pipeline.Params) -> None:
        self.params = params
        self.state = pipeline.start(params)
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
            yield out.frame
