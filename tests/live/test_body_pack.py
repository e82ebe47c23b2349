"""The body of the page as a file: it is the model's own, whichever way it bends."""

import gzip
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate
from lengthwise.live.body_pack import PARTS, body_pack, packed_body
from lengthwise.report.flesh import bone_geoms, mesh_vertices

_CELL_M = 0.0082
"""The largest in which vertices of a bone are taken together."""
_VERTEX = np.dtype(
    [
        ("at", "<i2", 3), ("bones", "u1", 2), ("normal", "i1", 3), ("share", "u1"),
        ("parts", "u1", 2), ("free", "u1", 2),
    ]
)  # fmt: skip


class Unpacked:
    def __init__(self, raw: bytes) -> None:
        magic, version, size = struct.unpack_from("<8sII", raw)
        assert (magic, version) == (b"LWBODY\0\0", 1)
        self.head: dict[str, Any] = json.loads(raw[16 : 16 + size])
        self._raw, self._start = raw, 16 + size

    def array(self, name: str, kind: np.dtype[Any] | str) -> np.ndarray:
        at, length = self.head["arrays"][name]
        return np.frombuffer(self._raw[self._start + at :][:length], dtype=kind)

    def places_m(self, name: str) -> np.ndarray:
        share = self.array(name, _VERTEX)["at"].astype(float) / 32767.0
        return np.asarray(share * self.head["reach_m"])


@pytest.fixture(scope="module")
def raw() -> bytes:
    return packed_body(Anatomy.build())


@pytest.fixture(scope="module")
def body(raw: bytes) -> Unpacked:
    return Unpacked(raw)


def bone_frames(anatomy: Anatomy, pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turns (B, 3, 3) and places (B, 3) of the bones of the tables, seen from the pelvis."""
    data = anatomy.place(pose)
    pelvis = data.body("pelvis")
    into = pelvis.xmat.reshape(3, 3).T
    bones = [data.body(name) for name in anatomy.paths.bone_names]
    turns = np.array([into @ b.xmat.reshape(3, 3) for b in bones])
    return turns, np.array([into @ (b.xpos - pelvis.xpos) for b in bones])


def test_every_bone_stands_where_the_model_places_it(body: Unpacked) -> None:
    anatomy = Anatomy.build()
    bind, pose = np.zeros(len(COORDINATES)), np.zeros(len(COORDINATES))
    bind[[INDEX[c] for c in ANATOMICAL]] = body.head["bind"]
    pose[INDEX[Coordinate.HIP_FLEXION_L]] = pose[INDEX[Coordinate.KNEE_FLEXION_R]] = 1.2
    pose[INDEX[Coordinate.LUMBAR_FLEXION]] = 0.6
    (was, was_m), (now, now_m) = bone_frames(anatomy, bind), bone_frames(anatomy, pose)
    carrier = body.array("bone_vertices", _VERTEX)["bones"][:, 0]
    own_m = body.places_m("bone_vertices") - was_m[carrier]
    own_m = np.einsum("nji,nj->ni", was[carrier], own_m)
    placed_m = np.einsum("nij,nj->ni", now[carrier], own_m) + now_m[carrier]
    data, pelvis = anatomy.place(pose), anatomy.place(pose).body("pelvis")
    whole_m = np.concatenate(
        [
            mesh_vertices(anatomy.model, g) @ data.geom_xmat[g].reshape(3, 3).T + data.geom_xpos[g]
            for g in bone_geoms(anatomy.model)
        ]
    )
    seen_m = (whole_m - pelvis.xpos) @ pelvis.xmat.reshape(3, 3)
    away_m, _ = cKDTree(seen_m).query(placed_m)
    assert away_m.max() < np.sqrt(3.0) * _CELL_M


def test_it_is_whole_and_small(body: Unpacked, raw: bytes) -> None:
    for shape, faces in (("bone", "bone_faces"), ("bone", "bone_coarse"), ("skin", "skin_faces")):
        vertices = body.array(f"{shape}_vertices", _VERTEX)
        corners = body.array(faces, "<u2").reshape(-1, 3)
        assert corners.max() < len(vertices)
        assert vertices["parts"].max() < len(PARTS)
        assert vertices["bones"].max() < len(body.head["bones"])
        for a, b in ((0, 1), (1, 2), (2, 0)):
            assert (corners[:, a] != corners[:, b]).all()
    assert len(gzip.compress(raw)) < 600_000


@pytest.mark.parametrize("which", ["bone", "coarse"])
def test_a_piece_is_of_one_bone_and_all_faces_are_in_one(body: Unpacked, which: str) -> None:
    vertices = body.array("bone_vertices", _VERTEX)
    faces = body.array("bone_faces" if which == "bone" else "bone_coarse", "<u2").reshape(-1, 3)
    done = 0
    for bone, part, first, count in body.head[f"{which}_pieces"]:
        assert first == done
        corners = faces[first : first + count].ravel()
        assert (vertices["bones"][corners, 0] == bone).all()
        assert (vertices["parts"][corners, 0] == part).all()
        done += count
    assert done == len(faces)


def test_the_skin_of_one_leg_is_not_carried_by_the_other(body: Unpacked) -> None:
    vertices, at_m = body.array("skin_vertices", _VERTEX), body.places_m("skin_vertices")
    names = body.head["bones"]
    below = at_m[:, 1] < -0.35  # the hips are about 0.1 below the pelvis' origin
    for side, right in (("l", -1.0), ("r", 1.0)):
        own = [names.index(f"{bone}_{side}") for bone in ("femur", "tibia", "talus", "patella")]
        of_side = below & (right * at_m[:, 2] > 0.03)
        assert of_side.sum() > 200
        assert np.isin(vertices["bones"][of_side, 0], own).all()


def test_it_is_built_once_and_kept(tmp_path: Path) -> None:
    first = body_pack(tmp_path)
    kept = next((tmp_path / "anatomy").glob("body-*.bin"))
    assert kept.read_bytes() == first
    kept.write_bytes(b"another")
    assert body_pack(tmp_path) == b"another"
