"""A KERAAL BlazePose take as `landmarks.csv`, and all takes of a folder.

    python bench/keraal.py ../shared/data/keraal OUT

KERAAL (Nguyen et al. 2024, IJCNN, arXiv 2407.00521) is for evaluation only: its files, and what is
made from them, stay outside the repository. Its fractions of a 960 x 544 image become pixels; the
relative depth is multiplied by the image width. The takes carry no times: 30 frames/s are assumed.
They carry no visibility: those cells stay empty. The person sits in all of them (Vicon: thigh
markers as high as the hips, 0.6 m, and 0.15-0.2 m in front of them). The images are mirror images:
against the Vicon markers of the same takes, the height of the right over the left shoulder in the
side-bend takes correlates with r = -0.98 to -1.00.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lengthwise.contracts.observation import LANDMARKS

WIDTH_PX, HEIGHT_PX = 960, 544
ASSUMED_FPS_HZ = 30.0


def landmarks_csv_of_take(take: Path, target: Path) -> int:
    """Write one take as `landmarks.csv`; returns the number of frames."""
    header = {
        "image_width_px": WIDTH_PX,
        "image_height_px": HEIGHT_PX,
        "fps": ASSUMED_FPS_HZ,
        "view": "front",
        "mirrored": "yes",
        "posture": "sitting",
        "pose_model": "unknown",
    }
    columns = [
        f"{name}_{part}"
        for name in LANDMARKS
        for part in ("x_px", "y_px", "image_z_px", "visibility")
    ]
    rows = list(_rows(take))
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {key}={value}\n" for key, value in header.items())
        file.write(",".join(["t_s", *columns]) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows)
    return len(rows)


def _rows(take: Path) -> Iterator[list[str]]:
    positions = json.loads(take.read_text())["positions"]
    frames = sorted((float(number), landmarks) for number, landmarks in positions.items())
    first = frames[0][0] if frames else 0.0
    for number, landmarks in frames:
        by_name = {_our_name(name): xyz for name, xyz in landmarks.items()}
        cells = [repr((number - first) / ASSUMED_FPS_HZ)]
        for name in LANDMARKS:
            if name in by_name:
                x, y, z = by_name[name]
                cells += [repr(x * WIDTH_PX), repr(y * HEIGHT_PX), repr(z * WIDTH_PX), ""]
            else:
                cells += ["", "", "", ""]
        yield cells


def _our_name(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip()).lower()


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: python bench/keraal.py KERAAL_FOLDER OUT")
        return 2
    takes = sorted((Path(sys.argv[1]) / "blazepose").glob("*.json"))
    out = Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for take in takes:
        count = landmarks_csv_of_take(take, out / f"{take.stem}.csv")
        print(f"{take.stem}: {count} frames at an assumed {ASSUMED_FPS_HZ:g} frames/s")
    return 0 if takes else 2


if __name__ == "__main__":
    sys.exit(main())
