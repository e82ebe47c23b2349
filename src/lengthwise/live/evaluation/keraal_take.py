"""A KERAAL take of BlazePose landmarks: as frames, and as `landmarks.csv`.

KERAAL (Nguyen et al. 2024, IJCNN, arXiv 2407.00521) is for evaluation only: its files, and what is
made from them, stay outside the repository. Its fractions of a 960 x 544 image become pixels; the
relative depth is multiplied by the image width. The takes carry no times: 30 frames/s are assumed.
They carry no visibility: every landmark counts as visible. The person sits in all of them (Vicon:
thigh markers as high as the hips, 0.6 m, and 0.15-0.2 m in front of them). The images are mirror
images: against the Vicon markers of the same takes, the height of the right over the left shoulder
in the side-bend takes correlates with r = -0.98 to -1.00.
"""

import json
import re
from pathlib import Path

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import (
    LANDMARKS,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    View,
)

WIDTH_PX, HEIGHT_PX = 960, 544
ASSUMED_FPS_HZ = 30.0
STREAM = CameraStream(
    image_width_px=WIDTH_PX,
    image_height_px=HEIGHT_PX,
    fps_hz=ASSUMED_FPS_HZ,
    view=View.FRONT,
    mirrored=True,
    posture=Posture.SITTING,
    pose_model=PoseModel.UNKNOWN,
)


def read_take(take: Path) -> list[LandmarkFrame]:
    """Every frame of a take, landmarks under the names that the pose model gave them.

    Raises InputError where the file is no such take.
    """
    try:
        positions = json.loads(take.read_text(encoding="utf-8"))["positions"]
        numbered = sorted((float(number), named) for number, named in positions.items())
        first = numbered[0][0]
        return [_frame((number - first) / ASSUMED_FPS_HZ, named) for number, named in numbered]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as cause:
        raise InputError(
            "KERAAL take",
            value=f"{take.name} ({type(cause).__name__})",
            allowed='{"positions": {"<frame>": {"<landmark>": [x, y, z]}}}',
            remedy="give the folder as it was published",
        ) from cause


def _frame(t_s: float, named: dict[str, list[float]]) -> LandmarkFrame:
    by_name = {re.sub(r"\s+", "_", name.strip()).lower(): xyz for name, xyz in named.items()}
    xyz = np.zeros((len(LANDMARKS), 3))
    present = np.array([name in by_name for name in LANDMARKS])
    for i in np.flatnonzero(present):
        xyz[i] = by_name[LANDMARKS[i]]
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(xyz[:, :2] * (WIDTH_PX, HEIGHT_PX)),
        image_z_px=frozen_array(xyz[:, 2] * WIDTH_PX),
        visibility=frozen_array(present.astype(float)),
        present=frozen_array(present, dtype="bool"),
    )


def landmarks_csv_of_take(take: Path, target: Path) -> int:
    """Write one take as `landmarks.csv`; returns the number of frames."""
    frames = read_take(take)
    header = {
        "image_width_px": WIDTH_PX,
        "image_height_px": HEIGHT_PX,
        "fps": ASSUMED_FPS_HZ,
        "view": STREAM.view.value,
        "mirrored": "yes",
        "posture": STREAM.posture.value,
        "pose_model": STREAM.pose_model.value,
    }
    columns = [
        f"{name}_{part}"
        for name in LANDMARKS
        for part in ("x_px", "y_px", "image_z_px", "visibility")
    ]
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {key}={value}\n" for key, value in header.items())
        file.write(",".join(["t_s", *columns]) + "\n")
        file.writelines(",".join(_cells(frame)) + "\n" for frame in frames)
    return len(frames)


def _cells(frame: LandmarkFrame) -> list[str]:
    """Visibility stays empty: the takes do not state it."""
    cells = [repr(frame.t_s)]
    for (x, y), z, present in zip(
        frame.xy_px.tolist(), frame.image_z_px.tolist(), frame.present.tolist(), strict=True
    ):
        cells += [repr(x), repr(y), repr(z), ""] if present else ["", "", "", ""]
    return cells
