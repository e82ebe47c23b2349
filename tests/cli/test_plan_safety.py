"""Before anything of a plan is given to a person, what safety says of them stands alone."""

import json
from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.screening import YesNo
from lengthwise.live import guided
from lengthwise.live.own_plan import PlanOfToday
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}
ASKED = (("exposure", "--answer", "flare=no"), ("teach",), ("workday",))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody with a ladder and a working day."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with ProfileStore.open(tmp_path, "anna"):
        pass
    book = tmp_path / "book.json"
    day = {"from_min": 540, "until_min": 780, "desk": "sitting"}
    rungs = [{"id": "shoes", "text": "Tying my shoes"}]
    book.write_text(json.dumps({"rungs": rungs, "workday": day}))
    assert main(["plan", "keep", str(book), "--person", "anna"]) == 0
    return tmp_path


def answered(home: Path, **otherwise: YesNo) -> None:
    with ProfileStore.open(home, "anna") as store:
        guided.answer(store, GOOD | otherwise, version=screening().version)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
@pytest.mark.parametrize("outcome", ["unanswered", "emergency"])
def test_what_safety_says_is_said_and_nothing_is_given(
    home: Path, asked: tuple[str, ...], outcome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if outcome == "emergency":
        answered(home, saddle=YesNo.YES)
    capsys.readouterr()
    assert main(["safety", "--profile", "anna"]) == 3
    first = capsys.readouterr().out.splitlines()[0]
    assert screening().told[outcome].now in first
    command = ["plan", asked[0], "--person", "anna", *asked[1:]]
    assert main(command) == 3
    assert capsys.readouterr().out.splitlines() == [first]
    assert main([*command, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["standing"]["refusal"] is not None


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_a_held_plan_says_so_where_more_than_walking_is_asked_for(
    home: Path,
    asked: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered(home)
    for place in ("own_plan", "guided", "teaching"):
        monkeypatch.setattr(
            f"lengthwise.live.{place}.plan_of_today", lambda store, *, at_s: PlanOfToday(held=True)
        )
    capsys.readouterr()
    code = main(["plan", asked[0], "--person", "anna", *asked[1:]])
    told = capsys.readouterr()
    if asked[0] == "workday":
        assert code == 0 and "some steps" in told.out and "chair" not in told.out
    else:
        assert code == 3 and told.out == ""
        assert "stopped by a symptom" in told.err and len(told.err.splitlines()) == 1
