"""`lengthwise simulate`: the coach leads a simulated person, who may be difficult."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import (
    CUES,
    add_answers,
    add_cues,
    add_language,
    add_ramp,
    add_repositioning,
    between,
)

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.devices import Drive, Pull

FAULTS = (
    "pelvis_tips", "overshoot", "let_go", "tremor", "step_away", "second_person", "breath_held",
    "wrong_side", "cat", "fatigue", "slow_to_react", "ramp_pain", "ramp_leg", "ramp_stop",
    "ramp_silent", "ramp_hurry",
)  # fmt: skip
_ANSWERS = (
    "pain_now=1", "pain_relief=no", "flare=no", "irritable=no", "leg_sign=no", "course=chronic",
    "hypermobile=0", "osteoporotic=no", "pregnant=no",
)  # fmt: skip
_RAMP_SECONDS = 600.0
_CARRIED = 0.3
"""Window position that the person goes to by themselves, for a band to draw them on from there."""
_SECONDS, _SENSORS = 120.0, "camera+imu4"


def add_simulate(commands: "Commands") -> None:
    c = commands.add_parser(
        "simulate",
        help="guide a simulated person, who may be difficult, through an exercise",
        description="The coach leads a simulated person through an exercise; what it says is "
        "printed as it says it, and the session is written like any other, labelled simulated. "
        "Breath shows in sensors at the ribs (t12, thorax) of one who keeps still.",
    )
    c.add_argument("exercise", metavar="EXERCISE", help="see: exercises")
    c.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    c.add_argument(
        "--replace", action="store_true", help="give up a finished session that is in DIR"
    )
    c.add_argument("--side", choices=("l", "r"), default="l", help="that is asked for; default: l")
    c.add_argument(
        "--fault",
        action="append",
        choices=FAULTS,
        help="what the person does in every hold; may be given several times; default: nothing",
    )
    c.add_argument(
        "--sensors",
        default=_SENSORS,
        metavar="SET",
        help="camera, front or side and worn ones, joined by +: sacrum, t12, imu4, imu6, or a "
        f"segment; default: {_SENSORS}",
    )
    c.add_argument(
        "--devices",
        action="store_true",
        help="the worn sensors are devices: heard by the bytes of their own protocol",
    )
    c.add_argument(
        "--heart-rise",
        type=_rise,
        metavar="BPM",
        help="a heart strap is worn, and in a hold the heart is so much faster than at rest, 0 to "
        "60; default: no strap",
    )
    c.add_argument(
        "--band-n",
        type=_band_n,
        metavar="N",
        help="a simulated motorised band, which the session drives while its grip is held, never "
        "with more than so many newtons, 20 to 120; default: no band",
    )
    c.add_argument("--seed", type=_seed, default=1, metavar="N", help="which person; default: 1")
    c.add_argument(
        "--seconds",
        type=_seconds,
        help=f"at most; default: {_SECONDS:g}, with --ramp {_RAMP_SECONDS:g}",
    )
    c.add_argument(
        "--sway",
        type=_share,
        default=1.0,
        metavar="SHARE",
        help="of the usual sway, 0 to 1; default: 1",
    )
    c.add_argument(
        "--without-marks", action="store_true", help="led by the first gentle pull alone"
    )
    add_ramp(c)
    add_answers(c)
    add_language(c)
    add_cues(c, default="all")
    add_repositioning(c)
    c.add_argument(
        "--position-sense",
        choices=("healthy", "back_pain"),
        help="with --repositioning: how far the person misses the place, as published of people "
        "without and with back pain; default: healthy",
    )
    c.set_defaults(run=_simulate)


def _seed(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        found = -1
    if not 0 <= found < 2**31:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 0")
    return found


def _seconds(text: str) -> float:
    return between(text, 5.0, 1800.0, "seconds from 5 to 1800")


def _rise(text: str) -> float:
    return between(text, 0.0, 60.0, "beats a minute from 0 to 60")


def _band_n(text: str) -> float:
    return between(text, 20.0, 120.0, "newtons from 20 to 120")


def _share(text: str) -> float:
    return between(text, 0.0, 1.0, "a share from 0 to 1")


def _check_sense(o: argparse.Namespace) -> None:
    from lengthwise.contracts.errors import InputError

    if o.position_sense is not None and o.repositioning is None:
        raise InputError(
            "--position-sense",
            value=o.position_sense,
            allowed="only with --repositioning",
            remedy="say which angle's place is looked for, or leave it out",
        )


def _band(o: argparse.Namespace) -> "tuple[Drive, Pull] | None":
    """Raises InputError for an exercise in which no band may pull."""
    from lengthwise.contracts.coordinates import Coordinate, Side
    from lengthwise.contracts.devices import Drive, Pull
    from lengthwise.contracts.errors import InputError
    from lengthwise.reference.exercises import exercise, exercises

    if o.band_n is None:
        return None
    chosen = exercise(o.exercise).for_side(Side(o.side))
    if chosen.band is None or o.devices or o.heart_rise is not None:
        allowed = ", ".join(e.id for e in exercises().values() if e.band is not None)
        raise InputError(
            "--band-n",
            value=o.exercise,
            allowed=f"without other devices, in {allowed}",
            remedy="choose one of these, or leave it out",
        )
    way = chosen.path[0]
    turned = 1 if way.end_deg > way.start_deg else -1
    return Drive(o.band_n), Pull(Coordinate(way.coordinate), turned, lever_m=0.4)


def _simulate(o: argparse.Namespace) -> int:
    from lengthwise.cli.analyze import tell, warm_answer
    from lengthwise.contracts.care import Care
    from lengthwise.contracts.coordinates import Coordinate, Side
    from lengthwise.contracts.decision import DecisionKind, Phase
    from lengthwise.contracts.session import BandOrdered, DecisionLogged, SessionEvent
    from lengthwise.live.band_taken import band_line
    from lengthwise.live.kept_answers import stated_care
    from lengthwise.live.rehearsal import Rehearsal, rehearse
    from lengthwise.live.rehearsal_devices import DevicesWorn
    from lengthwise.reference.constants import constant
    from lengthwise.reference.exercises import exercise
    from lengthwise.sim.faults import USUAL, FaultKind
    from lengthwise.sim.recording import Plan

    _check_sense(o)
    band = _band(o)
    plan = Plan(
        exercise(o.exercise).id,
        Side(o.side),
        o.seed,
        sensors=o.sensors,
        duration_s=o.seconds or (_RAMP_SECONDS if o.ramp else _SECONDS),
        faults=tuple(USUAL[FaultKind(kind)] for kind in o.fault or ()),
        sway_ratio=o.sway,
        looks_for=Coordinate(o.repositioning) if o.repositioning else None,
        back_pain=o.position_sense == "back_pain",
        taps=o.taps,
        carried=None if band is None else _CARRIED,
    )

    last = ""
    heard = o.devices or o.heart_rise is not None
    amiss = ", ".join(o.fault or ()) or "nothing amiss"

    heart_over_s = constant("heart", "rate_over_s")
    longest_s, held_since_s = 0.0, math.nan

    def begun() -> None:
        print(f"a simulated person: {amiss}", flush=True)
        if band is not None:
            print(f"a simulated band, at most {band[0].most_n:g} N", flush=True)

    def listen(event: SessionEvent) -> None:
        nonlocal longest_s, held_since_s, last
        if isinstance(event, DecisionLogged) and event.decision.kind is DecisionKind.PHASE:
            if not math.isnan(held_since_s):
                longest_s = max(longest_s, event.decision.t_s - held_since_s)
            held = event.decision.phase is Phase.HOLD
            held_since_s = event.decision.t_s if held else math.nan
        if isinstance(event, BandOrdered):
            said = band_line(event.order)
            if said != last:
                last = said
                print(f"{event.order.t_s:6.1f} s  band        {said}", flush=True)
        if isinstance(event, DecisionLogged) and event.decision.text is not None:
            d = event.decision
            shown = "(on the screen) " if d.kind is DecisionKind.NOT_KNOWN else ""
            print(f"{d.t_s:6.1f} s  {d.phase.value:<11} {shown}{d.text}", flush=True)

    # Of a simulated person nothing forbids a ramp or a band, unless it is answered otherwise.
    answers = [*(_ANSWERS if o.ramp or band else ()), *o.answer]
    request = Rehearsal(
        plan,
        o.out,
        calibrated=not o.without_marks,
        replace=o.replace,
        language=o.language,
        cue_share=CUES[o.cues] if o.cues else None,
        check=o.check,
        ramp=o.ramp,
        care=stated_care(answers, Care(warm=True if band else warm_answer(o))),
        devices=DevicesWorn(o.heart_rise, inertial=o.devices) if heard else None,
        band=band,
    )
    tell(rehearse(request, listener=listen, begun=begun))
    if band is not None and not last:
        print(
            "the band never pulled: it does so only where the person's window and the place in it "
            "are known, and nothing that was answered forbids it; another --sensors shows more of "
            "the place, such as imu4+shank_l"
        )
    if o.heart_rise is not None and math.isnan(held_since_s) and longest_s < heart_over_s:
        print(
            f"the heart was not judged: it takes {heart_over_s:.0f} s of a hold, and the longest "
            f"here was {longest_s:.0f} s; where a hold is let go of because too little is seen, "
            "another --sensors shows more of it, such as side+imu6"
        )
    return 0
