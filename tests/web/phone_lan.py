"""A phone's browser before a desk whose listener stands on the loopback address."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import numpy as np

from lengthwise.contracts.phone_wire import Heard, Pair, Paired
from lengthwise.contracts.wire import Clock, Motion
from lengthwise.web.phone_desk import Desk

to_bytes = msgspec.msgpack.Encoder().encode
HERE = "127.0.0.1"


class Time:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Lan:
    """A desk whose listener stands on the loopback address, and a phone's browser before it."""

    def __init__(self, folder: Path) -> None:
        page = folder / "phone"
        (page / "assets").mkdir(parents=True)
        (page / "phone.html").write_text("<!doctype html><title>phone</title>")
        (page / "assets" / "phone.js").write_text("1;")
        (folder / "secret.txt").write_text("of the person")
        self.time = Time()
        self.desk = Desk(page=page, keys=folder / "keys", address=HERE, clock_s=self.time)
        self.origin = ""
        self.code = ""
        self.seq = 0
        self.lean_rad = 0.0
        self.last: tuple[float, float, float] | None = None

    async def offered(self) -> httpx.AsyncClient:
        offer = await self.desk.offer()
        self.origin, _, self.code = offer.url.partition("/#code=")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return httpx.AsyncClient(
            base_url=self.origin, headers={"origin": self.origin}, verify=context
        )

    async def paired(self, phone: httpx.AsyncClient) -> str:
        answer = await phone.post("/pair", content=to_bytes(Pair(self.code)))
        assert answer.status_code == 200, answer.text
        return msgspec.msgpack.decode(answer.content, type=Paired).token

    async def bring(
        self, phone: httpx.AsyncClient, token: str, samples: int = 6, *, lean_rad: float = 0.0
    ) -> httpx.Response:
        """A bundle of an upright phone that was felt just now; at first only its clock."""
        now_s, self.seq = self.time.now_s, self.seq + 1
        parts: list[Clock | Motion] = [Clock(now_s, self.last)]
        if self.last is not None and samples:
            sway = 0.001 * (self.seq % 7)
            rate_rad_s, self.lean_rad = (lean_rad - self.lean_rad) / 0.1, lean_rad
            up = (sway, 9.81 * np.cos(lean_rad), 9.81 * np.sin(lean_rad))
            rows = [
                [now_s - (samples - k) / 60.0, *up, -rate_rad_s, 0.0, sway] for k in range(samples)
            ]
            parts.append(Motion(self.seq, np.array(rows, dtype="<f8").tobytes()))
        answer = await phone.post("/motion", content=to_bytes(parts), headers={"x-phone": token})
        if answer.status_code == 200:
            heard = msgspec.msgpack.decode(answer.content, type=Heard)
            assert heard.clock is not None
            self.last = (heard.clock.sent_s, heard.clock.answered_s, self.time.now_s)
        self.time.now_s += 0.1
        return answer


@asynccontextmanager
async def lan(folder: Path) -> AsyncIterator[tuple[Lan, httpx.AsyncClient]]:
    held = Lan(folder)
    phone = await held.offered()
    try:
        async with phone:
            yield held, phone
    finally:
        await held.desk.forget()


def run(folder: Path, what: Callable[..., object]) -> None:
    async def whole() -> None:
        async with lan(folder) as (held, phone):
            await what(held, phone)  # type: ignore[misc]

    asyncio.run(whole())
