"""A posture as a picture and as a page: what is in it, told by structure and not by bytes."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from motion_text import motion_text
from PIL import Image

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.live.body_show import Shown, ShowRequest, show_body, targets_named
from lengthwise.live.posture_choice import PostureRequest
from lengthwise.report import palette
from lengthwise.report.posture_picture import Sight

SIZE = (260, 320)
LUNGE = PostureRequest("half_kneeling_hip_flexor", side=Side.LEFT)


@pytest.fixture(scope="module", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Bounds of the ranges are searched once for this file's tests and kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LENGTHWISE_HOME", str(tmp_path_factory.getbasetemp() / "ranges"))
        yield


def show(out: Path, posture: PostureRequest, **options: object) -> Shown:
    return show_body(ShowRequest(posture, out, size_px=SIZE, **options))  # type: ignore[arg-type]


def pixels(out: Path, posture: PostureRequest, **options: object) -> np.ndarray:
    show(out, posture, **options)
    image = Image.open(out)
    assert image.size == SIZE and image.mode == "RGB"
    return np.asarray(image).astype(float)


def body_of(picture: np.ndarray) -> np.ndarray:
    """The part between title and scale."""
    return picture[70:270]


def warm(picture: np.ndarray) -> int:
    inside = body_of(picture)
    return int((inside[..., 0] - inside[..., 2] > 90).sum())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("page") / "lunge.html"
    show(out, LUNGE)
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, object]:
    found = re.search(r'id="data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found.group(1))  # type: ignore[no-any-return]


def points(data: dict[str, object], text: str) -> np.ndarray:
    share = np.frombuffer(base64.b64decode(text), dtype="<u2").reshape(-1, 3) / 65535.0
    return np.array(data["low"]) + share * np.array(data["size"])


def test_a_picture_holds_body_title_and_scale(tmp_path: Path) -> None:
    picture = pixels(tmp_path / "a.png", LUNGE)
    paper = np.array(palette.hex_colour(picture[0, 0]) == "#fbfbf9")
    assert paper.all()
    covered = (np.abs(body_of(picture) - picture[0, 0]).max(axis=2) > 12).mean()
    assert 0.10 < covered < 0.60
    assert (np.abs(picture[:40] - picture[0, 0]).max(axis=2) > 60).any(), "title"
    scale = picture[-20:-10].reshape(-1, 3)
    assert np.abs(scale - palette.MUSCLE_WARM).max(axis=1).min() < 12


def test_what_is_stretched_is_warm_and_what_rests_is_not(tmp_path: Path) -> None:
    start, end = (
        warm(pixels(tmp_path / "a.png", PostureRequest(name), targets=targets_named("psoas_l")))
        for name in ("sitting", "half_kneeling_hip_flexor")
    )
    assert end > 2 * start


@pytest.mark.parametrize("sight", list(Sight))
def test_each_side_to_look_from_gives_another_picture(tmp_path: Path, sight: Sight) -> None:
    one = pixels(tmp_path / "a.png", LUNGE, sight=sight)
    other = pixels(
        tmp_path / "b.png", LUNGE, sight=Sight.BACK if sight is Sight.LEFT else Sight.LEFT
    )
    if sight is Sight.LEFT:
        assert (one != other).mean() > 0.05
    else:
        assert (one != other).mean() > 0.02


def test_targets_are_those_of_the_exercise_unless_others_are_named(tmp_path: Path) -> None:
    assert show(tmp_path / "a.png", LUNGE).targets == (
        (MuscleGroup.PSOAS, Side.LEFT),
        (MuscleGroup.ILIACUS, Side.LEFT),
    )
    named = show(tmp_path / "a.png", LUNGE, targets=targets_named("calf_r, calf_r"))
    assert named.targets == ((MuscleGroup.CALF, Side.RIGHT),)
    assert show(tmp_path / "a.png", PostureRequest("standing")).targets == ()


def test_what_a_motion_does_not_say_lies_in_fog(tmp_path: Path) -> None:
    legs = {f"{n}_{s}": [0.0] for n in ("hip_flexion", "hip_adduction", "hip_rotation",
            "knee_angle", "ankle_angle") for s in "lr"}  # fmt: skip
    whole = legs | {"lumbar_extension": [0.0], "lumbar_bending": [0.0], "lumbar_rotation": [0.0]}
    whole |= {"pelvis_tilt": [0.0], "pelvis_list": [0.0], "pelvis_rotation": [0.0]}
    pictures = []
    for columns in (legs, whole):
        (tmp_path / "ik.mot").write_text(motion_text(columns))
        pictures.append(pixels(tmp_path / "a.png", PostureRequest(str(tmp_path / "ik.mot"))))
    foggy, clear = pictures
    changed = np.abs(foggy - clear).max(axis=2) > 25
    rows, _ = np.nonzero(changed)
    assert changed.sum() > 1000
    assert (rows < 180).mean() > 0.9, "fog lies over chest and low back, not over the legs"


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    assert "default-src 'none'" in page and "img-src data:" in page
    assert re.findall(r'src="([^"]{0,20})', page) == ["data:image/png;base6"]
    packed = re.sub(r"[A-Za-z0-9+/]{60,}=*", "", page)
    assert len(packed) < 0.1 * len(page)
    assert not re.search(
        r"https?:|//[a-z]+\.|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(", packed
    )
    assert len(page.encode()) < 3_000_000


def test_the_page_carries_every_muscle_where_it_is(page: str, data: dict[str, object]) -> None:
    anatomy = Anatomy.build()
    muscles, groups = data["muscles"], data["groups"]
    assert isinstance(muscles, list) and isinstance(groups, list)
    assert [m["name"] for m in muscles] == list(anatomy.muscle_names)
    assert len(groups) == len(GROUP_SIDES)
    paths = points(data, str(data["paths"])).reshape(len(muscles), int(str(data["stations"])), 3)
    along_mm = 1e3 * np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(axis=1)
    told_mm = np.array([m["mm"] for m in muscles])
    # Paths are drawn with rounded corners, so a little shorter than they are.
    assert np.all(along_mm < told_mm + 1.0) and np.all(along_mm > 0.75 * told_mm)


def test_the_list_says_of_every_group_what_its_colour_says(
    page: str, data: dict[str, object]
) -> None:
    groups = data["groups"]
    assert isinstance(groups, list)
    cells = dict(re.findall(r'data-group="(\d+)" title="([^"]*)"', page))
    assert sorted(map(int, cells)) == list(range(len(GROUP_SIDES)))
    for i, group in enumerate(groups):
        assert cells[str(i)].startswith(group["told"])
        share = int(re.search(r"(\d+) % of its range", group["told"]).group(1)) / 100  # type: ignore[union-attr]
        assert np.abs(palette.warmth(np.array(share)) - group["colour"]).max() < 4
    psoas = groups[GROUP_INDEX[MuscleGroup.PSOAS, Side.LEFT]]
    assert psoas["target"] and "stretch is about" in cells["0"]


def test_the_picture_stands_in_for_the_drawing(page: str) -> None:
    found = re.search(r'<img id="picture" alt="([^"]+)" src="data:image/png;base64,([^"]+)"', page)
    assert found is not None
    image = Image.open(io.BytesIO(base64.b64decode(found.group(2))))
    assert image.mode == "RGBA" and np.asarray(image)[0, 0, 3] == 0
    assert re.search(r'<canvas id="view"[^>]* hidden', page)


def test_bones_and_skin_surround_the_muscles(data: dict[str, object]) -> None:
    for name, most in (("bones", 40_000), ("skin", 20_000)):
        mesh = data[name]
        assert isinstance(mesh, dict)
        vertices = points(data, mesh["points"])
        faces = np.frombuffer(base64.b64decode(mesh["faces"]), dtype="<u2")
        assert faces.max() < len(vertices) < most and len(faces) % 3 == 0
        assert len(base64.b64decode(mesh["fog"])) == len(vertices)
    skin = data["skin"]
    assert isinstance(skin, dict)
    low, high = np.array(data["low"]), np.array(data["low"]) + np.array(data["size"])
    around = points(data, skin["points"])
    np.testing.assert_allclose(around.min(axis=0), low, atol=0.03)
    np.testing.assert_allclose(around.max(axis=0), high, atol=0.03)


def test_a_title_from_outside_is_harmless(tmp_path: Path) -> None:
    poses = tmp_path / "p.csv"
    poses.write_text('pose_id\n"</script><script>alert(1)</script>"\n')
    show(tmp_path / "a.html", PostureRequest(str(poses)))
    assert "<script>alert" not in (tmp_path / "a.html").read_text()


def test_what_cannot_be_drawn_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.png or \.html"):
        show(tmp_path / "a.svg", LUNGE)
    with pytest.raises(InputError, match="each with _l or _r"):
        targets_named("psoas")
    with pytest.raises(StorageError, match="existing folder"):
        show(tmp_path / "nowhere" / "a.png", LUNGE)
    assert list(tmp_path.iterdir()) == []
