"""A band driven by a session, over a simulated person: what it is worth, and how it lets go.

    python bench/band_session.py [PERSONS] [TRIALS]     (3 and 240; some ten minutes)

Prints the tables of docs/decisions/0076. Everything is simulated.
"""

import sys
from statistics import median

from lengthwise.live.evaluation.band_beside import beside
from lengthwise.live.evaluation.band_in_session import CAUSES, LetGo, led_session, trials

FIRST_PERSON, SECONDS = 2, 72.0


def main() -> None:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 240
    if count:
        tried(persons, count)
    for person in range(FIRST_PERSON, FIRST_PERSON + persons):
        for k in beside(person, seconds=SECONDS):
            print(
                f"| {person} | {k.what} | {k.held_s:.0f} | {100 * k.in_window_ratio:.0f} "
                f"| {100 * k.rmse_ratio:.1f} | {k.peak_n:.0f} |",
                flush=True,
            )


def tried(persons: int, count: int) -> None:
    found: list[LetGo] = []
    for person in range(FIRST_PERSON, FIRST_PERSON + persons):
        session = led_session(person, seconds=50.0)
        found += trials(session, count // persons, seed=person)
    for cause in CAUSES:
        mine = [t for t in found if t.cause == cause]
        told = [1000.0 * t.after_s for t in mine if t.after_s is not None]
        late = sum(not t.in_time for t in mine)
        row = f"{median(told):.0f} | {max(told):.0f}" if told else " | "
        print(f"| {cause} | {len(mine)} | {len(told)} | {row} | {1000 * mine[0].allowed_s:.0f} "
              f"| {late} |")  # fmt: skip
    print(f"{len(found)} trials, {sum(t.pulled_again for t in found)} pulled again, most commanded "
          f"{max(t.most_n for t in found):.1f} N")  # fmt: skip


if __name__ == "__main__":
    main()
