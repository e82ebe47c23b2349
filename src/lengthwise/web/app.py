"""The HTTP interface of this machine and the streams of its sessions.

Everything needs the cookie that is given for the token of this start, which `serve` prints and
opens the browser with. What a session shows needs that session's own key as well.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from lengthwise import __version__
from lengthwise.contracts.errors import (
    InputError,
    LengthwiseError,
    MissingPartError,
    SafetyRefusedError,
)
from lengthwise.live.roles import PAGE
from lengthwise.record.session_folder import make_private_folder
from lengthwise.web.assess_routes import assess_routes
from lengthwise.web.beside_routes import beside_routes
from lengthwise.web.body_routes import body_routes
from lengthwise.web.connection import POLICY
from lengthwise.web.data_routes import data_routes
from lengthwise.web.device_routes import device_routes
from lengthwise.web.door import IDLE_S
from lengthwise.web.forms import REFUSALS, Enter
from lengthwise.web.guard import Guard
from lengthwise.web.house import House, Settings, same
from lengthwise.web.hub import NotOpenError
from lengthwise.web.leading import may_lead
from lengthwise.web.lock_routes import OPEN_WHILE_LOCKED, add_locked_answers, lock_routes
from lengthwise.web.not_the_form import not_the_form
from lengthwise.web.past_routes import past_routes
from lengthwise.web.person_routes import person_routes
from lengthwise.web.phone_routes import phone_routes
from lengthwise.web.plan_routes import plan_routes
from lengthwise.web.ramp_routes import ramp_routes
from lengthwise.web.refused import Refused, refusal
from lengthwise.web.resume_routes import resume_routes
from lengthwise.web.screening_routes import screening_routes
from lengthwise.web.session_routes import session_routes
from lengthwise.web.speech_routes import speech_routes
from lengthwise.web.steps_routes import steps_routes
from lengthwise.web.stream import serve_stream
from lengthwise.web.view_routes import add_viewers, view_routes

_TELLS_NOBODY: Any = dict.fromkeys(
    ("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False
)
"""Newer FastAPI hands requests to whoever collects them, by an environment variable alone."""
_USE_LINK = "open the link that the program printed"


def build(settings: Settings) -> ASGIApp:
    """The application of one start of the server."""
    house = House(settings)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        await house.begin()
        yield
        await house.phone.forget()
        await house.devices.forget()
        await house.close()

    app = FastAPI(
        title="Lengthwise",
        version=__version__,
        lifespan=living,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=_TELLS_NOBODY,
    )

    async def let_in(request: Request, response: Response) -> None:
        if not house.door.admits(request.cookies.get(house.cookie_name)):
            raise Refused(401, "use_link")
        _give_cookie(response, house)

    _add_entrance(app, house)
    for routes in (
        person_routes(house),
        plan_routes(house),
        ramp_routes(house),
        assess_routes(house),
        screening_routes(house),
        resume_routes(house),
        session_routes(house),
        past_routes(house),
        beside_routes(house),
        steps_routes(house),
        view_routes(house),
        body_routes(settings.home),
        data_routes(house),
        speech_routes(),
        phone_routes(house),
        device_routes(house),
        lock_routes(house),
    ):
        app.include_router(routes, dependencies=[Depends(let_in)], responses=REFUSALS)
    add_viewers(app, house)

    @app.get("/api/openapi.json", dependencies=[Depends(let_in)], include_in_schema=False)
    async def schema() -> dict[str, Any]:
        return app.openapi()

    add_locked_answers(app)
    _add_answers_to_errors(app)
    _add_page(app, settings)
    return Guard(
        app,
        hosts=settings.hosts,
        locked=lambda: house.locked,
        open_while_locked=OPEN_WHILE_LOCKED,
    )


def _give_cookie(response: Response, house: House) -> None:
    response.set_cookie(
        house.cookie_name,
        house.cookie,
        max_age=int(IDLE_S),
        httponly=True,
        samesite="strict",
        path="/",
    )


def _add_entrance(app: FastAPI, house: House) -> None:
    @app.post("/api/enter", status_code=204, responses=REFUSALS)
    async def enter(form: Enter, response: Response) -> None:
        """The cookie, for the token of this start."""
        if not same(form.token, house.settings.token):
            raise Refused(403, "other_start")
        _give_cookie(response, house)

    @app.websocket("/api/sessions/{session_id}/stream")
    async def stream(socket: WebSocket, session_id: str) -> None:
        if not house.door.admits(socket.cookies.get(house.cookie_name)):
            await socket.close(POLICY, _USE_LINK)
            return
        await serve_stream(house.hub, socket, session_id, PAGE, may_lead=partial(may_lead, house))


def _add_page(app: FastAPI, settings: Settings) -> None:
    """The built page, and the pose models that it looks with. Nothing in them is of a person."""
    models = settings.home / "models"
    make_private_folder(models)  # without setup it is empty, and what is asked for is not there
    app.mount("/models", StaticFiles(directory=models))
    app.mount("/", StaticFiles(directory=settings.page, html=True))


def _add_answers_to_errors(app: FastAPI) -> None:
    """An expected error is one clear line to the page, as it is to the command line."""

    @app.exception_handler(Refused)
    async def refused(_: Request, cause: Refused) -> Response:
        return refusal(cause, cause.status_code)

    @app.exception_handler(RequestValidationError)
    async def no_form(request: Request, cause: RequestValidationError) -> Response:
        return refusal(not_the_form(cause.errors()[0], request.scope["endpoint"]), 422)

    @app.exception_handler(LengthwiseError)
    async def expected(_: Request, cause: LengthwiseError) -> Response:
        if isinstance(cause, SafetyRefusedError):
            return refusal(cause, 403)
        if isinstance(cause, MissingPartError):
            return refusal(cause, 409)
        return refusal(cause, 404 if isinstance(cause, InputError) else 503)

    @app.exception_handler(NotOpenError)
    async def not_open(_: Request, cause: NotOpenError) -> Response:
        return refusal(cause, 503)
