"""From a simulated person to the report over a virtual Bluetooth link: device, radio, scanner and
client, driver, clock, session, coach, record. The same again from the record, byte for byte."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.devices import ForceSample, HeartSample, Pull, WornDevice
from lengthwise.contracts.observation import ImuSample, Rejection, Segment
from lengthwise.contracts.session import (
    DecisionLogged,
    DeviceLogged,
    ObservationLogged,
    SessionConfig,
)
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.link import Device, LinkChanged, LinkState, Timing
from lengthwise.devices.manifest import Notice
from lengthwise.live.analyze import AnalyzeRequest, analyze
from lengthwise.live.rehearsal import Rehearsal, rehearse
from lengthwise.live.rehearsal_devices import DevicesWorn
from lengthwise.live.sequencer import Came
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.sim.recording import Plan
from lengthwise.testing.link_contract import until
from lengthwise.testing.virtual_bleak import backends
from lengthwise.testing.virtual_link import VirtualAir, VirtualPeripheral

TIMING = Timing(find_s=5.0, look_s=0.02, silence_s=1.0e9, again_s=(0.0,))
PULL = Pull(Coordinate.HIP_FLEXION_L, way=-1, lever_m=0.4, standard_nm=5.0, stiff=True)


class OverLink:
    """Carries what a device notifies over a virtual link. Time is the simulated one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.air = self.loop.run_until_complete(self._air())
        self.now_s = 0.0
        self.links: dict[str, tuple[VirtualPeripheral, list[Any], asyncio.Task[None]]] = {}

    async def _air(self) -> VirtualAir:
        return await VirtualAir().__aenter__()

    def __call__(
        self, driver: DeviceDriver, device: WornDevice, notice: Notice, t_s: float
    ) -> Iterable[Came | Rejection]:
        self.now_s = t_s
        return self.loop.run_until_complete(self._carried(driver, device, notice))

    async def _carried(
        self, driver: DeviceDriver, device: WornDevice, notice: Notice
    ) -> list[Came | Rejection]:
        if device.name not in self.links:
            self.links[device.name] = await self._linked(driver, device)
        peripheral, told, _ = self.links[device.name]
        told.clear()
        await peripheral._notify(notice)
        for _ in range(30):
            if told:
                break
            await asyncio.sleep(0)
        heard = [t for t in told if not isinstance(t, LinkChanged)]
        return [item for h in heard for item in (*h.observations, *h.rejections)]

    async def _linked(
        self, driver: DeviceDriver, device: WornDevice
    ) -> tuple[VirtualPeripheral, list[Any], asyncio.Task[None]]:
        told: list[Any] = []
        placed = await self.air.place(driver.simulated())
        linked = Device(
            driver,
            placed.address,
            source=device.name,
            tell=told.append,
            monotonic_s=lambda: self.now_s,
            segment=device.segment,
            backends=backends(self.air.central),
            timing=TIMING,
        )
        task = asyncio.create_task(linked.run())

        def is_up() -> bool:
            return any(isinstance(t, LinkChanged) and t.state is LinkState.UP for t in told)

        await until(is_up, what=f"{device.name} is linked")
        return placed, told, task

    def close(self) -> None:
        for _, _, task in self.links.values():
            task.cancel()
        tasks = [task for _, _, task in self.links.values()]
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.run_until_complete(self.air.__aexit__())
        self.loop.close()


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out, carry = tmp_path_factory.mktemp("devices") / "session", OverLink()
    plan = Plan("half_kneeling_hip_flexor", Side.LEFT, 1, sensors="pelvis+thigh_l", duration_s=58.0)
    worn = DevicesWorn(heart_rise_per_min=25.0, pull=PULL)
    try:
        rehearse(Rehearsal(plan, out, calibrated=False, devices=worn), carry=carry)
    finally:
        carry.close()
    yield out


def test_all_that_devices_told_is_in_the_record(done: Path) -> None:
    events = list(read_sealed(done / "session.mcap"))
    felt = [e.observation for e in events if isinstance(e, ObservationLogged)]
    imu = [o for o in felt if isinstance(o, ImuSample)]
    assert {o.segment for o in imu} == {Segment.PELVIS, Segment.THIGH_L}
    assert len(imu) == pytest.approx(2 * 5800, rel=0.02)
    told = [e.sample for e in events if isinstance(e, DeviceLogged)]
    beats = [s for s in told if isinstance(s, HeartSample)]
    pulls = [s for s in told if isinstance(s, ForceSample)]
    assert len(beats) >= 50 and len(pulls) > 4000


def test_a_heart_that_is_faster_in_the_hold_than_at_rest_asks_to_ease(done: Path) -> None:
    events = read_sealed(done / "session.mcap")
    decisions = [e.decision for e in events if isinstance(e, DecisionLogged)]
    eased = [d for d in decisions if any(w.id == "guarding.heart" for w in d.reasons)]
    assert "Ease off a little and let it be light." in [d.text for d in eased]
    rise = next(w for w in eased[0].reasons if w.id == "guarding.heart")
    assert rise.numbers["heart_rise_per_min"] >= 15.0


def test_the_pull_is_in_the_summary_and_in_the_report(done: Path) -> None:
    """The tissue of the simulated person gives way as published: 25 % within 30 s."""
    summary = json.loads((done / "summary.json").read_text())
    pull = summary["pull"]
    assert pull["coordinate"] == "hip_flexion_l" and pull["stiff"]
    (hold,) = pull["relaxed"]
    assert 0.08 < hold["loss_ratio"] < 0.3 and hold["begun_n"] > 5.0 and hold["angle_sd_deg"] > 0.0
    assert summary["pulled"]["relaxed"][0]["held_s"] == pytest.approx(hold["held_s"], abs=0.01)
    results = {r["kind"]: r for r in summary["range_results"]}
    absent = summary["range_absent"]
    assert "tolerance" in absent, "nobody said tolerance, and none is made up"
    assert results["extensibility"]["torque_nm"] == 5.0 and "extensibility" not in absent
    assert summary["torque_window"]["coordinate"] == "hip_flexion_l"
    assert "the pull fell by" in (done / "report.html").read_text().lower()


def test_the_record_is_the_same_session_again(done: Path, tmp_path: Path) -> None:
    analyze(AnalyzeRequest(done / "session.mcap", tmp_path / "again", SessionConfig(), "full"))
    for name in ("events.jsonl", "body.csv", "tissue.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (done / name).read_bytes(), name
    again = json.loads((tmp_path / "again" / "summary.json").read_text())
    assert again["pull"] == json.loads((done / "summary.json").read_text())["pull"]
