"""`lengthwise evidence`: claims, what leans on them, and the page that is made of them."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from lengthwise.cli.evidence import STATUSES
from lengthwise.cli.main import main
from lengthwise.reference.constants import constants
from lengthwise.reference.evidence import EvidenceStatus, evidence
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.questionnaires import questionnaires

DOCS = Path(__file__).parents[2] / "docs"


def test_a_claim_is_explained_with_who_leans_on_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "effect.range_is_tolerance"]) == 0
    printed = capsys.readouterr().out
    assert "tolerance +8 (5 to 10)" in printed
    assert "seated_hamstring" in printed.partition("Exercises that lean on it")[2]
    assert main(["evidence", "article.two_years"]) == 0
    assert "Nothing leans on it." in capsys.readouterr().out


def test_a_constant_says_where_it_is_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "learning.check_week_days"]) == 0
    printed = capsys.readouterr().out
    assert "= 7 d" in printed and "Expert default" in printed
    assert "(learning.faded_cues)" in printed
    assert main(["evidence", "plan", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tolerance_valid_days"]["value"] == 28


def test_claims_can_be_chosen_by_how_well_they_are_founded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert set(STATUSES) == {s.value for s in EvidenceStatus}
    assert main(["evidence", "--status", "contradicted", "--json"]) == 0
    chosen = json.loads(capsys.readouterr().out)
    assert "article.sensor_feedback" in chosen
    assert {e["status"] for e in chosen.values()} == {"contradicted"}


@pytest.mark.parametrize(
    ("command", "ids"),
    [
        (("evidence",), lambda: evidence()),
        (("evidence", "plan"), lambda: [f"plan.{name}" for name in constants("plan")]),
        (("assess", "list"), lambda: guided_tests()),
        (("plan", "questionnaire"), lambda: questionnaires()),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_an_id_that_is_typed_again_stands_whole_in_a_narrow_table(
    command: tuple[str, ...],
    ids: Callable[[], Iterable[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(list(command)) == 0
    first = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert set(ids()) - first == set()


def test_what_is_not_known_is_answered_with_what_is_near(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["evidence", "effect.strething"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "found effect.strething" in line and "effect.stretching" in line


def test_the_published_page_is_of_today(tmp_path: Path) -> None:
    assert main(["evidence", "--write", str(tmp_path / "evidence.md")]) == 0
    written = (tmp_path / "evidence.md").read_text()
    assert written == (DOCS / "evidence.md").read_text(), (
        "write it anew: lengthwise evidence --write docs/evidence.md"
    )
    assert all(f"(`{entry_id}`)" in written for entry_id in evidence())
