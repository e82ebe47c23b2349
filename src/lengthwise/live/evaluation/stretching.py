"""Which muscles the canonical stretches lengthen, by the anatomical model, beside what is said."""

import numpy as np

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table, markdown
from lengthwise.reference.stretches import GroupSide, Stretch, stretches
from lengthwise.tissue.gains import Fractions, best_of, fractions_of, gains, rank
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.range import range_bounds
from lengthwise.tissue.told import told_fraction

_SAID = """
By one generic anatomical model. What each is said to lengthen was sorted by this model's own
verdict, so the first table tells of changes of model or table, not of truth: *gains* means among
the three muscle groups of its region that gain most of their range.
"""
TOP = 3
"""A target that gains less than so many groups of its region is not what a stretch lengthens."""


def evaluate(measures: BodyMeasures | None = None) -> list[Table]:
    anatomy = Anatomy.build(measures)
    fractions = fractions_of(GroupLengths.over(anatomy), range_bounds(anatomy))
    found = {s.id: gains(fractions, s) for s in stretches()}
    said = [(s, m) for s in stretches() for m in s.targets]
    refuted = [(s, m) for s in stretches() for m in s.refuted]
    confirmed = sum(rank(found[s.id], m, s.region) <= TOP for s, m in said)
    missing = sum(rank(found[s.id], m, s.region) > TOP for s, m in refuted)
    return [
        floors_table(
            "Canonical stretches: floors",
            [
                Floor("targets among the three that gain most", confirmed / len(said), low=1.0),
                Floor("others that are said too and are not", missing / len(refuted), low=1.0),
            ],
        ),
        _targets(found, fractions),
        _foremost(found),
    ]


def page(tables: list[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return (
        f"# What canonical stretches lengthen\n\nMade by `{command}`.\n{_SAID}\n{markdown(tables)}"
    )


def _targets(found: dict[str, np.ndarray], fractions: Fractions) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for s in stretches():
        end = told_fraction(fractions(s.end_rad))
        for muscle, verdict in [
            *((m, "gains") for m in s.targets),
            *((m, "hardly gains") for m in s.refuted),
        ]:
            gained = found[s.id]
            row = GROUP_INDEX[muscle]
            rows.append(
                (
                    s.name,
                    _word(muscle),
                    verdict,
                    rank(gained, muscle, s.region),
                    len(s.region),
                    float(gained[row]),
                    float(end[row]),
                )
            )
    return Table(
        "Canonical stretches: what is said of each",
        (
            "stretch",
            "said to lengthen",
            "in this model",
            "rank by gain",
            "of",
            "gain",
            "at the end",
        ),
        tuple(rows),
        (0, 0, 0, 0, 0, 2, 2),
        "Gain and end as range fractions of the generic body; the left side works. The end is told "
        "within 0 and 1, a gain is not limited.",
    )


def _foremost(found: dict[str, np.ndarray]) -> Table:
    return Table(
        "Canonical stretches: what gains most",
        ("stretch", "first", "second", "third", "note"),
        tuple((s.name, *_first(s, found[s.id]), s.note) for s in stretches()),
        (0, 0, 0, 0, 0),
        "Among the groups of its region, of each group the side that gains more.",
    )


def _first(stretch: Stretch, gained: np.ndarray) -> list[str]:
    order = sorted(stretch.region, key=lambda group: -best_of(gained, group))
    named = []
    for group in order[:TOP]:
        muscle = max(
            (m for m in GROUP_SIDES if m[0] is group),
            key=lambda m: round(float(gained[GROUP_INDEX[m]]), 6),
        )
        named.append(f"{_word(muscle)} {best_of(gained, group):+.2f}")
    return named


def _word(muscle: GroupSide) -> str:
    group, side = muscle
    return f"{group.value.replace('_', ' ')} {side.value}"
