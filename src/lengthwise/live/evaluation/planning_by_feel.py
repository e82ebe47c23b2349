"""Programmes that ask for no plan, beside which it is held: a fixed sheet, and any exercises."""

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.progress import DayTold
from lengthwise.live.evaluation.planning_arms import Days
from lengthwise.live.evaluation.planning_day import DayLog, Given
from lengthwise.live.evaluation.planning_lead import felt_hold
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_parts import LENGTHENING, ExerciseKind
from lengthwise.reference.exercises import Exercise, exercises

_FIXED = ("supine_hamstring", "half_kneeling_hip_flexor", "figure_four", "childs_pose")
"""One stretch for each of hamstrings, hip flexors, buttocks and low back, as a sheet has it."""


class Sheet(Days):
    """The same stretches on every day, 30 to 45 s twice, by feel, whoever it is."""

    programme = "fixed"

    def exercises_of(self, day: int) -> list[Exercise]:
        return [exercises()[i] for i in _FIXED]

    def hold_s(self) -> float:
        return self.person.fixed_hold_s

    def day(self, day: int) -> None:
        pain = self.told_pain(day)
        lost = bool(self.days.activity_lost[day])
        p = self.person
        log = DayLog(
            DayTold(day, pain=pain, activity_lost=lost),
            3,
            1.0,
            False,
            replace(p.told_care, baseline_nrs=pain),
            p.told_barred,
            p.kneel,
            p.floor,
        )
        if not self.days.present[day]:
            self.life.days.append(log)
            self.night([], trained=False, rise=0.0)
            return
        given, holds = [], []
        rounds = int(constant("cohort", "fixed_rounds"))
        for e in self.exercises_of(day):
            sides = tuple(Side) if e.bilateral else ()
            lengthens = e.kind in LENGTHENING
            hold_s = self.hold_s() if lengthens else e.dose.hold_s
            takes_s = max(len(sides), 1) * rounds * (hold_s + 10.0)
            given.append(Given(e.id, sides, rounds, hold_s, takes_s, lengthens))
            for side in (sides or (e.written_for,)) if lengthens else ():
                targets = e.for_side(side).targets
                for _ in range(rounds):
                    hold = felt_hold(
                        self.flesh,
                        (targets[0].group, targets[0].side),
                        seconds=hold_s,
                        rng=self.rng,
                    )
                    holds += [
                        replace(hold, muscle=(t.group, t.side), first=t is targets[0])
                        for t in targets
                    ]
        session, rise = self.borne(day, 3.0, holds)
        log = replace(log, told=replace(log.told, session=session), given=tuple(given))
        self.life.days.append(replace(log, holds=tuple(holds)))
        self.night(holds, trained=True, rise=rise)


class Random(Sheet):
    """Any exercises on any day."""

    programme = "random"
    _KINDS = frozenset(ExerciseKind) - {
        ExerciseKind.BREATHING,
        ExerciseKind.NERVE_SLIDER,
        ExerciseKind.REST_POSITION,
    }

    def exercises_of(self, day: int) -> list[Exercise]:
        known = [e for e in exercises().values() if e.kind in self._KINDS]
        count = int(constant("cohort", "random_exercises"))
        return [known[int(i)] for i in self.rng.choice(len(known), count, replace=False)]

    def hold_s(self) -> float:
        return float(self.rng.uniform(30.0, 45.0))
