"""What somebody new stumbles over: a mistyped name makes nothing and is answered with the
nearest, and what cannot be used is told in one plain line.
"""

from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.home import data_home
from lengthwise.reference.exercises import exercises


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (2, ""), err
    (line,) = err.strip().splitlines()
    return line


READING = (["person"], ["person", "--windows"], ["person", "--json"], ["history"])


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_profile_that_is_not_there_is_not_made_by_asking_for_it(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(["person", "--profile", "anna", "--height-m", "1.7"]) == 0
    capsys.readouterr()
    line = refused(capsys, *command, "--profile", "ana")
    assert "found ana; allowed: anna;" in line
    assert [p.name for p in (data_home() / "profiles").iterdir()] == ["anna"]


def test_deleting_and_forgetting_make_no_profile_either(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused(capsys, "history", "--profile", "ana", "--delete", "s1")
    refused(capsys, "person", "--profile", "ana", "--forget", "hip_extension_l")
    assert not (data_home() / "profiles").exists()


def test_a_first_look_at_the_history_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "history")
    assert (code, err) == (0, "") and "nobody is kept yet" in out
    assert told(capsys, "history", "--json")[:2] == (0, "[]\n")
    assert not (data_home() / "profiles").exists()


def test_listing_windows_changes_nothing_by_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    main(["person", "--profile", "anna", "--height-m", "1.7"])
    capsys.readouterr()
    line = refused(capsys, "person", "--profile", "anna", "--windows", "--height-m", "1.8")
    assert "--height-m" in line and "only lists" in line
    assert "height_m 1.7 " in told(capsys, "person", "--profile", "anna")[1]


@pytest.mark.parametrize("name", ["poses.csv", "ik.mot"])
def test_a_file_that_is_not_utf_8_says_so_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    source = tmp_path / name
    source.write_bytes(b"pose_id,hip_flexion_l_deg\n\xff,3\n")
    line = refused(capsys, "muscles", str(source), "--out", str(tmp_path / "o.csv"))
    assert "0xff" in line and "not UTF-8" in line and "codec" not in line


def test_an_exercise_file_that_is_not_utf_8_says_so_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "mine.toml"
    source.write_bytes(b'id = "\xff"\n')
    code, out, err = told(capsys, "exercises", "check", str(source))
    assert code == 2
    assert "0xff" in out + err and "codec" not in out + err


def test_a_simulation_that_cannot_begin_says_nothing_of_its_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["simulate", "bridge", "--out", str(tmp_path / "o")]
    assert "simulated sensors: found foo" in refused(capsys, *arguments, "--sensors", "foo")
    (tmp_path / "o").write_text("a file")
    assert "--out" in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["simulat"], "perhaps simulate"),
        (["exercises", "shwo"], "perhaps show"),
        (["analyze", "x", "--out", "y", "--view", "frnt"], "perhaps front"),
        (["simulate", "bridge", "--out", "y", "--fault", "pelvis_tip"], "perhaps pelvis_tips"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], arguments: list[str], nearest: str
) -> None:
    line = refused(capsys, *arguments)
    assert nearest in line and "allowed: " in line and "invalid choice" not in line


@pytest.mark.parametrize("exercise_id", sorted(exercises()))
def test_an_exercise_is_shown_in_lay_words(
    capsys: pytest.CaptureFixture[str], exercise_id: str
) -> None:
    out = told(capsys, "exercises", "show", exercise_id)[1]
    first = exercises()[exercise_id].levels[0]
    assert f"{first} (" in out
    assert "(verified)" not in out and "(unverified)" not in out and "(expert default)" not in out
