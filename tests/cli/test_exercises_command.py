"""`lengthwise exercises`: listed, shown, checked and computed, in plain words."""

import json
from pathlib import Path

import pytest

from lengthwise.cli import exercise_listing, exercises
from lengthwise.cli.main import main
from lengthwise.reference.exercise_files import packaged_files
from lengthwise.reference.exercise_parts import ExerciseKind, Need, Place, ViewSide
from lengthwise.reference.exercises import exercises as known
from lengthwise.reference.exercises import led_exercises
from lengthwise.reference.translations import SYMPTOM_CUES
from lengthwise.reference.words import alarming_words

PAGE = Path(__file__).parents[2] / "docs" / "exercises.md"


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["exercises", *words]) == code
    return capsys.readouterr().out


def test_the_words_to_choose_from_are_those_of_the_schema() -> None:
    assert set(exercises.PLACES) == set(Place) and set(exercises.KINDS) == set(ExerciseKind)
    assert set(exercise_listing.PLACE) == set(Place)
    assert set(exercise_listing.NEED) == set(Need)
    assert set(exercise_listing.CAMERA) == set(ViewSide)


def test_all_are_listed_with_or_without_the_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys) == printed(capsys, "list")
    assert all(i in printed(capsys) for i in known())
    assert [e["id"] for e in json.loads(printed(capsys, "--json"))] == list(known())


@pytest.mark.parametrize(
    ("words", "there", "gone"),
    [
        (("--place", "standing"), "standing_side_bend", "cat_cow"),
        (("--kind", "walking"), "walking", "cat_cow"),
        (("--level", "0"), "walking", "bird_dog"),
        (("--target", "transversus_abdominis"), "bird_dog", "figure_four"),
        (("--target", "psoas"), "half_kneeling_hip_flexor", "bird_dog"),
    ],
)
def test_a_filter_leaves_the_others_out(
    words: tuple[str, ...], there: str, gone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for before in ((), ("list",)):
        ids = [e["id"] for e in json.loads(printed(capsys, *before, *words, "--json"))]
        assert there in ids and gone not in ids


def test_a_filter_that_leaves_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "leave out a filter" in printed(capsys, "--kind", "walking", "--place", "bed")


def test_a_muscle_that_is_none_is_answered_with_the_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["exercises", "list", "--target", "biceps"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--target: found biceps" in line and "transversus_abdominis" in line


@pytest.mark.parametrize("exercise_id", list(known()))
def test_one_is_shown_in_plain_words(exercise_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, "show", exercise_id)
    e = known()[exercise_id]
    assert e.summary in shown and e.dose.source in shown
    assert all(c.why in shown for c in e.constraints)
    plain = shown.replace(f"({e.id},", "").replace(f"({e.variant_of})", "")
    for unexplained in ("half_kneeling", "four_point", "_flexion", "_l ", "None"):
        assert unexplained not in plain, unexplained
    assert alarming_words(plain) == ()


def test_it_is_shown_for_the_side_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    right = printed(capsys, "show", "half_kneeling_hip_flexor", "--side", "r")
    assert "Kneel on your right knee" in right and "Psoas, right" in right
    assert "Right hip bend: from 5° bent to 20° stretched back" in right
    given = json.loads(printed(capsys, "show", "half_kneeling_hip_flexor", "--json"))
    assert given["written_for"] == "l"


def test_files_that_are_in_order_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{len(known())} exercise files in order" in printed(capsys, "check")


def test_what_is_found_is_one_line_each_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lunge = dict(packaged_files())["half_kneeling_hip_flexor.toml"].decode()
    path = tmp_path / "half_kneeling_hip_flexor.toml"
    path.write_text(
        lunge.replace('  "S.cannot_kneel",\n', "").replace("levels = [2, 3]", "levels = [4]")
    )
    lines = printed(capsys, "check", str(path), code=2).splitlines()
    assert len(lines) == 2
    assert lines[0] == f"{path}: levels: static_stretch is not used at level 4"
    assert "S.cannot_kneel is asked for: it starts kneeling" in lines[1]
    found = json.loads(printed(capsys, "check", str(path), "--json", code=2))
    assert [f["where"] for f in found] == ["levels", "contraindications"]
    path.write_text(lunge.replace('group = "psoas"', 'group = "multifidus"'))
    (line,) = printed(capsys, "check", str(path), code=2).splitlines()
    assert "stabiliser" in line


def test_a_file_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", "check", "nowhere.toml"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "nowhere.toml" in line
    assert main(["exercises", "check", "nope"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "nope" in line and "name an existing .toml file, or an id" in line


def test_an_id_is_checked_like_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 exercise files in order" in printed(capsys, "check", "cat_cow")


def test_a_file_with_findings_is_not_walked_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = dict(packaged_files())["cat_cow.toml"].decode()
    (tmp_path / "cat_cow.toml").write_text(text.replace("end_deg = 30", "end_deg = nan"))
    found = printed(capsys, "check", "--effects", str(tmp_path / "cat_cow.toml"), code=2)
    assert "nan is not a number" in found


def test_effects_are_told_in_words_and_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = printed(capsys, "effects", "half_kneeling_hip_flexor", "--side", "r")
    assert "lengthens psoas, right +0.07, number 3" in told
    (effect,) = json.loads(printed(capsys, "effects", "cat_cow", "--height-m", "1.6", "--json"))
    assert effect["exercise_id"] == "cat_cow" and len(effect["groups"]) == 32
    own = tmp_path / "cat_cow.toml"
    own.write_bytes(dict(packaged_files())["cat_cow.toml"])
    assert "cat_cow" in printed(capsys, "effects", str(own))
    own.write_text("id = 3")
    assert main(["exercises", "effects", str(own)]) == 2


def test_the_published_page_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To renew it: lengthwise evaluate exercises --write docs/exercises.md"""
    written = tmp_path / "exercises.md"
    assert main(["evaluate", "exercises", "--write", str(written)]) == 0
    shown = capsys.readouterr().out
    assert all(i in shown for i in known())
    assert written.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [80, 150])
def test_no_word_of_the_list_is_broken(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = printed(capsys, "list")
    kinds = {e.kind.value.replace("_", " ") for e in known().values()}
    assert all(kind in text for kind in kinds)
    assert max(map(len, text.splitlines())) <= columns
    printed_words = set(text.replace(",", " ").replace(":", " ").split())
    for e in known().values():
        assert set(e.plain_name.replace(",", " ").split()) <= printed_words, e.id


def test_how_much_is_translated_is_counted_and_what_is_not_is_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    covered = json.loads(printed(capsys, "check", "--language", "de", "--json"))
    assert covered["findings"] == []
    told = covered["coverage"]
    led = led_exercises().values()
    of_the_leg = sum(cue in e.cues for e in led for cue in SYMPTOM_CUES)
    assert told["cues"] == sum(len(e.cues) for e in led)
    assert told["cues_translated"] == told["cues"] - of_the_leg, "these wait for a review"
    assert told["untranslated"] == []
    plain = printed(capsys, "check", "--language", "de")
    assert all(text in plain for text in told["untranslated"])
    assert f"{told['cues_translated']} of {told['cues']} cues" in plain
    assert all(reason in plain for reason in told["safety_barred"])


def test_what_no_sensor_shows_lying_on_the_side_is_told_as_led_by_feel(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "Led by feel" in printed(capsys, "show", "side_lying_quadriceps")
    for seen in ("side_bridge", "seated_rotation", "prone_knee_bend"):
        assert "Led by feel" not in printed(capsys, "show", seen)
