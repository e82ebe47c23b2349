"""Exercises in a table, and one of them in plain words."""

from collections.abc import Iterator
from math import radians
from textwrap import wrap

from lengthwise.cli.evidence_listing import FOUNDED
from lengthwise.cli.listings import print_json, table
from lengthwise.cli.screen import Screen
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.states import Estimate
from lengthwise.reference.evidence import evidence
from lengthwise.reference.exercise_check import cited, shown_by
from lengthwise.reference.exercise_parts import Behaviour, TrainedMuscle, ViewSide
from lengthwise.reference.exercises import Exercise, exercise, exercises, guided_tests
from lengthwise.reference.rules import rules
from lengthwise.reference.wearing import place_for_exercise, positions
from lengthwise.report.exercise_words import (
    NEED,
    PLACE,
    START,
    dose_lines,
    effort_lines,
    level_words,
    levels,
    trained_name,
)
from lengthwise.report.words import angle, coordinate_name, first_upper, muscle_name

_TABLE_COLUMNS = 140
"""Of a terminal in which the table breaks no word."""
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
    if found:
        _print_list(found)
        if len(found) == len(exercises()):
            print(f"Tests, {len(guided_tests())}, are listed apart: lengthwise assess list")
    else:
        print("no exercise is like that: leave out a filter")
    return 0


def _print_list(found: list[Exercise]) -> None:
    """A table where it is wide enough; else two lines each, and no word is broken."""
    console = Screen(highlight=False)
    rows = table("id", "what", "kind", "place", "levels", "lengthens or trains")
    for column in rows.columns[:5]:
        column.no_wrap = True
    for e in found:
        rows.add_row(e.id, e.plain_name, _kind(e), e.place.value, levels(e), _muscle_words(e))
    if console.width >= _TABLE_COLUMNS:
        console.print(rows)
        return
    for e in found:
        console.print(f"[bold]{e.id}[/]  {e.plain_name}", soft_wrap=True)
        facts = f"{_kind(e)}, {PLACE[e.place]}, levels {levels(e)}"
        told = f"{facts}: {_muscle_words(e)}" if _muscles(e) else facts
        for line in wrap(told, max(console.width - 4, 20)):
            console.print(f"    {line}", markup=False, soft_wrap=True)


def _kind(e: Exercise) -> str:
    return e.kind.value.replace("_", " ")


def _muscle_words(e: Exercise) -> str:
    return ", ".join(m.replace("_", " ") for m in _muscles(e))


def _muscles(e: Exercise) -> list[str]:
    return list(
        dict.fromkeys([*(t.group.value for t in e.targets), *(t.muscle.value for t in e.trained)])
    )


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
    yield "How much", dose_lines(e)
    yield "Effort", effort_lines(e)
    yield "Not for everyone", [rules()[i].sentence for i in e.contraindications]
    yield "Camera and sensors", _sensors(e)
    yield (
        "Rests on",
        [f"{evidence()[i].claim} ({FOUNDED[evidence()[i].status]})" for i in cited(e)],
    )


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
    lines.append(f"Used at {'level' if len(e.levels) == 1 else 'levels'} {level_words(e)}")
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


def _sensors(e: Exercise) -> list[str]:
    if e.behaviour is Behaviour.TIMED and not e.required:
        lines = ["Counted by time: no angle has to be known"]
    else:
        needs = ", ".join(coordinate_name(c).lower() for c in e.required)
        lines = [f"Camera {CAMERA[e.view]}; must know: {needs}"]
        if e.start_posture is Posture.SIDE_LYING and not any(
            shown_by(c, e.start_posture) for c in e.required
        ):
            lines = ["Led by feel: lying on the side no sensor shows this movement"]
    place = place_for_exercise(e)
    lines.append(f"One phone or sensor: {positions()[place.recommended].name}. {place.why}")
    for o in e.observe:
        worn = " and ".join(s.value.replace("_l", ", left").replace("_r", ", right") for s in o.by)
        lines.append(f"{coordinate_name(o.coordinate)} becomes sure with sensors on {worn}")
    lines.append(
        "The screen can be seen" if e.screen_visible else "Led by ear: the screen is out of sight"
    )
    return lines
