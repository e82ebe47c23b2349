"""Somebody else's driver: by the page alone, and one that is broken takes no other along."""

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.devices import driver as driver_module
from lengthwise.devices.driver import GROUP, driver_named, drivers, unusable_drivers
from lengthwise.devices.readings import Decoded
from lengthwise.devices.tindeq.driver import DRIVER as TINDEQ
from lengthwise.devices.tindeq.driver import TindeqDriver
from lengthwise.devices.tindeq.sim import TindeqSim
from lengthwise.testing import check_device

PAGE = Path(__file__).resolve().parents[2] / "docs" / "device-drivers.md"


@pytest.fixture
def hand_gauge(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The driver that the page shows whole."""
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    module = ModuleType("hand_gauge")
    exec(compile(code, "hand_gauge.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "hand_gauge", module)
    return module


def test_the_driver_of_the_page_keeps_its_contract(hand_gauge: ModuleType) -> None:
    pytest.importorskip("bleak", reason="bleak is not installed: no Bluetooth client")
    pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")
    report = check_device(hand_gauge.DRIVER)
    report.raise_if_broken()
    assert len(report.checks) == 11


def announce(monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    found = [EntryPoint(name.rstrip("_"), value, GROUP) for name, value in entries.items()]
    monkeypatch.setattr(driver_module, "entry_points", lambda group: found)


def test_a_driver_is_found_by_its_entry_point(
    hand_gauge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(monkeypatch, hand_gauge="hand_gauge:DRIVER")
    assert drivers() == {"hand_gauge": hand_gauge.DRIVER}


def test_a_broken_driver_is_named_and_takes_no_other_along(
    hand_gauge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(
        monkeypatch,
        gone="no_such_package:DRIVER",
        hand_gauge="hand_gauge:DRIVER",
        other_name="hand_gauge:DRIVER",
        no_driver="hand_gauge:SERVICE",
    )
    assert set(drivers()) == {"hand_gauge"}
    wrong = unusable_drivers()
    assert set(wrong) == {"gone", "other_name", "no_driver"}
    assert "no_such_package" in wrong["gone"] and "hand_gauge" in wrong["other_name"]
    assert all(len(why.splitlines()) == 1 for why in wrong.values())
    with pytest.raises(InputError, match=r"cannot be used.*no_such_package"):
        driver_named("gone")


def test_nobody_elses_list_stands_in_the_place_of_ours(
    hand_gauge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = "lengthwise.devices.tindeq.driver:DRIVER"
    announce(monkeypatch, tindeq_progressor="hand_gauge:DRIVER", tindeq_progressor_=ours)
    assert drivers() == {"tindeq_progressor": TINDEQ}
    (why,) = unusable_drivers().values()
    assert why == "another package announces this name"


def _raises(*_: object, **__: object) -> Any:
    raise ValueError("not written yet")


class _Silent(TindeqSim):
    def advance(self, to_s: float) -> Any:
        return None


class _Deaf(TindeqSim):
    def write(self, write: object) -> list[Any]:
        return []


@pytest.mark.parametrize(
    "faults, check, told",
    [
        ({"decode": _raises}, "stream", "ValueError: not written yet \\(test_third_party.py, line"),
        ({"decode": lambda s, n: None}, "stream", "decode gives None where \\(state, Decoded\\)"),
        ({"decode": lambda s, n: (s, [1])}, "stream", "where \\(state, Decoded\\)"),
        ({"decode_battery": _raises}, "damaged bytes", "not written yet"),
        ({"begin": _raises}, "kept state", "not written yet"),
        ({"permits": _raises}, "writes", "not written yet"),
        ({"simulated": _raises}, "simulation", "not written yet"),
        ({"simulated": lambda **k: _Silent()}, "stream", "advance .* gives None"),
        ({"simulated": lambda **k: _Deaf()}, "damaged bytes", "notifies nothing"),
        ({"simulated": lambda **k: TindeqSim()}, "clock", "does not begin at first_us"),
        ({"state_type": int}, "kept state", "Expected `int`"),
        ({"manifest": None}, "declaration", "no DeviceManifest but NoneType"),
        ({"manifest": replace(TINDEQ.manifest, title="")}, "declaration", "title is empty"),
    ],
)
def test_whatever_is_wrong_is_a_line_of_the_report_and_never_raised(
    faults: dict[str, Any], check: str, told: str
) -> None:
    driver = TindeqDriver()
    for name, fault in faults.items():
        setattr(driver, name, fault)
    broken = {b.check: b.what for b in check_device(driver, over_link=False).broken}
    assert re.search(told, broken[check])


def test_over_a_link_nothing_is_waited_for_that_raises_by_its_bytes() -> None:
    pytest.importorskip("bumble", reason="bumble is not installed: no virtual Bluetooth link")
    driver = TindeqDriver()
    driver.decode = lambda state, notice: (state, Decoded(lost=-1))  # type: ignore[method-assign]
    driver.begin = _raises  # type: ignore[method-assign]
    broken = {b.check: b.what for b in check_device(driver).broken}
    assert broken["lost link"] == "not tried: first mend what raises"
