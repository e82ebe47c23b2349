"""How the constraints of an exercise were kept in a session, as it is kept for the plan."""

from dataclasses import dataclass

from msgspec import Struct

from lengthwise.coach import coach
from lengthwise.coach.compensation import Keeping
from lengthwise.coach.reading import read
from lengthwise.coach.reasons import compensation_id
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.session import DecisionLogged, FrameLogged, SessionEvent
from lengthwise.live import pipeline

_Place = tuple[Side | None, Coordinate]


@dataclass
class _Count:
    required: bool
    kept_s: float = 0.0
    beyond_s: float = 0.0
    unsure_s: float = 0.0
    said: int = 0
    faded: int = 0


class PracticeSaved(Struct, frozen=True):
    """What was watched so far. `seconds`: kept, beyond and unsure of each constraint."""

    last: tuple[float, int, int] | None
    seconds: tuple[tuple[float, float, float], ...]


class PracticeTaken:
    """Takes what the coach remembers at each frame, and every event of one session.

    Seconds are those of holds and of movements to and fro, by the very judgement that corrections
    follow; an interval counts where both of its ends lie in one hold, and is unsure where the
    frames stand further apart than the clock of a hold allows.
    """

    def __init__(self, params: coach.Params | None) -> None:
        self._params = params
        self._last: tuple[float, int, int] | None = None
        self._counts: dict[_Place, _Count] = {}
        for plan in params.plans if params is not None else ():
            for limit in plan.limits:
                place = self._place(plan.side, limit.coordinate)
                self._counts[place] = _Count(limit.required)

    def watch(self, remembered: pipeline.State, frame: FrameLogged) -> None:
        """After each frame; nothing is coached where the coach remembers nothing."""
        state = remembered.coach
        if self._params is None or state is None:
            return
        if state.phase is not Phase.HOLD:
            self._last = None
            return
        t_s, hold = frame.body.t_s, (state.side_index, state.repetition)
        before, self._last = self._last, (t_s, *hold)
        if before is None or before[1:] != hold:
            return
        plan, settings = self._params.plans[state.side_index], self._params.settings
        passed_s = max(t_s - before[0], 0.0)
        seen = passed_s <= settings.largest_gap_s
        reading = read(plan, state.start_pose, frame.body, frame.tissue, settings)
        for d in reading.deviations:
            count = self._counts[self._place(plan.side, d.limit.coordinate)]
            if seen and d.keeping is Keeping.KEPT:
                count.kept_s += passed_s
            elif seen and d.keeping is Keeping.BEYOND:
                count.beyond_s += passed_s
            else:
                count.unsure_s += passed_s

    def take(self, event: SessionEvent) -> None:
        if isinstance(event, DecisionLogged):
            self._decided(event.decision)

    def saved(self) -> PracticeSaved:
        """What no event tells; the rest is found again by taking the events again."""
        seconds = ((c.kept_s, c.beyond_s, c.unsure_s) for c in self._counts.values())
        return PracticeSaved(self._last, tuple(seconds))

    def go_on_from(self, saved: PracticeSaved) -> None:
        self._last = saved.last
        for count, seconds in zip(self._counts.values(), saved.seconds, strict=True):
            count.kept_s, count.beyond_s, count.unsure_s = seconds

    def practice(self) -> Practice | None:
        """None where nothing was coached."""
        if self._params is None:
            return None
        found = tuple(
            ConstraintKept(
                side,
                coordinate,
                count.required,
                round(count.kept_s, 3),
                round(count.beyond_s, 3),
                round(count.unsure_s, 3),
                count.said,
                count.faded,
            )
            for (side, coordinate), count in self._counts.items()
        )
        return Practice(self._params.cue_share, found, self._params.check)

    def _place(self, side: Side, coordinate: Coordinate) -> _Place:
        assert self._params is not None, "there are plans"
        return (side if self._params.exercise.bilateral else None), coordinate

    def _decided(self, decision: Decision) -> None:
        if decision.kind not in (DecisionKind.CUE, DecisionKind.FADED):
            return
        named = {why.id for why in decision.reasons}
        for (side, coordinate), count in self._counts.items():
            if side is decision.side and compensation_id(coordinate) in named:
                if decision.kind is DecisionKind.CUE:
                    count.said += 1
                else:
                    count.faded += 1
