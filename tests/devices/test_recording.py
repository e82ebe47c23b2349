"""What named devices told is in files that the rest of the house reads."""

import asyncio
import csv
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Axis, ImuSample, ImuStream, Segment
from lengthwise.devices.driver import DeviceDriver, SimulatedDevice
from lengthwise.devices.heart_rate.driver import DRIVER as HEART_RATE
from lengthwise.devices.link import Backends, Timing
from lengthwise.devices.recording import Named, Recorded, Resisted, record
from lengthwise.devices.remembered import Remembered
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.witmotion.driver import DRIVER as WITMOTION
from lengthwise.devices.xsens_dot.driver import DRIVER as XSENS_DOT
from lengthwise.live.torque_file import read_torque
from lengthwise.sensing.driver import OpenOptions, open_recording
from lengthwise.testing.link_contract import quiet
from lengthwise.testing.virtual_bleak import VirtualScanner, backends
from lengthwise.testing.virtual_link import VirtualAir

QUICK = Timing(find_s=0.3, connect_s=1.0, answer_s=0.5, look_s=0.01, again_s=(0.0,))
WORN = {
    "back": (XSENS_DOT, Segment.PELVIS),
    "rib": (WITMOTION, Segment.T12),
    "gauge": (TINDEQ, None),
    "strap": (HEART_RATE, None),
}


def recorded(
    out: Path,
    names: list[str],
    *,
    resisted: Resisted | None = None,
    missing: bool = False,
    low: bool = False,
) -> Recorded:
    async def run() -> Recorded:
        async with VirtualAir() as air:
            now, there, devices = [50.0], [], []
            for name in names:
                driver, segment = WORN[name]
                simulated: SimulatedDevice = driver.simulated()
                if low:
                    simulated.battery_ratio = 0.1  # type: ignore[attr-defined]
                placed = await air.place(simulated)
                there.append(placed)
                devices.append(named(name, driver, placed.address, segment))
            if missing:
                devices.append(named("gone", TINDEQ, "F0:00:00:00:00:77", None))

            async def passing(seconds: float) -> None:
                for k in range(round(10 * seconds) + 1):
                    now[0] = 51.0 + k / 10.0
                    for placed in there:
                        await placed.advance(k / 10.0)
                await quiet()

            return await record(
                devices,
                out,
                seconds_s=5.0,
                monotonic_s=lambda: now[0],
                resisted=resisted,
                backends=backends(air.central),
                timing=QUICK,
                sleep=passing,
            )

    return asyncio.run(run())


def named(name: str, driver: DeviceDriver, address: str, segment: Segment | None) -> Named:
    axis = None if segment is None else Axis.MINUS_Z
    return Remembered(name, driver.manifest.name, address, segment, axis), driver


def rows(path: Path) -> list[dict[str, str]]:
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return list(csv.DictReader(lines))


def test_two_sensors_are_one_recording_that_analyze_opens(tmp_path: Path) -> None:
    done = recorded(tmp_path / "worn", ["back", "rib"])
    assert done.files == ("imu.csv",) and done.rejected == {} and done.lost_links == 0
    with closing(open_recording(tmp_path / "worn" / "imu.csv", OpenOptions())) as recording:
        streams = [s for s in recording.header.streams if isinstance(s, ImuStream)]
        assert {(s.segment, s.sensor_name, s.forward_axis) for s in streams} == {
            (Segment.PELVIS, "back", Axis.MINUS_Z), (Segment.T12, "rib", Axis.MINUS_Z),
        }  # fmt: skip
        samples = list(recording.read())
    assert all(isinstance(s, ImuSample) for s in samples)
    assert len(samples) == sum(done.samples.values()), "a battery level is none"
    assert done.low_batteries == ()
    assert all(s.quat_wxyz is not None for s in samples if s.segment is Segment.PELVIS)  # type: ignore[union-attr]


def test_who_records_is_told_of_a_low_battery(tmp_path: Path) -> None:
    assert recorded(tmp_path, ["strap"], low=True).low_batteries == ("strap",)


def test_a_pull_is_the_torque_file_of_its_joint(tmp_path: Path) -> None:
    done = recorded(tmp_path, ["gauge"], resisted=Resisted("hip_flexion_l", 0.42))
    assert done.files == ("force.csv", "torque.csv")
    pulled = read_torque(tmp_path / "torque.csv")
    assert pulled.t_s[-1] - pulled.t_s[0] == pytest.approx(5.0, abs=0.2)
    table = rows(tmp_path / "force.csv")
    assert {r["source"] for r in table} == {"gauge"}
    assert max(float(r["force_n"]) for r in table) == pytest.approx(61.5, abs=0.2)


def test_all_files_of_a_recording_begin_at_the_same_moment(tmp_path: Path) -> None:
    recorded(tmp_path, ["back", "gauge", "strap"])
    first = [float(rows(tmp_path / f"{n}.csv")[0]["t_s"]) for n in ("imu", "force", "heart")]
    assert max(first) - min(first) < 0.2
    for name in ("imu", "force", "heart"):
        times = [float(r["t_s"]) for r in rows(tmp_path / f"{name}.csv")]
        assert all(b >= a for a, b in pairwise(times))
    beats = [r for r in rows(tmp_path / "heart.csv") if r["rr_s"]]
    assert beats and all(0.8 < float(r["rr_s"].split()[0]) < 1.1 for r in beats)


def test_a_device_that_is_not_there_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone"):
        recorded(tmp_path / "out", ["gauge"], missing=True)
    assert not (tmp_path / "out" / "force.csv").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "imu.csv").write_text("mine")
    with pytest.raises(InputError, match="new or empty"):
        recorded(tmp_path, ["back"])
    assert (tmp_path / "imu.csv").read_text() == "mine"


@pytest.mark.parametrize("names", [["back"], ["back", "strap"]])
def test_a_joint_without_a_gauge_is_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(InputError, match="one force gauge"):
        recorded(tmp_path, names, resisted=Resisted("hip_flexion_l", 0.42))


def test_without_bluetooth_it_does_not_wait(tmp_path: Path) -> None:
    class NoRadio(VirtualScanner):
        async def start(self) -> None:
            raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(InputError, match="Bluetooth of this machine"):
        asyncio.run(
            record(
                [named("gauge", TINDEQ, "F0:01", None)],
                tmp_path / "out",
                seconds_s=1.0,
                monotonic_s=lambda: 0.0,
                backends=Backends(NoRadio),
                timing=QUICK,
            )
        )
