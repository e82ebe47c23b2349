"""Motion files as OpenSim writes them, for tests."""

from collections.abc import Mapping, Sequence


def motion_text(
    columns: Mapping[str, Sequence[float]], *, in_degrees: bool = True, rate_hz: float = 100.0
) -> str:
    """A whole .mot file; every column has the same number of rows."""
    rows = list(zip(*columns.values(), strict=True))
    head = (
        f"Coordinates\nversion=1\nnRows={len(rows)}\nnColumns={len(columns) + 1}\n"
        f"inDegrees={'yes' if in_degrees else 'no'}\n\n"
        "Units are S.I. units (second, meters, Newtons, ...)\nendheader\n"
    )
    lines = ["\t".join(["time", *columns])]
    for i, row in enumerate(rows):
        lines.append("\t".join(f"{value:16.8f}" for value in (i / rate_hz, *row)))
    return head + "\n".join(lines) + "\n"
