"""How soon and how well up is told again after a sensor was gone for five seconds.

    python bench/imu_return.py DATA        (a folder that holds imu/)

Three recordings and three references:
- `broad`: moved by hand below cameras. 01 and 10 are what 0.7 degrees (`imu_felt_sd_rad`) was
  chosen on;
- `qmt_full_body`: seven sensors of a person who stands, sits and walks briskly. No camera: the
  reference is the same sensor without an interruption, smoothed offline (VQF, forwards and back),
  some half a degree (0.53 against cameras in BROAD). What a body in motion may hide
  (`imu_felt.moved_sd_rad`) was looked for on this one;
- `opensense_xsens`: eight of another person who walks to and fro in a room and turns at each end.
  Its files hold no turns: they are the differences of its own orientations, which are the reference
  as well. Nothing was chosen on it.

An error of a degree is within what the last two can judge. *Truthful*: share of what was told that
is within 1.73 of its stated sd, which would be 0.95 (both ways that up can be off, as alike);
without reserve it is told with the sd that the filter takes (0.7 white, 0.7 slow, about two axes).

The second table is of a device that *keeps* what it measures while nobody hears it and brings it
within `TOLD_S` of its return, as the page of the phone does; what it feels meanwhile waits behind.
There a tenth of all other samples, chosen at random, never comes, and in the harder case a tenth of
those that were kept neither. *nothing kept*: a device that sends and forgets, under the same loss.

The third is of a device that is heard all along, but for a tenth of single samples.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from math import degrees, hypot, radians, sqrt
from pathlib import Path

import numpy as np
from msgspec import Struct
from scipy.spatial.transform import Rotation
from vqf import offlineVQF

from lengthwise.body import imu_estimate
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import ImuSample, ImuStream, Segment
from lengthwise.sensing.driver import OpenOptions, open_recording

BEFORE_S, GONE_S, READ_S, LOOKED_S = 12.0, 5.0, 0.02, 11.0
ASKED_DEG, ASKED_S = 2.0, 1.0
STILL_RAD_S = 0.3
TOLD_S, LOST = 0.3, 0.1
SETTLED_S, SEEDS = 5.0, (1, 2, 3)
SURE_SD_RAD = radians(sqrt(2.0 * (0.7**2 + 0.7**2)))
COVERS = 1.73
XSENS = {"torso": "trunk", "pelvis": "trunk", "femur": "thigh", "tibia": "shank", "calcn": "foot"}


class Worn(Struct, frozen=True):
    """One sensor: (n,) seconds, (n, 3) turns, forces and up in its axes (NaN: not known)."""

    recording: str
    place: str
    t_s: np.ndarray
    gyr: np.ndarray
    acc: np.ndarray
    up: np.ndarray
    every_s: float


class Returned(Struct, frozen=True):
    """`at_s` (k,) after the return, error and stated sd (deg) there; `turn_rad_s` in the first
    second, the mean."""

    at_s: np.ndarray
    error_deg: np.ndarray
    sd_deg: np.ndarray
    turn_rad_s: float


class Told(Struct, frozen=True):
    """(k,) error and stated sd (deg)."""

    error_deg: np.ndarray
    sd_deg: np.ndarray


class Way(Struct, frozen=True):
    """`lost` share of the samples outside of the gap; `kept` share of those in it, 0: none."""

    name: str
    lost: float
    kept: float


FORGETS = Way("", 0.0, 0.0)
WAYS = (
    Way("nothing kept", LOST, 0.0),
    Way("all kept, nothing lost", 0.0, 1.0),
    Way("all kept", LOST, 1.0),
    Way("nine tenths kept", LOST, 1.0 - LOST),
)


def up_of(quat_wxyz: np.ndarray) -> np.ndarray:
    w, x, y, z = quat_wxyz.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)


def broad(data: Path) -> Iterator[Worn]:
    for path in sorted((data / "imu/broad").glob("*.npz")):
        trial = np.load(path)
        kept = np.asarray(trial["movement"], dtype=bool)[:, None]
        up = np.where(kept, up_of(trial["opt_quat"].astype(float)), np.nan)
        t_s = np.arange(len(up)) / float(trial["sampling_rate"])
        gyr, acc = trial["imu_gyr"].astype(float), trial["imu_acc"].astype(float)
        yield Worn("broad", path.stem[:2], t_s, gyr, acc, up, 3.0)


def qmt(data: Path) -> Iterator[Worn]:
    path = next((data / "imu/qmt_full_body").glob("*.mat"))
    found: dict[Segment, list[ImuSample]] = defaultdict(list)
    with closing(open_recording(path, OpenOptions())) as recording:
        rate_hz = {s.segment: s.rate_hz for s in recording.header.streams if type(s) is ImuStream}
        for item in recording.read():
            if isinstance(item, ImuSample) and item.gyr_rad_s is not None:
                found[item.segment].append(item)
    for segment, samples in found.items():
        gyr = np.ascontiguousarray([s.gyr_rad_s for s in samples])
        acc = np.ascontiguousarray([s.acc_m_s2 for s in samples])
        up = up_of(offlineVQF(gyr, acc, None, 1.0 / rate_hz[segment])["quat6D"])
        part = segment.value.split("_")[0]
        t_s = np.array([s.t_s for s in samples])
        yield Worn("qmt", part if part in ("thigh", "shank") else "trunk", t_s, gyr, acc, up, 1.0)


def xsens(data: Path) -> Iterator[Worn]:
    folder = data / "imu/opensense_xsens"
    rows = [line.split(",") for line in (folder / "sensor_map.csv").read_text().split()[1:]]
    for sensor, segment in rows:
        path = next(folder.glob(f"*_{sensor}.txt"))
        lines = [line for line in path.read_text().splitlines() if not line.startswith("//")]
        names = lines[0].split("\t")
        wanted = ["PacketCounter", "Acc_X", "Acc_Y", "Acc_Z"]
        wanted += [f"Mat[{i}][{j}]" for i in (1, 2, 3) for j in (1, 2, 3)]
        at = [names.index(name) for name in wanted]
        table = np.array([[float(line.split("\t")[i]) for i in at] for line in lines[1:]])
        rot = table[:, 4:].reshape(-1, 3, 3)
        turns = Rotation.from_matrix(rot)
        gyr = (turns[:-1].inv() * turns[1:]).as_rotvec() * 100.0
        t_s = (table[1:, 0] - table[0, 0]) / 100.0
        place = XSENS[segment.split("_")[0]]
        yield Worn("xsens", place, t_s, gyr, table[1:, 1:4], rot[1:, 2, :], 0.5)


def returned(worn: Worn, gone_s: float, way: Way = FORGETS) -> Returned:
    back_s, memory, read_s = gone_s + GONE_S, imu_estimate.ImuMemory(), -np.inf
    rate_hz = 1.0 / float(np.median(np.diff(worn.t_s)))
    stream = ImuStream(Segment.THORAX, rate_hz)
    told: list[tuple[float, float, float]] = []
    turns = []
    here = (worn.t_s >= gone_s - BEFORE_S) & (worn.t_s <= back_s + LOOKED_S)
    gap = (worn.t_s >= gone_s) & (worn.t_s < back_s)
    late = (worn.t_s >= gone_s) & (worn.t_s < back_s + TOLD_S) if way.kept else gap
    drawn = np.random.default_rng(round(1000 * gone_s)).random(len(here))
    here &= np.where(gap, drawn < way.kept, drawn >= way.lost)
    for n in np.flatnonzero(here):
        t_s, gyr = float(worn.t_s[n]), tuple(worn.gyr[n].tolist())
        sample = ImuSample(t_s, Segment.THORAX, tuple(worn.acc[n].tolist()), gyr)
        if back_s <= t_s < back_s + ASKED_S:
            turns.append(float(np.linalg.norm(worn.gyr[n])))
        if late[n]:
            memory, _ = imu_estimate.take_late(stream, memory, sample)
            continue
        memory, _ = imu_estimate.take(stream, memory, sample, None)
        if t_s - read_s < READ_S:
            continue
        read_s, memory = t_s, imu_estimate.settle(stream, memory)
        read = up_told(memory)
        if read is None:
            continue
        (up, sd_rad), memory = read, imu_estimate.mark_read(memory)
        # Samples in doubt wait: 20 ms of a leg that swings are 3 degrees, and no error of its up.
        of = n - round((t_s - float(memory.orientation.t_s or t_s)) * rate_hz)
        if t_s >= back_s and np.isfinite(worn.up[of]).all():
            told.append((t_s - back_s, apart_deg(up, worn.up[of]), degrees(sd_rad)))
    at, error, sd = np.array(told).reshape(-1, 3).T
    return Returned(at, error, sd, float(np.mean(turns)))


def up_told(memory: imu_estimate.ImuMemory) -> tuple[Up, float] | None:
    """Up as the body's filter is told it, with its sd (rad); None where nothing is told."""
    rough = imu_estimate.rough_up(memory)
    if rough is not None:
        carried = memory.orientation.since_s == memory.sure_s
        return rough[0], hypot(rough[1], SURE_SD_RAD) if carried else rough[1]
    up = imu_estimate.fresh_up(memory)
    return None if up is None else (up, SURE_SD_RAD)


def apart_deg(up: Up, true: np.ndarray) -> float:
    cosine = np.dot(up, true) / np.linalg.norm(true)
    return degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def throughout(worn: Worn, lost: float, seed: int) -> Told:
    """Told all along while it moves, with a share of single samples lost and no gap."""
    memory, read_s = imu_estimate.ImuMemory(), -np.inf
    rate_hz = 1.0 / float(np.median(np.diff(worn.t_s)))
    stream = ImuStream(Segment.THORAX, rate_hz)
    gone = np.random.default_rng(seed).random(len(worn.t_s)) < lost
    second = np.ones(round(rate_hz)) / round(rate_hz)
    moving = np.convolve(np.linalg.norm(worn.gyr, axis=1), second, "same") >= STILL_RAD_S
    error, sd = [], []
    for n in np.flatnonzero(~gone):
        t_s, gyr = float(worn.t_s[n]), tuple(worn.gyr[n].tolist())
        sample = ImuSample(t_s, Segment.THORAX, tuple(worn.acc[n].tolist()), gyr)
        memory, _ = imu_estimate.take(stream, memory, sample, None)
        if t_s - read_s < READ_S:
            continue
        read_s, memory = t_s, imu_estimate.settle(stream, memory)
        read = up_told(memory)
        if read is None:
            continue
        (up, sd_rad), memory = read, imu_estimate.mark_read(memory)
        of = n - round((t_s - float(memory.orientation.t_s or t_s)) * rate_hz)
        true = worn.up[of]
        if t_s - worn.t_s[0] >= SETTLED_S and moving[of] and np.isfinite(true).all():
            error.append(apart_deg(up, true))
            sd.append(degrees(sd_rad))
    return Told(np.array(error), np.array(sd))


def at(found: Returned, seconds: float) -> tuple[float, float] | None:
    """Error and sd of what is told by then."""
    by_then = np.flatnonzero((found.at_s <= seconds) & (found.at_s > seconds - 0.1))
    if not len(by_then):
        return None
    return float(found.error_deg[by_then[-1]]), float(found.sd_deg[by_then[-1]])


def lasting_s(found: Returned) -> float:
    """From when on what is told stays within what is asked; inf: never while it was looked at."""
    if not len(found.at_s):
        return float("inf")
    off = np.flatnonzero(found.error_deg > ASKED_DEG)
    if not len(off):
        return float(found.at_s[0])
    return float(found.at_s[off[-1] + 1]) if off[-1] + 1 < len(found.at_s) else float("inf")


def spread(values: list[float]) -> str:
    if not values:
        return "-"
    return f"{np.median(values):.2f}, {np.quantile(values, 0.9):.2f}, {max(values):.2f}"


def main(data: Path) -> None:
    rows: dict[str, list[Returned]] = defaultdict(list)
    ways: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    all_along: dict[tuple[str, float], list[Told]] = defaultdict(list)
    for worn in (*broad(data), *qmt(data), *xsens(data)):
        last_s = worn.t_s[-1] - GONE_S - LOOKED_S
        for gone_s in np.arange(worn.t_s[0] + 4.0, last_s, worn.every_s):
            one = returned(worn, float(gone_s))
            pace = "still" if one.turn_rad_s < STILL_RAD_S else "moving"
            if worn.recording != "broad" or (len(one.at_s) and pace == "moving"):
                key = f"{worn.recording} {worn.place}, {pace}"
                rows[key].append(one)
                for way in WAYS:
                    ways[key, way.name].append(returned(worn, float(gone_s), way))
        for lost in (0.0, LOST):
            for seed in SEEDS if lost else SEEDS[:1]:
                found_so = throughout(worn, lost, seed)
                all_along[f"{worn.recording} {worn.place}", lost].append(found_so)
        print(f"  {worn.recording} {worn.place}: done", file=sys.stderr, flush=True)
    print("| recording, place | returns | told at 1 s | error at 1 s: median, 90 %, most "
          "| at 1 s within 2 deg | at 2 s | at 5 s | within 2 deg for good: median, 90 % (s) "
          "| stated sd at 1 s | truthful at 0.5, 1, 2, 5, 11 s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for key, found in sorted(rows.items()):
        told = {
            s: [x for f in found if (x := at(f, s)) is not None] for s in (0.5, 1.0, 2.0, 5.0, 10.9)
        }
        good = [sum(e <= ASKED_DEG for e, _ in told[s]) / len(found) for s in (1.0, 2.0, 5.0)]
        lasting = [lasting_s(f) for f in found]
        covered = ", ".join(
            f"{np.mean([e <= COVERS * sd for e, sd in x]):.2f}" if x else "-" for x in told.values()
        )
        sd_deg = np.median([sd for _, sd in told[1.0]]) if told[1.0] else float("nan")
        print(
            f"| {key} | {len(found)} | {len(told[1.0]) / len(found):.2f} "
            f"| {spread([e for e, _ in told[1.0]])} "
            f"| {good[0]:.2f} | {good[1]:.2f} | {good[2]:.2f} "
            f"| {np.median(lasting):.1f}, {np.quantile(lasting, 0.9, method='higher'):.1f} "
            f"| {sd_deg:.1f} | {covered} |"
        )
    kept_table(ways)
    lossy_table(all_along)


def kept_table(ways: dict[tuple[str, str], list[Returned]]) -> None:
    print("\n| recording, place | kept by the device | returns | told at 1 s "
          "| error at 1 s: median, 90 %, most | within 2 deg at 1 s | 2 s | 5 s "
          "| truthful at 1, 2, 5 s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for (key, way), found in sorted(ways.items()):
        told = [[x for f in found if (x := at(f, s)) is not None] for s in (1.0, 2.0, 5.0)]
        good = [f"{sum(e <= ASKED_DEG for e, _ in x) / len(found):.2f}" for x in told]
        true = [f"{np.mean([e <= COVERS * sd for e, sd in x]):.2f}" if x else "-" for x in told]
        print(
            f"| {key} | {way} | {len(found)} | {len(told[0]) / len(found):.2f} "
            f"| {spread([e for e, _ in told[0]])} | {' | '.join(good)} | {', '.join(true)} |"
        )


def lossy_table(told: dict[tuple[str, float], list[Told]]) -> None:
    print("\n| recording, place, moving | lost | told | error: RMS, median, 95 % | within 2 deg "
          "| truthful |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for (key, lost), found in sorted(told.items()):
        error = np.concatenate([f.error_deg for f in found])
        sd = np.concatenate([f.sd_deg for f in found])
        print(
            f"| {key} | {lost:.1f} | {len(error)} | {np.sqrt(np.mean(error**2)):.2f}, "
            f"{np.median(error):.2f}, {np.quantile(error, 0.95):.2f} "
            f"| {np.mean(error <= ASKED_DEG):.2f} | {np.mean(error <= COVERS * sd):.2f} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
