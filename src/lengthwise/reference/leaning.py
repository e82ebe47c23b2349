"""Who leans on an entry of the evidence: exercises, and constants that decide something."""

from importlib.resources import files

from lengthwise.reference.constants import Constant, constants
from lengthwise.reference.exercises import exercises


def areas() -> tuple[str, ...]:
    """All files of constants."""
    folder = files("lengthwise.reference") / "constants_data"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir()))


def all_constants() -> dict[str, Constant]:
    """Every constant by `area.name`."""
    return {f"{area}.{name}": c for area in areas() for name, c in constants(area).items()}


def leaning_on(entry_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of exercises, and names `area.name` of constants."""
    return (
        tuple(e.id for e in exercises().values() if entry_id in e.evidence),
        tuple(name for name, c in all_constants().items() if entry_id in c.evidence),
    )
