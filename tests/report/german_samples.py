"""What the program may say on the page in sentences that it puts together, each kind at least once.

`ui/src/texts/composed.samples.json` holds them: a test here asks that it holds just these, and one
of the page that each has its German. Written anew with `python tests/report/german_samples.py`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.contracts.assessment import TestResult
from lengthwise.contracts.care import Direction
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.handover import Change, Compared, Share
from lengthwise.contracts.ladder import Step
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Segment
from lengthwise.contracts.own_plan import TestsTaken
from lengthwise.contracts.teaching import Opening, Track
from lengthwise.contracts.tested import Tested, Untaken
from lengthwise.contracts.week import Lack, Missing, NeededLength, Purpose, Unmet
from lengthwise.live import ladder, own_plan_shown, teach_example, teaching, workday
from lengthwise.live.calibrate import line_of
from lengthwise.live.device_alignment import ROUND_ONCE_MORE, SITS_ON_TRUNK, SITS_WELL
from lengthwise.plan.beginning import FELT
from lengthwise.reference.assessments import Unit, assessments
from lengthwise.reference.calibration import calibration_words
from lengthwise.reference.curriculum import curriculum
from lengthwise.reference.exercises import guided_tests
from lengthwise.reference.ladders import ladders
from lengthwise.reference.rules import rules
from lengthwise.report import (
    ladder_words,
    plan_words,
    teaching_words,
    test_results,
    week_words,
    workday_words,
)

SAMPLES = Path(__file__).parents[2] / "ui" / "src" / "texts" / "composed.samples.json"
TO_SOMEBODY = frozenset({
    "S.pregnancy_not_cleared", "S.hip_prosthesis", "S.blood_pressure_held_effort",
    "S.recent_spine_surgery", "S.spine_fusion", "N.motor_loss",
})  # fmt: skip
"""Rules that send to somebody: words of safety, of which nobody has reviewed a translation."""
FLARE = frozenset({"F.flare_end_range", "F.flare_loaded", "F.flare_training"})
LADDER_FLARE = "flare"
STOPPED = Untaken.STOPPED
"""Why a test has no result, where it was stopped: English like every stop."""
_WORN = (
    Outcome.SENSOR_SILENT, Outcome.UPSIDE_DOWN, Outcome.NOT_MOVED, Outcome.OTHER_SEGMENT,
    Outcome.POSITION_NOT_STATED, Outcome.DIRECTION_NOT_SHOWN, Outcome.TURNED,
    Outcome.BACK_TO_FRONT, Outcome.NOT_STILL,
)  # fmt: skip


def samples() -> list[str]:
    said = [*of_rules(), *of_ladder(), *of_breaks(), *of_lessons(), *of_sensors(), *of_plan()]
    return list(dict.fromkeys([*said, *of_results()]))


def of_rules() -> Iterator[str]:
    left_out = [r for r in (*rules(), *week_words.LEFT_OUT) if r not in TO_SOMEBODY | FLARE]
    for rule in left_out:
        yield week_words.bar_words(rule)
    yield f"{week_words.NOT_TOLD} {week_words.bar_words(left_out[0])}"
    yield from week_words.UNTOLD.values()
    for purpose in (Purpose.CONTROL, Purpose.WALK):
        yield week_words.missing(Missing(purpose))
        yield week_words.missing(Missing(purpose, (left_out[0], left_out[1])))
    need = NeededLength(MuscleGroup.HAMSTRINGS, Side.LEFT, 1.0, FELT)
    for week_s, lack in ((150.0, Lack.BARRED), (0.0, Lack.BARRED), (0.0, Lack.NO_EXERCISE)):
        yield week_words.unmet(Unmet(need, week_s, lack, (left_out[0], "level")))
    yield own_plan_shown.WAITS


def of_ladder() -> Iterator[str]:
    told = ladder.example_exposure()
    found = ladder.offered(told, what="an example").exposure
    for each in ladders().ladder:
        yield from (each.name, *(r.text for r in each.rungs))
    for step in Step:
        yield ladder_words.offered_words(replace(found, action=step), told)
    yield ladder_words.offered_words(replace(found, rung=None), told)
    yield from (s for why, s in ladder_words.REASON.items() if why != LADDER_FLARE)
    yield from ladder_words.CHANGE.values()
    first = found.rungs[0]
    for changed in (
        replace(first, settled=True, bars=()),
        replace(first, settled=False, bars=(), tries=0),
        replace(first, settled=False, bars=(), tries=1),
        replace(first, settled=False, bars=(), tries=3),
        replace(first, bars=("K.flexion_barred", "level")),
        replace(first, bars=("not_asked",)),
    ):
        yield ladder_words.rung_words(changed, told)
    none = Compared(None, None, None, None, None, Change.TOO_FEW)
    for verdict in (Change.LESS, Change.MORE, Change.NOT_TOLD_APART, Change.TOO_FEW):
        gap = replace(none, verdict=verdict, change=-2.1, low=-3.0, high=0.0)
        share = Share(7, 8, 0.53, 0.98, told=True)
        yield ladder_words.expectation_words(share, gap)
        yield ladder_words.confidence_words(replace(found, confidence=gap))
    for share in (Share(0, 0, 0.0, 1.0, told=False), Share(1, 2, 0.0, 1.0, told=False)):
        yield ladder_words.expectation_words(share, none)


def of_breaks() -> Iterator[str]:
    said = workday.spread(workday.example_workday())
    yield from said.lines
    day = said.workday
    yield workday_words.longest_words(replace(day, longest_before_min=day.longest_min))
    one = day.breaks[0]
    yield workday_words.break_words(replace(one, exercise_id=None, minutes=1.5))
    both = replace(one, exercise_id="seated_rotation", sides=(Side.LEFT, Side.RIGHT))
    for b in (both, replace(both, sides=(Side.RIGHT,)), replace(both, sides=())):
        yield workday_words.break_words(b)
    yield from (*workday_words.REASON.values(), *workday_words.CHANGE.values())


def of_lessons() -> Iterator[str]:
    of = curriculum()
    yield from (*teaching_words.REASON.values(), *teaching_words.CHANGE.values())
    yield from (teaching_words.NOT_ASKED, teaching_words.TO_ASK)
    for lesson in of.lesson:
        yield from (c.to_open for c in lesson.criteria)
    found = teaching.decided(teach_example.example_teach(), of).teaching
    lessons = tuple(lesson.id for lesson in of.lesson)
    for track in Track:
        for coming in ((), lessons[:1], lessons[:2], lessons):
            yield teaching_words.next_words(replace(found, track=track, next_lessons=coming), of)
    yield teaching_words.next_words(replace(found, opened=()), of)
    closed = tuple(replace(o, action=Opening.CLOSED) for o in found.opened)
    yield teaching_words.next_words(replace(found, opened=closed), of)


def of_sensors() -> Iterator[str]:
    yield SITS_WELL
    yield SITS_ON_TRUNK
    yield ROUND_ONCE_MORE
    yield from (calibration_words().ask[ask.value] for ask in Ask)
    for outcome in _WORN:
        for segment in Segment:
            result = Result(None, outcome, segment=segment, seems=Segment.T12, angle_rad=0.5)
            line = line_of(result, "2026-01-01T00:00:00+00:00")
            yield f"{line.told} {line.remedy}".strip()


def of_plan() -> Iterator[str]:
    yield from plan_words.CHANGED_BY.values()
    yield from (*week_words.WOULD_CHANGE.values(), week_words.FELT_CHANGE, week_words.WAY_CHANGE)
    yield from (week_words.LIGHT, week_words.LIGHT_CHANGE)
    yield from (said + who for said in week_words.WAY.values() for who in week_words.WAY_BY)
    yield "You said how the night and the day were."
    yield "3 results of tests were kept."
    yield "Dr. A. Person has looked."
    for a in assessments().values():
        finding = f"{a.name[0].lower()}{a.name[1:]} 55 degrees"
        yield f"It lengthens the back of the left thigh ({finding})."


def of_results() -> Iterator[str]:
    for result, a in assessments().items():
        seconds = a.unit is Unit.S
        deg, s = (None, 40.0) if seconds else (50.0, None)
        for side in (Side.LEFT, Side.RIGHT) if a.sides else (None,):
            of_day = TestResult(
                test=result,
                side=side,
                day=1,
                value_deg=deg,
                value_s=s,
                sd_deg=None if seconds else 2.0,
                sd_s=2.0 if seconds else None,
            )
            yield test_results.row_words(of_day)
            yield test_results.row_words(replace(of_day, at_least=True))
            nothing = {"value_deg": None, "value_s": None, "sd_deg": None, "sd_s": None}
            yield test_results.row_words(replace(of_day, **nothing))
    yield from map(test_results.preferred_words, Direction)
    yield test_results.row_words(TestResult("standing", 1, value_deg=1.0, sd_deg=5.6))
    for test in guided_tests():
        yield history(Tested(test, Side.LEFT, 30.0, 2.4, 3))
        yield history(Tested(test, None, 30.0, 2.4, 3, at_least=True))
    yield history(Tested("test_standing", None, -0.3, 4.1, 1))
    yield history(Tested("test_standing", None, -3.0, 4.1, 1))
    for why in Untaken:
        if why is not STOPPED:
            yield history(Tested("test_standing", None, untaken=why))


def history(found: Tested) -> str:
    return plan_words.sentence(TestsTaken("a session", (found,), ()))


def written() -> str:
    return json.dumps(samples(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SAMPLES.write_text(written(), "utf-8")
