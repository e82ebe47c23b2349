"""One real file of hours of landmarks, analysed whole: time, memory as it runs, size of the record.

    python bench/long_session.py --hours 4 --folder FOLDER

A simulated person (30 images a second) is written to `landmarks.csv`; then `lengthwise analyze` of
that file runs as a program of its own. Its resident memory and the size of its log are read
every second from outside. Needs about 2 GB of disk an hour; a file already there is used again.
Memory is read from `/proc`, so the figures come from Linux only.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct

from in_folder import run
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import LandmarkFrame
from lengthwise.record.session_folder import LOG_NAME, SEALED_NAME
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import Plan, SimulatedRecording

_QUARTERS = (0.25, 0.5, 0.75, 1.0)
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Reading(Struct, frozen=True):
    """What was seen from outside at one moment of the run."""

    resident_mb: float
    log_mb: float


class Figures(Struct, frozen=True):
    """`resident_mb`: at a quarter, half, three quarters and the whole of the growth of the log."""

    recording_s: float
    frames: int
    input_mb: float
    wall_s: float
    log_mb: float
    sealed_mb: float
    peak_mb: float
    resident_mb: tuple[float, ...]


def written(path: Path, hours: float) -> Path:
    """The simulated recording as a file."""
    if not path.exists():
        plan = Plan(
            "half_kneeling_hip_flexor",
            Side.LEFT,
            seed=1,
            sensors="camera",
            duration_s=hours * 3600,
            both_sides=True,
        )
        recording = SimulatedRecording(plan)
        assert recording.camera is not None
        part = path.with_suffix(".part")
        frames = (o for o in recording.read() if isinstance(o, LandmarkFrame))
        write_landmarks_csv(part, recording.camera.stream(), frames)
        part.replace(path)
    return path


def analysed(source: Path, out: Path) -> Figures:
    """Run `lengthwise analyze` and watch it. Raises SystemExit where it does not end well."""
    command = [sys.executable, "-m", "lengthwise.cli.main", "analyze", str(source)]
    began_s = time.monotonic()
    with subprocess.Popen(
        [*command, "--out", str(out), "--json", "--quiet"], stdout=subprocess.PIPE
    ) as running:
        readings = []
        while running.poll() is None:
            readings.append(_reading(running.pid, out / LOG_NAME))
            time.sleep(1.0)
        assert running.stdout is not None
        told = running.stdout.read()
    wall_s = time.monotonic() - began_s
    if running.returncode != 0:
        raise SystemExit(f"analyze ended with {running.returncode}")
    totals = json.loads(told)
    log_mb = max(r.log_mb for r in readings)
    growing = [r for r in readings if r.log_mb > 0]
    return Figures(
        recording_s=totals["duration_s"],
        frames=totals["frames"],
        input_mb=source.stat().st_size / 1e6,
        wall_s=wall_s,
        log_mb=log_mb,
        sealed_mb=(out / SEALED_NAME).stat().st_size / 1e6,
        peak_mb=max(r.resident_mb for r in readings),
        resident_mb=tuple(
            next(r.resident_mb for r in growing if r.log_mb >= share * log_mb)
            for share in _QUARTERS
        ),
    )


def _reading(pid: int, log: Path) -> Reading:
    try:
        resident_pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        resident_pages = 0
    log_bytes = log.stat().st_size if log.exists() else 0
    return Reading(resident_pages * _PAGE_BYTES / 1e6, log_bytes / 1e6)


def _told(f: Figures) -> str:
    quarters = ", ".join(f"{mb:.0f}" for mb in f.resident_mb)
    return (
        f"{f.recording_s / 3600:.2f} h, {f.frames} estimates from {f.input_mb:.0f} MB:"
        f" {f.wall_s:.0f} s ({f.recording_s / f.wall_s:.1f} x real time)\n"
        f"log {f.log_mb:.0f} MB ({1e6 * f.log_mb / f.frames:.0f} bytes an estimate),"
        f" sealed {f.sealed_mb:.0f} MB\n"
        f"resident memory at 1/4, 1/2, 3/4 and 1/1 of the log: {quarters} MB; peak {f.peak_mb:.0f}"
    )


def measure(scratch: Path, folder: Path | None, hours: float) -> None:
    source = written((folder or scratch) / f"landmarks-{hours:g}h.csv", hours)
    print(_told(analysed(source, scratch / "out")), flush=True)


if __name__ == "__main__":
    sys.exit(run(__doc__, measure, unit="hours", default=4.0))
