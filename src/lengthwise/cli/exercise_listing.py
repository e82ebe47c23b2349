"""Exercises in a table, and one of them in plain words."""

from collections.abc import Iterator
from math import radians

from lengthwise.cli.listings import START, print_json, table
from lengthwise.cli.screen import Screen
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.states import Estimate
from lengthwise.reference.evidence import evidence
from lengthwise.reference.exercise_parts import Behaviour, Need, Place, TrainedMuscle, ViewSide
from lengthwise.reference.exercises import Exercise, Trained, exercise, exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.wearing import place_for_exercise, positions
from lengthwise.report.words import angle, coordinate_name, first_upper, muscle_name

PLACE = {
    Place.FLOOR: "on the floor",
    Place.BED: "on a bed",
    Place.CHAIR: "on or at a chair",
    Place.STANDING: "standing",
    Place.DESK: "at a desk",
}
NEED = {
    Need.KNEEL: "kneel",
    Need.GET_DOWN_TO_FLOOR: "get down to the floor and up again",
}
CAMERA = {
    ViewSide.FRONT: "in front",
    ViewSide.WORKING: "at the working side",
    ViewSide.OTHER: "at the other side",
}


def listed(
    *, place: str | None, kind: str | None, level: int | None, target: str | None, as_json: bool
) -> int:
    muscles = sorted(m.value for m in TrainedMuscle)
    if target is not None and target not in muscles:
        raise InputError(
            "--target", value=target, allowed=", ".join(muscles), remedy="choose one of these"
        )
    found = [
        e
        for e in exercises().values()
        if place in (None, e.place.value)
        and kind in (None, e.kind.value)
        and (level is None or level in e.levels)
        and (target is None or target in _muscles(e))
    ]
    if as_json:
        print_json(found)
        return 0
    rows = table("id", "what", "kind", "place", "levels", "lengthens or trains")
    rows.columns[0].no_wrap = True
    for e in found:
        rows.add_row(
            e.id,
            e.plain_name,
            e.kind.value.replace("_", " "),
            e.place.value,
            _levels(e),
            ", ".join(m.replace("_", " ") for m in _muscles(e)),
        )
    if found:
        Screen(highlight=False).print(rows)
    else:
        print("no exercise is like that: leave out a filter")
    return 0


def _muscles(e: Exercise) -> list[str]:
    return list(
        dict.fromkeys([*(t.group.value for t in e.targets), *(t.muscle.value for t in e.trained)])
    )


def _levels(e: Exercise) -> str:
    first, last = e.levels[0], e.levels[-1]
    if last - first + 1 == len(e.levels) > 1:
        return f"{first} to {last}"
    return ", ".join(map(str, e.levels))


def shown(exercise_id: str, *, side: str, as_json: bool) -> int:
    e = exercise(exercise_id).for_side(Side(side))
    if as_json:
        print_json(e)
        return 0
    console = Screen(highlight=False)
    console.print(f"[bold]{e.name}[/] ({e.id}, version {e.version})", soft_wrap=True)
    console.print(e.summary, soft_wrap=True)
    for title, lines in _parts(e):
        if lines:
            console.print(f"\n[bold]{title}[/]")
            for line in lines:
                console.print(f"  {line}", soft_wrap=True, markup=False)
    return 0


def _parts(e: Exercise) -> Iterator[tuple[str, list[str]]]:
    yield "Lengthens", [first_upper(muscle_name(t.group, t.side)) for t in e.targets]
    yield "Trains", [first_upper(trained_name(t)) for t in e.trained]
    yield "Where and when", _where(e)
    yield "Start", [e.cue_text("get_ready"), *_angles(e.start)]
    yield "Movement", [e.cue_text("ease_in"), *_movement(e)]
    yield (
        "Keep still",
        [
            f"{coordinate_name(c.coordinate)}, within {c.tolerance_deg:g}°: {c.why}"
            for c in e.constraints
        ],
    )
    yield "How much", _dose(e)
    yield "Not for everyone", [rules()[i].sentence for i in e.contraindications]
    yield "Camera and sensors", _sensors(e)
    yield "Rests on", [f"{evidence()[i].claim} ({evidence()[i].status.value})" for i in e.evidence]


def trained_name(t: Trained) -> str:
    if t.muscle.group is not None:
        return muscle_name(t.muscle.group, t.side)
    words = t.muscle.value.replace("_", " ")
    return f"{words}, {'left' if t.side is Side.LEFT else 'right'} (no length is computed of it)"


def _where(e: Exercise) -> list[str]:
    lines = [f"{first_upper(PLACE[e.place])}, beginning {START[e.start_posture]}"]
    if e.needs:
        lines.append(f"You need to {' and '.join(NEED[n] for n in e.needs)}")
    if e.equipment:
        lines.append(f"With {', '.join(e.equipment)}")
    if e.bilateral:
        lines.append(f"One side after the other; here the {e.written_for.name.lower()} side works")
    if e.variant_of is not None:
        lines.append(f"Stands in for: {exercise(e.variant_of).name} ({e.variant_of})")
    lines.append(f"Used at levels {_levels(e)}")
    return lines


def _deg(coordinate: Coordinate, angle_deg: float) -> str:
    return angle(coordinate, Estimate(radians(angle_deg), 0.0))


def _angles(angles_deg: dict[Coordinate, float]) -> list[str]:
    return [f"{coordinate_name(c)}: {_deg(c, v)}" for c, v in angles_deg.items()]


def _movement(e: Exercise) -> list[str]:
    lines = []
    for m in e.path:
        line = f"{coordinate_name(m.coordinate)}: from {_deg(m.coordinate, m.start_deg)}"
        line += f" to {_deg(m.coordinate, m.end_deg)}"
        if m.other_end_deg is not None:
            line += f", and the other way to {_deg(m.coordinate, m.other_end_deg)}"
        lines.append(line)
    return lines


def _dose(e: Exercise) -> list[str]:
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


def _sensors(e: Exercise) -> list[str]:
    if e.behaviour is Behaviour.TIMED and not e.required:
        lines = ["Counted by time: no angle has to be known"]
    else:
        needs = ", ".join(coordinate_name(c).lower() for c in e.required)
        lines = [f"Camera {CAMERA[e.view]}; must know: {needs}"]
    place = place_for_exercise(e)
    lines.append(f"One phone or sensor: {positions()[place.recommended].name}. {place.why}")
    for o in e.observe:
        worn = " and ".join(s.value.replace("_l", ", left").replace("_r", ", right") for s in o.by)
        lines.append(f"{coordinate_name(o.coordinate)} becomes sure with sensors on {worn}")
    lines.append(
        "The screen can be seen" if e.screen_visible else "Led by ear: the screen is out of sight"
    )
    return lines
