"""A person's measures, and the anatomical model scaled to them segment by segment.

Four segments are scaled, each uniformly in its three directions: trunk (lumbar spine, thorax,
head), pelvis, thigh (femur, patella), shank (tibia, foot). Everything that a bone carries scales
with it: points of muscle paths, wrapping surfaces, the place of the next joint, the mesh.

What is not measured follows from stature: every segment keeps the generic body's proportion
(segment = stature / generic stature). Published tables of segment length over stature (Drillis and
Contini 1966) are for skin landmarks and differ from joint centres by 3 to 5 %, so they are not
mixed in. With no stature either, a segment stays generic.
"""

from math import sqrt

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.reference.constants import constant

_LOW, _HIGH = (constant("anatomy", f"scale_{end}_ratio") for end in ("low", "high"))
_GENERIC_STATURE_M = constant("anatomy", "generic_stature_m")
_SHOULDER_IN_THORAX_M = np.array(
    [
        constant("anatomy", "shoulder_forward_in_thorax_m"),
        constant("anatomy", "shoulder_up_in_thorax_m"),
        0.0,
    ]
)


class BodyMeasures(Struct, frozen=True):
    """What is known of a person's size; None: not measured.

    `trunk_length_m` from the middle between the hip joints to the middle between the shoulder
    joints, upright; `pelvis_width_m` between the hip joint centres; `thigh_length_m` hip to knee
    joint centre; `shank_length_m` knee to ankle joint centre.
    """

    height_m: float | None = None
    trunk_length_m: float | None = None
    pelvis_width_m: float | None = None
    thigh_length_m: float | None = None
    shank_length_m: float | None = None


class SegmentScales(Struct, frozen=True):
    """Ratio of each segment to the generic one."""

    trunk: float = 1.0
    pelvis: float = 1.0
    thigh: float = 1.0
    shank: float = 1.0

    def of_body(self, name: str) -> float:
        """The scale of the segment that a bone of the model belongs to."""
        if name.startswith(("femur", "patella")):
            return self.thigh
        if name.startswith(("tibia", "talus", "calcn", "toes")):
            return self.shank
        if name in ("sacrum", "pelvis", "whole_body"):
            return self.pelvis
        return self.trunk


class Proportions(Struct, frozen=True):
    """Of a model: `lengths_m` of trunk, pelvis width, thigh and shank, with the names of
    BodyMeasures; (3,) upright vectors `below_m` from the middle of the hips to L5-S1 and `above_m`
    from there to the shoulders."""

    lengths_m: dict[str, float]
    below_m: np.ndarray
    above_m: np.ndarray


def proportions(model: mujoco.MjModel, scales: SegmentScales) -> Proportions:
    """Of a model that was made with these scales."""
    hip, knee, ankle = (model.body(f"{bone}_r").pos for bone in ("femur", "tibia", "talus"))
    below, above = _mid_hip_to_shoulder_m(model, scales)
    lengths_m = {
        "trunk_length_m": float(np.linalg.norm(below + above)),
        "pelvis_width_m": float(2 * abs(hip[2])),
        "thigh_length_m": float(np.linalg.norm(knee)),
        "shank_length_m": float(np.linalg.norm(ankle)),
    }
    return Proportions(lengths_m, below, above)


def segment_scales(measures: BodyMeasures, generic: Proportions) -> SegmentScales:
    """Scales that give the generic model the measured lengths.

    Raises InputError for a measure that is not a plausible length of a person.
    """
    known = generic.lengths_m
    default = _ratio("height_m", measures.height_m, _GENERIC_STATURE_M) or 1.0
    pelvis = _scale("pelvis_width_m", measures.pelvis_width_m, known) or default
    trunk = default
    if _scale("trunk_length_m", measures.trunk_length_m, known) is not None:
        trunk = _trunk_scale(float(measures.trunk_length_m or 0.0), pelvis, generic)
    return SegmentScales(
        trunk=trunk,
        pelvis=pelvis,
        thigh=_scale("thigh_length_m", measures.thigh_length_m, known) or default,
        shank=_scale("shank_length_m", measures.shank_length_m, known) or default,
    )


def scale_spec(spec: mujoco.MjSpec, scales: SegmentScales) -> None:
    """Scale every bone of a spec in place; a body's own position scales with its parent."""
    mesh_scale: dict[str, float] = {}
    for body in spec.bodies:
        if body.name == "world":
            continue
        own = scales.of_body(body.name)
        if body.parent.name != "world":
            body.pos = np.asarray(body.pos) * scales.of_body(body.parent.name)
        body.ipos = np.asarray(body.ipos) * own
        for joint in body.joints:
            joint.pos = np.asarray(joint.pos) * own
        for site in body.sites:
            site.pos = np.asarray(site.pos) * own
        for geom in body.geoms:
            geom.pos = np.asarray(geom.pos) * own
            geom.size = np.asarray(geom.size) * own
            geom.fromto = np.asarray(geom.fromto) * own
            if geom.meshname:
                mesh_scale[geom.meshname] = own
    for mesh in spec.meshes:
        mesh.scale = np.asarray(mesh.scale) * mesh_scale.get(mesh.name, 1.0)


def _ratio(name: str, value_m: float | None, generic_m: float) -> float | None:
    if value_m is None:
        return None
    ratio = value_m / generic_m
    if not _LOW <= ratio <= _HIGH:
        raise InputError(
            name,
            value=f"{value_m} m",
            allowed=f"{_LOW * generic_m:.2f} to {_HIGH * generic_m:.2f} m",
            remedy="measure again, or leave it out",
        )
    return ratio


def _scale(name: str, value_m: float | None, generic_m: dict[str, float]) -> float | None:
    return _ratio(name, value_m, generic_m[name])


def _mid_hip_to_shoulder_m(
    model: mujoco.MjModel, scales: SegmentScales
) -> tuple[np.ndarray, np.ndarray]:
    """Upright vectors from the middle of the hips to L5-S1, and from there to the shoulders."""
    hip = model.body("femur_r").pos * (1.0, 1.0, 0.0)
    below = model.body("lumbar5").pos - hip
    above = scales.trunk * _SHOULDER_IN_THORAX_M
    bone = model.body("torso")
    while bone.name != "lumbar5":
        above = above + bone.pos
        bone = model.body(int(bone.parentid[0]))
    return below, above


def _trunk_scale(length_m: float, pelvis: float, generic: Proportions) -> float:
    """The trunk scale t for which |pelvis x below + t x above| is the measured length."""
    below, above = generic.below_m * pelvis, generic.above_m
    a, b = float(above @ above), float(below @ above)
    c = float(below @ below) - length_m**2
    return (sqrt(b * b - a * c) - b) / a
