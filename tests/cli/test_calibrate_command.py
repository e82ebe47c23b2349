"""`lengthwise calibrate`: a recording in, findings out, kept, used by analyze and expired."""

import json
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.observation import ImuSample, LandmarkFrame, PoseModel, Segment
from lengthwise.contracts.person import FindingKind
from lengthwise.live.calibrate import expiry_utc
from lengthwise.record.store import ProfileStore
from lengthwise.sensing.imu_csv import write_imu_csv
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.calibration import SimulatedCalibration, Volunteer, wearing

START = "2026-03-01T08:00:00Z"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirrored camera and a sacrum sensor, as files; as if a real person was seen."""
    return record(tmp_path_factory.mktemp("recorded"), started_utc=START)


def record(folder: Path, *, started_utc: str, frames: int | None = None) -> Path:
    simulated = SimulatedCalibration(Volunteer(3, wearing(Segment.PELVIS), mirrored=True))
    camera, sensor = simulated.header.streams
    camera = msgspec.structs.replace(camera, pose_model=PoseModel.FULL)
    seen = list(simulated.read())
    images = (o for o in seen if isinstance(o, LandmarkFrame))
    write_landmarks_csv(
        folder / "landmarks.csv", camera, islice(images, frames), started_utc=started_utc
    )
    samples = [o for o in seen if isinstance(o, ImuSample)]
    write_imu_csv(folder / "imu.csv", (sensor,), samples, started_utc=started_utc)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *words: object) -> dict:  # type: ignore[type-arg]
    assert main(["calibrate", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_findings_have_value_sd_and_expiry(
    recorded: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, recorded, "--height-m", 1.7)
    assert found["complete"] and found["took_s"] < 20.0 and found["kept"] is None
    assert {line["outcome"] for line in found["lines"]} == {"found"}
    kept = [line["finding"] for line in found["lines"] if line["finding"]]
    assert len(kept) == 8
    for one in kept:
        assert one["sd"] > 0.0 and one["measured_utc"] == START
        assert one["expires_utc"] == expiry_utc(FindingKind(one["kind"]), START)
        assert one["expires_utc"] > START
    assert not (home / "profiles").exists()


def test_what_was_not_found_says_what_to_do(
    recorded: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", str(recorded)]) == 0
    page = capsys.readouterr().out
    assert "not found" in page and "--height-m 1.72" in page
    assert "97 % sure" in page


def test_kept_findings_are_taken_by_analyze_and_said_to_be(
    recorded: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, recorded, "--height-m", 1.7, "--profile", "anna", "--keep")
    with ProfileStore.open(home, "anna") as store:
        assert len(store.person().findings) == 8
    short = tmp_path / "short"
    short.mkdir()
    record(short, started_utc="2026-03-02T08:00:00Z", frames=60)
    (short / "imu.csv").unlink()
    words = ["analyze", str(short), "--profile", "anna", "--quiet", "--out"]
    assert main([*words, str(tmp_path / "fresh")]) == 0
    fresh = capsys.readouterr().out
    assert "taken from an earlier calibration: mirror image (2026-03-01)" in fresh
    assert "no longer used" not in fresh


def test_expired_findings_are_not_taken_and_said_to_be(
    recorded: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, recorded, "--height-m", 1.7, "--profile", "anna", "--keep")
    late = tmp_path / "late"
    late.mkdir()
    record(late, started_utc="2027-03-01T08:00:00Z", frames=60)
    (late / "imu.csv").unlink()
    out = tmp_path / "out"
    words = ["analyze", str(late), "--profile", "anna", "--quiet", "--out", str(out)]
    assert main(words) == 0
    page = capsys.readouterr().out
    assert "no longer used, since it has expired: mirror image (2026-03-01)" in page
    assert "taken from an earlier calibration" not in page


def test_a_simulated_person_shows_all_of_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--simulate", 5)
    assert found["simulated"] and found["complete"]
    mirrored = next(line for line in found["lines"] if line["looked_for"] == "mirror image")
    assert mirrored["value"] == 1.0


def test_simulated_findings_are_never_kept_with_a_real_person(
    recorded: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, recorded, "--height-m", 1.7, "--profile", "anna", "--keep")
    assert main(["calibrate", "--simulate", "5", "--profile", "anna", "--keep"]) == 2
    assert "only a real person" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "allowed: a RECORDING or --simulate SEED"),
        (("no_such_file",), "allowed: an existing file or folder"),
        (("{recorded}", "--keep"), "allowed: with --profile NAME"),
        (("{recorded}", "--worn", "pocket"), "allowed: sacrum, belt_buckle"),
        (("{recorded}", "--worn", "thigh_front_l"), "one position for each sensor"),
        (("{recorded}", "--worn", "sacrum", "--worn", "belt_buckle"), "one position for each"),
        (("{recorded}", "--exercise", "cat_cow"), "allowed: with --positions"),
        (("{recorded}", "--height-m", "17"), "a height in metres from 1.0 to 2.3"),
    ],
)
def test_bad_usage_is_one_line(
    words: tuple[str, ...], said: str, recorded: Path, home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["calibrate", *(word.format(recorded=recorded) for word in words)]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1


def test_a_sensor_that_is_not_worn_as_in_its_picture_is_said_in_words(
    recorded: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file's sensor has x to the front and z up: as a phone it would lie on its side."""
    found = told(capsys, recorded, "--height-m", 1.7, "--worn", "sacrum")
    worn = found["lines"][-1]
    assert worn["outcome"] in ("turned", "upside_down") and worn["finding"] is None
    assert "°" in worn["told"] and "picture" in worn["remedy"]


def test_positions_are_listed_with_their_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--positions"]) == 0
    assert "sacrum: Phone flat on the bone between the hips" in capsys.readouterr().out


def test_where_to_wear_it_follows_the_exercise(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["calibrate", "--positions", "--exercise", "supine_hamstring", "--side", "r"]
    assert main(words) == 0
    page = capsys.readouterr().out
    assert page.startswith("thigh_front_r:") and "not at the sacrum" in page
