"""Inertial samples as a table: exact round trips, no segment lost, no unit mistaken."""

from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sensed_files import numbers, observations, read_all, reasons, still_sample

from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.imu_csv import DRIVER, write_imu_csv

HEAD = "t_s,segment,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s\n"
PELVIS = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z, sensor_name="phone")
THIGH = ImuStream(Segment.THIGH_L, 100.0, has_gyr=False)
LYING = ImuStream(Segment.THIGH_R, 100.0, forward_axis=Axis.Z, up_axis=Axis.MINUS_Y)


def written(path: Path, rows: list[str]) -> Path:
    path.write_text(HEAD + "".join(row + "\n" for row in rows))
    return path


def row(t_s: float, segment: str = "pelvis", acc: str = "9.8,0,0", gyr: str = "0,0,0") -> str:
    return f"{t_s!r},{segment},{acc},{gyr}"


acc = st.tuples(numbers(400), numbers(400), numbers(400))
gyr = st.tuples(numbers(100), numbers(100), numbers(100))
unit = st.sampled_from([(1.0, 0.0, 0.0, 0.0), (0.5, -0.5, 0.5, -0.5), (0.6, 0.0, 0.8, 0.0)])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_reading_gives_exactly_what_was_written(data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.floats(1e-3, 5), min_size=2, max_size=12))
    samples = [
        ImuSample(
            t_s,
            data.draw(st.sampled_from([Segment.PELVIS, Segment.THIGH_L])),
            data.draw(acc),
            data.draw(st.none() | gyr),
            data.draw(st.none() | gyr),
            data.draw(st.none() | unit),
        )
        for t_s in accumulate(steps)
    ]
    streams = (ImuStream(Segment.PELVIS, 50.0, has_quat=True), THIGH)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "imu.csv"
        write_imu_csv(path, streams, samples, with_mag=True)
        header, items = read_all(DRIVER, path)
    assert items == samples
    assert {s.segment for s in header.streams if isinstance(s, ImuStream)} == {
        s.segment for s in samples
    }
    assert header.duration_s == samples[-1].t_s


def test_what_is_declared_of_a_sensor_comes_back(tmp_path: Path) -> None:
    samples = [still_sample(i / 100, s) for i in range(9) for s in (PELVIS.segment, THIGH.segment)]
    samples = [
        s if s.segment is Segment.PELVIS else ImuSample(s.t_s, s.segment, s.acc_m_s2)
        for s in samples
    ]
    path = tmp_path / "imu.csv"
    write_imu_csv(path, (PELVIS, THIGH), samples, started_utc="2026-01-31T08:15:00Z")
    header, _ = read_all(DRIVER, path)
    assert header.streams == (PELVIS, THIGH)
    assert header.started_utc == "2026-01-31T08:15:00Z"


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode()))
@example(content=HEAD.encode() + b"0,pelvis,1,2,3,4,5,6")
@example(content=HEAD.encode() + b",pelvis,\n\n,,,\n")
@example(content=b"# rate_hz_pelvis=0\n" + HEAD.encode() + b"0,pelvis,1,2,3,4,5,6\n")
def test_any_bytes_give_a_clear_line_or_counted_rejections(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "imu.csv"
        path.write_bytes(content)
        try:
            _, items = read_all(DRIVER, path)
        except LengthwiseError as known:
            assert "\n" not in str(known)
        else:
            assert items


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("019.e-,nainfpelvisthg_l \t\"'", max_size=40), max_size=6))
def test_rows_of_any_text_never_raise(rows: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = written(
            Path(folder) / "imu.csv", [row(0.0), row(0.01), *rows, row(1e5), row(1e5 + 0.01)]
        )
        _, items = read_all(DRIVER, path)
    times = [i.t_s for i in observations(items) if isinstance(i, ImuSample)]
    assert 0.0 in times and 0.01 in times


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (row(0.01, acc="nan,0,0"), "non_finite"),
        (row(0.01, gyr="0,inf,0"), "non_finite"),
        (row(0.01, acc=",,"), "undecodable"),
        (row(0.01, acc="1,,"), "undecodable"),
        (row(0.01, acc="up,0,0"), "undecodable"),
        (row(0.01, segment="elbow"), "undecodable"),
        (row(0.01, gyr="250,0,0"), "out_of_range"),
        (row(0.01, acc="980,0,0"), "out_of_range"),
        (row(0.0), "duplicate_time"),
        ("0.01,pelvis,1", "undecodable"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted_and_the_rest_kept(
    tmp_path: Path, changed: str, reason: str
) -> None:
    path = written(tmp_path / "imu.csv", [row(0.0), changed, row(0.02), row(0.03)])
    _, items = read_all(DRIVER, path)
    assert reasons(items) == [reason]
    assert [i.t_s for i in observations(items)] == [0.0, 0.02, 0.03]


def test_time_may_not_run_backwards_within_a_segment_but_segments_may_alternate(
    tmp_path: Path,
) -> None:
    rows = [row(0.0), row(0.0, "t12"), row(0.02), row(0.01, "t12"), row(0.01), row(0.03, "t12")]
    _, items = read_all(DRIVER, written(tmp_path / "imu.csv", rows))
    assert reasons(items) == ["time_backwards"]
    assert len(observations(items)) == 5


def test_a_segment_that_is_put_on_late_is_not_lost(tmp_path: Path) -> None:
    rows = [row(i / 100) for i in range(30_000)]
    rows += [row(300 + i / 50, "shank_r", gyr=",,") for i in range(5)]
    header, items = read_all(DRIVER, written(tmp_path / "imu.csv", rows))
    assert header.streams == (
        ImuStream(Segment.PELVIS, 100.0),
        ImuStream(Segment.SHANK_R, 50.0, has_gyr=False),
    )
    assert len(items) == 30_005


def test_one_segment_after_the_other_gives_the_same_as_alternating_rows(tmp_path: Path) -> None:
    alternating = [row(i / 100, s) for i in range(300) for s in ("pelvis", "thigh_l", "thigh_r")]
    blocks = [row(i / 100, s) for s in ("pelvis", "thigh_l", "thigh_r") for i in range(300)]
    blocks.insert(450, "x,y")
    _, expected = read_all(DRIVER, written(tmp_path / "a.csv", alternating))
    _, merged = read_all(DRIVER, written(tmp_path / "b.csv", blocks))
    assert reasons(merged) == ["undecodable"]
    kept = observations(merged)
    assert [i.t_s for i in kept] == sorted(i.t_s for i in kept)
    assert sorted(map(repr, kept)) == sorted(map(repr, expected))


def test_a_file_cut_off_in_a_row_keeps_what_came_before(tmp_path: Path) -> None:
    path = written(tmp_path / "imu.csv", [row(0.0), row(0.01), row(0.02)])
    path.write_bytes(path.read_bytes()[:-3])
    _, items = read_all(DRIVER, path)
    assert reasons(items) == ["truncated"]
    assert len(observations(items)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty file"),
        ("t_s,segment,acc_x_m_s2\n", "no column acc_y_m_s2"),
        ("t_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2\n0,1,2,3\n", "no column segment"),
        (HEAD, "no row of a known segment"),
        (HEAD + "0,elbow,1,2,3,4,5,6\n", "no row of a known segment"),
        (HEAD.replace(",gyr_z_rad_s", "") + "0,pelvis,1,2,3,4,5\n", "no column gyr_z_rad_s"),
        (f"# forward_axis_pelvis=up\n{HEAD}{row(0.0)}\n{row(0.1)}\n", "forward_axis_pelvis"),
        (
            f"# forward_axis_pelvis=-z\n# up_axis_pelvis=+z\n{HEAD}{row(0.0)}\n{row(0.1)}\n",
            "an axis across",
        ),
        (HEAD + row(0.0) + "\n", "too few usable rows"),
    ],
)
def test_what_is_no_table_of_samples_is_refused_in_one_line(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "imu.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=said) as caught:
        DRIVER.open(path, OpenOptions())
    assert "\n" not in str(caught.value)


def test_both_stated_axes_come_back(tmp_path: Path) -> None:
    path = tmp_path / "imu.csv"
    samples = [ImuSample(t, LYING.segment, (0.0, 0.0, 9.8), (0.0, 0.0, 0.0)) for t in (0.0, 0.01)]
    write_imu_csv(path, [LYING], samples)
    header, _ = read_all(DRIVER, path)
    assert header.streams == (LYING,)
