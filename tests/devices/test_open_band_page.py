"""A firmware that is written by docs/open-band.md alone speaks what ours reads."""

import re
from pathlib import Path
from struct import calcsize, unpack

import pytest

from lengthwise.contracts.devices import BandFault, BandMode
from lengthwise.devices.open_band import codec, guard
from lengthwise.devices.readings import Band, BatteryLevel

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "open-band.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\| ([a-z-]+) \| `([0-9a-f ]+)` \|", PAGE, re.MULTILINE)
TYPES = {"u8": "B", "u16": "H", "i16": "h", "u32": "I", "f32": "f"}


def table(title: str) -> list[tuple[int, str]]:
    """(place, type) of each row of a table of bytes."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| ([a-z]\d+) \|", section, re.MULTILINE)
    return [(int(at), kind) for at, kind in rows]


def crc16(raw: bytes) -> int:
    """As the page has it, bit by bit."""
    found = 0xFFFF
    for byte in raw:
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1 ^ (0x1021 if found & 0x8000 else 0)) & 0xFFFF
    return found


@pytest.mark.parametrize("message, shown", SHOWN)
def test_each_message_of_the_page_ends_in_its_checksum(message: str, shown: str) -> None:
    raw = bytes.fromhex(shown)
    assert crc16(raw[:-2]) == int.from_bytes(raw[-2:], "little"), message


@pytest.mark.parametrize(
    "title, message", [("Measurement", "measurement"), ("Set-point", "set-point")]
)
def test_the_tables_of_the_page_cut_its_own_messages(title: str, message: str) -> None:
    layout = "<" + "".join(TYPES[kind] for _, kind in table(title))
    for at, (place, _) in enumerate(table(title)):
        assert calcsize(layout[: at + 1]) == place
    numbers = [unpack(layout, bytes.fromhex(raw)) for name, raw in SHOWN if name == message]
    told = {
        "measurement": (73, 4242, 148, 4_000_000_000, 59.75, 600),
        "set-point": (1, 4243, 60.0, 15.0, 150),
    }
    assert set(told[message]) <= set(numbers[0])


def test_the_messages_of_the_page_say_what_stands_beside_them() -> None:
    measurement, follow, release, answer, limits = (bytes.fromhex(raw) for _, raw in SHOWN)
    value = Band(59.75, 60.0, 0.148, BandMode.FOLLOWING, BandFault.NONE, True, 4242)
    found = codec.decoded_measurement(measurement)
    assert found == (value, 4_000_000_000, BatteryLevel(ratio=0.73))
    p = codec.SetPoint(codec.Command.FOLLOW, 4243, 60.0, 15.0, 0.15)
    assert codec.decoded_set_point(follow) == p
    assert codec.decoded_set_point(release).command is codec.Command.RELEASE
    taken = codec.Answer(4243, codec.Outcome.TAKEN, BandMode.FOLLOWING)
    assert codec.decoded_answer(answer) == taken
    assert codec.decoded_limits(limits) == codec.Limits(120.0, 40.0, 0.2)


@pytest.mark.parametrize(
    "said, figure",
    [
        ("steady {:g} m/s", guard.RELEASE_M_S),
        ("no more than {:g} mm", 1000.0 * guard.SLACK_M),
        ("less than {:g} N are measured", guard.SLACK_N),
        ("lasts {:g} s at least", guard.RELEASE_LEAST_S),
        ("more than {:g} times", guard.OVERLOAD_RATIO),
        ("the very same for {:g} s", guard.STUCK_S),
        ("the winder goes {:g} mm", 1000.0 * guard.STUCK_M),
        ("faster than {:g} N/s", guard.JERK_N_S),
        ("N/s over {:g} ms", 1000.0 * guard.JERK_OVER_S),
        ("{:g} m/s. Over a radio", guard.OVER_SPEED_M_S),
        ("at most {:g} ms after the last word", 1000.0 * codec.MOST_VALID_S),
    ],
)
def test_the_page_says_the_figures_that_the_guard_has(said: str, figure: float) -> None:
    assert said.format(figure) in " ".join(PAGE.split())
