"""Marks of days, for the tests of the plan."""

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.plan.windows import Taken

FIRST, TOLERANCE = MarkKind.FIRST_RESISTANCE, MarkKind.TOLERANCE
PSOAS_L = (MuscleGroup.PSOAS, Side.LEFT)
TODAY = 1000
"""The day of today; a mark of `ago` days is of TODAY - ago."""


def taken(
    kind: MarkKind,
    length_m: float,
    *,
    ago: float = 1.0,
    sd_m: float = 0.004,
    relief: bool | None = False,
    setup: str = "imu:pelvis",
    muscle: tuple[MuscleGroup, Side] = PSOAS_L,
    upright_m: float = 0.25,
    expired: bool = False,
) -> Taken:
    stamp = f"day {TODAY - int(ago):04d} {1.0 - ago % 1.0:.3f}"
    mark = Mark(*muscle, kind, length_m, sd_m, upright_m, stamp, setup, pain_relief=relief)
    return Taken(mark, TODAY - int(ago), ago, expired)


def both(first_m: float, tolerance_m: float, **options: object) -> list[Taken]:
    return [
        taken(FIRST, first_m, **options),  # type: ignore[arg-type]
        taken(TOLERANCE, tolerance_m, **options),  # type: ignore[arg-type]
    ]
