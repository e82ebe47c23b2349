"""The few that stand for all have what any of them has; a new kind enters by itself."""

from msgspec.structs import replace

from covering import covering, kinds
from lengthwise.reference.exercises import Place, exercise, exercises


def test_every_behaviour_place_posture_and_number_of_sides_is_among_them() -> None:
    chosen = [exercise(i) for i in covering()]
    for of in (
        lambda e: e.behaviour,
        lambda e: e.kind,
        lambda e: e.place,
        lambda e: e.start_posture,
        lambda e: e.view,
        lambda e: (e.bilateral, e.behaviour),
        lambda e: (e.start_posture, e.behaviour),
    ):
        assert {of(e) for e in chosen} == {of(e) for e in exercises().values()}
    assert len(chosen) < 0.6 * len(exercises())


def test_one_of_a_new_kind_enters_by_itself() -> None:
    known = [replace(e, place=Place.CHAIR) for e in exercises().values()]
    new = replace(exercise("figure_four"), id="zz_new", place=Place.BED)
    assert "zz_new" in covering(among=[*known, new])
    assert "zz_new" not in covering(among=[*known, replace(new, place=Place.CHAIR)])


def test_what_else_tells_them_apart_can_be_asked_for() -> None:
    pairs = covering(lambda e: {(c.coordinate, c.direction) for c in e.constraints})
    chosen = {(c.coordinate, c.direction) for i in pairs for c in exercise(i).constraints}
    every = {(c.coordinate, c.direction) for e in exercises().values() for c in e.constraints}
    assert chosen == every
    assert covering(kinds) == covering()
