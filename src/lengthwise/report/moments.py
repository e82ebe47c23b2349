"""Key moments of a session, drawn: the start, the deepest point, the middle of the hold."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import pairwise
from typing import ClassVar

from PIL import Image

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import CameraStream, RecordingHeader, View
from lengthwise.contracts.session import FrameLogged
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
"""Sideways movements: from the side they cannot be seen."""

_LONG_SIDE_PX = 600
_QUALITY = 80
_LARGEST_BYTES = 60_000
_LABELLED_PX = 230.0
"""Narrower pictures carry no name (see the style sheet); the caption has it."""
_LETTER_PX = 7.6
_LABEL_PAD_PX = 16.0


@dataclass(frozen=True)
class Moment:
    """A frame worth drawing. `targets` are highlighted; `coordinate` is the angle it is about."""

    title: str
    frame: FrameLogged
    targets: tuple[Target, ...]
    side: Side | None
    coordinate: Coordinate | None = None


def exercise_view(exercise: Exercise, side: Side | None) -> View:
    """Where the exercise wants to be looked at from: the front for sideways movements."""
    return exercise.for_side(side or exercise.written_for).camera_view()


def movement_view(coordinate: Coordinate | None, recording: RecordingHeader) -> View:
    """Where a movement without an exercise is seen best: the front, or the side that moved.

    A camera that stood so that it could see the movement is followed.
    """
    camera = next((s for s in recording.streams if isinstance(s, CameraStream)), None)
    stood = View.UNKNOWN if camera is None else camera.view
    if coordinate is None:
        return View.LEFT if stood is View.UNKNOWN else stood
    if coordinate in _FRONTAL:
        return View.BACK if stood is View.BACK else View.FRONT
    if stood in (View.LEFT, View.RIGHT):
        return stood
    return View.RIGHT if coordinate.value.endswith("_r") else View.LEFT


def coached_moments(
    frames: Sequence[FrameLogged], exercise: Exercise, holds: Sequence[Hold]
) -> tuple[Moment, ...]:
    """Start, furthest point and middle of the hold; with two sides one hold of each.

    A furthest point within a still hold is left out: the middle of the hold looks the same.
    """
    if not frames:
        return ()
    sides = list(dict.fromkeys(h.side for h in holds))
    first = sides[0] if sides else _first_side(frames)
    found = [Moment("Start", _start(frames), _targets(exercise, first), first)]
    middles = []
    for side in sides[:2]:
        best = max((h for h in holds if h.side is side), key=lambda h: h.effective_s)
        title = "Middle of the hold"
        if len(sides) > 1 and side is not None:
            title += f", {words.side_word(side)}"
        middles.append(Moment(title, _middle(frames, best), _targets(exercise, side), side))
    deepest = _deepest(frames, exercise)
    if deepest is not None and not (
        exercise.dose.cycles is None
        and any(h.start_s <= deepest.body.t_s <= h.end_s for h in holds)
    ):
        side = deepest.guidance.side if deepest.guidance else first
        found.append(Moment("Furthest", deepest, _targets(exercise, side), side))
    return (*found, *middles)


def measured_moments(
    frames: Sequence[FrameLogged],
    coordinate: Coordinate | None,
    targets: tuple[Target, ...],
) -> tuple[Moment, ...]:
    """Without an exercise: where the most changed angle is first known, and its furthest."""
    if not frames:
        return ()
    if coordinate is None:
        return (Moment("Start", frames[0], targets, None),)
    series = coordinate_series(frames, coordinate)
    begin = float(series.runs[0].mean[0])
    ends = [e for e in (series.at_extreme(True), series.at_extreme(False)) if e is not None]
    t_s, _ = max(ends, key=lambda e: abs(e[1].mean - begin))
    start = _nearest(frames, float(series.runs[0].t_s[0]))
    furthest = _nearest(frames, t_s)
    found = [Moment("Start", start, targets, None, coordinate)]
    if furthest is not start:
        found.append(Moment("Furthest", furthest, targets, None, coordinate))
    return tuple(found)


def _nearest(frames: Sequence[FrameLogged], t_s: float) -> FrameLogged:
    return min(frames, key=lambda f: abs(f.body.t_s - t_s))


def _first_side(frames: Sequence[FrameLogged]) -> Side | None:
    return next((f.guidance.side for f in frames if f.guidance is not None), None)


def _targets(exercise: Exercise, side: Side | None) -> tuple[Target, ...]:
    written = exercise.for_side(side) if side is not None else exercise
    return tuple((t.group, t.side) for t in written.about)


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
    if not targets or not all(frame.tissue.claimed[GROUP_INDEX[t]] for t in targets):
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
    return _nearest(frames, middle_s)


@dataclass(frozen=True)
class Drawings:
    """What is drawn of a session, once all that is written of it stands; `views` one per moment."""

    moments: tuple[Moment, ...] = ()
    views: tuple[View, ...] = ()

    PLACE: ClassVar[str] = "<!-- pictures -->"
    """Where they go; nothing else on a page looks like it, as what is told is escaped."""

    @property
    def place(self) -> str:
        return self.PLACE if self.moments else ""

    def put_into(self, page: str, anatomy: DrawingSource | None) -> str:
        if anatomy is None or not self.moments:
            return page
        return page.replace(self.PLACE, drawings_html(self.moments, anatomy, self.views), 1)


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
    lines = written_below(moment)
    width, height = picture.image.size
    said = "".join(f" {line}." for line in lines)
    alt = f"The body at {words.clock(moment.frame.body.t_s)}.{said}"
    if picture.fogged:
        alt += " Fog lies over the parts whose position is not known."
    return (
        f'<figure class="body"><div class="stage"><div class="picture">'
        f'<img alt="{escape(alt, quote=True)}" width="{width}" height="{height}"'
        f' src="{image_data(picture.image)}">{_label(moment, picture)}'
        f"</div></div>"
        f"<figcaption><b>{escape(moment.title)}</b> <span>{words.clock(moment.frame.body.t_s)}"
        f"</span>{''.join(f'<br>{escape(line)}' for line in lines)}</figcaption></figure>"
    )


def _label(moment: Moment, picture: BodyPicture) -> str:
    if picture.target_at is None or not moment.targets:
        return ""
    x, y = picture.target_at
    begins, ends = picture.body_span
    name = words.muscle_name(*moment.targets[0])
    # The label stands in the free space beside the body, on the side that has more of it.
    left = begins > 1.0 - ends
    edge = max(begins - 0.03, 0.0) if left else min(ends + 0.03, 1.0)
    if label_width_px(name) > _LABELLED_PX * (edge if left else 1.0 - edge):
        return ""
    start, length = (edge, x - edge) if left else (x, edge - x)
    return (
        f'<span class="name{" left" if left else ""}"'
        f' style="left:{100 * start:.1f}%;width:{100 * length:.1f}%;top:{100 * y:.1f}%">'
        f"<b>{escape(name)}</b></span>"
    )


def label_width_px(name: str) -> float:
    """How much room a name needs beside the body, broken at its spaces."""
    return _LETTER_PX * max(len(word) for word in name.split()) + _LABEL_PAD_PX


def written_below(moment: Moment) -> list[str]:
    """The lines below a picture: the angle it is about, and each muscle's length."""
    return [*_angle_words(moment), *_range_words(moment)]


def _angle_words(moment: Moment) -> list[str]:
    """The angle that a moment without an exercise is about."""
    if moment.coordinate is None:
        return []
    known = moment.frame.body.claimed(moment.coordinate)
    said = words.angle(moment.coordinate, known) if known is not None else "not known here"
    return [f"{words.coordinate_name(moment.coordinate)}: {said}"]


def _range_words(moment: Moment) -> list[str]:
    """Each highlighted muscle with how far it was lengthened."""
    tissue = moment.frame.tissue
    if moment.targets and not any(tissue.claimed[GROUP_INDEX[t]] for t in moment.targets):
        names = "; ".join(words.muscle_both(*t) for t in moment.targets)
        return [f"Length not known here: {names}"]
    return [
        f"{words.first_upper(words.muscle_both(*target))}: "
        + (
            f"{words.range_share(tissue.fraction(*target))} of its range"
            if tissue.claimed[GROUP_INDEX[target]]
            else "length not known here"
        )
        for target in moment.targets
    ]


def image_data(image: Image.Image) -> str:
    """A data URI; the quality gives way before the size does."""
    for quality in (_QUALITY, 65, 45, 25):
        out = BytesIO()
        image.save(out, "WEBP", quality=quality, alpha_quality=80, method=4)
        if len(out.getvalue()) <= _LARGEST_BYTES:
            break
    return "data:image/webp;base64," + b64encode(out.getvalue()).decode("ascii")
