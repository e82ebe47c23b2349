"""What phones report, whichever engine reports it, becomes specific force and turn in the phone's
axes: made-up movements in the words of each engine, read by the phone's own code."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

UI = Path(__file__).parents[2] / "ui"
TSC = UI / "node_modules" / ".bin" / "tsc"
HZ, G = 60.0, 9.81
Read = Callable[..., dict[str, Any]]

_RUN = """
import { readFileSync } from "node:fs";
import { Reader } from "./reader.js";
const given = JSON.parse(readFileSync("events.json", "utf8"));
const reader = new Reader(given.apple);
const readings = [];
for (const e of given.events) {
  if (e.attitude) reader.orientation(e.timeStamp / 1000, e.attitude[0], e.attitude[1]);
  const reading = reader.motion(e);
  if (reading !== null) readings.push(reading);
}
console.log(JSON.stringify({ readings, lacksTurns: reader.lacksTurns }));
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    if shutil.which("node") is None or not TSC.exists():
        pytest.skip("the phone's own arithmetic is not tried: it needs Node and make setup")
    out = tmp_path_factory.mktemp("phone")
    options = ["--ignoreConfig", "--outDir", str(out), "--module", "esnext", "--target", "es2022"]
    subprocess.run(
        [str(TSC), str(UI / "src" / "phone" / "reader.ts"), *options], check=True, cwd=UI
    )
    (out / "package.json").write_text('{"type": "module"}')
    (out / "run.js").write_text(_RUN)

    def run(events: list[dict[str, Any]], *, apple: bool) -> dict[str, Any]:
        (out / "events.json").write_text(json.dumps({"apple": apple, "events": events}))
        told = subprocess.run(["node", "run.js"], cwd=out, check=True, capture_output=True)
        found: dict[str, Any] = json.loads(told.stdout)
        return found

    return run


def upright(t_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Force and turn of a phone that stands on its lower edge and trembles."""
    return np.array([0.0, G, 0.2 * np.sin(t_s)]), np.array([0.01 * np.cos(t_s), 0.0, 0.0])


def rolling(t_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Of one that rocks by 0.5 rad about x, then about y, then about z: up turns against it."""
    axis = np.eye(3)[int(t_s / 4.0) % 3]
    angle, rate = 0.5 * np.sin(1.5 * t_s), 0.75 * np.cos(1.5 * t_s)
    up0 = np.array([0.6, 0.64, 0.48])
    up = (
        up0 * np.cos(angle)
        - np.cross(axis, up0) * np.sin(angle)
        + axis * (axis @ up0) * (1.0 - np.cos(angle))
    )
    return G * up, rate * axis


def events(
    moves: Callable[[float], tuple[np.ndarray, np.ndarray]],
    seconds: float,
    *,
    sign: float = 1.0,
    order: tuple[int, int, int] = (0, 1, 2),
    attitude: bool = False,
) -> list[dict[str, Any]]:
    """As an engine reports it: `sign` of its acceleration, `order` of x, y, z in alpha, beta,
    gamma."""
    out = []
    for n in range(round(seconds * HZ)):
        t_s = n / HZ
        force, turn = moves(t_s)
        x, y, z = (sign * force).tolist()
        rates = np.degrees(turn)[list(order)]
        event: dict[str, Any] = {
            "timeStamp": 1000.0 * t_s,
            "accelerationIncludingGravity": {"x": x, "y": y, "z": z},
            "rotationRate": dict(zip(("alpha", "beta", "gamma"), rates.tolist(), strict=True)),
        }
        if attitude:
            up = force / np.linalg.norm(force)
            event["attitude"] = np.degrees([np.arcsin(up[1]), np.arctan2(-up[0], up[2])]).tolist()
        out.append(event)
    return out


def off(found: dict[str, Any], moves: Callable[[float], tuple[np.ndarray, np.ndarray]],
        *, from_s: float = 0.0) -> float:  # fmt: skip
    """The largest error of any number after a while."""
    late = [r for r in found["readings"] if r["tS"] >= from_s]
    assert late
    worst = 0.0
    for reading in late:
        force, turn = moves(reading["tS"])
        worst = max(worst, np.abs(force - reading["force"]).max())
        worst = max(worst, np.abs(turn - reading["turn"]).max())
    return worst


def test_at_rest_the_force_points_up_whichever_engine_it_is(read: Read) -> None:
    assert off(read(events(upright, 2.0), apple=False), upright) < 1e-9
    assert off(read(events(upright, 2.0, sign=-1.0), apple=True), upright) < 1e-9


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("apple", [True, False])
def test_the_attitude_stands_above_what_the_maker_is_known_for(
    read: Read, sign: float, apple: bool
) -> None:
    found = read(events(rolling, 2.0, sign=sign, attitude=True), apple=apple)
    assert off(found, rolling, from_s=0.2) < 1e-9


@pytest.mark.parametrize("apple", [True, False])
def test_turns_are_about_x_y_z_as_engines_report_them_today(read: Read, apple: bool) -> None:
    found = read(events(rolling, 12.0, sign=-1.0 if apple else 1.0), apple=apple)
    assert off(found, rolling) < 1e-9


def test_an_engine_that_reports_turns_as_z_x_y_is_found_out_by_how_up_turns(read: Read) -> None:
    found = read(events(rolling, 20.0, order=(2, 0, 1)), apple=False)
    assert off(found, rolling, from_s=8.0) < 1e-9


def test_a_reading_that_repeats_is_sent_once_more_and_then_no_more(read: Read) -> None:
    def frozen(_: float) -> tuple[np.ndarray, np.ndarray]:
        return np.array([0.0, G, 0.0]), np.zeros(3)

    times = [r["tS"] for r in read(events(frozen, 5.0), apple=False)["readings"]]
    assert len(times) == 2 and times[1] - times[0] == pytest.approx(0.2, abs=0.02)


def test_rounded_readings_of_a_body_leave_no_gap_that_counts_as_one(read: Read) -> None:
    """Chromium rounds to 0.1 m/s2 and 0.1 degrees a second: three alike would be a dead sensor."""

    def rounded(t_s: float) -> tuple[np.ndarray, np.ndarray]:
        force = np.round([0.0, G, 0.05 * np.sin(2.0 * t_s)], 1)
        return force, np.radians(np.round([0.6 * np.sin(2.0 * t_s), 0.0, 0.0], 1))

    found = read(events(rounded, 20.0), apple=False)["readings"]
    times = np.array([r["tS"] for r in found])
    assert np.diff(times).max() < 0.25
    rows = [(*r["force"], *r["turn"]) for r in found]
    assert all(not a == b == c for a, b, c in zip(rows, rows[1:], rows[2:], strict=False))


def test_what_is_missing_is_not_sent_as_zero(read: Read) -> None:
    given = events(upright, 1.0)
    for event in given:
        event["rotationRate"] = None
    found = read(given, apple=False)
    assert found == {"readings": [], "lacksTurns": True}
    for event in events(upright, 1.0):
        event["accelerationIncludingGravity"]["y"] = None
        assert read([event], apple=False)["readings"] == []
        break
