"""Use case: one posture in; a picture of it, or a page to turn it on, out.

The output appears whole or not at all.
"""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import View
from lengthwise.live.muscles import check_output
from lengthwise.live.posture_choice import ChosenPosture, PostureRequest, chosen_posture
from lengthwise.live.stretch_map import group_lengths
from lengthwise.live.whole_file import whole_file
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.report.body_drawing import BodyPainter
from lengthwise.report.known_parts import unknown_parts
from lengthwise.report.posture_picture import Sight, bare_picture, titled_picture
from lengthwise.report.stated_posture import stated_body, stated_tissue
from lengthwise.tissue.joint_ends import EVERYBODY, PersonEnds

if TYPE_CHECKING:
    import mujoco

    from lengthwise.body.anatomy import Anatomy
    from lengthwise.contracts.states import BodyState, TissueState
    from lengthwise.report.body_viewer import DrawnMuscle

Target = tuple[MuscleGroup, Side]
PICTURE, PAGE = ".png", ".html"
_SKIN_CELL_M = 0.014
_BONE_CELL_M = 0.004
_INSIDE_PX = (760, 940)
"""Size of the picture inside a page."""


class ShowRequest(Struct, frozen=True):
    """`targets` None: those of the exercise; `sight` None: as the exercise wants to be seen."""

    posture: PostureRequest
    out: Path
    targets: tuple[Target, ...] | None = None
    sight: Sight | None = None
    size_px: tuple[int, int] = (900, 1100)
    height_m: float | None = None
    ends: PersonEnds = EVERYBODY


class Shown(Struct, frozen=True):
    """`targets`: what is highlighted."""

    out: Path
    title: str
    targets: tuple[Target, ...]
    notes: tuple[str, ...]


class _Scene(Struct, frozen=True):
    """Everything that both kinds of output are drawn from."""

    chosen: ChosenPosture
    anatomy: "Anatomy"
    painter: BodyPainter
    body: "BodyState"
    tissue: "TissueState"
    targets: tuple[Target, ...]
    sight: Sight
    side: Side


def show_body(request: ShowRequest) -> Shown:
    """Draw a posture. Raises InputError with one line, StorageError where it cannot be written."""
    kind = request.out.suffix.lower()
    if kind not in (PICTURE, PAGE):
        raise InputError(
            "--out", value=request.out, allowed=f"a name ending in {PICTURE} or {PAGE}",
            remedy="name it so",
        )  # fmt: skip
    given = Path(request.posture.what) if request.posture.what else None
    check_output(request.out, given)
    scene = _scene(request)
    content = _picture(scene, request.size_px) if kind == PICTURE else _page(scene).encode("utf-8")
    with whole_file(request.out) as part:
        part.write_bytes(content)
    return Shown(request.out, scene.chosen.title, scene.targets, scene.chosen.notes)


def targets_named(text: str) -> tuple[Target, ...]:
    """`psoas_l,iliacus_l` as groups and sides. Raises InputError with the known names."""
    known = {f"{group.value}_{side.value}": (group, side) for group, side in GROUP_SIDES}
    found: list[Target] = []
    for name in (part.strip() for part in text.split(",")):
        if name not in known:
            raise InputError(
                "--muscles",
                value=name or "an empty name",
                allowed=", ".join(group.value for group in MuscleGroup) + ", each with _l or _r",
                remedy="correct the name",
            )
        found.append(known[name])
    return tuple(dict.fromkeys(found))


def _scene(request: ShowRequest) -> _Scene:
    chosen = chosen_posture(request.posture)
    from lengthwise.body.anatomy import Anatomy, BodyMeasures
    from lengthwise.live.params import range_bounds

    anatomy = Anatomy.build(BodyMeasures(height_m=request.height_m))
    bounds = range_bounds(anatomy, data_home(), request.ends)
    lengths = group_lengths(anatomy, bounds, chosen.mean_rad, chosen.stated)
    done = chosen.exercise
    targets = request.targets
    if targets is None:
        targets = tuple((t.group, t.side) for t in done.about) if done else ()
    sight = request.sight
    if sight is None:
        sight = Sight.OBLIQUE
        if done and done.camera_view() in (View.LEFT, View.RIGHT, View.FRONT):
            sight = Sight(done.camera_view().value)
    return _Scene(
        chosen=chosen,
        anatomy=anatomy,
        painter=BodyPainter(anatomy),
        body=stated_body(chosen.mean_rad, chosen.stated),
        tissue=stated_tissue(
            lengths.length_m,
            lengths.told,
            lengths.known,
            length_sd_m=lengths.length_sd_m,
            fraction_sd=lengths.told_sd,
        ),
        targets=targets,
        sight=sight,
        side=done.written_for if done else Side.LEFT,
    )


def _picture(scene: _Scene, size_px: tuple[int, int]) -> bytes:
    image = titled_picture(
        scene.painter,
        scene.body,
        scene.tissue,
        title=scene.chosen.title,
        targets=scene.targets,
        sight=scene.sight,
        side=scene.side,
        size_px=size_px,
    )
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(scene: _Scene) -> str:
    from lengthwise.report.body_viewer import ViewedBody, viewer_page
    from lengthwise.report.raster import joined
    from lengthwise.report.surface_net import decimated, skin_mesh

    data = scene.painter.placed(scene.body)
    view, _ = scene.sight.stand(scene.side)
    inside = bare_picture(
        scene.painter, scene.body, scene.tissue, targets=scene.targets, sight=scene.sight,
        side=scene.side, size_px=_INSIDE_PX,
    )  # fmt: skip
    out = BytesIO()
    inside.save(out, "PNG", optimize=True)
    return viewer_page(
        ViewedBody(
            title=scene.chosen.title,
            subtitle=_subtitle(scene),
            bones=joined([decimated(b, cell_m=_BONE_CELL_M) for b in scene.painter.bones(data)]),
            skin=skin_mesh(scene.painter.flesh.placed(data), cell_m=_SKIN_CELL_M),
            fogged=tuple(int(part) for part in unknown_parts(scene.body, view)),
            muscles=drawn_muscles(scene.anatomy, data),
            length_m=scene.tissue.length_m,
            fraction=scene.tissue.range_fraction,
            fraction_sd=scene.tissue.range_fraction_sd,
            known=np.array(scene.tissue.claimed),
            targets=scene.targets,
            yaw_deg=scene.sight.yaw_deg(scene.side),
            picture="data:image/png;base64," + b64encode(out.getvalue()).decode("ascii"),
        )
    )


def _subtitle(scene: _Scene) -> str:
    done, height_m = scene.chosen.exercise, scene.anatomy.measures.height_m
    size = "generic body" if height_m is None else f"body of {height_m:.2f} m"
    return f"{done.plain_name} · {size}" if done else size.capitalize()


def drawn_muscles(anatomy: "Anatomy", data: "mujoco.MjData") -> "Sequence[DrawnMuscle]":
    """Every muscle of the model along its path in a placed body."""
    from lengthwise.report.body_viewer import CUT_PARTS, DrawnMuscle
    from lengthwise.report.muscle_paths import path_points_m, resampled, tube_radius_m

    group_of = {f.muscle: (GROUP_INDEX[f.group, f.side], f.weight_n) for f in muscle_group_table()}
    found = []
    for tendon, name in enumerate(anatomy.muscle_names):
        group, weight_n = group_of.get(name, (None, 60.0))
        radius_m = 1.15 * float(tube_radius_m(np.array(weight_n)))
        if name.startswith(CUT_PARTS):
            radius_m *= 0.5
        points_m = resampled(path_points_m(anatomy.model, data, tendon))
        length_m = float(data.ten_length[tendon])
        found.append(DrawnMuscle(name, group, points_m, radius_m, length_m))
    return found
