"""Exercises drawn into a folder: whole files, kept when interrupted."""

import re
from pathlib import Path

import pytest
from PIL import Image

from lengthwise.cli.main import main
from lengthwise.live.exercise_render import PAGE, Format, RenderRequest, render_exercises
from lengthwise.reference.exercises import exercise
from lengthwise.report.words import safe

TWO = ("bridge", "supine_hamstring")


def test_a_page_says_what_a_person_needs_and_loads_nothing(tmp_path: Path) -> None:
    done = render_exercises(RenderRequest(tmp_path, TWO))
    assert done.files == (tmp_path / PAGE,)
    page = done.files[0].read_text(encoding="utf-8")
    for e in map(exercise, TWO):
        assert safe(e.plain_name) in page and safe(e.cue_text("get_ready")) in page
        assert all(safe(c.why) in page for c in e.constraints)
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert page.count("<figcaption>Start<") == page.count("<figcaption>End<") == 2
    assert page.index('id="supine_hamstring"') < page.index('id="bridge"'), "floor before bed"


@pytest.mark.parametrize("kind", [Format.PNG, Format.SVG, Format.APNG])
def test_one_file_for_each_exercise(kind: Format, tmp_path: Path) -> None:
    told: list[str] = []
    done = render_exercises(
        RenderRequest(tmp_path / "new", ("supine_hamstring", "walking"), format=kind), told.append
    )
    moves = kind is Format.APNG
    assert {f.stem for f in done.files} == {"supine_hamstring"} | (set() if moves else {"walking"})
    assert done.skipped == (("walking",) if moves else ())
    assert len(told) == len(done.files)
    if kind is not Format.SVG:
        with Image.open(done.files[0]) as picture:
            assert getattr(picture, "n_frames", 1) == (10 if moves else 1)


def test_an_interruption_keeps_what_is_finished(tmp_path: Path) -> None:
    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_exercises(RenderRequest(tmp_path, TWO, format=Format.SVG), stop)
    assert [f.name for f in tmp_path.iterdir()] == ["supine_hamstring.svg"]
    with pytest.raises(KeyboardInterrupt):
        render_exercises(RenderRequest(tmp_path, TWO), stop)
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert 'id="supine_hamstring"' in page and 'id="bridge"' not in page


def test_an_unknown_id_is_one_line_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["exercises", "render", "no_such", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "no_such" in said
    assert not out.exists()


def test_a_file_in_place_of_a_folder_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert main(["exercises", "render", "bridge", "--out", str(taken)]) == 2
    assert "--out" in capsys.readouterr().err and taken.read_text() == "mine"
