"""One binary form for every contract and every step state: msgpack with exact float64 arrays.

Equal values give equal bytes, so byte comparison proves that two runs agree. NaN inside a
third-party filter's state survives (JSON would lose it).
"""

from typing import Any, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")

_KINDS = {"f": np.dtype("<f8"), "b": np.dtype("bool"), "i": np.dtype("<i8")}


def _enc(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        kind = value.dtype.kind
        if kind not in _KINDS:
            raise TypeError(f"array of {value.dtype} cannot be encoded")
        return [kind, list(value.shape), np.ascontiguousarray(value, dtype=_KINDS[kind]).tobytes()]
    raise TypeError(f"{type(value).__name__} cannot be encoded")


def _dec(wanted: type, value: Any) -> Any:
    if wanted is np.ndarray:
        kind, shape, raw = value
        array = np.frombuffer(raw, dtype=_KINDS[kind]).reshape(shape)
        array.flags.writeable = False
        return array
    raise TypeError(f"{wanted} cannot be decoded")


_encoder = msgspec.msgpack.Encoder(enc_hook=_enc)


def encode(value: object) -> bytes:
    """Bytes of a contract value or a step state."""
    return _encoder.encode(value)


def decode(raw: bytes, wanted: type[T]) -> T:
    """The value back. Raises msgspec.ValidationError where the bytes do not fit the type."""
    return msgspec.msgpack.decode(raw, type=wanted, dec_hook=_dec)


def decoder(wanted: type[T]) -> "msgspec.msgpack.Decoder[T]":
    """A reusable decoder of one type (or union), for streams of values."""
    return msgspec.msgpack.Decoder(wanted, dec_hook=_dec)


def frozen_array(values: object, *, dtype: str = "f8") -> np.ndarray:
    """A read-only copy as an array of the given dtype."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array
