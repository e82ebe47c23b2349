"""Routes of what is kept of the person as a whole: take it along, delete it."""

from collections.abc import Iterator
from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from lengthwise.live import own_data
from lengthwise.web.forms import DeleteAll
from lengthwise.web.house import House
from lengthwise.web.hub import NotOpenError
from lengthwise.web.refused import Refused


class _Zip(StreamingResponse):
    media_type = "application/zip"


def data_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/data")

    @routes.get("/export", response_class=_Zip)
    def export() -> StreamingResponse:
        """A zip file of everything."""

        def pieces() -> Iterator[bytes]:
            with house.store() as store:
                yield from own_data.exported(store)

        name = f"lengthwise-{house.settings.profile}.zip"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return _Zip(pieces(), headers=headers)

    @routes.post("/delete")
    async def delete(form: DeleteAll) -> dict[str, bool]:
        """Delete everything; `answers_stay`: the safety questions wait for their day."""
        own_data.check_word(form.confirm)
        async with house.one_at_a_time:
            for session in house.hub.going_on():
                if session.led:
                    raise Refused(409, "going_on")
                with suppress(NotOpenError):
                    await house.hub.end(session)
            forgotten = await run_in_threadpool(_forgotten, house)
            house.begin_anew()
        return {"answers_stay": forgotten.answers_stay}

    return routes


def _forgotten(house: House) -> own_data.Forgotten:
    with house.reports.writing:
        home, profile = house.settings.home, house.settings.profile
        return own_data.forget_person(home, profile, recordings=True)
