"""Exercises in a room: carried where the file says, and drawn so that the target can be found."""

import re

import numpy as np
import pytest

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.reference.exercise_picture import Carrier, Thing
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.exercise_drawing import ExercisePainter, Panel
from lengthwise.report.exercise_sheet import Drawn, captions, legend, movement, panels
from lengthwise.report.exercise_vector import vector_sheet
from lengthwise.report.room import Room

CLOSE_M = 0.02
SIZE = (300, 240)


@pytest.fixture(scope="module")
def anatomy() -> Anatomy:
    return Anatomy.build()


@pytest.fixture(scope="module")
def painter(anatomy: Anatomy) -> BodyPainter:
    return BodyPainter(anatomy, bone_cell_m=0.01)


def room_of(name: str, anatomy: Anatomy, painter: BodyPainter, side: Side = Side.LEFT) -> Room:
    return Room(exercise(name).for_side(side), anatomy, painter.flesh)


def drawn_of(name: str, anatomy: Anatomy, painter: BodyPainter, fraction: float) -> Drawn:
    room = room_of(name, anatomy, painter)
    return Drawn(room, painter, np.full((len(room.shares), len(GROUP_SIDES)), fraction))


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("name", list(exercises()))
def test_what_carries_the_body_touches_and_nothing_is_below(
    name: str, side: Side, anatomy: Anatomy, painter: BodyPainter
) -> None:
    """A wrong angle hangs a foot in the air or drives it through the floor."""
    room = room_of(name, anatomy, painter, side)
    for share in room.shares:
        at = room.at(share)
        for part in at.carried:
            on_seat = room.seat_m is not None and part is Carrier.PELVIS
            surface = room.seat_m if on_seat and room.seat_m is not None else 0.0
            above = at.lowest_m(painter.flesh, part) - surface
            assert abs(above) < CLOSE_M, (share, part.value, above)
        if not room.done.picture.over_edge:
            assert at.lowest_m(painter.flesh) > -CLOSE_M, share


@pytest.mark.parametrize("name", list(exercises()))
def test_the_right_side_is_the_mirror_image(
    name: str, anatomy: Anatomy, painter: BodyPainter
) -> None:
    """Of the soft body with its arms: the same lowest, highest, frontmost, and sides exchanged.

    Two centimetres, since the bones of the model are not quite symmetrical.
    """
    ends = []
    for side in Side:
        room = room_of(name, anatomy, painter, side)
        at = room.at(room.shares[-1])
        ends.append({bone: at.bone(bone) for bone in ("torso", "head", "pelvis")} | {
            f"{bone}_{'working' if s is side else 'other'}": at.bone(f"{bone}_{s.value}")
            for bone in ("femur", "tibia", "calcn") for s in Side
        } | {f"wrist_{s is side}": at.arms.wrist_m[s] for s in Side})  # fmt: skip
    for bone, left in ends[0].items():
        mirrored = ends[1][bone] * np.array([-1.0, 1.0, 1.0])
        assert np.abs(left - mirrored).max() < 0.02, bone


def test_a_seat_stays_where_it_is(anatomy: Anatomy, painter: BodyPainter) -> None:
    room = room_of("chair_pelvic_tilts", anatomy, painter)
    assert room.seat_m is not None and 0.3 < room.seat_m < 0.55
    lows = [room.at(s).lowest_m(painter.flesh, Carrier.PELVIS) for s in (0.0, 0.5, 1.0, -1.0)]
    assert max(lows) - min(lows) < 1e-6


def test_hands_on_the_floor_stay_there(anatomy: Anatomy, painter: BodyPainter) -> None:
    room = room_of("cat_cow", anatomy, painter)
    for side in Side:
        moved = room.at(1.0).arms.wrist_m[side] - room.start.arms.wrist_m[side]
        assert np.linalg.norm(moved) < 0.03
        assert room.start.arms.wrist_m[side][2] < 0.06


def test_the_lifted_arm_of_the_bird_dog_is_the_other_one(
    anatomy: Anatomy, painter: BodyPainter
) -> None:
    for side in Side:
        wrist = room_of("bird_dog", anatomy, painter, side).at(1.0).arms.wrist_m
        assert wrist[side][2] < 0.06 < 0.4 < wrist[side.other][2]


def test_start_and_end_differ_and_both_are_named(anatomy: Anatomy, painter: BodyPainter) -> None:
    drawn = drawn_of("cat_cow", anatomy, painter, 0.5)
    assert captions(drawn.room) == ("Start", "End", "Other end")
    shown = [np.asarray(p).astype(int) for p in panels(drawn)]
    assert len(shown) == 3
    assert np.abs(shown[0] - shown[1]).mean() > 1.0


def test_a_target_is_warm_when_it_is_long(anatomy: Anatomy, painter: BodyPainter) -> None:
    found = []
    for fraction in (0.1, 0.95):
        drawn = drawn_of("supine_hamstring", anatomy, painter, fraction)
        frame = ExercisePainter(drawn.room, painter, drawn.room.shares)
        pixels = np.asarray(frame.draw(drawn.panel(1.0), SIZE)).astype(int)
        found.append(int((pixels[..., 0] - pixels[..., 2] > 80).sum()))
    assert found[1] > 200 and found[1] > 5 * max(found[0], 1)


def test_what_works_has_its_own_colour(anatomy: Anatomy, painter: BodyPainter) -> None:
    drawn = drawn_of("bridge", anatomy, painter, 0.5)
    frame = ExercisePainter(drawn.room, painter, drawn.room.shares)
    pixels = np.asarray(frame.draw(drawn.panel(1.0), SIZE)).astype(int)
    blue = int((pixels[..., 2] - pixels[..., 0] > 50).sum())
    assert blue > 300
    bare = Panel(drawn.room.at(1.0), drawn.panel(1.0).colour, ())
    plain = np.asarray(frame.draw(bare, SIZE)).astype(int)
    assert blue > 2 * int((plain[..., 2] - plain[..., 0] > 50).sum())


def test_the_legend_says_what_is_coloured_and_what_is_not_drawn(
    anatomy: Anatomy, painter: BodyPainter
) -> None:
    lines = legend(drawn_of("bird_dog", anatomy, painter, 0.5))
    assert any("multifidus on both sides" in line.text for line in lines if line.rgb is not None)
    hidden = [line.text for line in lines if line.rgb is None]
    assert len(hidden) == 1 and "transversus abdominis" in hidden[0]


def test_a_line_drawing_holds_both_postures_and_the_target(
    anatomy: Anatomy, painter: BodyPainter
) -> None:
    text = vector_sheet(drawn_of("supine_hamstring", anatomy, painter, 0.8))
    start, _, end = text.partition('<g id="end"')
    assert '<g id="start"' in start
    assert 'class="hamstrings_l"' in start and 'class="hamstrings_l"' in end
    assert "hamstrings_r" not in text and "nan" not in text
    # A shape that is used twice has no colour of its own, or the second use could not change it.
    shared = re.findall(r"<defs>(.*?)</defs>", text)
    assert len(shared) > 10 and not any("stroke" in s or "fill" in s for s in shared)


def test_a_movement_begins_and_ends_at_the_start(anatomy: Anatomy, painter: BodyPainter) -> None:
    moving = movement(drawn_of("supine_hamstring", anatomy, painter, 0.5), width_px=120)
    assert moving is not None and len(moving.frames) == len(moving.duration_ms)
    first, second, last = (np.asarray(moving.frames[i]).astype(int) for i in (0, 1, -1))
    assert (second == last).all() and (first != second).any()
    assert sum(moving.duration_ms) > 4000
    assert movement(drawn_of("walking", anatomy, painter, 0.5)) is None


def test_a_cushion_is_only_where_one_is_asked_for() -> None:
    for e in exercises().values():
        if Thing.CUSHION in e.picture.things:
            assert any("cushion" in thing or "blanket" in thing for thing in e.equipment), e.id
