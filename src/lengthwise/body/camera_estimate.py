"""From one landmark frame to readings of lines: mirroring, gates, view, geometry."""

from collections.abc import Collection
from math import exp

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.arm_lift import without_lift
from lengthwise.body.camera_geometry import (
    ANKLES,
    HEELS,
    KNEES,
    TOES,
    TORSO_AT,
    Landmarks,
    LineReading,
    Scale,
    read_lines,
    trunk_length_px,
    turned,
    unmirrored,
    without_points,
)
from lengthwise.body.camera_view import ViewMemory, follow_view, seen_view, width_ratio
from lengthwise.body.channels import Line
from lengthwise.body.gates import (
    Continuity,
    PersonTrack,
    finite_landmarks,
    follow_person,
    inside_image,
    used_outside,
)
from lengthwise.body.label_sides import SeenBody
from lengthwise.body.segment_lengths import Lengths, believable_m, too_long
from lengthwise.body.shaking import Shaking, followed
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
_LEG_POINTS = [*KNEES, *ANKLES, *HEELS, *TOES]
_LYING_UNREAD = (Line.HIPS, Line.FRONTAL_THIGH_L, Line.FRONTAL_THIGH_R)
_LEAST_TRUNK_PX = 8.0
_SHORTEST_TRUNK = constant("body", "shortest_trunk_ratio")
_FROZEN_S = constant("body", "camera_frozen_s")
_VISIBILITY_MIN = constant("body", "visibility_min")
SOURCE = "camera"
_DOWN = ((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))
"""Where down is, (right, down), in an image turned by so many quarters."""
_LEG_LINES = (Line.THIGH_L, Line.THIGH_R, Line.SHANK_L, Line.SHANK_R)
_LEGS = tuple(list(Line).index(line) for line in _LEG_LINES)


class CameraMemory(Struct, frozen=True):
    """`frame_s` time of the last frame in order; `trunk_px` its trunk unforeshortened; `points_px`
    (33, 2) as they were reported in it, the same `since_s`; `shaking` how much they tremble."""

    view: ViewMemory
    track: PersonTrack = PersonTrack()
    frame_s: float | None = None
    trunk_px: float | None = None
    lengths: Lengths = Lengths()
    points_px: np.ndarray | None = None
    since_s: float = 0.0
    shaking: Shaking = Shaking()


class CameraSetup(Struct, frozen=True):
    """What a session declares about its camera. `line_m` expected lengths in the order of Line.

    `quarters` by which the image is turned to have the head at its top; `on_side`: the person lies
    on the side now; `unsettled`: they do, and it is not known yet on which (`side_lying`);
    `hang_rad` of the legs by their sensors, as `SeenBody`.
    """

    stream: CameraStream
    mirrored: bool
    posture: Posture
    noise_ratio: float
    line_m: tuple[float, ...]
    trunk_m: float
    quarters: int = 0
    on_side: bool = False
    unsettled: bool = False
    hang_rad: tuple[float | None, ...] = (None,) * 4


class CameraLook(Struct, frozen=True):
    """What one frame gave. `lines` in the order of Line; empty where the frame was not used.

    `unseen` why no line could be read at all, None where lines were read. `points` that may be
    fused, with `usable` only where they are seen well and inside the image; None where none may.
    `moved`: the person stands at a new place; `camera_moved`: perhaps because the camera does.
    `length_ratio` of the trunk over its full length in the image, None where it is not seen whole.
    `repeated`: the very landmarks of the frame before. `relabelled`: other labels of left and right
    are believed from now on.
    """

    memory: CameraMemory
    lines: tuple[LineReading, ...]
    unseen: Unseen | None
    rejections: tuple[Rejection, ...]
    points: Landmarks | None = None
    moved: bool = False
    camera_moved: bool = False
    length_ratio: float | None = None
    repeated: bool = False
    relabelled: bool = False


def begin(stream: CameraStream | None) -> CameraMemory:
    return CameraMemory(ViewMemory(View.UNKNOWN if stream is None else stream.view))


def look(setup: CameraSetup, memory: CameraMemory, frame: LandmarkFrame) -> CameraLook:
    """Read one frame whose time is in order.

    No pose model finds the same in two pictures: what is repeated to the last digit is a picture
    that stands still, and does not show that a person does.
    """
    t_s = frame.t_s
    repeated = memory.points_px is not None and np.array_equal(
        memory.points_px, frame.xy_px, equal_nan=True
    )
    memory = replace(memory, points_px=frame.xy_px, since_s=memory.since_s if repeated else t_s)
    if repeated and t_s - memory.since_s >= _FROZEN_S:
        frozen = (_rejected(t_s, RejectionReason.FROZEN),)
        return CameraLook(replace(memory, frame_s=t_s), (), Unseen.STALE, frozen, repeated=True)
    return replace(_look(setup, memory, frame), repeated=repeated)


def _look(setup: CameraSetup, memory: CameraMemory, frame: LandmarkFrame) -> CameraLook:
    stream, t_s = setup.stream, frame.t_s
    points, not_finite = finite_landmarks(frame)
    rejections: list[Rejection] = []
    if not_finite:
        rejections.append(_rejected(t_s, RejectionReason.NON_FINITE, f"{not_finite} landmarks"))
    if setup.mirrored:
        points = unmirrored(points, image_width_px=stream.image_width_px)
    points = _turned(setup, points, setup.quarters)
    trunk_px = trunk_length_px(points)
    held_s = 0.0 if memory.frame_s is None else t_s - memory.frame_s
    px_per_m = None if memory.trunk_px is None else memory.trunk_px / setup.trunk_m
    shaking = followed(memory.shaking, points, memory.view.view, t_s=t_s, px_per_m=px_per_m)
    memory = replace(memory, frame_s=t_s, shaking=shaking)
    length_px = _unforeshortened(memory.trunk_px, trunk_px, held_s)
    found = None
    if length_px is not None and length_px >= _LEAST_TRUNK_PX:
        px_per_m = (memory.trunk_px or length_px) / setup.trunk_m
        down = _DOWN[setup.quarters % 4]
        image = SeenBody(px_per_m, stream.image_width_px, down, setup.hang_rad)
        found = follow_person(memory.track, points, image, t_s=t_s)
    if found is None or length_px is None:
        rejections.append(_rejected(t_s, RejectionReason.NO_PERSON))
        return CameraLook(memory, (), Unseen.OUT_OF_FRAME, tuple(rejections))
    if not found.same:
        many = frame.person_count > 1
        reason = RejectionReason.SECOND_PERSON if many else found.elsewhere
        rejections.append(_rejected(t_s, reason))
        waiting = replace(memory, track=found.track)
        return CameraLook(waiting, (), None, tuple(rejections))
    if found.moved and trunk_px is not None:
        memory, length_px = replace(memory, lengths=Lengths()), trunk_px
    elif not found.points.usable[TORSO_AT].all():
        length_px = memory.trunk_px or length_px
    seen = _seen(setup, memory, found, t_s=t_s, length_px=length_px)
    return replace(seen, rejections=(*rejections, *seen.rejections))


def _rejected(t_s: float, reason: RejectionReason, detail: str = "") -> Rejection:
    return Rejection(t_s, SOURCE, reason, detail)


def _seen(
    setup: CameraSetup, memory: CameraMemory, found: Continuity, *, t_s: float, length_px: float
) -> CameraLook:
    """What a frame of the person followed shows. `length_px` of the trunk unforeshortened."""
    stream, points = setup.stream, found.points
    rejections: list[Rejection] = []

    def reject(reason: RejectionReason, detail: str) -> None:
        rejections.append(_rejected(t_s, reason, detail))

    if found.put_back is not None:
        reject(found.put_back, "put back")
    if found.astray is not None:
        reject(RejectionReason.OUTLIER, found.astray)
    inside = inside_image(
        _turned(setup, points, -setup.quarters),
        width_px=stream.image_width_px,
        height_px=stream.image_height_px,
    )
    outside = used_outside(points, inside)
    if outside:
        reject(RejectionReason.OUT_OF_FRAME, f"{outside} landmarks")
    visible = points.visibility >= _VISIBILITY_MIN
    lengths, longer = too_long(
        memory.lengths,
        points,
        points.usable & inside & visible,
        expected_m=tuple(setup.line_m[i] for i in _LEGS),
        px_per_m=length_px / setup.trunk_m,
        t_s=t_s,
    )
    for name, hanging in longer.items():
        reject(RejectionReason.SEGMENT_LENGTH, name)
        points = without_points(points, hanging)
    believable = zip(_LEG_LINES, believable_m(lengths), strict=True)
    learnt_m = {line: longest_m for line, longest_m in believable if longest_m is not None}
    white_ratio = memory.shaking.ratio(setup.noise_ratio)
    trembles = setup.noise_ratio * white_ratio
    scale = Scale(length_px / setup.trunk_m, trembles, setup.line_m, learnt_m)
    view, lines = _read(setup, memory.view, points, inside, length_px, scale, t_s)
    if view.rival is not View.UNKNOWN:
        reject(RejectionReason.VIEW_CHANGED, view.rival.value)
    for line in lines:
        if line.too_long:
            reject(RejectionReason.SEGMENT_LENGTH, line.line.value)
    readable = _settled(view) and not _unfit(setup, view.view)
    usable = points.usable & inside & visible
    clear = replace(points, usable=usable, white_ratio=white_ratio)
    if setup.on_side and view.view in (View.FRONT, View.BACK):
        # Hips are bent lying on the side, and from the front a bent leg looks like one that is
        # straighter and less abducted.
        clear = without_points(clear, _LEG_POINTS)
    trunk_px = trunk_length_px(clear)
    return CameraLook(
        replace(
            memory,
            view=view,
            track=found.track,
            frame_s=t_s,
            trunk_px=length_px,
            lengths=lengths,
        ),
        lines,
        None,
        tuple(rejections),
        clear if readable else None,
        found.moved,
        found.camera_moved,
        None if trunk_px is None else trunk_px / length_px,
        relabelled=found.relabelled,
    )


def _settled(view: ViewMemory) -> bool:
    """Whether one side is seen: not while none is known or another one is coming up."""
    return view.view is not View.UNKNOWN and view.rival is View.UNKNOWN


def _unfit(setup: CameraSetup, view: View) -> bool:
    """Whether a view of that posture cannot be read: lying people are seen from their side, those
    who lie on one side once it is known on which."""
    return setup.unsettled or (setup.posture in _FLOOR and view in (View.FRONT, View.BACK))


def _turned(setup: CameraSetup, points: Landmarks, quarters: int) -> Landmarks:
    stream = setup.stream
    return turned(
        points, quarters, width_px=stream.image_width_px, height_px=stream.image_height_px
    )


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
    scale: Scale,
    t_s: float,
) -> tuple[ViewMemory, tuple[LineReading, ...]]:
    followed, shown = view, view.view if _settled(view) else View.UNKNOWN
    if points.usable[TORSO_AT].all():
        width = width_ratio(points, trunk_px)
        seen = seen_view(points, trunk_px, width, view.view)
        followed, shown = follow_view(view, seen, width, t_s)
    if _unfit(setup, shown):
        shown = View.UNKNOWN
    lines = without_lift(read_lines(points, inside, shown, scale), points, scale)
    if setup.on_side:
        # What hip landmarks show of an obliquity is known of upright people only.
        lines = _without(lines, _LYING_UNREAD)
    seen_px = trunk_length_px(points)
    if shown in (View.FRONT, View.BACK) and (seen_px or 0.0) < _SHORTEST_TRUNK * trunk_px:
        # Shoulders that come far towards the camera are shown too high or too low by turns.
        lines = _without(lines, (Line.SHOULDERS,))
    return followed, lines


def _without(lines: tuple[LineReading, ...], unread: Collection[Line]) -> tuple[LineReading, ...]:
    return tuple(
        LineReading(line.line, unseen=Unseen.VIEW) if line.line in unread else line
        for line in lines
    )
