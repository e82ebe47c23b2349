"""What a phone in the same network may ask for: its own page, and to bring motion. Nothing else of
this machine is here, and nothing of the person.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lengthwise.contracts.phone_wire import Heard, NotYetError, Paired, phone_written, read_pair
from lengthwise.contracts.wire import NotTakenError
from lengthwise.web.guard import Guard

TOKEN_HEADER = "x-phone"
MSGPACK = "application/msgpack"
_MAY = {
    "permissions-policy": "accelerometer=(self), gyroscope=(self), screen-wake-lock=(self), "
    "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class NotPairedError(Exception):
    """This phone is not the one that is worn: never was, or is no longer."""


class Ear(Protocol):
    """Who hears the phone."""

    def pair(self, code: str) -> str | None:
        """The token for a good code."""

    def bundle(self, token: str, raw: bytes) -> Heard:
        """Raises NotPairedError, NotTakenError; NotYetError where the same may come again."""

    def bye(self, token: str) -> None:
        """Raises NotPairedError."""

    def turned_away(self) -> None:
        """Something was refused at the door."""


def phone_app(ear: Ear, page: Path, *, host: str) -> ASGIApp:
    """`page`: folder of the built page of the phone; `host` as the phone's browser writes it."""

    async def shown(_: Request) -> Response:
        return FileResponse(page / "phone.html", headers=_MAY)

    async def pair(request: Request) -> Response:
        token = ear.pair(read_pair(await request.body()).code)
        if token is None:
            return _said(403, "this code is not good any more")
        return Response(phone_written(Paired(token)), media_type=MSGPACK)

    async def motion(request: Request) -> Response:
        heard = ear.bundle(request.headers.get(TOKEN_HEADER, ""), await request.body())
        return Response(phone_written(heard), media_type=MSGPACK, headers=_MAY)

    async def bye(request: Request) -> Response:
        ear.bye(request.headers.get(TOKEN_HEADER, ""))
        return Response(status_code=204)

    app = Starlette(
        routes=[
            Route("/", shown, methods=["GET"]),
            Route("/pair", pair, methods=["POST"]),
            Route("/motion", motion, methods=["POST"]),
            Route("/bye", bye, methods=["POST"]),
            Mount("/assets", StaticFiles(directory=page / "assets", check_dir=False)),
        ],
        exception_handlers={
            NotYetError: _not_yet,
            NotTakenError: _not_taken,
            NotPairedError: _not_paired,
        },
    )
    return _counting(Guard(app, hosts=[host], scheme="https"), ear.turned_away)


async def _not_taken(_: Request, cause: Exception) -> Response:
    return _said(400, str(cause))


async def _not_yet(_: Request, cause: Exception) -> Response:
    return _said(425, str(cause))


async def _not_paired(_: Request, cause: Exception) -> Response:
    return _said(410, str(cause))


def _said(status: int, why: str) -> Response:
    return PlainTextResponse(why, status_code=status, headers=_MAY)


def _counting(
    app: ASGIApp, refused: Callable[[], None]
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Counts what is refused, whoever refuses it."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                refused()
            await send(message)

        await app(scope, receive, watched)

    return counted
