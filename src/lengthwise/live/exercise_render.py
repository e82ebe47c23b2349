"""Use case: exercises in; a drawing, a moving picture or a page of them out.

Every file appears whole or not at all. What is finished stays when it is interrupted; a page then
holds the exercises that were drawn.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.home import data_home
from lengthwise.live.posture_choice import Moment, exercise_pose_rad
from lengthwise.live.stretch_map import group_lengths
from lengthwise.live.whole_file import whole_file
from lengthwise.reference.exercises import Exercise, exercise, exercises
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.exercise_page import (
    Handout,
    Written,
    apng,
    exercises_page,
    page_order,
    written,
)
from lengthwise.report.exercise_sheet import Drawn, captions, legend, movement, panels, sheet
from lengthwise.report.exercise_vector import vector_sheet
from lengthwise.report.room import Room

if TYPE_CHECKING:
    from lengthwise.tissue.range import RangeBounds

PAGE = "exercises.html"
_BONE_CELL_M = 0.007
_MOMENTS = (Moment.START, Moment.END, Moment.OTHER_END)


class Format(StrEnum):
    SVG = "svg"
    PNG = "png"
    APNG = "apng"
    HTML = "html"


class RenderRequest(Struct, frozen=True):
    """`ids` none: all. `out`: a folder, made where there is none."""

    out: Path
    ids: tuple[str, ...] = ()
    side: Side = Side.LEFT
    format: Format = Format.HTML
    height_m: float | None = None


class Rendered(Struct, frozen=True):
    """`files` written; `skipped`: exercises that have no such picture, since nothing moves."""

    files: tuple[Path, ...]
    skipped: tuple[str, ...] = ()


class Drawer:
    """Draws exercises on one body."""

    def __init__(self, height_m: float | None) -> None:
        from lengthwise.body.anatomy import Anatomy, BodyMeasures
        from lengthwise.live.params import range_bounds

        self._anatomy: Anatomy = Anatomy.build(BodyMeasures(height_m=height_m))
        self._bounds: RangeBounds = range_bounds(self._anatomy, data_home())
        self._painter = BodyPainter(self._anatomy, bone_cell_m=_BONE_CELL_M)

    def drawn(self, done: Exercise) -> Drawn:
        """One exercise for its side, with how far each group is into its range."""
        room = Room(done, self._anatomy, self._painter.flesh)
        stated = frozenset(COORDINATES)
        fraction = [
            group_lengths(
                self._anatomy, self._bounds, exercise_pose_rad(done, moment), stated
            ).fraction
            for moment in _MOMENTS[: len(room.shares)]
        ]
        return Drawn(room, self._painter, np.array(fraction))


def render_exercises(
    request: RenderRequest, say: Callable[[str], None] = lambda _: None
) -> Rendered:
    """Draw them, one after the other. `say` hears of each. Raises InputError for an unknown id,
    StorageError where nothing can be written."""
    chosen = [exercise(i) for i in dict.fromkeys(request.ids)] or list(exercises().values())
    chosen = sorted((e.for_side(request.side) for e in chosen), key=page_order)
    folder = _folder(request.out)
    drawer = Drawer(request.height_m)
    if request.format is Format.HTML:
        return _page(request, chosen, drawer, folder, say)
    files: list[Path] = []
    skipped: list[str] = []
    for n, done in enumerate(chosen, start=1):
        content = _content(drawer.drawn(done), request.format)
        if content is None:
            skipped.append(done.id)
            continue
        path = folder / f"{done.id}.{request.format.value}"
        with whole_file(path) as part:
            part.write_bytes(content)
        files.append(path)
        say(f"{n} of {len(chosen)}: {path}")
    return Rendered(tuple(files), tuple(skipped))


def _folder(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise InputError("--out", value=out, allowed="a folder", remedy="name another")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise StorageError(
            f"making {out}", cause=cause.strerror or str(cause), remedy="choose another folder"
        ) from cause
    return out


def _content(drawn: Drawn, kind: Format) -> bytes | None:
    if kind is Format.SVG:
        return vector_sheet(drawn).encode("utf-8")
    if kind is Format.APNG:
        moving = movement(drawn)
        return None if moving is None else apng(moving)
    out = BytesIO()
    sheet(drawn).save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(
    request: RenderRequest,
    chosen: Sequence[Exercise],
    drawer: Drawer,
    folder: Path,
    say: Callable[[str], None],
) -> Rendered:
    """One page; an interrupted one is written with what is there."""
    ready: list[Written] = []
    try:
        for n, done in enumerate(chosen, start=1):
            drawn = drawer.drawn(done)
            handout = Handout(
                done, panels(drawn), captions(drawn.room), legend(drawn), movement(drawn)
            )
            ready.append(written(handout))
            say(f"{n} of {len(chosen)}: {done.id}")
    finally:
        path = folder / PAGE
        if ready:
            height = request.height_m
            body = "on a generic body" if height is None else f"on a body of {height:.2f} m"
            with whole_file(path) as part:
                part.write_text(exercises_page(ready, body_words=body), encoding="utf-8")
    return Rendered((path,))
