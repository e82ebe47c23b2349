"""From one landmark frame to readings of lines: mirroring, gates, view, geometry."""

from math import exp

import msgspec
import numpy as np
from msgspec import Struct

from lengthwise.body.camera_geometry import (
    Landmarks,
    LineReading,
    Scale,
    read_lines,
    trunk_length_px,
    unmirrored,
)
from lengthwise.body.camera_view import ViewMemory, follow_view, seen_view, width_ratio
from lengthwise.body.gates import (
    PersonTrack,
    finite_landmarks,
    follow_person,
    inside_image,
    used_outside,
)
from lengthwise.body.label_sides import SeenBody
from lengthwise.contracts.observation import (
    CameraStream,
    LandmarkFrame,
    Posture,
    Rejection,
    RejectionReason,
    View,
)
from lengthwise.contracts.states import Unseen
from lengthwise.reference.constants import constant

_FLOOR = frozenset({Posture.FOUR_POINT, Posture.SUPINE, Posture.PRONE})
_TRUNK_GROW_S = constant("body", "trunk_length_grow_tau_s")
_TRUNK_SHRINK_S = constant("body", "trunk_length_shrink_tau_s")
_LEAST_TRUNK_PX = 8.0
_VISIBILITY_MIN = constant("body", "visibility_min")
SOURCE = "camera"


class CameraMemory(Struct, frozen=True):
    """`frame_s` time of the last frame in order; `trunk_px` its trunk unforeshortened."""

    view: ViewMemory
    track: PersonTrack = PersonTrack()
    frame_s: float | None = None
    trunk_px: float | None = None


class CameraSetup(Struct, frozen=True):
    """What a session declares about its camera. `line_m` expected lengths in the order of Line."""

    stream: CameraStream
    mirrored: bool
    posture: Posture
    noise_ratio: float
    line_m: tuple[float, ...]
    trunk_m: float


class CameraLook(Struct, frozen=True):
    """What one frame gave. `lines` in the order of Line; empty where the frame was not used.

    `unseen` why no line could be read at all, None where lines were read. `points` that may be
    fused, with `usable` only where they are seen well and inside the image; None where none may.
    `moved`: the person stands at a new place.
    """

    memory: CameraMemory
    lines: tuple[LineReading, ...]
    unseen: Unseen | None
    rejections: tuple[Rejection, ...]
    points: Landmarks | None = None
    moved: bool = False


def begin(stream: CameraStream | None) -> CameraMemory:
    return CameraMemory(ViewMemory(View.UNKNOWN if stream is None else stream.view))


def look(setup: CameraSetup, memory: CameraMemory, frame: LandmarkFrame) -> CameraLook:
    """Read one frame whose time is in order."""
    stream, t_s = setup.stream, frame.t_s
    rejections: list[Rejection] = []

    def reject(reason: RejectionReason, detail: str = "") -> None:
        rejections.append(Rejection(t_s, SOURCE, reason, detail))

    points, not_finite = finite_landmarks(frame)
    if not_finite:
        reject(RejectionReason.NON_FINITE, f"{not_finite} landmarks")
    if setup.mirrored:
        points = unmirrored(points, image_width_px=stream.image_width_px)
    held_s = 0.0 if memory.frame_s is None else t_s - memory.frame_s
    memory = _at(memory, t_s)
    trunk_px = trunk_length_px(points)
    length_px = _unforeshortened(memory.trunk_px, trunk_px, held_s)
    if length_px is None or length_px < _LEAST_TRUNK_PX:
        reject(RejectionReason.NO_PERSON)
        return CameraLook(memory, (), Unseen.OUT_OF_FRAME, tuple(rejections))
    px_per_m = (memory.trunk_px or length_px) / setup.trunk_m
    image = SeenBody(px_per_m, stream.image_width_px)
    found = follow_person(memory.track, points, image, t_s=t_s)
    if found is None:
        reject(RejectionReason.NO_PERSON)
        return CameraLook(memory, (), Unseen.OUT_OF_FRAME, tuple(rejections))
    if not found.same:
        many = frame.person_count > 1
        reject(RejectionReason.SECOND_PERSON if many else found.elsewhere)
        waiting = CameraMemory(memory.view, found.track, t_s, memory.trunk_px)
        return CameraLook(waiting, (), None, tuple(rejections))
    if found.put_back is not None:
        reject(found.put_back, "put back")
    if found.moved and trunk_px is not None:
        length_px = trunk_px
    inside = inside_image(
        found.points, width_px=stream.image_width_px, height_px=stream.image_height_px
    )
    outside = used_outside(found.points, inside)
    if outside:
        reject(RejectionReason.OUT_OF_FRAME, f"{outside} landmarks")
    view, lines = _read(setup, memory.view, found.points, inside, length_px, t_s)
    if view.rival is not View.UNKNOWN:
        reject(RejectionReason.VIEW_CHANGED, view.rival.value)
    for line in lines:
        if line.too_long:
            reject(RejectionReason.SEGMENT_LENGTH, line.line.value)
    clear = found.points.usable & inside & (found.points.visibility >= _VISIBILITY_MIN)
    points = msgspec.structs.replace(found.points, usable=clear)
    return CameraLook(
        CameraMemory(view, found.track, t_s, length_px),
        lines,
        None,
        tuple(rejections),
        points if _settled(view) and not _unfit(setup.posture, view.view) else None,
        found.moved,
    )


def _settled(view: ViewMemory) -> bool:
    """Whether one side is seen: not while none is known or another one is coming up."""
    return view.view is not View.UNKNOWN and view.rival is View.UNKNOWN


def _unfit(posture: Posture, view: View) -> bool:
    """Whether a view of that posture cannot be read: lying people are seen from their side."""
    across = posture in _FLOOR and view in (View.FRONT, View.BACK)
    return across or posture is Posture.SIDE_LYING


def _at(memory: CameraMemory, t_s: float) -> CameraMemory:
    return CameraMemory(memory.view, memory.track, t_s, memory.trunk_px)


def _unforeshortened(before_px: float | None, now_px: float | None, held_s: float) -> float | None:
    """The length of the trunk unforeshortened: it grows within a moment and shrinks slowly.

    Bending towards the camera shortens the trunk for as long as a stretch is held; a single frame
    in which the model sits on something else must not count for much.
    """
    if before_px is None or now_px is None:
        return now_px if before_px is None else before_px
    tau_s = _TRUNK_GROW_S if now_px > before_px else _TRUNK_SHRINK_S
    return now_px + (before_px - now_px) * exp(-held_s / tau_s)


def _read(
    setup: CameraSetup,
    view: ViewMemory,
    points: Landmarks,
    inside: np.ndarray,
    trunk_px: float,
    t_s: float,
) -> tuple[ViewMemory, tuple[LineReading, ...]]:
    width = width_ratio(points, trunk_px)
    seen = seen_view(points, trunk_px, width, view.view)
    followed, shown = follow_view(view, seen, width, t_s)
    if _unfit(setup.posture, shown):
        shown = View.UNKNOWN
    scale = Scale(trunk_px / setup.trunk_m, setup.noise_ratio, setup.line_m)
    return followed, read_lines(points, inside, shown, scale)
