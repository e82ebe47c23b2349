"""A person who stands, bends and raises the knees shows how each sensor sits; what the sensors feel
goes through the bytes of their own protocol first."""

from itertools import permutations

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.body.calibration.asks import Ask
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.live.device_alignment import (
    ROUND_ONCE_MORE,
    SITS_ON_TRUNK,
    SITS_WELL,
    Aligning,
    Standing,
)
from lengthwise.live.device_sits import Aligned, SensorSits
from lengthwise.live.rehearsal_devices import DevicesWorn, over_devices
from lengthwise.sim.calibration import NOTHING, SimulatedCalibration, Volunteer, Worn, wearing

SIX = (
    Segment.PELVIS, Segment.T12, Segment.THIGH_L, Segment.THIGH_R, Segment.SHANK_L, Segment.SHANK_R,
)  # fmt: skip


def aligned(
    *worn: Worn, stated: bool = True, instead: dict[Ask, object] | None = None
) -> dict[Segment, SensorSits]:
    volunteer = Volunteer(3, worn, view=None, instead=instead or {})  # type: ignore[arg-type]
    asked: list[Aligning] = []
    recording = SimulatedCalibration(
        volunteer, guide=lambda _: asked[0].ask if asked else Ask.STAND_STILL
    )
    streams = tuple(s for s in recording.header.streams if isinstance(s, ImuStream))
    if not stated:
        streams = tuple(replace(s, forward_axis=None, up_axis=None) for s in streams)
    aligning = Aligning(streams)
    asked.append(aligning)
    for came in over_devices(recording.read(), DevicesWorn(), phase=lambda: None):
        assert isinstance(came, ImuSample)
        aligning.take(came)
        if aligning.found.done:
            break
    found: Aligned = aligning.found
    assert found.done
    return {s.segment: s for s in found.sensors}


def test_six_sensors_worn_as_declared_sit_well_or_show_no_front() -> None:
    """A shank hardly tips about its own front in these motions, and nothing is said of it."""
    found = aligned(*wearing(*SIX))
    assert {s for s, sits in found.items() if sits.well} == set(SIX[:4])
    assert all(found[s].well is None for s in SIX[4:])


def test_straps_on_each_others_thigh_are_found() -> None:
    left, right = Segment.THIGH_L, Segment.THIGH_R
    found = aligned(Worn(left, right), Worn(right, left), *wearing(Segment.PELVIS))
    assert found[left].well is False and "thigh, right" in found[left].words
    assert found[right].well is False and "thigh, left" in found[right].words
    assert found[Segment.PELVIS].well is True


@pytest.mark.parametrize("low, high", [("pelvis", "t12"), ("pelvis", "thorax")])
def test_pelvis_and_ribs_on_each_others_place_are_found_by_which_tips_further(
    low: str, high: str
) -> None:
    """One alone could be either: people bend so differently that each looked well by itself."""
    pelvis, ribs = Segment(low), Segment(high)
    found = aligned(Worn(pelvis, ribs), Worn(ribs, pelvis))
    assert found[pelvis].well is False and f"on the {high}, not" in found[pelvis].words
    assert found[ribs].well is False and f"on the {low}, not" in found[ribs].words
    assert all(sits.words.endswith(ROUND_ONCE_MORE) for sits in found.values())
    as_declared = aligned(*wearing(pelvis, ribs))
    assert [sits.words for sits in as_declared.values()] == [SITS_WELL] * 2


@pytest.mark.parametrize("leg", [Segment.THIGH_L, Segment.THIGH_R])
def test_of_several_sensors_one_on_either_leg_is_found(leg: Segment) -> None:
    """Only the right knee was raised: on the left leg it said that it hardly moved, and began."""
    found = aligned(Worn(Segment.PELVIS, leg), *wearing(Segment.T12))
    assert found[Segment.PELVIS].well is False
    assert leg.value[:5] in found[Segment.PELVIS].words


def test_one_sensor_alone_on_the_trunk_does_not_say_that_it_is_on_the_right_bone() -> None:
    (sits,) = aligned(Worn(Segment.PELVIS, Segment.T12)).values()
    assert sits.well is True and sits.words == SITS_ON_TRUNK
    with_a_thigh = aligned(*wearing(Segment.PELVIS, Segment.THIGH_L))
    assert with_a_thigh[Segment.PELVIS].words == SITS_ON_TRUNK
    assert with_a_thigh[Segment.THIGH_L].words == SITS_WELL


def test_a_sensor_upside_down_or_back_to_front_is_found() -> None:
    over = Worn(Segment.PELVIS, Segment.PELVIS, np.diag([1.0, -1.0, -1.0]))
    back = Worn(Segment.THIGH_R, Segment.THIGH_R, np.diag([-1.0, -1.0, 1.0]))
    found = aligned(over, back)
    assert found[Segment.PELVIS].well is False and "points down" in found[Segment.PELVIS].words
    assert found[Segment.THIGH_R].well is False


def turns() -> list[np.ndarray]:
    """The 24 ways in which a box can be strapped on."""
    found = []
    for order in permutations(range(3)):
        for signs in np.ndindex(2, 2, 2):
            turn = np.zeros((3, 3))
            turn[range(3), order] = 1.0 - 2.0 * np.array(signs)
            if np.linalg.det(turn) > 0.0:
                found.append(turn)
    return found


@pytest.mark.parametrize("n", [0, 5, 11, 17, 23])
def test_of_a_sensor_of_which_nobody_said_how_it_is_worn_the_axes_are_found(n: int) -> None:
    turn = turns()[n]
    sits = aligned(Worn(Segment.T12, Segment.T12, turn), stated=False)[Segment.T12]
    assert sits.well is True and sits.front is not None and sits.up is not None
    vectors = dict(zip(Axis, [*np.eye(3), *-np.eye(3)], strict=True))
    assert vectors[sits.front] == pytest.approx(turn @ [1.0, 0.0, 0.0])
    assert vectors[sits.up] == pytest.approx(turn @ [0.0, 0.0, 1.0])


def test_without_the_motions_nothing_is_known_and_nothing_is_said_to_be_wrong() -> None:
    still = dict.fromkeys(Ask, NOTHING)
    found = aligned(*wearing(Segment.PELVIS), instead=still, stated=False)
    assert found[Segment.PELVIS].well is None and found[Segment.PELVIS].front is None


def test_standing_still_is_found_with_all_of_them_and_not_while_one_moves() -> None:
    still = dict.fromkeys(Ask, NOTHING)
    recording = SimulatedCalibration(Volunteer(3, wearing(*SIX), view=None, instead=still))
    streams = tuple(s for s in recording.header.streams if isinstance(s, ImuStream))
    quiet, restless = Standing(streams), Standing(streams)
    for sample in recording.read():
        if not isinstance(sample, ImuSample):
            continue
        quiet.take(sample)
        if sample.segment is Segment.SHANK_L and round(sample.t_s) % 2:
            sample = replace(sample, gyr_rad_s=(0.0, 0.6, 0.0))
        restless.take(sample)
    stood_s = quiet.found.stood_s
    assert stood_s is not None and stood_s[1] - stood_s[0] == pytest.approx(3.0, abs=0.1)
    assert restless.found.stood_s is None
