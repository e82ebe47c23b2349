"""Coverage-guided fuzzing of what devices say: `python bench/fuzz_devices.py [-runs=N]`.

Needs `pip install atheris`; the options are libFuzzer's. Any exception of a decoder, any value that
is no number, and any state that grows ends it with a failure.
"""

import sys

import atheris

with atheris.instrument_imports(include=["lengthwise.devices"]):
    from lengthwise.contracts.codec import encode
    from lengthwise.devices.driver import DeviceDriver
    from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
    from lengthwise.devices.manifest import Notice
    from lengthwise.devices.open_band.driver import DRIVER as OPEN_BAND
    from lengthwise.devices.readings import all_finite
    from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
    from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
    from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT

_DRIVERS: tuple[DeviceDriver, ...] = (HEART_RATE, TINDEQ, WITMOTION, XSENS_DOT, OPEN_BAND)
_MOST_STATE_BYTES = 1000


def one_input(raw: bytes) -> None:
    """The first byte chooses the driver, the second how the rest is cut into notifications."""
    if len(raw) < 2:
        return
    driver = _DRIVERS[raw[0] % len(_DRIVERS)]
    size = 1 + raw[1] % 64
    state = driver.begin()
    for at in range(2, len(raw), size):
        piece = raw[at : at + size]
        for uuid in driver.manifest.subscribes:
            state, told = driver.decode(state, Notice(uuid, piece))
            if not all(all_finite(r.value) for r in told.readings):
                raise AssertionError("a value that is no number")
        if len(encode(state)) > _MOST_STATE_BYTES:
            raise AssertionError("a state that grows")
        driver.decode_battery(piece)


def main() -> None:
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
