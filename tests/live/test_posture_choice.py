"""Which posture is meant: by name, by exercise, out of a file; and what it does to each group."""

from pathlib import Path

import numpy as np
import pytest
from motion_text import motion_text

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import Posture
from lengthwise.live.posture_choice import (
    POSTURE_NAMES,
    ChosenPosture,
    Moment,
    PostureRequest,
    chosen_posture,
    exercise_pose_rad,
)
from lengthwise.live.stretch_map import StretchMap, stretch_map
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue.groups import mirror

ANATOMICAL = slice(3, 16)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bounds of the ranges are searched once for this file's tests and kept."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path_factory.getbasetemp() / "ranges"))


def choose(what: str | Path | None, **options: object) -> ChosenPosture:
    return chosen_posture(PostureRequest(what and str(what), **options))  # type: ignore[arg-type]


def refused(what: str | Path | None, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        choose(what, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def deg(chosen: ChosenPosture, coordinate: Coordinate) -> float:
    return float(np.degrees(chosen.mean_rad[INDEX[coordinate]]))


@pytest.mark.parametrize("name", POSTURE_NAMES)
def test_a_posture_by_name_is_its_prior_but_for_resting_feet(name: str) -> None:
    chosen = choose(name)
    differs = chosen.mean_rad != posture_mean_rad(Posture(name))
    assert all("ankle" in COORDINATES[i] for i in np.flatnonzero(differs))
    assert differs.any() == (name in ("half_kneeling", "four_point", "prone"))
    assert chosen.stated == frozenset(COORDINATES) and chosen.exercise is None


@pytest.mark.parametrize("exercise_id", list(exercises()))
@pytest.mark.parametrize("side", list(Side))
def test_an_exercise_ends_where_its_file_says(exercise_id: str, side: Side) -> None:
    chosen = choose(exercise_id, side=side)
    assert chosen.exercise is not None and chosen.exercise.written_for is side
    for motion in chosen.exercise.path:
        # What is written of the chest against the pelvis follows from the low back here.
        if not motion.coordinate.value.startswith(("thorax", "trunk")):
            assert deg(chosen, motion.coordinate) == pytest.approx(motion.end_deg, abs=1e-9)
    pose = chosen.mean_rad[ANATOMICAL]
    assert ((pose >= VALID_LOW_RAD) & (pose <= VALID_HIGH_RAD)).all()


@pytest.mark.parametrize("exercise_id", list(exercises()))
def test_the_other_side_is_the_mirror(exercise_id: str) -> None:
    left, right = (choose(exercise_id, side=side).mean_rad[ANATOMICAL] for side in Side)
    np.testing.assert_allclose(mirror(left), right, atol=1e-12)


def test_both_ends_of_a_movement_to_and_fro_can_be_asked_for() -> None:
    cat, cow = choose("cat_cow"), choose("cat_cow", moment=Moment.OTHER_END)
    assert deg(cat, Coordinate.LUMBAR_FLEXION) == pytest.approx(30.0)
    assert deg(cow, Coordinate.LUMBAR_FLEXION) == pytest.approx(-12.0)
    assert "start or end" in refused("supine_hamstring", moment=Moment.OTHER_END)
    start = choose("cat_cow", moment=Moment.START)
    np.testing.assert_array_equal(start.mean_rad, start.start_rad)


def test_feet_rest_on_the_floor() -> None:
    """The lunge says nothing of ankles: one shank leans over a flat foot, the other lies."""
    pose = exercise_pose_rad(exercise("half_kneeling_hip_flexor"), Moment.END)
    assert np.degrees(pose[INDEX[Coordinate.ANKLE_DORSIFLEXION_R]]) > 20.0
    assert np.degrees(pose[INDEX[Coordinate.ANKLE_DORSIFLEXION_L]]) < -40.0


def test_a_row_of_a_table_by_its_name(tmp_path: Path) -> None:
    table = tmp_path / "poses.csv"
    table.write_text("pose_id,pelvis_tilt_deg,lumbar_flexion_deg\nup,0,0\nbent,10,30\n")
    chosen = choose(table, pose="bent")
    assert chosen.stated == frozenset(COORDINATES)
    assert deg(chosen, Coordinate.THORAX_FLEXION) == pytest.approx(30.0)
    assert deg(chosen, Coordinate.TRUNK_FLEXION) == pytest.approx(40.0)
    assert "found nothing; allowed: up, bent" in refused(table)
    assert "found lunge; allowed: up, bent" in refused(table, pose="lunge")
    assert "give --pose ID" in refused(table, time_s=0.0)
    table.write_text("pose_id\nonly\n")
    assert "only" in choose(table).title


def test_a_moment_of_a_motion_by_its_time(tmp_path: Path) -> None:
    motion = tmp_path / "ik.mot"
    motion.write_text(motion_text({"knee_angle_l": [0.0, 10.0, 20.0]}))
    assert deg(choose(motion, time_s=0.012), Coordinate.KNEE_FLEXION_L) == pytest.approx(10.0)
    assert deg(choose(motion, time_s=0.0203), Coordinate.KNEE_FLEXION_L) == pytest.approx(20.0)
    assert "found nothing; allowed: 0 to 0.02 seconds" in refused(motion)
    assert "found 3; allowed: 0 to 0.02 seconds" in refused(motion, time_s=3.0)
    assert "give --time S" in refused(motion, pose="a")


def test_what_a_motion_has_no_column_for_is_not_stated(tmp_path: Path) -> None:
    motion = tmp_path / "ik.mot"
    motion.write_text(motion_text({"knee_angle_l": [10.0], "hip_flexion_l": [10.0]}))
    chosen = choose(motion)
    assert {Coordinate.KNEE_FLEXION_L, Coordinate.HIP_FLEXION_L} == chosen.stated
    known = {r.group for r in stretch_map(PostureRequest(str(motion))).rows if r.length_mm}
    assert known == set()


def test_what_is_not_a_posture_is_said_with_what_would_be() -> None:
    line = refused("handstand")
    assert "standing" in line and "cat_cow" in line and ".mot" in line
    assert "say which posture" in refused(None)
    assert "only with an exercise" in refused("standing", side=Side.LEFT)
    assert "only with a file of poses" in refused("standing", pose="a")
    assert "one exercise" in refused("cat_cow", exercise_id="bird_dog")
    assert "no such file" in refused("nowhere.csv")


def table_of(found: StretchMap) -> np.ndarray:
    """(32, 2) length and gain from upright in the order of GROUP_SIDES."""
    table = np.zeros((len(GROUP_SIDES), 2))
    for row in found.rows:
        table[GROUP_INDEX[row.group, row.side]] = row.length_mm, row.gain_from_upright_mm
    return table


def test_standing_gains_nothing() -> None:
    found = stretch_map(PostureRequest("standing"))
    assert len(found.rows) == 32
    assert all(row.gain_from_upright_mm == 0.0 for row in found.rows)
    assert all(row.gain_from_start_mm is None for row in found.rows)


@pytest.mark.parametrize("exercise_id", [e.id for e in exercises().values() if e.bilateral])
def test_the_other_side_stretches_the_other_muscles(exercise_id: str) -> None:
    left, right = (table_of(stretch_map(PostureRequest(exercise_id, side=s))) for s in Side)
    swapped = [GROUP_INDEX[g, s.other] for g, s in GROUP_SIDES]
    np.testing.assert_allclose(left, right[swapped], atol=1.0)


@pytest.mark.parametrize("exercise_id", ["half_kneeling_hip_flexor", "supine_hamstring", "cat_cow"])
def test_targets_gain_from_the_start_and_are_marked(exercise_id: str) -> None:
    found = stretch_map(PostureRequest(exercise_id))
    targets = [row for row in found.rows if row.target]
    assert {(r.group, r.side) for r in targets} == {
        (t.group, t.side) for t in exercise(exercise_id).targets
    }
    for row in targets:
        assert row.gain_from_start_fraction is not None and row.gain_from_start_fraction > 0.05


def test_rows_come_in_the_order_of_their_gain() -> None:
    gains = [r.gain_from_upright_fraction or 0 for r in stretch_map(PostureRequest("sitting")).rows]
    assert gains == sorted(gains, reverse=True) and gains[0] > 0.2


def test_height_scales_lengths_and_leaves_fractions() -> None:
    generic, tall = (stretch_map(PostureRequest("sitting"), height_m=h).rows for h in (None, 1.87))
    by_group = {(r.group, r.side): r for r in tall}
    for row in generic:
        other = by_group[row.group, row.side]
        assert row.length_mm is not None and other.length_mm is not None
        assert other.length_mm == pytest.approx(1.1 * row.length_mm, rel=1e-4)
        assert other.range_fraction == pytest.approx(row.range_fraction, abs=2e-3)


def test_hip_extension_gains_psoas_what_is_published_of_the_composite() -> None:
    """facts: a hip extended by 20 degrees lengthens the whole psoas by about 5.5 mm."""
    rows = stretch_map(PostureRequest("half_kneeling_hip_flexor")).rows
    found = {(r.group, r.side): r for r in rows}
    gain_mm = found[MuscleGroup.PSOAS, Side.LEFT].gain_from_upright_mm
    assert gain_mm == pytest.approx(5.5, abs=0.7)
