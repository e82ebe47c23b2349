"""The page in a real browser: from the link to the end of a session. A video is its camera."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, sync_playwright

from lengthwise.contracts.home import data_home
from lengthwise.reference.screening import screening

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
STATIC = ROOT / "src" / "lengthwise" / "web" / "static" / "index.html"
SHOTS = ROOT / "out" / "screenshots"
PATIENCE_MS = 90_000

_SERVE = [sys.executable, "-m", "lengthwise.cli.main", "serve", "--no-browser"]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real video as the images that the browser takes for its camera's."""
    video = data_home() / "demo" / "demo.mp4"
    for part, remedy in (
        (CHROMIUM, "apt-get install chromium"),
        (STATIC.is_file(), "make setup, with Node"),
        (video.is_file(), "lengthwise setup, with a network"),
    ):
        if not part:
            pytest.skip(f"the page is not tried in a browser: {remedy}")
    cv2 = pytest.importorskip("cv2", reason="reading the video needs the [video] extra")
    out = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    frames = cv2.VideoCapture(str(video))
    with out.open("wb") as stream:
        for _ in range(60):
            good, image = frames.read()
            assert good
            small = cv2.resize(image, (640, 360))
            stream.write(cv2.imencode(".jpg", small)[1].tobytes())
    return out


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    home = tmp_path / "home"
    home.mkdir()
    for part in ("models", "anatomy"):
        (home / part).symlink_to(data_home() / part)
    process = subprocess.Popen(
        _SERVE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LENGTHWISE_HOME": str(home)},
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    yield said[said.index("http") :].strip()
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture
def page(camera: Path) -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ],
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 860})
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_from_the_link_to_the_end_of_a_session(page: Page, link: str) -> None:
    origin = link.partition("/#")[0]
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.goto(link)
    shot(page, "consent")
    page.get_by_role("button", name="I understand").click()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    shot(page, "questions")
    page.get_by_role("button", name="Go on").click()
    page.locator("input[value=standing_side_bend]").check()
    shot(page, "today")
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".session[data-phase=get_ready]")
    assert page.locator(".light").get_attribute("data-on") == "true"
    assert page.locator(".cue").inner_text()
    shot(page, "session")
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    page.wait_for_selector(".light[data-on=false]")
    shot(page, "stopped")
    page.get_by_role("button", name="See how it went").click()
    page.get_by_role("link", name="What was seen").wait_for()
    shot(page, "after")
    page.get_by_role("button", name="Back to today").click()
    page.get_by_role("link", name="Report").wait_for()
    assert "enter=" not in page.url, "the link's token does not stay in the address"
    assert not broken
    elsewhere = [url for url in asked if not url.startswith((origin, "blob:", "data:"))]
    assert not elsewhere


def test_an_answer_that_needs_a_doctor_ends_the_way(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="I understand").click()
    for question in screening().question:
        value = "yes" if question.id == "bladder_bowel" else question.good.value
        page.locator(f"input[name={question.id}][value={value}]").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=screening().told["emergency"].now).wait_for()
    shot(page, "emergency")
    assert page.locator(".card, video").count() == 0
    page.reload()
    page.get_by_role("heading", name=screening().told["emergency"].now).wait_for()


def begun(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="I understand").click()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    page.get_by_role("button", name="Go on").click()
    page.locator("input[value=standing_side_bend]").check()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".session")


def test_a_stop_before_the_session_has_begun_is_kept(page: Page, link: str) -> None:
    begun(page, link)
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped], .cards")
    assert page.locator(".light[data-on=true]").count() == 0


def test_no_cue_outlasts_the_line_that_brought_it(page: Page, link: str) -> None:
    lines: list[WebSocketRoute] = []
    cut = False

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        if cut:
            line.close()
        else:
            line.connect_to_server()

    page.route_web_socket(re.compile("/stream$"), through)
    begun(page, link)
    page.wait_for_selector(".session[data-phase=get_ready]")
    cut = True
    lines[0].close()
    page.get_by_text("come back slowly, and rest").wait_for()
    page.get_by_role("button", name="Back to today").click()
    page.get_by_role("button", name="End it there").click()
    page.get_by_role("heading", name="Today", exact=True).wait_for()
