"""Which moments are drawn, where from, and what is written below and beside them."""

import pytest
from msgspec.structs import replace as changed
from report_sessions import body_state, lunge, measured, tissue_state

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import CameraStream, RecordingHeader, View
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Unseen
from lengthwise.reference.exercises import ExerciseKind, exercise, exercises
from lengthwise.report import words
from lengthwise.report.body_drawing import Target
from lengthwise.report.holds import holds
from lengthwise.report.moments import (
    Moment,
    coached_moments,
    exercise_view,
    label_width_px,
    measured_moments,
    movement_view,
    written_below,
)

LEAN = Coordinate.TRUNK_SIDE_LEAN
PSOAS_L: Target = (MuscleGroup.PSOAS, Side.LEFT)


def _seen_from(view: View | None) -> RecordingHeader:
    streams = () if view is None else (CameraStream(1280, 720, 30.0, view=view),)
    return RecordingHeader(name="x", driver="x", streams=streams)


@pytest.mark.parametrize("side", [None, Side.LEFT, Side.RIGHT])
def test_a_sideways_exercise_is_drawn_from_the_front(side: Side | None) -> None:
    assert exercise_view(exercise("standing_side_bend"), side) is View.FRONT


def test_every_exercise_is_drawn_from_where_its_camera_stands() -> None:
    for one in exercises().values():
        for side in Side:
            assert exercise_view(one, side) is one.for_side(side).camera_view()


@pytest.mark.parametrize("stood", [None, View.UNKNOWN, View.LEFT, View.RIGHT, View.FRONT])
def test_a_side_lean_is_never_drawn_from_the_side(stood: View | None) -> None:
    assert movement_view(LEAN, _seen_from(stood)) is View.FRONT
    assert movement_view(LEAN, _seen_from(View.BACK)) is View.BACK


def test_a_bend_is_drawn_from_the_side_that_moved_or_where_the_camera_stood() -> None:
    knee = Coordinate.KNEE_FLEXION_R
    assert movement_view(knee, _seen_from(None)) is View.RIGHT
    assert movement_view(knee, _seen_from(View.FRONT)) is View.RIGHT
    assert movement_view(knee, _seen_from(View.LEFT)) is View.LEFT
    assert movement_view(Coordinate.TRUNK_FLEXION, _seen_from(None)) is View.LEFT


def test_a_measured_movement_starts_where_it_is_first_known() -> None:
    frames = list(measured().frames)
    hip = Coordinate.HIP_FLEXION_L
    hidden = body_state(0.0, {}, unseen={hip: Unseen.NOT_CALIBRATED})
    frames[:5] = [changed(f, body=changed(hidden, t_s=f.body.t_s)) for f in frames[:5]]
    start, furthest = measured_moments(frames, hip, ())
    assert start.frame.body.claimed(hip) is not None
    assert start.frame is frames[5]
    assert written_below(furthest)[0] == "Left hip bend: about 75° bent"


def test_a_still_hold_is_not_drawn_twice() -> None:
    """The longest psoas lies within a hold, which is drawn; of cycles it tells more than that."""
    session = lunge(step_s=0.5)
    assert session.exercise is not None
    found = holds(session.frames)
    titles = [m.title for m in coached_moments(session.frames, session.exercise, found)]
    assert titles == ["Start", "Middle of the hold"]
    cycled = changed(
        session.exercise,
        kind=ExerciseKind.ACTIVE_MOBILITY,
        dose=changed(session.exercise.dose, cycles=3),
        cues=session.exercise.cues | {"slower": "Slower."},
    )
    titles = [m.title for m in coached_moments(session.frames, cycled, found)]
    assert titles == ["Start", "Furthest", "Middle of the hold"]


def test_below_a_picture_stands_each_muscle_or_that_it_is_not_known() -> None:
    iliacus: Target = (MuscleGroup.ILIACUS, Side.LEFT)

    def below(claimed: bool) -> list[str]:
        tissue = tissue_state(0.0, {PSOAS_L: 0.8, iliacus: 0.7}, claimed=claimed)
        frame = FrameLogged(body_state(0.0, {}), tissue, None)
        return written_below(Moment("Start", frame, (PSOAS_L, iliacus), Side.LEFT))

    assert below(True) == [
        "Front of the left hip, deep (psoas): 80 % of its range",
        "Front of the left hip (iliacus): 70 % of its range",
    ]
    assert below(False) == [
        "Length not known here: front of the left hip, deep (psoas); "
        "front of the left hip (iliacus)"
    ]


def test_nothing_is_said_of_a_muscle_where_none_is_drawn() -> None:
    frame = FrameLogged(body_state(0.0, {LEAN: 20.0}), tissue_state(0.0, {}), None)
    moment = Moment("Furthest", frame, (), None, LEAN)
    assert written_below(moment) == ["Trunk side lean: 20° to the right"]


def test_a_name_needs_room_for_its_longest_word() -> None:
    names = [words.muscle_name(g, Side.LEFT) for g in MuscleGroup]
    assert label_width_px("psoas, left") < label_width_px("quadratus lumborum, left")
    assert max(map(label_width_px, names)) < 130
