"""Ticks of a band's controller, sensible and senseless, for hypothesis."""

from hypothesis import strategies as st

from lengthwise.band.settings import Params, params
from lengthwise.band.signals import Input, Reading
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate

TICK_S = 0.0125
SHALLOW = Estimate(0.3, 0.02)
"""A position well below the window."""
SENSELESS = st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e308, -1e308])


def usual_params(
    *, latency_s: float = 0.1, target_n: float = 80.0, window: Window | None = None
) -> Params:
    return params(
        target_n,
        spring_n_m=400.0,
        follow_s=0.5,
        lag_s=0.04,
        latency_s=latency_s,
        stroke_m=0.6,
        window=window,
    )


def window(side: Side = Side.LEFT) -> Window:
    return Window(MuscleGroup.HAMSTRINGS, side)


def good(i: int, force_n: float = 0.0, *, grip: bool = True, start: bool = True) -> Input:
    """A tick of which nothing is wrong."""
    t_s = i * TICK_S
    reading = Reading(t_s, force_n, 0.01, i + 1, grip)
    return Input(t_s, (reading,), False, start, True, SHALLOW, t_s, True)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.floats(low, high), st.floats(low, high), SENSELESS)


readings = st.builds(
    Reading,
    numbers(-1.0, 5.0),
    numbers(-20.0, 200.0),
    numbers(-0.1, 1.0),
    st.integers(-5, 500),
    st.sampled_from([True, True, True, False, None]),
    sound=st.sampled_from([True, True, True, False]),
    unloads=st.sampled_from([False, False, True]),
)
estimates = st.one_of(st.none(), st.builds(Estimate, numbers(-1.0, 2.0), numbers(-0.1, 0.5)))
inputs = st.builds(
    Input,
    numbers(-1.0, 5.0),
    st.lists(readings, max_size=3).map(tuple),
    stop=st.sampled_from([False, False, False, False, True, None]),
    start=st.booleans(),
    link=st.sampled_from([True, True, True, False, None]),
    position=estimates,
    position_t_s=st.one_of(st.none(), numbers(-1.0, 5.0)),
    allowed=st.sampled_from([True, True, True, True, False, None]),
)
forces = st.one_of(st.floats(0.0, 120.0), st.floats(0.0, 1.9))


@st.composite
def mostly_good(draw: st.DrawFn) -> list[Input]:
    """Ticks in order, among which something senseless comes now and then."""
    ticks = [good(0, start=False)]
    force_n = 0.0
    for i in range(1, draw(st.integers(5, 60))):
        if draw(st.integers(0, 11)) == 0:
            ticks.append(draw(inputs))
            continue
        if draw(st.integers(0, 5)) == 0:
            force_n = draw(forces)
        force_n = force_n + draw(st.floats(-0.4, 0.4))
        ticks.append(good(i, force_n, start=draw(st.booleans())))
    return ticks
