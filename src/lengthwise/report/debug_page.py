"""Innovations and spreads of the body filter as one page of HTML that needs no network.

The table can be read without a script; the plots are drawn by `debug.js` from numbers in the page
(little-endian float32, base64). For whoever works on the noise model; nothing here is advice.
"""

import json
from base64 import b64encode
from html import escape

import numpy as np

from lengthwise.report.html_page import whole_page
from lengthwise.report.innovations import (
    BIASED,
    LINGERS,
    OUTSIDE,
    TOO_CAREFUL,
    TOO_SURE,
    Figures,
    Readings,
    Trace,
    figures,
)

_HEADS = (
    ("reading", "what was read; → to the right of the image, ↑ up in it"),
    ("fused", "frames in which it was fused"),
    ("left out", "frames in which a gate left it out"),
    ("mean", "mean innovation, in the unit given"),
    ("bias", "mean of innovation / sd"),
    ("rms", "root mean square of innovation / sd: 1 where the filter is right about itself"),
    ("spread", "sd of innovation / sd about its own mean: what is left once a bias is gone"),
    ("memory", "autocorrelation from one frame to the next: 0 where errors are new each time"),
    ("> 2 sd", "share outside two sd: 5 % expected"),
    ("step", "sd of one frame against the next over the root of 2, in the unit given"),
    ("noise", "what the filter takes to be new in each frame, in the unit given"),
    ("sd", "all that the filter allows the innovation, in the unit given"),
    ("remarks", "what stands out"),
)


def debug_page(trace: Trace) -> str:
    """The whole page as HTML text."""
    data = json.dumps(_data(trace), separators=(",", ":"))
    body = f"{_head(trace)}{_table(trace)}{_PLOTS}"
    title = f"Innovations of {trace.title}"
    return whole_page(title, body, look="debug.css", script="debug.js", data=data)


def _head(trace: Trace) -> str:
    seen = np.isfinite(trace.nis)
    inside = (trace.nis >= trace.nis_low) & (trace.nis <= trace.nis_high)
    told = "nothing was fused"
    if seen.any():
        told = (
            f"median misfit {np.median(trace.nis[seen]):.2f} (NIS per reading, 1 expected), "
            f"{100 * inside[seen].mean():.0f} % of frames within the 95 % band"
        )
    made_up = (
        '<p class="made-up"><b>Simulated person.</b> Nobody was measured.</p>'
        if trace.simulated
        else ""
    )
    return (
        f"{made_up}<header><h1>{escape(trace.title)}</h1><p>{trace.t_s[0]:.1f} to "
        f"{trace.t_s[-1]:.1f} s, {len(trace.t_s)} estimates: {told}.</p></header>"
    )


def _table(trace: Trace) -> str:
    heads = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" title="{escape(why)}">'
        f"{escape(name)}</button></th>"
        for name, why in _HEADS
    )
    rows = "".join(_row(i, reading) for i, reading in enumerate(trace.readings))
    return (
        '<section aria-labelledby="readings"><h2 id="readings">Readings</h2>'
        f'<div class="scroll"><table id="figures"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        '<p class="note">An innovation is what was read less what was expected; sd is what the '
        "filter allows it. Errors that stay for a session are allowed for and not learnt, so a "
        "bias below 1 and a memory are no fault of landmarks, lines and gravity by themselves; a "
        f"spread far below 1 then is expected too. Remarks: biased beyond {BIASED:g} sd; too sure "
        f"above an rms of {TOO_SURE:g} or {100 * OUTSIDE:.0f} % outside 2 sd; too careful below "
        f"{TOO_CAREFUL:g}; lingers above a memory of {LINGERS:g}. Limits and contacts are what is "
        "known without a sensor, repeated in every frame with a widened sd, and not in the misfit."
        "</p></section>"
    )


def _row(at: int, reading: Readings) -> str:
    f = figures(reading)
    remarks = f.remarks()
    cells = [
        f"{f.count}",
        f"{f.left_out or ''}",
        _number(f.mean, 1, f" {reading.unit}"),
        _number(f.bias, 2),
        _number(f.rms, 2),
        _number(f.spread, 2),
        _number(f.memory, 2),
        "" if f.outside is None else f"{100 * f.outside:.0f} %",
        _number(f.step, 1, f" {reading.unit}"),
        _number(f.noise, 1, f" {reading.unit}"),
        _number(f.sd, 1, f" {reading.unit}"),
    ]
    loud = _loud(f)
    tds = "".join(
        f"<td{' class=loud' if name in loud else ''}>{escape(cell)}</td>"
        for (name, _), cell in zip(_HEADS[1:], cells, strict=False)
    )
    return (
        f'<tr><th scope="row"><a href="#r{at}"><small>{escape(reading.group)}</small> '
        f"{escape(reading.name)}</a></th>{tds}<td>{escape(', '.join(remarks))}</td></tr>"
    )


def _loud(f: Figures) -> set[str]:
    """The columns whose figures stand out."""
    column = {"biased": "bias", "too sure": "rms", "too careful": "rms", "lingers": "memory"}
    return {column[remark] for remark in f.remarks()}


def _number(value: float | None, decimals: int, unit: str = "") -> str:
    return "" if value is None else f"{value:.{decimals}f}{unit}".replace("-", "−")


_PLOTS = """
<section aria-labelledby="over-time"><h2 id="over-time">Over time</h2>
<div class="bar" role="group" aria-label="Time shown">
 <button type="button" data-do="back" title="earlier (left arrow)">←</button>
 <button type="button" data-do="in" title="closer (plus)">+</button>
 <button type="button" data-do="out" title="wider (minus)">−</button>
 <button type="button" data-do="on" title="later (right arrow)">→</button>
 <button type="button" data-do="all" title="all of it (0)">all</button>
 <output id="range"></output>
 <label>show <input id="only" type="search" placeholder="shoulder, gravity, biased …"></label>
</div>
<p class="note">Drag over a plot to look closer, double-click for all. Keys: ← → move, + − scale,
0 all. Band: ± 2 sd of what the filter allows, or of an angle; it fills the plot where it is
much wider than what was read. Dots: fused. Crosses: left out by a
gate. Beside each: how often innovation / sd takes a value, against the normal curve; and how long
it remembers itself, over two seconds, with the band of chance.</p>
<div id="plots"></div>
<noscript><p>The plots need a script; the table above does not.</p></noscript></section>"""


def _packed(values: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def _data(trace: Trace) -> dict[str, object]:
    """What the script draws from."""
    return {
        "t": _packed(trace.t_s - trace.t_s[0]),
        "t0": float(trace.t_s[0]),
        "nis": [_packed(v) for v in (trace.nis, trace.nis_low, trace.nis_high)],
        "marks": [[mark.t_s - float(trace.t_s[0]), mark.label] for mark in trace.marks],
        "readings": [
            {
                "name": r.name,
                "group": r.group,
                "unit": r.unit,
                "remarks": ", ".join(figures(r).remarks()),
                "value": _packed(r.innovation),
                "sd": _packed(r.sd),
                "used": _packed(r.used),
            }
            for r in trace.readings
        ],
        "angles": [
            {
                "name": a.name,
                "value": _packed(a.mean_deg),
                "sd": _packed(a.sd_deg),
                "used": _packed(a.claimed),
            }
            for a in trace.angles
        ],
    }
