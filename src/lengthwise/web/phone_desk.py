"""The one phone of this start of the server: asked for, paired, worn, led along, forgotten.

Nothing listens in the network until the person asks for it. What a phone brings can only become
samples of one sensor; it has no way to say a word.
"""

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import segno
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, MissingPartError, SafetyRefusedError
from lengthwise.contracts.phone_wire import Heard, PhoneSays
from lengthwise.contracts.session import SessionStarted
from lengthwise.live.phone import FRESH_S, Phone, Samples
from lengthwise.live.phone_code import GOOD_FOR_S, Code, new_code, tried
from lengthwise.live.phone_looking import Looking, Near, What
from lengthwise.live.worn import LEAST_HZ, MOST_HZ, Checked, Worn
from lengthwise.reference.exercises import led_exercises
from lengthwise.reference.wearing import place_for_exercise, position
from lengthwise.web.hub import Guided, Hub
from lengthwise.web.phone_app import NotPairedError, phone_app
from lengthwise.web.phone_feed import Feed
from lengthwise.web.phone_listener import Listener
from lengthwise.web.phone_tls import Certificate, made_certificate, own_address

IDLE_S = 900.0
LINGERS_S = 120.0
"""After a session, so that the next exercise finds the phone where it is."""
STOOD_HOLDS_S = 10.0
"""Whoever stood still longer ago may stand elsewhere by now."""
_LAST_WORD_S = 2.0
_USUAL_HZ = 60.0
"""What phones report at, where it is not measured yet."""
_PHONE_GONE = "this phone is not asked for any more"


class State(StrEnum):
    OFF = "off"
    WAITING = "waiting"
    CONNECTED = "connected"
    SILENT = "silent"
    LOST = "lost"


class Offer(Struct, frozen=True):
    """What pairs a phone. `qr` an SVG as data address of `url`."""

    url: str
    qr: str
    fingerprint: str
    good_for_s: float


class Place(Struct, frozen=True):
    id: str
    name: str
    picture: str
    why: str


class Seen(Struct, frozen=True):
    """How it stands with the phone. `stood`: a session may begin with it; `led`: one is going on
    with it; `offered`: a code is open; `checked`: which way round it is worn, where that was looked
    for; `rate_hz` of its samples; `refused`: what was not taken, whoever sent it."""

    state: State
    says: PhoneSays
    received: int = 0
    refused: int = 0
    rate_hz: float | None = None
    still_s: float = 0.0
    stood: bool = False
    led: bool = False
    offered: bool = False
    checked: Checked | None = None
    place: Place | None = None


class Desk:
    """Used from one event loop only. `page`: built page of the phone; `keys`: private folder;
    `address` of this machine in the phone's network, None to find it; `look`: who looks at what the
    phone feels before a session."""

    def __init__(
        self, *, page: Path, keys: Path, address: str | None = None,
        clock_s: Callable[[], float] = time.monotonic,
        look: Callable[[What, str, float], Looking] = Near,
    ) -> None:  # fmt: skip
        self._page, self._keys, self._address = page, keys, address
        self._clock_s, self._look = clock_s, look
        self._listener: Listener | None = None
        self._certificate: Certificate | None = None
        self._host = ""
        self._code = Code(None, 0.0)
        self._phone: Phone | None = None
        self._token: str | None = None
        self._looking: dict[What, Looking] = {}
        self._feed: Feed | None = None
        self._closing: asyncio.TimerHandle | None = None
        self._opening = asyncio.Lock()
        self._ending: asyncio.Task[None] | None = None
        self._between = self._over = False
        self._turned_away = 0

    async def offer(self) -> Offer:
        """A new code; one given out before opens nothing any more. Raises InputError,
        MissingPartError."""
        async with self._opening:
            address = self._address or own_address()
            if self._over or self._host.partition(":")[0] != address:
                self._let_go()  # also where this machine is in another network by now
                await self._close()
            if self._listener is None:
                await self._listen(address)
        self._code = new_code(self._clock_s())
        if self._phone is None:
            self._close_in(GOOD_FOR_S)
        offered = self.offered()
        assert offered is not None
        return offered

    def offered(self) -> Offer | None:
        """The code that is open, with the seconds that are left to it; None: none is."""
        now_s, certificate = self._clock_s(), self._certificate
        if certificate is None or not self._code.open(now_s):
            return None
        url = f"https://{self._host}/#code={self._code.text}"
        qr = segno.make(url, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
        return Offer(url, qr, certificate.fingerprint, self._code.until_s - now_s)

    def pair(self, code: str) -> str | None:
        self._code, good = tried(self._code, code, self._clock_s())
        if not good or self._over:
            return None
        self._unfeed()
        self._token = secrets.token_urlsafe(32)
        self._look_no_more()
        self._phone = Phone(begun_s=self._clock_s(), brought=self._brought)
        self._close_in(IDLE_S)
        return self._token

    def bundle(self, token: str, raw: bytes) -> Heard:
        phone, now_s = self._paired(token), self._clock_s()
        clock = phone.take(raw, now_s=now_s)
        standing = self._looking.get(What.STANDING)
        place = None if standing is None else standing.place
        return Heard(
            clock, phone.received, phone.refused, phone.rate_hz(now_s), self._says(), place
        )

    def bye(self, token: str) -> None:
        """The person pressed stop on the phone: nothing of it is taken any more."""
        self._paired(token)
        self._let_go()

    def turned_away(self) -> None:
        self._turned_away += 1

    def stand(self, exercise_id: str, side: Side | None) -> Seen:
        """Look for three seconds of standing, worn where the exercise wants it. Raises InputError,
        SafetyRefusedError."""
        place, rate_hz = _place_of(exercise_id, side), self._taken_up()
        self._look_for(What.STANDING, place, rate_hz)
        self._between = False
        return self.seen(exercise_id)

    def check(self, exercise_id: str) -> Seen:
        """Look which way round it is worn, where the exercise wants it. Raises as `stand`."""
        place, rate_hz = _place_of(exercise_id, None), self._taken_up()
        self._look_no_more()
        self._look_for(What.CHECK, place, rate_hz)
        return self.seen(exercise_id)

    def _taken_up(self) -> float:
        """The phone's rate, once it is free for something new."""
        if self._phone is None:
            raise InputError(
                "phone", value="none", allowed="one that is connected", remedy="connect it again"
            ).coded("no_phone")
        if self._feed is not None and self._feed.led:
            raise SafetyRefusedError(
                "standing with the phone",
                reason="a session is going on with it",
                remedy="end that one first",
            ).coded("phone_led")
        self._unfeed()
        self._close_in(IDLE_S)
        rate_hz = self._phone.rate_hz(self._clock_s())
        return rate_hz if rate_hz is not None and LEAST_HZ <= rate_hz <= MOST_HZ else _USUAL_HZ

    def worn(self, exercise_id: str, side: Side | None) -> Worn:
        """What a session of an exercise begins with. Raises InputError, and SafetyRefusedError
        without a standing just now with the phone in its place, or where a check found it worn
        otherwise."""
        place, check = _place_of(exercise_id, side), self._looking.get(What.CHECK)
        checked = None if check is None or check.place != place else check.found.checked
        if checked is not None and checked.well is False:
            raise SafetyRefusedError(
                "beginning with the phone",
                reason="it was found worn otherwise than shown",
                remedy="turn it and check again",
            ).coded("phone_otherwise")
        standing = self._looking.get(What.STANDING)
        found = None if standing is None else standing.found.worn
        if found is not None and found.place != place:
            found = None
        if found is None or self._clock_s() - found.stood_s[1] > STOOD_HOLDS_S:
            raise SafetyRefusedError(
                "beginning with the phone",
                reason="nobody stood still with it just now",
                remedy="stand upright and still for three seconds once more",
            ).coded("phone_not_stood")
        return found

    async def lead(self, hub: Hub, started: SessionStarted, folder: Path, worn: Worn) -> Guided:
        """A session that hears the phone: from its standing on where that is the zero, else from
        when a page is there. Raises NotOpenError."""
        stood = started.config.zero_s is not None
        begun_s = worn.stood_s[0] if stood else self._clock_s()
        session = await hub.open(started, folder, begun_s=begun_s)
        self._unfeed()
        feed = Feed(hub, session, begun_s=begun_s, over=self._session_over)
        if stood and self._phone is not None:
            await feed.catch_up(self._phone)
        self._feed = feed
        self._between = False
        self._stay()
        return session

    def seen(self, exercise_id: str | None = None) -> Seen:
        place = self._place(exercise_id)
        now_s = self._clock_s()
        if self._listener is None or self._over:
            return Seen(State.OFF, PhoneSays.OVER, place=place)
        phone, standing = self._phone, self._looking.get(What.STANDING)
        stood = None if standing is None else standing.found
        check = self._looking.get(What.CHECK)
        if phone is None:
            return Seen(
                State.WAITING,
                PhoneSays.WAIT,
                refused=self._turned_away,
                offered=self._code.open(now_s),
                place=place,
            )
        state = State.CONNECTED
        if phone.lost(now_s):
            state = State.LOST
        elif phone.silent(now_s):
            state = State.SILENT
        return Seen(
            state,
            self._says(),
            phone.received,
            self._turned_away,
            phone.rate_hz(now_s),
            0.0 if stood is None else stood.still_s,
            stood is not None and stood.worn is not None,
            self._feed is not None,
            self._code.open(now_s),
            None if check is None else check.found.checked,
            place,
        )

    async def forget(self) -> None:
        """Nothing of the phone is kept, and nothing listens in the network."""
        async with self._opening:
            self._let_go()
            await self._close()

    def _paired(self, token: str) -> Phone:
        if self._phone is None or self._token is None or self._over:
            raise NotPairedError(_PHONE_GONE)
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise NotPairedError(_PHONE_GONE)
        return self._phone

    def _says(self) -> PhoneSays:
        if self._over:
            return PhoneSays.OVER
        if self._feed is not None:
            return PhoneSays.GOING_ON
        if self._between:
            return PhoneSays.BETWEEN
        standing = self._looking.get(What.STANDING)
        return PhoneSays.WEAR if standing is None else standing.found.says

    def _place(self, exercise_id: str | None) -> Place | None:
        chosen = None if exercise_id is None else led_exercises().get(exercise_id)
        if chosen is None:
            return None
        place = place_for_exercise(chosen.for_side(Side.LEFT))
        at = position(place.recommended)
        return Place(place.recommended, at.name, at.picture, place.why)

    def _brought(self, samples: Samples) -> None:
        if self._feed is not None:
            self._feed.put(samples)
            return
        fresh_s = self._clock_s() - FRESH_S
        for looking in self._looking.values():
            looking.take(*(s for s in samples if s.t_s >= fresh_s))

    def _look_for(self, what: What, place: str, rate_hz: float) -> None:
        self._look_no_more(what)
        self._looking[what] = self._look(what, place, rate_hz)

    def _look_no_more(self, *whats: What) -> None:
        """For what is named; for nothing at all where none is."""
        for what in whats or tuple(self._looking):
            looking = self._looking.pop(what, None)
            if looking is not None:
                looking.close()

    def _session_over(self, feed: Feed) -> None:
        if self._feed is not feed:
            return
        self._feed, self._between = None, True
        self._look_no_more(What.STANDING)
        self._close_in(LINGERS_S)

    def _unfeed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def _let_go(self) -> None:
        self._unfeed()
        self._token = self._phone = None
        self._look_no_more()
        self._code = Code(None, 0.0)

    async def _listen(self, address: str | None) -> None:
        if address is None:
            raise MissingPartError(
                "a network of this machine",
                needed_for="a phone",
                remedy="join the network that the phone is in",
            ).coded("no_network")
        if not (self._page / "phone.html").is_file():
            raise MissingPartError(
                "the built page of the phone", needed_for="a phone", remedy="build it: make setup"
            ).coded("no_phone_page")
        made = await asyncio.to_thread(made_certificate, address, self._keys)
        # The first one loads what is compiled: not while somebody waits for a stop.
        first = await asyncio.to_thread(self._look, What.STANDING, "sacrum", _USUAL_HZ)
        first.close()
        listener = Listener.bound(address)
        self._host = f"{address}:{listener.port}"
        listener.serve(phone_app(self, self._page, host=self._host), made)
        self._listener, self._certificate, self._over = listener, made, False
        self._turned_away = 0

    def _stay(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None

    def _close_in(self, seconds: float) -> None:
        self._stay()
        self._closing = asyncio.get_running_loop().call_later(seconds, self._say_over)

    def _say_over(self) -> None:
        """A last word for the phone, then nothing listens any more."""
        self._let_go()
        self._over = True
        loop = asyncio.get_running_loop()

        def end() -> None:
            self._ending = loop.create_task(self._close())

        self._closing = loop.call_later(_LAST_WORD_S, end)

    async def _close(self) -> None:
        self._stay()
        listener, self._listener = self._listener, None
        self._certificate, self._over, self._between = None, False, False
        if listener is not None:
            await listener.end()


def _place_of(exercise_id: str, side: Side | None) -> str:
    """Where an exercise wants the phone. Raises InputError."""
    chosen = led_exercises().get(exercise_id)
    if chosen is None:
        raise InputError(
            "exercise", value=exercise_id, allowed="one of the list", remedy="choose one"
        )
    return place_for_exercise(chosen.for_side(side or Side.LEFT)).recommended
