"""Random sessions for the envelope: whatever a body, its tissue and a person may say, in any order.

Nothing here is likely; what is rare by itself (a ceiling passed, a lost camera, pain) is common.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

from lengthwise.coach import coach
from lengthwise.coach.params import plan_of
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.ramping import RampLead, tap_word
from lengthwise.coach.state import LOADED, State
from lengthwise.contracts.care import Care, Course, Nerve, NeuralSign
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Side
from lengthwise.contracts.decision import CoachOutput
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import (
    BodyState,
    Estimate,
    LevelLoad,
    LumbarLoad,
    NerveStrain,
    SideStrain,
    TissueState,
    Unseen,
)
from lengthwise.reference.exercises import Behaviour, exercises
from lengthwise.tissue.window import numeric

Item = coach.CoachFrame | PersonSignal
Step = tuple[State, Item, State, CoachOutput]
"""State before, what came, state after, what was said."""
STEPS = 160
_CALM = (SignalKind.RESUME, SignalKind.SKIP, SignalKind.REPEAT, SignalKind.FIRST_RESISTANCE)
_RATED = (SignalKind.PAIN, SignalKind.SENSATION)


def sessions(seed: int, count: int) -> Iterator[tuple[coach.Params, np.random.Generator]]:
    """Each with its own person, exercise and chance."""
    for child in np.random.SeedSequence(seed).spawn(count):
        chance = np.random.default_rng(child)
        yield _params(chance), chance


def ramp_sessions(seed: int, count: int) -> Iterator[tuple[coach.Params, np.random.Generator]]:
    """The same with a ramp to tolerance that is led, of any stretch that is held in a window; after
    every other one the stretch is held between its marks."""
    held = [e for e in exercises().values() if e.behaviour is Behaviour.HELD_IN_WINDOW]
    for place, child in enumerate(np.random.SeedSequence(seed).spawn(count)):
        chance = np.random.default_rng(child)
        chosen = held[chance.integers(len(held))]
        care = Care(baseline_nrs=[None, 0.0, 2.0][chance.integers(3)])
        lead = RampLead(
            permitted=bool(chance.random() < 0.8),
            warm=bool(chance.random() < 0.9),
            end_fraction=[None, 0.95, 1.3][chance.integers(3)],
            holds=place % 2 == 1,
        )
        yield coach.Params(chosen, (Side.LEFT,), care=care, ramp=lead), chance


def trace(
    params: coach.Params, chance: np.random.Generator, *, steps: int = STEPS
) -> Iterator[Step]:
    """One random session; the person often does as told."""
    world = _World(chance, ramp=params.ramp is not None)
    state = coach.start(params)
    for _ in range(steps):
        item = world.next(params, state)
        after, output = coach.step(params, state, item)
        yield state, item, after, output
        state = after


def _params(chance: np.random.Generator) -> coach.Params:
    chosen = list(exercises().values())[chance.integers(len(exercises()))]
    baseline = [None, 0.0, 2.0, 4.0, 6.0, 8.0][chance.choice(6, p=[0.3, 0.2, 0.2, 0.15, 0.1, 0.05])]
    signs = (NeuralSign(Side.LEFT, Nerve.SCIATIC), NeuralSign(Side.LEFT, Nerve.FEMORAL))
    care = Care(
        baseline_nrs=baseline,
        course=[None, *Course][chance.integers(4)],
        neural_signs=[None, (), signs][chance.choice(3, p=[0.4, 0.4, 0.2])],
    )
    sides = (Side.LEFT, Side.RIGHT) if chance.random() < 0.5 else (Side.LEFT,)
    inertial = frozenset(COORDINATES) if chance.random() < 0.3 else frozenset()
    return coach.Params(chosen, sides, care=care, inertial=inertial)


class _World:
    """A body on its way along the path, seen now and then."""

    def __init__(self, chance: np.random.Generator, *, ramp: bool = False) -> None:
        self._chance = chance
        self._ramp = ramp
        self._t_s = 0.0
        self._share = 0.0
        self._pace_s = float(chance.uniform(0.8, 8.0))
        self._depth = float(chance.uniform(0.3, 1.3))
        self._quiet = float(chance.choice([0.0, 0.05, 0.3], p=[0.4, 0.3, 0.3]))
        self._talk = float(chance.choice([0.02, 0.15, 0.5], p=[0.6, 0.3, 0.1]))
        self._frame_s = float(chance.choice([0.033, 0.2, 0.5, 1.2], p=[0.15, 0.35, 0.4, 0.1]))
        self._marked = bool(chance.random() < 0.7)
        self._calm = bool(chance.random() < 0.6)
        self._away_until_s = 0.0
        self._often = 1.0
        self._muscles_seen = self._back_seen = True
        self._range = 0.45
        if ramp:
            self._marked = False
            self._muscles_seen = bool(chance.random() < 0.9)
            self._back_seen = bool(chance.random() < 0.85)
            self._range = float(chance.choice([0.45, 0.55], p=[0.8, 0.2]))
            if chance.random() < 0.8:
                self._kind()

    def _kind(self) -> None:
        """Ramps are long, and little of them is met where everything goes amiss."""
        chance = self._chance
        self._often, self._quiet, self._calm = 0.01, 0.01, True
        self._talk = float(chance.choice([0.01, 0.04]))
        self._frame_s = float(chance.choice([0.2, 0.5]))
        self._pace_s = float(chance.uniform(6.0, 40.0))

    def next(self, params: coach.Params, state: State) -> Item:
        chance = self._chance
        if chance.random() < self._talk:
            return self._word(state)
        dt_s = self._frame_s * float(chance.uniform(0.2, 1.8))
        if chance.random() < 0.02 * self._often:
            dt_s += float(chance.uniform(0.0, 8.0))
        if chance.random() < 0.01:
            dt_s = -1.0
        self._t_s = max(0.0, self._t_s + dt_s)
        self._move(state, dt_s)
        if state.ramping is not None and state.ramping.held:
            self._marked = True
        return self._frame(plan_of(params, state))

    def _word(self, state: State) -> PersonSignal:
        chance = self._chance
        calm = chance.random() < (0.9 if self._ramp else 0.8)
        kinds = _CALM if calm else tuple(SignalKind)
        if calm and state.on_ramp is not None:
            kinds = (tap_word(state.on_ramp),)
        kind = kinds[chance.integers(len(kinds))]
        value = None
        if kind in _RATED and chance.random() < 0.9:
            value = float(chance.choice([0, 1, 2, 3, 4, 5, 6, 9, 11, np.nan]))
        return PersonSignal(self._t_s, kind, value=value)

    def _move(self, state: State, dt_s: float) -> None:
        goal = 1.0 if state.phase in LOADED else 0.0
        if state.sighting.easing and self._chance.random() < 0.7:
            goal = 0.5
        most = max(dt_s, 0.0) / self._pace_s
        self._share += min(most, max(-most, goal - self._share))
        if self._chance.random() < 0.02 * self._often:
            self._share = float(self._chance.uniform(-0.2, 1.2))
        if self._chance.random() < 0.01 * self._often:
            self._away_until_s = self._t_s + float(self._chance.uniform(0.0, 9.0))

    def _frame(self, plan: SidePlan) -> coach.CoachFrame:
        chance = self._chance
        away = self._t_s < self._away_until_s
        mean, unseen = np.zeros(len(COORDINATES)), [Unseen.OCCLUDED] * len(COORDINATES)
        values = {limit.coordinate: 0.0 for limit in plan.limits} | dict(plan.start_rad)
        values |= {p.coordinate: p.start_rad + self._share * p.span_rad for p in plan.path}
        for coordinate, value in values.items():
            mean[INDEX[coordinate]] = value
            if not away and chance.random() >= self._quiet * 0.3:
                unseen[INDEX[coordinate]] = Unseen.CLAIMED
        if chance.random() < 0.01:
            mean[:] = np.nan
        body = BodyState(self._t_s, frozen_array(mean), _covariance(), tuple(unseen), 1.0)
        breath_s = (
            float(chance.uniform(0.0, 12.0)) if chance.random() < 0.05 * self._often else None
        )
        pull_n = Estimate(30.0, 0.2) if chance.random() < 0.1 * self._often else None
        return coach.CoachFrame(body, self._tissue(plan, away), breath_s, pull_n)

    def _tissue(self, plan: SidePlan, away: bool) -> TissueState:
        chance, calm = self._chance, self._calm and self._chance.random() < 1.0 - 0.02 * self._often
        found: list[Estimate | None] = [None] * len(GROUP_SIDES)
        for target in plan.targets if self._marked and not away else ():
            sd = 0.03 if calm else float(chance.choice([0.0, 0.03, 0.2, 0.6]))
            where = self._depth * self._share + (0.0 if calm else float(chance.normal(0.0, 0.2)))
            found[GROUP_INDEX[target]] = Estimate(where, sd)
        strain = 0.03 if calm else float(chance.uniform(0.0, 0.12))
        load = 1.0 if calm else float(chance.uniform(0.5, 5.0))
        leg = SideStrain(Estimate(strain, 0.01), Estimate(strain, 0.01), 0.0, True)
        disc = LevelLoad(Estimate(load, 0.2), Estimate(load * 500.0, 200.0), None)
        known = calm or chance.random() < 0.8
        return TissueState(
            t_s=self._t_s,
            length_m=frozen_array(np.full(len(GROUP_SIDES), 0.2 + 0.02 * self._share)),
            length_sd_m=_each(0.001),
            range_fraction=frozen_array(np.full(len(GROUP_SIDES), 0.5 + self._range * self._share)),
            range_fraction_sd=_each(0.03),
            claimed=(self._muscles_seen,) * len(GROUP_SIDES),
            window_position=tuple(numeric(p) for p in found),
            raw_position=tuple(found),
            nerve=NerveStrain(leg, leg) if known else None,
            lumbar=LumbarLoad(disc, disc) if known and self._back_seen else None,
        )


@cache
def _covariance() -> np.ndarray:
    return frozen_array(np.eye(len(COORDINATES)) * 0.035**2)


@cache
def _each(value: float) -> np.ndarray:
    return frozen_array(np.full(len(GROUP_SIDES), value))
