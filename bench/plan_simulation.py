"""How much of what the plan's page shows is of the two changes of its simulation, and not of rules.

    python bench/plan_simulation.py [--people 120]

The people of `lengthwise evaluate plan` under the plan alone, each four times: with both changes of
decision 0072 (as the page), with either, and with none. Some four seconds a person.
"""

import argparse
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np

from lengthwise.contracts.care import Course
from lengthwise.contracts.week import Week
from lengthwise.live.evaluation import planning, planning_arms
from lengthwise.live.evaluation.planning import Outcome
from lengthwise.sim.cohort import drawn, someone

SEED, WEEKS = 1, 12.0
WAYS = {
    "neither": (False, False),
    "an episode grows older": (True, False),
    "today's first pull": (False, True),
    "both": (True, True),
}


class OfManyDays(planning_arms.Planned):
    """Led from the middle of many days."""

    def _pull_of_today(self, *_: object) -> None:
        return None


def stays(course: Course | None, _: int) -> Course | None:
    return course


def rows(found: dict[str, Sequence[Outcome]]) -> list[tuple[str, list[float]]]:
    def means(of: str, scale: float) -> list[float]:
        return [scale * float(np.mean([getattr(o, of) for o in each])) for each in found.values()]

    holds, beyond = means("holds", 1.0), means("beyond", 1.0)
    people = len(found["both"])
    return [
        ("people who ever got a stretch", means("may_stretch", people)),
        ("holds", holds),
        (
            "holds beyond tolerance in 1000",
            [1e3 * b / max(h, 1e-9) for b, h in zip(beyond, holds, strict=True)],
        ),
        ("minutes of stretching a week", means("stretched_s", 1.0 / 60.0 / WEEKS)),
        ("minutes truly between .60 and .90 a week", means("in_window_s", 1.0 / 60.0 / WEEKS)),
        ("range at tolerance gained, mm", means("gained_m", 1e3)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=120)
    given = parser.parse_args()
    found: dict[str, list[Outcome]] = {name: [] for name in WAYS}
    weeks: dict[bytes, Week] = {}
    for number in range(given.people):
        for name, (ages, today) in WAYS.items():
            person, rng = someone(number, seed=SEED)
            days = drawn(person, rng, planning.DAYS)
            arm = (planning_arms.Planned if today else OfManyDays)(
                person,
                days,
                np.random.default_rng((SEED, number, 1)),
                planning.effects(),
                weeks=weeks,
            )
            later = planning_arms.later_course if ages else stays
            with patch.object(planning_arms, "later_course", later):
                found[name].append(planning.outcome(arm.lived(planning.DAYS)))
    print("| simulated |", " | ".join(WAYS), "|")
    for name, values in rows(dict(found)):
        print(f"| {name} |", " | ".join(f"{v:.3f}" for v in values), "|")


if __name__ == "__main__":
    main()
