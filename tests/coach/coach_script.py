"""A person who follows the coach, frame by frame, for the tests of the coach.

The body moves along the exercise's path at a given pace while the coach is in a loaded phase and
comes back otherwise. What is claimed, what else moves and where the window stands is the test's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import degrees, radians

import numpy as np
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.envelope import Action, evaluate
from lengthwise.coach.guard import sight
from lengthwise.coach.ramping import RampLead
from lengthwise.coach.reading import read
from lengthwise.coach.sighting import observe
from lengthwise.contracts.care import Care
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side, mirrored
from lengthwise.contracts.decision import CoachOutput, Decision, DecisionKind, Phase
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import (
    BodyState,
    Correction,
    Estimate,
    LevelLoad,
    LumbarLoad,
    NerveStrain,
    Precision,
    SideStrain,
    TissueState,
    Unseen,
)
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.tissue.window import numeric

LOADED = (Phase.EASE_IN, Phase.HOLD)
COUNTED = (DecisionKind.HOLD_COUNTING, DecisionKind.HOLD_PAUSED)
LUNGE = "half_kneeling_hip_flexor"


def body_state(
    t_s: float,
    angles_deg: dict[Coordinate, float],
    *,
    sd_deg: float = 2.0,
    unseen: Unseen = Unseen.NO_SENSOR,
    doubtful: tuple[Coordinate, ...] = (),
) -> BodyState:
    """Only the given coordinates are claimed; the doubtful among them are in sight and unsure."""
    mean = np.zeros(len(COORDINATES))
    why = [unseen] * len(COORDINATES)
    for c, value in angles_deg.items():
        mean[INDEX[c]] = radians(value)
        why[INDEX[c]] = Unseen.UNCERTAIN if c in doubtful else Unseen.CLAIMED
    return BodyState(t_s, frozen_array(mean), _covariance_rad2(sd_deg), tuple(why), 1.0)


@cache
def _covariance_rad2(sd_deg: float) -> np.ndarray:
    return frozen_array(np.eye(len(COORDINATES)) * radians(sd_deg) ** 2)


@cache
def _each_muscle(value: float) -> np.ndarray:
    return frozen_array(np.full(len(GROUP_SIDES), value))


def nerve_strain(mean: float, sd: float = 0.005) -> NerveStrain:
    """The same strain in both nerves of both legs."""
    leg = SideStrain(Estimate(mean, sd), Estimate(mean, sd), 0.0, True)
    return NerveStrain(leg, leg)


def lumbar_load(mean: float, sd: float = 0.1) -> LumbarLoad:
    level = LevelLoad(Estimate(mean, sd), Estimate(500.0 * mean, 200.0), None)
    return LumbarLoad(level, level)


CALM_NERVES, CALM_LOAD = nerve_strain(0.02), lumbar_load(1.0)


def tissue_state(
    t_s: float,
    positions: dict[tuple[MuscleGroup, Side], Estimate],
    *,
    nerve: NerveStrain | None = CALM_NERVES,
    lumbar: LumbarLoad | None = CALM_LOAD,
    alignment: dict[Side, float] | None = None,
    corrections: dict[Side, tuple[Correction, ...]] | None = None,
    lengthened_by: dict[Side, tuple[Coordinate, ...]] | None = None,
) -> TissueState:
    """The targets gained 0.1 of their range in every frame."""
    count = len(GROUP_SIDES)
    found: list[Estimate | None] = [None] * count
    for key, position in positions.items():
        found[GROUP_INDEX[key]] = position
    return TissueState(
        t_s=t_s,
        length_m=_each_muscle(0.2),
        length_sd_m=_each_muscle(0.001),
        range_fraction=_each_muscle(0.5),
        range_fraction_sd=_each_muscle(0.03),
        claimed=(True,) * count,
        window_position=tuple(numeric(position) for position in found),
        precision=tuple(
            Precision(
                s,
                (alignment or {}).get(s),
                None,
                (corrections or {}).get(s, ()),
                0.1,
                (lengthened_by or {}).get(s, ()),
            )
            for s in Side
            if any(s in (told or {}) for told in (alignment, corrections, lengthened_by))
        ),
        raw_position=tuple(found),
        nerve=nerve,
        lumbar=lumbar,
    )


@dataclass
class Moment:
    """What a test may change before a frame is made. `by_target` comes before `position`;
    `unseen`: why what is not among the angles is not claimed."""

    t_s: float
    phase: Phase
    phase_s: float
    side: Side
    repetition: int
    share: float
    angles_deg: dict[Coordinate, float]
    position: Estimate | None
    alignment: float | None = None
    corrections: tuple[Correction, ...] = ()
    lengthened_by: tuple[Coordinate, ...] = ()
    sd_deg: float = 2.0
    by_target: dict[tuple[MuscleGroup, Side], Estimate] = field(default_factory=dict)
    unseen: Unseen = Unseen.NO_SENSOR
    lumbar: LumbarLoad | None = CALM_LOAD
    breath_held_s: float | None = None
    doubtful: tuple[Coordinate, ...] = ()


def no_change(moment: Moment) -> None:
    return None


@dataclass
class Follower:
    """`depth`: window position at the end of the path, None without marks. `pace_s`: from start
    to end. `pulls`: marks the first gentle pull of each side where a window is known.
    `hidden`: coordinates of the left-written exercise that no sensor claims. `value` of
    what is said."""

    exercise: Exercise
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    rate_hz: float = 10.0
    depth: float | None = 0.72
    position_sd: float = 0.04
    pace_s: float = 4.0
    pulls: bool = True
    hidden: tuple[Coordinate, ...] = ()
    change: Callable[[Moment], None] = no_change
    signals: Callable[[Moment], SignalKind | None] = lambda m: None
    care: Care = field(default_factory=Care)
    value: float | None = None
    ready_from_s: float = 0.0
    window_leads: bool = True
    ramp: RampLead | None = None
    outputs: list[CoachOutput] = field(default_factory=list)
    items: list[coach.CoachFrame | PersonSignal] = field(default_factory=list)
    states: list[coach.State] = field(default_factory=list)

    def params(self) -> coach.Params:
        return coach.Params(
            self.exercise,
            self.sides,
            care=self.care,
            ready_from_s=self.ready_from_s,
            window_leads=self.window_leads,
            ramp=self.ramp,
        )

    def run(self, until_s: float) -> "Follower":
        """Until the time or the end, whichever comes first."""
        params = self.params()
        state = coach.start(params)
        share, frame = 0.0, 0
        while frame / self.rate_hz <= until_s and state.phase is not Phase.DONE:
            t_s = frame / self.rate_hz
            moment = self._moment(params, state, t_s, share)
            kind = self.signals(moment)
            items: list[coach.CoachFrame | PersonSignal] = [_frame(params, moment, state)]
            if kind is not None:
                items.append(PersonSignal(t_s, kind, value=self.value))
            elif self.pulls and _feels(state, moment):
                items.append(PersonSignal(t_s, SignalKind.FIRST_RESISTANCE))
            for item in items:
                state, output = coach.step(params, state, item)
                self.items.append(item)
                self.outputs.append(output)
                self.states.append(state)
            share = self._moved(share, state.phase)
            frame += 1
        return self

    def _moved(self, share: float, phase: Phase) -> float:
        goal = 1.0 if phase in LOADED else 0.0
        most = 1.0 / (self.pace_s * self.rate_hz)
        return share + min(most, max(-most, goal - share))

    def _moment(self, params: coach.Params, state: coach.State, t_s: float, share: float) -> Moment:
        plan = params.plans[state.side_index]
        written = plan.exercise
        angles = {c: degrees(x) for c, x in plan.start_rad}
        angles |= {limit.coordinate: angles.get(limit.coordinate, 0.0) for limit in plan.limits}
        for m in written.path:
            angles[m.coordinate] = m.start_deg + share * (m.end_deg - m.start_deg)
        hidden = _on_side(self.exercise, self.hidden, plan.side)
        seen = {c: float(v) for c, v in angles.items() if c not in hidden}
        depth = None if self.depth is None else Estimate(self.depth * share, self.position_sd)
        begun_s = t_s if state.phase_start_s is None else state.phase_start_s
        moment = Moment(
            t_s, state.phase, t_s - begun_s, plan.side, state.repetition, share, seen, depth
        )
        self.change(moment)
        return moment

    @property
    def decisions(self) -> list[Decision]:
        return [d for o in self.outputs for d in o.decisions]

    def of(self, kind: DecisionKind) -> list[Decision]:
        return [d for d in self.decisions if d.kind is kind]

    def phases(self) -> list[Phase]:
        return [d.phase for d in self.of(DecisionKind.PHASE)]

    def reason_ids(self, *kinds: DecisionKind) -> list[str]:
        wanted = kinds or tuple(DecisionKind)
        return [r.id for d in self.decisions if d.kind in wanted for r in d.reasons]

    def holds(self) -> dict[tuple[Side | None, int], tuple[float, float]]:
        """Effective and uncertain seconds of each repetition."""
        found = {}
        for o in self.outputs:
            g = o.guidance
            if g.effective_s > 0 or g.uncertain_s > 0:
                found[g.side, g.repetition] = (g.effective_s, g.uncertain_s)
        return found


def _feels(state: coach.State, moment: Moment) -> bool:
    known = moment.position is not None and state.sighting.calibrated
    return known and not state.remarked and moment.phase is Phase.EASE_IN and moment.share > 0.1


def _on_side(
    written: Exercise, hidden: tuple[Coordinate, ...], side: Side
) -> tuple[Coordinate, ...]:
    return hidden if side is Side.LEFT else tuple(mirrored(c)[0] for c in hidden)


def _frame(params: coach.Params, moment: Moment, state: coach.State) -> coach.CoachFrame:
    plan = params.plans[state.side_index]
    positions = {}
    if moment.position is not None:
        positions = dict.fromkeys(plan.targets, moment.position) | moment.by_target
    alignment = None if moment.alignment is None else {plan.side: moment.alignment}
    return coach.CoachFrame(
        body_state(
            moment.t_s,
            moment.angles_deg,
            sd_deg=moment.sd_deg,
            unseen=moment.unseen,
            doubtful=moment.doubtful,
        ),
        tissue_state(
            moment.t_s,
            positions,
            alignment=alignment,
            corrections={plan.side: moment.corrections} if moment.corrections else None,
            lengthened_by={plan.side: moment.lengthened_by} if moment.lengthened_by else None,
            lumbar=moment.lumbar,
        ),
        breath_held_s=moment.breath_held_s,
    )


def lunge(**options: object) -> Follower:
    return Follower(exercise(LUNGE), **options)  # type: ignore[arg-type]


def replayed(
    params: coach.Params, items: list[coach.CoachFrame | PersonSignal]
) -> Iterator[tuple[coach.State, CoachOutput]]:
    """The same inputs once more."""
    state = coach.start(params)
    for item in items:
        state, output = coach.step(params, state, item)
        yield state, output


def at(kind: SignalKind, *, phase: Phase, after_s: float, repetition: int = 1):  # type: ignore[no-untyped-def]
    """Says `kind` once, `after_s` into the first such phase."""
    said: list[float] = []

    def say(m: Moment) -> SignalKind | None:
        due = m.phase is phase and m.phase_s >= after_s and m.repetition == repetition
        if not due or said:
            return None
        said.append(m.t_s)
        return kind

    return say


def during(begin_s: float, end_s: float, do):  # type: ignore[no-untyped-def]
    """Does something between two moments of the first hold."""

    def change(m: Moment) -> None:
        inside = m.phase is Phase.HOLD and begin_s <= m.phase_s < end_s
        if inside and m.repetition == 1 and m.side is Side.LEFT:
            do(m)

    return change


def tip(m: Moment) -> None:
    m.angles_deg[Coordinate.PELVIS_TILT] += 15.0


def tip_and_lean(m: Moment) -> None:
    """Both beyond their tolerance; the lean takes half of the stretch, the tip a sixth."""
    tip(m)
    m.angles_deg[Coordinate.TRUNK_SIDE_LEAN] = 15.0
    m.corrections = tuple(
        Correction(c, Estimate(radians(15.0), 0.03), Estimate(gain, 0.005))
        for c, gain in ((Coordinate.TRUNK_SIDE_LEAN, 0.1), (Coordinate.PELVIS_TILT, 0.02))
    )


def vanish(m: Moment) -> None:
    m.angles_deg.clear()
    m.position = None


def first(person: Follower, phase: Phase) -> Decision:
    return next(d for d in person.of(DecisionKind.PHASE) if d.phase is phase)


def leaving(person: Follower, phase: Phase) -> Decision:
    """The decision that ended the first time in a phase."""
    changes = person.of(DecisionKind.PHASE)
    i = next(i for i, d in enumerate(changes) if d.phase is phase)
    return changes[i + 1]


def verdict_on(
    params: coach.Params, before: coach.State, frame: coach.CoachFrame, proposal: Action
) -> Action:
    """The envelope asked anew about what one frame shows."""
    plan = params.plans[before.side_index]
    reading = read(plan, before.start_pose, frame.body, frame.tissue, params.settings)
    t_s = max(before.t_s or 0.0, frame.body.t_s)
    seen = observe(plan, before, replace(reading, t_s=t_s), params.settings)
    return evaluate(proposal, sight(seen, t_s, stop=False), params.limits).action


def leads_deeper(before: coach.State, output: CoachOutput) -> list[Action]:
    """The least that the envelope must allow for what was said and begun."""
    needed = []
    entered = output.guidance.phase is Phase.EASE_IN and before.phase is not Phase.EASE_IN
    said = {d.cue_id for d in output.decisions}
    if entered or (said & {"ease_in"}):
        needed.append(Action.HOLD)
    if "deeper" in said:
        needed.append(Action.DEEPEN)
    return needed
