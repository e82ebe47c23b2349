"""Use case: how true the body estimate is, on data with a reference and on simulated people."""

from collections.abc import Callable, Sequence
from pathlib import Path

from lengthwise.live.evaluation import (
    afterwards,
    differences,
    faults,
    keraal,
    recordings,
    synthetic,
    windows,
)
from lengthwise.live.evaluation.jobs import Advance
from lengthwise.live.evaluation.table import Table, markdown

SECTIONS = ("keraal", "recordings", "differences", "windows", "synthetic", "afterwards", "faults")
"""In the order in which they run: what needs data comes first, so its absence is told early."""

Tell = Callable[[str], Advance]
"""Asked at the beginning of each section for whom to tell how far it is."""


def evaluate(
    data: Path,
    *,
    only: Sequence[str] = SECTIONS,
    seeds: int = 20,
    jobs: int = 1,
    tell: Tell = lambda _: lambda done, total: None,
) -> list[Table]:
    """Tables of the sections asked for. `seeds`: simulated people per motion or exercise.

    Raises InputError where a section's data are not in `data`.
    """
    run: dict[str, Callable[[Advance], list[Table]]] = {
        "keraal": lambda a: keraal.evaluate(data / "keraal", jobs=jobs, advance=a),
        "recordings": lambda a: recordings.evaluate(data, jobs=jobs, advance=a),
        "differences": lambda a: differences.evaluate(seeds, jobs=jobs, advance=a),
        "windows": lambda a: windows.evaluate(seeds, jobs=jobs, advance=a),
        "synthetic": lambda a: synthetic.evaluate(seeds, jobs=jobs, advance=a),
        "afterwards": lambda a: afterwards.evaluate(data / "keraal", seeds, jobs=jobs, advance=a),
        "faults": lambda a: faults.evaluate(seeds, jobs=jobs, advance=a, data=data),
    }
    return [table for name in SECTIONS if name in only for table in run[name](tell(name))]


def page(tables: Sequence[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return f"# The body estimate against references\n\nMade by `{command}`.\n\n{markdown(tables)}"
