"""All exercises on one page: to look at, to print, to hand out."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from PIL import Image

from lengthwise.reference.exercise_parts import Behaviour, Place
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.rules import rules
from lengthwise.report import palette
from lengthwise.report.exercise_sheet import LegendLine, Movement
from lengthwise.report.exercise_words import NEED, PLACE, START, dose_lines, effort_lines, levels
from lengthwise.report.html_page import whole_page
from lengthwise.report.posture_picture import PAPER
from lengthwise.report.words import coordinate_name, first_upper, joined_words, safe

_ORDER = {place: n for n, place in enumerate(Place)}
_COLOURS, _MOVING_COLOURS = 96, 40
"""Of a picture inside the page: soft enough, and a fraction of the size."""


@dataclass(frozen=True)
class Handout:
    """One exercise as the page shows it; `pictures` RGBA with their `captions`."""

    done: Exercise
    pictures: Sequence[Image.Image]
    captions: Sequence[str]
    legend: Sequence[LegendLine]
    moving: Movement | None


def page_order(done: Exercise) -> tuple[int, int, str]:
    """By place, then by the lowest level."""
    return _ORDER[done.place], done.levels[0], done.plain_name


@dataclass(frozen=True)
class Written:
    """One exercise in HTML: pictures are encoded at once, so that few are held in memory."""

    done: Exercise
    html: str


def written(handout: Handout) -> Written:
    done = handout.done
    side = f" · {done.written_for.name.lower()} side shown" if done.bilateral else ""
    shown = "".join(
        f'<figure><img src="{_png(picture)}" alt="{safe(_alt(done, caption))}">'
        f"<figcaption>{caption}</figcaption></figure>"
        for picture, caption in zip(handout.pictures, handout.captions, strict=True)
    )
    if handout.moving is not None:
        moving = encoded(apng(handout.moving))
        shown += (
            f'<figure class="moving"><img src="{moving}" alt="{safe(_alt(done, "movement"))}">'
            "<figcaption>Movement</figcaption></figure>"
        )
    html = (
        f'<article id="{done.id}"><h3>{safe(done.plain_name)}'
        f"<small>{safe(done.name)}{side} · levels {levels(done)}</small></h3>"
        f'<p class="quiet">{safe(done.summary)}</p>'
        f'<div class="pictures">{shown}</div>{_legend(handout.legend)}'
        f'<div class="said">{"".join(_parts(done))}</div></article>'
    )
    return Written(done, html)


def exercises_page(all_written: Sequence[Written], *, body_words: str) -> str:
    """The page, in the order of place and level."""
    ordered = sorted(all_written, key=lambda w: page_order(w.done))
    links = "".join(
        f'<a href="#{w.done.id}">{safe(w.done.plain_name)} '
        f'<span class="quiet">{safe(PLACE[w.done.place])}</span></a>'
        for w in ordered
    )
    sections = "".join(
        f"<section><h2>{first_upper(PLACE[place])}</h2>{''.join(w.html for w in group)}</section>"
        for place, group in groupby(ordered, key=lambda w: w.done.place)
    )
    intro = (
        f"<h1>Exercises</h1><p>Drawn from the anatomical model, {safe(body_words)}. What is "
        "lengthened is warm: the redder, the further into its range. What works is blue. Arms, "
        "soft outline and furniture are drawn freely.</p>"
        "<p>An exercise is one that your physiotherapist or you have chosen, and it stays gentle: "
        "ease off whenever it is not.</p>"
    )
    return whole_page("Exercises", f"{intro}<nav>{links}</nav>{sections}", look="exercises.css")


def apng(moving: Movement) -> bytes:
    """An animated picture that every browser shows; it repeats."""
    out = BytesIO()
    first, *rest = (_few_colours(f, _MOVING_COLOURS) for f in moving.frames)
    first.save(
        out,
        "PNG",
        save_all=True,
        append_images=rest,
        duration=moving.duration_ms,
        loop=0,
        optimize=False,
    )
    return out.getvalue()


def encoded(png: bytes) -> str:
    return "data:image/png;base64," + b64encode(png).decode("ascii")


def _few_colours(picture: Image.Image, count: int) -> Image.Image:
    return picture.quantize(count, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _png(picture: Image.Image) -> str:
    paper = Image.new("RGB", picture.size, PAPER)
    paper.paste(picture, (0, 0), picture)
    out = BytesIO()
    _few_colours(paper, _COLOURS).save(out, "PNG", optimize=True)
    return encoded(out.getvalue())


def _alt(done: Exercise, what: str) -> str:
    return f"{done.name}: {what.lower()}"


def _legend(lines: Sequence[LegendLine]) -> str:
    def sample(line: LegendLine) -> str:
        if line.rgb is None:
            return '<i class="none"></i>'
        return f'<i style="background:{palette.hex_colour(line.rgb)}"></i>'

    rows = "".join(f"<li>{sample(line)}{safe(line.text)}</li>" for line in lines)
    return f'<ul class="legend">{rows}</ul>' if rows else ""


def _parts(done: Exercise) -> Iterable[str]:
    yield _part("How to set up", _set_up(done))
    move = [done.cue_text("ease_in"), done.cue_text("hold")]
    if done.behaviour is not Behaviour.TIMED:
        move.append(done.cue_text("release"))
    yield _part("What to do", [*move, *dose_lines(done)[:-1], *effort_lines(done)[:1]])
    still = [f"{coordinate_name(c.coordinate)}: {c.why}" for c in done.constraints]
    yield _part("What to keep still, and why", still)
    yield _part("Who it is not for", [rules()[i].sentence for i in done.contraindications])


def _set_up(done: Exercise) -> list[str]:
    lines = [f"{first_upper(PLACE[done.place])}, {START[done.start_posture]}."]
    if done.equipment:
        lines.append(f"You need: {joined_words(list(done.equipment))}.")
    if done.needs:
        lines.append(f"You must be able to {joined_words([NEED[n] for n in done.needs])}.")
    return [*lines, done.cue_text("get_ready")]


def _part(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    rows = "".join(f"<li>{safe(line)}</li>" for line in lines)
    return f"<section><h4>{title}</h4><ul>{rows}</ul></section>"
