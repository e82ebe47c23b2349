"""What OpenSim's `lumbar_*` coordinates mean in a model whose trunk is one piece.

Models such as gait2392 and Rajagopal's have one joint between pelvis and trunk. Markers of the
chest drive it, so `lumbar_extension` there is the bend of the whole spine, chest against pelvis.
Ours is the sum of the five lumbar levels. A motion file does not say which model it is of, so the
angle is taken as it stands, and said.
"""

from collections.abc import Iterable

from lengthwise.body.kinematic_chain import BEND_SHARES

_PLANES = {
    "lumbar_extension": "sagittal",
    "lumbar_bending": "frontal",
    "lumbar_rotation": "axial",
}


def whole_trunk_notes(columns: Iterable[str]) -> tuple[str, ...]:
    """A sentence where one of the bare names of columns may mean the whole trunk, else none."""
    named = [name for name in columns if name in _PLANES]
    if not named:
        return ()
    shares = ", ".join(f"{100.0 * lumbar_share(_PLANES[name]):.0f} % of {name}" for name in named)
    return (
        f"{', '.join(named)}: taken as the low back's alone; in a model whose trunk is one piece "
        f"(gait2392, Rajagopal) the low back does only some of it, usually {shares}",
    )


def lumbar_share(plane: str) -> float:
    """Of chest against pelvis in one plane: the rest is that of the chest and of seeing it."""
    _, lumbar, residual = BEND_SHARES[plane].tolist()
    return float(lumbar / (lumbar + residual))
