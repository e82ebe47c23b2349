"""What a point of a questionnaire's series says, in plain words."""

from typing import Protocol


class Judged(Protocol):
    """Of `plan.trajectory`, which reports know nothing of."""

    @property
    def verdict(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def missing(self) -> tuple[int, ...]: ...


_SAYS = {
    "first": "the first, to compare with",
    "better": "better, beyond what a repeat differs by and by what matters",
    "worse": "worse, beyond what a repeat differs by and by what matters",
    "better_little": "a little better, less than what matters to people",
    "worse_little": "a little worse, less than what matters to people",
    "within_repeat": "no more than a repeat alone differs by",
    "not_known": "how much a repeat differs by is not known",
}


def verdict(point: Judged) -> str:
    """One line; what is missing is said before anything else."""
    if point.value is None:
        if not point.missing:
            return "no total, see its parts"
        return f"too few answers: {', '.join(map(str, point.missing))} missing"
    return _SAYS[point.verdict]
