"""`docs/record-yourself.md`: its commands are run on a simulated recording in place of the film."""

import re
import shlex
from pathlib import Path

import pytest

from lengthwise.cli.main import main, parser
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame, View
from lengthwise.reference.exercises import exercises
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import Plan, SimulatedRecording

PAGE = (Path(__file__).parents[2] / "docs" / "record-yourself.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^lengthwise (.+)$", PAGE, flags=re.M)
INLINE = re.findall(r"`lengthwise (.+?)`", PAGE)
ANALYSES = [line for line in COMMANDS if line.startswith("analyze")]


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of standing, then down into a lunge with the left knee on the floor."""
    plan = Plan(
        "half_kneeling_hip_flexor", Side.LEFT, seed=5, sensors="side", duration_s=24.0, stand_s=4.0
    )
    recording = SimulatedRecording(plan)
    assert recording.camera is not None and recording.camera.view is View.LEFT
    path = tmp_path_factory.mktemp("film") / "landmarks.csv"
    frames = (o for o in recording.read() if isinstance(o, LandmarkFrame))
    write_landmarks_csv(path, recording.camera.stream(), frames)
    return path


@pytest.mark.parametrize("line", [*COMMANDS, *INLINE])
def test_every_command_of_the_page_is_one_that_exists(line: str) -> None:
    assert callable(parser().parse_args(shlex.split(line)).run)


@pytest.mark.parametrize("line", ANALYSES)
def test_the_analyses_of_the_page_leave_their_report(
    line: str, filmed: Path, tmp_path: Path
) -> None:
    words = shlex.split(line)
    words[words.index("stretch.mp4")] = str(filmed)
    out = tmp_path / words[words.index("--out") + 1]
    words[words.index("--out") + 1] = str(out)
    assert main([*words, "--quiet"]) == 0
    page = (out / "report.html").read_text()
    if "--exercise" in words:
        assert "Only tolerance can be" in page and "No window of yours was known" in page
        assert "What resisted" not in page
    else:
        assert "Measured, not coached" in page


def test_every_row_has_the_camera_where_the_exercise_wants_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", PAGE, flags=re.M))
    assert len(rows) >= 6
    for name, camera in rows.items():
        in_front = exercises()[name].for_side(Side.LEFT).camera_view() is View.FRONT
        assert (camera == "in front") is in_front
