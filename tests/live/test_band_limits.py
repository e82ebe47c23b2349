"""A band that allows less than a session was told it may ask for: it is asked for no more."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")

from lengthwise.contracts.band import BandOrder
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.device_wire import Ordered
from lengthwise.contracts.devices import Drive, Pull, Use, WornDevice
from lengthwise.devices.manifest import Write
from lengthwise.devices.open_band import codec
from lengthwise.devices.open_band.driver import DRIVER, EASE_N_S, State
from lengthwise.live.band_sender import BandSender
from lengthwise.live.worn_devices import as_it_allows
from lengthwise.reference.constants import constant

BAND = WornDevice(
    "band", Use.PULL, pull=Pull(Coordinate.HIP_FLEXION_L, 1, lever_m=0.4), drive=Drive(80.0)
)


class Band:
    """The end of a link, with what the decoder has read of the band's limits."""

    def __init__(self, limits: codec.Limits | None) -> None:
        self.decoder = State(limits=limits)
        self.sent: list[codec.SetPoint] = []

    async def send(self, write: Write) -> None:
        assert not DRIVER.beyond(self.decoder, write)
        self.sent.append(codec.decoded_set_point(write.payload))


@pytest.mark.parametrize("most_n, asked_n", [(120.0, 80.0), (80.0, 80.0), (50.0, 50.0)])
def test_a_session_never_asks_for_more_than_the_band_allows(most_n: float, asked_n: float) -> None:
    """It ran up to the band's own limit and was let go of there, each time, without a word."""
    assert as_it_allows(BAND, most_n).drive == Drive(asked_n)


@pytest.mark.parametrize("most_n", [None, 10.0])
def test_a_band_that_allows_nothing_or_does_not_say_is_only_listened_to(
    most_n: float | None,
) -> None:
    found = as_it_allows(BAND, most_n)
    assert found.drive is None and found.pull == BAND.pull


@pytest.mark.parametrize("rate_n_s, most_n", [(4.0, 80.0), (3.9, None)])
def test_a_band_that_eases_more_slowly_than_a_session_is_only_listened_to(
    rate_n_s: float, most_n: float | None
) -> None:
    """It was refused, and let go, before rates were lowered to its own."""
    assert constant("band", "ease_n_s") == EASE_N_S
    assert DRIVER.most_n(State(limits=codec.Limits(80.0, rate_n_s, 0.2))) == most_n


def test_what_only_measures_stays_as_it_is() -> None:
    gauge = WornDevice("gauge", Use.PULL, pull=BAND.pull)
    assert as_it_allows(gauge, 50.0) == gauge


def _sent(limits: codec.Limits | None, **order: Any) -> list[codec.SetPoint]:
    band = Band(limits)
    sender = BandSender(band, clock_s=lambda: 1.0)  # type: ignore[arg-type]
    told = {"force_n": 20.0, "rate_n_s": 15.0, "valid_for_s": 0.15, "target_n": 20.0} | order
    sender.put(Ordered(1.0, BandOrder(0.0, "band", phase="ramp", **told)))
    asyncio.run(sender.send_waiting())
    return band.sent


def test_a_slower_band_with_a_shorter_watchdog_is_asked_so_and_not_refused() -> None:
    (p,) = _sent(codec.Limits(50.0, 10.0, 0.1))
    assert (p.command, p.target_n, p.rate_n_s, p.valid_s) == (codec.Command.FOLLOW, 20.0, 10.0, 0.1)
    (p,) = _sent(codec.Limits(50.0, 40.0, 0.2))
    assert (p.rate_n_s, p.valid_s) == (15.0, 0.15)


def test_a_release_is_the_same_for_every_band() -> None:
    for limits in (None, codec.Limits(50.0, 10.0, 0.1)):
        (p,) = _sent(limits, force_n=0.0)
        assert p.command is codec.Command.RELEASE
