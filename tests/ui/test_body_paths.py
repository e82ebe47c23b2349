"""The page places bones and points where the kernel does."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy
from lengthwise.body.bone_kernel import place_all
from lengthwise.body.muscle_binary import packed
from lengthwise.body.muscle_paths import MusclePaths

UI = Path(__file__).parents[2] / "ui"
TSC = UI / "node_modules" / ".bin" / "tsc"

_RUN = """
import { readFileSync } from "node:fs";
import { place, pathsOfMuscles, readPaths } from "./paths.js";
const raw = readFileSync("muscles.paths");
const paths = readPaths(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
const poses = JSON.parse(readFileSync("poses.json", "utf8"));
const placed = poses.map((pose) => place(paths, pose));
console.log(JSON.stringify({
  muscles: paths.muscles,
  along: pathsOfMuscles(paths),
  points: placed.map((p) => Array.from(p.points)),
}));
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or not TSC.exists():
        pytest.skip("the page's own arithmetic is not tried: it needs Node and make setup")
    out = tmp_path_factory.mktemp("page")
    source = UI / "src" / "body" / "paths.ts"
    options = ["--ignoreConfig", "--outDir", str(out), "--module", "esnext", "--target", "es2022"]
    subprocess.run([str(TSC), str(source), *options], check=True, cwd=UI)
    (out / "package.json").write_text('{"type": "module"}')
    (out / "run.js").write_text(_RUN)
    return out


def kernel_points(paths: MusclePaths, pose: np.ndarray) -> np.ndarray:
    """(P, 3) seen from the pelvis."""
    bones, joints = len(paths.bone_index), len(paths.joint_index)
    turns, places = np.empty((bones, 9)), np.empty((bones, 3))
    screws, points = np.empty((joints, 6)), np.empty(paths.point_place.shape)
    place_all(
        0,
        pose[None, :],
        paths.bone_index,
        paths.bone_rest,
        paths.joint_index,
        paths.joint_numbers,
        paths.point_place,
        turns,
        places,
        screws,
        points,
    )
    return points.T


def test_the_page_places_every_point_where_the_kernel_does(page: Path) -> None:
    paths = Anatomy.build().paths
    rng = np.random.default_rng(4)
    poses = rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (20, len(VALID_LOW_RAD)))
    (page / "muscles.paths").write_bytes(packed(paths))
    (page / "poses.json").write_text(json.dumps(poses.tolist()))
    told = subprocess.run(["node", "run.js"], cwd=page, check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    assert found["muscles"] == list(paths.names)
    steps = np.diff(paths.muscle_end, prepend=0)
    for along, count in zip(found["along"], steps, strict=True):
        assert len(along) >= (2 if count else 0), "a muscle within one bone has no step"
    for pose, points in zip(poses, found["points"], strict=True):
        expected = kernel_points(paths, pose)
        np.testing.assert_allclose(np.reshape(points, (-1, 3)), expected, atol=1e-12)
