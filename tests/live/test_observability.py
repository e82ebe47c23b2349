"""What sensors make known, computed: a lunge needs something at the pelvis."""

import pytest

from lengthwise.cli.body import sentence
from lengthwise.cli.main import main
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.live.observability import observability


def test_a_camera_alone_does_not_know_the_pelvis_of_a_lunge() -> None:
    found = observability("half_kneeling_hip_flexor", "side", advise=False)
    by_name = {angle.coordinate: angle for angle in found.angles}
    assert Coordinate.PELVIS_TILT in found.missing
    assert by_name[Coordinate.PELVIS_TILT].required and not by_name[Coordinate.PELVIS_TILT].enough
    assert found.advice is None


def test_four_sensors_know_it_and_nothing_is_asked_for() -> None:
    found = observability("half_kneeling_hip_flexor", "imu4")
    assert found.missing == ()
    assert sentence(found) == "These sensors make known what this exercise needs."
    sds = {angle.coordinate: angle.sd_deg for angle in found.angles}
    assert sds[Coordinate.PELVIS_TILT] < sds[Coordinate.PELVIS_ROTATION]


def test_the_sensor_that_helps_is_named() -> None:
    found = observability("cat_cow", "t12")
    assert found.advice == "sacrum" and found.still_missing == ()
    assert sentence(found).startswith("For this stretch I need your phone at the sacrum;")


@pytest.mark.parametrize(
    ("exercise", "sensors"), [("no_such", "camera"), ("cat_cow", "camera+crystal_ball")]
)
def test_what_is_not_known_by_name_is_one_line(
    exercise: str, sensors: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["body", "observability", "--exercise", exercise, "--sensors", sensors]) == 2
    told = capsys.readouterr().err.strip()
    assert told.startswith("lengthwise: ") and "\n" not in told
