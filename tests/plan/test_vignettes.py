"""Some hundred people written from the rules: what is done, by which rules, and what is not."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.progress import DayTold, SessionTold, Standing
from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.contracts.week import Purpose, Week, WeekAsked
from lengthwise.live.exercise_effects import effects_of
from lengthwise.plan.allocation import purpose_of
from lengthwise.plan.clearance import clearance
from lengthwise.plan.progression import step
from lengthwise.plan.screening import refusal, result
from lengthwise.plan.week import planned
from lengthwise.reference.exercises import exercises
from lengthwise.reference.screening import screening

VIGNETTES = tomllib.loads((Path(__file__).parent / "vignettes.toml").read_text())["vignette"]
AUTHORITIES = ("safety", "clinician", "phase", "progression", "allocation", "preference")
WELL = {
    "baseline_nrs": 2.0,
    "course": "chronic",
    "neural_signs": [],
    "pain_relief": False,
    "flare": False,
    "irritable": False,
    "hypermobile": False,
    "osteoporotic": False,
    "pregnant": False,
}
WEEKS = [v for v in VIGNETTES if "needs" in v]
DAYS = [v for v in VIGNETTES if "days" in v]
ANSWERS = [v for v in VIGNETTES if "answers" in v]


@pytest.fixture(scope="module")
def effects() -> dict[str, ExerciseEffect]:
    moved = [e for e in exercises().values() if e.path and purpose_of(e) is Purpose.LENGTH]
    return {e.exercise_id: e for e in effects_of(moved)}


def test_there_are_ten_or_more_for_each_authority() -> None:
    found = Counter(v["authority"] for v in VIGNETTES)
    assert found.keys() == set(AUTHORITIES) and min(found.values()) >= 10
    assert len({v["name"] for v in VIGNETTES}) == len(VIGNETTES) == len([*WEEKS, *DAYS, *ANSWERS])
    assert all((v.get("action") or v.get("move")) and v["rules"] for v in VIGNETTES)


def asked(v: dict[str, Any]) -> WeekAsked:
    care = {k: x for k, x in (WELL | v.get("care", {})).items() if x != "?"}
    named = [(*name.rsplit("_", 1), weight) for name, weight in v["needs"].items()]
    raw = {
        "level": v.get("level", 3),
        "care": care,
        "needs": [{"group": g, "side": s, "weight": w} for g, s, w in named],
        "barred": v.get("barred", []),
        "left_out": v.get("left_out", []),
        "liked": v.get("liked", []),
        "kneel": v.get("kneel", True),
        "floor": v.get("floor", True),
        "minutes_a_day": v.get("minutes", 10.0),
        "clinician": v.get("clinician"),
        "preferred": v.get("preferred"),
        "volume": v.get("volume", 1.0),
    }
    return msgspec.convert(raw, WeekAsked)


@pytest.mark.parametrize("v", WEEKS, ids=lambda v: v["name"])
def test_a_week(v: dict[str, Any], effects: dict[str, ExerciseEffect]) -> None:
    found = planned(asked(v), exercises().values(), effects)
    items = [item for day in found.days for item in day.items]
    done = {item.exercise_id for item in items}
    assert found.action == v["action"]
    assert set(v.get("with", ())) <= done
    assert not set(v.get("without", ())) & done
    assert named_rules(found) == set(v["rules"])
    times = Counter(item.purpose.value for item in items)
    assert all(times[purpose] >= least for purpose, least in v.get("least", {}).items())
    for exercise_id, side in v.get("sides", {}).items():
        sides = {i.sides for i in items if i.exercise_id == exercise_id}
        assert sides == {(Side(side),)}
    assert {m.purpose.value for m in found.missing} == set(v.get("missing", ()))
    if "lack" in v:
        assert v["lack"] in {u.lack.value for u in found.unmet}


def named_rules(found: Week) -> set[str]:
    return {*found.rule_ids, *(rule for u in found.unmet for rule in u.bars)}


@pytest.mark.parametrize("v", DAYS, ids=lambda v: v["name"])
def test_days(v: dict[str, Any]) -> None:
    now = Standing(v["level"], v.get("volume", 1.0), held=v.get("held", False))
    good = SessionTold(before=2.0, during=2.0)
    days = [DayTold(d, pain=2.0, session=good) for d in range(1, v.get("good_days", 0) + 1)]
    for first, last, before, during in v.get("spells", ()):
        told = SessionTold(before=before, during=during)
        days += [DayTold(int(d), pain=before, session=told) for d in range(first, last + 1)]
    days += msgspec.convert(v["days"], list[DayTold])
    for told in days:
        now, decided = step(now, told)
    level, volume = v["ends"]
    assert (now.level, now.volume) == (level, pytest.approx(volume))
    assert decided.move == v["move"]
    assert set(decided.rule_ids) == set(v["rules"])


@pytest.mark.parametrize("v", ANSWERS, ids=lambda v: v["name"])
def test_answers(v: dict[str, Any]) -> None:
    """Who may be led at all (rule S), without what each answer leaves out."""
    asked_now = screening()
    answers = {q.id: q.good for q in asked_now.question} | v["answers"]
    told = {q: YesNo(a) for q, a in answers.items() if q not in v.get("open", ())}
    state = clearance(asked_now, [Screened(asked_now.version, 0.0, told)])
    found = result(asked_now, state, now_s=60.0)
    assert found.outcome == v["action"]
    assert list(found.raised) == v["raised"]
    assert found.barred | {"S"} == set(v["rules"])
    assert (refusal(asked_now, state, now_s=60.0) is None) == (v["action"] == "clear")
