"""Simulated people over weeks: who they are, how their pain goes, what each muscle bears.

Simulated throughout: natural course and tolerances as `constants_data/cohort.toml` has them, which
is frozen. What happens to somebody whatever they do (days away, unanswered questions, flares) is
drawn once in `drawn`, so that programmes are compared on the same twelve weeks.
"""

from math import exp

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lengthwise.contracts.care import Care, Course, Nerve, NeuralSign
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import STABILISERS, exercises

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Muscle = tuple[MuscleGroup, Side]

_WEEK = 7.0
_FIRST_M = 0.30
"""Length at first resistance of every muscle: only what lies beyond it matters here."""
_OTHER_FLAGS = (
    "S.hip_prosthesis",
    "S.falls_standing",
    "S.blood_pressure_held_effort",
    "S.stenosis_end_range_extension",
    "S.recent_spine_surgery",
    "S.spine_fusion",
    "K.flexion_barred",
    "K.extension_barred",
)


def _c(name: str) -> float:
    return constant("cohort", name)


def muscles() -> tuple[Muscle, ...]:
    """All that a stretch is for, both sides."""
    groups = sorted({t.group for e in exercises().values() for t in e.targets} - STABILISERS)
    return tuple((group, side) for group in groups for side in Side)


class Someone(Struct, frozen=True):
    """`level`: to begin with, by the stage of rule K. `care`, `barred`: as they truly are;
    `told_care`, `told_barred`: as they answered, None where never asked. `distance_m`,
    `gain_ratio`: of each of `muscles()`, tolerance above first resistance and how well it gains.
    `feel`: where they hold by feel, between the two marks."""

    number: int
    baseline_nrs: float
    end_nrs: float
    care: Care
    told_care: Care
    barred: tuple[str, ...]
    told_barred: tuple[str, ...] | None
    kneel: bool
    floor: bool
    needs: tuple[NeededLength, ...]
    level: int
    capacity_level: float
    distance_m: Floats
    gain_ratio: Floats
    feel: float
    trains_ratio: float
    never_seen: bool
    fixed_hold_s: float


class Drawn(Struct, frozen=True):
    """What happens on each day whatever is done. `pain_nrs` before any effect of training;
    `tolerance_m` of each muscle beside its mean; `told_pain_nrs`: added to what is told, NaN where
    nothing is told."""

    pain_nrs: Floats
    flare: Bools
    activity_lost: Bools
    present: Bools
    blind: Bools
    relief: Bools
    tolerance_m: Floats
    told_pain_nrs: Floats
    stress: Floats
    sleep_h: Floats
    active_min: Floats


def someone(number: int, *, seed: int) -> tuple[Someone, np.random.Generator]:
    """One person, and the generator that goes on from there."""
    rng = np.random.default_rng((seed, number))
    count = len(muscles())
    baseline = float(np.clip(rng.normal(_c("pain_baseline_nrs"), _c("pain_baseline_sd_nrs")), 1, 9))
    ends = _c("pain_settles_ratio") * baseline + rng.normal(0.0, _c("pain_course_sd_nrs"))
    care, told_care = _cares(rng, baseline)
    barred = tuple(f for f in _OTHER_FLAGS if rng.random() < _c("other_flag_ratio"))
    distance = np.maximum(
        rng.normal(_c("distance_m"), _c("distance_sd_m"), count), _c("distance_least_m")
    )
    logit = rng.normal(_c("adherence_logit"), _c("adherence_logit_sd"))
    person = Someone(
        number=number,
        baseline_nrs=baseline,
        end_nrs=float(np.clip(ends, 0.0, 9.0)),
        care=care,
        told_care=told_care,
        barred=barred,
        told_barred=None if rng.random() < _c("unasked_ratio") else barred,
        kneel=bool(rng.random() >= _c("cannot_kneel_ratio")),
        floor=bool(rng.random() >= _c("cannot_floor_ratio")),
        needs=_needs(rng),
        level=0 if baseline >= 7.0 or told_care.irritable else 1 if baseline > 3.0 else 2,
        capacity_level=float(rng.normal(_c("capacity_level"), _c("capacity_level_sd"))),
        distance_m=distance,
        gain_ratio=np.exp(rng.normal(0.0, 0.3, count)),
        feel=float(rng.normal(_c("feel_position"), _c("feel_position_person_sd"))),
        trains_ratio=1.0 / (1.0 + exp(-logit)),
        never_seen=bool(rng.random() < _c("never_seen_ratio")),
        fixed_hold_s=float(rng.uniform(_c("fixed_hold_low_s"), _c("fixed_hold_high_s"))),
    )
    return person, rng


def _cares(rng: np.random.Generator, baseline: float) -> tuple[Care, Care]:
    acute, subacute = _c("acute_ratio"), _c("subacute_ratio")
    at = rng.random()
    course = (
        Course.ACUTE if at < acute else Course.SUBACUTE if at < acute + subacute else Course.CHRONIC
    )
    sign = NeuralSign(Side.LEFT if rng.random() < 0.5 else Side.RIGHT, _nerve(rng))
    truth: dict[str, object] = {
        "course": course,
        "neural_signs": (sign,) if rng.random() < _c("neural_ratio") else (),
        "flare": False,
        "irritable": bool(rng.random() < _c("irritable_ratio")),
        "hypermobile": bool(rng.random() < _c("hypermobile_ratio")),
        "osteoporotic": bool(rng.random() < _c("osteoporotic_ratio")),
        "pregnant": bool(rng.random() < _c("pregnant_ratio")),
        "pain_relief": False,
    }
    told = {k: None if rng.random() < _c("unasked_ratio") else v for k, v in truth.items()}
    told["flare"] = False
    return Care(baseline_nrs=baseline, **truth), Care(baseline_nrs=baseline, **told)  # type: ignore[arg-type]


def _nerve(rng: np.random.Generator) -> Nerve:
    return Nerve.SCIATIC if rng.random() < 0.8 else Nerve.FEMORAL


def _needs(rng: np.random.Generator) -> tuple[NeededLength, ...]:
    """What the tests found short: some muscles, of few weights, so that equals occur."""
    count = int(rng.integers(1, int(_c("needs_most")) + 1))
    chosen = rng.choice(len(muscles()), size=count, replace=False)
    weights = rng.choice((0.4, 0.7, 1.0), size=count)
    return tuple(
        NeededLength(*muscles()[int(i)], float(w)) for i, w in zip(chosen, weights, strict=True)
    )


def drawn(person: Someone, rng: np.random.Generator, days: int) -> Drawn:
    """The days of a person, the same for every programme."""
    flare = _spells(rng, days, _c("flares_a_week"), _c("flare_days"), fixed=True)
    away = _spells(rng, days, _c("away_a_week"), _c("away_days"), fixed=False)
    told = np.where(
        rng.random(days) < _c("wrong_ratio"), rng.normal(0, _c("wrong_sd_nrs"), days), 0
    )
    told[rng.random(days) < _c("unanswered_ratio")] = np.nan
    weeks = np.arange(days) / _WEEK
    fall = (person.baseline_nrs - person.end_nrs) * np.exp(-weeks / _c("pain_settles_weeks"))
    pain = person.end_nrs + fall + _wander(rng, days) + _c("flare_rise_nrs") * flare
    lost = flare & (rng.random(days) < _c("flare_activity_lost_ratio"))
    return Drawn(
        pain_nrs=np.clip(pain, 0.0, 10.0),
        flare=flare,
        activity_lost=lost,
        present=(rng.random(days) < person.trains_ratio) & ~away,
        blind=(rng.random(days) < _c("blind_day_ratio")) | person.never_seen,
        relief=rng.random(days) < _c("relief_ratio"),
        tolerance_m=rng.normal(0.0, _c("tolerance_day_sd_m"), (days, len(muscles()))),
        told_pain_nrs=told,
        stress=np.clip(rng.normal(4.0, _c("stress_sd"), days), 0.0, 10.0),
        sleep_h=np.clip(rng.normal(7.0, _c("sleep_sd_h"), days), 0.0, 14.0),
        active_min=np.clip(rng.normal(40.0, _c("active_sd_min"), days), 0.0, None),
    )


def _spells(
    rng: np.random.Generator, days: int, a_week: float, length_days: float, *, fixed: bool
) -> Bools:
    inside, left = np.zeros(days, bool), 0
    for day in range(days):
        if left == 0 and rng.random() < a_week / _WEEK:
            left = round(length_days) if fixed else int(rng.geometric(1.0 / length_days))
        inside[day], left = left > 0, max(left - 1, 0)
    return inside


def _wander(rng: np.random.Generator, days: int) -> Floats:
    """Days about the course, each like the one before."""
    keep, sd = _c("pain_day_correlation"), _c("pain_day_sd_nrs")
    found, now = np.zeros(days), rng.normal(0.0, sd)
    for day in range(days):
        found[day] = now
        now = keep * now + rng.normal(0.0, sd * (1.0 - keep**2) ** 0.5)
    return found


class Flesh:
    """What training leaves behind: range gained, level borne, and pain carried over to a day."""

    def __init__(self, person: Someone, days: Drawn) -> None:
        self.person, self.days = person, days
        self.gained_m = np.zeros(len(muscles()))
        self.capacity_level = person.capacity_level
        self.carried_nrs = 0.0
        self._place = {muscle: k for k, muscle in enumerate(muscles())}

    def place(self, muscle: Muscle) -> int:
        """Its row in `muscles()`."""
        return self._place[muscle]

    def pain_nrs(self, day: int) -> float:
        return float(np.clip(self.days.pain_nrs[day] + self.carried_nrs, 0.0, 10.0))

    def first_m(self, day: int, muscle: Muscle) -> float:
        """First resistance; of the day's change it takes the same part as tolerance."""
        return _FIRST_M + self._moved_m(day, muscle)

    def tolerance_m(self, day: int, muscle: Muscle) -> float:
        k = self._place[muscle]
        own = float(self.person.distance_m[k] + self.gained_m[k])
        worse = max(self.pain_nrs(day) - self.person.baseline_nrs, 0.0)
        least = _c("distance_least_m") / 2.0
        return self.first_m(day, muscle) + max(own - _c("pain_shift_m") * worse, least)

    def _moved_m(self, day: int, muscle: Muscle) -> float:
        return float(self.days.tolerance_m[day, self._place[muscle]])

    def rest(self, seconds: dict[Muscle, float], *, trained: bool, rise_nrs: float) -> None:
        """A night: range follows the seconds of the day, whatever their intensity."""
        day_s = _c("gain_full_s") / _WEEK
        share = np.zeros(len(muscles()))
        for muscle, s in seconds.items():
            share[self._place[muscle]] = min(s / day_s, 3.0)
        goal = _c("gain_most_m") * self.person.gain_ratio
        self.gained_m += share * (goal - self.gained_m) / _c("gain_tau_days")
        self.gained_m -= np.maximum(1.0 - share, 0.0) * self.gained_m / _c("loss_tau_days")
        self.gained_m = np.clip(self.gained_m, 0.0, None)
        if trained:
            self.capacity_level += _c("capacity_level_a_week") / _WEEK
        self.carried_nrs = _c("next_day_ratio") * max(rise_nrs, 0.0)

    def session_rise_nrs(self, level: float, beyond: float, rng: np.random.Generator) -> float:
        """Rise of pain within a session. `beyond`: the furthest hold beyond tolerance, in widths of
        the window; `level` of what is done."""
        above = max(level - self.capacity_level, 0.0)
        usual = rng.normal(_c("session_rise_nrs"), _c("session_rise_sd_nrs"))
        return float(usual + _c("level_rise_nrs") * above + _c("beyond_rise_nrs") * beyond)
