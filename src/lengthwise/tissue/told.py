"""Which loads and strains are sure enough to be told: one rule for tables and pages."""

from lengthwise.contracts.states import Estimate, TissueState
from lengthwise.reference.constants import constant

_LOAD_SD, _LOAD_SD_SHARE, _STRAIN_SD = (
    constant("tissue", f"told_{name}")
    for name in ("load_sd_ratio", "load_sd_share_ratio", "strain_sd_ratio")
)


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
        strain if strain.sd <= _STRAIN_SD else None
        for strain in (left.sciatic, right.sciatic, left.femoral, right.femoral)
    )


def _load(load: Estimate) -> Estimate | None:
    return load if load.sd <= max(_LOAD_SD, _LOAD_SD_SHARE * load.mean) else None
