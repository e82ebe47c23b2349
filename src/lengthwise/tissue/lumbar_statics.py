"""The lumbar spine held in equilibrium by the model's own muscles: the slow, exact reference.

At each of the five levels the part of the body above is in quasi-static equilibrium,

    sum_i f_i (p_i - c) x u_i  +  M_weight  +  M_passive  +  M_reserve  =  0,

with c the joint centre, u_i the pull of fascicle i on what lies above (unit vector of the piece of
its path that crosses the level, from above to below), f_i = a_i F_i its force and F_i its maximal
isometric force (`reference/muscle_groups.csv`). Fifteen equations (three axes of five levels) do
not tell some 190 forces apart, so the activations are those of least

    sum_i a_i^2 + sum_j (r_j / reserve_j)^2,   0 <= a_i <= 1.

The force that the disc bears is what is left, -(weight above + sum of f_i u_i): its part along the
disc's normal is compression (+ pressing), the rest shear, by disc and facet joints together.

Simplifications: nothing moves; chest and head are one piece; psoas (it works for the hip as well),
obliques (paths disagree with their source), transversus, latissimus and abdominal pressure are left
out; muscles have their maximal force at every length; forces of the hip muscles do not cross the
lumbar spine. `lumbar_load` adds what muscles do besides (tone) and is fast; this one is for fitting
and for checking it.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.body.anatomy import Anatomy
from lengthwise.body.conventions import JOINT_AXES
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import constant
from lengthwise.reference.muscle_groups import muscle_group_table
from lengthwise.tissue.passive_bending import PASSIVE, passive_moment_nm
from lengthwise.tissue.upper_body import GRAVITY_M_S2, LUMBAR, upper_body

GROUPS = frozenset(
    {
        MuscleGroup.LONGISSIMUS,
        MuscleGroup.ILIOCOSTALIS,
        MuscleGroup.MULTIFIDUS,
        MuscleGroup.QUADRATUS_LUMBORUM,
        MuscleGroup.RECTUS_ABDOMINIS,
    }
)
_HINGES = tuple(zip(*(axis.hinges for axis in JOINT_AXES[:3]), strict=True))
"""Per level from below: the hinges of flexion, side-bend and rotation."""

_RESERVE_NM = np.array(
    [constant("lumbar_load", f"reserve_{way}_nm") for way in ("bend", "bend", "turn")]
)
DISC_FORWARD_RAD = tuple(
    constant("lumbar_load", f"disc_forward_{level}_rad") for level in ("l5s1", "l4l5")
)
_NEWTON_STEPS = 60


class PulledWeight(Struct, frozen=True):
    """A force on a bone of the upper body. `at_m` (front, up) in its axes, in the metres of this
    body; `force_n` (left, back, up) in the world.
    """

    bone: str
    at_m: tuple[float, float]
    force_n: tuple[float, float, float]


@dataclass(frozen=True)
class Wrenches:
    """What a newton of each fascicle does to the part above each level, in the world.

    `centre_m` (5, 3); `axis` (5, 3, 3) axes of flexion hinge (+ extension), side-bend (+ right)
    and rotation (+ left); `force` (5, n, 3); `arm_m` (5, n, 3) moment about the centre along the
    three axes; `strength_n` (n,).
    """

    centre_m: np.ndarray
    axis: np.ndarray
    force: np.ndarray
    arm_m: np.ndarray
    strength_n: np.ndarray


class Equilibrium(Struct, frozen=True):
    """`activation` (n,); for L5-S1 and L4-L5: `need_nm` (2, 3) what muscles have to give along
    the axes of flexion hinge, side-bend and rotation, `reserve_nm` (2, 3) what they did not give,
    `muscle_n`, `weight_n` (2,) their compression, `shear_n` (2, 2) to the front and to the right:
    how the part above is pushed over the disc by all together, `weight_shear_n` (2,) to the front
    by its weight alone.
    """

    activation: np.ndarray
    need_nm: np.ndarray
    reserve_nm: np.ndarray
    muscle_n: np.ndarray
    weight_n: np.ndarray
    shear_n: np.ndarray
    weight_shear_n: np.ndarray


def trunk_muscles(anatomy: Anatomy) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the fascicles in the model (n,), their strength in N (n,)."""
    row = {name: i for i, name in enumerate(anatomy.muscle_names)}
    table = [f for f in muscle_group_table() if f.group in GROUPS]
    return np.array([row[f.muscle] for f in table]), np.array([f.weight_n for f in table])


def wrenches(anatomy: Anatomy, placed: mujoco.MjData) -> Wrenches:
    """Pull and arms of every trunk fascicle at every level, from the model's paths as placed.

    A path is cut where it passes from what lies above a level to what does not; where it slides
    over a surface it pushes the bone that the surface belongs to, so that forces and arms are those
    of virtual work.
    """
    model = anatomy.model
    rows, strength_n = trunk_muscles(anatomy)
    above = np.array([_carried_by(model, bone) for bone in LUMBAR])
    joints = [[model.joint(h).id for h in hinges] for hinges in _HINGES]
    centre = np.array([placed.xanchor[j[0]] for j in joints])
    axis = np.array([placed.xaxis[j] for j in joints])
    force, moment = np.zeros((5, len(rows), 3)), np.zeros((5, len(rows), 3))
    for i, row in enumerate(rows):
        points, bones = _path(model, placed, int(row))
        step = np.diff(points, axis=0)
        length = np.linalg.norm(step, axis=1)
        for level in range(5):
            is_above = above[level][bones]
            sense = is_above[:-1].astype(float) - is_above[1:]
            for k in np.flatnonzero((sense != 0.0) & (length > 1e-9)):
                pull = sense[k] * step[k] / length[k]
                force[level, i] += pull
                moment[level, i] += np.cross(points[k] - centre[level], pull)
    arm = np.einsum("lnc,lac->lna", moment, axis)
    return Wrenches(centre, axis, force, arm, strength_n)


def equilibrium(
    anatomy: Anatomy,
    mean_rad: np.ndarray,
    *,
    body_mass_kg: float,
    arms_carried: float = 0.0,
    forces: tuple[PulledWeight, ...] = (),
) -> Equilibrium:
    """Static optimisation in one posture (21,), upper body free but for `forces`."""
    placed = anatomy.place(mean_rad)
    work = wrenches(anatomy, placed)
    scale = anatomy.scales.trunk
    pulls = [
        PulledWeight(
            part.bone,
            (part.at_m[0] * scale, part.at_m[1] * scale),
            (0.0, 0.0, -body_mass_kg * GRAVITY_M_S2 * part.share * (1 - arms_carried * part.arm)),
        )
        for part in upper_body()
    ]
    weight, moment = _on_levels(placed, anatomy.model, work.centre_m, (*pulls, *forces))
    passive = np.zeros((5, 3))
    passive[:, 0] = passive_moment_nm(PASSIVE, 0, float(mean_rad[INDEX[Coordinate.LUMBAR_FLEXION]]))
    passive[:, 1] = -passive_moment_nm(
        PASSIVE, 1, float(mean_rad[INDEX[Coordinate.LUMBAR_SIDE_BEND]])
    )
    need = -(np.einsum("lc,lac->la", moment, work.axis) + passive)
    per_activation = work.arm_m * work.strength_n[None, :, None]
    activation, reserve = least_activation(
        per_activation.transpose(0, 2, 1).reshape(15, -1), need.reshape(15), np.tile(_RESERVE_NM, 5)
    )
    muscle = np.einsum("n,lnc->lc", activation * work.strength_n, work.force[:2])
    normal, front, right = disc_axes(placed)
    total = muscle + weight[:2]
    return Equilibrium(
        activation=activation,
        need_nm=need[:2],
        reserve_nm=reserve.reshape(5, 3)[:2],
        muscle_n=-(muscle * normal).sum(axis=1),
        weight_n=-(weight[:2] * normal).sum(axis=1),
        shear_n=np.stack([(total * front).sum(axis=1), (total * right).sum(axis=1)], axis=1),
        weight_shear_n=(weight[:2] * front).sum(axis=1),
    )


def least_activation(
    per_activation_nm: np.ndarray, need_nm: np.ndarray, reserve_nm: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Activations (n,) within 0..1 and reserves (m,) of least cost that meet the moments (m,).

    The optimum has a = clip(B' y, 0, 1) and r = reserve^2 y for some y (m,); B a + r = need is
    solved for y by Newton's method with step halving on the dual, which is concave.
    """
    compliance = reserve_nm**2

    def state(y: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        raw = per_activation_nm.T @ y
        a = np.minimum(np.maximum(raw, 0.0), 1.0)
        miss = need_nm - per_activation_nm @ a - compliance * y
        value = need_nm @ y - (a @ raw - 0.5 * a @ a) - 0.5 * compliance @ (y * y)
        return a, miss, float(value)

    y = np.zeros(len(need_nm))
    a, miss, value = state(y)
    for _ in range(_NEWTON_STEPS):
        if np.abs(miss).max() < 1e-9:
            break
        raw = per_activation_nm.T @ y
        free = per_activation_nm[:, (raw > 0.0) & (raw < 1.0)]
        step = np.linalg.solve(free @ free.T + np.diag(compliance), miss)
        size = 1.0
        tried = state(y + step)
        while tried[2] < value and size > 1e-6:
            size *= 0.5
            tried = state(y + size * step)
        y = y + size * step
        a, miss, value = tried
    return a, compliance * y


def disc_axes(placed: mujoco.MjData) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(2, 3) each for L5-S1 and L4-L5, in the world: normal (up), front and right of the disc.

    The disc lies half-way between the bones that it joins.
    """
    axes: list[list[np.ndarray]] = [[], [], []]
    for lean, below, bone in zip(DISC_FORWARD_RAD, ("sacrum", LUMBAR[0]), LUMBAR, strict=False):
        turn = placed.body(bone).xmat.reshape(3, 3) + placed.body(below).xmat.reshape(3, 3)
        normal = turn @ (np.sin(lean), np.cos(lean), 0.0)
        normal /= np.linalg.norm(normal)
        right = turn[:, 2] - normal * (turn[:, 2] @ normal)
        right /= np.linalg.norm(right)
        for out, value in zip(axes, (normal, np.cross(normal, right), right), strict=True):
            out.append(value)
    return np.array(axes[0]), np.array(axes[1]), np.array(axes[2])


def _on_levels(
    placed: mujoco.MjData,
    model: mujoco.MjModel,
    centre_m: np.ndarray,
    pulls: tuple[PulledWeight, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """(5, 3) force and moment about each joint centre of what pulls above each level."""
    force, moment = np.zeros((5, 3)), np.zeros((5, 3))
    for pull in pulls:
        bone = placed.body(pull.bone)
        at = bone.xpos + bone.xmat.reshape(3, 3) @ (*pull.at_m, 0.0)
        for level, lumbar in enumerate(LUMBAR):
            if _carried_by(model, lumbar)[bone.id]:
                force[level] += pull.force_n
                moment[level] += np.cross(at - centre_m[level], pull.force_n)
    return force, moment


def _carried_by(model: mujoco.MjModel, bone: str) -> np.ndarray:
    """(bodies,) bool: the bone itself and whatever is fixed to it further up."""
    out = np.zeros(model.nbody, dtype=bool)
    root = model.body(bone).id
    out[root] = True
    for i in range(root + 1, model.nbody):
        out[i] = out[int(model.body_parentid[i])]
    return out


def _path(model: mujoco.MjModel, placed: mujoco.MjData, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (k, 3) that a muscle runs through as placed, and the bone of each (k,)."""
    start, count = int(placed.ten_wrapadr[row]), int(placed.ten_wrapnum[row])
    points = placed.wrap_xpos.reshape(-1, 3)[start : start + count]
    surfaces = placed.wrap_obj.reshape(-1)[start : start + count]
    steps = slice(int(model.tendon_adr[row]), int(model.tendon_adr[row] + model.tendon_num[row]))
    is_site = model.wrap_type[steps] == mujoco.mjtWrap.mjWRAP_SITE
    sites = iter(model.wrap_objid[steps][is_site])
    bones = [
        model.site_bodyid[next(sites)] if surface < 0 else model.geom_bodyid[surface]
        for surface in surfaces
    ]
    return points, np.array(bones, dtype=int)
