"""Lumbar compression and shear against the person's own upright standing, as bands.

What is said: how much the discs L4-L5 and L5-S1 of this person bear in this posture, as a ratio to
standing (1), with an sd that holds the doubt about the posture and about the mechanics. It is a
band for comparing postures of one person. It says nothing about what a spine should or may bear.

Statics in `load_kernel`, with muscles fitted to the static optimisation of `lumbar_statics`. Masses
and their places: `upper_body`. What else carries the upper body follows from the declared posture:
- standing, half-kneeling: nothing;
- sitting: thighs or a rest carry half of the arms; the seat's forces reach the pelvis only;
- on all fours: hands under the shoulders, knees under the hips, no friction;
- lying: how the floor shares the weight cannot be told from a posture, so the published ratio of
  that posture is taken over and only what a bent spine's passive pull presses is added. A chest
  raised from the floor, on the back or prone, widens the band up to that of a free trunk;
- unknown: no load is given.

The sd adds as variances: the covariance of pelvis and lumbar spine through the slope of the ratio;
each uncertain figure of `constants_data/lumbar_load.toml`, moved by one sd in standing and posture
alike; and `structure_sd_ratio` of the change against standing for what the model lacks.

Beyond the simplifications of `lumbar_statics`: chest and head follow the lumbar spine as one piece
(a bend of the chest alone is not seen here), arms hang straight down, legs are carried by whatever
is under them. On all fours a raised hand is not known of, and with a raised leg nothing is told.
"""

from dataclasses import dataclass, field
from math import cos, hypot, pi

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import Posture
from lengthwise.contracts.states import Estimate, LevelLoad, LumbarLoad
from lengthwise.reference.constants import constant, constants
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of
from lengthwise.tissue import load_kernel as kernel
from lengthwise.tissue.groups import check_posture
from lengthwise.tissue.passive_bending import PASSIVE
from lengthwise.tissue.upper_body import GRAVITY_M_S2, LUMBAR, THORAX, upper_body

ANGLES: tuple[int, ...] = tuple(
    INDEX[c] for c in (Coordinate.PELVIS_TILT, Coordinate.PELVIS_OBLIQUITY, *LUMBAR_TOTALS)
)
"""Where the five angles that the load depends on stand in COORDINATES."""

_AT, _GRID = np.array(ANGLES), np.ix_(ANGLES, ANGLES)
_LYING = {Posture.SUPINE: "supine", Posture.PRONE: "prone", Posture.SIDE_LYING: "side"}
_PELVIS_RAD = {Posture.SUPINE: -pi / 2, Posture.PRONE: pi / 2}
_LEGS_ON_FLOOR = [
    INDEX[Coordinate(f"{joint}_flexion_{side}")] for joint in ("hip", "knee") for side in "lr"
]
_LEVELS = ("l5s1", "l4l5")
_STEP_RAD = 1e-3
_RAISED_FROM = frozenset({Posture.SUPINE, Posture.PRONE})
_FIT = ("extensor", "extensor_flexed", "flexor", "flexor_extended", "side", "side_flexed", "turn")


class HeldWeight(Struct, frozen=True):
    """A weight in both hands: `mass_kg`, and how far in front of the shoulders, level, it hangs."""

    mass_kg: float = 0.0
    reach_m: float = 0.0


@dataclass(frozen=True)
class LoadParams:
    """What stays fixed during a session; `of` builds it. Arrays as in `load_kernel.level_loads`.

    `here`, `standing` (k, OPTIONS): the options of the posture and of standing, first as believed,
    then with one uncertain figure each moved by its sd. `standing_n` (k, 2, 8) loads of the latter;
    `arrays` what the kernel takes besides angles and options.
    """

    posture: Posture
    offsets_m: np.ndarray
    shares: np.ndarray
    parts: np.ndarray
    pelvis: np.ndarray
    lean_rad: np.ndarray
    fit: np.ndarray
    here: np.ndarray
    standing: np.ndarray
    arrays: tuple[np.ndarray, ...] = field(init=False, repr=False)
    standing_n: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        arrays = (
            self.offsets_m, self.shares, self.parts, self.pelvis, self.lean_rad, self.fit, PASSIVE,
        )  # fmt: skip
        object.__setattr__(self, "arrays", arrays)
        at_rest = np.array([self.loads_n(np.zeros(5), options) for options in self.standing])
        object.__setattr__(self, "standing_n", frozen_array(at_rest))

    @classmethod
    def of(
        cls,
        anatomy: Anatomy,
        *,
        body_mass_kg: Estimate,
        posture: Posture,
        held: HeldWeight | None = None,
    ) -> "LoadParams":
        """Raises ValueError for a mass that is not positive and finite, and for a weight held while
        the hands are on the floor or the floor carries the body.
        """
        held = held or HeldWeight()
        if held.mass_kg > 0.0 and (posture in _LYING or posture is Posture.FOUR_POINT):
            raise ValueError(f"a held weight is not known of in posture {posture.value}")
        if not (0.0 < body_mass_kg.mean < np.inf and 0.0 <= held.mass_kg < np.inf):
            raise ValueError(f"a body mass must be positive, got {body_mass_kg.mean} kg")
        model, scales = anatomy.model, anatomy.scales
        row = {bone: i for i, bone in enumerate((*LUMBAR, THORAX))}
        scale = scales.trunk
        parts = [
            (row[p.bone], p.at_m[0] * scale, p.at_m[1] * scale, p.share, float(p.arm))
            for p in upper_body()
        ]
        lower = [_figure(f"lower_trunk_{n}") for n in ("forward_m", "up_m", "ratio")]
        hip = model.body("femur_r").pos
        here, standing = _doubts(posture, body_mass_kg, held, scale)
        return cls(
            posture=posture,
            offsets_m=frozen_array([model.body(b).pos for b in (*LUMBAR, THORAX)]),
            shares=frozen_array([shares_of(total) for total in LUMBAR_TOTALS]),
            parts=frozen_array(parts),
            pelvis=frozen_array(
                [lower[0] * scales.pelvis, lower[1] * scales.pelvis, lower[2], hip[0], hip[1]]
            ),
            lean_rad=frozen_array([_figure(f"disc_forward_{level}_rad") for level in _LEVELS]),
            fit=frozen_array(fitted(scale)),
            here=frozen_array(here),
            standing=frozen_array(standing),
        )

    def loads_n(self, angles_rad: np.ndarray, options: np.ndarray) -> np.ndarray:
        """(2, 8) as from `load_kernel.level_loads`."""
        found: np.ndarray = kernel.level_loads(angles_rad, options, *self.arrays)
        return found


def lumbar_load(
    params: LoadParams, mean_rad: np.ndarray, covariance_rad2: np.ndarray
) -> LumbarLoad | None:
    """The load of a posture (21,) with its covariance (21, 21), both over COORDINATES.

    None where the posture was not declared, or is plainly not taken yet or any more: what carries
    the upper body is then unknown. Raises ValueError for other shapes or non-finite values.
    """
    check_posture(mean_rad, covariance_rad2, len(COORDINATES))
    if params.posture is Posture.UNKNOWN or not _taken(params.posture, mean_rad):
        return None
    angles_rad, covariance = mean_rad[_AT], covariance_rad2[_GRID]
    if params.posture in _LYING:
        mean, sd = _bands_lying(params, angles_rad, covariance)
    else:
        mean, sd, _ = _free_bands(params, angles_rad, covariance)
    shown = params.posture not in _LYING
    l5s1, l4l5 = (
        LevelLoad(
            compression_ratio=Estimate(level[0], level_sd[0]),
            compression_n=Estimate(level[1], level_sd[1]),
            shear_ratio=Estimate(level[2], level_sd[2]) if shown else None,
        )
        for level, level_sd in zip(mean.tolist(), sd.tolist(), strict=True)
    )
    return LumbarLoad(l5s1=l5s1, l4l5=l4l5)


def _taken(posture: Posture, mean_rad: np.ndarray) -> bool:
    """Whether the body may be as the declared posture has it. Someone who lies on the side is
    measured in axes that lie too, so nothing contradicts that."""
    tilt_rad, within_rad = float(mean_rad[ANGLES[0]]), _IN_POSTURE_WITHIN_RAD
    if posture is Posture.SIDE_LYING:
        return True
    if posture in _PELVIS_RAD:
        return abs(tilt_rad - _PELVIS_RAD[posture]) < within_rad
    if posture is Posture.FOUR_POINT and tilt_rad > within_rad:
        # A leg that is raised or stretched hangs on the pelvis, which the statics do not know of.
        return bool((mean_rad[_LEGS_ON_FLOOR] > within_rad).all())
    return tilt_rad > -within_rad


def fitted(trunk_scale: float) -> np.ndarray:
    """(2, 9) the fitted muscles of L5-S1 and L4-L5; arms grow with the trunk, N per N m fall."""
    rows = []
    for level in _LEVELS:
        per_nm = [constant("lumbar_surrogate", f"{name}_{level}_n_per_nm") for name in _FIT]
        across = [
            constant("lumbar_surrogate", f"{name}_shear_{level}_ratio")
            for name in ("extensor", "flexor")
        ]
        rows.append([*(value / trunk_scale for value in per_nm), *across])
    return np.array(rows)


def _doubts(
    posture: Posture, body_mass_kg: Estimate, held: HeldWeight, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """(k, OPTIONS) twice: the posture and standing, as believed and with each figure moved."""
    tone_n = _figure("postural_tone_ratio") * body_mass_kg.mean * GRAVITY_M_S2
    standing = np.zeros(kernel.OPTIONS)
    for at in (kernel.BODY, kernel.ARM, kernel.SIDE_ARM, kernel.PASSIVE_SIZE, kernel.HANDS_PUSH):
        standing[at] = 1.0
    standing[kernel.MASS_KG], standing[kernel.TONE_N] = body_mass_kg.mean, tone_n
    standing[kernel.LINE] = _figure("passive_line_ratio")
    here = standing.copy()
    here[kernel.HELD_KG], here[kernel.HELD_REACH_M] = held.mass_kg, held.reach_m
    if posture is Posture.SITTING:
        here[kernel.ARMS_CARRIED] = _figure("sitting_arms_carried_ratio")
    if posture is Posture.FOUR_POINT:
        here[kernel.HANDS_M] = _figure("hands_under_shoulders_m") * scale
    both: list[tuple[int, float]] = [
        (kernel.BODY, _figure("body_share_sd_ratio")),
        (kernel.MASS_KG, body_mass_kg.sd),
        (kernel.FORWARD_M, _figure("centre_forward_sd_m")),
        (kernel.ARM, _figure("muscle_arm_sd_ratio")),
        (kernel.SIDE_ARM, _figure("side_arm_sd_ratio")),
        (kernel.TONE_N, _figure("tone_sd_ratio") * tone_n),
        (kernel.PASSIVE_SIZE, _spread("passive_end_nm") / _figure("passive_end_nm")),
        (kernel.LINE, _spread("passive_line_ratio")),
    ]
    only_here: list[tuple[int, float]] = [(kernel.TONE_N, _figure("tone_here_sd_ratio") * tone_n)]
    if posture is Posture.SITTING:
        only_here.append((kernel.ARMS_CARRIED, _spread("sitting_arms_carried_ratio")))
    if posture is Posture.FOUR_POINT:
        only_here.append((kernel.HANDS_PUSH, _figure("hands_share_sd_ratio")))
    if held.mass_kg > 0.0:
        only_here.append((kernel.HELD_REACH_M, _figure("held_reach_sd_m")))
    moved_here, moved_standing = [here], [standing]
    for n, (at, sd) in enumerate((*both, *only_here)):
        moved = here.copy()
        moved[at] += sd
        moved_here.append(moved)
        rest = standing.copy()
        if n < len(both):
            rest[at] += sd
        moved_standing.append(rest)
    return np.array(moved_here), np.array(moved_standing)


def _free_bands(
    params: LoadParams, angles_rad: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found: tuple[np.ndarray, np.ndarray, np.ndarray] = _bands(
        angles_rad,
        covariance,
        params.here,
        params.standing_n,
        _STRUCTURE_SD,
        _SHEAR_LEFT_N_PER_KG,
        *params.arrays,
    )
    return found


def _bands_lying(
    params: LoadParams, angles_rad: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(2, 3) means and sds as of `_bands`: published ratio, passive pull, and a raised chest."""
    free, free_sd, taut_n = _free_bands(params, angles_rad, covariance)
    raised = 0.0
    if params.posture in _RAISED_FROM:
        # The long axis of the chest against the floor; side and turn hardly change it.
        raised = cos(float(angles_rad[0] + angles_rad[2])) ** 2
    mean, sd = np.zeros((2, 3)), np.zeros((2, 3))
    for k in range(2):
        standing_n = float(params.standing_n[0, k, kernel.COMPRESSION])
        taut = float(taut_n[k]) / standing_n
        ratio = _LYING_RATIO[params.posture] + taut
        more = max(float(free[k, 0]) - ratio, 0.0)
        of_ratio = hypot(_LYING_SD, _SD_OF_PULL * taut, raised * hypot(more, float(free_sd[k, 0])))
        of_standing = float(free_sd[k, 1]) / max(float(free[k, 1]), 1.0)
        mean[k, :2] = ratio, ratio * standing_n
        sd[k, :2] = of_ratio, ratio * standing_n * of_standing + of_ratio * standing_n
    return mean, sd


@njit(cache=True)
def _bands(
    angles_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    here: np.ndarray,
    standing_n: np.ndarray,
    structure_sd: float,
    shear_left_n_per_kg: np.ndarray,
    offsets_m: np.ndarray,
    shares: np.ndarray,
    parts: np.ndarray,
    pelvis: np.ndarray,
    lean_rad: np.ndarray,
    fit: np.ndarray,
    passive: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(2, 3) means and sds: compression as ratio, compression in N, shear as ratio; (2,) passive
    pull, N."""
    mean, variance, taut_n = np.empty((2, 3)), np.zeros((2, 3)), np.empty(2)
    slope = np.empty((2, 3, 5))
    bones, centre = np.empty((7, 3, 3)), np.empty((6, 3))
    at, weight = np.empty((len(parts) + 2, 3)), np.empty(len(parts) + 2)
    found, less = np.empty((2, 8)), np.empty((2, 8))
    kernel.place(angles_rad, offsets_m, shares, bones, centre)
    for n in range(len(here)):
        kernel.loads_of(
            found, angles_rad, here[n], shares, parts, pelvis, lean_rad, fit, passive,
            bones, centre, at, weight,
        )  # fmt: skip
        for k in range(2):
            rest = standing_n[n, k, 0]
            ratio, force_n, shear = found[k, 0] / rest, found[k, 0], found[k, 1] / rest
            if n == 0:
                mean[k, 0], mean[k, 1], mean[k, 2] = ratio, force_n, shear
                taut_n[k] = found[k, kernel.TAUT]
            else:
                variance[k, 0] += (ratio - mean[k, 0]) ** 2
                variance[k, 1] += (force_n - mean[k, 1]) ** 2
                variance[k, 2] += (shear - mean[k, 2]) ** 2
    moved = angles_rad.copy()
    for i in range(5):
        moved[i] = angles_rad[i] - _STEP_RAD
        kernel.place(moved, offsets_m, shares, bones, centre)
        kernel.loads_of(
            less, moved, here[0], shares, parts, pelvis, lean_rad, fit, passive,
            bones, centre, at, weight,
        )  # fmt: skip
        moved[i] = angles_rad[i] + _STEP_RAD
        kernel.place(moved, offsets_m, shares, bones, centre)
        kernel.loads_of(
            found, moved, here[0], shares, parts, pelvis, lean_rad, fit, passive,
            bones, centre, at, weight,
        )  # fmt: skip
        moved[i] = angles_rad[i]
        for k in range(2):
            rest = standing_n[0, k, 0]
            by_n = (found[k, 0] - less[k, 0]) / (2.0 * _STEP_RAD)
            slope[k, 0, i], slope[k, 1, i] = by_n / rest, by_n
            slope[k, 2, i] = (found[k, 1] - less[k, 1]) / (2.0 * _STEP_RAD) / rest
    for k in range(2):
        for q in range(3):
            through = 0.0
            for i in range(5):
                for j in range(5):
                    through += slope[k, q, i] * covariance_rad2[i, j] * slope[k, q, j]
            variance[k, q] += max(through, 0.0)
    for k in range(2):
        variance[k, 0] += (structure_sd * (mean[k, 0] - 1.0)) ** 2
        variance[k, 1] += (structure_sd * mean[k, 1]) ** 2
        left_n = shear_left_n_per_kg[k] * here[0, kernel.MASS_KG]
        variance[k, 2] += (structure_sd * mean[k, 2]) ** 2 + (left_n / standing_n[0, k, 0]) ** 2
    return mean, np.sqrt(variance), taut_n


def _figure(name: str) -> float:
    return constant("lumbar_load", name)


def _spread(name: str) -> float:
    """The sd of a figure whose low and high stand for two of them each way."""
    entry = constants("lumbar_load")[name]
    return (entry.high - entry.low) / 4.0


_STRUCTURE_SD = _figure("structure_sd_ratio")
_SHEAR_LEFT_N_PER_KG = np.array(
    [constant("lumbar_surrogate", f"shear_left_{level}_n_per_kg") for level in _LEVELS]
)
"""What the fitted muscles leave of the shear that the static optimisation has."""
_LYING_RATIO = {posture: _figure(f"lying_{name}_ratio") for posture, name in _LYING.items()}
_LYING_SD = _figure("lying_sd_ratio")
_SD_OF_PULL = _figure("passive_sd_of_pull_ratio")
_IN_POSTURE_WITHIN_RAD = _figure("in_posture_within_rad")
