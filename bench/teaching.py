"""What teaching makes of simulated learners, and how honest the handover's intervals are.

    python bench/teaching.py [--people N]

Learners are those of `bench/learning.py`: each leaves the place for a share of the time that cues
lower and practice wears away. Here they practise on most days for six weeks, self-taught, and what
opens is counted; cues are given as `plan.learning` chooses. Then a person's days of pain are drawn
with a known mean and a correlation from day to day, and it is counted how often an interval holds
the truth. Nothing is coached or seen here: it is the plan alone, on numbers made up.
"""

import argparse
from collections import Counter
from datetime import date, timedelta

import numpy as np

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.teaching import FirstPull, FlarePlan, SessionSeen, TeachTold, Track
from lengthwise.live.week import EXAMPLE
from lengthwise.plan.intervals import compared, share
from lengthwise.plan.learning import Practised, learning
from lengthwise.plan.teaching import teaching
from lengthwise.reference.curriculum import curriculum
from lengthwise.reference.exercises import exercises

_HELD_S, _LAPSE_S, _DAYS = 60.0, 3.0, 42
_STRETCH, _BREATH = "half_kneeling_hip_flexor", "seated_breathing"
_LEARNERS = {
    "learns": (0.45, 0.03, 6.0),
    "learns slowly": (0.45, 0.03, 25.0),
    "half": (0.45, 0.18, 6.0),
    "never without cues": (0.45, 0.45, 1.0),
}
"""First and last share of lapses without cues, and days of practice in which it falls by 1/e."""
_BEGAN = date(2026, 1, 1)
_WRITTEN = FlarePlan("warmth", "sitting", "after three days")


def _constraint(rng: np.random.Generator, side: Side, lapses: float, seen: float) -> ConstraintKept:
    """A minute of holds: lapses of 3 s on the mean, some of it not seen."""
    known_s = _HELD_S * seen
    count = rng.poisson(lapses * known_s / _LAPSE_S)
    left_s = min(float(rng.exponential(_LAPSE_S, count).sum()), known_s)
    return ConstraintKept(
        side, Coordinate.PELVIS_TILT, True, known_s - left_s, left_s, _HELD_S - known_s, int(count)
    )


def _lived(rng: np.random.Generator, kind: str, seen: float) -> list[tuple[int, str]]:
    first, last, days = _LEARNERS[kind]
    sessions: list[SessionSeen] = [
        SessionSeen(_BEGAN + timedelta(days=d), _BREATH, duration_s=90.0) for d in (0, 1)
    ]
    history: list[Practised] = []
    found = []
    for day in range(_DAYS):
        if rng.random() < 0.75:
            now = learning(history, day, tuple(Side))
            check = now.due is not None and now.due.from_day <= day
            share_now = now.cue_share
            own = last + (first - last) * np.exp(-len(history) / days)
            lapses = 0.05 * share_now + own * (1.0 - share_now)
            each = tuple(_constraint(rng, side, lapses, seen) for side in Side)
            practice = Practice(share_now, each, check)
            pull = FirstPull("psoas_l", 0.26 + float(rng.normal(0.0, 0.003)), 0.004)
            on = _BEGAN + timedelta(days=day)
            sessions.append(SessionSeen(on, _STRETCH, practice, 200.0, first_pulls=(pull,)))
            history.append(Practised(day, practice))
        told = TeachTold(
            _BEGAN + timedelta(days=day), Track.SELF_TAUGHT, EXAMPLE, tuple(sessions),
            flare_plan=_WRITTEN, chosen=(_STRETCH,),
        )  # fmt: skip
        found.append((day, teaching(told, dict(exercises()), curriculum()).opened[0].action.value))
    return found


def _taught(people: int) -> None:
    print("share of simulated learners after six weeks; median day of going home")
    for seen in (1.0, 0.85, 0.6):
        for kind in _LEARNERS:
            rng = np.random.default_rng(7)
            lives = [_lived(rng, kind, seen) for _ in range(people)]
            last = Counter(life[-1][1] for life in lives)
            at = [next((d for d, a in life if a in ("home", "alone")), None) for life in lives]
            went = sorted(d for d in at if d is not None)
            median = went[len(went) // 2] if went else None
            shares = ", ".join(
                f"{k} {100 * last[k] / people:.0f} %" for k in ("led", "home", "alone")
            )
            ever = f"ever home {100 * len(went) / people:.0f} %, day {median}"
            print(f"  seen {seen:.0%}, {kind}: {shares}; {ever}")


def _days(rng: np.random.Generator, count: int, mean: float, correlation: float) -> list[float]:
    value, found = float(rng.normal()), []
    for _ in range(count):
        value = correlation * value + np.sqrt(1.0 - correlation**2) * float(rng.normal())
        found.append(mean + 1.2 * value)
    return found


def _covered(people: int) -> None:
    print("intervals that hold the truth (95 % is asked for)")
    for correlation in (0.0, 0.3, 0.5, 0.7):
        for count in (4, 7, 14):
            rng = np.random.default_rng(11)
            held = narrow = 0
            for _ in range(people):
                a, b = (_days(rng, count, m, correlation) for m in (5.0, 4.0))
                told = compared(a, b, least=4, correlation=0.5)
                plain = compared(a, b, least=4, correlation=0.0)
                held += told.low <= -1.0 <= told.high  # type: ignore[operator]
                narrow += plain.low <= -1.0 <= plain.high  # type: ignore[operator]
            print(
                f"  days correlated by {correlation}, {count} each: {held / people:.1%}; "
                f"taken for independent {narrow / people:.1%}"
            )
    for n in (5, 10, 20):
        for p in (0.5, 0.8, 0.95):
            draws = np.random.default_rng(3).binomial(n, p, people)
            held = sum(s.low <= p <= s.high for k in draws if (s := share(int(k), n, least=5)))
            print(f"  share {p} of {n}: {held / people:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=200)
    people = parser.parse_args().people
    _taught(people)
    _covered(10 * people)


if __name__ == "__main__":
    main()
