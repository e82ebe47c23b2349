"""Remembered devices by their names, and what each is there for in a session."""

from collections.abc import Sequence
from pathlib import Path

from lengthwise.contracts.devices import Use, WornDevice
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import ImuStream
from lengthwise.devices.driver import DeviceDriver, driver_named
from lengthwise.devices.readings import Quantity
from lengthwise.devices.remembered import Remembered, named, remembered

Named = tuple[Remembered, DeviceDriver]
_USUAL_HZ = 60.0
_FELT = (Quantity.INERTIAL,)
_PULLS = (Quantity.FORCE, Quantity.BAND)


def chosen(home: Path, names: Sequence[str]) -> tuple[Named, ...]:
    """Raises InputError on a name that nothing has, and for two sensors on one segment."""
    found: list[Named] = []
    for name in dict.fromkeys(names):
        device = named(home, name)
        if device is None:
            known = ", ".join(r.name for r in remembered(home)) or "none is named yet"
            remedy = "name it first: lengthwise devices name"
            raise InputError("name of a device", value=name, allowed=known, remedy=remedy)
        found.append((device, driver_named(device.driver)))
    return tuple(found)


def check_together(devices: Sequence[Named]) -> None:
    """Raises InputError for two inertial sensors on one segment, or two bands that may pull."""
    worn = [r.segment for r, _ in devices if r.segment is not None]
    if len(set(worn)) != len(worn):
        raise InputError(
            "devices",
            value=", ".join(sorted({s.value for s in worn if worn.count(s) > 1})),
            allowed="one inertial sensor on a segment",
            remedy="leave one out, or name it with another --worn",
        )
    driven = [r.name for r, _ in devices if r.drive is not None]
    if len(driven) > 1:
        raise InputError(
            "devices",
            value=", ".join(driven),
            allowed="one band that may pull",
            remedy="leave the others out",
        )


def worn_device(remembered: Remembered, driver: DeviceDriver) -> WornDevice | None:
    """What it is there for in a session; None: of what it measures a session uses nothing, as of a
    gauge of which nobody said where it pulls."""
    of = {s.quantity for s in driver.manifest.streams}
    name = remembered.name
    if Quantity.INERTIAL in of and remembered.segment is not None:
        timed = (s.device_clock for s in driver.manifest.streams if s.quantity in _FELT)
        return WornDevice(name, Use.SEGMENT, remembered.segment, own_time=all(timed))
    if Quantity.HEART in of:
        return WornDevice(name, Use.HEART)
    if Quantity.EMG in of:
        return WornDevice(name, Use.EMG)
    if any(q in of for q in _PULLS):
        if remembered.pull is not None:
            # What only measures is never driven, whatever stands in the file.
            drive = remembered.drive if Quantity.BAND in of else None
            return WornDevice(name, Use.PULL, pull=remembered.pull, drive=drive)
        if remembered.breath:
            return WornDevice(name, Use.BREATH)
    return None


def stream_of(
    remembered: Remembered, driver: DeviceDriver, rate_hz: float | None
) -> ImuStream | None:
    """How an inertial sensor is declared; `rate_hz` as measured, None: not known yet."""
    declared = next((s for s in driver.manifest.streams if s.quantity is Quantity.INERTIAL), None)
    if declared is None or remembered.segment is None:
        return None
    return ImuStream(
        remembered.segment,
        rate_hz or declared.rate_hz or _USUAL_HZ,
        forward_axis=remembered.forward_axis,
        sensor_name=remembered.name,
        up_axis=remembered.up_axis,
    )
