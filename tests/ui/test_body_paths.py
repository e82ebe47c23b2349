"""The page places bones and points where the kernel does, and draws the lines that are measured."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lengthwise.body.anatomy import VALID_HIGH_RAD, VALID_LOW_RAD, Anatomy, BodyMeasures
from lengthwise.body.bone_kernel import place_all
from lengthwise.body.muscle_binary import packed
from lengthwise.body.muscle_paths import MusclePaths
from lengthwise.live.body_pack import packed_body
from lengthwise.reference.constants import constant
from lengthwise.reference.muscle_groups import muscle_group_table

UI = Path(__file__).parents[2] / "ui"
TSC = UI / "node_modules" / ".bin" / "tsc"

_RUN = """
import { readFileSync } from "node:fs";
import { carried, place, readPaths } from "./paths.js";
import { readPack } from "./pack.js";
import { Courses } from "./course.js";
const whole = (name) => new Uint8Array(readFileSync(name)).buffer;
const paths = readPaths(whole("muscles.paths"));
const pack = readPack(whole("session.body"));
const poses = JSON.parse(readFileSync("poses.json", "utf8"));
const courses = new Courses(pack, Number(process.argv[2]));
const placed = poses.map((pose) => place(paths, pose));
const points = (p) => {
  const out = new Float64Array(paths.points.length);
  let i = 0;
  for (let bone = 0; bone < paths.bones.length; bone++)
    for (; i < paths.boneIndex[3 * bone + 2]; i++)
      carried(p, bone, ...paths.points.subarray(3 * i, 3 * i + 3), out, 3 * i);
  return Array.from(out);
};
console.log(JSON.stringify({
  muscles: paths.muscles,
  points: placed.map(points),
  lengths: placed.map((p) => pack.muscles.map((_, m) => courses.length(p, m))),
}));
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None or not TSC.exists():
        pytest.skip("the page's own arithmetic is not tried: it needs Node and make setup")
    out = tmp_path_factory.mktemp("page")
    sources = [str(UI / "src" / "body" / f"{name}.ts") for name in ("paths", "pack", "course")]
    options = ["--ignoreConfig", "--outDir", str(out), "--module", "esnext", "--target", "es2022"]
    subprocess.run([str(TSC), *sources, *options], check=True, cwd=UI)
    for built in out.glob("*.js"):  # a bundler finds parts by name, Node by file
        text = re.sub(r'(from "\./\w+)"', r'\1.js"', built.read_text(encoding="utf-8"))
        built.write_text(text, encoding="utf-8")
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


def told(page: Path, anatomy: Anatomy, poses: np.ndarray, scale: float) -> dict[str, Any]:
    """What the page makes of some poses (k, 13)."""
    (page / "muscles.paths").write_bytes(packed(anatomy.paths))
    (page / "session.body").write_bytes(packed_body(Anatomy.build()))
    (page / "poses.json").write_text(json.dumps(poses.tolist()))
    said = subprocess.run(
        ["node", "run.js", str(scale)], cwd=page, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def random_poses(count: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.uniform(VALID_LOW_RAD, VALID_HIGH_RAD, (count, len(VALID_LOW_RAD)))


def test_the_page_places_every_point_where_the_kernel_does(page: Path) -> None:
    paths, poses = Anatomy.build().paths, random_poses(20)
    found = told(page, Anatomy.build(), poses, 1.0)
    assert found["muscles"] == list(paths.names)
    for pose, points in zip(poses, found["points"], strict=True):
        expected = kernel_points(paths, pose)
        np.testing.assert_allclose(np.reshape(points, (-1, 3)), expected, atol=1e-12)


@pytest.mark.parametrize("height_m", [1.55, 1.9])
def test_the_drawn_line_of_a_muscle_is_the_measured_one(page: Path, height_m: float) -> None:
    """Around surfaces too, where it is drawn as four chords of the arc."""
    anatomy, poses = Anatomy.build(BodyMeasures(height_m=height_m)), random_poses(12)
    scale = height_m / constant("anatomy", "generic_stature_m")
    found = told(page, anatomy, poses, scale)
    number = {name: i for i, name in enumerate(anatomy.muscle_names)}
    drawn = [number[f.muscle] for f in muscle_group_table() if f.muscle in number]
    for pose, lengths_m in zip(poses, found["lengths"], strict=True):
        expected_m = anatomy.lengths_m(pose)[drawn]
        short_m = expected_m - np.array(lengths_m)
        assert short_m.min() > -1e-5, "a chord is never longer than its arc"
        assert short_m.max() < 4e-3
