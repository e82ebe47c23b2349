"""Routes of looking on: the link for a second screen, and its stream."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, WebSocket

from lengthwise.web.house import House
from lengthwise.web.refused import Refused
from lengthwise.web.viewers import serve_viewer


def view_routes(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api/sessions")

    @routes.post("/{session_id}/view")
    async def link(session_id: str, x_key: Annotated[str, Header()] = "") -> dict[str, str]:
        """Where a second screen looks on. In the fragment, the key reaches no log."""
        session = house.hub.session(session_id, x_key)
        if session is None:
            raise Refused(404, "no_such_session")
        return {"link": f"/viewer.html#session={session_id}&view={session.view_key}"}

    return routes


def add_viewers(app: FastAPI, house: House) -> None:
    """The view key is all that a viewer needs: another browser of this machine has no cookie."""

    @app.websocket("/api/sessions/{session_id}/view")
    async def view(socket: WebSocket, session_id: str) -> None:
        await serve_viewer(house.hub, socket, session_id)
