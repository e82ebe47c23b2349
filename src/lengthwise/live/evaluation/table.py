"""Tables of an evaluation: numbers with the decimals they are shown with, and floors met or not."""

from collections.abc import Iterable

from msgspec import Struct

Cell = str | float | int | bool | None


class Table(Struct, frozen=True):
    """`decimals`: of the numbers of every column. `note`: one or two sentences below the title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    decimals: tuple[int, ...]
    note: str = ""

    def shown(self) -> list[tuple[str, ...]]:
        """Every row as text: empty where there is no number, never 0."""
        return [
            tuple(_shown(cell, d) for cell, d in zip(row, self.decimals, strict=True))
            for row in self.rows
        ]


def _shown(cell: Cell, decimals: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.{decimals}f}"
    return str(cell)


class Floor(Struct, frozen=True):
    """What is asked of one figure: `low` and `high` inclusive, None where it is open."""

    what: str
    found: float | None
    low: float | None = None
    high: float | None = None

    @property
    def met(self) -> bool:
        """A figure that could not be formed is not met."""
        if self.found is None:
            return False
        return (self.low is None or self.found >= self.low) and (
            self.high is None or self.found <= self.high
        )

    @property
    def asked(self) -> str:
        if self.low is None:
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if self.high is None else f"{self.low:g} to {self.high:g}"


def floors_table(title: str, floors: Iterable[Floor]) -> Table:
    return Table(
        title,
        ("what", "found", "asked", "met"),
        tuple((f.what, f.found, f.asked, f.met) for f in floors),
        (0, 3, 0, 0),
    )


def markdown(tables: Iterable[Table]) -> str:
    """The tables as sections of a page."""
    parts = []
    for table in tables:
        lines = [f"### {table.title}", ""]
        if table.note:
            lines += [table.note, ""]
        lines.append("| " + " | ".join(table.columns) + " |")
        lines.append("|" + "---|" * len(table.columns))
        lines += ["| " + " | ".join(row) + " |" for row in table.shown()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
