"""Every driver keeps its contract, and each check finds the driver that breaks what it is for."""

from collections.abc import Callable
from typing import Any

import pytest
from devices_known import DRIVERS, announced
from msgspec.structs import replace

from lengthwise.contracts.errors import MissingPartError
from lengthwise.devices.driver import DeviceDriver
from lengthwise.devices.manifest import DeviceStream, Notice, Write
from lengthwise.devices.readings import Decoded, Force, Quantity, Reading
from lengthwise.devices.tindeq import codec
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.driver import TindeqDriver
from lengthwise.testing import DeviceContractError, check_device

pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.manifest.name)
def test_a_driver_of_ours_keeps_its_contract(driver: DeviceDriver) -> None:
    report = check_device(driver)
    report.raise_if_broken()
    assert len(report.checks) == 11


def test_a_driver_has_the_name_it_is_announced_by_and_no_two_know_the_same_device() -> None:
    assert [d.manifest.name for d in DRIVERS] == list(announced())
    for driver in DRIVERS:
        simulated = driver.simulated()
        knows = [
            d.manifest.name
            for d in DRIVERS
            if d.manifest.recognises(simulated.advertised_name, simulated.advertised_services)
        ]
        assert knows == [driver.manifest.name]


class _Changed(TindeqDriver):
    """The force gauge's driver with one fault."""

    def __init__(self, **faults: Any) -> None:
        for name, fault in faults.items():
            setattr(self, name, fault)


def _raises(state: Any, notice: Notice) -> tuple[Any, Decoded]:
    kilogram = notice.payload[2]
    return state, Decoded((Reading(Force(float(kilogram)), 0),))


def _nothing(state: Any, notice: Notice) -> tuple[Any, Decoded]:
    return state, Decoded()


def _in_kilogram(state: Any, notice: Notice) -> tuple[Any, Decoded]:
    state, told = TINDEQ.decode(state, notice)
    readings = tuple(
        Reading(Force(r.value.force_n / 9.81), r.device_us) if isinstance(r.value, Force) else r
        for r in told.readings
    )
    return state, Decoded(readings, told.refused)


def _without_time(state: Any, notice: Notice) -> tuple[Any, Decoded]:
    state, told = TINDEQ.decode(state, notice)
    return state, Decoded(tuple(Reading(r.value) for r in told.readings), told.refused)


def _forgetful() -> Callable[[Any, Notice], tuple[Any, Decoded]]:
    """Keeps something beside its state."""
    seen: set[bytes] = set()

    def decode(state: Any, notice: Notice) -> tuple[Any, Decoded]:
        if notice.payload in seen:
            return state, Decoded()
        seen.add(notice.payload)
        return TINDEQ.decode(state, notice)

    return decode


def _signed_clock(state: Any, notice: Notice) -> tuple[Any, Decoded]:
    state, told = TINDEQ.decode(state, notice)
    readings = tuple(
        Reading(r.value, r.device_us if r.device_us is None else r.device_us & 0x7FFFFFFF)
        for r in told.readings
    )
    return state, Decoded(readings, told.refused)


M = TINDEQ.manifest
FASTER = (DeviceStream(Quantity.FORCE, 160.0, device_clock=True), M.streams[1])
CALIBRATION = Write(codec.CONTROL, bytes((105,)))


@pytest.mark.parametrize(
    "check, faults",
    [
        ("declaration", {"manifest": replace(M, name="Tindeq!")}),
        ("declaration", {"manifest": replace(M, writes=())}),
        ("declaration", {"manifest": replace(M, name_prefixes=("",))}),
        ("simulation", {"manifest": replace(M, services=(), name_prefixes=("Other",))}),
        ("simulation", {"manifest": replace(M, read_battery=codec.DATA, ask_battery=None)}),
        ("stream", {"manifest": replace(M, streams=FASTER)}),
        ("stream", {"manifest": replace(M, streams=M.streams[1:])}),
        ("stream", {"decode": _nothing}),
        ("stream", {"decode": _in_kilogram}),
        ("stream", {"decode": _without_time}),
        ("kept state", {"decode": _forgetful()}),
        ("damaged bytes", {"decode": _raises}),
        ("clock", {"decode": _signed_clock}),
        ("writes", {"permits": lambda write: write in (*M.writes, CALIBRATION)}),
        ("writes", {"permits": lambda write: False}),
    ],
)
def test_a_driver_with_one_fault_is_found_out_by_the_check_that_is_for_it(
    check: str, faults: dict[str, Any]
) -> None:
    report = check_device(_Changed(**faults), over_link=False)
    assert check in {b.check for b in report.broken}
    with pytest.raises(DeviceContractError, match=check):
        report.raise_if_broken()


@pytest.mark.parametrize(
    "check, faults",
    [
        ("scan", {"manifest": replace(M, services=(), name_prefixes=("Other",))}),
        ("measurement over a link", {"manifest": replace(M, ask_battery=None)}),
        ("measurement over a link", {"decode": _nothing}),
    ],
)
def test_over_a_link_a_driver_with_one_fault_is_found_out_too(
    check: str, faults: dict[str, Any]
) -> None:
    assert check in {b.check for b in check_device(_Changed(**faults)).broken}


def test_without_bumble_the_check_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [n for n in sys.modules if n.startswith("lengthwise.testing.")]:
        if name.endswith(("link_contract", "virtual_bleak", "virtual_link")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "bumble.controller", None)
    with pytest.raises(MissingPartError, match="bumble"):
        check_device(TINDEQ)
