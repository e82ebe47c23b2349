"""The use case behind `band simulate`: one band before one simulated person, beside the others."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.reference.constants import constant
from lengthwise.report.band_plot import BandPicture, Line, write
from lengthwise.sim.band_metrics import Kept, inside_ratio, kept
from lengthwise.sim.band_run import Amiss, Run, Trace, locked, usual
from lengthwise.sim.band_tissue import figure

PLANTS = ("motor", "elastic", "strap")
_INSIDE = constant("band", "settled_ratio")
_ENDINGS = (".svg", ".png")


@dataclass(frozen=True)
class Asked:
    """`seconds`: of the hold, after the ramp. `window`: the force is led by the person's window."""

    plant: str
    target_n: float
    seconds: float
    latency_s: float
    seed: int = 0
    window: bool = False
    plot: Path | None = None


@dataclass(frozen=True)
class Simulated:
    """`found` of the plant that was asked for, `elastic` and `strap` beside it. `released_by`: what
    ended the pull before its time. `in_window`: share of the hold in the person's window, also of
    the elastic band that is locked at the target."""

    asked: Asked
    found: Kept | None
    elastic: Kept | None
    strap: Kept | None
    released_by: tuple[str, ...]
    in_window: float | None
    elastic_in_window: float | None

    def told(self) -> dict[str, object]:
        """As `--json` prints it."""
        a = self.asked
        return {
            "simulated": True,
            "plant": a.plant,
            "target_n": a.target_n,
            "seconds": a.seconds,
            "latency_ms": round(1000.0 * a.latency_s, 3),
            "seed": a.seed,
            "led_by_window": a.window,
            **_entry(self.found),
            "released_by": list(self.released_by),
            "window_ratio": self.in_window,
            "elastic_window_ratio": self.elastic_in_window,
            "baseline": {"elastic": _entry(self.elastic), "strap": _entry(self.strap)},
        }


def _entry(found: Kept | None) -> dict[str, object]:
    """Null where there was no hold; a strap that never settles has no `settle_s`."""
    names = Kept.__struct_fields__
    return dict.fromkeys(names) if found is None else dict(msgspec.structs.asdict(found))


def simulate(asked: Asked) -> Simulated:
    """Raises InputError where the plot has another ending; makes its folder."""
    _check_plot(asked.plot)
    window = Window(MuscleGroup.HAMSTRINGS, Side.LEFT)
    setup, chance = usual(
        asked.target_n,
        asked.seconds,
        asked.latency_s,
        seed=asked.seed,
        window=window if asked.window else None,
    )
    elastic = locked(setup, figure("elastic_stiffness_n_m"))
    strap = locked(setup, figure("strap_stiffness_n_m"))
    released: tuple[str, ...] = ()
    trace = {"elastic": elastic, "strap": strap}.get(asked.plant)
    if trace is None:
        trace = Run(setup, chance, Amiss()).run()
        state = trace.last_state
        released = () if state is None else tuple(c.value for c in state.released_by)
    if asked.plot is not None:
        write(_picture(asked, trace, elastic, strap), asked.plot)
    return Simulated(
        asked,
        kept(trace, asked.target_n),
        kept(elastic, asked.target_n),
        kept(strap, asked.target_n),
        released,
        inside_ratio(trace, window.low, window.high) if asked.window else None,
        inside_ratio(elastic, window.low, window.high) if asked.window else None,
    )


def _check_plot(plot: Path | None) -> None:
    if plot is None:
        return
    if plot.suffix.lower() not in _ENDINGS:
        raise InputError(
            "--plot", value=plot, allowed="a file that ends in .svg or .png", remedy="rename it"
        )
    plot.parent.mkdir(parents=True, exist_ok=True)


def _picture(asked: Asked, trace: Trace, elastic: Trace, strap: Trace) -> BandPicture:
    target_n = asked.target_n
    named = [(trace, "motorised elastic band")] if asked.plant == "motor" else []
    named += [(elastic, "elastic band, locked"), (strap, "strap, locked")]
    if asked.plant == "strap":
        named.reverse()
    late = f", {1000.0 * asked.latency_s:g} ms of latency" if asked.plant == "motor" else ""
    title = f"Simulated: keeping {target_n:g} N"
    if asked.window:
        title = f"Simulated: led by the window, at most {target_n:g} N"
    return BandPicture(
        title,
        f"a simulated person, breathing{late}; shaded: inside 5 % of the target",
        tuple(Line(name, t.t_s, t.force_n) for t, name in named),
        target_n,
        ((1.0 - _INSIDE) * target_n, (1.0 + _INSIDE) * target_n),
        trace.ramp_end_s,
    )
