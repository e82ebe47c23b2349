"""`docs/formats.md` says what the readers accept and the writers write, column by column."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import (
    Axis,
    ImuSample,
    LandmarkFrame,
    PoseModel,
    Posture,
    Segment,
    View,
)
from lengthwise.contracts.session import SessionEvent, SessionTotals
from lengthwise.live.motion_file import OPENSIM
from lengthwise.live.muscles import muscles
from lengthwise.live.pull_told import PullReport
from lengthwise.live.range_results import summary_entries
from lengthwise.live.tables import BODY_HEADER, TISSUE_HEADER
from lengthwise.live.torque_file import read_torque
from lengthwise.live.torque_window import summary_entry
from lengthwise.live.totals import Details
from lengthwise.record import seal
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.sensing import csv_folder, imu_csv, landmarks_csv
from lengthwise.sensing.driver import OpenOptions

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(name: str) -> str:
    """The part of the page below the heading of one file."""
    return TEXT.split(f"\n## {name}\n")[1].split("\n## ")[0]


def example(name: str) -> str:
    """The first example of a section, with its last line end."""
    found = re.search(r"^```(?:csv|json)\n(.*?)^```", section(name), flags=re.M | re.S)
    assert found is not None
    return found.group(1)


def keys(name: str) -> list[str]:
    """Words in code type in the first column of the section's tables."""
    cells = re.findall(r"^\| (`.*?) \|", section(name), flags=re.M)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def header(text: str) -> list[str]:
    return next(line for line in text.splitlines() if not line.startswith("#")).split(",")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The folder that the page describes, with its two examples in it."""
    (tmp_path / "landmarks.csv").write_text(example("`landmarks.csv` (in)"))
    (tmp_path / "imu.csv").write_text(example("`imu.csv` (in)"))
    return tmp_path


def test_the_landmarks_of_the_page_are_what_is_read_and_written(recording: Path) -> None:
    source = recording / "landmarks.csv"
    opened = landmarks_csv.DRIVER.open(source, OpenOptions())
    frames = list(opened.read())
    assert all(isinstance(f, LandmarkFrame) for f in frames)
    assert [int(f.present.sum()) for f in frames] == [4, 4]
    again = recording / "again.csv"
    stream = opened.header.streams[0]
    landmarks_csv.write_landmarks_csv(again, stream, frames, started_utc=opened.header.started_utc)
    assert again.read_text() == source.read_text()
    assert set(header(source.read_text())) == {"t_s", *landmarks_csv.IMAGE_COLUMNS}


def test_the_samples_of_the_page_are_what_is_read_and_written(recording: Path) -> None:
    source = recording / "imu.csv"
    opened = imu_csv.DRIVER.open(source, OpenOptions())
    samples = list(opened.read())
    assert all(isinstance(s, ImuSample) for s in samples)
    assert [s.gyr_rad_s is None for s in samples] == [False, True, False]
    again = recording / "again.csv"
    imu_csv.write_imu_csv(
        again, opened.header.streams, samples, started_utc=opened.header.started_utc
    )
    assert again.read_text() == source.read_text()


def test_the_folder_of_the_page_is_one_recording(recording: Path) -> None:
    assert csv_folder.DRIVER.accepts(recording)
    opened = csv_folder.DRIVER.open(recording, OpenOptions())
    assert len(opened.header.streams) == 3
    assert opened.header.notes == ()
    assert len(list(opened.read())) == 5


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("`body.csv` (out)", BODY_HEADER),
        ("`body_smoothed.csv` (out)", BODY_HEADER),
        ("`tissue.csv` (out)", TISSUE_HEADER),
    ],
)
def test_the_tables_of_the_page_have_the_columns_that_are_written(
    name: str, columns: list[str]
) -> None:
    head, row = example(name).splitlines()
    assert head == ",".join(columns)
    assert len(row.split(",")) == len(columns)
    assert "0" not in row.split(",")


def test_the_torque_of_the_page_is_read(tmp_path: Path) -> None:
    source = tmp_path / "torque.csv"
    source.write_text(example("`torque.csv` (in)"))
    found = read_torque(source)
    assert found.coordinate.value == "hip_flexion_l"
    assert found.resisting_nm[1] == pytest.approx(6.4 * 0.42)
    assert (found.standard_nm, found.tolerance_s) == (15.0, 14.2)


def test_the_poses_of_the_page_have_lengths(tmp_path: Path) -> None:
    source, out = tmp_path / "poses.csv", tmp_path / "lengths.csv"
    source.write_text(example("`poses.csv` (in)"))
    muscles(source, out, groups=True)
    head, _, lunge = (line.split(",") for line in out.read_text().splitlines())
    written = dict(zip(head, lunge, strict=True))
    shown_head, shown = (
        line.split(",") for line in example("`lengths.csv`, `lengths.sto` (out)").splitlines()
    )
    assert written["pose_id"] == shown[0]
    ours = [float(written[name]) for name in shown_head[1:]]
    # A few thousandths of range are the freedom of the search for the shortest and longest.
    assert ours == pytest.approx([float(cell) for cell in shown[1:]], abs=0.005)


def test_every_coordinate_of_opensim_is_on_the_page() -> None:
    said = set()
    for word in keys("`.mot`, `.sto` (in)"):
        said |= {f"{word[:-2]}_r", word} if word.endswith("_l") else {word}
    assert set(OPENSIM) <= said


def test_every_coordinate_has_its_sign_on_the_page() -> None:
    said = set()
    for word in keys("`body.csv` (out)"):
        said |= {f"{word[:-2]}_r", word} if word.endswith("_l") else {word}
    assert {c.value for c in COORDINATES} <= said


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("`landmarks.csv` (in)", View),
        ("`landmarks.csv` (in)", Posture),
        ("`landmarks.csv` (in)", PoseModel),
        ("`imu.csv` (in)", Segment),
        ("`imu.csv` (in)", Axis),
        ("`events.jsonl` (out)", DecisionKind),
        ("`events.jsonl` (out)", Phase),
    ],
)
def test_every_word_that_a_cell_may_hold_is_listed(name: str, choices: type) -> None:
    listed = [f"`{choice.value}`" for choice in choices]
    assert [word for word in listed if word not in section(name)] == []


def test_the_columns_of_a_sample_are_listed() -> None:
    columns = (
        *imu_csv.ACC_COLUMNS, *imu_csv.GYR_COLUMNS, *imu_csv.MAG_COLUMNS, *imu_csv.QUAT_COLUMNS,
    )  # fmt: skip
    assert set(columns) <= set(keys("`imu.csv` (in)"))


def test_the_decision_of_the_page_is_one_line_as_written() -> None:
    line = example("`events.jsonl` (out)").strip()
    decision = msgspec.json.decode(line, type=Decision, strict=True)
    assert msgspec.json.encode(decision).decode() == line
    assert set(keys("`events.jsonl` (out)")) == set(Decision.__struct_fields__)


def test_the_summary_of_the_page_has_the_keys_that_are_written() -> None:
    written = {
        *SessionTotals.__struct_fields__,
        *Details().summary(),
        *summary_entries(None),
        *summary_entry(None),
        *PullReport(None).summary(),
        "notes",
    }
    assert set(msgspec.json.decode(example("`summary.json` (out)"))) == written
    only_where_asked_for = {"ramp", "band"}
    assert set(keys("`summary.json` (out)")) == written | only_where_asked_for


def test_the_container_is_named_and_its_events_are_listed() -> None:
    text = section(f"`{SEALED_NAME}` (out, and in again)")
    for name in (
        seal.TOPIC, seal.MESSAGE_ENCODING, seal.SCHEMA_NAME,
        seal.SESSION_METADATA, seal.END_METADATA,
    ):  # fmt: skip
        assert f"`{name}`" in text
    kinds = {msgspec.inspect.type_info(event).tag: event for event in get_args(SessionEvent)}
    table = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", text, flags=re.M))
    assert set(table) == set(kinds)
    for tag, event in kinds.items():
        assert all(f"`{field}`" in table[tag] for field in event.__struct_fields__), tag
