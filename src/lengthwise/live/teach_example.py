"""An example of what teaching is decided from: somebody who does not exist."""

from datetime import date, timedelta

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.practice import ConstraintKept, Practice
from lengthwise.contracts.teaching import (
    FirstPull,
    FlarePlan,
    SessionSeen,
    TeachTold,
    Track,
    VisitMade,
)
from lengthwise.live.week import EXAMPLE

_BEGAN = date(2026, 11, 2)
_STRETCH, _HOLD, _BREATH = "half_kneeling_hip_flexor", "bird_dog", "seated_breathing"


def _practice(share: float, left_s: float) -> Practice:
    return Practice(
        share,
        tuple(
            ConstraintKept(side, Coordinate.PELVIS_TILT, True, 56.0 - left_s, left_s, 4.0)
            for side in Side
        ),
    )


def _stretch(day: int, share: float, left_s: float, length_m: float) -> SessionSeen:
    pulls = tuple(FirstPull(f"psoas_{s.value}", length_m, 0.004, "front camera") for s in Side)
    on = _BEGAN + timedelta(days=day)
    return SessionSeen(on, _STRETCH, _practice(share, left_s), 210.0, 40.0, 60.0, pulls)


def example_teach() -> TeachTold:
    """Four weeks: one exercise at home, one still led."""
    breathing = tuple(
        SessionSeen(_BEGAN + timedelta(days=day), _BREATH, duration_s=120.0) for day in (0, 3)
    )
    hold = SessionSeen(_BEGAN + timedelta(days=7), _HOLD, _practice(1.0, 20.0), 200.0)
    return TeachTold(
        today=_BEGAN + timedelta(days=12),
        track=Track.CLINICIAN,
        asked=EXAMPLE,
        sessions=(
            *breathing,
            _stretch(0, 1.0, 15.0, 0.262),
            _stretch(3, 1.0, 3.0, 0.264),
            _stretch(6, 1.0, 2.0, 0.265),
            _stretch(9, 0.5, 2.0, 0.263),
            hold,
        ),
        visits=(
            VisitMade(_BEGAN, "R. Keller", taught=("alignment",)),
            VisitMade(_BEGAN + timedelta(days=7), "R. Keller", taught=("window", "breathing")),
        ),
        flare_plan=FlarePlan("Warmth, and lying on my side", "Sitting long", "After three days"),
    )
