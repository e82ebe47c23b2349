"""Over the whole space of commands of every foreign device, nothing but the list can be sent."""

import asyncio
from collections.abc import Iterator

import pytest
from devices_known import DRIVERS

from lengthwise.contracts.errors import SafetyRefusedError
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
from lengthwise.devices.link import guarded_write
from lengthwise.devices.manifest import Write, short_uuid
from lengthwise.devices.open_band import codec as band
from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
from lengthwise.devices.tindeq import codec as tindeq
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.witmotion import codec as witmotion
from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
from lengthwise.devices.xsens_dot import codec as dot
from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT


class RecordingClient:
    """Stands where the Bluetooth client does, and keeps what would have left."""

    def __init__(self) -> None:
        self.left: list[tuple[str, bytes]] = []

    async def write_gatt_char(self, uuid: str, payload: bytes, response: bool) -> None:
        self.left.append((uuid, bytes(payload)))


def what_leaves(driver: DeviceDriver, writes: Iterator[Write]) -> set[tuple[str, bytes]]:
    """Try to send all of them through the one place that sends."""
    client = RecordingClient()

    async def send_all() -> int:
        refused = 0
        for write in writes:
            try:
                await guarded_write(driver, client, write, within_s=5.0)  # type: ignore[arg-type]
            except SafetyRefusedError:
                refused += 1
        return refused

    assert asyncio.run(send_all()) > 0
    return set(client.left)


def test_of_256_commands_of_the_force_gauge_six_can_be_sent() -> None:
    every = (Write(tindeq.CONTROL, bytes((n,))) for n in range(256))
    left = {payload[0] for _, payload in what_leaves(TINDEQ, every)}
    assert left == {100, 101, 102, 107, 110, 111}
    assert not left & {105, 106, 113, 118}


def test_a_command_of_the_force_gauge_with_more_behind_it_cannot_be_sent() -> None:
    """A calibration is a command with a value; so is everything of two bytes."""
    every = (Write(tindeq.CONTROL, bytes((a, b))) for a in range(256) for b in range(256))
    assert what_leaves(TINDEQ, every) == set()


def test_of_65536_settings_of_a_witmotion_one_can_be_sent_and_it_reads() -> None:
    every = (
        Write(witmotion.CONTROL, bytes((0xFF, 0xAA, register, low, 0)))
        for register in range(256)
        for low in range(256)
    )
    assert what_leaves(WITMOTION, every) == {(witmotion.CONTROL, bytes.fromhex("ffaa276400"))}


@pytest.mark.parametrize("named", ["ffaa6988b5", "ffaa000000", "ffaa010100", "ffaa030900"])
def test_unlock_save_calibrate_and_rate_of_a_witmotion_cannot_be_sent(named: str) -> None:
    assert not WITMOTION.permits(Write(witmotion.CONTROL, bytes.fromhex(named)))


def test_of_65536_controls_of_a_dot_three_can_be_sent_and_they_start_and_stop() -> None:
    every = (
        Write(dot.CONTROL, bytes((1, action, mode))) for action in range(256) for mode in range(256)
    )
    assert {p for _, p in what_leaves(XSENS_DOT, every)} == {b"\1\1\x1a", b"\1\0\x1a", b"\1\1\2"}


@pytest.mark.parametrize("uuid", [dot.DEVICE_CONTROL, dot.MESSAGE, dot.RESET, dot.BATTERY])
def test_settings_memory_and_heading_of_a_dot_cannot_be_written_at_all(uuid: str) -> None:
    every = (Write(uuid, bytes((a, b))) for a in range(256) for b in range(256))
    assert what_leaves(XSENS_DOT, every) == set()


def test_nothing_at_all_can_be_sent_to_a_heart_strap() -> None:
    control_point = short_uuid(0x2A39)
    every = (Write(control_point, bytes((n,))) for n in range(256))
    assert what_leaves(HEART_RATE, every) == set()
    assert not HEART_RATE.permits(Write(control_point, b""))


def test_only_whole_set_points_can_be_sent_to_a_band() -> None:
    good = band.encoded_set_point(band.SetPoint(band.Command.FOLLOW, 1, 50.0, 10.0, 0.1))
    wrong = (
        Write(band.SET_POINT, bytes(good[:i]) + bytes((good[i] ^ bit,)) + bytes(good[i + 1 :]))
        for i in range(len(good))
        for bit in range(1, 256)
    )
    assert what_leaves(OPEN_BAND, wrong) == set()
    assert OPEN_BAND.permits(Write(band.SET_POINT, good))
    assert not OPEN_BAND.permits(Write(band.MEASUREMENT, good))


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.manifest.name)
def test_a_refusal_names_what_was_tried_and_what_to_do(driver: DeviceDriver) -> None:
    with pytest.raises(SafetyRefusedError, match="maker's own program") as refused:
        asyncio.run(
            guarded_write(
                driver,
                RecordingClient(),  # type: ignore[arg-type]
                Write(short_uuid(0x2A00), b"\xde\xad"),
                within_s=1.0,
            )
        )
    assert "de ad" in str(refused.value)
    assert driver.manifest.title in str(refused.value)
