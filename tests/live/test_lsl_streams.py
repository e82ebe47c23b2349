"""A device over a virtual Bluetooth link out as a stream of LSL, and heard again over loopback."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from lengthwise.devices.link import Backends
from lengthwise.devices.remembered import Remembered
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.live.lsl_streams import Heard, Sent, hear, send
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir

NAME = f"gauge-{os.getpid()}"


@pytest.fixture(scope="module")
def _loopback(tmp_path_factory: pytest.TempPathFactory) -> None:
    """LSL that stays on this machine; it reads where to once, as it is first imported."""
    config: Path = tmp_path_factory.mktemp("lsl") / "lsl_api.cfg"
    config.write_text(
        "[multicast]\nResolveScope = machine\nListenAddress = 127.0.0.1\n"
        "[lab]\nKnownPeers = {127.0.0.1}\n[ports]\nIPv6 = disable\n[log]\nlevel = -2\n"
    )
    os.environ.setdefault("LSLAPICFG", str(config))
    pytest.importorskip("pylsl", reason="pylsl is not installed: no LSL streams")


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


@pytest.mark.usefixtures("_loopback")
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
