"""What is said to be enough for a test is what was computed to be: printed page and data agree."""

from pathlib import Path

import pytest

from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.test_sensors import enough_for, nearest_set

PAGE = (Path(__file__).parents[2] / "docs" / "assessment.md").read_text(encoding="utf-8")
_SIDED = {"thigh_l": "thigh", "shank_l": "shank"}


def rows() -> dict[str, dict[frozenset[str], str]]:
    """Of each test the cells of the table, by their sensors."""
    lines = PAGE[PAGE.index("| test | camera |") :].splitlines()
    names = [n.strip() for n in lines[0].strip("|").split("|")][1:-1]
    found = {}
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        first, *cells = [c.strip() for c in line.strip("|").split("|")]
        worn, _, least = cells[-1].partition(": ")
        of = {frozenset(n.split("+")): c for n, c in zip(names, cells[:-1], strict=True)}
        needed = frozenset(_SIDED.get(w, w) for w in worn.split(" and "))
        found[first.split("`")[1]] = of | {needed: least}
    return found


@pytest.mark.parametrize("test", sorted(guided_tests()))
def test_each_set_is_known_by_the_page(test: str) -> None:
    cells = rows()[test]
    for sensors in enough_for()[test]:
        assert cells.get(frozenset(sensors)), f"{test}, {sensors}: not on the page"
    if not enough_for()[test]:
        assert not any(cells.values())


def test_every_test_says_what_it_needs_and_the_easiest_is_named() -> None:
    assert set(enough_for()) == set(guided_tests())
    assert nearest_set("test_standing", {"camera"}) == ("camera",)
    assert nearest_set("test_trunk_side_bend", set()) == ("camera",)
    assert nearest_set("test_hip_internal_rotation", {"camera", "sacrum"}) is None
