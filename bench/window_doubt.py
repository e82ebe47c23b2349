"""Where the doubt of a window comes from, and whether it is what happens, on simulated marks.

    python bench/window_doubt.py [--days 400]

Marks as `lengthwise evaluate plan` draws them (a first pull on every other day, two ramps on every
seventh), through `plan.windows`, carried to today's pull, and read with the coach's own sd. How
often what is truly there lies within 1.64 sd (above: what the ceiling is for), and how many of 1000
holds would lie beyond tolerance if everybody went to the very place at which the coach eases.
"""

import argparse
from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.person import MarkKind
from lengthwise.live.evaluation.planning_lead import Reading, from_today, place_told
from lengthwise.plan import windows
from lengthwise.plan.settling import spread_sd_m
from lengthwise.plan.windows import PersonalWindow, Taken, windows_of_today
from lengthwise.reference.constants import constant
from lengthwise.sim.cohort import muscles

EVERY_DAYS, SURE, CEILING = 7, constant("tissue", "ceiling_sd_factor"), 0.90
GAPS_MM = {"8 to 14": (8, 14), "14 to 22": (14, 22), "22 to 35": (22, 35)}
PLACES = (0.0, 0.60, 0.85)


class Today(Struct):
    """`first_m`: true, as the sensors of today would read it; `pull_m`: as it was marked."""

    window: PersonalWindow
    first_m: float
    pull_m: float


def _c(name: str) -> float:
    return constant("cohort", name)


def lived(rng: np.random.Generator, gap_m: float, ramps: int) -> Today:
    """`ramps`: days with both marks, the last one to six days ago."""
    last = (ramps - 1) * EVERY_DAYS + int(rng.integers(1, EVERY_DAYS))
    muscle, taken = muscles()[0], []
    for day in range(last + 1):
        ramped = day % EVERY_DAYS == 0 and day < last
        if not (ramped or day % 2 == 0 or day == last):
            continue
        reading = Reading(rng, blind=False)
        first_m = 0.30 + rng.normal(0.0, _c("tolerance_day_sd_m"))
        pull_m = first_m + gap_m * rng.normal(_c("gentle_position"), _c("gentle_position_sd"))
        pull = reading.taken(day, muscle, MarkKind.FIRST_RESISTANCE, pull_m, relief=False)
        taken.append(pull)
        for _ in range(2 * ramped):
            beyond = rng.normal(_c("ramp_beyond_position"), _c("ramp_beyond_position_sd"))
            end_m = first_m + gap_m * (1.0 + max(beyond, -0.1))
            taken.append(reading.taken(day, muscle, MarkKind.TOLERANCE, end_m, relief=False))
    assert reading.bias_m is not None
    kept: list[Taken] = [replace(t, age_days=last - t.day + 0.01) for t in taken]
    (window,) = windows_of_today(kept, (), setup="simulated")
    return Today(window, first_m + reading.bias_m, pull.mark.length_m)


def told(
    rng: np.random.Generator, gap_mm: tuple[float, float], ramps: int, days: int
) -> list[float]:
    """Means over days: width beside the true gap; sd of the distance, mm; of each place whether the
    truth lies at most, and at least, as far as told; holds beyond .90 and 1 at the ceiling."""
    found = []
    for _ in range(days):
        gap_m = 1e-3 * float(rng.uniform(*gap_mm))
        now = lived(rng, gap_m, ramps)
        window = now.window
        if window.first is None or window.tolerance is None or window.lacks:
            continue
        first_m = window.first.length_m
        first_m, wide_m = from_today(
            first_m, window.tolerance.length_m - first_m, CEILING, (now.pull_m, True)
        )
        if wide_m <= 0.0:
            continue
        row = [wide_m / gap_m, 1e3 * (window.distance_sd_m or 0.0)]
        noise_m = float(rng.normal(0.0, _c("reading_white_sd_m")))
        eases = None
        for at in np.arange(0.0, 1.0, 0.01):
            place = place_told(float(at), wide_m, window.distance_sd_m)
            if eases is None and place.mean + SURE * place.sd > CEILING:
                eases = float(at)
            if any(abs(at - p) < 1e-6 for p in PLACES):
                true = (first_m + at * wide_m + noise_m - now.first_m) / gap_m
                row += [true <= place.mean + SURE * place.sd, true >= place.mean - SURE * place.sd]
        held = (first_m + (eases or 0.0) * wide_m + noise_m - now.first_m) / gap_m
        found.append([*row, eases or 0.0, held > CEILING, held > 1.0])
    return [float(x) for x in np.mean(np.array(found, dtype=float), axis=0)]


def rows(days: int) -> Iterator[str]:
    for name, gap_mm in GAPS_MM.items():
        for ramps in (1, 2, 3, 4):
            rng = np.random.Generator(np.random.Philox(key=75))
            w, sd, *held, eases, over, beyond = told(rng, gap_mm, ramps, days)
            told_of = " | ".join(
                f"{a:.3f}, {b:.3f}" for a, b in zip(held[::2], held[1::2], strict=True)
            )
            at = f"{eases:.2f} | {1e3 * over:.0f}, {1e3 * beyond:.1f}"
            yield f"| {name} | {ramps} | {w:.2f} | {sd:.1f} | {told_of} | {at} |"


def as_it_was(days: list[object], *, age_days: float) -> float:
    """The sd of the distance before decision 0075."""
    return spread_sd_m(days)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=400)
    days = parser.parse_args().days
    print(
        "| gap, mm | days with ramps | width beside gap | sd of distance, mm | above, below at 0 |"
    )
    print("| at .60 | at .85 | eased at | beyond .90 and 1 in 1000 |")
    print("now", *rows(days), sep="\n")
    with patch.object(windows, "distance_sd_m", as_it_was):
        print("before", *rows(days), sep="\n")


if __name__ == "__main__":
    main()
