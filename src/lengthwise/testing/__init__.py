"""For whoever writes a driver of a device: `check_device` says whether it keeps to its contract.

    from lengthwise.testing import check_device
    check_device(MY_DRIVER).raise_if_broken()

It runs the driver against its own simulated device, by bytes alone and over a virtual Bluetooth
link, without hardware and without waiting. It needs `pip install 'lengthwise[devices]' bumble`.
docs/device-drivers.md says what each check is for.
"""

from lengthwise.testing.device_contract import (
    Broken,
    DeviceContractError,
    Report,
    check_device,
)

__all__ = ["Broken", "DeviceContractError", "Report", "check_device"]
