"""The four kinds of real recordings, each analysed whole, with what was seen in them.

    python bench/recordings.py ../shared/data [OUT]

Prints for each: files written, share of estimates in which each coordinate was claimed, what was
not used and why, and the speed against real time. For the full-body inertial record it compares
sitting (12-39 s) with standing (0-4 s).
"""

import csv
import sys
import time
from pathlib import Path
from statistics import fmean

import msgspec

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.analyze import AnalyzeRequest, AnalyzeResult, analyze
from lengthwise.live.evaluation.keraal_take import landmarks_csv_of_take

FILES = ("body.csv", "tissue.csv", "events.jsonl", "summary.json", "report.html", "session.mcap")


def measured(name: str, request: AnalyzeRequest) -> AnalyzeResult:
    begun = time.perf_counter()
    # An earlier evaluation may have left its results there.
    result = analyze(msgspec.structs.replace(request, replace=True))
    wall_s = time.perf_counter() - begun
    t = result.totals
    there = [f for f in FILES if (result.folder / f).stat().st_size > 0 or f == "events.jsonl"]
    print(
        f"\n{name}: {t.duration_s:.1f} s, {t.frames} estimates, {len(there)} of {len(FILES)} files"
    )
    print(f"  speed: {t.duration_s / wall_s:.1f} x real time ({wall_s:.1f} s)")
    claimed = {c: r for c, r in t.claimed_ratio.items() if r > 0}
    print("  claimed: " + (", ".join(f"{c} {100 * r:.0f} %" for c, r in claimed.items()) or "none"))
    print("  not used: " + (", ".join(f"{n} x {c}" for c, n in t.rejections.items()) or "none"))
    return result


def column(folder: Path, name: str, a_s: float, b_s: float) -> list[float]:
    with (folder / "body.csv").open() as file:
        return [
            float(row[name])
            for row in csv.DictReader(file)
            if a_s <= float(row["t_s"]) <= b_s and row[name]
        ]


def sitting_against_standing(folder: Path) -> None:
    wanted = {
        "pelvis_tilt": "-22 ± 4",
        "lumbar_flexion": "28 ± 5",
        "hip_flexion_l": "58 ± 4 (next issue)",
    }
    for coordinate, floor in wanted.items():
        standing = column(folder, f"{coordinate}_deg", 0, 4)
        sitting = column(folder, f"{coordinate}_deg", 12, 39)
        if not sitting:
            print(f"  {coordinate}: not claimed while sitting")
            continue
        zero = fmean(standing) if standing else 0.0
        print(f"  {coordinate}: {fmean(sitting) - zero:+.1f}° sitting - standing (asked: {floor})")


def main() -> int:
    data = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("out/recordings")
    video = data_home() / "demo" / "demo.mp4"
    plain = SessionConfig()
    if video.is_file():
        for size in ("lite", "full", "heavy"):
            try:
                measured(
                    f"video, {size}", AnalyzeRequest(video, out / f"video_{size}", plain, size)
                )
            except LengthwiseError as known:
                print(f"video, {size}: {known}")
    else:
        print("video: not fetched (run: lengthwise setup)")
    for take in sorted((data / "keraal" / "blazepose").glob("*.json")):
        source = out / "keraal" / f"{take.stem}.csv"
        source.parent.mkdir(parents=True, exist_ok=True)
        landmarks_csv_of_take(take, source)
        measured(take.stem, AnalyzeRequest(source, out / "keraal" / take.stem, plain))
    qmt = data / "imu" / "qmt_full_body" / "full_body_example_data.mat"
    result = measured(
        "qmt full body", AnalyzeRequest(qmt, out / "qmt", SessionConfig(zero_s=(0.0, 4.0)))
    )
    sitting_against_standing(result.folder)
    xsens = data / "imu" / "opensense_xsens"
    measured("OpenSense walking", AnalyzeRequest(xsens, out / "opensense", plain))
    return 0


if __name__ == "__main__":
    sys.exit(main())
