"""Everything of a person in one place: taken along whole, deleted whole, and no answer cleared."""

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from kept_days import kept, of_day

from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.person import Measure, MeasureName
from lengthwise.contracts.screening import YesNo
from lengthwise.live import guided
from lengthwise.live.own_data import check_word, exported, forget_person
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}


def full_store(home: Path) -> ProfileStore:
    """Somebody with a height, answers, a consent and one session with a file of its own."""
    store = ProfileStore.open(home, "anna")
    height = Measure(MeasureName.HEIGHT, 1.78, 0.015, "2026-01-01T08:00:00Z")
    store.save_person(store.person().with_measures((height,)))
    guided.answer(store, GOOD, version=screening().version)
    store.consent(1, at_s=time.time())
    totals = of_day(1)
    store.session_folder(totals.session_id).create()
    kept(store, totals)
    (store.session_folder(totals.session_id).path / "tissue.csv").write_text("t_s\n0.0\n")
    return store


def test_what_is_taken_along_is_everything(tmp_path: Path) -> None:
    with full_store(tmp_path) as store:
        session_id = store.sessions()[0].session_id
        archive = zipfile.ZipFile(io.BytesIO(b"".join(exported(store))))
    assert archive.testzip() is None
    assert archive.read(f"sessions/{session_id}/tissue.csv") == b"t_s\n0.0\n"
    assert json.loads(archive.read("person.json"))["measures"][0]["value"] == 1.78
    assert json.loads(archive.read("history.json"))[0]["session_id"] == session_id
    assert json.loads(archive.read("screening.json"))[0]["answers"]["adult"] == "yes"


def test_nothing_is_left_of_who_is_deleted(tmp_path: Path) -> None:
    full_store(tmp_path).close()
    assert not forget_person(tmp_path, "anna", recordings=True).answers_stay
    assert not profile_folder(tmp_path, "anna").exists()
    with ProfileStore.open(tmp_path, "anna") as anew:
        assert anew.person().measures == () and anew.sessions() == []
        assert anew.consented() is None and guided.standing(anew).refusal is not None


def test_deleting_does_not_clear_an_answer_that_asks_somebody_to_look(tmp_path: Path) -> None:
    store = full_store(tmp_path)
    grave = GOOD | {"saddle": YesNo.YES}
    guided.answer(store, grave, version=screening().version)
    store.close()
    assert forget_person(tmp_path, "anna").answers_stay
    with ProfileStore.open(tmp_path, "anna") as anew:
        assert anew.sessions() == [] and anew.person().measures == ()
        assert [s.answers for s in anew.screenings()] == [{"saddle": YesNo.YES}]
        with pytest.raises(SafetyRefusedError):
            guided.answer(anew, GOOD, version=screening().version)


def test_deleting_clears_it_no_sooner_than_somebody_has_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now_s[0])
    store = full_store(tmp_path)
    guided.answer(store, GOOD | {"saddle": YesNo.YES}, version=screening().version)
    for session_id in ("20260131T081500Z-a1b2c3", "20260131T081600Z-a1b2c4"):
        guided.keep_stop(store, session_id)
    store.close()
    for _ in range(2):
        now_s[0] += 3 * 24 * 3600.0
        assert forget_person(tmp_path, "anna").answers_stay
    with ProfileStore.open(tmp_path, "anna") as anew:
        assert guided.answer(anew, GOOD, version=screening().version).refusal is not None
        now_s[0] += 24 * 3600.0
        looked = GOOD | {"seen_saddle": YesNo.YES, "seen_two_stops": YesNo.YES}
        assert guided.answer(anew, looked, version=screening().version).refusal is None


def test_everything_is_deleted_by_its_own_word_alone() -> None:
    check_word("delete everything")
    for other in ("", "yes", "Delete everything "):
        with pytest.raises(InputError):
            check_word(other)
