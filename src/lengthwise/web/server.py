"""The server of this machine: a free port of the loopback address, and the link to open."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.wire import MOST_BYTES
from lengthwise.live import allocator
from lengthwise.live.nursery import FORKS
from lengthwise.record.store import ProfileStore
from lengthwise.web.app import build
from lengthwise.web.counted_in import CountedIn
from lengthwise.web.house import Settings

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 256
"""A browser has six and its streams; other accounts of this machine reach the door as well."""


def serve(
    home: Path,
    *,
    profile: str,
    port: int = 0,
    processes: int | None = None,
    phone_address: str | None = None,
    devices: tuple[str, ...] = (),
    ready: Callable[[str], None],
) -> None:
    """Serve until interrupted. `port` 0: any that is free; `ready` is told the link once the port
    is taken; `devices`: names of those that are worn. Raises InputError where the port is
    taken by another program."""
    allocator.one_place()
    _tables_apart(home, profile)
    bound = _bound(port)
    port = bound.getsockname()[1]
    settings = Settings(
        home=home,
        profile=profile,
        hosts=(f"{LOOPBACK}:{port}", f"localhost:{port}"),
        token=secrets.token_urlsafe(24),
        processes=processes or min(os.cpu_count() or 1, 4),
        page=_page(),
        phone_address=phone_address,
        devices=devices,
    )
    # In the fragment, the token reaches no log and no other site.
    ready(f"http://{LOOPBACK}:{port}/#enter={settings.token}")
    server = uvicorn.Server(server_config(settings))
    allocator.hold_still()
    with bound:
        server.run(sockets=[bound])


def _tables_apart(home: Path, profile: str) -> None:
    """The tables of a new store, or of an older one, in a process that ends: what they are made
    with is 10 MB that nobody needs afterwards. Where that fails, whoever opens the store says why;
    where processes are not forked, or it is locked, it is done by whoever opens it first."""
    if not FORKS:
        return
    pid = os.fork()
    if pid == 0:
        try:
            ProfileStore.open(home, profile).close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def server_config(settings: Settings) -> uvicorn.Config:
    """How it is served: no line for each request, as an address may say what somebody did."""
    return uvicorn.Config(
        build(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=4 * MOST_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )


def _page() -> Path:
    page = Path(__file__).with_name("static")
    if not (page / "index.html").is_file():
        raise MissingPartError(
            "the built page",
            needed_for="the browser",
            remedy="build it with: make setup (needs npm)",
        )
    return page


def _bound(port: int) -> socket.socket:
    bound = CountedIn(MOST_CONNECTIONS)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Every connection has it from here. Without, a view that follows a decision waits until the
    # browser has said that it got the decision, which is at its next image.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        bound.bind((LOOPBACK, port))
        bound.listen()  # a browser that is quick waits instead of being turned away
    except OSError as cause:
        bound.close()
        raise InputError(
            "--port", value=port, allowed="a free port", remedy="leave it out to take any"
        ) from cause
    return bound
