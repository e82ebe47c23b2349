"""Worked messages of every protocol, and that reading undoes writing."""

from math import cos, inf, isclose, nan, pi, radians, sin
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.heart_rate import codec as heart_rate
from lengthwise.devices.open_band import codec as band
from lengthwise.devices.readings import (
    Band,
    BatteryLevel,
    Force,
    Heart,
    Inertial,
    Reading,
    UndecodableError,
)
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.witmotion import codec as witmotion
from lengthwise.devices.xsens_dot import codec as dot

G = 9.80665
U32 = st.integers(0, 0xFFFFFFFF)


def floats32(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, width=32)


def test_a_heart_rate_measurement_with_two_beats() -> None:
    heart = heart_rate.decoded(bytes.fromhex("10 3e df03 ce03"))
    assert heart.rate_per_min == 62.0
    assert heart.contact is None
    assert [round(1000 * rr) for rr in heart.rr_s] == [968, 951]


def test_every_field_of_a_heart_rate_measurement() -> None:
    heart = heart_rate.decoded(bytes.fromhex("1f 2c01 0200 0004"))
    assert heart == Heart(300.0, (1.0,), contact=True, energy_j=2000.0)


@pytest.mark.parametrize(
    "flags, contact", [(0x00, None), (0x02, None), (0x04, False), (0x06, True)]
)
def test_contact_is_known_only_where_the_sensor_can_tell(flags: int, contact: bool | None) -> None:
    assert heart_rate.decoded(bytes((flags, 60))).contact is contact


def test_a_rate_of_zero_is_no_rate() -> None:
    assert heart_rate.decoded(bytes((0, 0))).rate_per_min is None


@pytest.mark.parametrize(
    "raw", ["", "10", "01 3e", "08 3e 01", "10 3e df", "00 3e df03", "18 3e 01"]
)
def test_a_heart_rate_measurement_that_is_cut_is_refused(raw: str) -> None:
    with pytest.raises(UndecodableError):
        heart_rate.decoded(bytes.fromhex(raw))


@given(
    rate=st.integers(1, 300),
    rr=st.lists(st.integers(1, 4096), max_size=9),
    contact=st.sampled_from([None, True, False]),
    energy=st.none() | st.integers(0, 65535),
)
def test_a_heart_rate_measurement_comes_back(
    rate: int, rr: list[int], contact: bool | None, energy: int | None
) -> None:
    energy_j = None if energy is None else 1000.0 * energy
    heart = Heart(float(rate), tuple(r / 1024 for r in rr), contact, energy_j)
    assert heart_rate.decoded(heart_rate.encoded(heart)) == heart


def test_a_kilogram_on_the_force_gauge_is_9_8_newton() -> None:
    (reading,) = tindeq.decoded(bytes((1, 8)) + pack("<fI", 1.0, 123456))
    assert reading == Reading(Force(G), 123456)


def test_answers_of_the_force_gauge() -> None:
    assert tindeq.decoded(bytes((0, 4)) + pack("<I", 3874)) == (
        Reading(BatteryLevel(voltage_v=3.874)),
    )
    assert tindeq.decoded(bytes((0, 7)) + b"1.2.3.4") == ()
    assert tindeq.decoded(bytes((4, 0))) == (Reading(BatteryLevel(low=True)),)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x01",
        b"\x01\x08" + bytes(7),
        b"\x01\x08" + bytes(9),
        b"\x01\x07" + bytes(7),
        b"\x01\x00",
        b"\x02\x08" + bytes(8),
        b"\x01\x08" + pack("<fI", nan, 0),
        b"\x01\x08" + pack("<fI", inf, 0),
        b"\x01\x08" + pack("<fI", 5000.0, 0),
        b"\x00\x04" + pack("<I", 99),
    ],
)
def test_what_no_force_gauge_says_is_refused(raw: bytes) -> None:
    with pytest.raises(UndecodableError):
        tindeq.decoded(raw)


@given(st.lists(st.tuples(floats32(-500, 500), U32), min_size=1, max_size=15))
def test_force_samples_come_back(samples: list[tuple[float, int]]) -> None:
    readings = tuple(Reading(Force(kg * G), us) for kg, us in samples)
    for ours, theirs in zip(tindeq.decoded(tindeq.encoded(readings)), readings, strict=True):
        assert ours.device_us == theirs.device_us
        assert isinstance(ours.value, Force) and isinstance(theirs.value, Force)
        assert isclose(ours.value.force_n, theirs.value.force_n, rel_tol=1e-6, abs_tol=1e-6)


def wit_frame(*units: int) -> bytes:
    return b"\x55\x61" + pack("<9h", *units)


def test_a_witmotion_frame_at_rest_and_at_its_ends() -> None:
    raw = wit_frame(0, 0, 2048, -32768, 0, 16384, 0, 0, 0)
    _, told = witmotion.step(witmotion.State(), raw)
    (reading,) = told.readings
    assert isinstance(reading.value, Inertial)
    assert reading.value.acc_m_s2 == pytest.approx((0.0, 0.0, G))
    assert reading.value.gyr_rad_s == pytest.approx((-radians(2000.0), 0.0, radians(1000.0)))
    assert reading.device_us is None


def test_a_witmotion_has_the_makers_own_base_of_uuids() -> None:
    """Published by the maker's examples; Bluetooth's own base ends in 5f9b34fb."""
    assert witmotion.SERVICE == "0000ffe5-0000-1000-8000-00805f9a34fb"
    assert witmotion.DATA == "0000ffe4-0000-1000-8000-00805f9a34fb"
    assert witmotion.CONTROL == "0000ffe9-0000-1000-8000-00805f9a34fb"


def test_the_battery_of_a_witmotion_is_in_hundredths_of_a_volt() -> None:
    _, told = witmotion.step(witmotion.State(), witmotion.encoded_battery(3.87))
    assert told.readings == (Reading(BatteryLevel(voltage_v=3.87)),)


@given(
    units=st.lists(
        st.lists(st.integers(-32768, 32767), min_size=9, max_size=9), min_size=3, max_size=12
    ),
    cuts=st.lists(st.integers(1, 45), min_size=1, max_size=60),
    noise=st.binary(max_size=30),
)
def test_frames_that_were_cut_and_joined_are_the_same_frames(
    units: list[list[int]], cuts: list[int], noise: bytes
) -> None:
    """Whatever came before: at most the frames that the noise pretends to begin are lost, nothing
    else is invented, and none comes twice."""
    frames = [wit_frame(*u) for u in units]
    stream, state, got, at = noise + b"".join(frames), witmotion.State(), [], 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        state, told = witmotion.step(state, stream[at : at + size])
        got += [witmotion.encoded(r.value)[2:14] for r in told.readings]  # type: ignore[arg-type]
        at += size
        assert len(state.kept) <= 22
    sent = [f[2:14] for f in frames]
    if not noise:
        assert got in (sent, sent[:-1])


def test_a_frame_is_found_again_behind_half_of_one() -> None:
    frames = [wit_frame(n, 0, 2048, 0, 0, 0, 0, 0, 0) for n in range(6)]
    _state, told = witmotion.step(witmotion.State(), frames[0][7:] + b"".join(frames[1:]))
    assert told.refused == ("13 bytes that belong to no frame",)
    x = [r.value.acc_m_s2[0] / witmotion.ACC_M_S2_PER_UNIT for r in told.readings]  # type: ignore[union-attr]
    assert x == pytest.approx([1, 2, 3, 4])


def test_whole_notifications_are_not_kept_waiting_even_behind_noise() -> None:
    state, _ = witmotion.step(witmotion.State(), b"\x12\x55\x61\x00")
    counts = []
    for n in range(5):
        state, told = witmotion.step(state, wit_frame(n, 0, 2048, 0, 0, 0, 0, 0, 0))
        counts.append(len(told.readings))
    assert counts[2:] == [1, 1, 1]


def test_a_dot_that_lies_still_feels_gravity_upwards() -> None:
    raw = pack("<I4f3fHBB", 77, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0).ljust(40, b"\0")
    reading = dot.decoded_medium(raw)
    assert reading.device_us == 77
    assert isinstance(reading.value, Inertial)
    assert reading.value.acc_m_s2 == pytest.approx((0.0, 0.0, 9.81))
    assert reading.value.gyr_rad_s is None


def test_a_dot_on_its_side_feels_gravity_along_the_axis_that_points_up() -> None:
    """Turned by +90 degrees about x, the sensor's y axis points up."""
    half = 0.5**0.5
    raw = pack("<I4f3fHBB", 0, half, half, 0, 0, 0, 0, 0, 0, 0, 0)
    value = dot.decoded_medium(raw).value
    assert isinstance(value, Inertial)
    assert value.acc_m_s2 == pytest.approx((0.0, 9.81, 0.0), abs=1e-5)


def test_custom_mode_5_of_a_dot() -> None:
    raw = pack("<I4f3f3f", 5, 1, 0, 0, 0, 0.5, 0, 9.8, 180, 0, -90)
    reading = dot.decoded_long(raw)
    assert isinstance(reading.value, Inertial)
    assert reading.value.acc_m_s2 == pytest.approx((0.5, 0.0, 9.8))
    assert reading.value.gyr_rad_s == pytest.approx((pi, 0.0, -pi / 2))


@pytest.mark.parametrize(
    "raw",
    [
        pack("<I4f3f3f", 5, 1, 0, 0, 0, 0.5, 0, 9.8, 180, 0, -90)[:-1],
        pack("<I4f3f3f", 5, 1, 0, 0, 0, 0.5, 0, 9.8, 180, 0, -90) + b"\x01",
        pack("<I4f3f3f", 5, 1, 1, 0, 0, 0.5, 0, 9.8, 180, 0, -90),
        pack("<I4f3f3f", 5, 1, 0, 0, 0, nan, 0, 9.8, 180, 0, -90),
        pack("<I4f3f3f", 5, 1, 0, 0, 0, 9e9, 0, 9.8, 180, 0, -90),
        pack("<I4f3f3f", 5, 1, 0, 0, 0, 0.5, 0, 9.8, 9e9, 0, -90),
        bytes(64),
    ],
)
def test_what_no_dot_says_is_refused(raw: bytes) -> None:
    with pytest.raises(UndecodableError):
        dot.decoded_long(raw)


@pytest.mark.parametrize(
    ("status", "sensor"), [(0x0002, "accelerometer"), (0x0010, "gyroscope"), (0x0038, "gyroscope")]
)
def test_a_clipped_sensor_of_a_dot_is_refused(status: int, sensor: str) -> None:
    with pytest.raises(UndecodableError, match=f"{sensor} was out of its range"):
        dot.decoded_medium(pack("<I4f3fHBB", 0, 1, 0, 0, 0, 0, 0, 0, status, 1, 0))


@given(angle=st.floats(-pi, pi), us=U32, turn=st.floats(-30, 30))
def test_readings_of_a_dot_come_back(angle: float, us: int, turn: float) -> None:
    quat = (cos(angle / 2), 0.0, sin(angle / 2), 0.0)
    value = Inertial((-G * sin(angle), 0.0, G * cos(angle)), (0.0, turn, 0.0), quat)
    for back in (
        dot.decoded_long(dot.encoded_long(value, us)),
        dot.decoded_medium(dot.encoded_medium(value, us)),
    ):
        assert back.device_us == us
        assert isinstance(back.value, Inertial)
        assert back.value.acc_m_s2 == pytest.approx(value.acc_m_s2, abs=1e-4)
        if back.value.gyr_rad_s is not None:
            assert back.value.gyr_rad_s == pytest.approx(value.gyr_rad_s, abs=1e-5)


def test_the_checksum_of_the_open_band_is_the_published_one() -> None:
    """Check value of CRC-16/CCITT-FALSE in the catalogue of parametrised CRC algorithms."""
    assert band.crc16(b"123456789") == 0x29B1


def test_a_measurement_of_the_open_band_byte_by_byte() -> None:
    value = Band(80.0, 81.5, -0.012, BandMode.FOLLOWING, BandFault.NONE, True, 258)
    raw = band.encoded_measurement(value, 0x01020304, battery_ratio=0.5)
    assert raw[:-2].hex(" ") == "11 00 01 32 02 01 f4 ff 04 03 02 01 00 00 a0 42 2f 03"
    assert len(raw) == band.MEASUREMENT_BYTES == 20
    assert band.decoded_measurement(raw) == (value, 0x01020304, BatteryLevel(ratio=0.5))


def test_a_broken_force_sensor_is_no_force_of_zero() -> None:
    value = Band(None, 0.0, 0.0, BandMode.FAULT, BandFault.FORCE_SENSOR, False, 0)
    assert band.decoded_measurement(band.encoded_measurement(value, 0))[0] == value


def test_a_set_point_byte_by_byte() -> None:
    p = band.SetPoint(band.Command.FOLLOW, 7, 60.0, 20.0, 0.15)
    raw = band.encoded_set_point(p)
    assert raw[:-2].hex(" ") == "10 01 07 00 00 00 70 42 00 00 a0 41 96 00"
    assert band.decoded_set_point(raw) == p
    assert len(raw) == band.SET_POINT_BYTES == 16


@pytest.mark.parametrize(
    "change",
    [
        {"target_n": -1.0},
        {"target_n": 401.0},
        {"target_n": nan},
        {"rate_n_s": 0.0},
        {"rate_n_s": 201.0},
        {"rate_n_s": inf},
        {"valid_s": 0.01},
        {"valid_s": 0.3},
        {"sequence": 70000},
    ],
)
def test_a_set_point_out_of_range_is_never_made(change: dict[str, float]) -> None:
    fields: dict[str, float] = {
        "sequence": 1, "target_n": 60.0, "rate_n_s": 20.0, "valid_s": 0.1, **change,
    }  # fmt: skip
    with pytest.raises(ValueError, match="set-point"):
        band.encoded_set_point(band.SetPoint(band.Command.FOLLOW, **fields))  # type: ignore[arg-type]


@given(
    sequence=st.integers(0, 0xFFFF),
    target=floats32(0, 400),
    rate=floats32(1, 200),
    valid_ms=st.integers(20, 200),
    bit=st.integers(0, band.SET_POINT_BYTES * 8 - 1),
)
def test_a_set_point_comes_back_and_one_wrong_bit_is_always_found(
    sequence: int, target: float, rate: float, valid_ms: int, bit: int
) -> None:
    p = band.SetPoint(band.Command.FOLLOW, sequence, target, rate, valid_ms / 1000.0)
    raw = band.encoded_set_point(p)
    assert band.decoded_set_point(raw) == p
    wrong = bytearray(raw)
    wrong[bit // 8] ^= 1 << bit % 8
    with pytest.raises(UndecodableError):
        band.decoded_set_point(bytes(wrong))


@given(
    outcome=st.sampled_from(tuple(band.Outcome)),
    sequence=st.integers(0, 0xFFFF),
    mode=st.sampled_from(band.MODES),
)
def test_answers_and_limits_come_back(outcome: band.Outcome, sequence: int, mode: BandMode) -> None:
    answer = band.Answer(sequence, outcome, mode)
    assert band.decoded_answer(band.encoded_answer(answer)) == answer
    limits = band.Limits(120.0, 40.0, 0.2)
    assert band.decoded_limits(band.encoded_limits(limits)) == limits


@pytest.mark.parametrize("first, fault", [(0x21, 0), (0x1F, 0), (0x11, 6), (0x01, 0)])
def test_another_version_mode_or_fault_is_refused_not_guessed(first: int, fault: int) -> None:
    body = pack("<BBBBHhIfh", first, fault, 0, 255, 0, 0, 0, 1.0, 0)
    with pytest.raises(UndecodableError):
        band.decoded_measurement(body + pack("<H", band.crc16(body)))
