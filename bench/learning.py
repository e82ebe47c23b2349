"""What the plan makes of simulated learners: how many cues they get, and what their check says.

    python bench/learning.py [--people N]

A learner leaves the place for a share of the time that cues lower and practice wears away: a
twentieth with all cues, and without any it falls from `first` towards `last` over the days. Lapses
last 3 s on the mean. Nothing is coached or seen here: it is the plan alone, on seconds made up.
"""

import argparse
from collections import Counter

import numpy as np

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.plan.learning import CheckResult, Practised, learning

_HELD_S, _LAPSE_S, _PRACTICE_DAYS = 60.0, 3.0, 21
_LEARNERS = {"learns": (0.45, 0.03, 6.0), "learns slowly": (0.45, 0.03, 25.0),
             "never without cues": (0.45, 0.45, 1.0), "half": (0.45, 0.18, 6.0)}  # fmt: skip
_CUED = 0.05


def session(rng: np.random.Generator, left: float, share: float, seen: float) -> ConstraintKept:
    """A minute of holding, half-seconds of lapses and of sight that come in runs."""
    beyond = _runs(rng, left, _LAPSE_S)
    known = _runs(rng, seen, 5.0) if seen < 1.0 else np.ones_like(beyond)
    due = int(np.sum(np.diff((beyond & known).astype(int)) > 0))
    said = -(-due * int(2 * share) // 2)
    return ConstraintKept(
        Side.LEFT, Coordinate.PELVIS_TILT, True, 0.5 * float(np.sum(known & ~beyond)),
        0.5 * float(np.sum(known & beyond)), 0.5 * float(np.sum(~known)), said, due - said,
    )  # fmt: skip


def _runs(rng: np.random.Generator, share: float, mean_s: float) -> np.ndarray:
    """(120,) bool half-seconds, on for `share` of the time in runs of `mean_s`."""
    steps = round(2 * _HELD_S)
    stop = 0.5 / mean_s
    start = min(stop * share / max(1.0 - share, 1e-6), 1.0)
    on, out = bool(rng.random() < share), np.zeros(steps, dtype=bool)
    for i in range(steps):
        out[i] = on
        on = rng.random() >= stop if on else rng.random() < start
    return out


def person(seed: int, kind: str, seen: float) -> tuple[float, str]:
    """The share after three weeks of daily practice, and what a check says eight days later."""
    first, last, days = _LEARNERS[kind]
    rng = np.random.default_rng(seed)
    history: list[Practised] = []
    for day in range(_PRACTICE_DAYS):
        share = learning(history, day).cue_share
        alone = last + (first - last) * float(np.exp(-day / days))
        left = share * min(_CUED, alone) + (1.0 - share) * alone
        history.append(Practised(day, Practice(share, (session(rng, left, share, seen),))))
    found = learning(history, _PRACTICE_DAYS)
    if found.cue_share > 0.0:
        return found.cue_share, "cues not faded"
    day = _PRACTICE_DAYS + 7
    alone = last + (first - last) * float(np.exp(-_PRACTICE_DAYS / days))
    made = Practised(day, Practice(0.0, (session(rng, alone, 0.0, seen),), check=True))
    return found.cue_share, str(learning([*history, made], day).checks[-1].result)


def main() -> None:
    o = argparse.ArgumentParser()
    o.add_argument("--people", type=int, default=400)
    people = o.parse_args().people
    for seen in (1.0, 0.85, 0.5):
        for kind in _LEARNERS:
            told = Counter(person(seed, kind, seen)[1] for seed in range(people))
            parts = [f"{name} {100 * told[name] / people:.0f} %" for name in
                     (*(r.value for r in CheckResult), "cues not faded")]  # fmt: skip
            print(f"seen {seen:.0%}, {kind}: {', '.join(parts)}")


if __name__ == "__main__":
    main()
