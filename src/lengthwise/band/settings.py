"""What is fixed while a band is used: what is asked of it, and the limits it is held to."""

from math import isfinite, pi

from msgspec import Struct

from lengthwise.contracts.person import Window
from lengthwise.reference.constants import constant


def _figure(name: str) -> float:
    return constant("band", name)


class Limits(Struct, frozen=True):
    """What the envelope goes by."""

    cap_n: float
    stroke_m: float
    rise_n_s: float = _figure("rise_n_s")
    lead_n: float = _figure("lead_n")
    unload_n_s: float = _figure("unload_n_s")
    valid_for_s: float = _figure("valid_for_s")
    stale_s: float = _figure("stale_s")
    over_speed_m_s: float = _figure("over_speed_m_s")
    jerk_n_s: float = _figure("jerk_n_s")
    stuck_s: float = _figure("stuck_s")
    stuck_m: float = _figure("stuck_m")
    rest_n: float = _figure("rest_n")
    ceiling: float | None = None
    ease_n_s: float = _figure("ease_n_s")


class Params(Struct, frozen=True):
    """`target_n`: the most that is pulled with. `latency_s`: from a reading taken to a command at
    work, there and back. `spring_n_m`, `follow_s`, `lag_s`: of the device, which goes for a force
    at (force - reading) / (spring x follow). `window`: of the person, with it the target is led.
    """

    target_n: float
    limits: Limits
    spring_n_m: float
    follow_s: float
    lag_s: float
    latency_s: float
    window: Window | None = None
    ramp_n_s: float = _figure("ramp_n_s")


class Coefficients(Struct, frozen=True):
    """What follows from Params. `crossover_rad_s`: of the whole loop; `down_s`: from a command to
    the force it makes; `ramp_s`: until the target, of which it rounds off in the last `round_s`;
    `most_trim_n`, in a ramp `ramp_trim_n`: clamp of what is added to the reference."""

    crossover_rad_s: float
    down_s: float
    ramp_s: float
    round_s: float
    most_trim_n: float
    ramp_trim_n: float


def params(
    target_n: float,
    *,
    spring_n_m: float,
    follow_s: float,
    lag_s: float,
    latency_s: float,
    stroke_m: float,
    person_cap_n: float | None = None,
    window: Window | None = None,
) -> Params:
    """Raises ValueError where a figure is no number above 0, or the cap leaves no room."""
    given = (target_n, spring_n_m, follow_s, stroke_m, person_cap_n or 1.0)
    if not all(isfinite(x) and x > 0.0 for x in given):
        raise ValueError(f"forces, spring, time and stroke must be above 0, not {given}")
    if not (0.0 <= latency_s < 1.0 and 0.0 <= lag_s < 1.0):
        raise ValueError(f"a delay of {latency_s} s and a lag of {lag_s} s cannot be closed over")
    room_n = max((_figure("cap_ratio") - 1.0) * target_n, _figure("least_room_n"))
    cap_n = min(target_n + room_n, _figure("highest_cap_n"))
    if person_cap_n is not None:
        cap_n = min(cap_n, person_cap_n)
    if cap_n < target_n * (1.0 + _figure("settled_ratio")):
        raise ValueError(f"a target of {target_n} N leaves no room below the cap of {cap_n} N")
    ceiling = None if window is None else window.ceiling
    limits = Limits(cap_n=cap_n, stroke_m=stroke_m, ceiling=ceiling)
    return Params(target_n, limits, spring_n_m, follow_s, lag_s, latency_s, window)


def coefficients(p: Params, *, tick_s: float) -> Coefficients:
    """`tick_s`: how often readings come and commands go."""
    delay_s = p.latency_s + p.lag_s + tick_s
    crossover = min(_figure("phase_room_rad") / delay_s, _figure("fastest_crossover_rad_s"))
    round_s = min(_figure("ramp_end_s"), 2.0 * p.target_n / p.ramp_n_s)
    return Coefficients(
        crossover_rad_s=crossover,
        down_s=0.5 * p.latency_s + p.lag_s + 0.5 * tick_s,
        ramp_s=p.target_n / p.ramp_n_s + 0.5 * round_s,
        round_s=round_s,
        most_trim_n=max(_figure("least_trim_n"), _figure("trim_ratio") * p.target_n),
        ramp_trim_n=_figure("ramp_trim_n"),
    )


def phase_margin_rad(c: Coefficients, p: Params, *, tick_s: float) -> float:
    """As it is aimed at: of crossover / s with all delay, lag counted as delay."""
    return 0.5 * pi - c.crossover_rad_s * (p.latency_s + p.lag_s + tick_s)
