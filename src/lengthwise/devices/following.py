"""What follows a named device, however it is reached: Bluetooth, or the Lab Streaming Layer."""

import asyncio
from collections.abc import Callable

from lengthwise.contracts.observation import Segment
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import Backends, Device, Timing, Told
from lengthwise.devices.lsl.following import Followed

Follower = Device | Followed


def follower(
    driver: DeviceDriver,
    address: str,
    *,
    source: str,
    tell: Callable[[Told], None],
    monotonic_s: Callable[[], float],
    segment: Segment | None = None,
    backends: Backends = Backends(),  # noqa: B008 - frozen
    timing: Timing = Timing(),  # noqa: B008 - frozen
    radio: asyncio.Lock | None = None,
) -> Follower:
    """As `Device`; of a stream `backends` and `radio` are not used."""
    if driver.manifest.lsl_type is not None:
        return Followed(
            driver,
            address,
            source=source,
            tell=tell,
            monotonic_s=monotonic_s,
            segment=segment,
            timing=timing,
        )
    return Device(
        driver,
        address,
        source=source,
        tell=tell,
        monotonic_s=monotonic_s,
        segment=segment,
        backends=backends,
        timing=timing,
        radio=radio,
    )
