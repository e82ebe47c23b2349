"""Routes of the page about the phone: ask for it, see how it stands, stand with it, forget it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from lengthwise.web.forms import Id, Stand
from lengthwise.web.house import House, plain


def phone_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/phone")

    @routes.post("")
    async def offer() -> dict[str, Any]:
        """A code that pairs a phone, as a picture; the network is listened to from now on."""
        return plain(await house.phone.offer())

    @routes.get("/offer")
    async def offered() -> dict[str, Any]:
        """The code that is open, for a page that was loaded anew; `offer` null: none is."""
        return {"offer": plain(house.phone.offered())}

    @routes.get("")
    async def seen(exercise_id: Annotated[Id | None, Query()] = None) -> dict[str, Any]:
        """How it stands with the phone, and where an exercise wants it worn."""
        return plain(house.phone.seen(exercise_id))

    @routes.post("/stand")
    async def stand(form: Stand) -> dict[str, Any]:
        """Look for three seconds of standing still."""
        return plain(house.phone.stand(form.exercise_id, form.side))

    @routes.post("/check")
    async def check(form: Stand) -> dict[str, Any]:
        """Look which way round it is worn, by a small bend or a raised knee."""
        return plain(house.phone.check(form.exercise_id))

    @routes.delete("", status_code=204)
    async def forget() -> None:
        """Let go of the phone; nothing listens in the network any more."""
        await house.phone.forget()

    return routes
