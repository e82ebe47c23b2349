"""What several tests do on the page, and what is asked of every screen of it."""

import json
import os
from functools import cache

import numpy as np
import pytest
from page_server import ROOT
from playwright.sync_api import Page

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import CameraStream, LandmarkFrame
from lengthwise.reference.screening import screening
from lengthwise.sim.recording import Plan, SimulatedRecording

SHOTS = ROOT / "out" / "screenshots"
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
"""In the dark only colours are other ones."""


_POSE = """([frames, afterMs]) => {
  const Real = window.Worker;
  const values = frames.map((frame) => new Float32Array(frame.map((n) => n ?? NaN)));
  window.Worker = class {
    constructor(url, options) {
      if (!String(url).includes("pose.worker")) return new Real(url, options);
      this.seen = 0;
    }
    postMessage(message) {
      const answer = (data) => setTimeout(() => this.onmessage?.({ data }), afterMs);
      if (message.kind === "load") return answer({ kind: "loaded" });
      message.image.close();
      const now = values[this.seen++ % values.length].slice();
      const { capturedS } = message;
      const people = window.people ?? 1;
      answer({ kind: "found", values: now, people, capturedS, tookMs: 5, luma: null });
    }
    terminate() {}
  };
}"""
"""In place of the pose model, which needs a machine of its own: what a simulated camera sees."""


_SHOULDER_TO_ANKLE_M = 1.35


def looks_at(page: Page, recording: SimulatedRecording, *, from_s: float, to_s: float) -> None:
    """Before the page is opened: its camera sees that part of a simulated recording, over and
    over, in the middle of an image of 640 by 480."""
    page.add_init_script(_sees(recording, from_s=from_s, to_s=to_s))


def _sees(recording: SimulatedRecording, *, from_s: float, to_s: float, after_ms: int = 0) -> str:
    camera = recording.header.streams[0]
    assert isinstance(camera, CameraStream)
    scale = 480 / camera.image_height_px
    aside_px = 0.5 * (camera.image_width_px * scale - 640)
    frames = []
    for seen in recording.read():
        if not isinstance(seen, LandmarkFrame) or not from_s <= seen.t_s < to_s:
            continue
        rows = np.full((33, 7), np.nan)
        rows[:, :2] = scale * seen.xy_px - (aside_px, 0.0)
        rows[:, 2] = scale * seen.image_z_px
        # A row is taken whole or not at all: in metres about the hips, so far as an image tells.
        tall_px = rows[27:29, 1].mean() - rows[11:13, 1].mean()
        hips_px = rows[23:25, :3].mean(axis=0)
        rows[:, 4:] = (rows[:, :3] - hips_px) * _SHOULDER_TO_ANKLE_M / tall_px
        rows[:, 3] = 1.0 if seen.visibility is None else seen.visibility
        frames.append([None if np.isnan(n) else float(n) for n in rows.ravel()])
    assert frames
    return f"({_POSE})([{json.dumps(frames)}, {after_ms}])"


def stands(page: Page) -> None:
    """Before the page is opened: its camera sees somebody who stands still, without a model."""
    page.add_init_script(_standing())


def stands_from_now_on(page: Page) -> None:
    """The same, for sessions that begin later on a page that is open."""
    page.evaluate(_standing())


@cache
def _standing() -> str:
    person = SimulatedRecording(Plan("standing_side_bend", Side.LEFT, 2, "front", duration_s=3.0))
    # Ten images a second, as a modest machine sees them: each is drawn, and nobody moves here.
    return _sees(person, from_s=1.0, to_s=3.0, after_ms=90)


def until(page: Page, true: str) -> None:
    """An expression of the page comes true. `wait_for_function` asks a second time by `eval`, which
    the page's own policy refuses, so that it works on a quick machine alone."""
    page.evaluate(
        f"""() => new Promise((done, failed) => {{
          const look = () => ({true}) ? done() : requestAnimationFrame(look);
          setTimeout(() => failed(Error("never true")), 30_000);
          look();
        }})"""
    )


def shot(page: Page, name: str, **how: bool) -> None:
    """A picture for people, where they want pictures; nothing is asserted of it."""
    if "LENGTHWISE_SHOTS" not in os.environ:
        return
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", **how)


def answered(page: Page, link: str) -> None:
    """Today, for somebody of 1.78 m with nothing of concern. What is asked before is answered
    without its screens, which `test_way_through.py` goes through by hand."""
    here, _, token = link.partition("/#")
    asked = screening()
    good = {question.id: question.good.value for question in asked.question}
    for path, told in (
        ("enter", {"token": token.removeprefix("enter=")}),
        ("consent", {"version": 1}),
        ("screening", {"version": asked.version, "answers": good}),
        ("person", {"height_m": 1.78}),
    ):
        answer = page.request.post(f"{here}/api/{path}", data=told, headers={"origin": here})
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
    page.goto(here)


def chosen(page: Page, link: str, *ids: str) -> None:
    """Today, with these alone in the row."""
    answered(page, link)
    page.locator(".queue button").last.click()
    for each in ids:
        page.locator(f"[data-id={each}] button").click()


def begun(page: Page, link: str) -> None:
    """Before a simulated camera, for one exercise that is done standing and seen from the front."""
    stands(page)
    chosen(page, link, "standing_side_bend")
    page.locator(".begin button.main").click()
    page.wait_for_selector(".session")


def to(page: Page, selector: str, *, within: int = 200) -> None:
    """The focus on what is asked for, by Tab alone; a busy machine may show it late."""
    page.locator(selector).first.wait_for(state="attached")
    for _ in range(within):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    to(page, selector)
    page.keyboard.press(key)


@cache
def _axe() -> str:
    if not AXE.is_file():
        pytest.skip("what a screen reader meets is not checked: axe-core comes with make setup")
    return AXE.read_text(encoding="utf-8")


def open_to_all(page: Page, name: str) -> None:
    """No serious finding of axe in light and in dark, nothing wider than a phone; with pictures."""
    found: list[str] = []
    for scheme, rules in _RULES.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(_axe() if not page.evaluate("'axe' in window") else "0")
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
        found += [
            f"{name}, {scheme}: {v['id']}: {v['nodes'][0]['html'][:160]}"
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        shot(page, f"{name}_{scheme}")
    page.emulate_media(color_scheme="light")
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, f"{name}_phone")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        found.append(f"{name}: {over} pixels wider than a phone")
    assert wide is not None
    page.set_viewport_size(wide)
    assert not found
