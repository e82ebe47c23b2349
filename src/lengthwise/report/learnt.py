"""How the constraints of the exercise were kept, and what a retention check says, as a table."""

from html import escape

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.report.words import coordinate_name, labels, side_word


class KeptRow(Struct, frozen=True):
    """One constraint. `outcome` in plain words; ratios None where there is nothing to divide."""

    side: Side | None
    coordinate: Coordinate
    outcome: str
    known_ratio: float | None
    kept_ratio: float | None
    said: int
    faded: int


class LearningReport(Struct, frozen=True):
    """`said`: sentences above the table."""

    rows: tuple[KeptRow, ...]
    said: tuple[str, ...]


def learnt_html(found: LearningReport | None) -> str:
    """Empty where nothing was to be kept."""
    if found is None:
        return ""
    said = labels().learnt
    head = "".join(
        f"<th>{escape(said[name])}</th>" for name in ("what", "known", "kept", "due", "outcome")
    )
    rows = "".join(_row(row) for row in found.rows)
    sentences = "".join(f"<p>{escape(s)}</p>" for s in found.said)
    return (
        f"{sentences}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p class="note">{escape(said["note"])}</p>'
    )


def _row(row: KeptRow) -> str:
    side = "" if row.side is None else f", {side_word(row.side)} side working"
    due = f"{row.said} said" + (f", {row.faded} left out" if row.faded else "")
    cells = (
        coordinate_name(row.coordinate) + side,
        _percent(row.known_ratio),
        _percent(row.kept_ratio),
        due if row.said or row.faded else "none",
        row.outcome,
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _percent(ratio: float | None) -> str:
    return "" if ratio is None else f"{100 * ratio:.0f} %"
