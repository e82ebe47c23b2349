"""From a notification to samples of the session: named, dated, or rejected by name."""

from struct import pack

import pytest

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.devices import BatterySample, ForceSample
from lengthwise.contracts.observation import ImuSample, RejectionReason, Segment
from lengthwise.devices import receiving
from lengthwise.devices.manifest import Notice
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
from lengthwise.testing.device_contract import streamed


def pulled(device_us: int, kilogram: float = 1.0) -> Notice:
    return Notice(tindeq.DATA, bytes((1, 8)) + pack("<fI", kilogram, device_us))


def test_a_sample_has_the_name_that_the_person_gave_the_device() -> None:
    state = receiving.start(TINDEQ, "my gauge")
    _, told = receiving.step(TINDEQ, state, pulled(5), 10.0)
    assert told.observations == (ForceSample(10.0, "my gauge", pytest.approx(9.80665)),)


def test_a_sensor_that_is_worn_nowhere_known_is_rejected_sample_by_sample() -> None:
    _, notices = streamed(WITMOTION)
    state, rejected, kept = receiving.start(WITMOTION, "loose"), [], []
    for n, notice in enumerate(notices):
        state, told = receiving.step(WITMOTION, state, notice, n / 50.0)
        rejected += told.rejections
        kept += told.observations
    assert kept == [] and len(rejected) > 200
    assert {r.reason for r in rejected} == {RejectionReason.OUT_OF_RANGE}
    assert all("worn" in r.detail for r in rejected)


def test_the_same_samples_are_of_the_segment_once_it_is_known() -> None:
    _, notices = streamed(WITMOTION)
    state = receiving.start(WITMOTION, "back", segment=Segment.T12)
    state, told = receiving.step(WITMOTION, state, notices[0], 0.0)
    state, more = receiving.step(WITMOTION, state, notices[1], 0.1)
    for o in (*told.observations, *more.observations):
        assert isinstance(o, ImuSample) and o.segment is Segment.T12


def test_a_battery_level_moves_no_clock() -> None:
    state = receiving.start(TINDEQ, "gauge")
    state, _ = receiving.step(TINDEQ, state, pulled(1_000_000), 10.0)
    clock = state.clock
    notice = Notice(tindeq.DATA, tindeq.encoded_battery(3.7))
    state, told = receiving.step(TINDEQ, state, notice, 99.0)
    assert told.observations == (BatterySample(99.0, "gauge", voltage_v=3.7),)
    assert state.clock == clock


def test_bad_bytes_and_bad_times_are_rejected_by_name() -> None:
    state = receiving.start(TINDEQ, "gauge")
    state, _ = receiving.step(TINDEQ, state, pulled(1_000_000), 10.0)
    reasons = []
    for notice in (Notice(tindeq.DATA, b"\x01\x08"), pulled(1_000_000), pulled(900_000)):
        state, told = receiving.step(TINDEQ, state, notice, 10.1)
        assert told.observations == ()
        reasons += [(r.source, r.reason) for r in told.rejections]
    assert reasons == [
        ("gauge", RejectionReason.UNDECODABLE),
        ("gauge", RejectionReason.DUPLICATE_TIME),
        ("gauge", RejectionReason.TIME_BACKWARDS),
    ]


def test_a_run_that_is_kept_and_gone_on_with_is_the_run_itself() -> None:
    _, notices = streamed(OPEN_BAND)
    whole = receiving.start(OPEN_BAND, "band")
    told = []
    for n, notice in enumerate(notices):
        whole, received = receiving.step(OPEN_BAND, whole, notice, n / 80.0)
        told.append(received)
    halves, again = receiving.start(OPEN_BAND, "band"), []
    for n, notice in enumerate(notices):
        halves, received = receiving.step(OPEN_BAND, halves, notice, n / 80.0)
        again.append(received)
        if n == 100:
            kept = decode(encode(halves.decoder), OPEN_BAND.state_type)
            halves = receiving.State(halves.source, kept, None, halves.clock, halves.lost)
    assert again == told and encode(halves) == encode(whole)


def test_half_a_frame_before_a_link_broke_is_no_part_of_one_after() -> None:
    _, notices = streamed(WITMOTION)
    state = receiving.start(WITMOTION, "back", segment=Segment.T12)
    for n, notice in enumerate(notices[:7]):
        state, _ = receiving.step(WITMOTION, state, notice, n / 50.0)
    state = receiving.on_new_link(WITMOTION, state)
    assert state.decoder == WITMOTION.begin()
    assert state.clock.told_s is not None
