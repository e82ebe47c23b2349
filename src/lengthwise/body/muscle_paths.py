"""Where every muscle runs, as plain tables: what the compiled kernel of `muscle_kernel` reads.

Built from a compiled model of the scaled person, so a person's size needs no fit: points and
surfaces have moved with their bones. What never changes is taken out beforehand:
- bones that no coordinate moves against each other are one **bone** here (the whole rib cage, or
  talus, heel and toes), and bone 0 is the pelvis, from which all the others are seen;
- stretches of a path between points of one bone have a constant length, and only their sum stays;
- every joint that is left follows one coordinate, along a `JointCurve`.

A path is then a few **steps**, each from a point of one bone to a point of another, straight or
around a sphere or a cylinder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.body.around_surface import FREE, Point, around_surface
from lengthwise.body.joint_map import JointMap
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL

ROOT_BODY = "pelvis"
STRAIGHT = -1
HINGE, SLIDE = 0, 1
CYLINDER, SPHERE = 0, 1


@dataclass(frozen=True)
class MusclePaths:
    """Tables over B bones, J joints, P points, W wraps, S steps and n muscles. Metres and radians.

    `bone_index` (B, 3): parent bone, end of its joints, end of its points; both lists are in the
    order of bones. `bone_rest` (B, 12): place in the parent, then the rotation to the parent's axes
    by rows, before its joints move it.
    `joint_index` (J, 2): HINGE or SLIDE, and the coordinate it follows. `joint_numbers` (J, 14):
    axis and anchor in the bone, then its `JointCurve`: coefficients of the powers 0..4 of the
    coordinate, end of the polynomial, bend and turn beyond it.
    `point_place` (3, P): in its bone.
    `wrap_index` (W, 2): CYLINDER (about z) or SPHERE, and the bone that carries it. `wrap_numbers`
    (W, 15): centre in the bone, rotation to the bone's axes by rows, then the point on whose
    side the path runs, in the axes of the surface; `wrap_radius` (W,).
    `step_index` (S, 7): point and point, wrap or STRAIGHT, bone and bone, first and end of the
    coordinates that change it.
    `muscle_end` (n,): end of its steps; `muscle_constant` (n,): what never changes of its length.
    """

    names: tuple[str, ...]
    bone_names: tuple[str, ...]
    bone_index: np.ndarray
    bone_rest: np.ndarray
    joint_index: np.ndarray
    joint_numbers: np.ndarray
    point_place: np.ndarray
    wrap_index: np.ndarray
    wrap_numbers: np.ndarray
    wrap_radius: np.ndarray
    step_index: np.ndarray
    muscle_end: np.ndarray
    muscle_constant: np.ndarray

    @property
    def tables(self) -> tuple[np.ndarray, ...]:
        """The arrays in the order in which the kernel takes them."""
        return (
            self.bone_index,
            self.bone_rest,
            self.joint_index,
            self.joint_numbers,
            self.point_place,
            self.wrap_index,
            self.wrap_numbers,
            self.wrap_radius,
            self.step_index,
            self.muscle_end,
            self.muscle_constant,
        )

    @property
    def spans(self) -> np.ndarray:
        """(n, 13) bool: whether a coordinate moves a step of the path."""
        out = np.zeros((len(self.names), len(ANATOMICAL)), dtype=bool)
        for muscle, step in zip(self._muscle_of_step, self.step_index, strict=True):
            out[muscle, step[5] : step[6]] = True
        return out

    @property
    def wrapped(self) -> np.ndarray:
        """(n,) bool: whether a surface lies on a step of the path."""
        out = np.zeros(len(self.names), dtype=bool)
        out[self._muscle_of_step[self.step_index[:, 2] != STRAIGHT]] = True
        return out

    @property
    def _muscle_of_step(self) -> np.ndarray:
        counts = np.diff(self.muscle_end, prepend=0)
        return np.repeat(np.arange(len(self.names)), counts)


class _Joint(Struct, frozen=True):
    kind: int
    coordinate: int
    numbers: tuple[float, ...]


class _Wrap(Struct, frozen=True):
    kind: int
    bone: int
    numbers: tuple[float, ...]
    radius_m: float


class _Step(Struct, frozen=True):
    """`start`, `end`: sites of the model; `wrap`: its number or STRAIGHT."""

    start: int
    end: int
    wrap: int


def muscle_paths(model: mujoco.MjModel, joints: JointMap, names: tuple[str, ...]) -> MusclePaths:
    """The tables of a compiled model, its muscles called `names` in the order of its tendons.

    Raises ValueError for a model that the tables cannot express: a path that runs inside a
    surface, a surface whose side is not given on its bone.
    """
    skeleton = _Skeleton(model, joints)
    wraps: list[_Wrap] = []
    paths = [_path(skeleton, tendon, wraps) for tendon in range(model.ntendon)]
    used = sorted(
        {site for _, steps in paths for step in steps for site in (step.start, step.end)},
        key=lambda site: (skeleton.bone_of_site(site), site),
    )
    number = {site: i for i, site in enumerate(used)}
    bones = np.array([skeleton.bone_of_site(site) for site in used])
    rows = []
    for _, steps in paths:
        for step in steps:
            ends = [skeleton.bone_of_site(site) for site in (step.start, step.end)]
            met = ends if step.wrap == STRAIGHT else [ends[0], wraps[step.wrap].bone, ends[1]]
            first, end = skeleton.coordinates_between(met)
            rows.append((number[step.start], number[step.end], step.wrap, *ends, first, end))
    joint_end = np.cumsum([len(own) for own in skeleton.joints])
    point_end = np.searchsorted(bones, np.arange(len(skeleton.bones)), side="right")
    moved = [joint for own in skeleton.joints for joint in own]
    return MusclePaths(
        names=names,
        bone_names=tuple(model.body(int(body)).name for body in skeleton.bones),
        bone_index=_whole(np.column_stack([skeleton.parents, joint_end, point_end])),
        bone_rest=frozen_array(skeleton.rests),
        joint_index=_whole([(j.kind, j.coordinate) for j in moved]),
        joint_numbers=frozen_array([j.numbers for j in moved]),
        point_place=frozen_array(
            np.ascontiguousarray(np.transpose([skeleton.place_of_site(s) for s in used]))
        ),
        wrap_index=_whole([(w.kind, w.bone) for w in wraps]),
        wrap_numbers=frozen_array([w.numbers for w in wraps]),
        wrap_radius=frozen_array([w.radius_m for w in wraps]),
        step_index=_whole(rows),
        muscle_end=_whole(np.cumsum([len(steps) for _, steps in paths])),
        muscle_constant=frozen_array([constant_m for constant_m, _ in paths]),
    )


def _whole(rows: object) -> np.ndarray:
    return frozen_array(np.ascontiguousarray(rows, dtype=np.int64), dtype="int64")


class _Skeleton:
    """The bones of the tables: bodies of the model that some coordinate moves, and the root.

    `bones` (B,) the body that names each; `rests` (B, 12) and `parents` (B,) as in MusclePaths.
    """

    def __init__(self, model: mujoco.MjModel, joints: JointMap) -> None:
        self.model = model
        self._moving = [_moving_joints(model, joints, body) for body in range(model.nbody)]
        self._bone = np.zeros(model.nbody, dtype=int)
        self._place = np.zeros((model.nbody, 3))
        self._turn = np.tile(np.eye(3), (model.nbody, 1, 1))
        self.bones = [model.body(ROOT_BODY).id]
        self.parents = [0]
        self.rests = [np.concatenate([np.zeros(3), np.eye(3).ravel()])]
        self.joints: list[list[_Joint]] = [[]]
        # The pelvis does not move against the bodies above it, and the tables begin at it.
        into_root = self._from_world(model.body(ROOT_BODY).id)
        self._turn[0], self._place[0] = into_root[0].T, -into_root[0].T @ into_root[1]
        for body in range(1, model.nbody):
            self._take(body)

    def _from_world(self, body: int) -> tuple[np.ndarray, np.ndarray]:
        """Rotation and place in the world of a body that nothing moves but the attitude."""
        turn, place = np.eye(3), np.zeros(3)
        while body:
            if self._moving[body]:
                raise ValueError(f"a coordinate moves {ROOT_BODY}, from which all else is seen")
            own = _rotation(self.model.body_quat[body])
            turn, place = own @ turn, self.model.body_pos[body] + own @ place
            body = int(self.model.body_parentid[body])
        return turn, place

    def _take(self, body: int) -> None:
        model, parent = self.model, int(self.model.body_parentid[body])
        turn = self._turn[parent] @ _rotation(model.body_quat[body])
        place = self._place[parent] + self._turn[parent] @ model.body_pos[body]
        if not self._moving[body]:
            self._bone[body] = self._bone[parent]
            self._turn[body], self._place[body] = turn, place
            return
        self._bone[body] = len(self.bones)
        self.bones.append(body)
        self.parents.append(int(self._bone[parent]))
        self.rests.append(np.concatenate([place, turn.ravel()]))
        self.joints.append(self._moving[body])

    def bone_of_site(self, site: int) -> int:
        return int(self._bone[self.model.site_bodyid[site]])

    def place_of_site(self, site: int) -> np.ndarray:
        """(3,) in the axes of its bone."""
        body = self.model.site_bodyid[site]
        return np.asarray(self._place[body] + self._turn[body] @ self.model.site_pos[site])

    def surface(self, geom: int) -> tuple[int, np.ndarray, np.ndarray]:
        """Bone, centre (3,) and rotation (3, 3) to the bone's axes of a wrapping surface."""
        body = self.model.geom_bodyid[geom]
        turn, place = self._turn[body], self._place[body]
        return (
            int(self._bone[body]),
            place + turn @ self.model.geom_pos[geom],
            turn @ _rotation(self.model.geom_quat[geom]),
        )

    def coordinates_between(self, bones: list[int]) -> tuple[int, int]:
        """First and end of the coordinates that move these bones against each other."""
        chains = [self._coordinates_above(bone) for bone in bones]
        shared = set.intersection(*chains)
        moving = {coordinate for chain in chains for _, coordinate in chain - shared}
        return min(moving), max(moving) + 1

    def _coordinates_above(self, bone: int) -> set[tuple[int, int]]:
        """(bone, coordinate) of every joint from the root to a bone."""
        out = set()
        while bone:
            out |= {(bone, joint.coordinate) for joint in self.joints[bone]}
            bone = self.parents[bone]
        return out


def _moving_joints(model: mujoco.MjModel, joints: JointMap, body: int) -> list[_Joint]:
    start, found = int(model.body_jntadr[body]), []
    for j in range(start, start + int(model.body_jntnum[body])):
        kind = int(model.jnt_type[j])
        if kind == mujoco.mjtJoint.mjJNT_BALL:
            continue
        address = int(model.jnt_qposadr[j])
        curve = joints.curves.get(address)
        if curve is None:
            if joints.rest[address] != model.qpos0[address]:
                raise ValueError(f"joint {model.joint(j).name} rests away from its zero")
            continue
        beyond = (curve.end_rad, curve.bend, curve.turn)
        found.append(
            _Joint(
                SLIDE if kind == mujoco.mjtJoint.mjJNT_SLIDE else HINGE,
                curve.coordinate,
                (*model.jnt_axis[j], *model.jnt_pos[j], *curve.coefficients, *beyond),
            )
        )
    return found


def _path(skeleton: _Skeleton, tendon: int, wraps: list[_Wrap]) -> tuple[float, list[_Step]]:
    """Constant length and steps of one muscle; its wraps are added to `wraps`."""
    constant_m, steps = 0.0, []
    for start, end, surface in _stretches(skeleton.model, tendon):
        bones = {skeleton.bone_of_site(start), skeleton.bone_of_site(end)}
        wrap = None if surface is None else _wrap(skeleton, *surface)
        if wrap is not None:
            bones.add(wrap.bone)
        if len(bones) == 1:
            constant_m += _constant_m(skeleton, start, end, wrap)
        elif wrap is None:
            steps.append(_Step(start, end, STRAIGHT))
        else:
            steps.append(_Step(start, end, len(wraps)))
            wraps.append(wrap)
    return constant_m, steps


def _constant_m(skeleton: _Skeleton, start: int, end: int, wrap: _Wrap | None) -> float:
    """Length between two sites of one bone, which carries the surface between them too."""
    p, q = skeleton.place_of_site(start), skeleton.place_of_site(end)
    length_m = FREE
    if wrap is not None:
        centre, turn = np.array(wrap.numbers[:3]), np.array(wrap.numbers[3:12]).reshape(3, 3)
        length_m = around_surface(
            _point(turn.T @ (p - centre)),
            _point(turn.T @ (q - centre)),
            _point(wrap.numbers[12:]),
            wrap.kind == SPHERE,
            wrap.radius_m,
            np.empty((2, 3)),
        )
    return float(np.linalg.norm(q - p)) if length_m == FREE else float(length_m)


def _point(place: Sequence[float] | np.ndarray) -> Point:
    x, y, z = place
    return float(x), float(y), float(z)


def _stretches(
    model: mujoco.MjModel, tendon: int
) -> Iterator[tuple[int, int, tuple[int, int] | None]]:
    """Site, site, and between them the surface with its side site, or None."""
    start = int(model.tendon_adr[tendon])
    before: int | None = None
    surface: tuple[int, int] | None = None
    for w in range(start, start + int(model.tendon_num[tendon])):
        kind, thing = int(model.wrap_type[w]), int(model.wrap_objid[w])
        if kind in (mujoco.mjtWrap.mjWRAP_SPHERE, mujoco.mjtWrap.mjWRAP_CYLINDER):
            surface = (thing, int(model.wrap_prm[w]))
        elif kind == mujoco.mjtWrap.mjWRAP_SITE:
            if before is not None:
                yield before, thing, surface
            before, surface = thing, None
        else:
            raise ValueError("a path through a pulley")


def _wrap(skeleton: _Skeleton, geom: int, side_site: int) -> _Wrap:
    model = skeleton.model
    bone, centre, turn = skeleton.surface(geom)
    if side_site < 0 or skeleton.bone_of_site(side_site) != bone:
        raise ValueError(f"surface {model.geom(geom).name} without a side on its own bone")
    side = turn.T @ (skeleton.place_of_site(side_site) - centre)
    sphere = int(model.geom_type[geom]) == mujoco.mjtGeom.mjGEOM_SPHERE
    radius = float(model.geom_size[geom][0])
    if np.linalg.norm(side) < radius:
        raise ValueError(f"a path that runs inside surface {model.geom(geom).name}")
    return _Wrap(
        SPHERE if sphere else CYLINDER,
        bone,
        tuple(float(v) for v in (*centre, *turn.ravel(), *side)),
        radius,
    )


def _rotation(quaternion: np.ndarray) -> np.ndarray:
    out = np.empty(9)
    mujoco.mju_quat2Mat(out, quaternion)
    return out.reshape(3, 3)
