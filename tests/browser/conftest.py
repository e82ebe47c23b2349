"""A real Chromium before the real server; a person of a real video stands before its camera."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_server import CHROMIUM, PATIENCE_MS, STATIC, serving
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lengthwise.contracts.home import data_home

expect.set_options(timeout=PATIENCE_MS)

_AT_FRAME, _LEFT, _WIDE, _HIGH = 30, 350, 613, 460
"""Where in the video a man stands, seen from the front, as large as one who found his place."""
_FILM = b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"
"""Ten images a second, as many as a busy machine looks at: at 30 each page takes a core."""


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A moment of a real video as what the browser's camera sees: somebody who stands still."""
    video = data_home() / "demo" / "demo.mp4"
    for part, remedy in (
        (CHROMIUM, "apt-get install chromium"),
        (STATIC.is_file(), "make setup, with Node"),
        (video.is_file(), "lengthwise setup, with a network"),
    ):
        if not part:
            pytest.skip(f"the page is not tried in a browser: {remedy}")
    cv2 = pytest.importorskip("cv2", reason="reading the video needs the [video] extra")
    frames = cv2.VideoCapture(str(video))
    for _ in range(_AT_FRAME + 1):
        good, image = frames.read()
        assert good
    person = cv2.resize(image[:_HIGH, _LEFT : _LEFT + _WIDE], (640, 480))
    out = tmp_path_factory.mktemp("camera") / "camera.y4m"
    planes = cv2.cvtColor(person, cv2.COLOR_BGR2YUV_I420).tobytes()
    out.write_bytes(_FILM + (b"FRAME\n" + planes) * 10)
    return out


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "home") as said:
        yield said


@pytest.fixture(scope="module")
def browser(camera: Path, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Draws the body plainly, but for a file with IN_3D: without a graphics card each picture of a
    scene costs what ten others do, and `test_body.py` looks at both."""
    plainly = [] if getattr(request.module, "IN_3D", False) else ["--disable-3d-apis"]
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
                *plainly,
            ],
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()
