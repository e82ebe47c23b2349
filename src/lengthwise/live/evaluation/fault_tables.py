"""What faults did to the estimate, as tables: floors, each fault alone, pairs, those that stay."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lengthwise.contracts.states import Unseen
from lengthwise.live.evaluation.fault_names import KNOWN, Fault, Staying
from lengthwise.live.evaluation.statistics import coverage
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table

SLOW_S = 1.0
"""Asked of every fault: to be as before so soon after its end."""


class Slow(StrEnum):
    """What a run that is not back in time still lacks; the first that is true of it."""

    WRONG = "an error beyond its own 95 % interval"
    LARGER = "a claim with a larger error, within its interval"
    AT_THE_EDGE = "only claims known to 5.4 to 6 degrees without the fault"
    UNSURE = "only claims, some of them surer than that"
    NOTHING = "nothing: back with the next frame"


@dataclass(frozen=True)
class Outcome:
    """One run with a fault. `error`, `sd` (n,) degrees of what was claimed during it;
    `every_error`, `every_sd` (m,) of all coordinates; `without_error`, `without_sd` (k,) of what
    the faultless run claimed in this time.

    `claims` of the `claims_without` that the faultless run made in this time. `back_s` seconds from
    its end until it is as without the fault, and stays so for a second; None where it never was.
    `named`: rejections beyond those of the faultless run, by reason; `withheld`: why claims were
    not made that the faultless run made. `felt`: the estimate differed from the faultless one.
    `slow`: what was not as before a second after the end; None where all was.
    """

    error: np.ndarray
    sd: np.ndarray
    every_error: np.ndarray
    every_sd: np.ndarray
    without_error: np.ndarray
    without_sd: np.ndarray
    claims: int
    claims_without: int
    back_s: float | None
    named: dict[str, int]
    felt: bool
    withheld: frozenset[Unseen] = frozenset()
    slow: Slow | None = None


Faults = tuple[Fault, ...]
Found = dict[Faults, list[Outcome]]


def fault_tables(found: Found, note: str) -> list[Table]:
    staying: Found = {f: each for f, each in found.items() if isinstance(f[0], Staying)}
    alone: Found = {f: each for f, each in found.items() if len(f) == 1 and f not in staying}
    paired: Found = {f: each for f, each in found.items() if len(f) == 2}
    return [
        floors_table("Faults: floors", _floors(alone, paired, staying)),
        _what_is_slow({"alone": alone, "in pairs": paired}),
        _known(),
        _table("Faults alone", alone, note),
        _table("Faults in pairs", paired, ""),
        _table("Faults that stay", staying, "From their beginning to the end of the recording."),
    ]


def _what_is_slow(by_kind: dict[str, Found]) -> Table:
    """What is behind the floor of a second, which stays as strict as it is."""
    rows: list[tuple[Cell, ...]] = []
    for kind, found in by_kind.items():
        runs = [o for outcomes in found.values() for o in outcomes]
        slow = [o for o in runs if _is_slow(o)]
        for reason in Slow:
            count = sum((o.slow or Slow.NOTHING) is reason for o in slow)
            share = count / len(slow) if slow else None
            rows.append((kind, len(runs), len(slow), reason.value, count, share))
    return Table(
        "Faults: what runs that are not back in time lack",
        ("faults", "runs", "later than 1 s", "what", "of these", "share"),
        tuple(rows),
        (0, 0, 0, 0, 0, 2),
        "From one second after the end until it is as before; each run counts once, with the first "
        "that is true of any of its angles.",
    )


def _known() -> Table:
    rows = tuple(
        (
            name.value,
            known.what,
            _lasting(known.lasts_s),
            ", ".join(sorted((*known.names, *known.tells))),
        )
        for name, known in KNOWN.items()
    )
    return Table(
        "Faults: what they are", ("fault", "what", "lasts, s", "named by"), rows, (0, 0, 0, 0)
    )


def _lasting(lasts_s: tuple[float, float]) -> str:
    return f"{lasts_s[0]:g} to {lasts_s[1]:g}" if lasts_s[1] else "stays"


def is_named(faults: Faults, outcome: Outcome) -> bool:
    """Whether a reason was counted, or a claim withheld for one, that fits one of the faults."""
    fitting = {reason.value for fault in faults for reason in KNOWN[fault].names}
    tells = {reason for fault in faults for reason in KNOWN[fault].tells}
    return bool(fitting & outcome.named.keys() or tells & outcome.withheld)


def _coverage(outcomes: list[Outcome]) -> float | None:
    return coverage(
        np.concatenate([o.error for o in outcomes]), np.concatenate([o.sd for o in outcomes])
    )


def _every_coverage(outcomes: list[Outcome]) -> float | None:
    return coverage(
        np.concatenate([o.every_error for o in outcomes]),
        np.concatenate([o.every_sd for o in outcomes]),
    )


def _without_coverage(outcomes: list[Outcome]) -> float | None:
    return coverage(
        np.concatenate([o.without_error for o in outcomes]),
        np.concatenate([o.without_sd for o in outcomes]),
    )


def _kept(outcomes: list[Outcome]) -> float | None:
    without = sum(o.claims_without for o in outcomes)
    return sum(o.claims for o in outcomes) / without if without else None


def _slowest(outcomes: list[Outcome]) -> float | None:
    """None where one never came back."""
    backs = [o.back_s for o in outcomes if o.back_s is not None]
    return max(backs) if len(backs) == len(outcomes) else None


def _slow(outcomes: list[Outcome]) -> int:
    return sum(_is_slow(o) for o in outcomes)


def _is_slow(outcome: Outcome) -> bool:
    return outcome.back_s is None or outcome.back_s > SLOW_S


def _silent(faults: Faults, outcomes: list[Outcome]) -> int:
    return sum(o.felt and not is_named(faults, o) for o in outcomes)


def _floors(alone: Found, paired: Found, staying: Found) -> list[Floor]:
    floors = []
    for name, found in (("alone", alone), ("in pairs", paired), ("that stay", staying)):
        if not found:
            continue
        each = [o for outcomes in found.values() for o in outcomes]
        lowest = [c for outcomes in found.values() if (c := _coverage(outcomes)) is not None]
        silent = sum(_silent(faults, outcomes) for faults, outcomes in found.items())
        floors += [
            Floor(f"{name}: coverage during, all", _coverage(each), low=0.90),
            Floor(f"{name}: coverage during, worst fault", min(lowest, default=None), low=0.90),
            Floor(f"{name}: coverage of all 21 during", _every_coverage(each), low=0.90),
        ]
        if found is not staying:
            floors += [
                Floor(f"{name}: slowest to be back, s", _slowest(each), high=SLOW_S),
                Floor(f"{name}: share back after 1 s", 1.0 - _slow(each) / len(each), low=1.0),
            ]
        floors.append(Floor(f"{name}: runs felt and not named", float(silent), high=0.0))
    return floors


def _table(title: str, found: Found, note: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for faults, outcomes in found.items():
        backs = sorted(np.inf if o.back_s is None else o.back_s for o in outcomes)
        median = float(np.median(backs))
        named: Counter[str] = Counter()
        for o in outcomes:
            named.update(o.named)
        stays = isinstance(faults[0], Staying)
        back: tuple[Cell, ...] = (None, None, None)
        if not stays:
            back = (
                median if np.isfinite(median) else None,
                _slowest(outcomes),
                _slow(outcomes),
            )
        rows.append(
            (
                " + ".join(faults),
                len(outcomes),
                _coverage(outcomes),
                _without_coverage(outcomes),
                _every_coverage(outcomes),
                _kept(outcomes),
                *back,
                _silent(faults, outcomes),
                sum(not o.felt for o in outcomes),
                ", ".join(f"{n} {reason}" for reason, n in sorted(named.items())),
            )
        )
    return Table(
        title,
        (
            "fault", "runs", "coverage during", "without the fault", "of all 21", "claims kept",
            "back after, median s",
            "slowest s", "later than 1 s", "felt, not named", "not felt", "named",
        ),
        tuple(rows),
        (0, 0, 3, 3, 3, 2, 2, 2, 0, 0, 0, 0),
        note,
    )  # fmt: skip
