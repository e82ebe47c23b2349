"""`lengthwise devices`: names, clear refusals, and simulated devices, without a radio."""

import json
from pathlib import Path

import pytest

from lengthwise.cli import main as cli
from lengthwise.devices import driver as driver_module
from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT
from lengthwise.live import lsl_streams
from lengthwise.live.lsl_streams import StreamFound


@pytest.fixture(autouse=True)
def of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, and the drivers whether or not the package was installed anew."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    known = {d.manifest.name: d for d in (HEART_RATE, TINDEQ, XSENS_DOT)}
    monkeypatch.setattr(driver_module, "drivers", lambda: known)
    monkeypatch.setattr(lsl_streams, "streams", lambda: ())


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["devices", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_device_is_named_listed_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "name", "F0:01", "my strap", "--driver", "heart_rate")
    assert code == 0 and "my strap is remembered" in out
    code, out, _ = said(capsys, "list", "--json")
    listed = json.loads(out)
    assert [d["name"] for d in listed["devices"]] == ["my strap"]
    assert {m["name"] for m in listed["drivers"]} == {
        "heart_rate", "tindeq_progressor", "xsens_dot",
    }  # fmt: skip
    assert said(capsys, "forget", "my strap")[0] == 0
    code, out, _ = said(capsys, "list")
    assert code == 0 and "no device has a name yet" in out


def test_streams_that_are_sent_now_are_listed_and_named_by_their_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (
        StreamFound("My EMG", "EMG", 1, 1000.0, True, "lsl_emg"),
        StreamFound("cap", "EEG", 8, 250.0, False, None),
    )
    monkeypatch.setattr(lsl_streams, "streams", lambda: found)
    code, out, _ = said(capsys, "list", "--lsl")
    assert code == 0 and "My EMG (simulated)" in out and "lsl_emg" in out and "EEG" in out
    assert json.loads(said(capsys, "list", "--lsl", "--json")[1])["streams"][1]["driver"] is None
    assert said(capsys, "name", "My EMG", "muscle", "--driver", "lsl_emg")[0] == 0
    (kept,) = json.loads(said(capsys, "list", "--json")[1])["devices"]
    assert (kept["address"], kept["driver"]) == ("My EMG", "lsl_emg")
    monkeypatch.setattr(lsl_streams, "streams", lambda: None)
    assert "lengthwise[lsl]" in said(capsys, "list", "--lsl")[1]
    assert json.loads(said(capsys, "list", "--lsl", "--json")[1])["streams"] is None


def test_a_list_asks_nobody_on_the_network_and_says_how_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lsl_streams, "streams", lambda: pytest.fail("the network was asked"))
    code, out, _ = said(capsys, "list")
    assert code == 0 and "devices list --lsl" in out
    assert json.loads(said(capsys, "list", "--json")[1])["streams"] is None


@pytest.mark.parametrize(
    "words, told",
    [
        ("name My-EMG x --driver lsl_emg --pulls hip_flexion_l", "only of a force gauge"),
        ("name My-IMU x --driver lsl_inertial", "--worn"),
        ("test lsl_emg --simulated", "lsl-simulate"),
        ("lsl-simulate EEG x", "allowed"),
    ],
)
def test_what_a_stream_cannot_be_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    code, _, err = said(capsys, *words.split())
    assert code == 2 and told in err and len(err.splitlines()) == 1


def test_an_inertial_sensor_is_asked_where_it_is_worn(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "name", "F0:02", "dot", "--driver", "xsens_dot")
    assert code == 2 and "--worn" in err and len(err.splitlines()) == 1
    assert said(capsys, "name", "F0:02", "dot", "--driver", "xsens_dot", "--worn", "sacrum")[0] == 0
    _, out, _ = said(capsys, "list", "--json")
    assert json.loads(out)["devices"][0]["segment"] == "pelvis"


NAMING = "name F0:03 x --driver"


@pytest.mark.parametrize(
    "words, told",
    [
        (f"{NAMING} heart_rate --worn sacrum", "only of an inertial sensor"),
        (f"{NAMING} tindeq_progressor --up-axis z", "only of an inertial sensor"),
        (f"{NAMING} heart_rate --breath", "only of a force gauge or band"),
        (
            f"{NAMING} xsens_dot --worn sacrum --pulls hip_flexion_l --lever-m 0.4",
            "only of a force",
        ),
        (f"{NAMING} tindeq_progressor --breath --pulls hip_flexion_l --lever-m 0.4", "both"),
        (f"{NAMING} tindeq_progressor --stiff", "hip_flexion_l"),
        (f"{NAMING} xsens_dot --worn sacrum --forward-axis z --up-axis minus-z", "across"),
        ("name F0:\n03 x --driver heart_rate", "without a blank"),
    ],
)
def test_what_would_never_be_used_is_not_remembered(
    capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    """It was kept and nothing used it, or a belt was taken for a pull."""
    code, out, err = said(capsys, *words.split(" "))
    assert code == 2 and out == ""
    assert told in err and len(err.splitlines()) == 1
    assert json.loads(said(capsys, "list", "--json")[1])["devices"] == []
    assert said(capsys, "name", "", "x", "--driver", "heart_rate")[0] == 2


def test_the_list_says_what_each_is_there_for_and_which_may_pull_by_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_module, "drivers", lambda: {"open_band": OPEN_BAND})
    monkeypatch.setenv("COLUMNS", "160")
    said(
        capsys, "name", "F0:04", "band", "--driver", "open_band", "--pulls", "hip_flexion_l",
        "--lever-m", "0.4", "--drives", "80",
    )  # fmt: skip
    out = said(capsys, "list")[1]
    assert "pulls: hip_flexion_l, more" in out and "may pull by itself, up to 80 N" in out


def test_a_recording_takes_one_sensor_a_segment_and_a_whole_joint(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, address in (("a", "F0:01"), ("b", "F0:02")):
        said(
            capsys, "name", address, name, "--driver", "xsens_dot", "--worn", "sacrum",
            "--forward-axis", "minus-z",
        )  # fmt: skip
    out = str(tmp_path / "out")
    code, _, err = said(capsys, "record", "a", "b", "--out", out)
    assert code == 2 and "pelvis" in err
    code, _, err = said(capsys, "record", "a", "--out", out, "--force", "hip_flexion_l")
    assert code == 2 and "no lever" in err
    code, _, err = said(capsys, "record", "a", "--out", out, "--force", "elbow", "--lever-m", "0.4")
    assert code == 2 and "knee_flexion_l" in err
    assert not (tmp_path / "out").exists()
    _, listed, _ = said(capsys, "list", "--json")
    assert json.loads(listed)["devices"][0]["forward_axis"] == "-z"


@pytest.mark.parametrize(
    "words, told",
    [
        (("test", "nothing"), "lengthwise devices scan"),
        (("test", "F0:01", "--driver", "toaster"), "tindeq_progressor"),
        (("test", "toaster", "--simulated"), "tindeq_progressor"),
        (("name", "F0:01", "x", "--driver", "toaster"), "tindeq_progressor"),
        (("forget", "nothing"), "none is named yet"),
        (("record", "nothing", "--out", "x"), "lengthwise devices name"),
        (("record", "a", "--out", "x", "--lever-m", "3"), "0.02 to 2"),
        (("name", "F0", "x", "--driver", "xsens_dot", "--up-axis", "w"), "minus-z"),
        (("scan", "--seconds", "0"), "1 to 600"),
        (("scan", "--seconds", "nan"), "1 to 600"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, out, err = said(capsys, *words)
    assert code == 2 and out == ""
    assert told in err and len(err.splitlines()) == 1


def test_a_simulated_device_is_tried_without_a_radio(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "test", "tindeq_progressor", "--simulated", "--json")
    tried = json.loads(out)
    assert code == 0 and tried["samples"] == 800 and tried["rejected"] == {}
    _, out, _ = said(capsys, "test", "heart_rate", "--simulated", "--seconds", "5")
    assert "battery: 80 %" in out


def test_without_the_bluetooth_library_scan_and_test_name_the_extra(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bleak", None)
    for words in (("scan",), ("test", "F0:01", "--driver", "heart_rate")):
        code, _, err = said(capsys, *words)
        assert code == 2 and "lengthwise[devices]" in err
    assert said(capsys, "test", "heart_rate", "--simulated")[0] == 0


@pytest.mark.parametrize("words", [["devices", "name", "--help"], ["evidence", "--help"]])
def test_who_writes_beside_the_profiles_is_told_that_it_stays_there_in_clear(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "in clear" in said and "when a person is deleted" in said and "do not write" in said
