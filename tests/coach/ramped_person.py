"""A person on a graded ramp of one muscle, frame by frame."""

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.tolerance_ramp import COMING_BACK, RampMoment, RampPhase, begin, step
from lengthwise.contracts.states import Estimate

FRAME_S = 0.1


def moment(t_s: float, share: float | None, **more: object) -> RampMoment:
    """A muscle of 300 mm and 100 mm of range, all in the exercise; `share` None: not claimed."""
    length = None if share is None else Estimate(0.3 + 0.1 * share, 0.002)
    fraction = None if share is None else Estimate(share, 0.01)
    told: dict[str, object] = {"allowed": Action.HOLD} | more
    return RampMoment(t_s, length, fraction, share, **told)  # type: ignore[arg-type]


class Person:
    """Goes on at `pace` of the way a second while stepping, comes back otherwise; says the first
    pull `pull` further than the start, None: never."""

    def __init__(
        self, *, pace: float = 0.02, permitted: bool = True, pull: float | None = 0.0
    ) -> None:
        self.state = begin(permitted=permitted)
        self.pace, self.pull = pace, pull
        self.share, self.t_s = 0.2, 0.0
        self.seen: list[tuple[float, RampPhase, float]] = []

    def go(self, seconds: float, **more: object) -> "Person":
        for _ in range(round(seconds / FRAME_S)):
            pulling = self.state.phase is RampPhase.PULLING
            way = -5.0 if self.state.phase in COMING_BACK else 1.0
            way = 0.0 if self.state.phase is RampPhase.WAITING else way
            self.share = max(0.2, self.share + way * self.pace * FRAME_S)
            pulled = pulling and self.pull is not None and self.share >= 0.2 + self.pull
            told = {"first_pull": pulled} | more
            self.state = step(self.state, moment(self.t_s, self.share, **told))
            self.seen.append((self.t_s, self.state.phase, self.share))
            self.t_s += FRAME_S
        return self

    def says(self, **more: object) -> "Person":
        self.state = step(self.state, moment(self.t_s, self.share, **more))
        return self
