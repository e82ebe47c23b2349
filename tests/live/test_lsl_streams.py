"""A device over a virtual Bluetooth link out as a stream of LSL, and heard again over loopback;
streams as devices of a session."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from lengthwise.contracts.devices import EmgSample, LinkSample
from lengthwise.devices.link import Backends
from lengthwise.devices.lsl.codec import Kind
from lengthwise.devices.lsl.driver import STREAMS
from lengthwise.devices.lsl.following import SIMULATED
from lengthwise.devices.remembered import Remembered
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.live.lsl_streams import Heard, Sent, hear, send, simulate, streams
from lengthwise.live.worn_devices import Stand, WornDevices
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir

NAME = f"gauge-{os.getpid()}"


@asynccontextmanager
async def air() -> AsyncIterator[Backends]:
    async with VirtualAir() as there:
        placed = await there.place(TindeqSim())

        async def play() -> None:
            begun_s = time.monotonic()
            while True:
                await placed.advance(time.monotonic() - begun_s)
                await asyncio.sleep(0.02)

        playing = asyncio.create_task(play())
        yield backends(there.central)
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing


@pytest.mark.usefixtures("loopback")
def test_a_gauge_is_a_stream_that_is_heard() -> None:
    gauge = Remembered(NAME, "tindeq_progressor", "F0:00:00:00:00:01")
    done: list[Sent] = []
    sending = threading.Thread(
        target=lambda: done.append(send([(gauge, TINDEQ)], seconds_s=8.0, air=air))
    )
    sending.start()
    heard: Heard = hear(NAME, seconds_s=2.0)
    sending.join()
    assert heard.samples > 50 and heard.rejected == 0
    assert heard.last is not None and heard.last.startswith("ForceSample")
    assert done[0].samples[NAME] >= heard.samples


@pytest.mark.usefixtures("loopback")
def test_a_named_stream_stands_and_is_told_to_a_session_as_any_device() -> None:
    """A simulated muscle, sent meanwhile: heard, at its own rate, and called simulated."""
    name = f"muscle-{os.getpid()}"
    told: list[object] = []
    sending = threading.Thread(target=lambda: simulate(Kind.EMG, name, seconds_s=8.0))
    sending.start()
    muscle = Remembered("my muscle", "lsl_emg", name)
    worn = WornDevices([(muscle, STREAMS["lsl_emg"])], hear=told.extend)
    worn.begin()
    try:
        until_s = time.monotonic() + 30.0
        while time.monotonic() < until_s and sum(isinstance(t, EmgSample) for t in told) < 5:
            time.sleep(0.05)
        (seen,) = worn.seen()
    finally:
        worn.close()
        sending.join()
    assert (seen.stand, seen.rate_hz, seen.simulated) == (Stand.HEARD, 1000.0, True)
    rows = [t for t in told if isinstance(t, EmgSample)]
    assert {r.source for r in rows} == {"my muscle"}
    links = [t for t in told if isinstance(t, LinkSample)]
    assert links[0].up and links[0].why == SIMULATED


@pytest.mark.usefixtures("loopback")
def test_streams_that_are_sent_now_are_found_with_what_hears_them() -> None:
    name = f"pull-{os.getpid()}"
    sending = threading.Thread(target=lambda: simulate(Kind.FORCE, name, seconds_s=4.0))
    sending.start()
    found = streams(3.0)
    sending.join()
    assert found is not None
    (mine,) = [s for s in found if s.name == name]
    assert (mine.type, mine.rate_hz, mine.driver) == ("Force", 80.0, "lsl_force")
    assert mine.simulated and mine.channels == 1
