"""The body as a picture: soft outline, bones, muscles coloured by how long they are, and fog.

Fog lies over each part whose attitude in this view is not known; the outline below it stands at
the expected posture and is not a statement. The picture has no ground of its own (alpha), so it
lies on a light page and on a dark one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Protocol

import mujoco
import numpy as np
from PIL import Image

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import View
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.report import palette
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.flesh import (
    Flesh,
    bone_geoms,
    mesh_vertices,
    part_of_body,
    sculpt,
)
from lengthwise.report.known_parts import drawn_mean_rad, unknown_parts
from lengthwise.report.muscle_paths import path_points_m, tendons_by_group, tube_radius_m, tubes
from lengthwise.report.paint import Canvas, fog_density, paint_shadow, paint_skin
from lengthwise.report.raster import (
    Camera,
    Ellipsoids,
    Mesh,
    Projected,
    draw_ellipsoids,
    joined,
)
from lengthwise.report.scene import Scene
from lengthwise.report.surface_net import decimated

Target = tuple[MuscleGroup, Side]


class DrawingSource(Protocol):
    """An anatomical model that can be put into a posture; `body.anatomy.Anatomy` is one."""

    @property
    def model(self) -> mujoco.MjModel: ...

    @property
    def muscle_names(self) -> tuple[str, ...]:
        """In the order of the model's tendons."""
        ...

    def place(self, mean_rad: np.ndarray) -> mujoco.MjData:
        """(21,) coordinates to data with kinematics and tendon paths computed."""
        ...


_YAW = {View.LEFT: 90.0, View.RIGHT: -90.0, View.FRONT: 0.0, View.BACK: 180.0}
_TURN_DEG = 14.0
"""The camera stands this far off the pure side or back view, so that depth can be seen."""
_RAISE_DEG = 7.0
_OVERSAMPLE = 2


@dataclass(frozen=True)
class Frame:
    """What a picture covers: metres to the left, right and above the point below the pelvis.

    Pictures drawn with one frame show the body at one size, standing on one floor.
    """

    left_m: float
    right_m: float
    height_m: float

    def widened(self, other: "Frame") -> "Frame":
        return Frame(
            max(self.left_m, other.left_m),
            max(self.right_m, other.right_m),
            max(self.height_m, other.height_m),
        )


@dataclass(frozen=True)
class BodyPicture:
    """`target_at` (x, y) 0..1 of the image, the middle of the visible target; None: not in it.

    `body_span` (x0, x1) 0..1: where the body begins and ends beside the target, for a label.
    """

    image: Image.Image
    target_at: tuple[float, float] | None
    body_span: tuple[float, float]
    floor_at: float
    fogged: tuple[BodyPart, ...]


_MARGIN_M = 0.07


def draw_body(
    anatomy: DrawingSource,
    body_state: BodyState,
    tissue_state: TissueState,
    *,
    target: Sequence[Target],
    view_from: View,
    size_px: tuple[int, int],
) -> Image.Image:
    """The body in one posture, RGBA. `view_from`: the side of the person the viewer stands at."""
    painter = BodyPainter(anatomy)
    frame = painter.frame([body_state], view_from)
    return painter.draw(
        body_state,
        tissue_state,
        target=target,
        view_from=view_from,
        frame=frame,
        size_px=size_px,
    ).image


_LEGS = {
    side.value: (
        Coordinate(f"knee_flexion_{side.value}"),
        Coordinate(f"ankle_dorsiflexion_{side.value}"),
    )
    for side in Side
}
_POINTED_RAD, _ON_ITS_BACK_RAD, _TOES_RAD = radians(-40.0), radians(-64.0), radians(35.0)
"""From where a foot is pointed; how ankle and toes of one that lies on its back are drawn, so that
it lies: its middle, which people bend too, is one piece here. Expert default."""
_CARRIES_M = 0.15
"""So little above the lowest of knees and ankles a knee is on the ground."""


class BodyPainter:
    """Draws one anatomical model in any posture. Holds only shapes, no posture."""

    def __init__(self, anatomy: DrawingSource, *, bone_cell_m: float | None = None) -> None:
        """`bone_cell_m`: draw bones with no finer detail than this, for many small pictures."""
        self._anatomy = anatomy
        model = anatomy.model
        self._flesh: Flesh = sculpt(model, anatomy.place(np.zeros(21)))
        self._bones = [_bone(model, geom, bone_cell_m) for geom in bone_geoms(model)]
        self._tendons = tendons_by_group(anatomy.muscle_names)

    def frame(
        self, states: Sequence[BodyState], view_from: View, *, turn_deg: float | None = None
    ) -> Frame:
        """The smallest frame that holds every posture. `turn_deg` as in `draw`."""
        found: Frame | None = None
        for state in states:
            data = self.placed(state)
            low, high, pelvis = self._extent(data, view_rotation(view_from, turn_deg))
            one = Frame(
                pelvis[0] - low[0] + _MARGIN_M,
                high[0] - pelvis[0] + _MARGIN_M,
                high[1] - low[1] + 2 * _MARGIN_M,
            )
            found = one if found is None else found.widened(one)
        if found is None:
            raise ValueError("a frame needs at least one posture")
        return found

    def draw(
        self,
        body_state: BodyState,
        tissue_state: TissueState,
        *,
        target: Sequence[Target],
        view_from: View,
        frame: Frame,
        size_px: tuple[int, int],
        glowing: bool = False,
        turn_deg: float | None = None,
    ) -> BodyPicture:
        """Paint one posture inside `frame`, fitted into `size_px` (width, height).

        `glowing`: the stretch is inside the person's window, so the target glows. `turn_deg`: how
        far the viewer stands off that side, + towards the person's left; None: a little.
        """
        data = self.placed(body_state)
        rot = view_rotation(view_from, turn_deg)
        camera, floor_row = self._camera(data, rot, frame, size_px)
        coarse = camera.coarser(_OVERSAMPLE)
        unknown = unknown_parts(body_state, view_from)
        chosen = [GROUP_INDEX[t] for t in target]
        others = [g for g in self._tendons if g not in chosen]
        ground, fog = self._ground(data, coarse, floor_row // _OVERSAMPLE, unknown)
        small, seen = Scene(
            camera,
            ground,
            fog,
            bones=Projected.of(self.bone_mesh(data), camera),
            around=Projected.of(self.muscle_mesh(data, others, 1.15), camera),
            target=Projected.of(self.muscle_mesh(data, chosen, 1.15), camera),
            colour=_muscle_colours(tissue_state),
            unknown=tuple(g for g in chosen if not tissue_state.claimed[g]),
            glowing=glowing,
        ).painted(_OVERSAMPLE)
        image, middle = Image.fromarray(small, "RGBA"), _middle(seen)
        return BodyPicture(
            image=image,
            target_at=middle,
            body_span=_body_span(image, middle),
            floor_at=floor_row / camera.height_px,
            fogged=unknown,
        )

    def _ground(
        self, data: mujoco.MjData, camera: Camera, floor_row: int, unknown: Sequence[BodyPart]
    ) -> tuple[Canvas, np.ndarray]:
        """Shadow and skin, and how densely the fog lies, (h, w)."""
        soft, unit = self._flesh.placed(data), camera.pixels_per_m
        in_fog = Ellipsoids(soft.centre_m, soft.shape_m, np.isin(soft.label, unknown).astype(int))
        skin_m, share = draw_ellipsoids(in_fog, camera, blend_m=0.012, labels=2)
        fog = fog_density(share[:, :, 1], skin_m, unit)
        del share
        ground = Canvas.empty(camera.height_px, camera.width_px)
        paint_shadow(ground, skin_m, floor_row, pixels_per_m=unit)
        paint_skin(ground, skin_m, pixels_per_m=unit)
        return ground, fog

    @property
    def flesh(self) -> Flesh:
        return self._flesh

    def placed(self, state: BodyState) -> mujoco.MjData:
        """The posture; a foot under a kneeling shank that is pointed, or that nothing sees, lies on
        its back. One of a shank that lies in the air is drawn as it is told, unseen pointed."""
        resting = drawn_mean_rad(state)
        data = self._anatomy.place(resting)
        lowest_m = min(
            data.body(f"{b}_{side}").xpos[2] for b in ("tibia", "talus") for side in _LEGS
        )
        toes = []
        for side, (knee, ankle) in _LEGS.items():
            tibia = data.body(f"tibia_{side}")
            shank = data.body(f"talus_{side}").xpos - tibia.xpos
            lying = abs(shank[2]) < 0.5 * float(np.linalg.norm(shank))
            if not lying or resting[INDEX[knee]] <= radians(45.0):
                continue
            unseen = state.claimed(ankle) is None
            # Its front looks down, and the knee carries.
            kneels = tibia.xmat[6] < -0.5 and tibia.xpos[2] - lowest_m < _CARRIES_M
            if kneels and (unseen or resting[INDEX[ankle]] < _POINTED_RAD):
                resting[INDEX[ankle]] = _ON_ITS_BACK_RAD
                toes.append(f"mtp_angle_{side}")
            elif unseen:
                resting[INDEX[ankle]] = _POINTED_RAD
        if not toes:
            return self._anatomy.place(resting)
        data, model = self._anatomy.place(resting), self._anatomy.model
        for joint in toes:
            data.qpos[model.joint(joint).qposadr[0]] = _TOES_RAD
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_tendon(model, data)
        return data

    def _extent(
        self, data: mujoco.MjData, rot: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        soft = self._flesh.placed(data)
        centre = soft.centre_m @ rot.T
        half = np.linalg.norm(rot @ soft.shape_m, axis=2)
        pelvis = rot @ data.body("pelvis").xpos
        return (centre - half).min(axis=0), (centre + half).max(axis=0), pelvis

    def _camera(
        self,
        data: mujoco.MjData,
        rot: np.ndarray,
        frame: Frame,
        size_px: tuple[int, int],
    ) -> tuple[Camera, int]:
        low, _, pelvis = self._extent(data, rot)
        width, height = (n * _OVERSAMPLE for n in size_px)
        scale = min(width / (frame.left_m + frame.right_m), height / frame.height_m)
        middle = pelvis[0] + (frame.right_m - frame.left_m) / 2
        centre = np.array([middle, low[1] - _MARGIN_M + frame.height_m / 2])
        # The floor keeps its distance from the lower edge even where the frame is wide and low.
        centre[1] += (height / scale - frame.height_m) / 2
        camera = Camera(rot, centre, scale, width, height)
        floor_row = round(float(camera.pixels(np.array([[0.0, low[1], 0.0]]))[0, 1]))
        return camera, floor_row

    def bone_mesh(self, data: mujoco.MjData) -> Mesh:
        return joined(self.bones(data))

    def bones(self, data: mujoco.MjData) -> list[Mesh]:
        """One mesh a bone, where it stands; labels are parts of the body."""
        return [
            Mesh(
                vertices @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom],
                faces,
                np.full(len(vertices), part),
            )
            for geom, vertices, faces, part in self._bones
        ]

    def muscle_paths(
        self, data: mujoco.MjData, groups: Sequence[int]
    ) -> Iterator[tuple[int, np.ndarray, float]]:
        """Group, (k, 3) path and radius in metres of every part of the groups, in body axes."""
        for group in groups:
            for tendon, weight_n in self._tendons.get(group, ()):
                path = path_points_m(self._anatomy.model, data, tendon)
                yield group, path, float(tube_radius_m(np.array(weight_n)))

    def muscle_mesh(self, data: mujoco.MjData, groups: Sequence[int], girth: float) -> Mesh:
        rows = [(t, w, g) for g in groups for t, w in self._tendons.get(g, ())]
        if not rows:
            return joined([])
        tendon, weight, group = zip(*rows, strict=True)
        return tubes(
            [path_points_m(self._anatomy.model, data, t) for t in tendon],
            tube_radius_m(np.array(weight)) * girth,
            np.array(group),
        )


def _bone(
    model: mujoco.MjModel, geom: int, cell_m: float | None
) -> tuple[int, np.ndarray, np.ndarray, int]:
    mesh = model.geom_dataid[geom]
    start, count = model.mesh_faceadr[mesh], model.mesh_facenum[mesh]
    part = part_of_body(model.body(model.geom_bodyid[geom]).name)
    faces = np.array(model.mesh_face[start : start + count], dtype=int)
    vertices = mesh_vertices(model, geom)
    if cell_m is not None:
        coarse = decimated(Mesh(vertices, faces, np.zeros(len(vertices), dtype=int)), cell_m=cell_m)
        vertices, faces = coarse.vertices_m, coarse.faces
    return geom, vertices, faces, int(part or 0)


def view_yaw_deg(view_from: View, turn_deg: float | None = None) -> float:
    """Where the viewer stands around the person: 0 in front, + towards the person's left."""
    side = View.LEFT if view_from is View.UNKNOWN else view_from
    usual = -_TURN_DEG if side is View.LEFT else _TURN_DEG
    return _YAW[side] + (usual if turn_deg is None else turn_deg)


def view_rotation(view_from: View, turn_deg: float | None = None) -> np.ndarray:
    """View axes from world axes (x left, y back, z up); a little of the front is shown."""
    yaw = radians(view_yaw_deg(view_from, turn_deg))
    # towards: unit vector from the body to the viewer; front of the person is -y.
    level = np.array([sin(yaw), -cos(yaw), 0.0])
    raise_rad = radians(_RAISE_DEG)
    towards = level * cos(raise_rad) + np.array([0.0, 0.0, sin(raise_rad)])
    right = np.cross(np.array([0.0, 0.0, 1.0]), towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards])


def _muscle_colours(tissue_state: TissueState) -> np.ndarray:
    """(32, 3): warm by range fraction where claimed, grey where not."""
    claimed = np.array(tissue_state.claimed, dtype=bool)
    return np.where(
        claimed[:, None], palette.warmth(tissue_state.range_fraction), palette.MUSCLE_UNKNOWN
    )


def _middle(mask: np.ndarray) -> tuple[float, float] | None:
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    return float(np.median(columns)) / mask.shape[1], float(np.median(rows)) / mask.shape[0]


def _body_span(image: Image.Image, middle: tuple[float, float] | None) -> tuple[float, float]:
    alpha = np.asarray(image)[:, :, 3]
    row = round((middle[1] if middle else 0.5) * alpha.shape[0])
    band = alpha[max(row - 14, 0) : row + 14].max(axis=0)
    columns = np.flatnonzero(band > 40)
    if not len(columns):
        return 0.5, 0.5
    return float(columns[0]) / alpha.shape[1], float(columns[-1] + 1) / alpha.shape[1]
