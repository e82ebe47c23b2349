"""Whether a device of a session is still the one that was declared when it began."""

from msgspec.structs import replace

from lengthwise.contracts.device_wire import Told
from lengthwise.contracts.devices import LinkSample, WornDevice
from lengthwise.contracts.observation import ImuSample
from lengthwise.devices.lsl.following import SIMULATED, other_sender


class SameSender:
    """Lets through what senders tell that are, as was declared, simulated or not. A stream is found
    by its name, and somebody else may send under it in mid-session."""

    def __init__(self, devices: tuple[WornDevice, ...] | None) -> None:
        self._declared = {d.name: d for d in devices or ()}
        self._others: set[str] = set()

    def of(self, told: tuple[Told, ...]) -> tuple[Told, ...]:
        """Of another sender only that it is no link to the one that was declared."""
        return tuple(item for one in told if (item := self._taken(one)) is not None)

    def _taken(self, item: Told) -> Told | None:
        if not isinstance(item, LinkSample):
            of_other = any(self._is_of(item, self._declared[name]) for name in self._others)
            return None if of_other else item
        declared = self._declared.get(item.source)
        if declared is None or not item.up:
            return item
        simulated = item.why == SIMULATED
        if simulated is declared.simulated:
            self._others.discard(item.source)
            return item
        self._others.add(item.source)
        return replace(item, up=False, why=other_sender(simulated=simulated))

    @staticmethod
    def _is_of(item: Told, device: WornDevice) -> bool:
        if isinstance(item, ImuSample):
            return item.segment is device.segment
        return item.source == device.name
