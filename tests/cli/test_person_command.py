"""`lengthwise person` and the options by which a session takes age, sex, mass and a held weight."""

import json
from contextlib import closing
from math import degrees
from pathlib import Path

import pytest
from command_files import landmarks
from command_lines import refused

from lengthwise.cli.main import main
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.home import data_home
from lengthwise.contracts.movements import Movement, Sex
from lengthwise.contracts.person import MeasureName, Person
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.analyze import AnalyzeRequest, open_request, session_started
from lengthwise.live.kept_answers import named_answer
from lengthwise.record.store import ProfileStore


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    return data_home()


def test_what_is_stated_is_kept_and_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated = (
        "person", "--profile", "anna", "--height-m", "1.72", "--age-years", "43", "--sex", "female",
        "--mass-kg", "64", "--limit", "hip_extension_l=12", "--limit", "lumbar_flexion=50",
        "--limit-sd-deg", "4", "--measured", "2026-01-31",
    )  # fmt: skip
    assert main(stated) == 0
    assert "hip_extension_l 12° (sd 4°), 2026-01-31, until 2026-07-30" in capsys.readouterr().out
    with ProfileStore.open(home, "anna") as store:
        person = store.person()
    assert {m.name: m.value for m in person.measures} == {
        MeasureName.HEIGHT: 1.72, MeasureName.AGE: 43.0, MeasureName.MASS: 64.0,
    }  # fmt: skip
    assert person.sex is Sex.FEMALE
    hip, spine = person.limits
    assert (hip.movement, hip.side) == (Movement.HIP_EXTENSION, Side.LEFT)
    assert (spine.side, round(degrees(spine.value_rad), 6)) == (None, 50.0)
    assert main(("person", "--profile", "anna", "--forget", "lumbar_flexion", "--json")) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [limit["movement"] for limit in listed["limits"]] == ["hip_extension"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--limit", "hip_extension=12"), "hip_extension_l or _r"),
        (("--limit", "lumbar_flexion_l=12"), "lumbar_flexion"),
        (("--limit", "hip_extension_l=95"), "degrees from -30 to 50"),
        (("--limit", "hip_extension_l=much"), "degrees from -30 to 50"),
        (("--age-years", "3"), "5 to 110"),
        (("--mass-kg", "12"), "20 to 300"),
        (("--sex", "x"), "allowed: female, male"),
        (("--measured", "last week"), "2026-01-31"),
        (("--forget", "hip_extension_l"), "no limit is kept"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], told: str
) -> None:
    assert main(("person", "--profile", "anna", "--mass-kg", "64")) == 0
    capsys.readouterr()
    assert told in refused(capsys, "person", "--profile", "anna", *arguments)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--held-kg", "5", "--posture", "supine"), "standing, sitting or half-kneeling"),
        (("--held-kg", "99"), "0 to 60"),
        (("--age-years", "four"), "5 to 110"),
    ],
)
def test_a_session_refuses_what_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    source = landmarks(tmp_path)
    line = refused(capsys, "analyze", str(source), "--out", str(tmp_path / "o"), *arguments)
    assert told in line


@pytest.mark.usefixtures("home")
def test_age_moves_a_stretch_map_and_needs_what_tells_of_a_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fraction(*more: str) -> float:
        assert main(("muscles", "--stretch-map", "sitting", "--json", *more)) == 0
        rows = json.loads(capsys.readouterr().out)["rows"]
        found = [r for r in rows if (r["group"], r["side"]) == ("rectus_femoris", "l")]
        return float(found[0]["range_fraction"])

    assert fraction("--age-years", "70", "--sex", "male") != fraction()
    poses = tmp_path / "poses.csv"
    poses.write_text("pose_id,hip_flexion_l_deg\na,10\n")
    out = str(tmp_path / "lengths.csv")
    assert "--groups" in refused(capsys, "muscles", str(poses), "--out", out, "--age-years", "40")
    line = refused(capsys, "muscles", "--stretch-map", "sitting", "--sex", "male")
    assert "--age-years" in line


def test_answers_are_stated_listed_and_taken_out(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = ("person", "--profile", "anna", "--answer", "flare=no", "--answer", "hypermobile=6")
    assert main(stated) == 0
    out = capsys.readouterr().out
    assert "hypermobile 6," in out and "until answered anew" in out and "flare no," in out
    with ProfileStore.open(home, "anna") as store:
        assert [(a.name.value, a.value) for a in store.person().answers] == [
            ("flare", "no"), ("hypermobile", "6"),
        ]  # fmt: skip
    assert main(("person", "--profile", "anna", "--forget", "flare", "--json")) == 0
    assert [a["name"] for a in json.loads(capsys.readouterr().out)["answers"]] == ["hypermobile"]


@pytest.mark.usefixtures("home")
def test_nobody_is_asked_where_nobody_can_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--answer NAME=VALUE" in refused(capsys, "person", "--profile", "anna", "--ask")


def test_whoever_sits_at_a_terminal_is_asked_what_is_open(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put: list[str] = []

    def typed(text: str) -> str:
        put.append(text)
        return "no" if "clearly worse" in text else ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", typed)
    assert main(("person", "--profile", "anna", "--ask", "--answer", "pain_now=1")) == 0
    assert len(put) == 8, "all but the one that was stated"
    with ProfileStore.open(home, "anna") as store:
        assert {a.name.value: a.value for a in store.person().answers} == {
            "pain_now": "1", "flare": "no",
        }  # fmt: skip
    assert "left open" in capsys.readouterr().out


def test_a_session_takes_the_answers_of_its_day(home: Path, tmp_path: Path) -> None:
    told = "2026-02-01T08:00:00Z"
    source = landmarks(tmp_path, started_utc="2026-02-01T08:30:00Z")
    stated = ("flare=yes", "pain_relief=no", "pregnant=no")
    with ProfileStore.open(home, "anna") as store:
        answers = tuple(named_answer(text, told) for text in stated)
        store.save_person(Person("anna").with_answers(answers))
    request = AnalyzeRequest(
        source, tmp_path / "out", SessionConfig(care=Care(pain_relief=True)), profile="anna"
    )
    with closing(open_request(request)) as recording:
        care = session_started(request, recording).config.care
    assert care == Care(pain_relief=True, flare=True, pregnant=False)
