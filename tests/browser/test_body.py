"""The body of the session screen in a real browser, drawn by WebGL without a graphics card."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from page_server import CHROMIUM, PATIENCE_MS, STATIC, serving
from page_steps import shot
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.reference.exercises import exercise

pytestmark = pytest.mark.browser
_DONE = "half_kneeling_hip_flexor"
_PSOAS = GROUP_INDEX[MuscleGroup.PSOAS, Side.LEFT]
_ILIACUS = GROUP_INDEX[MuscleGroup.ILIACUS, Side.LEFT]

_PUT = """([exercise, seenFrom]) => {
  document.querySelector("main").hidden = true;
  const body = document.createElement("lw-body");
  Object.assign(body, { exercise, seenFrom, heightCm: 172 });
  body.style.cssText = "display: block; width: 420px; height: 560px";
  document.body.append(body);
  window.told = [];
  body.addEventListener("make-visible", (event) => window.told.push(...(event.detail.told ?? [])));
}"""
_SHOW = """async ({ angles, unseen, muscles, edges, inWindow }) => {
  const body = document.querySelector("lw-body");
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  body.edges = edges;
  const view = { type: "view", seq: 1, t_s: 0, turned_away: {}, unseen,
    guidance: { side: "l", in_window: inWindow }, angles: bytes(angles), muscles: bytes(muscles) };
  const scene = () => body.drawn?.scene;
  const before = scene();
  body.show(view);
  while (!scene() || scene() === before) {
    body.show(view);
    await new Promise((done) => requestAnimationFrame(done));
  }
  body.paint();
  const canvas = body.querySelector("canvas");
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 8192)
    text += String.fromCharCode(...data.subarray(i, i + 8192));
  const wide = canvas.clientWidth, kind = body.drawn.kind;
  return { kind, wide, width, height, pixels: btoa(text), limbs: scene().limbs.map(
    ({ part, ends }) => ({ part, at: ends.map((end) => body.drawn.at(end)) })) };
}"""


_FAR_OFF = """() => {
  const body = document.querySelector("lw-body");
  body.drawn.camera.closer(3);
  body.paint();
}"""
_LOWER_AND_NOT_DRAWN = """() => {
  const body = document.querySelector("lw-body");
  body.drawn.camera.reset();
  body.paint();
  body.repaint = () => {};
  body.style.height = "280px";
}"""


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not CHROMIUM or not STATIC.is_file():
        pytest.skip("the page is not tried in a browser: it needs Chromium and make setup")
    with serving(tmp_path_factory.mktemp("body") / "home") as said:
        yield said


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def browser(driver: Playwright, *without: str) -> Browser:
    plain = ["--no-sandbox", "--enable-unsafe-swiftshader"]
    return driver.chromium.launch(executable_path=CHROMIUM, args=[*plain, *without])


@pytest.fixture(scope="module")
def solid(driver: Playwright) -> Iterator[Browser]:
    opened = browser(driver)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def flat(driver: Playwright) -> Iterator[Browser]:
    opened = browser(driver, "--disable-3d-apis")
    yield opened
    opened.close()


class Stage:
    """The body alone on the page, shown made-up moments of a half-kneeling stretch."""

    def __init__(self, page: Page, link: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        page.goto(link)
        page.get_by_role("button", name="I understand").wait_for()
        page.evaluate(_PUT, [_DONE, exercise(_DONE).camera_view().value])

    def show(
        self,
        *,
        fraction: float = 0.5,
        unseen: tuple[Coordinate, ...] = (),
        window: tuple[float, float] | None = None,
        in_window: bool | None = None,
    ) -> "Picture":
        shared = {"first": 0.2, "ceiling": 0.95, "tolerance": 0.98}
        nothing = dict.fromkeys(("first", "lower", "upper", "ceiling", "tolerance"), None)
        own = nothing if window is None else {**shared, "lower": window[0], "upper": window[1]}
        found = self.page.evaluate(
            _SHOW,
            {
                "angles": packed(pose_rad(), 0.02),
                "unseen": ["out_of_frame" if c in unseen else "claimed" for c in COORDINATES],
                "muscles": packed(fractions(fraction), 0.02),
                "edges": [own if i in (_PSOAS, _ILIACUS) else nothing for i in range(32)],
                "inWindow": in_window,
            },
        )
        return Picture(found)


def pose_rad() -> np.ndarray:
    out = np.zeros(len(COORDINATES))
    for coordinate, degrees in (
        (Coordinate.HIP_FLEXION_L, -15.0), (Coordinate.KNEE_FLEXION_L, 90.0),
        (Coordinate.HIP_FLEXION_R, 80.0), (Coordinate.KNEE_FLEXION_R, 85.0),
    ):  # fmt: skip
        out[INDEX[coordinate]] = np.radians(degrees)
    return out


def fractions(of_targets: float) -> np.ndarray:
    out = np.full(len(GROUP_SIDES), 0.3)
    out[[_PSOAS, _ILIACUS]] = of_targets
    return out


def packed(mean: np.ndarray, sd: float) -> str:
    both = np.stack([mean, np.full(len(mean), sd)], axis=1).astype("<f4")
    return base64.b64encode(both.tobytes()).decode()


class Picture:
    def __init__(self, found: dict[str, Any]) -> None:
        self.kind = found["kind"]
        raw = np.frombuffer(base64.b64decode(found["pixels"]), dtype=np.uint8)
        self.rgba = raw.reshape(found["height"], found["width"], 4).astype(int)
        self.limbs = found["limbs"]
        self.pixels = found["width"] / found["wide"]  # fewer where pictures came too late

    def like(self, red: float, green: float, blue: float, *, within: float = 60.0) -> int:
        """How many pixels that cover have about this hue, whatever the light."""
        wanted = np.array([red, green, blue]) / np.linalg.norm([red, green, blue])
        colour = self.rgba[..., :3]
        size = np.linalg.norm(colour, axis=2)
        hue = colour / np.maximum(size, 1.0)[..., None]
        solid = (self.rgba[..., 3] > 200) & (size > 40.0)
        return int((solid & (np.linalg.norm(hue - wanted, axis=2) < within / 255.0)).sum())

    def coldness(self, x: int, y: int) -> float:
        """How much more blue than red what covers is there."""
        row, column = round(y * self.pixels), round(x * self.pixels)
        box = self.rgba[row - 9 : row + 9, column - 9 : column + 9]
        solid = box[box[..., 3] > 150]
        return float((solid[:, 2] - solid[:, 0]).mean())

    def middle_of(self, part: str) -> tuple[float, float]:
        ends = next(limb["at"] for limb in self.limbs if limb["part"] == part)
        return (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2


WARM, ACCENT = (214, 74, 40), (11, 110, 95)


def test_the_target_changes_its_colour_as_it_lengthens(solid: Browser, link: str) -> None:
    stage = Stage(solid.new_page(color_scheme="light"), link)
    short, long = stage.show(fraction=0.1), stage.show(fraction=0.95)
    assert short.kind == "3d"
    drawn = (short.rgba[..., 3] > 0).mean()
    assert 0.1 < drawn < 0.7, "the body is in the picture, and not all of it"
    assert long.like(*WARM) > short.like(*WARM) + 300
    inside = stage.show(fraction=0.7, window=(0.6, 0.85), in_window=True)
    assert inside.like(*ACCENT) > long.like(*ACCENT) + 300
    expect(stage.page.get_by_text("inside your window")).to_be_visible()
    above = stage.show(fraction=0.95, window=(0.6, 0.85))
    assert above.like(*ACCENT) < inside.like(*ACCENT) / 4
    expect(stage.page.get_by_text("past your window")).to_be_visible()
    shot(stage.page, "body_above")


@pytest.mark.parametrize("kind", ["3d", "2d"])
def test_what_is_not_seen_is_fog_and_says_how_to_clear_it(
    kind: str, link: str, request: pytest.FixtureRequest
) -> None:
    opened: Browser = request.getfixturevalue("solid" if kind == "3d" else "flat")
    stage = Stage(opened.new_page(color_scheme="light"), link)
    clear = stage.show()
    assert clear.kind == kind
    fogged = stage.show(unseen=(Coordinate.KNEE_FLEXION_R, Coordinate.PELVIS_TILT))
    x, y = (round(v) for v in clear.middle_of("shank_r"))
    assert clear.coldness(x, y) < 0.0, "bone and muscle are warm"
    assert fogged.coldness(x, y) > 3.0, "fog is cold, and it covers"
    shot(stage.page, f"body_fog_{kind}")
    stage.page.locator("lw-body canvas[role=img]").click(position={"x": x, "y": y})
    told = stage.page.evaluate("window.told.splice(0)")
    assert [(t["part"], t["reason"], t["way"]) for t in told] == [
        ("shank_r", "out_of_frame", "place")
    ]
    assert told[0]["why"] == "Your right shin is outside the picture."
    stage.page.keyboard.press("w")
    parts = {t["part"] for t in stage.page.evaluate("window.told")}
    assert parts >= {"pelvis", "shank_r", "arms"}


def test_a_touch_means_what_lay_under_the_finger_as_it_went_down(flat: Browser, link: str) -> None:
    """By the time it is lifted the body has moved; and what was drawn for another size is stretched
    until it is drawn anew."""
    stage = Stage(flat.new_page(), link)
    unseen = (Coordinate.KNEE_FLEXION_R, Coordinate.PELVIS_TILT)
    x, y = stage.show(unseen=unseen).middle_of("shank_r")
    canvas = stage.page.locator("lw-body canvas[role=img]")
    mouse, told = stage.page.mouse, "window.told.splice(0).map((one) => one.part)"

    def pressed(x: float, y: float) -> None:
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        mouse.move(box["x"] + x, box["y"] + y)
        mouse.down()

    pressed(x, y)
    stage.page.evaluate(_FAR_OFF)
    mouse.up()
    assert stage.page.evaluate(told) == ["shank_r"]

    stage.page.evaluate("document.querySelector('lw-body').paint()")
    stage.page.evaluate(_LOWER_AND_NOT_DRAWN)
    pressed(x, y / 2)
    mouse.up()
    assert stage.page.evaluate(told) == ["shank_r"]


def test_the_left_of_the_person_is_on_the_left_as_in_a_mirror(solid: Browser, link: str) -> None:
    page = solid.new_page()
    stage = Stage(page, link)
    page.evaluate("document.querySelector('lw-body').remove()")
    page.evaluate(_PUT, [_DONE, "front"])
    seen = stage.show()
    assert seen.middle_of("thigh_l")[0] < seen.middle_of("thigh_r")[0] - 10


def test_the_gauge_draws_the_persons_own_window_or_none(solid: Browser, link: str) -> None:
    page = solid.new_page()
    Stage(page, link)
    page.evaluate("""() => document.body.append(document.createElement("lw-gauge"))""")
    gauge = page.locator("lw-gauge")
    gauge.get_by_text("No window known yet: stop at the first gentle pull.").wait_for()
    expect(gauge.locator("svg")).to_have_count(0)
    page.evaluate("""() => Object.assign(document.querySelector("lw-gauge"), {
      position: { mean: 0.5, sd: 0.05 },
      edges: { first: 0.2, lower: 0.5, upper: 0.6, ceiling: 0.65, tolerance: 0.7 },
    })""")
    window = gauge.locator(".gauge-window")
    window.wait_for()
    place, width = (float(window.get_attribute(name) or "nan") for name in ("x", "width"))
    whole = float(gauge.locator(".gauge-all").get_attribute("width") or "nan")
    assert place / whole == pytest.approx(0.6) and width / whole == pytest.approx(0.2)


def test_where_the_graphics_fail_it_is_drawn_plainly(solid: Browser, link: str) -> None:
    page = solid.new_page()
    page.add_init_script(
        "WebGL2RenderingContext.prototype.compileShader = () => undefined;"
        "WebGL2RenderingContext.prototype.getShaderParameter = () => false;"
    )
    drawn = Stage(page, link).show()
    assert drawn.kind == "2d"
    assert (drawn.rgba[..., 3] > 0).mean() > 0.05


def test_the_shape_is_fetched_once_and_kept_by_its_tag(solid: Browser, link: str) -> None:
    page = solid.new_page()
    Stage(page, link).show()
    told = page.evaluate("""async () => {
      const first = await fetch("/api/body/shape");
      const tag = first.headers.get("etag");
      const again = await fetch("/api/body/shape", { headers: { "if-none-match": tag } });
      return [first.status, (await first.arrayBuffer()).byteLength, again.status];
    }""")
    assert told[0] == 200 and told[2] == 304
    assert 200_000 < told[1] < 1_000_000
