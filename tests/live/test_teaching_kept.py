"""Teaching from what is kept of a person: what the coach recorded, and what safety says first."""

from pathlib import Path

import pytest
from kept_days import EXERCISE, kept, of_day
from msgspec.structs import replace
from test_handover_kept import BOTH, GOOD, NOON

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.own_plan import Intake
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.teaching import FlarePlan, Opening, Track, VisitMade
from lengthwise.live import guided
from lengthwise.live.handover import told_by
from lengthwise.live.kept_answers import answer
from lengthwise.live.own_plan import plan_of_today
from lengthwise.live.own_plan_told import DaySaid, tell_day, tell_flare, tell_intake
from lengthwise.live.plan_book import keep_told
from lengthwise.live.teaching import curriculum_from, decided, taught_by
from lengthwise.record.store import ProfileStore
from lengthwise.reference.curriculum import curriculum
from lengthwise.reference.screening import screening

WELL_ANSWERED = (
    ("pain_now", "2"), ("pain_relief", "no"), ("flare", "no"), ("irritable", "no"),
    ("leg_sign", "no"), ("course", "chronic"), ("hypermobile", "0"), ("osteoporotic", "no"),
    ("pregnant", "no"),
)  # fmt: skip
WELL = Care(
    baseline_nrs=2.0, course=Course.CHRONIC, neural_signs=(), flare=False, irritable=False,
    hypermobile=False, osteoporotic=False, pregnant=False,
)  # fmt: skip


def mark(day: int, length_m: float) -> Mark:
    return Mark(
        MuscleGroup.HAMSTRINGS, Side.LEFT, MarkKind.FIRST_RESISTANCE, length_m, 0.004, 0.35,
        f"2026-01-{day:02d}T08:01:00Z", "front", session_id=of_day(day).session_id,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    """Somebody who did one stretch and led breathing on two days, all of it kept."""
    monkeypatch.setattr("time.time", lambda: NOON)
    store = ProfileStore.open(tmp_path, "anna")
    long = replace(BOTH, constraints=tuple(replace(c, kept_s=55.0) for c in BOTH.constraints))
    kept(store, of_day(2, practice=long), of_day(5, practice=long))
    for day in (3, 6):
        breathing = replace(of_day(day), exercise_id="seated_breathing", duration_s=90.0)
        kept(store, breathing)
    store.save_person(store.person().with_marks((mark(2, 0.36), mark(5, 0.362))))
    keep_told(store, PlanBook(level=2, track=Track.SELF_TAUGHT))
    return store


def action(store: ProfileStore, care: Care = WELL) -> tuple[Opening, tuple[str, ...]]:
    (found,) = decided(
        taught_by(store, care=care, chosen=(EXERCISE,)), curriculum()
    ).teaching.opened  # fmt: skip
    return found.action, found.bars


def test_without_answers_to_the_safety_questions_nothing_is_open(store: ProfileStore) -> None:
    assert action(store) == (Opening.CLOSED, ("not_asked",))
    guided.answer(store, GOOD, version=screening().version)
    assert action(store) == (Opening.HOME, ())


def test_what_the_day_bars_is_closed_however_well_it_is_learnt(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=screening().version)
    found, bars = action(store, replace(WELL, baseline_nrs=8.0))
    assert found is Opening.CLOSED and "D.much_pain" in bars
    assert action(store, Care())[0] is Opening.CLOSED
    store.add_safety_stop(of_day(5).session_id, at_s=NOON + 1.0)
    assert action(store) == (Opening.CLOSED, ("not_asked",))


def test_an_answer_stated_now_does_not_lift_the_easy_days_of_a_flare(
    store: ProfileStore,
) -> None:
    guided.answer(store, GOOD, version=screening().version)
    tell_intake(store, Intake(usual_nrs=2.0), {}, at_s=NOON - 60.0)
    tell_flare(store, at_s=NOON - 60.0)
    guided.answer(store, GOOD, version=screening().version)
    none = {AnswerName.FLARE: "no"}
    for day in range(3):
        at_s = NOON + day * 86_400.0
        tell_day(store, DaySaid(pain=3.0, answers=none), at_s=at_s)
        assert plan_of_today(store, at_s=at_s).easy
        asked = taught_by(store, care=WELL, now_s=at_s).asked
        assert asked is not None and asked.care.flare is True
    over_s = NOON + 3 * 86_400.0
    tell_day(store, DaySaid(pain=2.0, answers=none), at_s=over_s)
    asked = taught_by(store, care=WELL, now_s=over_s).asked
    assert asked is not None and asked.care.flare is False


def test_the_handover_tells_what_teaching_decided(store: ProfileStore) -> None:
    assert told_by(store, now_s=NOON).decided == ()
    guided.answer(store, GOOD, version=screening().version)
    told = [answer(AnswerName(n), v, "2026-01-08T11:00:00Z") for n, v in WELL_ANSWERED]
    store.save_person(store.person().with_answers(tuple(told)))
    sentences = [d.sentence for d in told_by(store, now_s=NOON).decided]
    assert any(s.startswith("Back of the thigh: home practice.") for s in sentences)


def test_with_a_clinician_it_waits_for_the_visits(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=screening().version)
    keep_told(store, PlanBook(track=Track.CLINICIAN, flare_plan=FlarePlan("a", "b", "c")))
    assert action(store)[0] is Opening.LED
    from datetime import date

    visit = VisitMade(date(2026, 1, 2), "R. Keller", ("alignment", "window", "breathing"))
    keep_told(store, PlanBook(visits=(visit,)))
    assert action(store)[0] is Opening.HOME


def test_an_ease_for_a_held_breath_is_read_from_the_record(store: ProfileStore) -> None:
    guided.answer(store, GOOD, version=screening().version)
    folder = store.session_folder(of_day(5).session_id).create().path
    line = '{"t_s": 1.0, "kind": "ease", "reasons": [{"id": "guarding.breath", "numbers": {}}]}\n'
    (folder / "events.jsonl").write_text('{"t_s": 0.5, "reasons": []}\n' + line)
    last = taught_by(store, care=WELL).sessions[-2]
    assert last.breath is not None and (last.breath.known_s, last.breath.eased) == (0.0, 1)
    assert action(store)[0] is Opening.LED


def test_a_lesson_that_is_not_known_is_one_line(store: ProfileStore, tmp_path: Path) -> None:
    from datetime import date

    keep_told(store, PlanBook(visits=(VisitMade(date(2026, 1, 2), "K", ("juggling",)),)))
    with pytest.raises(InputError, match="lesson juggling"):
        decided(taught_by(store), curriculum())
    own = tmp_path / "own.json"
    own.write_text('{"version": 1, "lesson": [], "demand": []}')
    with pytest.raises(InputError, match="visits are 0"):
        curriculum_from(own)
