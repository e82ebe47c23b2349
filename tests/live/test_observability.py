"""What sensors make known, computed: a lunge needs something at the pelvis."""

from itertools import groupby

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
    assert sentence(found) == "These sensors see all that this exercise needs."
    sds = {angle.coordinate: angle.sd_deg for angle in found.angles}
    assert sds[Coordinate.PELVIS_TILT] < sds[Coordinate.PELVIS_ROTATION]


def test_the_sensor_that_helps_is_named_and_progress_only_goes_on() -> None:
    told: list[tuple[float, str]] = []
    found = observability(
        "cat_cow", "t12", progress=lambda share, sensors: told.append((share, sensors))
    )
    assert found.advice == "sacrum" and found.still_missing == ()
    said = sentence(found)
    assert said.startswith(
        "With these sensors I cannot see pelvis tip. Add your phone in the waist"
    )
    assert "by feel" in said and "Even then" not in said
    shares = [share for share, _ in told]
    assert len(told) > 20 and shares == sorted(shares) and shares[-1] == 1.0
    assert [s for s, _ in groupby(sensors for _, sensors in told)][:3] == [
        "t12", "camera+t12", "t12+sacrum",
    ]  # fmt: skip


def test_what_is_printed_begins_with_what_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["body", "observability", "--exercise", "cat_cow", "--sensors", "sacrum"]) == 0
    printed = capsys.readouterr()
    lines = [line.split("  ")[0].strip() for line in printed.out.splitlines()]
    assert lines[0].startswith("Rounding and arching on all fours, left side, seen by sacrum")
    assert "Pelvis tip" in lines and "Not seen and not needed" in printed.out
    assert "trying on a simulated person: sacrum" in printed.err


@pytest.mark.parametrize(
    ("exercise", "sensors"), [("no_such", "camera"), ("cat_cow", "camera+crystal_ball")]
)
def test_what_is_not_known_by_name_is_one_line(
    exercise: str, sensors: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["body", "observability", "--exercise", exercise, "--sensors", sensors]) == 2
    told = capsys.readouterr().err.strip()
    assert told.startswith("lengthwise: ") and "\n" not in told
