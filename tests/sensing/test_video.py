"""Video: every frame is a pose, or a counted reason why not; its time is the container's."""

from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sensed_files import read_all, reasons

from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    Rejection,
    View,
)
from lengthwise.sensing import blazepose, video
from lengthwise.sensing.blazepose import Pose
from lengthwise.sensing.demo_video import demo_video_path
from lengthwise.sensing.driver import OpenOptions
from lengthwise.sensing.pose_models import built_pose_models
from lengthwise.sensing.video import DRIVER

MP4_HEAD = b"\x00\x00\x00\x18ftypmp42" + bytes(400)


class Film:
    """A film in place of OpenCV: frames as (time in ms, image), and what the container says."""

    def __init__(
        self, times_ms: list[float], *, fps: float = 30.0, announced: int | None = None
    ) -> None:
        self.images = [np.full((48, 64, 3), i % 256, dtype="u1") for i in range(len(times_ms))]
        self.times_ms, self.fps = times_ms, fps
        self.announced = len(times_ms) if announced is None else announced
        self.opened = 0

    def cv2(self) -> SimpleNamespace:
        return SimpleNamespace(
            VideoCapture=self._capture,
            CAP_FFMPEG=1,
            CAP_PROP_FPS=2,
            CAP_PROP_FRAME_COUNT=3,
            CAP_PROP_POS_MSEC=4,
            CAP_PROP_N_THREADS=6,
            COLOR_BGR2RGB=5,
            cvtColor=lambda image, _: image,
        )

    def _capture(self, _path: str, _backend: int, _parameters: list[int]) -> SimpleNamespace:
        self.opened += 1
        at = -1

        def read() -> tuple[bool, np.ndarray | None]:
            nonlocal at
            at += 1
            return (True, self.images[at]) if at < len(self.images) else (False, None)

        def get(key: int) -> float:
            return {2: self.fps, 3: float(self.announced), 4: self.times_ms[max(at, 0)]}[key]

        def release() -> None:
            nonlocal at
            at = len(self.images)

        return SimpleNamespace(isOpened=lambda: True, read=read, get=get, release=release)


class OnePerson:
    """A pose model that sees the same person in every image, except where told otherwise."""

    def __init__(self, *_: object, **__: object) -> None:
        self.closed = False

    def poses(self, rgb: np.ndarray, t_s: float) -> list[Pose]:
        if rgb[0, 0, 0] == 7:
            raise RuntimeError("no")
        if rgb[0, 0, 0] == 8:
            return []
        xy = np.linspace([10, 5], [50, 40], 33)
        return [Pose(xy, np.zeros(33), np.ones(33), np.zeros((33, 3)))]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def film_path(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(MP4_HEAD)
    return path


def play(monkeypatch: pytest.MonkeyPatch, film: Film) -> None:
    monkeypatch.setattr(video, "import_cv2", film.cv2)
    monkeypatch.setattr(video, "BlazePose", OnePerson)


def test_time_is_the_containers_and_begins_at_zero(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    play(monkeypatch, Film([500.0, 533.0, 600.0, 605.5]))
    header, items = read_all(DRIVER, film_path)
    assert [i.t_s for i in items] == pytest.approx([0.0, 0.033, 0.1, 0.1055])
    assert (header.observation_count, header.duration_s) == (4, pytest.approx(4 / 30))


def test_without_container_times_the_frame_rate_tells_the_time(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    play(monkeypatch, Film([0.0] * 4, fps=25.0))
    _, items = read_all(DRIVER, film_path)
    assert [i.t_s for i in items] == pytest.approx([0.0, 0.04, 0.08, 0.12])


@pytest.mark.parametrize("fps", [0.0, float("nan"), 90000.0])
def test_without_any_time_a_video_is_refused(
    monkeypatch: pytest.MonkeyPatch, film_path: Path, fps: float
) -> None:
    play(monkeypatch, Film([0.0] * 4, fps=fps))
    with pytest.raises(InputError, match="no frame times"):
        DRIVER.open(film_path, OpenOptions())


def test_frames_that_cannot_be_used_are_counted_and_the_rest_kept(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    film = Film([33.0 * i for i in range(11)])
    film.times_ms[3] = film.times_ms[2]
    film.times_ms[5] = film.times_ms[1]
    film.images[6] = np.zeros((10, 10, 3), dtype="u1")
    play(monkeypatch, film)
    _, items = read_all(DRIVER, film_path)
    assert reasons(items) == [
        "duplicate_time",
        "time_backwards",
        "undecodable",
        "undecodable",
        "no_person",
    ]
    assert len(items) == 11


def test_a_file_cut_off_keeps_what_came_before_and_says_so(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    play(monkeypatch, Film([33.0 * i for i in range(5)], announced=300))
    _, items = read_all(DRIVER, film_path)
    assert reasons(items) == ["truncated"]
    assert len(items) == 6


def test_what_the_person_states_is_declared(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    play(monkeypatch, Film([0.0, 33.0]))
    options = OpenOptions("heavy", View.RIGHT, True, Posture.SUPINE)
    header, _ = read_all(DRIVER, film_path, options)
    assert header.streams == (
        CameraStream(64, 48, 30.0, View.RIGHT, True, Posture.SUPINE, PoseModel.HEAVY, True),
    )


def test_the_pose_model_is_closed_also_when_reading_was_not_finished(
    monkeypatch: pytest.MonkeyPatch, film_path: Path
) -> None:
    play(monkeypatch, Film([33.0 * i for i in range(5)]))
    recording = DRIVER.open(film_path, OpenOptions())
    next(recording.read())
    recording.close()
    assert isinstance(recording._model, OnePerson) and recording._model.closed


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"#EXTM3U\nhttp://example.org/a.ts\n", bytes(1000)]
)
def test_what_is_no_video_is_refused_before_any_decoder_sees_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    film = Film([0.0, 33.0])
    play(monkeypatch, film)
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    assert DRIVER.accepts(path)
    with pytest.raises(InputError, match="video container") as caught:
        DRIVER.open(path, OpenOptions())
    assert "\n" not in str(caught.value)
    assert film.opened == 0


def test_an_unknown_pose_model_is_refused_with_the_known_ones(film_path: Path) -> None:
    with pytest.raises(InputError, match="lite, full, heavy"):
        DRIVER.open(film_path, OpenOptions(pose_model="huge"))


@pytest.mark.parametrize(
    ("missing", "remedy"),
    [
        (ModuleNotFoundError("No module named 'cv2'"), r"pip install 'lengthwise\[video\]'"),
        (ImportError("libGL.so.1: cannot open shared object file"), "apt-get install"),
    ],
)
def test_a_missing_part_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, film_path: Path, missing: ImportError, remedy: str
) -> None:
    class Refusing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "cv2":
                raise missing

    monkeypatch.delitem(__import__("sys").modules, "cv2", raising=False)
    monkeypatch.setattr("sys.meta_path", [Refusing(), *__import__("sys").meta_path])
    with pytest.raises(MissingPartError, match=remedy):
        DRIVER.open(film_path, OpenOptions())


# --- with the real decoder and the real models -------------------------------------------------


@pytest.fixture(scope="module")
def real_video() -> Path:
    """The demo video; skips, with the reason, where something for it is not on this machine."""
    missing = blazepose.missing_video_part()
    if missing is not None:
        pytest.skip(str(missing))
    if built_pose_models(data_home())["lite"] is None:
        pytest.skip("the lite pose model is not built: run lengthwise setup")
    path = demo_video_path(data_home())
    if not path.is_file():
        pytest.skip("the demo video is not here: run lengthwise setup")
    return path


@pytest.fixture(scope="module")
def seen(real_video: Path) -> list[LandmarkFrame | Rejection]:
    """The first 92 frames: a man on a low building raises his arms; from 2 s a woman walks by."""
    recording = DRIVER.open(real_video, OpenOptions(pose_model="lite"))
    items = list(islice(recording.read(), 92))
    recording.close()
    return items


@pytest.mark.video
def test_a_real_person_is_found_upright_and_facing_the_camera(
    seen: list[LandmarkFrame | Rejection],
) -> None:
    found = [item for item in seen if isinstance(item, LandmarkFrame)]
    assert len(found) >= 80
    at = LANDMARK_INDEX
    # The lite model takes him for seen from behind in about a fifth of the frames.
    facing = [f.xy_px[at["left_shoulder"], 0] > f.xy_px[at["right_shoulder"], 0] for f in found]
    assert np.mean(facing) > 0.6
    for frame in found[10:]:
        assert frame.xy_px[at["nose"], 1] < frame.xy_px[at["left_hip"], 1]
        assert frame.world_m is not None
        hips = frame.world_m[[at["left_hip"], at["right_hip"]]].mean(axis=0)
        assert hips == pytest.approx([0, 0, 0], abs=0.05)
    steps = [b.t_s - a.t_s for a, b in pairwise(seen)]
    assert steps == pytest.approx([1 / 30] * 91, abs=1e-6)


@pytest.mark.video
def test_the_same_person_is_followed_while_another_walks_past(
    seen: list[LandmarkFrame | Rejection],
) -> None:
    """The woman is far below the man on the building (y under 450)."""
    found = [i for i in seen if isinstance(i, LandmarkFrame)]
    hips = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
    assert all(frame.xy_px[hips, 1].mean() < 450 for frame in found[10:])
    assert {frame.person_count for frame in found if frame.t_s > 2.8} == {2}


@pytest.mark.video
def test_what_a_real_video_declares_and_nothing_on_the_terminal(
    real_video: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recording = DRIVER.open(real_video, OpenOptions(pose_model="lite"))
    list(islice(recording.read(), 8))
    recording.close()
    assert recording.header.streams == (
        CameraStream(1768, 994, 30.0, pose_model=PoseModel.LITE, has_world=True),
    )
    assert recording.header.observation_count == 230
    assert capfd.readouterr().err == ""


@pytest.mark.video
@pytest.mark.parametrize("kept", [0.001, 0.15])
def test_a_video_cut_off_is_told(
    real_video: Path, tmp_path: Path, kept: float, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its index stands in the first 4 kB: with it, what is there is still readable."""
    whole = real_video.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: int(len(whole) * kept)])
    options = OpenOptions(pose_model="lite")
    if kept < 0.01:
        with pytest.raises(InputError):
            DRIVER.open(path, options)
        return
    plain = blazepose.import_cv2().VideoCapture(str(real_video))  # FFmpeg talks from here on
    plain.release()
    capfd.readouterr()
    _, items = read_all(DRIVER, path, options)
    assert capfd.readouterr().err == ""
    assert reasons(items)[-1] == "truncated"
    assert sum(isinstance(i, LandmarkFrame) for i in items) > 10


@pytest.mark.video
def test_without_the_model_the_command_that_builds_it_is_named(
    real_video: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    with pytest.raises(MissingPartError, match="lengthwise setup"):
        DRIVER.open(real_video, OpenOptions())
    bundle = tmp_path / "models" / "pose_landmarker_full.task"
    bundle.parent.mkdir()
    bundle.write_bytes(b"not a bundle")
    with pytest.raises(MissingPartError, match=r"delete .* lengthwise setup"):
        DRIVER.open(real_video, OpenOptions())
