"""Routes of sessions: begin one, end one, look back on those that were."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from lengthwise.contracts.session import SessionStarted
from lengthwise.live import guided
from lengthwise.vault.files import read_bytes
from lengthwise.web.forms import NewSession
from lengthwise.web.house import House, plain
from lengthwise.web.hub import NotOpenError

_ONLY_DRAW = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:"
)
"""A report is a page of its own with its script inside: it belongs to nobody's origin."""


def session_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.post("", status_code=201)
    async def begin(form: NewSession) -> dict[str, str]:
        """A session, and the key that its stream is opened with."""
        async with house.one_at_a_time:
            # One person is led once. What nobody looks at any more is ended first, so that whether
            # the next one may begin is asked of all that came before it.
            for other in house.hub.going_on():
                if other.led:
                    raise HTTPException(409, "a session is going on in another tab; end it first")
                with suppress(NotOpenError):
                    await house.hub.end(other)
            started, folder = await run_in_threadpool(_prepared, house, form)
            session = await house.hub.open(started, folder)
        return {"session_id": session.session_id, "key": session.key}

    @routes.post("/{session_id}/end")
    async def end(session_id: str, x_key: Annotated[str, Header()] = "") -> dict[str, Any]:
        """Finish a session: its report is written then."""
        session = house.hub.session(session_id, x_key)
        if session is None:
            raise HTTPException(404, "no such session for this key")
        return plain((await house.hub.end(session)).totals)

    @routes.get("")
    def history() -> list[dict[str, Any]]:
        """All sessions of this person, the oldest first."""
        with house.store() as store:
            return [plain(totals) for totals in store.sessions()]

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


def _prepared(house: House, form: NewSession) -> tuple[SessionStarted, Path]:
    request = guided.GuidedRequest(
        exercise_id=form.exercise_id,
        width_px=form.width_px,
        height_px=form.height_px,
        pose_model=form.pose_model,
        side=form.side,
        height_m=form.height_m,
        phone=form.phone,
        language=form.language,
        baseline_nrs=form.pain_now,
    )
    with house.store() as store:
        house.keep_stops(store)
        started = guided.guided_started(store, request)
        return started, guided.folder_of(store, started.session_id)
