"""`lengthwise safety`: shows what is due and open, clears nothing, and keeps the chosen country."""

import json
from pathlib import Path

import pytest

from lengthwise.cli.main import main
from lengthwise.contracts.screening import YesNo
from lengthwise.live import guided
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    return tmp_path


def test_a_country_is_chosen_told_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["safety"]) == 0
    assert "not chosen" in capsys.readouterr().out
    assert main(["safety", "--country", "nz", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["country"] == "NZ" and "111" in told["told"]["emergency"]["next"]
    assert main(["safety", "--country", "none"]) == 0
    assert "not chosen" in capsys.readouterr().out
    assert main(["safety", "--country", "XX"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_how_somebody_stands_is_shown_and_nothing_is_answered(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProfileStore.open(home, "anna") as store:
        guided.answer(store, GOOD, version=screening().version)
    assert main(["safety", "--profile", "anna"]) == 0
    assert "May be led" in capsys.readouterr().out
    with ProfileStore.open(home, "anna") as store:
        guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=screening().version)
    assert main(["safety", "--profile", "anna"]) == 3
    printed = capsys.readouterr().out
    assert screening().told["emergency"].now in printed and "examined you" in printed
    assert main(["safety", "--profile", "anna", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["standing"]["result"]["raised"] == ["saddle"]
    with ProfileStore.open(home, "anna") as store:
        assert len(store.screenings()) == 2
