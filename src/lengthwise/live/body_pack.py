"""The body that the page draws, as one binary: bones, skin and muscle paths of the generic body.

Built once at set-up out of the anatomical model and kept in the home folder; never shipped. Layout
in `docs/formats.md` under `session.body`. A person's size is one factor, which the page takes from
their height, as `body.scaling` does where nothing but a height is known.

Everything stands in one **bind posture**, legs a little apart so that the skin of one thigh is not
that of the other, in the axes of the pelvis (front, up, right). The page moves each vertex by the
two bones that carry it (linear blend skinning); a bone's own vertices by that bone alone.
"""

import json
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from math import radians
from pathlib import Path
from secrets import token_hex

import mujoco
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.reference.constants import constant
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.flesh import Flesh, bone_geoms, mesh_vertices, part_of_body, sculpt
from lengthwise.report.muscle_paths import tube_radius_m
from lengthwise.report.raster import Mesh
from lengthwise.report.surface_net import decimated, skin_mesh

MAGIC, VERSION = b"LWBODY\0\0", 1
PARTS = (*(p.name.lower() for p in BodyPart), "head")
"""What can lie in fog by itself; the head is carried by the chest and is not estimated."""
_HEAD = len(BodyPart)
_BIND_ABDUCTION_RAD = radians(18.0)
_SKIN_CELL_M = 0.021
_BONE_CELL_M = 0.0062
_FINE_CELL_M = 0.0082
_FINE_VERTICES = 900
"""A bone of more vertices than this is finer than the picture, and is made coarser."""
_COARSE_CELL_M = 0.0125
"""Of the bones where no graphics card draws them."""
_SOFT_M = 0.022
"""Over this depth of flesh one bone gives the skin over to the next."""
_RADIUS_RATIO = 1.15
_HEAD_BODIES = ("head", "neck")
_SITE, _CYLINDER = mujoco.mjtWrap.mjWRAP_SITE, mujoco.mjtWrap.mjWRAP_CYLINDER
_SURFACES = (mujoco.mjtWrap.mjWRAP_SPHERE, _CYLINDER)


def body_pack(home: Path) -> bytes:
    """The binary, out of the home folder or built now. Raises MissingPartError without the model
    package."""
    kept = _kept_at(home)
    try:
        return kept.read_bytes()
    except OSError:
        found = packed_body(Anatomy.build())
    # Only a convenience: without a place for it the work is done again next time.
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{token_hex(4)}.part")
        part.write_bytes(found)
        part.replace(kept)
    return found


def _kept_at(home: Path) -> Path:
    how = (
        VERSION,
        _BIND_ABDUCTION_RAD,
        _SKIN_CELL_M,
        _BONE_CELL_M,
        _FINE_CELL_M,
        _COARSE_CELL_M,
        _SOFT_M,
    )
    key = sha256(f"{Anatomy.build().fingerprint} {how}".encode()).hexdigest()[:16]
    return home / "anatomy" / f"body-{key}.bin"


def packed_body(anatomy: Anatomy) -> bytes:
    stand = _Stand(anatomy)
    bones, skin = _bone_shape(stand).near_in_order(), _skin_shape(stand).near_in_order()
    coarse = bones.coarser(_COARSE_CELL_M)
    points_m, surfaces, muscles = _muscles(stand)
    reach_m = max(float(np.abs(shape.at_m).max()) for shape in (bones, skin))
    arrays: dict[str, np.ndarray] = {
        "bone_vertices": bones.packed(reach_m),
        "bone_faces": bones.faces.astype("<u2"),
        "bone_coarse": coarse.faces.astype("<u2"),
        "skin_vertices": skin.packed(reach_m),
        "skin_faces": skin.faces.astype("<u2"),
        "points": points_m.astype("<f4"),
        "surfaces": surfaces.astype("<f4"),
    }
    places, at = {}, 0
    blobs = []
    for name, values in arrays.items():
        raw = np.ascontiguousarray(values).tobytes()
        places[name] = [at, len(raw)]
        blobs.append(raw + b"\0" * (-len(raw) % 4))
        at += len(blobs[-1])
    head = json.dumps(
        {
            "stature_m": constant("anatomy", "generic_stature_m"),
            "bind": stand.bind_rad.tolist(),
            "reach_m": reach_m,
            "bones": list(anatomy.paths.bone_names),
            "parts": list(PARTS),
            "bone_pieces": bones.pieces(),
            "coarse_pieces": coarse.pieces(),
            "shoulders_m": stand.shoulders_m.tolist(),
            "muscles": muscles,
            "arrays": places,
        },
        separators=(",", ":"),
    ).encode()
    head += b" " * (-len(head) % 4)
    return struct.pack("<8sII", MAGIC, VERSION, len(head)) + head + b"".join(blobs)


class _Stand:
    """The model in the bind posture, everything seen from the pelvis."""

    def __init__(self, anatomy: Anatomy) -> None:
        self.anatomy, self.model = anatomy, anatomy.model
        pose = np.zeros(len(COORDINATES))
        for side in "lr":
            pose[INDEX[Coordinate(f"hip_adduction_{side}")]] = -_BIND_ABDUCTION_RAD
        self.bind_rad = pose[[INDEX[c] for c in ANATOMICAL]]
        self.neutral = anatomy.place(np.zeros(len(COORDINATES)))
        self.data = anatomy.place(pose)
        self.flesh: Flesh = sculpt(self.model, self.neutral)
        pelvis = self.data.body("pelvis")
        self._turn, self._origin_m = pelvis.xmat.reshape(3, 3).T, np.array(pelvis.xpos)
        names = {name: i for i, name in enumerate(anatomy.paths.bone_names)}
        self.bone_of_body = np.zeros(self.model.nbody, dtype=int)
        for body in range(1, self.model.nbody):
            parent = int(self.model.body_parentid[body])
            own = names.get(self.model.body(body).name)
            self.bone_of_body[body] = self.bone_of_body[parent] if own is None else own

    def seen_m(self, world_m: np.ndarray) -> np.ndarray:
        """(n, 3) world to pelvis axes."""
        return np.asarray((world_m - self._origin_m) @ self._turn.T)

    def in_bone(self, world_m: np.ndarray, bone: int) -> np.ndarray:
        """(3,) in the axes of a bone."""
        body = self.data.body(self.anatomy.paths.bone_names[bone])
        return np.asarray(body.xmat.reshape(3, 3).T @ (world_m - body.xpos))

    def turned_into_bone(self, rot_world: np.ndarray, bone: int) -> np.ndarray:
        body = self.data.body(self.anatomy.paths.bone_names[bone])
        return np.asarray(body.xmat.reshape(3, 3).T @ rot_world)

    @property
    def shoulders_m(self) -> np.ndarray:
        """(2, 3) left and right, in the bind posture."""
        torso = self.data.body("torso")
        turn = torso.xmat.reshape(3, 3)
        at = [turn @ self.flesh.shoulder_m[s] + torso.xpos for s in sorted(self.flesh.shoulder_m)]
        return self.seen_m(np.array(at))


@dataclass(frozen=True)
class _Shape:
    """A mesh in pelvis axes; for each vertex two bones, the share of the first, and two parts."""

    at_m: np.ndarray
    faces: np.ndarray
    bones: np.ndarray
    share: np.ndarray
    parts: np.ndarray

    def near_in_order(self) -> "_Shape":
        """The same, neighbours near each other in every list and each bone's by themselves: what
        was computed of a vertex is then still at hand for the next face."""
        count, f = len(self.at_m), self.faces
        ends = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
        graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
        order = np.array(reverse_cuthill_mckee(graph.tocsr(), symmetric_mode=False))
        if (self.bones[:, 0] == self.bones[:, 1]).all():
            piece = self.bones[order, 0].astype(int) * len(PARTS) + self.parts[order, 0]
            order = order[np.argsort(piece, kind="stable")]
        number = np.empty(count, dtype=int)
        number[order] = np.arange(count)
        faces = number[f]
        faces = faces[np.argsort(faces.min(axis=1), kind="stable")]
        return _Shape(
            self.at_m[order], faces, self.bones[order], self.share[order], self.parts[order]
        )

    def coarser(self, cell_m: float) -> "_Shape":
        """Fewer faces between the same vertices: of those in one cell the one nearest to their
        middle stands for all."""
        cell = np.floor(self.at_m / cell_m).astype(int)
        key = np.column_stack([cell, self.bones[:, 0], self.parts[:, 0]])
        _, number = np.unique(key, axis=0, return_inverse=True)
        number = number.reshape(-1)
        middle = np.stack([np.bincount(number, weights=column) for column in self.at_m.T], axis=1)
        away = np.linalg.norm(self.at_m - (middle / np.bincount(number)[:, None])[number], axis=1)
        nearest_first = np.lexsort([away, number])
        _, first = np.unique(number[nearest_first], return_index=True)
        faces = nearest_first[first][number][self.faces]
        a, b, c = faces.T
        whole = faces[(a != b) & (b != c) & (a != c)]
        _, once = np.unique(np.sort(whole, axis=1), axis=0, return_index=True)
        return replace(self, faces=whole[np.sort(once)])

    def pieces(self) -> list[list[int]]:
        """Bone, part, first face and number of faces of each stretch that one bone carries."""
        own = np.column_stack([self.bones[self.faces[:, 0], 0], self.parts[self.faces[:, 0], 0]])
        cuts = np.flatnonzero((own[1:] != own[:-1]).any(axis=1)) + 1
        first = [0, *cuts.tolist()]
        return [[int(own[a, 0]), int(own[a, 1]), a, b - a] for a, b in pairwise([*first, len(own)])]

    def packed(self, reach_m: float) -> np.ndarray:
        """(n,) records of 16 bytes: int16 place, two bones, int8 normal, share, two parts."""
        if len(self.at_m) > 65535:
            raise ValueError(f"{len(self.at_m)} vertices do not fit 16-bit indices")
        out = np.zeros(
            len(self.at_m),
            dtype=[
                ("at", "<i2", 3), ("bones", "u1", 2), ("normal", "i1", 3), ("share", "u1"),
                ("parts", "u1", 2), ("free", "u1", 2),
            ],
        )  # fmt: skip
        out["at"] = np.rint(self.at_m / reach_m * 32767.0)
        out["bones"], out["parts"] = self.bones, self.parts
        out["share"] = np.rint(255.0 * self.share)
        out["normal"] = np.rint(127.0 * _normals(self.at_m, self.faces))
        return out


def _normals(at_m: np.ndarray, faces: np.ndarray) -> np.ndarray:
    a, b, c = (at_m[faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    out = np.zeros_like(at_m)
    for k in range(3):
        np.add.at(out, faces[:, k], across)
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))


def _bone_shape(stand: _Stand) -> _Shape:
    """Every bone with less detail. The skull is left out: a soft head is calmer to look at."""
    model, data, found = stand.model, stand.data, []
    for geom in bone_geoms(model):
        body = int(model.geom_bodyid[geom])
        name = model.body(body).name
        part = _HEAD if name in _HEAD_BODIES else int(part_of_body(name) or 0)
        mesh = model.geom_dataid[geom]
        start, count = model.mesh_faceadr[mesh], model.mesh_facenum[mesh]
        vertices = mesh_vertices(model, geom)
        whole = Mesh(
            vertices @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom],
            np.array(model.mesh_face[start : start + count], dtype=int),
            np.zeros(len(vertices), dtype=int),
        )
        coarse = decimated(
            whole, cell_m=_FINE_CELL_M if len(vertices) > _FINE_VERTICES else _BONE_CELL_M
        )
        found.append((coarse, int(stand.bone_of_body[body]), part))
    sizes = [len(mesh.vertices_m) for mesh, _, _ in found]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    bones, parts = (np.repeat([row[k] for row in found], sizes) for k in (1, 2))
    return _Shape(
        at_m=stand.seen_m(np.concatenate([mesh.vertices_m for mesh, _, _ in found])),
        faces=np.concatenate([m.faces + n for (m, _, _), n in zip(found, first, strict=True)]),
        bones=np.column_stack([bones, bones]),
        share=np.ones(len(bones)),
        parts=np.column_stack([parts, parts]),
    )


def _skin_shape(stand: _Stand) -> _Shape:
    """The soft outline as one skin; each vertex is carried by the two bones whose flesh is there
    most."""
    soft = stand.flesh.placed(stand.data)
    mesh = skin_mesh(soft, cell_m=_SKIN_CELL_M)
    body = stand.flesh.body
    head = np.isin(body, [stand.model.body(name).id for name in _HEAD_BODIES])
    carrier = stand.bone_of_body[body]
    part = np.where(head, _HEAD, stand.flesh.part)
    keys, number = np.unique(np.column_stack([carrier, part]), axis=0, return_inverse=True)
    felt = np.zeros((len(mesh.vertices_m), len(keys)))
    for centre, half, key in zip(soft.centre_m, soft.shape_m, number.reshape(-1), strict=True):
        scaled = (mesh.vertices_m - centre) @ np.linalg.inv(half).T
        girth = float(np.cbrt(abs(np.linalg.det(half))))
        depth = girth * (1.0 - np.linalg.norm(scaled, axis=1))
        felt[:, key] = np.maximum(felt[:, key], np.exp(np.maximum(depth, -0.3) / _SOFT_M))
    most = np.argsort(-felt, axis=1)[:, :2]
    two = np.take_along_axis(felt, most, axis=1)
    return _Shape(
        at_m=stand.seen_m(mesh.vertices_m),
        faces=mesh.faces,
        bones=keys[most, 0],
        share=two[:, 0] / np.maximum(two.sum(axis=1), 1e-12),
        parts=keys[most, 1],
    )


def _muscles(stand: _Stand) -> tuple[np.ndarray, np.ndarray, list[dict[str, object]]]:
    """Points (p, 4), surfaces (s, 18) and the fascicles of all groups.

    A point: its bone and its place there. A surface: its bone, its kind (0 cylinder about z, 1
    sphere), radius, centre, rotation to the bone's axes by rows, a point on the given side. A
    fascicle's `way`: places of points, and of surfaces between two points as -1 - place.
    """
    number = {name: tendon for tendon, name in enumerate(stand.anatomy.muscle_names)}
    points: list[list[float]] = []
    surfaces: list[list[float]] = []
    found: list[dict[str, object]] = []
    for fascicle in muscle_group_table():
        tendon = number.get(fascicle.muscle)
        if tendon is None:
            continue
        way: list[int] = []
        for kind, thing, side in _elements(stand.model, tendon):
            if kind == _SITE:
                way.append(len(points))
                points.append(_point(stand, thing))
            else:
                way.append(-1 - len(surfaces))
                surfaces.append(_surface(stand, thing, side, cylinder=kind == _CYLINDER))
        radius_m = _RADIUS_RATIO * float(tube_radius_m(np.array(fascicle.weight_n)))
        group = GROUP_INDEX[fascicle.group, fascicle.side]
        found.append({"group": group, "radius_m": round(radius_m, 5), "way": way})
    return np.array(points), np.array(surfaces), found


def _elements(model: mujoco.MjModel, tendon: int) -> Sequence[tuple[int, int, int]]:
    """Kind, thing and side site of what a path goes by."""
    start = int(model.tendon_adr[tendon])
    rows = range(start, start + int(model.tendon_num[tendon]))
    every = [(int(model.wrap_type[w]), int(model.wrap_objid[w]), w) for w in rows]
    return [
        (kind, thing, int(model.wrap_prm[w]))
        for kind, thing, w in every
        if kind == _SITE or kind in _SURFACES
    ]


def _point(stand: _Stand, site: int) -> list[float]:
    bone = int(stand.bone_of_body[stand.model.site_bodyid[site]])
    return [bone, *stand.in_bone(stand.data.site_xpos[site], bone).tolist()]


def _surface(stand: _Stand, geom: int, side: int, *, cylinder: bool) -> list[float]:
    model, data = stand.model, stand.data
    bone = int(stand.bone_of_body[model.geom_bodyid[geom]])
    turn = data.geom_xmat[geom].reshape(3, 3)
    given = turn.T @ (data.site_xpos[side] - data.geom_xpos[geom])
    return [
        bone,
        0.0 if cylinder else 1.0,
        float(model.geom_size[geom][0]),
        *stand.in_bone(data.geom_xpos[geom], bone).tolist(),
        *stand.turned_into_bone(turn, bone).ravel().tolist(),
        *given.tolist(),
    ]
