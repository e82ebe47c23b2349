"""Movements as paths in time, counted by a rule."""

import math
from collections.abc import Callable

from lengthwise.coach import cycles
from lengthwise.coach.cycles import CycleCount, CycleNews, CycleRule
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_parts import Tempo

S = published_settings()
ONE_WAY = cycles.cycle_rule(Tempo(out_s=3.0, back_s=3.0), both_ways=False, settings=S)


Path = Callable[[float], float | None]


def eased(period_s: float, *, rest_s: float = 0.0, height: float = 1.0) -> Path:
    """There and back in `period_s`, and a rest before each."""

    def at(t_s: float) -> float:
        within_s = t_s % (period_s + rest_s) - rest_s
        turn = 2.0 * math.pi * max(within_s, 0.0) / period_s
        return height * 0.5 * (1.0 - math.cos(turn))

    return at


def run(
    rule: CycleRule,
    path: Path,
    lasts_s: float,
    *,
    sd: float = 0.02,
    rate_hz: float = 20.0,
    deserves: Callable[[float], Counting] = lambda t_s: Counting.EFFECTIVE,
    claimed: float = 1.0,
) -> tuple[CycleCount, list[CycleNews]]:
    count, told = CycleCount(), []
    for k in range(int(lasts_s * rate_hz)):
        t_s = k / rate_hz
        x = path(t_s)
        count, news = cycles.step(
            count,
            rule,
            None if x is None else Estimate(x, sd),
            t_s=t_s,
            deserves=deserves(t_s),
            known=None if x is None else claimed * x,
        )
        if news is not None:
            told.append(news)
    return count, told
