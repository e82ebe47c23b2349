"""What every exercise lengthens, loads and strains, by the anatomical model."""

from collections.abc import Sequence

from lengthwise.contracts.effect import ExerciseEffect, GroupEffect
from lengthwise.contracts.states import Estimate
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table, markdown
from lengthwise.live.exercise_effects import effects_of
from lengthwise.reference.exercises import Exercise, ExerciseKind, exercises
from lengthwise.report.words import coordinate_name
from lengthwise.tissue.effects import TOP, check_effect

_SAID = """
By one anatomical model, for the left working side, from the start of each file to its end. Gains
are of range fraction: 1 is the way from the shortest to the longest that this body's joints allow.
They say which muscles grow longer, not that a person feels it there, and not that it helps.
"""


def evaluate(height_m: float | None = None) -> list[Table]:
    known = list(exercises().values())
    found = effects_of(known, height_m=height_m)
    both = list(zip(known, found, strict=True))
    return [_floors(both), _lengthened(both), _foremost(both), _borne(both), _left(both)]


def page(tables: list[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return f"# What the exercises do\n\nMade by `{command}`.\n{_SAID}\n{markdown(tables)}"


_Both = Sequence[tuple[Exercise, ExerciseEffect]]


def _floors(both: _Both) -> Table:
    stretched = [
        g for e, x in both if e.kind is ExerciseKind.STATIC_STRETCH for g in x.targets
    ]  # fmt: skip
    first = sum((g.rank or TOP + 1) <= TOP for g in stretched)
    unclear = sum(bool(check_effect(e, x)) for e, x in both)
    return floors_table(
        "Exercises: floors",
        [
            Floor("targets of stretches among the three that gain most", first / len(stretched), 1),
            Floor("exercises of which the model finds something to put right", unclear, high=0),
        ],
    )


def _lengthened(both: _Both) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            e.id,
            e.kind.value.replace("_", " "),
            _word(g),
            g.rank,
            len(e.region),
            g.gain,
            g.end_fraction,
            x.line_alignment,
            x.selectivity,
        )
        for e, x in both
        for g in x.targets
    ]
    return Table(
        "Exercises: what they name as lengthened",
        ("exercise", "kind", "names", "rank by gain", "of", "gain", "at the end", "line", "share"),
        tuple(rows),
        (0, 0, 0, 0, 0, 2, 2, 2, 2),
        "Line: cosine between the movement and what lengthens the named muscles fastest. Share: "
        "theirs of all that the region gained.",
    )


def _foremost(both: _Both) -> Table:
    return Table(
        "Exercises: what gains most of all muscles",
        ("exercise", "first", "second", "third", "note"),
        tuple((e.id, *_first(x), e.region_note) for e, x in both if e.path),
        (0, 0, 0, 0, 0),
        "Of all groups and sides, whether it is meant or not.",
    )


def _first(effect: ExerciseEffect) -> list[str]:
    return [
        f"{_word(g)} {g.gain:+.2f}" if g.gain >= 0.005 else "" for g in effect.by_gain[:TOP]
    ]  # fmt: skip


def _borne(both: _Both) -> Table:
    return Table(
        "Exercises: load of the low back and strain of the nerves",
        ("exercise", "L4-L5", "L5-S1", "sciatic, %", "femoral, %"),
        tuple(
            (
                e.id,
                _band(x.load_l4l5),
                _band(x.load_l5s1),
                100.0 * x.sciatic.mean,
                100.0 * x.femoral.mean,
            )
            for e, x in both
        ),
        (0, 0, 0, 1, 1),
        "The highest along the way. Load as a band against standing (1); empty where what carries "
        "the body is not known. Strain adds caution and never clears a symptom; an ankle that the "
        "file does not name counts as drawn up.",
    )


def _left(both: _Both) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (e.id, coordinate_name(c.coordinate), kept.tolerance_deg, c.position)
        for e, x in both
        for c in x.compensations
        for kept in e.constraints
        if kept.coordinate is c.coordinate and c.position > 0.0
    ]
    return Table(
        "Exercises: what a compensation does to a stretch that is held where it is first felt",
        ("exercise", "leaves its place", "tolerance, degrees", "place between the marks"),
        tuple(rows),
        (0, 0, 1, 2),
        "By two tolerances, in somebody whose marks lie near each other; of the target that goes "
        "furthest, 0 the first gentle pull and 1 tolerance. Above .90 a tolerance is too wide: it "
        "may be that no sensor sees it. What shortens its target is left out.",
    )


def _band(e: Estimate | None) -> str:
    return "" if e is None else f"{e.mean:.1f} ± {e.sd:.1f}"


def _word(g: GroupEffect) -> str:
    return f"{g.group.value.replace('_', ' ')} {g.side.value}"
