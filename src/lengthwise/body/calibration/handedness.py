"""Which hand goes up when the right one is asked for: whether the image is a mirror image.

A pose model names the limbs of a mirrored person by how they look: there the raised right hand is
reported as the left one, whichever side of the person is seen.
"""

from math import sqrt

from msgspec import Struct

from lengthwise.body.camera_geometry import Landmarks, trunk_length_px
from lengthwise.contracts.observation import LANDMARK_INDEX
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_CLEAR = constant("calibration", "hand_clear_ratio")
_SHOWN_S = constant("calibration", "hand_shown_s")
_STRAY_S = constant("calibration", "hand_stray_s")
_CONFUSED = constant("calibration", "left_right_confusion_ratio")
_VISIBLE = constant("body", "visibility_min")
_LONGEST_STEP_S = 0.2
_SHOULDER, _ELBOW, _WRIST = (
    tuple(LANDMARK_INDEX[f"{word}_{part}"] for word in ("left", "right"))
    for part in ("shoulder", "elbow", "wrist")
)


class HandWatch(Struct, frozen=True):
    """Seconds in which only the hand named left was up, only the one named right, both; and in
    which arms were seen at all. `last_s`: the last frame with arms.
    """

    left_s: float = 0.0
    right_s: float = 0.0
    both_s: float = 0.0
    seen_s: float = 0.0
    last_s: float | None = None


def watched(watch: HandWatch, points: Landmarks | None, t_s: float) -> HandWatch:
    """The watch after one frame; None where the person was not seen in it."""
    up = (None, None) if points is None else _up(points)
    if up[0] is None or up[1] is None:
        return HandWatch(watch.left_s, watch.right_s, watch.both_s, watch.seen_s, None)
    gained = 0.0 if watch.last_s is None else min(t_s - watch.last_s, _LONGEST_STEP_S)
    left, right = up[0] > _CLEAR, up[1] > _CLEAR
    # A hand that hangs half up is neither: only a clear picture counts.
    only_left, only_right = left and up[1] < -_CLEAR, right and up[0] < -_CLEAR
    return HandWatch(
        watch.left_s + gained * only_left,
        watch.right_s + gained * only_right,
        watch.both_s + gained * (left and right),
        watch.seen_s + gained,
        t_s,
    )


def _up(points: Landmarks) -> tuple[float | None, float | None]:
    """How far each hand (left, right) is above its shoulder, in trunk lengths; None: not seen."""
    trunk_px = trunk_length_px(points)
    if not trunk_px:
        return None, None
    left, right = (_one_up(points, side, trunk_px) for side in (0, 1))
    return left, right


def _one_up(points: Landmarks, side: int, trunk_px: float) -> float | None:
    shoulder_y = points.xy_px[_SHOULDER[side], 1]
    # A raised hand may leave the picture at its top: then the elbow tells.
    for joint in (_WRIST[side], _ELBOW[side]):
        if points.usable[joint] and points.visibility[joint] >= _VISIBLE:
            return float(shoulder_y - points.xy_px[joint, 1]) / trunk_px
    return None


def shown(watch: HandWatch) -> bool:
    """Whether one hand, and only that one, has been up long enough."""
    most, least = max(watch.left_s, watch.right_s), min(watch.left_s, watch.right_s)
    return most >= _SHOWN_S and least <= _STRAY_S and watch.both_s <= _STRAY_S


def both_raised(watch: HandWatch) -> bool:
    return watch.both_s > _STRAY_S


def changed_hands(watch: HandWatch) -> bool:
    return min(watch.left_s, watch.right_s) > _STRAY_S


def mirrored(watch: HandWatch) -> Estimate:
    """1 mirrored, 0 not; sd sqrt(p (1 - p)) with p how likely a person takes the asked hand."""
    value = 1.0 if watch.left_s > watch.right_s else 0.0
    return Estimate(value, sqrt(_CONFUSED * (1.0 - _CONFUSED)))
