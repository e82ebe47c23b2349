"""Heart Rate Measurement (0x2A37) of the Bluetooth Heart Rate profile, both ways.

Flags: bit 0 rate in 16 bits, bits 1 and 2 contact (10 none, 11 felt, 0x not known), bit 3 energy
in kJ, bit 4 times between beats in 1/1024 s, oldest first. Little-endian. Source: Heart Rate
Service 1.0, Bluetooth SIG, section 3.1.
"""

from struct import Struct

from lengthwise.devices.checked_bytes import unpacked, within
from lengthwise.devices.manifest import short_uuid
from lengthwise.devices.readings import BatteryLevel, Heart, UndecodableError

SERVICE = short_uuid(0x180D)
MEASUREMENT = short_uuid(0x2A37)
BATTERY_SERVICE = short_uuid(0x180F)
BATTERY = short_uuid(0x2A19)

_WIDE, _CONTACT_FELT, _CONTACT_KNOWN, _ENERGY, _RR = 0x01, 0x02, 0x04, 0x08, 0x10
_U8, _U16 = Struct("<B"), Struct("<H")
RR_PER_S = 1024.0
_J_PER_KJ = 1000.0


def decoded(raw: bytes) -> Heart:
    """Raises UndecodableError. A rate of 0 says that no beat is found: it is no rate."""
    (flags,) = unpacked(_U8, raw)
    at = 1
    rate_layout = _U16 if flags & _WIDE else _U8
    (rate,) = unpacked(rate_layout, raw, at=at)
    at += rate_layout.size
    energy_j = None
    if flags & _ENERGY:
        energy_j = _J_PER_KJ * float(unpacked(_U16, raw, at=at)[0])
        at += _U16.size
    left = len(raw) - at
    if flags & _RR:
        if left % _U16.size:
            raise UndecodableError("half of a time between beats")
        units = [unpacked(_U16, raw, at=i)[0] for i in range(at, len(raw), _U16.size)]
    elif left:
        raise UndecodableError(f"{left} bytes more than the flags say")
    else:
        units = []
    contact = bool(flags & _CONTACT_FELT) if flags & _CONTACT_KNOWN else None
    rate_per_min = float(rate) if rate else None
    return Heart(rate_per_min, tuple(u / RR_PER_S for u in units), contact, energy_j)


def encoded(heart: Heart) -> bytes:
    """The bytes of a measurement; times between beats are rounded to 1/1024 s."""
    rate = round(heart.rate_per_min or 0.0)
    flags = _WIDE if rate > 0xFF else 0
    if heart.contact is not None:
        flags |= _CONTACT_KNOWN | (_CONTACT_FELT if heart.contact else 0)
    body = (_U16 if rate > 0xFF else _U8).pack(rate)
    if heart.energy_j is not None:
        flags |= _ENERGY
        body += _U16.pack(round(heart.energy_j / _J_PER_KJ))
    if heart.rr_s:
        flags |= _RR
        body += b"".join(_U16.pack(round(rr * RR_PER_S)) for rr in heart.rr_s)
    return _U8.pack(flags) + body


def battery(raw: bytes) -> BatteryLevel:
    """Battery Level (0x2A19): one byte of per cent. Raises UndecodableError."""
    if len(raw) != 1:
        raise UndecodableError(f"{len(raw)} bytes where 1 is needed")
    ratio = within(raw[0], 0, 100, what="battery in per cent") / 100.0
    return BatteryLevel(ratio=ratio, low=ratio <= LOW_RATIO)


LOW_RATIO = 0.15
"""Expert default: a session of ten minutes still ends well."""
