"""The drivers of this repository, as pyproject announces them."""

import tomllib
from importlib import import_module
from pathlib import Path

from lengthwise.devices.driver import GROUP, DeviceDriver

ROOT = Path(__file__).resolve().parents[2]


def announced() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    group: dict[str, str] = project["entry-points"][GROUP]
    return group


def _loaded(place: str) -> DeviceDriver:
    module, _, name = place.partition(":")
    driver: DeviceDriver = getattr(import_module(module), name)
    return driver


DRIVERS = [_loaded(place) for place in announced().values()]
