"""No bytes whatever make a codec fail, invent a number, or use a length it has not checked."""

import subprocess
import sys
from pathlib import Path

import pytest
from devices_known import DRIVERS
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.codec import encode
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.manifest import Notice, Write
from lengthwise.devices.open_band import codec as band
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.readings import UndecodableError, all_finite, numbers
from lengthwise.testing.device_contract import streamed

FUZZER = Path(__file__).resolve().parents[2] / "bench" / "fuzz_devices.py"


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.manifest.name)
@given(data=st.data())
def test_any_bytes_in_any_order_give_finite_values_or_a_refusal(
    driver: DeviceDriver, data: st.DataObject
) -> None:
    _, real = _real(driver)
    state = driver.begin()
    for _ in range(data.draw(st.integers(1, 12))):
        uuid = data.draw(st.sampled_from(driver.manifest.subscribes))
        payload = data.draw(st.binary(max_size=80) | st.sampled_from(real))
        state, told = driver.decode(state, Notice(uuid, payload))
        assert all(all_finite(r.value) for r in told.readings)
        assert len(encode(state)) < 1000
        # The smallest message that holds a value is two bytes: no value comes of nothing.
        assert len(told.readings) <= max(len(payload), 1)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.manifest.name)
def test_a_message_that_is_cut_anywhere_holds_no_value_but_what_is_whole_in_it(
    driver: DeviceDriver,
) -> None:
    uuid, real = _real(driver)
    for payload in real[:8]:
        whole = driver.decode(driver.begin(), Notice(uuid, payload))[1].readings
        for n in range(len(payload)):
            _, told = driver.decode(driver.begin(), Notice(uuid, payload[:n]))
            cut = [numbers(r.value) for r in told.readings]
            full = [numbers(r.value) for r in whole]
            # A heart rate measurement has no length in it, so its last beats may be cut away; a
            # notification of a WitMotion may end in half a frame.
            assert all(c == f[: len(c)] for c, f in zip(cut, full, strict=False))
            assert len(cut) <= len(full)
            if driver.manifest.name not in ("heart_rate", "witmotion"):
                assert cut == []


@given(st.binary(max_size=40))
def test_any_bytes_are_no_message_to_or_of_the_band_but_by_their_checksum(raw: bytes) -> None:
    for read in (
        band.decoded_measurement, band.decoded_set_point, band.decoded_answer, band.decoded_limits,
    ):  # fmt: skip
        try:
            read(raw)
        except UndecodableError:
            continue
        assert band.crc16(raw[:-2]) == int.from_bytes(raw[-2:], "little")


@given(st.sampled_from([0, 1, 2, 15]), st.binary(max_size=24), st.integers(0, 3))
def test_a_checksum_that_fits_makes_nothing_true_that_is_no_number_or_out_of_range(
    low: int, body: bytes, cut: int
) -> None:
    """Behind the checksum, where bytes by chance never come."""
    sizes = (band.MEASUREMENT_BYTES, band.SET_POINT_BYTES, 6, 14)
    whole = (bytes((band.VERSION << 4 | low,)) + body).ljust(24, b"\0")[: sizes[cut] - 2]
    raw = whole + band.crc16(whole).to_bytes(2, "little")
    state = OPEN_BAND.begin()
    for uuid in (*OPEN_BAND.manifest.subscribes, *OPEN_BAND.manifest.reads):
        state, told = OPEN_BAND.decode(state, Notice(uuid, raw))
        assert all(all_finite(r.value) for r in told.readings)
    if OPEN_BAND.permits(Write(band.SET_POINT, raw)):
        p = band.decoded_set_point(raw)
        follows = p.command is band.Command.FOLLOW
        assert not follows or 0.0 <= p.target_n <= band.MOST_FORCE_N
        assert not follows or band.LEAST_VALID_S <= p.valid_s <= band.MOST_VALID_S
    if state.limits is not None:
        assert 0.0 <= state.limits.force_n <= band.MOST_FORCE_N


def test_a_coverage_guided_fuzzer_finds_nothing() -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: no coverage-guided fuzzing")
    done = subprocess.run(
        [sys.executable, str(FUZZER), "-runs=20000", "-seed=1", "-max_len=96"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _real(driver: DeviceDriver) -> tuple[str, list[bytes]]:
    _, notices = streamed(driver)
    uuid = notices[-1].characteristic
    return uuid, [n.payload for n in notices if n.characteristic == uuid][:20]
