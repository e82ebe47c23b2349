"""Named devices are kept whole, replaced by name or address, and forgotten."""

from pathlib import Path

import pytest

from lengthwise.contracts.devices import Drive
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.observation import Segment
from lengthwise.devices.chosen import worn_device
from lengthwise.devices.driver import driver_named
from lengthwise.devices.remembered import FILE_NAME, Remembered, forget, named, remember, remembered
from lengthwise.live.device_samples import Expected

STRAP = Remembered("strap", "heart_rate", "F0:00:00:00:00:01")
DOT = Remembered("back", "xsens_dot", "F0:00:00:00:00:02", Segment.PELVIS)


def test_what_was_named_is_there_again_in_the_order_of_names(tmp_path: Path) -> None:
    assert remembered(tmp_path) == ()
    remember(tmp_path, STRAP)
    remember(tmp_path, DOT)
    assert remembered(tmp_path) == (DOT, STRAP)
    assert named(tmp_path, "back") == DOT and named(tmp_path, "other") is None
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_a_name_and_an_address_stand_for_one_device(tmp_path: Path) -> None:
    remember(tmp_path, STRAP)
    moved = Remembered("strap", "heart_rate", "F0:00:00:00:00:09")
    remember(tmp_path, moved)
    assert remembered(tmp_path) == (moved,)
    renamed = Remembered("chest", "heart_rate", "F0:00:00:00:00:09")
    remember(tmp_path, renamed)
    assert remembered(tmp_path) == (renamed,)


def test_what_is_forgotten_is_gone_and_what_is_unknown_is_told(tmp_path: Path) -> None:
    remember(tmp_path, STRAP)
    assert forget(tmp_path, "strap") == STRAP
    assert remembered(tmp_path) == ()
    with pytest.raises(InputError, match="none is named yet"):
        forget(tmp_path, "strap")


@pytest.mark.parametrize("name", ["", " ", "a ", "x" * 41, "two\nlines", "bell\a"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="name of a device"):
        remember(tmp_path, Remembered(name, "heart_rate", "F0"))
    assert remembered(tmp_path) == ()


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'[{"name": "a"}]', b"\xff"])
def test_a_file_that_is_not_ours_is_told_and_left(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(raw)
    with pytest.raises(InputError, match="name the devices again"):
        remembered(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == raw


@pytest.mark.parametrize("most_n", [5.0, 400.0])
def test_a_band_that_a_file_lets_pull_otherwise_than_may_be_stated_is_refused(
    tmp_path: Path, most_n: float
) -> None:
    remember(tmp_path, Remembered("band", "open_band", "F0", drive=Drive(most_n)))
    with pytest.raises(InputError, match="most_n"):
        remembered(tmp_path)


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StorageError, match=FILE_NAME):
        remember(file, STRAP)


@pytest.mark.parametrize(
    ("driver", "own_time"), [("xsens_dot", True), ("lsl_inertial", True), ("witmotion", False)]
)
def test_late_readings_are_used_of_what_says_when_it_felt_them(driver: str, own_time: bool) -> None:
    """Those of a WitMotion are spread over the time since it was heard last: nobody knows of when
    they are."""
    worn = worn_device(Remembered("back", driver, "F0", Segment.PELVIS), driver_named(driver))
    assert worn is not None and worn.own_time is own_time
    kept_by = Expected.of((worn,)).own_time
    assert kept_by == (frozenset({Segment.PELVIS}) if own_time else frozenset())
