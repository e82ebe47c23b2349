"""One posture as a page to turn and look at: bones, muscles in the colour of their range, skin.

The page needs no network and nothing but a browser. `body_viewer.js` draws with WebGL 2 from
numbers in the page: points as 16-bit shares of the box around the body, little-endian, base64.
Without WebGL, or without a script, the picture and the table of muscles remain.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.report import palette, words
from lengthwise.report.html_page import whole_page
from lengthwise.report.raster import Mesh

CUT_PARTS = ("Ps_", "psoas_l", "psoas_r")
"""Parts of the psoas that the model cuts at the pelvis; the whole ones lie over them."""


@dataclass(frozen=True)
class DrawnMuscle:
    """One fascicle. `points_m` (k, 3) along its path; `group` its place in GROUP_SIDES, or None:
    nothing is said of its range."""

    name: str
    group: int | None
    points_m: np.ndarray
    radius_m: float
    length_m: float


@dataclass(frozen=True)
class ViewedBody:
    """What the page shows. Labels of `bones` and `skin` are parts; `fogged` those in fog.

    `length_m`, `fraction`, `fraction_sd` (32,); `known` (32,) whether they may be shown. `yaw_deg`:
    where the viewer stands first, as `body_drawing.view_yaw_deg`.
    """

    title: str
    subtitle: str
    bones: Mesh
    skin: Mesh
    fogged: tuple[int, ...]
    muscles: Sequence[DrawnMuscle]
    length_m: np.ndarray
    fraction: np.ndarray
    fraction_sd: np.ndarray
    known: np.ndarray
    targets: tuple[tuple[MuscleGroup, Side], ...]
    yaw_deg: float
    picture: str
    """Data URI of the same view as a picture."""


def viewer_page(body: ViewedBody) -> str:
    """The whole page as HTML text."""
    data = json.dumps(_data(body), separators=(",", ":"))
    content = (
        f"{_stage(body)}<aside><header><h1>{escape(_unbroken(body.title))}</h1>"
        f"<p>{escape(body.subtitle)}</p></header>{_legend(body)}{_table(body)}{_FOOT}</aside>"
    )
    return whole_page(
        body.title, content, look="body_viewer.css", script="body_viewer.js", data=data
    )


def _unbroken(title: str) -> str:
    """With hyphens at which no line is broken."""
    return title.replace("-", "\N{NON-BREAKING HYPHEN}")


def _stage(body: ViewedBody) -> str:
    alt = f"{body.title}: bones, and muscles coloured by how far each is into its range."
    buttons = "".join(
        f'<button type="button" data-yaw="{yaw}">{name}</button>'
        for name, yaw in (("Front", 0), ("Left", 90), ("Back", 180), ("Right", -90))
    )
    return (
        f'<div class="stage"><img id="picture" alt="{escape(alt, quote=True)}" '
        f'src="{body.picture}">'
        '<canvas id="view" tabindex="0" hidden role="application" aria-label="The body. Arrow keys '
        "turn it, with Shift they move it, plus and minus come closer and go back, 0 is the start."
        '"></canvas>'
        '<output id="told" aria-live="polite"></output>'
        f'<div class="tools" id="tools" hidden role="group" aria-label="View">{buttons}'
        '<button type="button" data-do="in" aria-label="Closer">+</button>'
        '<button type="button" data-do="out" aria-label="Further">−</button>'
        '<button type="button" data-do="reset">Start</button>'
        '<label><input type="checkbox" id="skin" checked> Skin</label>'
        '<label><input type="checkbox" id="bones" checked> Bones</label>'
        '<label title="Grey: of these no range is told">'
        '<input type="checkbox" id="others"> Other muscles</label></div></div>'
    )


def _legend(body: ViewedBody) -> str:
    steps = ",".join(
        palette.hex_colour(palette.warmth(np.array(share))) for share in np.linspace(0.0, 1.0, 9)
    )
    fog = (
        '<p class="fogged"><i></i> not known: the posture says nothing of a joint they span</p>'
        if not np.all(body.known) or body.fogged
        else ""
    )
    return (
        '<div class="legend"><div class="scale" role="img" aria-label="Pale is short, warm is '
        f'long" style="background:linear-gradient(90deg,{steps})"></div>'
        '<div class="ends"><span>0 % shortest</span><span>of its range</span>'
        f"<span>longest 100 %</span></div>{fog}</div>"
    )


def _table(body: ViewedBody) -> str:
    rows = "".join(_row(body, group) for group in MuscleGroup)
    return (
        '<table><thead><tr><th scope="col">Muscle</th><th scope="col">Left</th>'
        f'<th scope="col">Right</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(body: ViewedBody, group: MuscleGroup) -> str:
    name = words.muscle_name(group, Side.LEFT).partition(",")[0]
    cells = "".join(_cell(body, group, side) for side in (Side.LEFT, Side.RIGHT))
    return f'<tr><th scope="row">{escape(words.first_upper(name))}</th>{cells}</tr>'


def _cell(body: ViewedBody, group: MuscleGroup, side: Side) -> str:
    i = GROUP_INDEX[group, side]
    target = ' class="target"' if (group, side) in body.targets else ""
    mark = ", what the stretch is about" if target else ""
    said = escape(f"{told(body, i)}{mark}", quote=True)
    if not body.known[i]:
        inner = '<i class="unknown"></i><span>not known</span>'
    else:
        share = float(np.clip(body.fraction[i], 0.0, 1.0))
        colour = palette.hex_colour(palette.warmth(np.array(share)))
        inner = (
            f'<i><b style="width:{100 * share:.0f}%;background:{colour}"></b></i>'
            f"<span>{100 * share:.0f} %</span>"
        )
    return (
        f'<td{target}><button type="button" data-group="{i}" title="{said}" aria-label="{said}">'
        f"{inner}</button></td>"
    )


def told(body: ViewedBody, group_index: int) -> str:
    """What is said of one group: name, length, range."""
    name = words.first_upper(words.muscle_name(*GROUP_SIDES[group_index]))
    if not body.known[group_index]:
        return f"{name}: length not known"
    share = round(100 * float(np.clip(body.fraction[group_index], 0.0, 1.0)))
    doubt = f"\u00b1 {196 * body.fraction_sd[group_index]:.0f}"
    length_mm = 1e3 * body.length_m[group_index]
    return f"{name}: {length_mm:.0f} mm, {share} % of its range ({doubt})"


_FOOT = (
    '<footer><p class="keys">Drag to turn, two fingers or Shift to move, wheel or pinch to come '
    "closer. Point at a muscle, or choose one here.</p><p>A generic body, scaled. Lengths are of "
    "whole muscles with their tendons; 0 to 100 % is from the shortest to the longest within "
    "normal joint limits, \u00b1 what the model and how far people's joints go leave open. Not a "
    "statement about a person who was not measured.</p></footer>"
)


def _data(body: ViewedBody) -> dict[str, object]:
    """What the script draws from."""
    every = np.concatenate(
        [body.bones.vertices_m, body.skin.vertices_m, *(m.points_m for m in body.muscles)]
    )
    low, high = every.min(axis=0), every.max(axis=0)
    box = _Box(low, np.maximum(high - low, 1e-6))
    claimed = np.asarray(body.known, dtype=bool)
    colour = np.where(
        claimed[:, None], palette.warmth(np.asarray(body.fraction)), palette.MUSCLE_UNKNOWN
    )
    return {
        "low": low.tolist(),
        "size": box.size.tolist(),
        "yaw": body.yaw_deg,
        "bones": _mesh(body.bones, box, body.fogged),
        "skin": _mesh(body.skin, box, body.fogged),
        "groups": [
            {
                "told": told(body, i),
                "colour": [round(float(v)) for v in colour[i]],
                "known": bool(claimed[i]),
                "target": GROUP_SIDES[i] in body.targets,
            }
            for i in range(len(GROUP_SIDES))
        ],
        "muscles": [
            {
                "name": m.name,
                "group": -1 if m.group is None else m.group,
                "mm": round(1e3 * m.length_m, 1),
                "radius": round(m.radius_m, 5),
            }
            for m in body.muscles
        ],
        "stations": len(body.muscles[0].points_m),
        "paths": box.packed(np.concatenate([m.points_m for m in body.muscles])),
        "look": {
            name: [round(float(v)) for v in value]
            for name, value in (
                ("bone", palette.BONE),
                ("boneShade", palette.BONE_SHADE),
                ("skin", palette.SKIN),
                ("skinEdge", palette.SKIN_EDGE),
                ("unknown", palette.MUSCLE_UNKNOWN),
                ("outline", palette.OUTLINE),
                ("fog", palette.FOG),
                ("fogLine", palette.FOG_LINE),
            )
        },
    }


@dataclass(frozen=True)
class _Box:
    low: np.ndarray
    size: np.ndarray

    def packed(self, points_m: np.ndarray) -> str:
        """(n, 3) metres as 16-bit shares of the box: steps of 0.03 mm in two metres."""
        share = np.rint((points_m - self.low) / self.size * 65535.0)
        return _base64(np.clip(share, 0, 65535).astype("<u2"))


def _mesh(mesh: Mesh, box: _Box, fogged: tuple[int, ...]) -> dict[str, str]:
    if len(mesh.vertices_m) > 65535:
        raise ValueError(f"{len(mesh.vertices_m)} vertices do not fit 16-bit indices")
    return {
        "points": box.packed(mesh.vertices_m),
        "faces": _base64(mesh.faces.astype("<u2")),
        "fog": _base64(np.isin(mesh.label, fogged).astype("u1")),
    }


def _base64(values: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
