"""What sensors make known, computed: a lunge needs something at the pelvis."""

from functools import cache
from itertools import groupby

import pytest

from lengthwise.cli.body import sentence, window_sentence
from lengthwise.cli.main import main
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.live.observability import Observability, observability
from lengthwise.live.window_known import WindowKnown
from lengthwise.tissue.window import widest_sd

pytestmark = pytest.mark.usefixtures("sparse")


@cache
def from_the_side() -> Observability:
    return observability("half_kneeling_hip_flexor", "side", advise=False)


def test_a_camera_alone_does_not_know_the_pelvis_of_a_lunge() -> None:
    found = from_the_side()
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


def test_how_surely_the_window_is_known_is_said_with_what_is_needed() -> None:
    by_sensors = observability("half_kneeling_hip_flexor", "imu6", advise=False).window
    by_camera = from_the_side().window
    assert by_sensors is not None and by_camera is not None
    assert by_sensors.sd < by_camera.sd
    assert not by_camera.numeric
    assert "the first gentle pull leads" in window_sentence(by_camera)
    assert "±0.12" in window_sentence(by_camera) and "±0.08" in window_sentence(by_camera)


@pytest.mark.parametrize(
    ("sd", "claimed", "said"),
    [
        (0.05, 1.0, "count."),
        (0.10, 1.0, "likely"),
        (0.13, 1.0, "no second is sure"),
        (0.05, 0.2, "too unsure to go by"),
    ],
)
def test_each_sd_has_its_words(sd: float, claimed: float, said: str) -> None:
    needed = widest_sd(Window(MuscleGroup.PSOAS, Side.LEFT))
    assert said in window_sentence(WindowKnown(sd, claimed, needed))


def test_an_exercise_without_marks_has_no_window() -> None:
    assert observability("cat_cow", "sacrum", advise=False).window is None
