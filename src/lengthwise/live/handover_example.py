"""An example of a handover: a made-up person, to begin with and to look at."""

from datetime import date, timedelta

from lengthwise.contracts.care import Course
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.handover import (
    DecidedTold,
    GoalTold,
    HandoverTold,
    PartTold,
    PlannedTold,
    RangeTold,
    Rating,
    RelaxedTold,
    Screen,
    ScreenedTold,
    SessionGiven,
    WhoTold,
)
from lengthwise.contracts.movements import Sex

_BEGAN = date(2026, 9, 28)
_DAYS = 63
_SETUP = "front camera, sacrum"
_WAVE = (0.6, -0.4, 0.2, -0.8, 0.5, 0.1, -0.2)
"""Days are better and worse; made up."""
_TURNS = ("half_kneeling_hip_flexor", "supine_hamstring", "bird_dog")
_ASKED_S = {"half_kneeling_hip_flexor": 120.0, "supine_hamstring": 120.0, "bird_dog": 120.0}


def _day(number: int) -> date:
    return _BEGAN + timedelta(days=number)


def _pain(number: int) -> float:
    return round(2.6 + 2.2 * (1.0 - number / _DAYS) + _WAVE[number % 7], 1)


def _session(number: int) -> SessionGiven:
    done = _TURNS[number % 3]
    asked_s = _ASKED_S[done]
    seen = (Coordinate.PELVIS_TILT,) if number % 4 else ()
    return SessionGiven(
        on=_day(number),
        exercise_id=done,
        sides=tuple(Side),
        asked_s=asked_s,
        effective_s=round(asked_s * (0.45 + 0.004 * number), 1),
        uncertain_s=round(asked_s * 0.18, 1),
        before=_pain(number),
        during=round(_pain(number) + 0.3, 1),
        after=round(_pain(number) - 0.4, 1),
        next_day=None if number % 5 == 0 else _pain(number + 1),
        movement_before=round(_pain(number) + 1.0, 1) if number % 2 == 0 else None,
        movement_after=round(_pain(number) + 0.4 - 0.3 * (number % 3), 1)
        if number % 2 == 0
        else None,
        not_seen=seen,
    )


def _range(number: int, done: str, coordinate: Coordinate, angle_deg: float) -> RangeTold:
    return RangeTold(_day(number), done, coordinate, angle_deg, 3.0, _SETUP)


def example_handover() -> HandoverTold:
    """Nine weeks of somebody who does not exist."""
    days = [n for n in range(_DAYS) if n % 7 not in (2, 5)]
    return HandoverTold(
        written_on=_day(_DAYS - 1),
        who=WhoTold("Anna Example", 43.0, Sex.FEMALE, "spring, after moving house", Course.CHRONIC),
        screened=ScreenedTold(Screen.CLEAR, _day(_DAYS - 4), left_out=("S.hypermobile_end_range",)),
        goal=GoalTold(
            "Carry my daughter up the stairs",
            tuple(Rating(_day(7 * k), r) for k, r in enumerate((2, 2, 3, 3, 4, 5, 5, 6, 6))),
        ),
        movement="Tying my shoes in the morning",
        sessions=tuple(_session(n) for n in days),
        planned=(
            PlannedTold("half_kneeling_hip_flexor", 2.0, _BEGAN),
            PlannedTold("supine_hamstring", 2.0, _BEGAN),
            PlannedTold("bird_dog", 2.0, _BEGAN),
            PlannedTold("walking", 2.0, _BEGAN),
        ),
        ranges=(
            _range(3, "half_kneeling_hip_flexor", Coordinate.HIP_FLEXION_L, 2.0),
            _range(30, "half_kneeling_hip_flexor", Coordinate.HIP_FLEXION_L, -3.0),
            _range(58, "half_kneeling_hip_flexor", Coordinate.HIP_FLEXION_L, -6.0),
            _range(4, "supine_hamstring", Coordinate.HIP_FLEXION_R, 58.0),
            _range(60, "supine_hamstring", Coordinate.HIP_FLEXION_R, 74.0),
        ),
        relaxed=(
            RelaxedTold(
                "supine_hamstring",
                Coordinate.HIP_FLEXION_R,
                62.0,
                30.0,
                PartTold(_day(4), 0.24, 0.04),
                PartTold(_day(53), 0.21, 0.04),
                6,
                -0.004,
                0.006,
            ),
        ),
        decided=(
            DecidedTold(
                _day(57),
                ("G",),
                "Several sessions in a row were borne well for a week: one thing more.",
                "A session that hurts more than 5, or 2 more the day after.",
                ("progress.pain_monitoring",),
            ),
            DecidedTold(
                _day(52),
                ("M",),
                "Half of the corrections are said: it was kept on two days.",
                "A session with more corrections brings them back.",
                ("learning.faded_cues",),
            ),
            DecidedTold(
                _day(29),
                ("F",),
                "Your back is clearly worse than in the week before and you left things undone: "
                "three days of easy movement, breathing and walking, then two levels less.",
                "Three days, and pain as it was before.",
                ("progress.flare",),
            ),
        ),
        asks=(
            "May I go back to gardening, and how long at a time?",
            "The front of my left hip pulls more than the right. Does that matter?",
        ),
    )
