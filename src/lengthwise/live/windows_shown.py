"""Which windows a screen is to draw: those that the coach really goes by, told when they change."""

import numpy as np

from lengthwise.contracts.wire import Windows
from lengthwise.live import pipeline
from lengthwise.tissue.session_marks import SessionMark
from lengthwise.tissue.window_edges import window_edges


class WindowsShown:
    """The windows of one session. They follow from marks alone, so only a mark changes them."""

    def __init__(self, params: pipeline.Params) -> None:
        self._ground = params.tissue.ground
        self._leads = params.coach is not None and params.coach.window_leads
        self._marks: tuple[SessionMark, ...] = ()
        self._edges: np.ndarray | None = None
        self._due = True

    def tell_again(self) -> None:
        """Somebody has come who has not heard them."""
        self._due = True

    def news(self, state: pipeline.State) -> list[Windows]:
        """What there is to tell after a frame."""
        if self._edges is None or state.tissue.marks is not self._marks:
            self._marks = state.tissue.marks
            edges = window_edges(self._ground, self._marks, window_leads=self._leads)
            changed = self._edges is None or not np.array_equal(edges, self._edges, equal_nan=True)
            self._edges, self._due = edges, self._due or changed
        if not self._due:
            return []
        self._due = False
        return [Windows(self._edges.astype("<f4").tobytes())]
