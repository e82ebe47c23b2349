"""Which loads, strains, tensions and torques are sure enough to be told.

One rule for tables and pages; and how a range fraction is told.
"""

import numpy as np

from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.states import TORQUE_COORDINATES, Estimate, TissueState
from lengthwise.reference.constants import constant

_LOAD_SD, _LOAD_SD_SHARE, _STRAIN_SD = (
    constant("tissue", f"told_{name}")
    for name in ("load_sd_ratio", "load_sd_share_ratio", "strain_sd_ratio")
)
_STRAIN_SD_SHARE = constant("tissue", "told_strain_sd_share_ratio")
_TENSION_SD_N = constant("tissue", "told_tension_sd_n")
_TENSION_SD_SHARE = constant("tissue", "told_tension_sd_share_ratio")
_TORQUE_SD_NM = constant("tissue", "told_torque_sd_nm")
_TORQUE_SD_SHARE = constant("tissue", "told_torque_sd_share_ratio")


def told_fraction(fraction: np.ndarray) -> np.ndarray:
    """Range fractions as they are told: never below 0 or above 1.

    A length beyond the range that joints allow is told as its end. Gains, marks and window
    positions are computed before this limit, so that a stretch beyond the end still counts.
    """
    return np.asarray(np.clip(fraction, 0.0, 1.0))


def told_loads(state: TissueState) -> tuple[Estimate | None, Estimate | None]:
    """Compression of L4-L5 and L5-S1, 1 = standing; None where not known or too unsure."""
    if state.lumbar is None:
        return None, None
    return (
        _load(state.lumbar.l4l5.compression_ratio),
        _load(state.lumbar.l5s1.compression_ratio),
    )


def told_strains(state: TissueState) -> tuple[Estimate | None, ...]:
    """Sciatic left, right, femoral left, right, as ratios; None where not known or too unsure."""
    if state.nerve is None:
        return (None,) * 4
    left, right = state.nerve.left, state.nerve.right
    return tuple(
        strain if strain.sd <= max(_STRAIN_SD, _STRAIN_SD_SHARE * abs(strain.mean)) else None
        for strain in (left.sciatic, right.sciatic, left.femoral, right.femoral)
    )


def told_tensions(state: TissueState) -> tuple[Estimate | None, ...]:
    """Per group and side, in newtons; None where not known, too unsure, or a guess from a
    population."""
    tension = state.tension
    if tension is None:
        return (None,) * len(GROUP_SIDES)
    found = [tension.of(*muscle) for muscle in GROUP_SIDES]
    return tuple(
        e if own and e is not None and _sure(e) else None
        for e, own in zip(found, tension.personal.tolist(), strict=True)
    )


def told_torques(state: TissueState) -> tuple[Estimate | None, ...]:
    """About each of TORQUE_COORDINATES, in N.m, of the person's own marked muscles; None where not
    known or too unsure."""
    if state.torque is None:
        return (None,) * len(TORQUE_COORDINATES)
    found = [state.torque.of(coordinate) for coordinate in TORQUE_COORDINATES]
    return tuple(e if e is not None and _sure_torque(e) else None for e in found)


def _sure_torque(torque: Estimate) -> bool:
    return torque.sd <= max(_TORQUE_SD_NM, _TORQUE_SD_SHARE * abs(torque.mean))


def _sure(tension: Estimate) -> bool:
    return tension.sd <= max(_TENSION_SD_N, _TENSION_SD_SHARE * tension.mean)


def _load(load: Estimate) -> Estimate | None:
    return load if load.sd <= max(_LOAD_SD, _LOAD_SD_SHARE * load.mean) else None
