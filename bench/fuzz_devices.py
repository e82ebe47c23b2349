"""Coverage-guided fuzzing of what devices say: `python bench/fuzz_devices.py [-runs=N]`.

Needs `pip install atheris`; the options are libFuzzer's. Any exception of a decoder, any value that
is no number, and any state that grows ends it with a failure.
"""

import sys
from struct import iter_unpack

import atheris

with atheris.instrument_imports(include=["lengthwise.devices"]):
    from lengthwise.contracts.codec import encode
    from lengthwise.contracts.observation import Segment
    from lengthwise.devices.driver import DeviceDriver
    from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
    from lengthwise.devices.lsl import codec as lsl
    from lengthwise.devices.manifest import Notice, Write
    from lengthwise.devices.open_band import codec as band
    from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
    from lengthwise.devices.readings import UndecodableError, all_finite
    from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
    from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
    from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT

_DRIVERS: tuple[DeviceDriver, ...] = (HEART_RATE, TINDEQ, WITMOTION, XSENS_DOT, OPEN_BAND)
_MOST_STATE_BYTES = 1000


def one_input(raw: bytes) -> None:
    """The first byte chooses the driver, the second how the rest is cut into notifications."""
    if len(raw) < 2:
        return
    chosen = raw[0] % (len(_DRIVERS) + 1)
    if chosen == len(_DRIVERS):
        row(raw[1], raw[2:])
        return
    driver = _DRIVERS[chosen]
    size = 1 + raw[1] % 64
    state = driver.begin()
    for at in range(2, len(raw), size):
        piece = raw[at : at + size]
        if driver is OPEN_BAND:
            # No fuzzer guesses a checksum: without this nothing behind it is ever reached.
            piece += band.crc16(piece).to_bytes(2, "little")
            permitted(piece)
        for uuid in (*driver.manifest.subscribes, *driver.manifest.reads):
            state, told = driver.decode(state, Notice(uuid, piece))
            if not all(all_finite(r.value) for r in told.readings):
                raise AssertionError("a value that is no number")
        if len(encode(state)) > _MOST_STATE_BYTES:
            raise AssertionError("a state that grows")
        driver.decode_battery(piece)


def permitted(piece: bytes) -> None:
    """What may be sent to a band is what a band takes, within the ranges of the protocol."""
    if not OPEN_BAND.permits(Write(band.SET_POINT, piece)):
        return
    p = band.decoded_set_point(piece)
    if p.command is band.Command.FOLLOW and band.encoded_set_point(p)[:4] != piece[:4]:
        raise AssertionError("a set-point that is written otherwise than it was read")


def row(kind: int, raw: bytes) -> None:
    """A row of an LSL stream, of any numbers and any length."""
    layout = lsl.own_layout(tuple(lsl.Kind)[kind % len(lsl.Kind)])
    numbers = tuple(x for (x,) in iter_unpack("<d", raw[: len(raw) // 8 * 8]))
    try:
        lsl.decoded(layout, numbers, 0.0, "stream", Segment.PELVIS)
    except UndecodableError:
        return


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
