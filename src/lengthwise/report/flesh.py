"""A soft outline of the body around the bones, so that a posture is recognised at a glance.

Shapes are set out once around the neutral posture of the given model (so they grow with it) and
then carried along by the bones. Neutral world axes of the model: x to the person's left, y to the
back, z up. Proportions are drawing choices: no number is derived from them.
"""

from dataclasses import dataclass
from itertools import pairwise

import mujoco
import numpy as np

from lengthwise.contracts.coordinates import Side
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.raster import Ellipsoids

_PART_OF_BODY = {
    "sacrum": BodyPart.PELVIS,
    "pelvis": BodyPart.PELVIS,
    "lumbar1": BodyPart.LUMBAR,
    "lumbar2": BodyPart.LUMBAR,
    "lumbar3": BodyPart.LUMBAR,
    "lumbar4": BodyPart.LUMBAR,
    "lumbar5": BodyPart.LUMBAR,
    "torso": BodyPart.CHEST,
    "neck": BodyPart.CHEST,
    "head": BodyPart.CHEST,
    "femur_l": BodyPart.THIGH_L,
    "patella_l": BodyPart.THIGH_L,
    "femur_r": BodyPart.THIGH_R,
    "patella_r": BodyPart.THIGH_R,
    "tibia_l": BodyPart.SHANK_L,
    "tibia_r": BodyPart.SHANK_R,
    "talus_l": BodyPart.FOOT_L,
    "calcn_l": BodyPart.FOOT_L,
    "toes_l": BodyPart.FOOT_L,
    "talus_r": BodyPart.FOOT_R,
    "calcn_r": BodyPart.FOOT_R,
    "toes_r": BodyPart.FOOT_R,
}


HEAD = ("neck", "head")
"""Bodies of the anatomical model that are drawn with the chest and are not of the trunk."""


def part_of_body(name: str) -> BodyPart | None:
    """The drawn part a body of the anatomical model belongs to; None: not drawn."""
    return _PART_OF_BODY.get(name)


@dataclass(frozen=True)
class Flesh:
    """Ellipsoids in the axes of the bodies that carry them.

    `body` (n,) body ids, `offset_m` (n, 3), `shape_m` (n, 3, 3), `part` (n,).
    `shoulder_m` (3,) of each side, in the axes of the torso.
    """

    body: np.ndarray
    offset_m: np.ndarray
    shape_m: np.ndarray
    part: np.ndarray
    shoulder_m: dict[Side, np.ndarray]

    def placed(self, data: mujoco.MjData) -> Ellipsoids:
        rot = data.xmat.reshape(-1, 3, 3)[self.body]
        centre = data.xpos[self.body] + np.einsum("nij,nj->ni", rot, self.offset_m)
        return Ellipsoids(centre, rot @ self.shape_m, self.part)


class _Sculptor:
    """Collects ellipsoids in neutral world axes and hands them to the bodies that carry them."""

    def __init__(self, model: mujoco.MjModel, neutral: mujoco.MjData) -> None:
        self._model, self._neutral = model, neutral
        self._rows: list[tuple[int, np.ndarray, np.ndarray, BodyPart]] = []

    def joint_m(self, body: str) -> np.ndarray:
        return np.array(self._neutral.body(body).xpos)

    def ball(self, body: str, centre_m: np.ndarray, half_m: tuple[float, float, float]) -> None:
        found = self._neutral.body(body)
        rot = found.xmat.reshape(3, 3)
        part = _PART_OF_BODY[body]
        offset = rot.T @ (centre_m - found.xpos)
        self._rows.append((found.id, offset, rot.T @ np.diag(half_m), part))

    def limb(self, body: str, path: list[tuple[np.ndarray, float]], steps: int = 7) -> None:
        """Spheres along a path of (centre, radius)."""
        for (start, r0), (end, r1) in pairwise(path):
            for k in range(steps):
                w = k / steps
                r = r0 + (r1 - r0) * w
                self.ball(body, start + (end - start) * w, (r, r, r))
        last, r = path[-1]
        self.ball(body, last, (r, r, r))

    def mesh_m(self, body: str) -> np.ndarray:
        """All mesh vertices that a body carries, in neutral world axes."""
        model, data = self._model, self._neutral
        found = [
            mesh_vertices(model, geom) @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]
            for geom in mesh_geoms(model)
            if model.geom_bodyid[geom] == data.body(body).id
        ]
        return np.concatenate(found)

    def flesh(self) -> Flesh:
        body, offset, shape, part = zip(*self._rows, strict=True)
        return Flesh(
            np.array(body), np.array(offset), np.array(shape), np.array(part), self._shoulders_m()
        )

    def _shoulders_m(self) -> dict[Side, np.ndarray]:
        torso = self._neutral.body("torso")
        top_m = self.mesh_m("torso")[:, 2].max()
        at = {side: _cap_m(sign, top_m) for side, sign in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0))}
        return {s: torso.xmat.reshape(3, 3).T @ (p - torso.xpos) for s, p in at.items()}


def _cap_m(sign: float, top_m: float) -> np.ndarray:
    """Where the round of a shoulder is, below the highest rib."""
    return np.array([sign * 0.155, 0.115, top_m - 0.062])


_HEAD_MESHES = ("skull", "jaw")
"""Not drawn as bone: a soft head is calmer to look at than a skull."""


def bone_geoms(model: mujoco.MjModel) -> list[int]:
    """Geoms that are drawn as bones."""
    return [g for g in mesh_geoms(model) if not model.geom(g).name.endswith(_HEAD_MESHES)]


def mesh_geoms(model: mujoco.MjModel) -> list[int]:
    """Geoms of all parts of the body that have a mesh."""
    return [
        g
        for g in range(model.ngeom)
        if model.geom_type[g] == mujoco.mjtGeom.mjGEOM_MESH
        and part_of_body(model.body(model.geom_bodyid[g]).name) is not None
    ]


def mesh_vertices(model: mujoco.MjModel, geom: int) -> np.ndarray:
    mesh = model.geom_dataid[geom]
    start, count = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
    return np.array(model.mesh_vert[start : start + count], dtype=float)


def _offset(left_m: float, back_m: float, up_m: float) -> np.ndarray:
    return np.array([left_m, back_m, up_m])


def sculpt(model: mujoco.MjModel, neutral: mujoco.MjData) -> Flesh:
    """The soft outline of one model, from its neutral posture."""
    sculptor = _Sculptor(model, neutral)
    _chest_and_head(sculptor)
    _waist_and_pelvis(sculptor)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        _leg(sculptor, side, sign)
    return sculptor.flesh()


def _chest_and_head(s: _Sculptor) -> None:
    ribs = s.mesh_m("torso")
    low, high = ribs[:, 2].min(), ribs[:, 2].max()
    skin = 0.018
    for z in np.linspace(low + 0.05, high - 0.05, 11):
        ring = ribs[np.abs(ribs[:, 2] - z) < 0.025]
        front, back = np.percentile(ring[:, 1], (1, 99))
        width = np.percentile(np.abs(ring[:, 0]), 98)
        centre = np.array([0.0, (front + back) / 2, z])
        s.ball("torso", centre, (width + skin, (back - front) / 2 + skin, 0.07))
    for sign in (1.0, -1.0):
        at = np.array([sign, 1.0, 1.0])
        neck = np.array([0.025, 0.125, high + 0.02])
        flank = np.array([0.118, 0.105, high - 0.21])
        s.limb(
            "torso", [(neck * at, 0.048), (_cap_m(sign, high), 0.047), (flank * at, 0.052)], steps=9
        )
    skull = s.mesh_m("head")
    top, back, front = skull[:, 2].max(), skull[:, 1].max(), skull[:, 1].min()
    cranium = np.array([0.0, (front + back) / 2 + 0.010, top - 0.092])
    s.ball("head", cranium, (0.077, (back - front) / 2 + 0.002, 0.100))
    jaw = np.array([0.0, front + 0.068, skull[:, 2].min() + 0.060])
    for w in np.linspace(0.0, 1.0, 4):
        middle = cranium + (jaw - cranium) * w + _offset(0.0, -0.004 * w, 0.0)
        s.ball("head", middle, (0.074 - 0.022 * w, 0.092 - 0.028 * w, 0.088 - 0.026 * w))
    base = np.array([0.0, 0.132, high - 0.01])
    s.limb("neck", [(base, 0.066), (cranium + _offset(0, 0.022, -0.055), 0.058)], steps=8)


def _waist_and_pelvis(s: _Sculptor) -> None:
    hips = (s.joint_m("femur_l") + s.joint_m("femur_r")) / 2
    half = abs(s.joint_m("femur_l")[0] - s.joint_m("femur_r")[0]) / 2
    for level, width in enumerate((0.142, 0.134, 0.129, 0.128, 0.131), start=1):
        name = f"lumbar{6 - level}"
        at = s.joint_m(name)
        for rise in (-0.012, 0.012):
            centre = np.array([0.0, at[1] - 0.044 + 0.004 * level, at[2] + rise])
            s.ball(name, centre, (width, 0.100, 0.062))
    for rise, width, depth, shift in (
        (0.125, 0.142, 0.100, 0.000),
        (0.095, 0.148, 0.102, 0.003),
        (0.065, 0.154, 0.104, 0.006),
        (0.035, 0.160, 0.106, 0.010),
        (0.005, 0.164, 0.105, 0.014),
        (-0.030, 0.154, 0.099, 0.020),
    ):
        s.ball("pelvis", hips + _offset(0, shift, rise), (width, depth, 0.062))
    for sign in (1.0, -1.0):
        s.ball("pelvis", hips + _offset(sign * 0.95 * half, 0.054, -0.005), (0.076, 0.080, 0.092))


def _leg(s: _Sculptor, side: str, sign: float) -> None:
    hip, knee = s.joint_m(f"femur_{side}"), s.joint_m(f"tibia_{side}")
    ankle, heel = s.joint_m(f"talus_{side}"), s.joint_m(f"calcn_{side}")
    toes = s.joint_m(f"toes_{side}")
    outward = np.array([sign, 0.0, 0.0])
    along = knee - hip
    girth = float(np.linalg.norm(along)) / 0.404
    s.limb(
        f"femur_{side}",
        [
            (hip + outward * 0.012 + along * 0.04, 0.086 * girth),
            (hip + outward * 0.010 + along * 0.35 + _offset(0, -0.006, 0), 0.078 * girth),
            (hip + along * 0.72, 0.062 * girth),
            (knee + _offset(0, -0.004, 0.01), 0.056 * girth),
        ],
    )
    along = ankle - knee
    s.limb(
        f"tibia_{side}",
        [
            (knee + _offset(0, 0.0, -0.005), 0.055 * girth),
            (knee + along * 0.30 + _offset(0, 0.016, 0), 0.058 * girth),
            (knee + along * 0.62 + _offset(0, 0.010, 0), 0.045 * girth),
            (ankle + _offset(0, 0.004, 0.035), 0.036 * girth),
            (ankle + _offset(0, 0.004, 0.0), 0.037 * girth),
        ],
    )
    sole = min(heel[2], toes[2])
    ball_of_foot = np.array([toes[0], toes[1] + 0.005, sole + 0.012])
    for w in np.linspace(0.0, 1.0, 9):
        centre = heel + _offset(0, -0.012, 0.012) + (ball_of_foot - heel) * w
        s.ball(f"calcn_{side}", centre, (0.033 + 0.012 * w, 0.034, 0.040 - 0.017 * w))
    s.ball(f"talus_{side}", ankle + _offset(0, -0.03, -0.015), (0.036, 0.045, 0.036))
    for w in np.linspace(0.0, 1.0, 4):
        centre = ball_of_foot + np.array([0.0, -0.055 * w, -0.004 * w])
        s.ball(f"toes_{side}", centre, (0.045 - 0.006 * w, 0.022, 0.022 - 0.006 * w))
