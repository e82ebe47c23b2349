"""Scores of questionnaires: published vectors, and what a missing or worse answer does."""

import csv
import math
from pathlib import Path
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.errors import InputError
from lengthwise.plan.scoring import Change, change, from_one, recovered, responders, score
from lengthwise.reference.questionnaires import Higher, Questionnaire, Scoring, questionnaires

ALL = sorted(questionnaires())
ODI, RMDQ = questionnaires()["odi"], questionnaires()["rmdq"]


def whole(q: Questionnaire, answer: int) -> dict[int, int]:
    return dict.fromkeys(range(1, q.items + 1), answer)


def filled(q: Questionnaire) -> st.SearchStrategy[dict[int, int]]:
    return st.fixed_dictionaries(
        {item: st.integers(q.least, q.most) for item in range(1, q.items + 1)}
    )


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
def test_a_worse_answer_never_gives_a_better_score(name: str, data: st.DataObject) -> None:
    q = questionnaires()[name]
    answers = data.draw(filled(q))
    item = data.draw(st.integers(1, q.items))
    if answers[item] == q.most:
        answers[item] -= 1
    before, after = score(q, answers), score(q, {**answers, item: answers[item] + 1})
    sign = -1.0 if item in q.reversed else 1.0
    if q.scoring is Scoring.PARTS:
        assert before.value is None and after.value is None
    else:
        assert before.value is not None and after.value is not None
        assert sign * after.value >= sign * before.value
    for part, items in q.parts.items():
        assert after.parts[part] - before.parts[part] == (sign if item in items else 0.0)


@pytest.mark.parametrize("name", ALL)
def test_too_few_answers_are_no_score_and_are_named(name: str) -> None:
    q = questionnaires()[name]
    answers = dict(list(whole(q, q.most).items())[: q.least_answered - 1])
    found = score(q, answers)
    assert found.value is None and found.band is None
    assert found.missing == tuple(range(q.least_answered, q.items + 1))


@pytest.mark.parametrize("name", ALL)
def test_what_is_no_answer_is_one_line(name: str) -> None:
    q = questionnaires()[name]
    for wrong in ({1: q.most + 1}, {1: q.least - 1}, {0: q.least}, {q.items + 1: q.least}):
        with pytest.raises(InputError, match="allowed: "):
            score(q, wrong)


@pytest.mark.parametrize(
    ("name", "answers", "value", "band"),
    [
        ("nrs", {1: 7}, 7.0, None),
        ("peg", {1: 4, 2: 6, 3: 5}, 5.0, None),
        ("odi", whole(ODI, 2), 40.0, None),
        ("odi", dict.fromkeys(range(1, 8), 2) | {8: 1, 9: 1}, 16 / 45 * 100, None),
        ("odi", whole(ODI, 5), 100.0, None),
        ("rmdq", {item: int(item <= 9) for item in range(1, 25)}, 9.0, None),
        ("tsk11", whole(questionnaires()["tsk11"], 1), 11.0, None),
        ("tsk11", whole(questionnaires()["tsk11"], 4), 44.0, None),
        ("pcs", whole(questionnaires()["pcs"], 4), 52.0, None),
        ("pseq", whole(questionnaires()["pseq"], 6), 60.0, None),
        ("phq4", {1: 2, 2: 1, 3: 0, 4: 0}, 3.0, "mild"),
        ("phq4", whole(questionnaires()["phq4"], 3), 12.0, "severe"),
        ("psfs", {1: 3, 3: 6}, 4.5, None),
        ("confidence", {1: 10, 2: 0}, 0.0, None),
        ("expected_pain", {1: 7, 2: 3}, -4.0, None),
        ("expected_pain", {1: 2, 2: 2}, 0.0, None),
        ("rmdq", whole(RMDQ, 1), 24.0, None),
        ("pseq", {i: (6, 4, 2, 0, 6, 4, 2, 0, 6, 4)[i - 1] for i in range(1, 11)}, 34.0, None),
        ("phq4", {1: 3, 2: 3, 3: 0, 4: 0}, 6.0, "moderate"),
        ("phq4", {1: 1, 2: 1, 3: 0, 4: 0}, 2.0, "none"),
        ("start_back", {i: int(i in (1, 2, 5)) for i in range(1, 10)}, 3.0, "low"),
        ("start_back", {i: int(i in (1, 2, 5, 6, 7)) for i in range(1, 10)}, 5.0, "medium"),
        ("start_back", {i: int(i in (1, 5, 6, 7, 9)) for i in range(1, 10)}, 5.0, "high"),
        ("promis_pain_interference_4a", {1: 5, 2: 5, 3: 5, 4: 5}, 75.6, None),
    ],
)
def test_published_vectors(
    name: str, answers: dict[int, int], value: float, band: str | None
) -> None:
    found = score(questionnaires()[name], answers)
    assert found.value == pytest.approx(value) and found.band == band


def test_an_oswestry_file_that_codes_from_one() -> None:
    assert score(ODI, from_one(ODI, whole(ODI, 3))).value == 40.0


def test_parts_have_all_their_items_or_are_not_told() -> None:
    fabq, pcs = questionnaires()["fabq"], questionnaires()["pcs"]
    assert score(fabq, whole(fabq, 6)).parts == {"activity": 24.0, "work": 42.0}
    assert score(pcs, whole(pcs, 4)).parts == {
        "rumination": 16.0,
        "magnification": 12.0,
        "helplessness": 24.0,
    }
    answers = whole(fabq, 6)
    del answers[15]
    assert score(fabq, answers).parts == {"activity": 24.0}


def test_a_change_matters_by_points_or_by_its_share() -> None:
    assert change(RMDQ, 15.0, 10.0) is Change.BETTER
    assert change(RMDQ, 15.0, 11.0) is Change.NOT_BEYOND
    assert change(RMDQ, 10.0, 7.0) is Change.BETTER  # 30 %
    assert change(RMDQ, 10.0, 13.0) is Change.WORSE
    assert change(RMDQ, 0.0, 4.0) is Change.NOT_BEYOND
    assert change(ODI, 40.0, 30.0) is Change.BETTER
    assert change(ODI, None, 30.0) is Change.NOT_KNOWN
    assert change(questionnaires()["pcs"], 40.0, 10.0) is Change.NOT_KNOWN
    assert recovered(RMDQ, 2.0) is True and recovered(RMDQ, 3.0) is False
    assert recovered(ODI, 0.0) is None


def test_no_text_is_packaged_that_is_not_free() -> None:
    for name, q in questionnaires().items():
        assert q.source and q.licence, name
        if q.text:
            assert len(q.text) == q.items and q.licence.startswith(("free", "own wording")), name
            assert not q.options or len(q.options) == q.most - q.least + 1, name
        else:
            assert "no text" in q.licence and not q.intro, name
    shut = {"peg", "odi", "tsk11", "pcs", "pseq", "fabq", "start_back"}
    shut |= {"promis_pain_interference_4a"}
    assert {name for name, q in questionnaires().items() if not q.text} == shut
    assert not {"eq5d", "bpi"} & questionnaires().keys(), "not at all"
    assert questionnaires()["psfs"].higher is Higher.BETTER


@pytest.mark.shared_data
def test_the_published_table_of_pain_interference(shared_data: Path) -> None:
    q = questionnaires()["promis_pain_interference_4a"]
    with (shared_data / "questionnaires/promis_pain_interference_4a_tscore.csv").open() as file:
        table = {int(row["raw_sum"]): float(row["t_score"]) for row in csv.DictReader(file)}
    assert len(table) == 17
    for total, t_score in table.items():
        answers = {i: 1 + (total - 4) // 4 + (i <= (total - 4) % 4) for i in range(1, 5)}
        assert sum(answers.values()) == total
        assert score(q, answers).value == t_score


@pytest.mark.shared_data
def test_responders_of_a_published_trial(shared_data: Path) -> None:
    after: dict[str, dict[str, float | None]] = {"1": {}, "2": {}, "3": {}}
    with (shared_data / "ashar2022/Ashar2022_outcomes_demographics.csv").open() as file:
        for row in csv.DictReader(file):
            if row["group"] in after:
                person = after[row["group"]]
                person.setdefault(row["id"], None)
                if row["time"] == "2" and not math.isnan(float(row["pain_avg"])):
                    person[row["id"]] = float(row["pain_avg"])
    found = [(responders(a.values(), at_most=1.0), len(a)) for a in after.values()]
    assert found == [(33, 50), (10, 51), (5, 50)]
    scores = [[v for v in a.values() if v is not None] for a in after.values()]
    assert [len(s) for s in scores] == [44, 44, 47]
    assert [round(mean(s), 2) for s in scores] == [1.18, 2.84, 3.13]
    assert [round(stdev(s), 2) for s in scores] == [1.24, 1.64, 1.45]
