"""A peer for muscle lengths: the Pose2Sim full-body model in OpenSim, where both are installed.

`opensim` 4.6 (Apache-2.0) and the model file inside the wheel of `pose2sim` 0.10.49 (BSD-3-Clause;
adapted from Beaucage-Gauvreau et al. with the knees of Rajagopal et al.) are fetched by whoever
wants to compare; neither is shipped or needed:
`pip install 'lengthwise[bench-opensim]' && pip install --no-deps pose2sim==0.10.49`.

Joints are set as in the reference tables: lumbar totals shared as ours, T12-L1 at rest, the abdomen
by the model's own couplers relative to its totals, the patella with its knee, couplers off.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.reference.lumbar_shares import LUMBAR_TOTALS, shares_of

_FILE = Path("OpenSim_Setup") / "Model_Pose2Sim_muscles_flex.osim"
_LEVELS = ("L5_S1", "L4_L5", "L3_L4", "L2_L3", "L1_L2")
_DIRECTION = {
    Coordinate.LUMBAR_FLEXION: ("Flex_Ext", -1.0, "Abs_r3", 1.0),
    Coordinate.LUMBAR_SIDE_BEND: ("Lat_Bending", 1.0, "Abs_r2", 1.0493),
    Coordinate.LUMBAR_ROTATION: ("axial_rotation", 1.0, "Abs_r1", 0.9999),
}
"""Per lumbar total: the direction of a level, its sign, the turn of the abdomen and its share."""


def installed() -> bool:
    return find_spec("opensim") is not None and _model_file() is not None


def _model_file() -> Path | None:
    package = find_spec("Pose2Sim")
    if package is None or package.origin is None:
        return None
    file = Path(package.origin).parent / _FILE
    return file if file.is_file() else None


class OpenSimLengths:
    """Muscle-tendon lengths of the 318 muscles of that model."""

    def __init__(self) -> None:
        import opensim

        opensim.Logger.setLevelString("error")
        self._model: Any = opensim.Model(str(_model_file()))
        constraints = self._model.getConstraintSet()
        for i in range(constraints.getSize()):
            constraints.get(i).set_isEnforced(False)
        self._state: Any = self._model.initSystem()
        muscles = self._model.getMuscles()
        self._muscles = [muscles.get(i) for i in range(muscles.getSize())]
        self.names = tuple(str(muscle.getName()) for muscle in self._muscles)
        self._vector: Any = opensim.Vector

    def positions(self, pose_rad: np.ndarray) -> Any:
        """(13,) coordinates to joint positions in OpenSim's own order, for `lengths_m`."""
        coordinates, ours = self._model.getCoordinateSet(), joint_values(pose_rad)
        for i in range(coordinates.getSize()):
            one = coordinates.get(i)
            one.setValue(self._state, ours.get(one.getName(), 0.0), False)
        return self._vector(self._state.getQ())

    def lengths_m(self, positions: Any) -> np.ndarray:
        self._state.setQ(positions)
        self._model.realizePosition(self._state)
        return np.array([muscle.getLength(self._state) for muscle in self._muscles])


def joint_values(pose_rad: np.ndarray) -> dict[str, float]:
    """Coordinates of the model, radians, from ours (13,)."""
    out: dict[str, float] = {}
    for coordinate, value in zip(ANATOMICAL, pose_rad.tolist(), strict=True):
        if coordinate in LUMBAR_TOTALS:
            direction, sign, abdomen, share = _DIRECTION[coordinate]
            for level, part in zip(_LEVELS, shares_of(coordinate), strict=True):
                out[f"{level}_{direction}"] = sign * part * value
            out[abdomen] = sign * share * value
            continue
        name = coordinate.value
        name = name.replace("knee_flexion", "knee_angle").replace("dorsiflexion", "angle")
        out[name] = value
        if name.startswith("knee_angle"):
            out[f"{name}_beta"] = value
    return out
