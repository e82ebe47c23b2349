"""A simulated device over a virtual Bluetooth link, with the real client."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from lengthwise.devices.driver import DeviceDriver, SimulatedDevice
from lengthwise.testing.link_contract import Listening
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir

Tried = Callable[[Listening], Awaitable[None]]


def over_link(driver: DeviceDriver, simulated: SimulatedDevice, tried: Tried) -> Listening:
    async def run() -> Listening:
        async with VirtualAir() as air:
            listening = Listening(driver, await air.place(simulated), backends(air.central))
            await listening.begin()
            await tried(listening)
            await listening.end()
            return listening

    return asyncio.run(run())
