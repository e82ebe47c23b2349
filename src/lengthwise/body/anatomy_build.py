"""The anatomical model: torso and legs of `myo-sim`, put together and mended as an editable spec.

Taken from the package (Apache-2.0): bones, joints, muscle paths. Not taken: the arms (their source
is non-commercial), the muscle parameters (not anatomical: optimal fibre length within 10 % of its
source for 24 % of the muscles only) and the equality constraints, which kinematics ignores and
whose lumbar part turns L5-S1 by the whole angle; `joint_map` carries what is used of them.

Mended here, each with a test that shows the fault first:
- `LTpT_T12_l` carries the coordinates of the right side, and the two rectus abdominis those of each
  other (against the Pose2Sim model 11.5 mm SD, mirrored 1.8): their z is mirrored;
- the knee turns about the origin of the tibia. Its source, `walker_knee_r` of Rajagopal et al. 2016
  (doi:10.1109/TBME.2016.2586891), turns about a point 8.8 mm behind and below it; the package took
  over the place of the bone and lost the offset. Mended, the difference of the knee muscles to two
  published models halves (hamstrings at 100 degrees 20 to 9 mm), and the jump of the lateral
  gastrocnemius at 122 degrees is gone;
- the iliacus is kept on the side of its brim from which it comes. MuJoCo takes of two ways around a
  surface the one whose touching points lie further towards the given side, and where both ends
  are near the surface the long way round can win: +253 mm from 126.5 degrees of hip flexion on;
- the gastrocnemii run over the femur's condyle, whose surface the package has and leaves out of
  their paths (MuJoCo takes one surface between two points, and the package took that of the shank).
  Without it they go through the condyle, and their arms at the knee fall from 27 mm to nothing or
  change sign beyond 130 degrees. They begin above the middle of the surface, the medial
  head a little in front of it, so the given side is behind and above. What is given up for it is
  the surface of the shank;
- the short head of biceps femoris has no surface of the gastrocnemius under it, which turned it
  into an extensor beyond 118 degrees, but runs to the fibula by way of a point at the outer condyle
  of the tibia, where its tendon holds too. Its place is the one from which the arm is nearest to
  20 mm at all angles (least squares, every 5 degrees up to 140: 17 to 23 mm, 12 at 140). In six
  cadavers the arm of biceps femoris was the same at all angles of the knee (Visser 1990, Eur J
  Appl Physiol 61:453-460); 20 mm: Spoor & van Leeuwen 1992 (doi:10.1016/0021-9290(92)90276-7), as
  the tables of Tözeren, Human Body Dynamics (2000), appendix C, give it;
- the pelvis of the legs stands 0.06 degrees off the sacrum, by a rounded pi/2: set to the sacrum's;
- the pelvis is weighed twice, as sacrum of the torso (7.5 kg) and as pelvis of the legs (11.0 kg):
  the sacrum keeps next to nothing;
- no muscle spans lumbar spine and hip: whole psoas fascicles are added beside the cut parts;
- the rectus abdominis is a straight line from ribs to pubis, 6.7 cm from the lumbar joints upright,
  3 cm when the spine is extended (through the belly) and 12 cm when it is flexed, with no belly to
  hold it. It is led where it was seen in five standing women, at each disc as far in front of the
  joint as published (Jorgensen et al. 2005, Clin Biomech 20:242-246). That these places go along
  with the vertebra above the disc is an expert default: nobody has measured bent people.

Known and left: the package leaves the pelvic wrapping surfaces out of the two upper parts of
gluteus maximus and of the hip part of psoas. With them glmax1 and glmax2 agree with Rajagopal's
model to 0.04 mm SD, but paths flip by up to 158 mm within the normal range; without them they are
smooth and fall short, from 20 degrees of hip flexion on, by up to 30 mm (glmax1) and 15 mm (glmax2)
at 120 degrees.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import mujoco
import numpy as np
from msgspec import Struct

from lengthwise.contracts.errors import MissingPartError

ROOT_BODY = "whole_body"
ATTITUDE_JOINT = "pelvis_attitude"
COMPOSITE_PSOAS = "psoas_composite_"
_TENDON = "_tendon"
_SIDES = (("r", 1.0), ("l", -1.0))
_WRONG_SIDE = ("LTpT_T12_l", "rect_abd_r", "rect_abd_l")

_NEXT_TO_NOTHING_KG = 1e-3
_KNEE_CENTRE_IN_TIBIA_M = (-0.00808954, -0.0035348, -0.00148474)
"""Right side; Rajagopal et al. 2016, `walker_knee_r`, offset of the child frame."""
_GASTROCNEMII = ("gasmed", "gaslat")
_BEHIND_CONDYLE_M = (-0.04, 0.03, 0.0)
"""From the middle of the condyle's surface, back and up: only its direction counts."""
_OUTER_CONDYLE_IN_TIBIA_M = (-0.0234, -0.0238, 0.0318)
"""Right side; see the head of this module."""
_RECTUS_BEFORE_DISC_M = (
    ("lumbar5", 0.098, 0.0181),
    ("lumbar4", 0.085, 0.0201),
    ("lumbar3", 0.085, 0.0222),
    ("lumbar2", 0.091, 0.0244),
    ("lumbar1", 0.097, 0.0262),
)
"""Vertebra above the disc, from its lower joint to the front, and aside: on the line ribs-pubis."""


class Coupling(Struct, frozen=True):
    """A joint that follows another: position = sum of coefficients[i] x (other angle)^i."""

    joint: str
    follows: str
    coefficients: tuple[float, ...]


class RawAnatomy(Struct, frozen=True):
    """The composed spec before scaling, and the couplings that the package declares for it."""

    spec: mujoco.MjSpec
    couplings: tuple[Coupling, ...]


def raw_anatomy() -> RawAnatomy:
    """Torso and legs as the package has them, without its muscle parameters and constraints.

    Raises MissingPartError where the package is not installed.
    """
    spec = mujoco.MjSpec.from_string(_composed_xml())
    couplings = tuple(
        Coupling(e.name1, e.name2, tuple(float(c) for c in e.data[:5]))
        for e in spec.equalities
        if e.name2
    )
    for equality in list(spec.equalities):
        spec.delete(equality)
    root = spec.body(ROOT_BODY)
    root.add_joint(name=ATTITUDE_JOINT, type=mujoco.mjtJoint.mjJNT_BALL)
    return RawAnatomy(spec, couplings)


def mended_anatomy() -> RawAnatomy:
    """`raw_anatomy` with the corrections that the head of this module lists."""
    raw = raw_anatomy()
    _put_on_their_side(raw.spec)
    raw.spec.body("pelvis").alt.euler = raw.spec.body("sacrum").alt.euler
    _place_knee_axes(raw.spec)
    _run_gastrocnemii_over_condyles(raw.spec)
    _run_short_head_by_outer_condyle(raw.spec)
    _keep_iliacus_on_its_side(raw.spec)
    _weigh_pelvis_once(raw.spec)
    _lead_rectus_abdominis_round_the_belly(raw.spec)
    _add_composite_psoas(raw.spec)
    return raw


def muscle_name(tendon: str) -> str:
    """The name of the muscle in files: that of the model, with `.` and `-` written as `_`."""
    return tendon.removesuffix(_TENDON).replace(".", "_").replace("-", "_")


def _composed_xml() -> str:
    """One XML document of torso, head and legs, without floor, scene and arms.

    The parts are merged as XML and not attached as specs: attaching without a prefix makes MuJoCo
    write a warning to a log file in the current folder.
    """
    try:
        from myo_sim import MODELS_DIR
        from myo_sim.build.utils import component_children
    except ImportError as cause:
        raise MissingPartError(
            "myo-sim", needed_for="the anatomical model", remedy="pip install myo-sim==0.2.4"
        ) from cause
    document = ET.Element("mujoco", {"model": "lengthwise_torso_legs"})
    meshes = str(MODELS_DIR)
    ET.SubElement(
        document,
        "compiler",
        {"angle": "radian", "meshdir": meshes, "texturedir": meshes, "balanceinertia": "true"},
    )
    for part in (
        "torso/assets/myotorso_assets.xml",
        "head/assets/myohead_simple_assets.xml",
        "leg/assets/myolegs_assets.xml",
        "torso/assets/myotorso_tendon.xml",
        "leg/assets/myolegs_tendon.xml",
    ):
        document.extend(
            child
            for child in component_children(MODELS_DIR / part)
            if child.tag in {"default", "asset", "equality", "tendon"}
        )
    root = ET.SubElement(
        ET.SubElement(document, "worldbody"), "body", {"name": ROOT_BODY, "pos": "0 0 1"}
    )
    for part in ("torso/assets/myotorso_chain.xml", "leg/assets/myolegs_chain.xml"):
        root.extend(component_children(MODELS_DIR / part))
    return ET.tostring(document, encoding="unicode")


def path_sites(spec: mujoco.MjSpec, muscle: str) -> tuple[mujoco.MjsSite, ...]:
    """The sites a muscle runs through, in order; wrapping surfaces are left out."""
    tendon = spec.tendon(muscle + _TENDON)
    return tuple(step.target for step in tendon.path if step.type == mujoco.mjtWrap.mjWRAP_SITE)


def _put_on_their_side(spec: mujoco.MjSpec) -> None:
    for muscle in _WRONG_SIDE:
        for site in path_sites(spec, muscle):
            site.pos = np.asarray(site.pos) * (1.0, 1.0, -1.0)


def _place_knee_axes(spec: mujoco.MjSpec) -> None:
    """All joints of the shank: the slides do not mind where they stand."""
    for side, sign in _SIDES:
        for joint in spec.body(f"tibia_{side}").joints:
            joint.pos = np.array(_KNEE_CENTRE_IN_TIBIA_M) * (1.0, 1.0, sign)


def _run_gastrocnemii_over_condyles(spec: mujoco.MjSpec) -> None:
    for side, _ in _SIDES:
        condyle, femur = spec.geom(f"Gastroc_at_condyles_wrap_{side}"), spec.body(f"femur_{side}")
        behind = femur.add_site(
            name=f"Gastroc_at_condyles_site_{side}", pos=condyle.pos + np.array(_BEHIND_CONDYLE_M)
        )
        for muscle in _GASTROCNEMII:
            origin, heel = path_sites(spec, f"{muscle}_{side}")
            path = _emptied(spec, f"{muscle}_{side}")
            path.wrap_site(origin.name)
            path.wrap_geom(condyle.name, behind.name)
            path.wrap_site(heel.name)


def _run_short_head_by_outer_condyle(spec: mujoco.MjSpec) -> None:
    for side, sign in _SIDES:
        origin, fibula = path_sites(spec, f"bfsh_{side}")
        condyle = spec.body(f"tibia_{side}").add_site(
            name=f"bfsh-condyle_{side}", pos=np.array(_OUTER_CONDYLE_IN_TIBIA_M) * (1.0, 1.0, sign)
        )
        path = _emptied(spec, f"bfsh_{side}")
        for site in (origin, condyle, fibula):
            path.wrap_site(site.name)


def _lead_rectus_abdominis_round_the_belly(spec: mujoco.MjSpec) -> None:
    for side, sign in _SIDES:
        pubis, ribs = path_sites(spec, f"rect_abd_{side}")
        path = _emptied(spec, f"rect_abd_{side}")
        path.wrap_site(pubis.name)
        for vertebra, front_m, aside_m in _RECTUS_BEFORE_DISC_M:
            before = spec.body(vertebra).add_site(
                name=f"rect_abd-{vertebra}_{side}", pos=(front_m, 0.0, sign * aside_m)
            )
            path.wrap_site(before.name)
        path.wrap_site(ribs.name)


def _emptied(spec: mujoco.MjSpec, muscle: str) -> mujoco.MjsTendon:
    """A muscle's tendon, without a path, behind all the others."""
    spec.delete(spec.tendon(muscle + _TENDON))
    return spec.add_tendon(name=muscle + _TENDON)


def _keep_iliacus_on_its_side(spec: mujoco.MjSpec) -> None:
    """Its side of the brim is where its last point on the pelvis lies; no length below changes."""
    for side in ("r", "l"):
        before_brim = path_sites(spec, f"iliacus_{side}")[1]
        spec.site(f"IL_at_brim_site_iliacus_{side}").pos = before_brim.pos


def _weigh_pelvis_once(spec: mujoco.MjSpec) -> None:
    sacrum = spec.body("sacrum")
    share = _NEXT_TO_NOTHING_KG / sacrum.mass
    sacrum.mass, sacrum.inertia = _NEXT_TO_NOTHING_KG, np.asarray(sacrum.inertia) * share


def _cut_psoas(spec: mujoco.MjSpec) -> Iterator[tuple[str, str]]:
    """(fascicle, side) of every lumbar part, e.g. ("L1_VB", "r")."""
    for tendon in spec.tendons:
        muscle = tendon.name.removesuffix(_TENDON)
        if muscle.startswith("Ps_"):
            yield muscle[len("Ps_") : -2], muscle[-1]


def _add_composite_psoas(spec: mujoco.MjSpec) -> None:
    """Whole psoas fascicles: vertebra, pelvic brim, femur.

    The brim point belongs to the hip part of the model (`psoas_*`, second point of its path). From
    the vertebra to it the length depends on the lumbar coordinates only, from it to the femur on
    the hip only, so a whole fascicle is a lumbar part plus a hip part exactly.
    """
    for fascicle, side in list(_cut_psoas(spec)):
        whole = spec.add_tendon(name=f"{COMPOSITE_PSOAS}{fascicle}_{side}{_TENDON}")
        vertebra = path_sites(spec, f"Ps_{fascicle}_{side}")[0]
        brim_to_femur = path_sites(spec, f"psoas_{side}")[1:]
        for site in (vertebra, *brim_to_femur):
            whole.wrap_site(site.name)
