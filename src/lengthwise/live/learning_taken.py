"""What a session leaves of learning: how the exercise was kept, or how a place was found again."""

from collections.abc import Sequence

from msgspec.structs import replace

from lengthwise.coach import repositioning_led
from lengthwise.contracts.repositioning import Repositioning
from lengthwise.contracts.session import FrameLogged, SessionEvent, SessionTotals
from lengthwise.live import pipeline
from lengthwise.live.learning import learning_report
from lengthwise.live.practice_taken import PracticeSaved, PracticeTaken
from lengthwise.plan.learning import Practised
from lengthwise.report.learnt import LearningReport


class LearningTaken:
    """Watches the steps and takes the events of one session. `before`: the kept sessions of the
    exercise."""

    def __init__(self, params: pipeline.Params, before: Sequence[Practised] = ()) -> None:
        self._test = params.repositioning
        self._before = before
        self._practised = PracticeTaken(params.coach)
        self._last: repositioning_led.State | None = None

    def watch(self, remembered: pipeline.State, frame: FrameLogged) -> None:
        self._practised.watch(remembered, frame)
        self._last = remembered.repositioning

    def take(self, event: SessionEvent) -> None:
        self._practised.take(event)

    def saved(self) -> PracticeSaved:
        return self._practised.saved()

    def go_on_from(self, saved: PracticeSaved, remembered: pipeline.State) -> None:
        """As if all had been watched that this came from."""
        self._practised.go_on_from(saved)
        self._last = remembered.repositioning

    def on(self, totals: SessionTotals) -> SessionTotals:
        """The totals with what was found."""
        return replace(
            totals, practice=self._practised.practice(), repositioning=self._repositioning()
        )

    def report(self, started_utc: str) -> LearningReport | None:
        return learning_report(self._practised.practice(), self._before, started_utc)

    def _repositioning(self) -> Repositioning | None:
        if self._test is None:
            return None
        state = self._last or repositioning_led.start(self._test)
        return repositioning_led.found(self._test, state)
