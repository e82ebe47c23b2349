"""Tables over coached runs: floors, then by sensors and noise, then each exercise."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from lengthwise.live.evaluation.coaching_ceiling import summed
from lengthwise.live.evaluation.coaching_pieces import WITHIN_S, Outcome, Run
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table

_RIGHT, _FALSE, _MISSED, _ABOVE, _MOST = 0.95, 0.02, 0.05, 0.001, 1
_CYCLES_OFF = 1
_REASONS = 12


def tables(runs: Sequence[Run]) -> list[Table]:
    return [
        floors_table("The coach: floors", _floors(runs)),
        _by_sensors(runs),
        _outcomes(runs),
        _by_exercise(runs),
        *_above_table(runs),
        *_not_working(runs),
        _why(runs),
    ]


def became(outcome: Outcome) -> str:
    """One word for what became of a fault."""
    if outcome.visible_s is None:
        return "never visible"
    if outcome.right:
        return "right"
    if not outcome.known:
        return "not known"
    if outcome.doubted:
        return "in doubt"
    if outcome.on_it:
        return "late"
    return "waited, no words" if outcome.noticed else "missed"


_BECAME = ("right", "late", "waited, no words", "missed", "in doubt", "not known", "never visible")
_ABSTAINED = ("in doubt", "not known")


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def _clean(runs: Iterable[Run]) -> list[Run]:
    return [r for r in runs if r.piece.fault is None and r.began]


def _faulty(runs: Iterable[Run]) -> list[Run]:
    return [r for r in runs if r.piece.fault is not None and r.began]


def _outcome_counts(runs: Iterable[Run]) -> Counter[str]:
    return Counter(became(r.outcome) for r in runs if r.outcome is not None)


def _right_share(runs: Iterable[Run]) -> float | None:
    """Of the faults that were visible and neither in doubt nor unknown."""
    counts = _outcome_counts(runs)
    judged = sum(counts[name] for name in ("right", "late", "waited, no words", "missed"))
    return _ratio(counts["right"], judged)


def _sum(runs: Iterable[Run], seconds: Callable[[Run], float]) -> float:
    return sum(seconds(r) for r in runs)


def _abstained(runs: Sequence[Run]) -> float | None:
    return _ratio(_sum(runs, lambda r: r.abstained_s), _sum(runs, lambda r: r.hold_s))


def _false(runs: Iterable[Run]) -> float | None:
    """Wrongly told effective, of the time of faulty holds in which it was not abstained."""
    faulty = _faulty(runs)
    return _ratio(
        _sum(faulty, lambda r: r.false_s), _sum(faulty, lambda r: r.hold_s - r.abstained_s)
    )


def _false_clean(runs: Iterable[Run]) -> float | None:
    """Wrongly told effective in clean holds: by a position that errs."""
    clean = _clean(runs)
    return _ratio(_sum(clean, lambda r: r.false_s), _sum(clean, lambda r: r.hold_s - r.abstained_s))


def _unseen_false(runs: Iterable[Run]) -> float | None:
    """Told effective while a constraint that is not required, and was not known, was broken."""
    faulty = _faulty(runs)
    return _ratio(_sum(faulty, lambda r: r.unseen_false_s), _sum(faulty, lambda r: r.hold_s))


def _missed(runs: Iterable[Run]) -> float | None:
    clean = _clean(runs)
    return _ratio(_sum(clean, lambda r: r.missed_s), _sum(clean, lambda r: r.due_s))


def _most_above(runs: Iterable[Run]) -> float | None:
    return max((r.above.total_s / r.hold_s for r in runs if r.hold_s > 0), default=None)


def _most_let_be(runs: Iterable[Run]) -> float | None:
    """Above a ceiling, seen, and not eased: the worst hold."""
    return max((r.above.seen_s / r.hold_s for r in runs if r.hold_s > 0), default=None)


def _off(r: Run) -> int | None:
    if r.cycles is None or r.true_cycles is None:
        return None
    return r.cycles + (r.unsure_cycles or 0) - r.true_cycles


def _counted(runs: Iterable[Run]) -> float | None:
    """Share of clean movements to and fro whose count is within one cycle, hollow ones and all,
    where any was told: an exercise led by ear counts none and says so."""
    known = [r for r in _clean(runs) if r.cycles or r.unsure_cycles]
    off = [x for r in known if (x := _off(r)) is not None]
    return _ratio(sum(abs(x) <= _CYCLES_OFF for x in off), len(off))


def _floors(runs: Sequence[Run]) -> list[Floor]:
    held = [r for r in runs if r.began]
    clean = _clean(runs)
    most = max((len(r.corrections) for r in clean), default=None)
    return [
        Floor("share of runs whose hold begins", _ratio(len(held), len(runs)), low=1.0),
        Floor(
            f"right cue first within {WITHIN_S:g} s, of faults not abstained",
            _right_share(runs),
            low=_RIGHT,
        ),
        Floor("corrections in a clean hold, most of all", most, high=_MOST),
        Floor(
            "times that somebody on the asked side was told of the other one",
            float(sum(r.other_side for r in runs)),
            high=0.0,
        ),
        Floor("false effective time in faulty holds, where known", _false(runs), high=_FALSE),
        Floor("false effective time in clean holds, where known", _false_clean(runs), high=_FALSE),
        Floor(
            "seconds counted without an unseen constraint and not marked so",
            _sum(held, lambda r: r.unsaid_s),
            high=0.0,
        ),
        Floor("missed effective time in clean holds, where known", _missed(runs), high=_MISSED),
        Floor("time above the ceiling, worst clean hold", _most_above(clean), high=_ABOVE),
        Floor("time above the ceiling, worst faulty hold", _most_above(_faulty(runs)), high=_ABOVE),
        Floor(
            "of it seen and not eased, worst hold, clean or faulty", _most_let_be(held), high=_ABOVE
        ),
        Floor(
            "seconds counted where something required is not known",
            _sum(held, lambda r: r.unknown_effective_s),
            high=0.0,
        ),
        Floor(
            "seconds abstained without a reason shown",
            _sum(held, lambda r: r.unexplained_s),
            high=0.0,
        ),
        Floor(
            "clean movements to and fro counted within one, where known", _counted(runs), low=1.0
        ),
    ]


def _groups(runs: Sequence[Run]) -> dict[tuple[str, float | None], list[Run]]:
    found: dict[tuple[str, float | None], list[Run]] = {}
    for r in runs:
        found.setdefault((r.piece.sensors, r.piece.noise_mm), []).append(r)
    return found


def _by_sensors(runs: Sequence[Run]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (sensors, noise_mm), each in _groups(runs).items():
        held, clean = [r for r in each if r.began], _clean(each)
        rows.append(
            (
                sensors,
                noise_mm,
                len(each),
                len(each) - len(held),
                _right_share(each),
                _ratio(_sum(clean, lambda r: len(r.corrections)), len(clean)),
                max((len(r.corrections) for r in clean), default=None),
                _false(each),
                _false_clean(each),
                _unseen_false(each),
                _missed(each),
                _most_above(clean),
                _most_above(_faulty(each)),
                _abstained(clean),
                _abstained(_faulty(each)),
                _ratio(_sum(clean, lambda r: r.windowed_s), _sum(clean, lambda r: r.hold_s)),
                _counted(each),
            )
        )
    return Table(
        "The coach: by sensors and landmark noise",
        (
            "sensors", "noise, mm", "runs", "never begins", "right of not abstained",
            "corrections per clean hold", "most", "false, faulty", "false, clean",
            "false, not seen", "missed effective",
            "above ceiling, worst clean", "worst faulty", "abstains, clean", "abstains, faulty",
            "with a numeric window", "cycles within one",
        ),
        tuple(rows),
        (0, 0, 0, 0, 3, 2, 0, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2),
        "Shares are of time unless they say otherwise. An exercise that is not a stretch has no "
        "window; the count is of movements that were known for most of the hold.",
    )  # fmt: skip


def _outcomes(runs: Sequence[Run]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (sensors, noise_mm), each in _groups(runs).items():
        counts = _outcome_counts(each)
        lost = sum(not r.began for r in each if r.piece.fault is not None)
        total = sum(counts.values()) + lost
        abstained = sum(counts[name] for name in _ABSTAINED)
        rows.append(
            (
                sensors,
                noise_mm,
                total,
                *(counts[name] for name in _BECAME),
                lost,
                _ratio(abstained, total),
            )
        )
    return Table(
        "The coach: what became of each fault",
        ("sensors", "noise, mm", "faults", *_BECAME, "no hold", "abstained"),
        tuple(rows),
        (0, 0, 0, *(0 for _ in _BECAME), 0, 2),
        "Never visible: the hold was over before the fault, or the person corrected it first.",
    )


def _by_exercise(runs: Sequence[Run]) -> Table:
    grouped: dict[tuple[str, str, float | None], list[Run]] = {}
    for r in runs:
        key = (r.piece.exercise_id, r.piece.sensors, r.piece.noise_mm)
        grouped.setdefault(key, []).append(r)
    rows: list[tuple[Cell, ...]] = []
    for (exercise_id, sensors, noise_mm), each in grouped.items():
        clean, faulty = _clean(each), [r for r in each if r.outcome is not None]
        rows.append(
            (
                exercise_id,
                sensors,
                noise_mm,
                ", ".join(f"{r.piece.fault}: {became(r.outcome)}" for r in faulty if r.outcome),
                _ratio(_sum(clean, lambda r: r.hold_s), len(clean)),
                _ratio(_sum(clean, lambda r: r.told_s), len(clean)),
                ", ".join(dict.fromkeys(why for r in clean for why in r.ended_by[:1])),
                _ratio(_sum(clean, lambda r: len(r.corrections)), len(clean)),
                _false(each),
                _false_clean(each),
                _unseen_false(each),
                _missed(each),
                _abstained(clean),
                _most_above(r for r in each if r.began),
                ", ".join(_cycles_text(r) for r in clean if r.cycles is not None),
            )
        )
    return Table(
        "The coach: each exercise",
        (
            "exercise", "sensors", "noise, mm", "faults", "clean hold, s", "effective, s",
            "ended by", "corrections", "false, faulty", "false, clean", "false, not seen",
            "missed effective", "abstains", "above ceiling", "cycles",
        ),
        tuple(rows),
        (0, 0, 0, 0, 0, 1, 0, 1, 3, 3, 3, 3, 2, 3, 0),
        "Cycles: counted, and hollow ones, of those really made in the hold.",
    )  # fmt: skip


def _above_table(runs: Sequence[Run]) -> list[Table]:
    """Where a ceiling was really passed, and what could be seen of it."""
    rows: list[tuple[Cell, ...]] = []
    grouped: dict[tuple[str, str, float | None, str], list[Run]] = {}
    for r in runs:
        if r.above.total_s > 0.0:
            fault = "clean" if r.piece.fault is None else str(r.piece.fault)
            key = (r.piece.exercise_id, r.piece.sensors, r.piece.noise_mm, fault)
            grouped.setdefault(key, []).append(r)
    for key, each in grouped.items():
        all_of = summed(r.above for r in each)
        held_s = _sum(each, lambda r: r.hold_s)
        parts = (
            all_of.total_s,
            all_of.least_s,
            all_of.broken_s,
            all_of.seen_s,
            all_of.eased_s,
            all_of.corrected_s,
            all_of.unseen_s,
        )
        rows.append((*key, *(_ratio(part, held_s) for part in parts)))
    if not rows:
        return []
    return [
        Table(
            "The coach: time above the ceiling",
            (
                "exercise", "sensors", "noise, mm", "fault", "above", "least", "while it is broken",
                "seen, not eased", "eased", "not seen, corrected", "not seen",
            ),
            tuple(rows),
            (0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3),
            "Shares of the hold, of those holds in which a ceiling was passed at all. The last "
            "four make up the whole. Least: of the same person, told at once by somebody who knows "
            "the truth.",
        )
    ]  # fmt: skip


def _cycles_text(r: Run) -> str:
    hollow = f" + {r.unsure_cycles} hollow" if r.unsure_cycles else ""
    return f"{r.cycles}{hollow} of {r.true_cycles}"


def _not_working(runs: Sequence[Run]) -> list[Table]:
    never = [r for r in runs if not r.began]
    if not never:
        return []
    rows = Counter((r.piece.exercise_id, r.piece.sensors, ", ".join(r.why_not)) for r in never)
    return [
        Table(
            "The coach: holds that never begin",
            ("exercise", "sensors", "why", "runs"),
            tuple((*key, count) for key, count in rows.items()),
            (0, 0, 0, 0),
        )
    ]


def _why(runs: Sequence[Run]) -> Table:
    """Why it abstains, by reason."""
    rows: list[tuple[Cell, ...]] = []
    for (sensors, noise_mm), each in _groups(runs).items():
        held_s = _sum(each, lambda r: r.hold_s)
        found: Counter[str] = Counter()
        for r in each:
            found.update({why: round(1000 * s) for why, s in r.reasons.items()})
        for why, ms in found.most_common(_REASONS):
            rows.append((sensors, noise_mm, why, _ratio(ms / 1000, held_s)))
    return Table(
        "The coach: why it abstains",
        ("sensors", "noise, mm", "reason shown", "share of hold time"),
        tuple(rows),
        (0, 0, 0, 3),
        "Several reasons may be shown at once.",
    )
