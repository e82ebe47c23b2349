"""Key moments of a session, drawn: the start, the deepest point, the middle of the hold."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import pairwise

from PIL import Image

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import CameraStream, RecordingHeader, View
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import Exercise
from lengthwise.report import words
from lengthwise.report.body_drawing import BodyPainter, BodyPicture, DrawingSource, Target
from lengthwise.report.holds import Counted, Hold
from lengthwise.report.series import coordinate_series

_FRONTAL = frozenset(
    {
        Coordinate.PELVIS_OBLIQUITY,
        Coordinate.LUMBAR_SIDE_BEND,
        Coordinate.THORAX_SIDE_BEND,
        Coordinate.TRUNK_SIDE_LEAN,
        Coordinate.HIP_ADDUCTION_L,
        Coordinate.HIP_ADDUCTION_R,
    }
)
"""Movements that are told best from behind."""

_LONG_SIDE_PX = 600
_QUALITY = 80
_LARGEST_BYTES = 60_000
_LABEL_ROOM = 0.27
"""Share of a picture's width that a label needs beside the body."""


@dataclass(frozen=True)
class Moment:
    """A frame worth drawing. `targets` are highlighted."""

    title: str
    frame: FrameLogged
    targets: tuple[Target, ...]
    side: Side | None


def viewpoint(exercise: Exercise | None, side: Side | None, recording: RecordingHeader) -> View:
    """Where to draw from: behind for sideways movements, else the working side."""
    if exercise is not None:
        if sum(m.coordinate in _FRONTAL for m in exercise.path) * 2 > len(exercise.path):
            return View.BACK
        return View.RIGHT if side is Side.RIGHT else View.LEFT
    camera = next((s for s in recording.streams if isinstance(s, CameraStream)), None)
    if camera is not None and camera.view is not View.UNKNOWN:
        return camera.view
    return View.LEFT


def coached_moments(
    frames: Sequence[FrameLogged], exercise: Exercise, holds: Sequence[Hold]
) -> tuple[Moment, ...]:
    """Start, deepest point and middle of the hold; with two sides one hold of each."""
    if not frames:
        return ()
    sides = list(dict.fromkeys(h.side for h in holds))
    first = sides[0] if sides else _first_side(frames)
    found = [Moment("Start", _start(frames), _targets(exercise, first), first)]
    deepest = _deepest(frames, exercise)
    if deepest is not None:
        side = deepest.guidance.side if deepest.guidance else first
        found.append(Moment("Furthest", deepest, _targets(exercise, side), side))
    for side in sides[:2]:
        best = max((h for h in holds if h.side is side), key=lambda h: h.effective_s)
        title = "Middle of the hold"
        if len(sides) > 1 and side is not None:
            title += f", {words.side_word(side)}"
        found.append(Moment(title, _middle(frames, best), _targets(exercise, side), side))
    return tuple(found)


def measured_moments(
    frames: Sequence[FrameLogged],
    coordinate: Coordinate | None,
    targets: tuple[Target, ...],
) -> tuple[Moment, ...]:
    """Without an exercise: the start, and where the most changed angle was furthest from it."""
    if not frames:
        return ()
    found = [Moment("Start", frames[0], targets, None)]
    if coordinate is None:
        return tuple(found)
    series = coordinate_series(frames, coordinate)
    begin = float(series.runs[0].mean[0])
    ends = [e for e in (series.at_extreme(True), series.at_extreme(False)) if e is not None]
    t_s, _ = max(ends, key=lambda e: abs(e[1].mean - begin))
    furthest = min(frames, key=lambda f: abs(f.body.t_s - t_s))
    if furthest is not frames[0]:
        title = f"Furthest: {words.coordinate_name(coordinate).lower()}"
        found.append(Moment(title, furthest, targets, None))
    return tuple(found)


def _first_side(frames: Sequence[FrameLogged]) -> Side | None:
    return next((f.guidance.side for f in frames if f.guidance is not None), None)


def _targets(exercise: Exercise, side: Side | None) -> tuple[Target, ...]:
    written = exercise.for_side(side) if side is not None else exercise
    return tuple((t.group, t.side) for t in written.targets)


def _start(frames: Sequence[FrameLogged]) -> FrameLogged:
    """The last frame before the movement begins, else the first."""
    for before, now in pairwise(frames):
        if now.guidance and now.guidance.phase is Phase.EASE_IN:
            return before
    return frames[0]


def _deepest(frames: Sequence[FrameLogged], exercise: Exercise) -> FrameLogged | None:
    """Where the targets were longest; where that is not known, furthest along the path."""
    moving = [f for f in frames if f.guidance and f.guidance.phase in (Phase.EASE_IN, Phase.HOLD)]
    lengths = [(x, f) for f in moving if (x := _target_fraction(f, exercise)) is not None]
    ways = lengths or [(x, f) for f in moving if (x := _along_path(f, exercise)) is not None]
    return max(ways, key=lambda way: way[0])[1] if ways else None


def _target_fraction(frame: FrameLogged, exercise: Exercise) -> float | None:
    side = frame.guidance.side if frame.guidance else None
    targets = _targets(exercise, side)
    if not all(frame.tissue.claimed[GROUP_INDEX[t]] for t in targets):
        return None
    return sum(frame.tissue.fraction(*t).mean for t in targets) / len(targets)


def _along_path(frame: FrameLogged, exercise: Exercise) -> float | None:
    side = frame.guidance.side if frame.guidance else None
    written = exercise.for_side(side) if side is not None else exercise
    seen = [
        estimate.mean * (1.0 if m.end_deg > m.start_deg else -1.0)
        for m in written.path
        if (estimate := frame.body.claimed(m.coordinate)) is not None
    ]
    return sum(seen) if seen else None


def _middle(frames: Sequence[FrameLogged], hold: Hold) -> FrameLogged:
    order = (Counted.EFFECTIVE, Counted.UNCERTAIN, Counted.WAITING)
    pieces = sorted(hold.pieces, key=lambda p: (order.index(p.counted), -p.seconds))
    middle_s = (hold.start_s + hold.end_s) / 2
    if pieces:
        middle_s = (pieces[0].start_s + pieces[0].end_s) / 2
    return min(frames, key=lambda f: abs(f.body.t_s - middle_s))


def drawings_html(moments: Sequence[Moment], anatomy: DrawingSource, views: Sequence[View]) -> str:
    """The pictures side by side, one size and one floor; `views` one per moment."""
    if not moments:
        return ""
    painter = BodyPainter(anatomy)
    frames = [painter.frame([m.frame.body], v) for m, v in zip(moments, views, strict=True)]
    frame = frames[0]
    for other in frames[1:]:
        frame = frame.widened(other)
    ratio = (frame.left_m + frame.right_m) / frame.height_m
    size_px = (
        (_LONG_SIDE_PX, max(round(_LONG_SIDE_PX / ratio), 120))
        if ratio > 1
        else (max(round(_LONG_SIDE_PX * ratio), 120), _LONG_SIDE_PX)
    )
    figures = []
    for moment, view in zip(moments, views, strict=True):
        guidance = moment.frame.guidance
        picture = painter.draw(
            moment.frame.body,
            moment.frame.tissue,
            target=moment.targets,
            view_from=view,
            frame=frame,
            size_px=size_px,
            glowing=bool(guidance and guidance.phase is Phase.HOLD and guidance.in_window),
        )
        figures.append(_figure(moment, picture))
    wide = " wide" if ratio > 1.25 else ""
    return f'<div class="bodies{wide}">{"".join(figures)}</div>'


def _figure(moment: Moment, picture: BodyPicture) -> str:
    said = _range_words(moment)
    width, height = picture.image.size
    fogged = bool(picture.fogged)
    names = words.joined_words([words.muscle_name(*t) for t in _shown(moment.targets)])
    alt = f"The body at {words.clock(moment.frame.body.t_s)}. {words.first_upper(names)}: {said}."
    if fogged:
        alt += " Fog lies over the parts whose position is not known."
    return (
        f'<figure class="body"><div class="stage"><div class="picture">'
        f'<img alt="{escape(alt, quote=True)}" width="{width}" height="{height}"'
        f' src="{image_data(picture.image)}">{_label(moment, picture)}'
        f"</div></div>"
        f"<figcaption><b>{escape(moment.title)}</b> <span>{words.clock(moment.frame.body.t_s)}"
        f"</span><br>{escape(words.first_upper(said))}</figcaption></figure>"
    )


def _shown(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    return targets[:2]


def _label(moment: Moment, picture: BodyPicture) -> str:
    if picture.target_at is None or not moment.targets:
        return ""
    x, y = picture.target_at
    begins, ends = picture.body_span
    if max(begins, 1.0 - ends) < _LABEL_ROOM:
        begins, ends = x - 0.06, x + 0.06
    # The label stands in the free space beside the body, on the side that has more of it.
    left = begins > 1.0 - ends
    edge = max(begins - 0.03, 0.0) if left else min(ends + 0.03, 1.0)
    start, length = (edge, x - edge) if left else (x, edge - x)
    group, side = moment.targets[0]
    return (
        f'<span class="name{" left" if left else ""}"'
        f' style="left:{100 * start:.1f}%;width:{100 * length:.1f}%;top:{100 * y:.1f}%">'
        f"<b>{escape(words.muscle_name(group, side))}</b></span>"
    )


def _range_words(moment: Moment) -> str:
    known: list[Estimate] = [
        moment.frame.tissue.fraction(*t)
        for t in moment.targets
        if moment.frame.tissue.claimed[GROUP_INDEX[t]]
    ]
    if not known or len(known) < len(moment.targets):
        return "its length is not known here"
    mean = Estimate(sum(e.mean for e in known) / len(known), max(e.sd for e in known))
    return f"{words.range_share(mean)} of its own range"


def image_data(image: Image.Image) -> str:
    """A data URI; the quality gives way before the size does."""
    for quality in (_QUALITY, 65, 45, 25):
        out = BytesIO()
        image.save(out, "WEBP", quality=quality, alpha_quality=80, method=4)
        if len(out.getvalue()) <= _LARGEST_BYTES:
            break
    return "data:image/webp;base64," + b64encode(out.getvalue()).decode("ascii")
