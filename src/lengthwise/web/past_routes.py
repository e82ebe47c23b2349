"""Routes of sessions that were: look back on them, say how the back is, delete them."""

import time
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from lengthwise.live import apart, looking_back
from lengthwise.live.own_plan_told import settle
from lengthwise.record.session_folder import REPORT_NAME
from lengthwise.vault.files import read_bytes
from lengthwise.web.forms import Pain
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led
from lengthwise.web.refused import Refused

_ONLY_DRAW = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:"
)
"""A report is a page of its own with its script inside: it belongs to nobody's origin."""
_PAGE: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
_BYTES: dict[str, Any] = {"content": {"application/octet-stream": {}}}


def past_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.get("")
    def history() -> list[dict[str, Any]]:
        """All sessions of this person, the oldest first."""
        with house.store() as store:
            return [_told(house, past) for past in looking_back.history(store)]

    @routes.get("/{session_id}")
    def one(session_id: str) -> dict[str, Any]:
        """One session, as it is looked back on."""
        with house.store() as store:
            found = looking_back.looking_back(store, session_id)
        return plain(found) | {"past": _told(house, found.past)}

    @routes.post("/{session_id}/pain", status_code=204)
    async def pain(session_id: str, form: Pain) -> None:
        """How the back was before it, or is after it."""
        await run_in_threadpool(_tell_pain, house, session_id, form)
        await end_who_may_not_be_led(house)

    @routes.delete("/{session_id}")
    def delete(session_id: str) -> dict[str, Any]:
        """Delete a session with everything that was recorded in it."""
        with house.reports.writing, house.store() as store:
            settle(store, at_s=time.time())  # what it told of bad counts, also without it
            return {"session_id": store.delete_session(session_id).session_id}

    _add_recorded(routes, house)
    return routes


def _add_recorded(routes: APIRouter, house: House) -> None:
    """What is made of the record of a session."""

    @routes.get("/{session_id}/report", response_class=Response, responses={200: _PAGE})
    def report(session_id: str) -> Response:
        """The page of a session, decrypted on its way and nowhere else. One that is being drawn is
        waited for, but not while somebody is led."""
        with house.store() as store:
            path = store.recording(session_id).with_name(REPORT_NAME)
        if not path.is_file() and house.leads_somebody:
            house.reports.first(session_id)
            raise Refused(409, "report_soon")
        if not house.reports.waited_for(session_id) and not path.is_file():
            raise Refused(404, "report_drawing")
        if not path.is_file():
            raise Refused(404, "no_report")
        headers = {"content-security-policy": _ONLY_DRAW}
        return Response(read_bytes(path), media_type="text/html", headers=headers)

    @routes.get("/{session_id}/playback", response_class=Response, responses={200: _BYTES})
    def playback(session_id: str) -> Response:
        """The session as it was shown, to be looked at again (docs/formats.md)."""
        with house.store() as store:
            sealed, folder = store.recording(session_id), store.folder
        if not sealed.is_file():
            raise Refused(404, "recording_gone")
        raw = apart.call(apart.PLAYED, sealed, opened=folder)
        return Response(raw, media_type="application/octet-stream")

    @routes.post("/{session_id}/report", status_code=202)
    def draw(session_id: str) -> None:
        """Draw a report that is not there; `GET` of the session says when it is."""
        with house.store() as store:
            sealed = store.recording(session_id)
        if not sealed.is_file():
            raise Refused(404, "recording_gone")
        if not sealed.with_name(REPORT_NAME).is_file():
            house.reports.draw(session_id, asked=True)


def _told(house: House, past: looking_back.Past) -> dict[str, Any]:
    standing = house.reports.standing(past.session_id, there=past.has_report)
    return plain(past) | {"report": standing.value}


def _tell_pain(house: House, session_id: str, form: Pain) -> None:
    with house.folding, house.store() as store:
        looking_back.tell_pain(store, session_id, form.moment, form.nrs)
