"""Thighs and shanks that grow at once are not that segment; those that unfold are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body.camera_geometry import ANKLES, HIPS, KNEES, Landmarks, Scale
from lengthwise.body.channels import Line
from lengthwise.body.segment_lengths import Lengths, believable_m, too_long

THIGH_M, SHANK_M = 0.42, 0.40
EXPECTED_M = (0.4, 0.4, 0.38, 0.38)


def legs(thigh_m: float, shank_m: float = SHANK_M) -> Landmarks:
    """Both legs straight down, at 100 px/m."""
    xy = np.zeros((33, 2))
    for side in (0, 1):
        xy[HIPS[side]] = (10.0 * side, 0.0)
        xy[KNEES[side]] = (10.0 * side, 100.0 * thigh_m)
        xy[ANKLES[side]] = (10.0 * side, 100.0 * (thigh_m + shank_m))
    return Landmarks(xy, np.zeros(33), np.ones(33), np.ones(33, dtype=bool))


def seen(thighs_m: list[float]) -> list[dict[str, list[int]]]:
    """What is too long in each of some frames at 30 Hz."""
    lengths, found = Lengths(), []
    for k, thigh_m in enumerate(thighs_m):
        lengths, longer = too_long(
            lengths,
            legs(thigh_m),
            np.ones(33, dtype=bool),
            expected_m=EXPECTED_M,
            px_per_m=100.0,
            t_s=k / 30.0,
        )
        found.append(longer)
    return found


def test_a_thigh_that_grows_at_once_takes_its_knee_and_foot_with_it() -> None:
    *before, now = seen([THIGH_M] * 60 + [1.3 * THIGH_M])
    assert not any(before)
    assert set(now) == {"thigh_l", "thigh_r"}
    assert KNEES[0] in now["thigh_l"] and ANKLES[0] in now["thigh_l"]
    assert KNEES[1] not in now["thigh_l"]


def test_standing_up_after_sitting_towards_the_camera_is_no_growth() -> None:
    assert not any(seen([0.1] * 60 + [THIGH_M] * 10))


def test_what_stays_long_is_believed_in_the_end() -> None:
    found = seen([THIGH_M] * 60 + [1.3 * THIGH_M] * 400)
    assert found[70] and not found[-1]


@given(st.lists(st.floats(0.0, THIGH_M), min_size=40, max_size=80))
def test_foreshortening_is_never_too_long(thighs_m: list[float]) -> None:
    assert not any(seen([THIGH_M] * 40 + thighs_m))


def longest_px(learnt_m: float | None, line: Line = Line.THIGH_L) -> float:
    learnt = {} if learnt_m is None else {line: learnt_m}
    return Scale(100.0, 1.0, (0.4,) * len(Line), learnt).longest_px(line)


def test_who_has_long_thighs_is_believed_to_have_them_up_to_an_end() -> None:
    unknown = longest_px(None)
    assert longest_px(0.3) == unknown
    assert unknown < longest_px(0.7) == 70.0
    assert longest_px(2.0) == longest_px(5.0) < 80.0


def test_what_is_believable_follows_from_the_longest_seen() -> None:
    lengths = Lengths(longest_m=(0.5, None, 0.4, None))
    thigh, unseen, shank, _ = believable_m(lengths)
    assert unseen is None
    assert thigh is not None and shank is not None
    assert thigh > 0.5 and thigh / shank == 0.5 / 0.4
