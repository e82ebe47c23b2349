"""`lengthwise plan handover` and `keep`: forms, files, and what is wrong with others."""

import json
from pathlib import Path

import jsonschema
import pytest
from command_lines import printed

from lengthwise.cli.main import main
from lengthwise.cli.plan_told import FORMS


@pytest.mark.parametrize("form", FORMS)
def test_each_example_is_of_its_schema(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    example = json.loads(printed(capsys, "plan", "example", "--of", form))
    schema = json.loads(printed(capsys, "plan", "schema", "--of", form))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(example, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**example, "no_such_field": 1}, schema)


def test_the_example_becomes_a_page_text_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "told.json"
    asked.write_text(printed(capsys, "plan", "example", "--of", "handover"))
    for name in ("page.html", "page.txt", "page.json"):
        printed(capsys, "plan", "handover", str(asked), "--out", str(tmp_path / name))
    assert "<h1>Anna Example</h1>" in (tmp_path / "page.html").read_text()
    assert (tmp_path / "page.txt").read_text() == printed(capsys, "plan", "handover", str(asked))
    # 9 of 12 beside 8 sessions in 28 days is over all of them, in both.
    assert "over all sessions that tell it" in (tmp_path / "page.txt").read_text()
    assert "over all sessions that tell it" in " ".join(
        (tmp_path / "page.html").read_text().split()
    )
    told = json.loads(printed(capsys, "plan", "handover", str(asked), "--json"))
    assert told == json.loads((tmp_path / "page.json").read_text())
    assert told["rule_ids"] and told["evidence_ids"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sessions": [{"on": "2026-11-01", "exercise_id": "no_such"}]}, "exercise no_such"),
        (
            {"sessions": [{"on": "2026-11-01", "exercise_id": "walking", "before": 11}]},
            "before is 11",
        ),
        ({"written_on": "yesterday"}, "plan schema --of handover"),
        ({"who": {"name": "A", "age_years": 400}}, "an age is 400"),
    ],
)
def test_a_file_that_tells_no_handover_is_one_line(
    change: dict[str, object], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "told.json"
    whole = {"written_on": "2026-11-29", "who": {"name": "Anna"}, **change}
    asked.write_text(json.dumps(whole))
    assert main(["plan", "handover", str(asked)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_one_source_and_a_name_that_says_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "told.json"
    asked.write_text('{"written_on": "2026-11-29", "who": {"name": "Anna"}}')
    assert main(["plan", "handover"]) == 2
    assert "FILE or --person" in capsys.readouterr().err
    assert main(["plan", "handover", str(asked), "--out", str(tmp_path / "x.pdf")]) == 2
    assert ".html, .txt or .json" in capsys.readouterr().err


def test_what_is_read_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, link = tmp_path / "told.json", tmp_path / "other.json"
    asked.write_text(printed(capsys, "plan", "example", "--of", "handover"))
    before = asked.read_bytes()
    link.symlink_to(asked)
    for out in (asked, link):
        assert main(["plan", "handover", str(asked), "--out", str(out)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "another file" in line
        assert asked.read_bytes() == before and link.is_symlink()


@pytest.mark.parametrize(
    ("form", "option"),
    [
        ("exposure", ("--answer", "flare=yes")),
        ("workday", ("--answer", "flare=yes")),
        ("teach", ("--answer", "flare=yes")),
        ("teach", ("--exercise", "bird_dog")),
        ("handover", ("--name", "Anna")),
    ],
)
def test_beside_a_file_an_option_of_a_person_is_refused_and_not_passed_over(
    form: str, option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "told.json"
    asked.write_text(printed(capsys, "plan", "example", "--of", form))
    assert main(["plan", form, str(asked), *option]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert option[0] in line and "only with --person" in line


def test_of_a_kept_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    assert main(["plan", "handover", "--person", "anna"]) == 2
    assert "nobody is kept yet" in capsys.readouterr().err
    printed(capsys, "person", "--profile", "anna", "--height-m", "1.7", "--age-years", "43")
    book = tmp_path / "book.json"
    book.write_text('{"movement": "Tying my shoes", "asks": ["May I run?"]}')
    printed(capsys, "plan", "keep", str(book), "--person", "anna")
    assert json.loads(printed(capsys, "plan", "keep", "--person", "anna"))["asks"] == ["May I run?"]
    out = printed(capsys, "plan", "handover", "--person", "anna", "--name", "Anna A.")
    assert "Anna A." in out and "Tying my shoes" in out and "May I run?" in out
    assert "43 years" in out


@pytest.mark.parametrize(
    "told",
    [
        {"planned": [{"exercise_id": "no_such", "times_a_week": 2, "since": "2026-01-02"}]},
        {"rungs": [{"id": "a", "text": "A", "exercise_id": "no_such"}]},
        {"visits": [{"on": "2026-01-02", "by": "K", "exercises": ["no_such"]}]},
    ],
    ids=lambda told: next(iter(told)),
)
def test_an_exercise_that_is_not_known_is_not_kept(
    told: dict[str, object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    printed(capsys, "person", "--profile", "anna", "--height-m", "1.7")
    book = tmp_path / "book.json"
    book.write_text(json.dumps({**told, "movement": "Shoes"}))
    assert main(["plan", "keep", str(book), "--person", "anna"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "exercise no_such" in line
    assert json.loads(printed(capsys, "plan", "keep", "--person", "anna"))["movement"] == ""
