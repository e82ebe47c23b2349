"""A phone's page in a browser of its own, over TLS, and what a session makes of its real events.

DevTools override the sensors under `DeviceMotionEvent`, so everything from the browser's own event
on is as on a phone: rounding, rate and the order of its axes too.
"""

import time
from collections.abc import Callable, Iterator
from math import cos, degrees, radians, sin
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from page_server import PATIENCE_MS, ROOT, serving
from page_steps import open_to_all, shot, stands
from playwright.sync_api import Browser, CDPSession, Page, WebSocket, expect

from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.reference.screening import screening

pytestmark = pytest.mark.browser
PHONE_PAGE = ROOT / "src" / "lengthwise" / "web" / "static" / "phone" / "phone.html"
HERE = "127.0.0.1"
SENSORS = ("accelerometer", "linear-acceleration", "gyroscope")
TILT = INDEX[Coordinate.PELVIS_TILT]
EXERCISE = "half_kneeling_hip_flexor"


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    if not PHONE_PAGE.is_file():
        pytest.skip("the page of the phone is not tried: make setup, with Node")
    with serving(tmp_path / "home", "--phone-address", HERE) as said:
        yield said


class Worn:
    """A phone at the sacrum, screen outwards, in a browser; `lean_rad` of a pelvis to the front."""

    def __init__(self, browser: Browser, url: str) -> None:
        context = browser.new_context(
            ignore_https_errors=True,
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
            device_scale_factor=2,
        )
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.broken: list[str] = []
        self.page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        self.devtools: CDPSession = context.new_cdp_session(self.page)
        self.lean_rad = 0.0
        self._beat = 0
        # A browser without a screen keeps none awake.
        self.page.add_init_script(
            "navigator.wakeLock.request = () => Promise.resolve({ release: async () => {} });"
        )
        self.page.goto(url)
        for sensor in SENSORS:
            self.devtools.send(
                "Emulation.setSensorOverrideEnabled",
                {
                    "enabled": True,
                    "type": sensor,
                    "metadata": {
                        "available": True,
                        "minimumFrequency": 1,
                        "maximumFrequency": 60,
                    },
                },
            )
        self.feel()

    def feel(self, turn_rad_s: float = 0.0) -> None:
        """What its sensors read now: gravity, the turn about x, and a tremble."""
        self._beat += 1
        tremble = 0.004 * (1 + self._beat % 3)
        lean = self.lean_rad
        for sensor, xyz in (
            ("accelerometer", (0.0, 9.81 * cos(lean), 9.81 * sin(lean))),
            ("linear-acceleration", (0.0, 0.0, 0.0)),
            ("gyroscope", (-turn_rad_s, tremble, -tremble)),
        ):
            reading = dict(zip("xyz", xyz, strict=True))
            self.devtools.send(
                "Emulation.setSensorOverrideReadings",
                {"type": sensor, "reading": {"xyz": reading}},
            )

    def until(self, holds: Callable[[], bool], *, patience_s: float = 90.0) -> None:
        """Worn until something holds."""
        ends_s = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < ends_s, "it never came about"
            self.feel()
            self.page.wait_for_timeout(15)

    def for_s(self, seconds: float) -> None:
        ends_s = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= ends_s)

    def told(self) -> tuple[int, int]:
        """How many readings its page says were received, and how many a second lately."""
        words = self.page.locator("#count").inner_text()
        received, _, rate_hz = words.partition(" readings received, ")
        return int(received), int(rate_hz.partition(" ")[0])

    def lean(self, by_rad: float, *, within_s: float) -> None:
        """The pelvis tips to the front, by the clock of the wall."""
        from_rad, began_s = self.lean_rad, time.monotonic()
        while (share := (time.monotonic() - began_s) / within_s) < 1.0:
            self.lean_rad = from_rad + by_rad * share
            self.feel(by_rad / within_s)
            self.page.wait_for_timeout(15)
        self.lean_rad = from_rad + by_rad


class Views:
    """What the session shows its page, read off its stream."""

    def __init__(self, page: Page) -> None:
        self.shown: list[dict[str, Any]] = []
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        def take(raw: str | bytes) -> None:
            if isinstance(raw, bytes):
                message = msgspec.msgpack.decode(raw)
                if message.get("type") == "view":
                    self.shown.append(message)

        socket.on("framereceived", take)

    def tilts_deg(self, last: int = 8) -> list[float]:
        angles = [np.frombuffer(v["angles"], "<f4").reshape(-1, 2) for v in self.shown[-last:]]
        return [degrees(float(a[TILT, 0])) for a in angles]

    def tilt_deg(self) -> float:
        """Mean over the latest views."""
        return float(np.mean(self.tilts_deg()))

    def steady(self) -> float | None:
        """The tilt where it is known and has stayed for a second."""
        latest = self.tilts_deg(20)
        if len(latest) < 20 or any(v["unseen"][TILT] != "claimed" for v in self.shown[-20:]):
            return None
        return None if max(latest) - min(latest) > 0.5 else float(np.mean(latest))

    def unseen(self) -> str:
        return str(self.shown[-1]["unseen"][TILT])

    def late(self) -> int:
        """Readings that came too late for anything."""
        away: dict[str, int] = self.shown[-1]["turned_away"]
        return away.get("late", 0)


def answered(page: Page, link: str) -> None:
    """The way to today; the safety questions without their screen."""
    page.goto(link)
    page.get_by_role("button", name="I understand").click()
    answers = {q.id: q.good.value for q in screening().question}
    body = {"version": screening().version, "answers": answers}
    told = page.evaluate(
        """async (body) => (await fetch('/api/screening', {method: 'POST',
        headers: {'content-type': 'application/json'}, body: JSON.stringify(body)})).status""",
        body,
    )
    assert told == 200
    page.goto(link.partition("#")[0])
    page.get_by_label("Height in centimetres").fill("178")
    page.get_by_role("button", name="Go on").click()
    page.locator(".queue button").last.click()
    page.locator(f"[data-id={EXERCISE}] button").click()


def gone_for_five_seconds(phone: Worn, views: Views, upright_deg: float) -> None:
    """Its network is gone while the pelvis comes back up; then it says how it turned meanwhile."""
    late, network, (received, rate_hz) = views.late(), phone.page.context, phone.told()
    network.set_offline(True)
    phone.lean(radians(-10.0), within_s=4.0)
    phone.for_s(1.0)
    phone.page.locator("main[data-state=unheard]").wait_for()
    shot(phone.page, "phone_unheard")
    assert views.unseen() != "claimed"
    gone_after = len(views.shown)
    network.set_offline(False)
    phone.until(lambda: views.unseen() == "claimed")
    back = views.shown[gone_after:]
    known_s = next(v["t_s"] for v in back if v["unseen"][TILT] == "claimed")
    assert known_s - back[0]["t_s"] < 1.0
    phone.until(lambda: abs(views.tilt_deg() - upright_deg) < 1.5)
    assert views.late() == late
    assert phone.told()[0] - received > 0.7 * 5.0 * rate_hz, "what it felt meanwhile has come"


def test_real_motion_events_of_a_phone_over_tls_tilt_the_pelvis_in_the_session(
    browser: Browser, link: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_default_timeout(PATIENCE_MS)
    views = Views(page)
    answered(page, link)
    with page.expect_response("**/api/phone") as offered:
        page.get_by_role("button", name="Use my phone").click()
    page.locator("img.qr").evaluate("image => image.scrollIntoView({block: 'center'})")
    shot(page, "phone_qr")
    phone = Worn(browser, offered.value.json()["url"])
    assert "code=" not in phone.page.url, "the code does not stay in the address"
    shot(phone.page, "phone_ask")
    phone.page.get_by_role("button", name="Allow").click()
    connected = page.locator(".phone[data-state=connected]")
    phone.until(lambda: connected.count() > 0)
    shot(phone.page, "phone_connected")
    page.locator("lw-phone").evaluate("card => card.scrollIntoView({block: 'center'})")
    shot(page, "phone_there")
    page.get_by_role("button", name="Start").click()
    # Who stands in the video is not in the place of this exercise.
    page.get_by_role("button", name="Begin anyway").click()
    keep_still = phone.page.locator("main[data-state=keep_still]")
    phone.until(lambda: keep_still.count() > 0)
    assert phone.page.locator("main[data-awake=true]").count() == 1
    shot(phone.page, "phone_keep_still")
    shot(page, "phone_standing")
    phone.until(lambda: len(views.shown) > 0)
    # From here the phone alone is asked: what the camera shows is of somebody else's recording.
    page.locator("video").evaluate("video => video.pause()")
    phone.until(lambda: views.steady() is not None)
    upright_deg = views.steady() or 0.0
    shot(phone.page, "phone_sending")
    phone.lean(radians(10.0), within_s=1.0)
    phone.until(lambda: abs(views.tilt_deg() - upright_deg - 10.0) < 1.5)
    assert views.unseen() == "claimed"
    shot(page, "phone_session")

    gone_for_five_seconds(phone, views, upright_deg)
    phone.page.reload()
    lost = page.get_by_text("Phone lost")
    lost.wait_for()
    gone_after = len(views.shown)
    phone.until(lambda: len(views.shown) > gone_after and views.unseen() != "claimed")
    shot(page, "phone_lost")
    phone.page.get_by_role("button", name="Allow").click()
    phone.until(lambda: views.unseen() == "claimed")
    phone.until(lambda: lost.count() == 0)

    stop = phone.page.get_by_role("button", name="Hold to stop")
    stop.click()
    assert phone.page.locator("main[data-state=over]").count() == 0, "a touch is no stop"
    stop.click(delay=1200)
    phone.page.locator("main[data-state=over]").wait_for()
    shot(phone.page, "phone_over")
    assert not phone.broken


def test_a_phone_is_paired_from_the_fog_and_joins_where_it_begins_again(
    browser: Browser, link: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_default_timeout(PATIENCE_MS)
    views = Views(page)
    stands(page)
    answered(page, link)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Begin anyway").click()
    page.wait_for_selector("lw-body[data-kind]")
    page.locator("lw-body .unseen").wait_for()
    with page.expect_response("**/api/phone") as offered:
        page.get_by_role("button", name="with your phone (listens in your network)").click()
    panel = page.get_by_role("dialog", name="Pelvis")
    expect(panel.locator("> p").first).to_contain_text("waistband")
    page.wait_for_selector(".session[data-phase=paused]")
    panel.locator("img.qr").wait_for()
    open_to_all(page, "fog_phone")
    phone = Worn(browser, offered.value.json()["url"])
    phone.page.get_by_role("button", name="Allow").click()
    again = page.get_by_role("button", name="Begin again with it")
    phone.until(lambda: again.count() > 0)
    again.click()
    page.get_by_role("heading", name="Rest").wait_for()
    page.keyboard.press("n")
    page.get_by_role("button", name="Begin anyway").click()
    before = len(views.shown)
    phone.until(lambda: len(views.shown) > before + 20 and views.unseen() == "claimed")
    assert not phone.broken
