"""Independent pieces of work over a few processes, results in the order of the work."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Advance = Callable[[int, int], None]
"""Told after each piece: how many are done, of how many."""


def run_all(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    *,
    jobs: int,
    advance: Advance | None = None,
) -> list[Result]:
    """`work` of every piece. With one job in this process, else in `jobs` processes."""
    tell = advance or (lambda done, total: None)
    if jobs <= 1 or len(pieces) <= 1:
        results = []
        for done, piece in enumerate(pieces, start=1):
            results.append(work(piece))
            tell(done, len(pieces))
        return results
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(work, piece) for piece in pieces]
        for done, _ in enumerate(as_completed(futures), start=1):
            tell(done, len(pieces))
        return [future.result() for future in futures]
