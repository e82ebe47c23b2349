"""How an exercise is spoken of: places, needs, levels, dose and muscles, in plain words."""

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import Posture
from lengthwise.reference.exercise_parts import TRAINING, Behaviour, Need, Place
from lengthwise.reference.exercises import Exercise, Trained
from lengthwise.report.words import first_upper, joined_words, muscle_name

PLACE = {
    Place.FLOOR: "on the floor",
    Place.BED: "on a bed",
    Place.CHAIR: "on or at a chair",
    Place.STANDING: "standing",
    Place.DESK: "at a desk",
}
START = {
    Posture.STANDING: "standing",
    Posture.SITTING: "sitting",
    Posture.HALF_KNEELING: "kneeling on one knee",
    Posture.FOUR_POINT: "on hands and knees",
    Posture.SUPINE: "lying on the back",
    Posture.PRONE: "lying face down",
    Posture.SIDE_LYING: "lying on one side",
    Posture.UNKNOWN: "in any position",
}
"""Start postures in plain words."""

NEED = {
    Need.KNEEL: "kneel",
    Need.GET_DOWN_TO_FLOOR: "get down to the floor and up again",
}


LEVEL = {
    0: "gentle tensing, little load",
    1: "supported, in the middle of the range",
    2: "short stretches",
    3: "stretches of full length",
    4: "active, to the end of the range",
    5: "tasks with a load",
}
"""The levels of a plan in plain words (facts of progression, rule G)."""


def level_words(e: Exercise) -> str:
    """Every level with its words, such as `1 (...) and 2 (short stretches)`."""
    return joined_words([f"{level} ({LEVEL[level]})" for level in e.levels])


def levels(e: Exercise) -> str:
    first, last = e.levels[0], e.levels[-1]
    if last - first + 1 == len(e.levels) > 1:
        return f"{first} to {last}"
    return ", ".join(map(str, e.levels))


def trained_name(t: Trained) -> str:
    if t.muscle.group is not None:
        return muscle_name(t.muscle.group, t.side)
    words = t.muscle.value.replace("_", " ")
    return f"{words}, {'left' if t.side is Side.LEFT else 'right'} (no length is computed of it)"


def effort_lines(e: Exercise) -> list[str]:
    """How hard it works, with where that comes from; empty where it trains nothing."""
    if e.kind not in TRAINING:
        return []
    if e.effort is None:
        return ["Not stated, so it waits while pain is new"]
    f = e.effort
    muscle = f.muscle.value.replace("_", " ")
    share = f"{100.0 * f.low_mvc:.0f} to {100.0 * f.high_mvc:.0f} %"
    return [f"{first_upper(muscle)} at {share} of the most that it can", f"Source: {f.source}"]


def dose_lines(e: Exercise) -> list[str]:
    d = e.dose
    what = {
        Behaviour.HELD_IN_WINDOW: f"{d.hold_s:g} s in your window",
        Behaviour.HELD_STILL: f"{d.hold_s:g} s held",
        Behaviour.TO_AND_FRO: f"{d.cycles} slow movements to and fro",
        Behaviour.TIMED: f"{d.hold_s:g} s",
    }[e.behaviour]
    lines = [f"{what}, {_times(d.repetitions)}" + (f", {d.sets} sets" if d.sets > 1 else "")]
    parts = (("out", d.tempo.out_s), ("pause", d.tempo.pause_s), ("back", d.tempo.back_s))
    tempo = [f"{name} {seconds:g} s" for name, seconds in parts if seconds is not None]
    if tempo:
        lines.append(f"Tempo: {', '.join(tempo)}")
    lines.append(f"{d.ease_in_s:g} s to ease in, {d.rest_s:g} s of rest")
    return [*lines, f"Source: {d.source}"]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
