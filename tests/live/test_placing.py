"""The figure lies within the picture, mirrors with the side, and the camera is where it can see."""

import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.live.placing import placing
from lengthwise.reference.exercises import exercises

IDS = sorted(exercises())


@pytest.mark.parametrize("exercise_id", IDS)
def test_the_whole_figure_is_in_the_picture(exercise_id: str) -> None:
    found = placing(exercise_id)
    for e in found.body:
        assert e.long <= e.x <= found.width_cm - e.long
        assert e.short <= e.y <= found.height_cm - e.short
    assert 1.5 <= found.distance_m <= 3.5
    assert 0.1 <= found.camera_m <= 1.3


@pytest.mark.parametrize("exercise_id", ["standing_side_bend", "supine_hamstring"])
def test_the_other_side_is_the_mirror_image(exercise_id: str) -> None:
    left, right = placing(exercise_id), placing(exercise_id, side=Side.RIGHT)
    assert left.distance_m == right.distance_m
    mirrored = sorted((left.width_cm - e.x, e.y) for e in left.body if e.part == "head")
    there = sorted((e.x, e.y) for e in right.body if e.part == "head")
    for a, b in zip(mirrored, there, strict=True):
        assert a == pytest.approx(b, abs=3.0)


def test_who_lies_is_wider_than_high_and_who_stands_the_other_way() -> None:
    def size(exercise_id: str) -> tuple[float, float]:
        body = placing(exercise_id).body
        x, y = [e.x for e in body], [e.y for e in body]
        return max(x) - min(x), max(y) - min(y)

    lying, standing = size("supine_breathing"), size("standing_side_bend")
    assert lying[0] > 3.0 * lying[1] and standing[1] > 2.0 * standing[0]


def test_a_taller_person_is_drawn_taller() -> None:
    def height(cm: int) -> float:
        body = placing("standing_side_bend", height_cm=cm).body
        return max(e.y for e in body) - min(e.y for e in body)

    assert height(190) / height(160) == pytest.approx(190 / 160, rel=0.03)
