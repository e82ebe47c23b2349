"""Routes of the page about worn devices: which there are and how they stand, and which are used."""

from typing import Any

from fastapi import APIRouter

from lengthwise.web.forms import ChosenDevices
from lengthwise.web.house import House, plain


def device_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/devices")

    @routes.get("")
    async def seen() -> dict[str, Any]:
        """The devices of this machine, and how those that are chosen stand."""
        return plain(house.devices.seen())

    @routes.post("")
    async def choose(form: ChosenDevices) -> dict[str, Any]:
        """Listen to these and to no others; none of them: every link is closed."""
        await house.devices.choose(form.names)
        return plain(house.devices.seen())

    @routes.post("/align")
    async def align() -> dict[str, Any]:
        """Look how the sensors sit, by standing, bending and raising a knee."""
        return plain(house.devices.align())

    @routes.post("/stand")
    async def stand() -> dict[str, Any]:
        """Look for three seconds of standing still with all of them."""
        return plain(house.devices.stand())

    return routes
