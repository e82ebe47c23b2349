"""What named devices tell, as files that `analyze` reads: imu.csv, torque.csv, and two beside them.

All devices are heard at once and dated by one clock, so their files begin at the same moment. What
was heard is written whatever ended it.
"""

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.devices import (
    BandSample,
    BatterySample,
    DeviceObservation,
    ForceSample,
    HeartSample,
)
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuSample
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import Backends, Device, LinkChanged, LinkState, Timing, Told
from lengthwise.devices.readings import Quantity
from lengthwise.devices.remembered import Remembered
from lengthwise.devices.trying import bluetooth, no_radio

Named = tuple[Remembered, DeviceDriver]
_PULLS = {Quantity.FORCE, Quantity.BAND}


class Resisted(Struct, frozen=True):
    """The joint whose resistance a force gauge measures: `coordinate` by its name, such as
    `hip_flexion_l`, and the lever from its axis to where the gauge pulls."""

    coordinate: str
    lever_m: float


class Recorded(Struct, frozen=True):
    """`samples` of each device by its name, of what it measures; `rejected` by reason; `lost_links`
    of all; `low_batteries`: names of those that said so last."""

    files: tuple[str, ...]
    samples: dict[str, int]
    rejected: dict[str, int]
    lost_links: int
    low_batteries: tuple[str, ...] = ()


class Heard:
    """What is told by several devices, in the order it came."""

    def __init__(self) -> None:
        self.observations: dict[str, list[DeviceObservation]] = {}
        self.rejected: dict[str, int] = {}
        self.lost_links = 0
        self.up: set[str] = set()
        self.no_radio: str | None = None

    def take(self, name: str, told: Told) -> None:
        if isinstance(told, LinkChanged):
            self.lost_links += told.state is LinkState.LOST
            if told.state is LinkState.UP:
                self.up.add(name)
            if told.state is LinkState.NO_RADIO:
                self.no_radio = told.why
            return
        for rejection in told.rejections:
            reason = rejection.reason.value
            self.rejected[reason] = self.rejected.get(reason, 0) + 1
        self.observations.setdefault(name, []).extend(told.observations)

    @property
    def low_batteries(self) -> tuple[str, ...]:
        last = {
            name: [o for o in found if isinstance(o, BatterySample)][-1:]
            for name, found in self.observations.items()
        }
        return tuple(name for name, battery in last.items() if battery and battery[0].low)


async def record(
    devices: Sequence[Named],
    out: Path,
    *,
    seconds_s: float,
    monotonic_s: Callable[[], float],
    resisted: Resisted | None = None,
    backends: Backends = Backends(),  # noqa: B008 - frozen
    timing: Timing = Timing(),  # noqa: B008 - frozen
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Recorded:
    """Listen for so long and write the files into `out`, a new or empty folder. Raises InputError
    on another one, and where a device is not there to begin with."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(
            "--out", value=out, allowed="a folder that is new or empty", remedy="name another"
        )
    pulling = [n.name for n, d in devices if _PULLS & {s.quantity for s in d.manifest.streams}]
    if resisted is not None and len(pulling) != 1:
        raise InputError(
            "--force",
            value=", ".join(pulling) or "no device that measures a pull",
            allowed="one force gauge or band, on one joint",
            remedy="record only that one",
        )
    streams = [n.name for n, d in devices if d.manifest.lsl_type is not None]
    if streams:
        raise InputError(
            "devices",
            value=", ".join(streams),
            allowed="devices over Bluetooth",
            remedy="record a stream of LSL with what records LSL, such as LabRecorder",
        )
    heard, begun_s = Heard(), monotonic_s()
    radio = asyncio.Lock()
    try:
        async with bluetooth(), AsyncExitStack() as running:
            for named, driver in devices:
                device = Device(
                    driver,
                    named.address,
                    source=named.name,
                    tell=lambda told, name=named.name: heard.take(name, told),  # type: ignore[misc]
                    monotonic_s=lambda: monotonic_s() - begun_s,
                    segment=named.segment,
                    backends=backends,
                    timing=timing,
                    radio=radio,
                )
                task = asyncio.create_task(device.run())
                running.push_async_callback(_ended, task)
            await _all_up(devices, heard, timing)
            await sleep(seconds_s)
    finally:
        written = _written(out, devices, heard, resisted)
    counts = {
        name: sum(not isinstance(o, BatterySample) for o in found)
        for name, found in heard.observations.items()
    }
    return Recorded(written, counts, heard.rejected, heard.lost_links, heard.low_batteries)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _all_up(devices: Sequence[Named], heard: Heard, timing: Timing) -> None:
    at_most_s = len(devices) * (timing.find_s + timing.connect_s + 4 * timing.answer_s)
    wanted = {named.name for named, _ in devices}
    try:
        async with asyncio.timeout(at_most_s):
            while not wanted <= heard.up:
                if heard.no_radio is not None:
                    raise no_radio(heard.no_radio)
                await asyncio.sleep(min(timing.look_s, 0.05))
    except TimeoutError:
        raise InputError(
            "devices",
            value=", ".join(sorted(wanted - heard.up)),
            allowed="devices that are switched on, near, and in no other use",
            remedy="try each: lengthwise devices test NAME",
        ) from None


def _written(
    out: Path, devices: Sequence[Named], heard: Heard, resisted: Resisted | None
) -> tuple[str, ...]:
    every = [(name, o) for name, found in heard.observations.items() for o in found]
    every.sort(key=lambda item: item[1].t_s)
    imu = [o for _, o in every if isinstance(o, ImuSample)]
    pulls = [(n, o) for n, o in every if isinstance(o, ForceSample | BandSample)]
    beats = [(n, o) for n, o in every if isinstance(o, HeartSample)]
    files: dict[str, tuple[list[str], list[str], Iterable[list[str]]]] = {}
    if imu:
        files["imu.csv"] = (_imu_head(devices), _IMU_COLUMNS, map(_imu_row, imu))
    if pulls:
        rows = [[_s(o.t_s), n, "" if o.force_n is None else f"{o.force_n:.4f}"] for n, o in pulls]
        files["force.csv"] = ([], ["t_s", "source", "force_n"], rows)
        if resisted is not None:
            head = [f"# lever_m={resisted.lever_m:g}"]
            columns = ["t_s", f"{resisted.coordinate}_force_n"]
            files["torque.csv"] = (head, columns, ([t, force] for t, _, force in rows))
    if beats:
        columns = ["t_s", "source", "rate_per_min", "rr_s", "contact"]
        files["heart.csv"] = ([], columns, (_heart_row(n, o) for n, o in beats))
    if files:
        out.mkdir(parents=True, exist_ok=True)
    for name, (head, columns, rows_of) in files.items():
        _write(out / name, head, columns, rows_of)
    return tuple(files)


def _write(path: Path, head: list[str], columns: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{line}\n" for line in head)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


_IMU_COLUMNS = [
    "t_s", "segment", "acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2", "gyr_x_rad_s", "gyr_y_rad_s",
    "gyr_z_rad_s", "quat_w", "quat_x", "quat_y", "quat_z",
]  # fmt: skip


def _imu_head(devices: Sequence[Named]) -> list[str]:
    lines = []
    for named, _ in devices:
        if named.segment is None:
            continue
        segment = named.segment.value
        lines.append(f"# sensor_name_{segment}={named.name}")
        if named.forward_axis is not None:
            lines.append(f"# forward_axis_{segment}={named.forward_axis.value}")
        if named.up_axis is not None:
            lines.append(f"# up_axis_{segment}={named.up_axis.value}")
    return lines


def _imu_row(o: ImuSample) -> list[str]:
    gyr = ("", "", "") if o.gyr_rad_s is None else tuple(f"{x:.6f}" for x in o.gyr_rad_s)
    quat = ("",) * 4 if o.quat_wxyz is None else tuple(f"{x:.7f}" for x in o.quat_wxyz)
    return [_s(o.t_s), o.segment.value, *(f"{x:.5f}" for x in o.acc_m_s2), *gyr, *quat]


def _heart_row(name: str, o: HeartSample) -> list[str]:
    rate = "" if o.rate_per_min is None else f"{o.rate_per_min:g}"
    contact = "" if o.contact is None else ("yes" if o.contact else "no")
    return [_s(o.t_s), name, rate, " ".join(f"{rr:.4f}" for rr in o.rr_s), contact]


def _s(t_s: float) -> str:
    return f"{t_s:.6f}"
