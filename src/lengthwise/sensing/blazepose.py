"""MediaPipe's pose landmarker for video, as poses in pixels and metres."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lengthwise.contracts.errors import MissingPartError

_NEEDED_FOR = "reading video"
_MOST_PEOPLE = 2
_QUIET_IMAGES = 300
"""MediaPipe logs on start and at the first detection; past this many images nothing is hidden."""

_SYSTEM_LIBRARIES = "run: apt-get install libegl1 libgles2 libgl1 libglib2.0-0"


@dataclass(frozen=True)
class Pose:
    """One person. `xy_px` (33, 2), x right, y down; `z_px` (33,) depth times image width;
    `visibility` (33,); `world_m` (33, 3) hip-centred."""

    xy_px: np.ndarray
    z_px: np.ndarray
    visibility: np.ndarray
    world_m: np.ndarray


def import_cv2() -> Any:
    """OpenCV as mediapipe brings it. Raises MissingPartError."""
    try:
        import cv2
    except ModuleNotFoundError as cause:
        raise _no_extra() from cause
    except ImportError as cause:
        raise _no_library(cause) from cause
    return cv2


def _no_extra() -> MissingPartError:
    return MissingPartError(
        "mediapipe", needed_for=_NEEDED_FOR, remedy="run: pip install 'lengthwise[video]'"
    )


def _no_library(cause: Exception) -> MissingPartError:
    name = str(cause).partition(":")[0]
    return MissingPartError(
        f"the system library {name}", needed_for=_NEEDED_FOR, remedy=_SYSTEM_LIBRARIES
    )


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep what C++ libraries write to the terminal away from the person, for a moment."""
    try:
        saved = os.dup(2)
    except OSError:
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)


class BlazePose:
    """A running pose landmarker. Must be closed: mediapipe complains at exit otherwise."""

    def __init__(self, bundle: Path, *, size: str) -> None:
        """Raises MissingPartError where mediapipe, a system library or the bundle is missing."""
        if not bundle.is_file():
            raise MissingPartError(
                f"the {size} pose model", needed_for=_NEEDED_FOR, remedy="run: lengthwise setup"
            )
        try:
            import mediapipe
            from mediapipe.tasks.python import vision
            from mediapipe.tasks.python.core.base_options import BaseOptions
        except ModuleNotFoundError as cause:
            raise _no_extra() from cause
        except (ImportError, OSError) as cause:
            raise _no_library(cause) from cause
        self._image = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(bundle)),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=_MOST_PEOPLE,
        )
        self._last_ms = -1
        self._quiet_left = _QUIET_IMAGES
        try:
            with quiet_stderr():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except OSError as cause:
            raise _no_library(cause) from cause
        except (RuntimeError, ValueError) as cause:
            raise MissingPartError(
                f"a whole {size} pose model",
                needed_for=_NEEDED_FOR,
                remedy=f"delete {bundle} and run: lengthwise setup",
            ) from cause

    def poses(self, rgb: np.ndarray, t_s: float) -> list[Pose]:
        """Everyone the model reports in an image (height, width, 3), 8-bit RGB; in rising time.

        Raises RuntimeError where mediapipe cannot use the image.
        """
        # The model's clock counts whole milliseconds and must rise.
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        image = self._image(image_format=self._format, data=np.ascontiguousarray(rgb))
        if self._quiet_left > 0:
            with quiet_stderr():
                found = self._landmarker.detect_for_video(image, self._last_ms)
            self._quiet_left = 0 if found.pose_landmarks else self._quiet_left - 1
        else:
            found = self._landmarker.detect_for_video(image, self._last_ms)
        height, width = rgb.shape[:2]
        return [
            _pose(landmarks, world, width, height)
            for landmarks, world in zip(
                found.pose_landmarks, found.pose_world_landmarks, strict=True
            )
        ]

    def close(self) -> None:
        if self._landmarker is not None:
            with quiet_stderr():
                self._landmarker.close()
            self._landmarker = None


def _pose(landmarks: Any, world: Any, width_px: int, height_px: int) -> Pose:
    image = np.array([(p.x, p.y, p.z, p.visibility) for p in landmarks], dtype="f8")
    return Pose(
        xy_px=image[:, :2] * (width_px, height_px),
        z_px=image[:, 2] * width_px,
        visibility=np.clip(image[:, 3], 0.0, 1.0),
        world_m=np.array([(p.x, p.y, p.z) for p in world], dtype="f8"),
    )


def missing_video_part() -> MissingPartError | None:
    """What keeps video from being read on this machine, apart from the models; None if nothing."""
    try:
        import_cv2()
        from mediapipe.tasks.python.core import mediapipe_c_bindings

        with quiet_stderr():
            mediapipe_c_bindings.load_raw_library()
    except MissingPartError as known:
        return known
    except ModuleNotFoundError:
        return _no_extra()
    except (ImportError, OSError) as cause:
        return _no_library(cause)
    return None
