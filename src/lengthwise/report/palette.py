"""The colours of pictures and plots: one accent for the window, one warm for lengthening and ease.

Values are sRGB 0..255. The style sheet holds the same hues as custom properties for both themes.
"""

import numpy as np

BONE = np.array([240.0, 233.0, 219.0])
BONE_SHADE = np.array([148.0, 141.0, 134.0])
SKIN = np.array([176.0, 190.0, 203.0])
SKIN_EDGE = np.array([118.0, 137.0, 156.0])
MUSCLE_REST = np.array([222.0, 200.0, 190.0])
MUSCLE_WARM = np.array([216.0, 74.0, 38.0])
MUSCLE_WORKS = np.array([74.0, 98.0, 176.0])
MUSCLE_UNKNOWN = np.array([172.0, 178.0, 184.0])
IN_WINDOW = np.array([15.0, 136.0, 133.0])
OUTLINE = np.array([92.0, 52.0, 40.0])
FOG = np.array([188.0, 196.0, 204.0])
FOG_LINE = np.array([128.0, 139.0, 150.0])


def warmth(fraction: np.ndarray) -> np.ndarray:
    """(...,) range fraction 0..1 to (..., 3): pale at rest, warm when long."""
    w = np.clip(fraction, 0.0, 1.0)[..., None] ** 1.2
    return np.asarray(MUSCLE_REST * (1.0 - w) + MUSCLE_WARM * w)


def hex_colour(rgb: np.ndarray) -> str:
    return "#" + "".join(f"{round(float(v)):02x}" for v in rgb)
