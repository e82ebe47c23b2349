"""The muscle paths of a person as one small binary, for programs that compute lengths themselves.

Little endian; `docs/formats.md` says what the numbers mean and how a length is computed from them.
"""

import struct

import numpy as np

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD
from lengthwise.body.muscle_paths import MusclePaths
from lengthwise.contracts.coordinates import ANATOMICAL

MAGIC = b"LWMUSCLE"
VERSION = 2


def packed(paths: MusclePaths) -> bytes:
    """Header, numbers as float64, indices as int16, names; the numbers bit for bit.

    Raises ValueError where an index is too large for the format.
    """
    numbers = (
        paths.bone_rest,
        paths.joint_numbers,
        paths.point_place.T,
        paths.wrap_numbers,
        paths.wrap_radius,
        paths.muscle_constant,
        VALID_LOW_RAD,
        VALID_HIGH_RAD,
    )
    indices = (
        paths.bone_index,
        paths.joint_index,
        paths.wrap_index,
        paths.step_index,
        paths.muscle_end,
    )
    if max(int(table.max()) for table in indices) > np.iinfo("<i2").max:
        raise ValueError("more points, joints or steps than the format can count")
    names = (*(c.value for c in ANATOMICAL), *paths.bone_names, *paths.names)
    text = "\n".join(names).encode()
    counts = (
        len(paths.bone_index),
        len(paths.joint_index),
        paths.point_place.shape[1],
        len(paths.wrap_index),
        len(paths.step_index),
        len(paths.names),
    )
    return b"".join(
        (
            struct.pack("<8s8I", MAGIC, VERSION, *counts, len(text)),
            *(np.ascontiguousarray(table, dtype="<f8").tobytes() for table in numbers),
            *(np.ascontiguousarray(table, dtype="<i2").tobytes() for table in indices),
            text,
        )
    )
