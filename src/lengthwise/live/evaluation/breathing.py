"""Breathing against what is known of it: real recordings, and simulated people at rest.

No recording of a person with a sensor on the ribs and a reference of breathing is at hand. What
there is: a breathing belt of one person, whose waveform is played as the turn of a rib; a person
who sits for half a minute with sensors on lowest rib and chest; walks; sensors that nobody
wears; and landmarks of a person who moves. Hours of ordinary breathing are simulated, breath by
breath with the variation that was published, and say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import degrees
from pathlib import Path

import numpy as np
from msgspec import Struct

from lengthwise.live.evaluation.breathing_recordings import (
    BELT_PER_MIN,
    LATE_S,
    PART,
    RATE_HZ,
    SEED,
    Row,
    Told,
    listen,
    recorded,
    samples,
)
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Cell, Floor, Table, floors_table, markdown
from lengthwise.sim.breath import RIB_TURN_RAD, breathed, worn

_TRUE_OVER_S = 60.0
_LEAST_HELD_S = 10.0
_WARM_UP_S = 30.0

_SAID = """
A held breath is told where it lasts, a *false alarm* is one told above 8 s while the breath went;
of no alarm in T hours the rate is below 3/T with 95 % (rule of three). *Known*: share of time in
which a rate or a held breath is told; the rest is silence, not a guess.

**What this rests on.** One real breathing waveform of a minute, one person who sits for half a
minute with worn sensors, and negative controls. No recording at hand has a worn rib sensor *and* a
reference, none has a breath that was held, and none of a camera keeps still for longer than a
second. The figures of hours are of **simulated** people: duration and depth of every breath vary as
published (Tobin et al. 1988), the rib turns by 1.2 degrees (from Wilson et al. 1987), sway is an
expert default. They bound what the method does with such signals, not what people do.
"""


class Condition(Struct, frozen=True):
    """Simulated people: turn of the rib, sway, whether breaths are held, whether paced, how often
    another posture is taken."""

    turn_rad: float
    sway_rad: float
    holds: bool = False
    paced_hz: float | None = None
    moves_every_s: float | None = None

    @property
    def name(self) -> str:
        if self.turn_rad == 0.0:
            return "no breathing, only sway"
        paced = f", paced at {60 * self.paced_hz:.0f} a minute" if self.paced_hz else ""
        every_s = self.moves_every_s
        moves = f", another posture every {every_s:.0f} s" if every_s else ""
        breath = "breaths held now and then" if self.holds else "ordinary breathing"
        return breath + paced + moves


CONDITIONS = (
    Condition(RIB_TURN_RAD, 0.0), Condition(RIB_TURN_RAD, 0.001), Condition(RIB_TURN_RAD, 0.002),
    Condition(RIB_TURN_RAD, 0.004), Condition(0.5 * RIB_TURN_RAD, 0.001),
    Condition(2.0 * RIB_TURN_RAD, 0.001, paced_hz=0.1),
    Condition(RIB_TURN_RAD, 0.001, moves_every_s=35.0), Condition(0.0, 0.001),
    Condition(0.0, 0.004), Condition(RIB_TURN_RAD, 0.0, holds=True),
    Condition(RIB_TURN_RAD, 0.001, holds=True), Condition(RIB_TURN_RAD, 0.002, holds=True),
    Condition(RIB_TURN_RAD, 0.004, holds=True), Condition(0.5 * RIB_TURN_RAD, 0.001, holds=True),
    Condition(RIB_TURN_RAD, 0.001, holds=True, moves_every_s=35.0),
)  # fmt: skip


class Heard(Struct, frozen=True):
    """One simulated person: false alarms, breaths held long enough, those told, with delays; errors
    of the rate and how many of them within two sd."""

    hours: float
    known: float
    false: int
    holds: int
    delays_s: tuple[float, ...]
    errors: tuple[float, ...]
    covered: int


@dataclass(frozen=True)
class _Piece:
    condition: Condition
    seed: int
    seconds: float


def heard(piece: _Piece) -> Heard:
    c = piece.condition
    truth = breathed(
        piece.seed, duration_s=piece.seconds, rate_hz=RATE_HZ, paced_hz=c.paced_hz,
        every_s=60.0 if c.holds else None,
    )  # fmt: skip
    acc = worn(
        piece.seed,
        truth.chest,
        rate_hz=RATE_HZ,
        turn_rad=c.turn_rad,
        sway_rad=c.sway_rad,
        moves_every_s=c.moves_every_s,
    )
    told = listen(samples(acc, RATE_HZ))
    edges = np.flatnonzero(np.diff(np.r_[0, truth.held.astype(int), 0])) / RATE_HZ
    spans = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    alarms_s = told.alarms_s()
    false = sum(not any(a <= at <= b + LATE_S for a, b in spans) for at in alarms_s)
    long = [(a, b) for a, b in spans if b - a >= _LEAST_HELD_S and a > _WARM_UP_S]
    delays = []
    for a, b in long:
        found = [at - a for at in alarms_s if a <= at <= b + LATE_S]
        delays += found[:1]
    errors, covered = _rate_errors(told, truth.begins_s) if c.turn_rad and not c.holds else ([], 0)
    return Heard(
        piece.seconds / 3600.0, told.known, false, len(long), tuple(delays), tuple(errors), covered
    )


def _rate_errors(told: Told, begins_s: np.ndarray) -> tuple[list[float], int]:
    """Against the breaths that were begun within the minute before, once in ten seconds."""
    errors, covered = [], 0
    for t_s, rate, sd in list(zip(told.t_s, told.per_min, told.sd, strict=True))[::40]:
        recent = begins_s[(begins_s <= t_s) & (begins_s > t_s - _TRUE_OVER_S)]
        if not np.isfinite(rate) or t_s < _TRUE_OVER_S or len(recent) < 3:
            continue
        error = rate - 60.0 * (len(recent) - 1) / float(recent[-1] - recent[0])
        errors.append(float(error))
        covered += abs(error) <= 2.0 * sd
    return errors, covered


def evaluate(
    data: Path, *, people: int = 6, jobs: int = 1, advance: Advance | None = None
) -> list[Table]:
    """Tables of the recordings in `data` and of the simulated people, half an hour each. Raises
    InputError where the recordings are not there."""
    rows = recorded(data)
    pieces = [_Piece(c, SEED + n, 1800.0) for c in CONDITIONS for n in range(people)]
    found = dict(zip(pieces, run_all(heard, pieces, jobs=jobs, advance=advance), strict=True))
    of = {c: [h for p, h in found.items() if p.condition == c] for c in CONDITIONS}
    return [
        floors_table("Breathing: floors", _floors(rows, of)),
        _recordings_table(rows),
        _simulated_table(of),
    ]


def page(tables: Sequence[Table], command: str) -> str:
    """The tables as a page that says how it was made."""
    return f"# Breathing\n\nMade by `{command}`.\n{_SAID}\n{markdown(tables)}"


def _floors(rows: Sequence[Row], of: dict[Condition, list[Heard]]) -> list[Floor]:
    went = [h for c, people in of.items() if c.turn_rad and not c.holds for h in people]
    hours = sum(h.hours for h in went)
    swayed = [h.known for c, people in of.items() if not c.turn_rad for h in people]
    unworn = [r.told.known for r in rows if not r.breathes]
    spliced = [r.found() for r in rows if r.found() is not None]
    belt = next(r for r in rows if r.reference is not None)
    rate = belt.told.usual_per_min()
    still = [h for c, p in of.items() if c.holds and c.sway_rad == 0.0 for h in p]
    real_h = _distinct_s(rows) / 3600.0
    false = sum(h.false for h in went)
    return [
        Floor("real: false alarms, all recordings", float(sum(r.false() for r in rows)), None, 0.0),
        Floor("real: false alarms per hour that these can exclude", 3.0 / real_h, None, 1.0),
        Floor("real: rate of the belt, breaths a minute off", _off(rate), None, 2.0),
        Floor("real: stopped waveforms that are told", sum(map(bool, spliced)) / len(spliced), 0.9),
        Floor("real: known of sensors that nobody wears", max(unworn), None, 0.02),
        Floor("simulated: false alarms per hour of ordinary breathing", false / hours, None, 1.0),
        Floor("simulated: the same at most, with 95 %", (false + 3.0) / hours, None, 1.0),
        Floor("simulated: known of sway without breathing", max(swayed, default=None), None, 0.05),
        Floor("simulated: held breaths told, without sway", _told_share(still), 0.9),
    ]  # fmt: skip


def _distinct_s(rows: Sequence[Row]) -> float:
    """Seconds of people that were recorded, each once whatever is made of them."""
    seconds: dict[str, float] = {}
    for r in rows:
        if r.breathes and r.held_from_s is None and r.what != PART:
            seconds[r.what] = max(seconds.get(r.what, 0.0), r.seconds)
    return sum(seconds.values())


def _off(rate: float | None) -> float | None:
    return None if rate is None else abs(rate - BELT_PER_MIN)


def _told_share(people: Sequence[Heard]) -> float | None:
    holds = sum(h.holds for h in people)
    return sum(len(h.delays_s) for h in people) / holds if holds else None


def _recordings_table(rows: Sequence[Row]) -> Table:
    return Table(
        "Recordings",
        (
            "what", "sensor", "s", "known", "breaths a minute", "counted", "false alarms",
            "held breath told",
        ),
        tuple(
            (
                r.what, r.sensor, r.seconds, r.told.known, r.told.usual_per_min(), r.reference,
                r.false(), r.found(),
            )
            for r in rows
        ),
        (0, 0, 0, 2, 1, 0, 0, 0),
        "Rate: median of what was told; counted: cycles of the waveform in its minute.",
    )  # fmt: skip


def _simulated_table(of: dict[Condition, list[Heard]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for c, people in of.items():
        errors = [e for h in people for e in h.errors]
        delays = [d for h in people for d in h.delays_s]
        hours = sum(h.hours for h in people)
        rows.append(
            (
                c.name,
                degrees(c.turn_rad),
                degrees(c.sway_rad),
                hours,
                float(np.mean([h.known for h in people])),
                sum(h.false for h in people),
                _told_share(people),
                float(np.median(delays)) if delays else None,
                _or_none(np.std, errors),
                sum(h.covered for h in people) / len(errors) if errors else None,
            )
        )
    return Table(
        "Simulated people, a sensor on the lowest rib",
        (
            "what", "rib, deg", "sway, deg", "hours", "known", "false alarms", "held told",
            "after, s", "rate off, a minute", "within 2 sd",
        ),
        tuple(rows),
        (0, 1, 2, 1, 2, 0, 2, 1, 2, 2),
        "Rib: whole turn of a quiet breath. Sway: sd about each of two axes, 0.02 to 0.3 Hz. Held: "
        "breaths of 10 s and more, told as above 8 s while they last; after: from their beginning.",
    )  # fmt: skip


def _or_none(of: Callable[[list[float]], object], values: list[float]) -> float | None:
    return float(of(values)) if values else None  # type: ignore[arg-type]
