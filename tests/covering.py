"""A few exercises that stand for all, chosen by what they are.

A law of the code (no jump, the same at every rate, guided to the end) is asked of these. What is
written in a file is checked for every exercise, one by one.
"""

from collections.abc import Callable, Hashable, Iterable, Set

from lengthwise.reference.exercises import Exercise, exercises

Traits = Callable[[Exercise], Set[Hashable]]


def kinds(e: Exercise) -> set[Hashable]:
    """What tells one exercise from another for the code that leads, moves and measures it."""
    return {
        ("kind", e.kind),
        ("place", e.place),
        ("view", e.view),
        ("posture", e.start_posture, e.behaviour),
        ("sides", e.bilateral, e.behaviour),
        ("lies on the working side", e.lies_on_working_side),
        ("other end", any(m.other_end_deg is not None for m in e.path)),
        ("constrained", bool(e.constraints)),
        ("about a muscle", bool(e.about)),
        ("carries a load", e.carries_load),
    }


def covering(traits: Traits = kinds, among: Iterable[Exercise] | None = None) -> list[str]:
    """Ids of exercises that have, between them, every trait that any has; in order of their ids.

    Each next one has most of what is still missing, the first by its id of those alike: one with a
    trait that no other has is always among them.
    """
    known = sorted(exercises().values() if among is None else among, key=lambda e: e.id)
    missing = {trait for e in known for trait in traits(e)}
    chosen: list[str] = []
    while missing:
        best = max(known, key=lambda e: len(missing & traits(e)))
        chosen.append(best.id)
        missing -= traits(best)
    return sorted(chosen)
