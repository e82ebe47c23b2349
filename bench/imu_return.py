"""How soon and how well up is told again after a sensor was gone for five seconds, on recordings
that nothing was chosen on.

    python bench/imu_return.py DATA        (a folder that holds imu/)

No camera saw these sensors. The reference is the same sensor without an interruption, its
orientation smoothed over the whole recording (VQF, offline, forwards and back): some half a degree
(0.53 against cameras in BROAD). So an error of a degree is within what this can judge.
"""

import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import numpy as np
from vqf import offlineVQF

from lengthwise.body import imu_estimate
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment
from lengthwise.sensing.driver import OpenOptions, open_recording

GONE_S, EVERY_S, READ_S, LOOKED_S = 5.0, 4.0, 0.02, 1.0
ASKED_DEG = 2.0
STILL_RAD_S = 0.3


def sensors(path: Path) -> dict[Segment, tuple[ImuStream, list[ImuSample]]]:
    with closing(open_recording(path, OpenOptions())) as recording:
        streams = {s.segment: s for s in recording.header.streams if isinstance(s, ImuStream)}
        found: dict[Segment, list[ImuSample]] = defaultdict(list)
        for item in recording.read():
            if isinstance(item, ImuSample) and item.gyr_rad_s is not None:
                found[item.segment].append(item)
    return {segment: (streams[segment], samples) for segment, samples in found.items()}


def reference(samples: list[ImuSample], rate_hz: float) -> np.ndarray:
    """(n, 3) up in sensor axes."""
    gyr = np.ascontiguousarray([s.gyr_rad_s for s in samples])
    acc = np.ascontiguousarray([s.acc_m_s2 for s in samples])
    w, x, y, z = offlineVQF(gyr, acc, None, 1.0 / rate_hz)["quat6D"].T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)


def returned(
    stream: ImuStream, samples: list[ImuSample], up: np.ndarray, gone_s: float
) -> tuple[float | None, float | None, float]:
    """Seconds until up was told after a return (None within 6 s: never), the greatest error in the
    second behind the return of what was told by then, degrees, and the mean turn then, rad/s."""
    back_s = gone_s + GONE_S
    memory, read_s, first_s, worst = imu_estimate.ImuMemory(), gone_s - 3.0, None, None
    turns = []
    for n, sample in enumerate(samples):
        if sample.t_s < gone_s - 3.0 or gone_s <= sample.t_s < back_s:
            continue
        if sample.t_s > back_s + 6.0:
            break
        memory, _ = imu_estimate.take(stream, memory, sample, None)
        if back_s <= sample.t_s < back_s + LOOKED_S:
            turns.append(float(np.linalg.norm(sample.gyr_rad_s or (0.0, 0.0, 0.0))))
        if sample.t_s - read_s < READ_S:
            continue
        read_s = sample.t_s
        memory = imu_estimate.settle(stream, memory)
        told = imu_estimate.fresh_up(memory)
        if told is None:
            continue
        memory = imu_estimate.mark_read(memory)
        if sample.t_s < back_s:
            continue
        first_s = sample.t_s - back_s if first_s is None else first_s
        if sample.t_s - back_s <= LOOKED_S:
            cosine = float(np.clip(np.dot(told, up[n]), -1.0, 1.0))
            error = float(np.degrees(np.arccos(cosine)))
            worst = error if worst is None else max(worst, error)
    return first_s, worst, float(np.mean(turns)) if turns else 0.0


def main(data: Path) -> None:
    rows: dict[str, list[tuple[float | None, float | None]]] = defaultdict(list)
    for name in ("qmt_full_body",):
        folder = data / "imu" / name
        path = next(folder.glob("*.mat"), folder)
        for segment, (stream, samples) in sensors(path).items():
            up = reference(samples, stream.rate_hz)
            last_s = samples[-1].t_s
            for gone_s in np.arange(samples[0].t_s + 4.0, last_s - GONE_S - 6.0, EVERY_S):
                first_s, worst, turn = returned(stream, samples, up, float(gone_s))
                pace = "still" if turn < STILL_RAD_S else "moving"
                for key in (f"{name}, {pace}", f"all, {pace}"):
                    rows[key].append((first_s, worst))
            print(f"  {name} {segment.value}: done", file=sys.stderr, flush=True)
    print("| recordings | returns | told within 1 s | told by then: median, 95 %, most (deg) "
          "| told, and within 2 deg | back: median, most (s) |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for key in sorted(rows):
        found = rows[key]
        soon = [w for f, w in found if f is not None and f <= LOOKED_S and w is not None]
        back = [f for f, _ in found if f is not None]
        good = sum(w <= ASKED_DEG for w in soon)
        spread = "-"
        if soon:
            spread = f"{np.median(soon):.2f}, {np.percentile(soon, 95):.2f}, {max(soon):.2f}"
        print(
            f"| {key} | {len(found)} | {len(soon) / len(found):.3f} | {spread} "
            f"| {good / len(found):.3f} | {np.median(back):.2f}, {max(back):.2f} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
