"""Twelve simulated weeks of one person under the plan. Programmes by feel: `planning_by_feel`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import isnan

import msgspec
import numpy as np
from msgspec.structs import replace

from lengthwise.contracts.adaptation import AdaptDay, Adaptive, Lived
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import MarkKind
from lengthwise.contracts.progress import DayTold, SessionTold, Standing
from lengthwise.contracts.tolerance import Marked
from lengthwise.contracts.week import PlannedItem, Purpose, Week, WeekAsked
from lengthwise.live.evaluation.planning_day import DayLog, Given, Hold, Life
from lengthwise.live.evaluation.planning_lead import (
    Reading,
    gentle_pull_m,
    led_hold,
    place_m,
    ramp_end,
)
from lengthwise.live.evaluation.planning_trace import held_back
from lengthwise.plan.adapting import adapt, asked_of
from lengthwise.plan.ramp_permission import RAMPS, RampCase, ramp_bars
from lengthwise.plan.today import lengthens_s, of_today
from lengthwise.plan.tolerance_model import bounded, predicted
from lengthwise.plan.week import planned
from lengthwise.plan.windows import PersonalWindow, Taken, windows_of_today
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercises
from lengthwise.sim.cohort import Drawn, Flesh, Someone

Muscle = tuple[MuscleGroup, Side]

_MUCH_NRS = 7.0
_PHASE_DAYS = 42
"""Rule P: acute below six weeks, subacute below twelve."""
_RAMP_BEFORE_DAYS = 7.0
"""A window is renewed when it is over within so many days."""


class Days(ABC):
    """What all programmes share: the person, their days, and how a session is borne."""

    programme = ""

    def __init__(self, person: Someone, days: Drawn, rng: np.random.Generator) -> None:
        self.person, self.days, self.rng = person, days, rng
        self.flesh = Flesh(person, days)
        self.life = Life(person.number, self.programme)

    def lived(self, count: int) -> Life:
        for day in range(count):
            self.day(day)
        named = [self.flesh.place((n.group, n.side)) for n in self.person.needs]
        self.life.gained_m = float(self.flesh.gained_m[named].mean())
        self.life.end_nrs = self.flesh.pain_nrs(count - 1)
        return self.life

    @abstractmethod
    def day(self, day: int) -> None:
        """One day lived by this programme."""

    def told_pain(self, day: int) -> float | None:
        """Half points, as people tell; None where they tell nothing."""
        err = float(self.days.told_pain_nrs[day])
        if isnan(err):
            return None
        return _half(self.flesh.pain_nrs(day) + err)

    def borne(self, day: int, level: float, holds: list[Hold]) -> tuple[SessionTold, float]:
        """What is told of a session, and how much pain truly rose."""
        furthest = max((h.position - 1.0 for h in holds), default=0.0)
        rise = self.flesh.session_rise_nrs(level, max(furthest, 0.0), self.rng)
        chance = constant("cohort", "symptom_ratio")
        if furthest > 0.2:
            chance += constant("cohort", "symptom_beyond_ratio")
        before = self.told_pain(day)
        during = None if before is None else _half(before + rise)
        stops = ("leg_symptom",) if self.rng.random() < chance else ()
        return SessionTold(before, during, stops), rise

    def night(self, holds: list[Hold], *, trained: bool, rise: float) -> None:
        seconds: dict[Muscle, float] = {}
        for hold in holds:
            if hold.position >= 0.0:
                seconds[hold.muscle] = seconds.get(hold.muscle, 0.0) + hold.seconds
        self.flesh.rest(seconds, trained=trained, rise_nrs=rise)


def later_course(course: Course | None, day: int) -> Course | None:
    """An episode grows older (rule P): whoever is in its first six weeks on the first day is past
    them six weeks later at the latest, and past twelve after twelve. It may have begun on any
    day, so the latest counts. What nobody asked stays unasked."""
    if course is None or day < _PHASE_DAYS:
        return course
    if course is Course.ACUTE:
        return Course.SUBACUTE if day < 2 * _PHASE_DAYS else Course.CHRONIC
    return Course.CHRONIC


def _half(nrs: float) -> float:
    return min(max(round(2.0 * nrs) / 2.0, 0.0), 10.0)


class Planned(Days):
    """The plan: screening, weeks, level and volume from day to day, windows and ramps."""

    programme = "plan"

    def __init__(
        self,
        person: Someone,
        days: Drawn,
        rng: np.random.Generator,
        effects: Mapping[str, ExerciseEffect],
        *,
        model: bool = False,
        weeks: dict[bytes, Week] | None = None,
    ) -> None:
        """`model`: windows are held within what the marks predict as well; `weeks`: those that
        were planned already, by their question."""
        self.programme = "plan + model" if model else "plan"
        super().__init__(person, days, rng)
        self.model = model
        self.effects, self.known = effects, exercises()
        self.state = Adaptive(Standing(person.level))
        self.weeks: dict[bytes, Week] = {} if weeks is None else weeks
        self.taken: dict[Muscle, list[Taken]] = {}
        self.given_s: list[dict[Muscle, float]] = []
        self.look_day: int | None = None

    def day(self, day: int) -> None:
        told = DayTold(
            day,
            pain=self.told_pain(day),
            activity_lost=bool(self.days.activity_lost[day]),
            cleared=self._looked(day),
        )
        lived = Lived(
            float(self.days.stress[day]),
            float(self.days.sleep_h[day]),
            float(self.days.active_min[day]),
        )
        month = 1 + day // 30
        state, decided = adapt(self.state, AdaptDay(told, lived, month))
        morning = state.standing
        care = self._care(day, morning, told)
        log = DayLog(
            told,
            morning.level,
            morning.volume,
            morning.held,
            care,
            self.person.told_barred,
            self.person.kneel,
            self.person.floor,
            moved=state.factor,
            said=tuple(f"{a.rule_ids[0]}:{a.action}" for a in decided.adapted),
        )
        holds: list[Hold] = []
        rise, trained = 0.0, bool(self.days.present[day])
        gave: dict[Muscle, float] = {}
        if trained:
            items, back = self._items(day, state, care)
            log = replace(log, held_back=back)
            log, holds = self._session(day, log, items, care)
            for item in items:
                for muscle, s in lengthens_s(item, self.known).items():
                    gave[muscle] = gave.get(muscle, 0.0) + s
            if not morning.held:
                session, rise = self.borne(day, morning.level, holds)
                told = replace(told, session=session)
                log = replace(log, told=told)
        self.given_s = [*self.given_s[-5:], gave]
        stretched = tuple(sorted(gave))
        evening = AdaptDay(told, lived, month, stretched=stretched)
        self.state, _ = adapt(self.state, evening)
        self.life.days.append(log)
        self.night(holds, trained=trained and not morning.held, rise=rise)

    def _looked(self, day: int) -> bool:
        """A plan that is held waits until somebody has looked."""
        if not self.state.standing.held:
            self.look_day = None
            return False
        if self.look_day is None:
            wait = self.rng.geometric(1.0 / constant("cohort", "clinician_days"))
            self.look_day = day + int(wait)
        return day >= self.look_day

    def _care(self, day: int, now: Standing, told: DayTold) -> Care:
        easy = now.end_range_from_day is not None and day < now.end_range_from_day
        relief = None if told.pain is None else bool(self.days.relief[day])
        told_care = self.person.told_care
        course = later_course(told_care.course, day)
        return replace(
            told_care, baseline_nrs=told.pain, flare=easy, pain_relief=relief, course=course
        )

    def _items(
        self, day: int, state: Adaptive, care: Care
    ) -> tuple[tuple[PlannedItem, ...], tuple[str, ...]]:
        """What is done on the day, and what held every stretch back where there is none."""
        asked = WeekAsked(
            level=state.standing.level,
            care=replace(care, baseline_nrs=_of_line(care.baseline_nrs), pain_relief=None),
            needs=self.person.needs,
            barred=self.person.told_barred,
            kneel=self.person.kneel,
            floor=self.person.floor,
        )
        asked = asked_of(asked, state)
        # Weeks differ by no less, so that the same one is found again.
        asked = replace(asked, volume=max(int(20.0 * asked.volume + 1e-6) / 20.0, 0.1))
        key = msgspec.json.encode(asked)
        if key not in self.weeks:
            self.weeks[key] = planned(asked, self.known.values(), self.effects)
        sums: dict[Muscle, float] = {}
        for gave in self.given_s:
            for muscle, s in gave.items():
                sums[muscle] = sums.get(muscle, 0.0) + s
        items = of_today(self.weeks[key], 1 + day % 7, state.standing, sums, self.known)
        if any(item.purpose is Purpose.LENGTH for item in items):
            return items, ()
        true = replace(asked, care=replace(asked.care, baseline_nrs=care.baseline_nrs))
        return items, held_back(true, held=state.standing.held, known=self.known)

    def _session(
        self, day: int, log: DayLog, items: tuple[PlannedItem, ...], care: Care
    ) -> tuple[DayLog, list[Hold]]:
        reading = Reading(self.rng, blind=bool(self.days.blind[day]))
        holds: list[Hold] = []
        ramps: list[Muscle] = []
        ends: list[float] = []
        for item in items:
            if item.purpose is not Purpose.LENGTH:
                continue
            e = self.known[item.exercise_id]
            for side in item.sides or (e.written_for,):
                written = e.for_side(side)
                for target in written.targets:
                    self._mark(day, (target.group, target.side), reading, care.pain_relief)
                lead = (written.targets[0].group, written.targets[0].side)
                led = self._ramped(day, written, lead, reading, care, ramps)
                ramps += led
                ends += [ramp_end(self.rng) for _ in led]
                if led:
                    self._mark_tolerance(day, lead, reading, care.pain_relief, ends[-len(led) :])
                window = self._window(day, lead)
                widths = self._predicted(day, lead, window) if self.model else None
                for _ in range(item.rounds):
                    hold = led_hold(
                        self.flesh,
                        day,
                        lead,
                        seconds=item.hold_s,
                        window=window,
                        reading=reading,
                        width_m=widths,
                        today=self._pull_of_today(day, lead, care.pain_relief),
                    )
                    holds.append(hold)
                    holds += [
                        replace(hold, muscle=(t.group, t.side), first=False)
                        for t in written.targets[1:]
                    ]
        given = tuple(
            Given(
                i.exercise_id, i.sides, i.rounds, i.hold_s, i.takes_s, i.purpose is Purpose.LENGTH
            )
            for i in items
        )
        log = replace(
            log, given=given, holds=tuple(holds), ramps=tuple(ramps), ramp_ends=tuple(ends)
        )
        return log, holds

    def _mark(self, day: int, muscle: Muscle, reading: Reading, relief: bool | None) -> None:
        if reading.bias_m is None:
            return
        true_m = gentle_pull_m(self.flesh, day, muscle, self.rng)
        found = reading.taken(day, muscle, MarkKind.FIRST_RESISTANCE, true_m, relief=relief)
        self.taken.setdefault(muscle, []).append(found)

    def _pull_of_today(
        self, day: int, muscle: Muscle, relief: bool | None
    ) -> tuple[float, bool] | None:
        """The lower middle of today's first gentle pulls."""
        pulls = sorted(
            t.mark.length_m
            for t in self.taken.get(muscle, ())
            if t.day == day and t.mark.kind is MarkKind.FIRST_RESISTANCE
        )
        return (pulls[(len(pulls) - 1) // 2], relief is False) if pulls else None

    def _mark_tolerance(
        self, day: int, muscle: Muscle, reading: Reading, relief: bool | None, ends: list[float]
    ) -> None:
        for end in ends:
            true_m = place_m(self.flesh, day, muscle, end)
            found = reading.taken(day, muscle, MarkKind.TOLERANCE, true_m, relief=relief)
            self.taken.setdefault(muscle, []).append(found)

    def _ramped(
        self,
        day: int,
        e: Exercise,
        muscle: Muscle,
        reading: Reading,
        care: Care,
        today: list[Muscle],
    ) -> list[Muscle]:
        """The two ramps of a muscle, where they are asked for and allowed."""
        window = self._window(day, muscle)
        if reading.bias_m is None or not self._due(window):
            return []
        case = RampCase(care, *muscle, e, warm=True, ramped_today=tuple(today))
        return [] if ramp_bars(case) else [muscle] * RAMPS

    @staticmethod
    def _due(window: PersonalWindow | None) -> bool:
        """Whether tolerance is marked anew: there is no window, or it is over soon. Not for doubt
        alone: that would take people to tolerance more often and lead nobody further (0075)."""
        left = None if window is None or not window.valid else window.expires_in_days
        return left is None or left <= _RAMP_BEFORE_DAYS

    def _marked(self, muscle: Muscle) -> list[Marked]:
        return [
            Marked(t.day, t.mark.kind, t.mark.length_m, t.mark.sd_m, t.mark.pain_relief)
            for t in self.taken.get(muscle, ())
        ]

    def _window(self, day: int, muscle: Muscle) -> PersonalWindow | None:
        kept = [
            replace(t, age_days=float(day - t.day) + 0.01) for t in self.taken.get(muscle, ())[-60:]
        ]
        found = windows_of_today(kept, (), setup="simulated")
        return found[0] if found else None

    def _predicted(
        self, day: int, muscle: Muscle, window: PersonalWindow | None
    ) -> tuple[float, float] | None:
        """Width of the window as the marks predict it within the rules, and its sd."""
        found = bounded(predicted(muscle, self._marked(muscle), day=day), window)
        if found.tolerance_m is None or window is None or window.first is None:
            return None
        return found.tolerance_m - window.first.length_m, found.tolerance_sd_m or 0.0


def _of_line(nrs: float | None) -> float | None:
    """Of pain the week knows only whether it is much, or not told, which bars the same."""
    return _MUCH_NRS if nrs is None or nrs >= _MUCH_NRS else 2.0
