"""Routes of sessions that were: look back on them, say how the back is, delete them."""

import time
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from lengthwise.live import looking_back
from lengthwise.live.own_plan_told import settle
from lengthwise.vault.files import read_bytes
from lengthwise.web.forms import Pain
from lengthwise.web.house import House, plain
from lengthwise.web.leading import end_who_may_not_be_led

_ONLY_DRAW = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:"
)
"""A report is a page of its own with its script inside: it belongs to nobody's origin."""


def past_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.get("")
    def history() -> list[dict[str, Any]]:
        """All sessions of this person, the oldest first."""
        with house.store() as store:
            return [plain(past) for past in looking_back.history(store)]

    @routes.get("/{session_id}")
    def one(session_id: str) -> dict[str, Any]:
        """One session, as it is looked back on."""
        with house.store() as store:
            return plain(looking_back.looking_back(store, session_id))

    @routes.post("/{session_id}/pain", status_code=204)
    async def pain(session_id: str, form: Pain) -> None:
        """How the back was before it, or is after it."""
        await run_in_threadpool(_tell_pain, house, session_id, form)
        await end_who_may_not_be_led(house)

    @routes.delete("/{session_id}")
    def delete(session_id: str) -> dict[str, Any]:
        """Delete a session with everything that was recorded in it."""
        with house.store() as store:
            settle(store, at_s=time.time())  # what it told of bad counts, also without it
            return {"session_id": store.delete_session(session_id).session_id}

    @routes.get("/{session_id}/report")
    def report(session_id: str) -> Response:
        """The page of a session, decrypted on its way and nowhere else."""
        with house.store() as store:
            path = store.recording(session_id).with_name("report.html")
        if not path.is_file():
            raise HTTPException(404, "this session has no report")
        headers = {"content-security-policy": _ONLY_DRAW}
        return Response(read_bytes(path), media_type="text/html", headers=headers)

    return routes


def _tell_pain(house: House, session_id: str, form: Pain) -> None:
    with house.store() as store:
        looking_back.tell_pain(store, session_id, form.moment, form.nrs)
