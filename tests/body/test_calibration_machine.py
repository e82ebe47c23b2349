"""The calibration as a whole, on simulated people: what is done is found, the rest is said."""

import numpy as np
import pytest
from calibration_runs import (
    HALF_TURN_ABOUT_FRONT,
    HALF_TURN_ABOUT_UP,
    QUARTER_TURN_ABOUT_UP,
    Run,
    run,
)

from lengthwise.body.calibration import machine
from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.outcomes import Outcome
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.observation import Axis, ImuSample, LandmarkFrame, Segment, View
from lengthwise.contracts.person import FindingKind
from lengthwise.sim.calibration import (
    BOTH_HANDS,
    LEFT_HAND,
    NOTHING,
    STEPS_AWAY,
    Deed,
    SimulatedCalibration,
    Volunteer,
    Worn,
    wearing,
)

SACRUM = wearing(Segment.PELVIS)
LENGTHS = [k for k in FindingKind if k.value.endswith("_m")]


@pytest.fixture(scope="module")
def good() -> Run:
    return run(Volunteer(3, SACRUM, mirrored=True))


def test_a_good_run_finds_everything_in_less_than_twenty_seconds(good: Run) -> None:
    assert good.outcomes() == {Outcome.FOUND}
    assert good.state.ask is Ask.DONE
    assert good.took_s < 20.0
    assert len(good.results) == 1 + 1 + 5 + 1 + 1


def test_every_finding_has_an_sd_and_says_what_it_belongs_to(good: Run) -> None:
    for result in good.results:
        assert result.value is not None and result.value.sd > 0.0
        assert bool(result.setup) == (result.kind is not None)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("view", [View.FRONT, View.BACK])
def test_a_mirrored_camera_is_found_from_either_side(mirrored: bool, view: View) -> None:
    result = run(Volunteer(5, mirrored=mirrored, view=view)).of(FindingKind.MIRRORED)
    assert result.outcome is Outcome.FOUND and result.value is not None
    assert result.value.mean == float(mirrored)


def test_handedness_is_never_surer_than_people_know_left_from_right(good: Run) -> None:
    found = good.of(FindingKind.MIRRORED).value
    assert found is not None and found.sd == pytest.approx((0.03 * 0.97) ** 0.5)


def test_the_other_hand_looks_like_a_mirror() -> None:
    """A person who takes the left hand cannot be told from a mirror: hence the doubt."""
    other = run(Volunteer(5, instead={Ask.RAISE_RIGHT_HAND: LEFT_HAND}))
    found = other.of(FindingKind.MIRRORED).value
    assert found is not None and found.mean == 1.0


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        (NOTHING, Outcome.HAND_NOT_RAISED),
        (BOTH_HANDS, Outcome.BOTH_HANDS),
        (STEPS_AWAY, Outcome.NOBODY_SEEN),
    ],
)
def test_a_hand_that_is_not_clearly_shown_gives_no_handedness(deed: Deed, outcome: Outcome) -> None:
    result = run(Volunteer(5, instead={Ask.RAISE_RIGHT_HAND: deed})).of(FindingKind.MIRRORED)
    assert (result.outcome, result.value) == (outcome, None)


def test_nobody_in_the_picture_finds_nothing_and_ends() -> None:
    gone = run(Volunteer(5, instead=dict.fromkeys(Ask, STEPS_AWAY), duration_s=40.0))
    assert gone.of(FindingKind.MIRRORED).outcome in (Outcome.NOBODY_SEEN, Outcome.HAND_NOT_RAISED)
    assert all(r.value is None for r in gone.results if r.kind is FindingKind.MIRRORED)


def test_a_person_who_walks_about_has_no_still_look() -> None:
    restless = run(Volunteer(5, SACRUM, instead={Ask.STAND_STILL: _restless()}))
    assert restless.of(None).outcome is Outcome.NOT_STILL
    for kind in LENGTHS:
        assert restless.of(kind).outcome is Outcome.NOT_STILL
    assert restless.of(FindingKind.HIP_LINE_GAIN).outcome is Outcome.NOT_STILL


def _restless() -> Deed:
    sway = ((Coordinate.LUMBAR_SIDE_BEND, 20.0), (Coordinate.THORAX_SIDE_BEND, 60.0))
    return Deed(7.0, (*sway, (Coordinate.PELVIS_OBLIQUITY, 20.0)), to_and_fro=True)


def test_without_the_height_no_length_is_claimed() -> None:
    unknown = run(Volunteer(5), height=False)
    assert {unknown.of(kind).outcome for kind in LENGTHS} == {Outcome.HEIGHT_NOT_KNOWN}
    assert unknown.of(FindingKind.MIRRORED).outcome is Outcome.FOUND


def test_from_the_side_lengths_are_not_told() -> None:
    side = run(Volunteer(5, view=View.LEFT))
    assert {side.of(kind).outcome for kind in LENGTHS} == {Outcome.NOT_FACING}


def test_a_pelvis_that_is_not_tipped_has_no_gain() -> None:
    still = run(Volunteer(5, SACRUM, instead={Ask.TIP_PELVIS: NOTHING}))
    result = still.of(FindingKind.HIP_LINE_GAIN)
    assert (result.outcome, result.value) == (Outcome.PELVIS_NOT_TIPPED, None)
    assert still.worn(Segment.PELVIS).outcome is Outcome.FOUND


def test_the_wrong_hand_is_found_out_by_the_sacrum_sensor() -> None:
    """The hip line then moves against the sensor: no gain, and a word to do the hand again."""
    wrong = run(Volunteer(4, SACRUM, instead={Ask.RAISE_RIGHT_HAND: LEFT_HAND}, hip_line_gain=0.8))
    assert wrong.of(FindingKind.HIP_LINE_GAIN).outcome is Outcome.LINE_AGAINST_SENSOR


PHONE = (WornSensor(Segment.PELVIS, "sacrum", Axis.X, Axis.Z),)
"""The simulated sensor has x to the front and z upwards in the place of a phone's axes."""


@pytest.mark.parametrize(
    ("worn", "outcome", "angle_deg"),
    [
        (Worn(Segment.PELVIS, Segment.PELVIS), Outcome.FOUND, 0.0),
        (
            Worn(Segment.PELVIS, Segment.PELVIS, HALF_TURN_ABOUT_FRONT),
            Outcome.UPSIDE_DOWN,
            180.0,
        ),
        (
            Worn(Segment.PELVIS, Segment.PELVIS, HALF_TURN_ABOUT_UP),
            Outcome.BACK_TO_FRONT,
            180.0,
        ),
        (Worn(Segment.PELVIS, Segment.PELVIS, QUARTER_TURN_ABOUT_UP), Outcome.TURNED, 90.0),
        (Worn(Segment.PELVIS, Segment.THIGH_R), Outcome.OTHER_SEGMENT, 70.0),
    ],
)
def test_a_sensor_worn_otherwise_is_found_out(
    worn: Worn, outcome: Outcome, angle_deg: float
) -> None:
    found = run(Volunteer(5, (worn,), duration_s=40.0), positions=PHONE)
    result = found.worn(Segment.PELVIS)
    assert result.outcome is outcome
    assert result.angle_rad is not None
    assert abs(np.degrees(result.angle_rad)) == pytest.approx(angle_deg, abs=20.0)
    if outcome is Outcome.OTHER_SEGMENT:
        assert result.seems is Segment.THIGH_R
    if outcome is not Outcome.FOUND:
        assert result.value is None
        assert found.of(FindingKind.HIP_LINE_GAIN).value is None


@pytest.mark.parametrize("seed", range(4))
def test_sensors_on_both_thighs_are_told_apart(seed: int) -> None:
    thighs = (Segment.THIGH_L, Segment.THIGH_R)
    as_declared = run(Volunteer(seed, wearing(*thighs), view=None))
    assert {as_declared.worn(s).outcome for s in thighs} == {Outcome.FOUND}
    exchanged = (Worn(*thighs), Worn(*reversed(thighs)))
    crossed = run(Volunteer(seed, exchanged, view=None))
    for one, other in (thighs, reversed(thighs)):
        assert crossed.worn(one).outcome is Outcome.OTHER_SEGMENT
        assert crossed.worn(one).seems is other


def test_nothing_done_says_that_nothing_moved() -> None:
    lazy = dict.fromkeys(Ask, NOTHING)
    still = run(Volunteer(5, SACRUM, view=None, instead=lazy, duration_s=40.0))
    assert still.of(None).outcome is Outcome.FOUND
    assert still.worn(Segment.PELVIS).outcome is Outcome.NOT_MOVED


def test_a_sensor_that_is_silent_is_said_to_be() -> None:
    recording = SimulatedCalibration(Volunteer(5, SACRUM))
    params = machine.Params(recording.header.streams, 1.7)
    state = machine.start(params)
    for observation in recording.read():
        if isinstance(observation, LandmarkFrame):
            state, _ = machine.step(params, state, observation)
    silent = Run(recording, params, state)
    assert silent.worn(Segment.PELVIS).outcome is Outcome.SENSOR_SILENT
    assert silent.of(FindingKind.HIP_LINE_GAIN).outcome is Outcome.SENSOR_SILENT


def test_it_runs_over_a_recording_by_a_timetable_too() -> None:
    recorded = run(Volunteer(7, SACRUM, mirrored=True), live=False)
    assert recorded.outcomes() == {Outcome.FOUND}


def test_a_recording_that_ends_early_finds_what_was_in_it() -> None:
    short = run(Volunteer(3, SACRUM, mirrored=True, duration_s=5.0))
    assert short.state.ask is not Ask.DONE
    assert short.of(FindingKind.MIRRORED).outcome is Outcome.FOUND
    assert short.of(FindingKind.HIP_LINE_GAIN).outcome is not Outcome.FOUND
    assert short.worn(Segment.PELVIS).outcome is Outcome.NOT_MOVED


def test_whole_equals_saved_and_resumed_at_every_hundredth_observation() -> None:
    recording = SimulatedCalibration(Volunteer(3, SACRUM))
    params = machine.Params(recording.header.streams, 1.7)
    whole = resumed = machine.start(params)
    for n, observation in enumerate(recording.read()):
        whole, _ = machine.step(params, whole, observation)
        resumed, _ = machine.step(params, resumed, observation)
        if n % 100 == 0:
            resumed = decode(encode(resumed), machine.State)
    assert encode(whole) == encode(resumed)


def test_observations_out_of_order_change_nothing() -> None:
    recording = SimulatedCalibration(Volunteer(3, SACRUM, duration_s=3.0))
    params = machine.Params(recording.header.streams, 1.7)
    state = machine.start(params)
    seen = list(recording.read())
    for observation in seen:
        state, _ = machine.step(params, state, observation)
    before = encode(state)
    early = next(o for o in seen if isinstance(o, LandmarkFrame))
    sample = next(o for o in seen if isinstance(o, ImuSample))
    for observation in (early, sample):
        state, _ = machine.step(params, state, observation)
    assert encode(state) == before


@pytest.mark.parametrize(
    ("worn", "asks"),
    [
        ((), (Ask.STAND_STILL, Ask.RAISE_RIGHT_HAND)),
        (
            (Segment.PELVIS,),
            (
                Ask.STAND_STILL,
                Ask.RAISE_RIGHT_HAND,
                Ask.TIP_PELVIS,
                Ask.BEND_FORWARD,
                Ask.RAISE_RIGHT_KNEE,
            ),
        ),
        (
            (Segment.THIGH_L,),
            (Ask.STAND_STILL, Ask.RAISE_RIGHT_HAND, Ask.BEND_FORWARD, Ask.RAISE_LEFT_KNEE),
        ),
        (
            (Segment.T12, Segment.THIGH_R),
            (
                Ask.STAND_STILL,
                Ask.RAISE_RIGHT_HAND,
                Ask.BEND_FORWARD,
                Ask.RAISE_RIGHT_KNEE,
                Ask.RAISE_LEFT_KNEE,
            ),
        ),
    ],
)
def test_only_what_the_sensors_can_use_is_asked(
    worn: tuple[Segment, ...], asks: tuple[Ask, ...]
) -> None:
    recording = SimulatedCalibration(Volunteer(3, wearing(*worn)))
    assert machine.Params(recording.header.streams).asks == (*asks, Ask.DONE)
