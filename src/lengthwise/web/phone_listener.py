"""A second server in the same loop, for the phone alone: its own address, port, and life."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from lengthwise.contracts.errors import InputError
from lengthwise.web.counted_in import CountedIn
from lengthwise.web.phone_tls import Certificate

_MOST_CONNECTIONS = 24
_CLOSES_WITHIN_S = 3.0


class _Beside(uvicorn.Server):
    """Ctrl+C is for the server of the page, which ends this one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Listener:
    """Begun with a free port of one address; `end` closes it for good."""

    def __init__(self, bound: socket.socket) -> None:
        self._bound = bound
        self._server: _Beside | None = None
        self._serving: asyncio.Task[None] | None = None

    @classmethod
    def bound(cls, address: str) -> "Listener":
        """Raises InputError where the address is none of this machine."""
        bound = CountedIn(_MOST_CONNECTIONS)
        try:
            bound.bind((address, 0))
            bound.listen(_MOST_CONNECTIONS)
        except OSError as cause:
            bound.close()
            raise InputError(
                "address for the phone",
                value=address,
                allowed="an address of this machine in the network of the phone",
                remedy="leave --phone-address out, or state another",
            ) from cause
        return cls(bound)

    @property
    def port(self) -> int:
        return int(self._bound.getsockname()[1])

    def serve(self, app: ASGIApp, certificate: Certificate) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            timeout_keep_alive=15,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = certificate.context
        self._server = _Beside(config)
        self._serving = asyncio.create_task(self._server.serve([self._bound]))

    async def end(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            with suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._serving, _CLOSES_WITHIN_S)
        self._bound.close()
