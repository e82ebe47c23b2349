"""A follower who climbs a ramp by the offers and says when it pulls and when it is enough."""

from dataclasses import dataclass, field

from coach_script import Follower

from lengthwise.coach.ramping import RampLead
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercises import exercise

FURTHER = {"ramp.step", "ease_in", "deeper"}
"""Cues that lead on."""


@dataclass
class Climber(Follower):
    """Says the first pull at 0.4 of the way and enough at `enough`, and goes on by 0.08 at each
    offer. `says`: a word at a share, once; `value` of it."""

    depth: float | None = None
    enough: float = 0.75
    says: tuple[float, SignalKind] | None = None
    goal: float = 0.0
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ramp = self.ramp or RampLead(permitted=True, warm=True)
        self.pulls = False
        self.signals = self._words

    @property
    def led(self):  # type: ignore[no-untyped-def]
        return self.states[-1].ramping

    def _words(self, m) -> SignalKind | None:  # type: ignore[no-untyped-def]
        ramp = None if not self.states else self.led.ramp
        if ramp is None:
            return None
        if self.says is not None and m.share >= self.says[0]:
            kind, self.says = self.says[1], None
            return kind
        if ramp.phase is RampPhase.PULLING and m.share >= 0.4:
            return SignalKind.FIRST_RESISTANCE
        past = ramp.phase in (RampPhase.STEPPING, RampPhase.WAITING)
        return SignalKind.TOLERANCE if past and m.share >= self.enough else None

    def _moved(self, share: float, phase: Phase) -> float:
        ramp = self.led.ramp
        if phase is not Phase.EASE_IN:
            self.goal = 0.0
        elif ramp.phase is RampPhase.PULLING:
            self.goal = 0.42
        elif ramp.phase is RampPhase.STEPPING and ramp.since_s == ramp.t_s:
            self.goal = share + 0.08
        most = 1.0 / (self.pace_s * self.rate_hz)
        return share + min(most, max(-most, self.goal - share))

    @property
    def cue_ids(self) -> list[str]:
        return [d.cue_id for d in self.decisions if d.cue_id is not None]


def climber(**options: object) -> Climber:
    return Climber(exercise("half_kneeling_hip_flexor"), **options)  # type: ignore[arg-type]
