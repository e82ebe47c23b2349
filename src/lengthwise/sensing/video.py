"""Driver for video files: BlazePose landmarks of one followed person, frame by frame.

Time comes from the container; where it has none, from the frame number and the frame rate.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import (
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    RecordingHeader,
    Rejection,
    RejectionReason,
    View,
)
from lengthwise.sensing import tracked_person
from lengthwise.sensing.blazepose import BlazePose, Pose, import_cv2, quiet_stderr
from lengthwise.sensing.driver import Manifest, OpenOptions
from lengthwise.sensing.pose_models import pose_model_path

SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".ogv", ".3gp"}
)
_MODELS = {"lite": PoseModel.LITE, "full": PoseModel.FULL, "heavy": PoseModel.HEAVY}
_LOWEST_FPS_HZ = 1.0
_HIGHEST_FPS_HZ = 1000.0
_TRUNCATED_RATIO = 0.98
"""Fewer frames than this share of what the container announces: it was cut off."""


class VideoDriver:
    """Reads video files with MediaPipe's pose landmarker."""

    manifest = Manifest(
        name="video",
        reads="a video file (.mp4, .mov, .webm, .mkv, .avi, ...)",
        streams=("camera",),
        extra="video",
    )

    def accepts(self, path: Path) -> bool:
        if not path.is_file():
            return False
        return path.suffix.lower() in SUFFIXES or _is_container(path)

    def open(self, path: Path, options: OpenOptions) -> "VideoRecording":
        return VideoRecording(path, options)


DRIVER = VideoDriver()


class VideoRecording:
    """An open video; one decoded frame is in memory at a time."""

    def __init__(self, path: Path, options: OpenOptions) -> None:
        # Only known containers reach the decoder: a playlist could make it fetch from elsewhere.
        if not _is_container(path):
            raise _not_a_video(path, "content that is not a video container")
        bundle = pose_model_path(data_home(), options.pose_model)
        self._cv2 = import_cv2()
        width_px, height_px, self._timed = self._probe(path)
        self._capture = self._opened(path)
        fps_hz = float(self._capture.get(self._cv2.CAP_PROP_FPS))
        self._fps_hz = fps_hz if _LOWEST_FPS_HZ <= fps_hz <= _HIGHEST_FPS_HZ else None
        if not self._timed and self._fps_hz is None:
            self._capture.release()
            raise InputError(
                f"video {path.name}",
                value=f"no frame times and a frame rate of {fps_hz:g} per second",
                allowed="frame times, or 1 to 1000 frames per second",
                remedy="save it again as .mp4",
            )
        count = int(self._capture.get(self._cv2.CAP_PROP_FRAME_COUNT))
        self._announced = count if 0 < count < 10**8 else None
        with ExitStack() as undo:
            undo.callback(self._capture.release)
            self._model = BlazePose(bundle, size=options.pose_model)
            undo.pop_all()
        self._stream = CameraStream(
            image_width_px=width_px,
            image_height_px=height_px,
            fps_hz=self._fps_hz,
            view=options.view or View.UNKNOWN,
            mirrored=options.mirrored,
            posture=options.posture or Posture.UNKNOWN,
            pose_model=_MODELS[options.pose_model],
            has_world=True,
        )
        frames, rate_hz = self._announced, self._fps_hz
        self.header = RecordingHeader(
            name=path.name,
            driver=DRIVER.manifest.name,
            streams=(self._stream,),
            duration_s=None if frames is None or rate_hz is None else frames / rate_hz,
            observation_count=frames,
        )

    def read(self) -> Iterator[LandmarkFrame | Rejection]:
        tracks = tracked_person.Tracks()
        last_s: float | None = None
        t_s = 0.0
        for t_s, image in self._frames():
            fault = self._fault(image, t_s, last_s)
            if fault is not None:
                yield fault
                continue
            last_s = t_s
            try:
                found = self._model.poses(self._cv2.cvtColor(image, self._cv2.COLOR_BGR2RGB), t_s)
            except RuntimeError as cause:
                yield _rejected(t_s, RejectionReason.UNDECODABLE, str(cause)[:80])
                continue
            tracks, choice = tracked_person.step(tracks, [p.xy_px for p in found], t_s)
            if choice.pose is not None:
                yield _landmark_frame(found[choice.pose], t_s, choice.person_count)
            elif choice.person_count:
                detail = "the person followed is out of sight, someone else is in view"
                yield _rejected(t_s, RejectionReason.SECOND_PERSON, detail)
            else:
                yield _rejected(t_s, RejectionReason.NO_PERSON, "")
        if self._announced is not None and self._decoded < _TRUNCATED_RATIO * self._announced:
            detail = f"{self._decoded} of {self._announced} frames could be read"
            yield _rejected(t_s, RejectionReason.TRUNCATED, detail)

    def close(self) -> None:
        self._capture.release()
        self._model.close()

    def _frames(self) -> Iterator[tuple[float, np.ndarray]]:
        """Time since the first frame, and the frame (height, width, 3) in BGR."""
        first_s: float | None = None
        self._decoded = 0
        while True:
            with quiet_stderr():
                got, image = self._capture.read()
            if not got or image is None:
                return
            if self._timed:
                t_s = float(self._capture.get(self._cv2.CAP_PROP_POS_MSEC)) / 1000
            else:
                t_s = self._decoded / (self._fps_hz or 1.0)
            self._decoded += 1
            if first_s is None:
                first_s = t_s
            yield t_s - first_s, image

    def _fault(self, image: np.ndarray, t_s: float, last_s: float | None) -> Rejection | None:
        if last_s is not None and t_s <= last_s:
            repeated = t_s == last_s
            reason = RejectionReason.DUPLICATE_TIME if repeated else RejectionReason.TIME_BACKWARDS
            return _rejected(t_s, reason, f"after {last_s:.3f} s")
        if image.shape != (self._stream.image_height_px, self._stream.image_width_px, 3):
            size = "x".join(str(n) for n in image.shape[1::-1])
            return _rejected(t_s, RejectionReason.UNDECODABLE, f"image size {size}")
        return None

    def _opened(self, path: Path) -> Any:
        # One decoding thread: others would speak up on the terminal outside of any quiet moment,
        # and OpenCV takes FFmpeg's log level only once in the life of a process.
        one_thread = [self._cv2.CAP_PROP_N_THREADS, 1]
        with quiet_stderr():
            name, reader = str(path.absolute()), self._cv2.CAP_FFMPEG
            capture = self._cv2.VideoCapture(name, reader, one_thread)
        if not capture.isOpened():
            capture.release()
            raise _not_a_video(path, "no readable video in it (empty or cut off)")
        return capture

    def _probe(self, path: Path) -> tuple[int, int, bool]:
        """Width and height as decoded (turned upright), and whether the frames carry times."""
        capture = self._opened(path)
        times_ms: list[float] = []
        shape: tuple[int, ...] | None = None
        try:
            with quiet_stderr():
                for _ in range(3):
                    got, image = capture.read()
                    if not got or image is None:
                        break
                    shape = shape or image.shape
                    times_ms.append(float(capture.get(self._cv2.CAP_PROP_POS_MSEC)))
        finally:
            capture.release()
        if shape is None:
            raise _not_a_video(path, "no frame that can be decoded")
        timed = all(np.isfinite(times_ms)) and len(set(times_ms)) == len(times_ms) > 1
        return shape[1], shape[0], timed


def _landmark_frame(pose: Pose, t_s: float, person_count: int) -> LandmarkFrame:
    present = np.isfinite(np.column_stack([pose.xy_px, pose.z_px, pose.visibility])).all(axis=1)
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(np.where(present[:, None], pose.xy_px, 0.0)),
        image_z_px=frozen_array(np.where(present, pose.z_px, 0.0)),
        visibility=frozen_array(np.where(present, pose.visibility, 0.0)),
        present=frozen_array(present, dtype="?"),
        world_m=frozen_array(pose.world_m) if np.isfinite(pose.world_m).all() else None,
        person_count=person_count,
    )


def _rejected(t_s: float, reason: RejectionReason, detail: str) -> Rejection:
    return Rejection(t_s=t_s, source="camera", reason=reason, detail=detail)


def _not_a_video(path: Path, found: str) -> InputError:
    return InputError(
        f"video {path.name}",
        value=found,
        allowed=DRIVER.manifest.reads,
        remedy="check that the file is whole and plays elsewhere",
    )


def _is_container(path: Path) -> bool:
    """Whether the first bytes are those of a video container that we read."""
    try:
        with path.open("rb") as file:
            head = file.read(400)
    except OSError:
        return False
    return (
        head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free")
        or head[:4] in (b"\x1aE\xdf\xa3", b"OggS", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
        or (len(head) > 376 and head[0] == head[188] == head[376] == 0x47)
    )
