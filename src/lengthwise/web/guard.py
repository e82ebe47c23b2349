"""What stands before everything else at the door: host, origin, size, the lock, and what a page may
do.

Only names of this machine are answered, so that no page elsewhere can lead a browser here under a
name of its own; only our own page may change anything or open a stream. Every answer says that the
page loads nothing from elsewhere.
"""

from collections.abc import Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 64 * 1024
_SAFE = frozenset({"GET", "HEAD"})
_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), screen-wake-lock=(self), "
    "idle-detection=(self)",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware. `hosts`: names with port under which this machine is reached, as browsers
    write them; `scheme` of the pages that are ours. `locked`: whether a passphrase is needed first;
    then nothing of the interface is answered but `open_while_locked` and what lies below."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        scheme: str = "http",
        locked: Callable[[], bool] = lambda: False,
        open_while_locked: tuple[str, ...] = (),
    ) -> None:
        self._app, self._locked, self._open = app, locked, open_while_locked
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"{scheme}://{host}" for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(scope, receive, send, *refusal)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        body = _Body(receive)
        refused = False

        async def with_headers(message: Message) -> None:
            nonlocal refused
            if body.too_large or refused:
                # What the application makes of a body that was cut off is nobody's answer.
                if not refused:
                    refused = True
                    await _refuse(scope, receive, send, 413, "too much at once")
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, body.receive, with_headers)
        except ClientDisconnect:
            if not body.too_large:
                raise

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"] not in self._hosts:
            return 421, "this is not a name of this machine"
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        origins = headers.getlist("origin")
        if changes and (len(origins) != 1 or origins[0] not in self._origins):
            return 403, "only the page that is served here may do this"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY_BYTES:
            return 413, "too much at once"
        path = scope["path"]
        of_interface = path.startswith("/api/") or scope["type"] == "websocket"
        open_always = any(path == one or path.startswith(one + "/") for one in self._open)
        if of_interface and self._locked() and not open_always:
            return 423, "this profile is locked: its passphrase is needed first"
        return None


class _Body:
    """A request's body as it comes in, cut off where it becomes too long."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._taken = receive, 0
        self.too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > MOST_BODY_BYTES:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    answer: Response = PlainTextResponse(why, status_code=status, headers=_HEADERS)
    if status == 423:
        # The page shows it as it shows every other refusal of the interface.
        told = {"detail": why, "code": "locked"}
        answer = JSONResponse(told, status_code=status, headers=_HEADERS)
    await answer(scope, receive, send)
