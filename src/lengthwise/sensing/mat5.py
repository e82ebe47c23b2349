"""Reads numeric arrays and structs of them from MATLAB 5 files; everything else is passed over.

Written out here because a damaged file must end in one clear line: scipy's reader, in compiled
code, can take the whole program with it. Every length is checked before it is used.
Source of the format: MathWorks, MAT-File Format (levels 4 and 5).
"""

import zlib
from pathlib import Path

import numpy as np

MAGIC = b"MATLAB 5.0 MAT-file"
Value = np.ndarray | dict[str, "Value"] | None
"""An array of real numbers (MATLAB's shape), a struct, or None for what is not read."""

_HEADER_BYTES = 128
_MATRIX, _COMPRESSED = 14, 15
_NUMBER_TYPES = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_STRUCT_CLASS = 2
_NUMERIC_CLASSES = range(6, 16)
_COMPLEX_FLAG = 0x0800
_DEEPEST = 4
_MOST_FIELDS = 1000
_LONGEST_BYTES = 1 << 30


class NotMat5Error(ValueError):
    """The content does not follow the format; the message says where."""


def read_mat5(path: Path) -> dict[str, Value]:
    """All variables by name. Raises NotMat5Error or OSError."""
    content = memoryview(path.read_bytes())
    order = _byte_order(content)
    found: dict[str, Value] = {}
    rest = content[_HEADER_BYTES:]
    while len(rest):
        kind, data, rest = _element(rest, order)
        if kind == _COMPRESSED:
            kind, data, _ = _element(_inflated(data), order)
        if kind == _MATRIX:
            name, value = _matrix(data, order, depth=0)
            found[name] = value
    return found


def _byte_order(content: memoryview) -> str:
    if len(content) < _HEADER_BYTES or bytes(content[: len(MAGIC)]) != MAGIC:
        raise NotMat5Error("no MATLAB 5 header")
    mark = bytes(content[126:128])
    if mark not in (b"IM", b"MI"):
        raise NotMat5Error("no byte order in the header")
    return "<" if mark == b"IM" else ">"


def _element(data: memoryview, order: str) -> tuple[int, memoryview, memoryview]:
    """Type, content and what follows of the element at the beginning."""
    if len(data) < 8:
        raise NotMat5Error("an element that is cut off")
    first, size = (int(v) for v in np.frombuffer(data[:8], f"{order}u4"))
    if first >> 16:
        # A small element holds up to four bytes inside its tag.
        kind, size, begin, end = first & 0xFFFF, first >> 16, 4, 8
        if size > 4:
            raise NotMat5Error("a small element of more than four bytes")
    else:
        kind, begin = first, 8
        padding = 0 if kind == _COMPRESSED else -size % 8
        end = begin + size + padding
    if begin + size > len(data):
        raise NotMat5Error("an element longer than the file")
    return kind, data[begin : begin + size], data[end:]


def _inflated(data: memoryview) -> memoryview:
    try:
        inflater = zlib.decompressobj()
        whole = inflater.decompress(data, _LONGEST_BYTES)
    except zlib.error as cause:
        raise NotMat5Error(f"compressed content: {cause}") from cause
    if not inflater.eof:
        raise NotMat5Error("compressed content that does not end")
    return memoryview(whole)


def _matrix(data: memoryview, order: str, *, depth: int) -> tuple[str, Value]:
    """Name and value of one array."""
    if not len(data):
        return "", None
    flags, data = _numbers(data, order)
    shape, data = _numbers(data, order)
    _, name_bytes, data = _element(data, order)
    name = bytes(name_bytes).decode("latin-1")
    if len(flags) < 1 or len(shape) < 2 or (shape < 0).any():
        raise NotMat5Error(f"array {name[:30]} without a shape")
    array_class, sizes = int(flags[0]) & 0xFF, tuple(int(n) for n in shape)
    if array_class == _STRUCT_CLASS and all(n == 1 for n in sizes):
        return name, _fields(data, order, depth=depth)
    if array_class not in _NUMERIC_CLASSES or int(flags[0]) & _COMPLEX_FLAG:
        return name, None
    values, _ = _numbers(data, order)
    count = 1
    for n in sizes:
        count *= n
    if len(values) != count:
        raise NotMat5Error(f"array {name[:30]}: {len(values)} numbers for shape {sizes}")
    return name, values.reshape(sizes, order="F")


def _fields(data: memoryview, order: str, *, depth: int) -> dict[str, Value]:
    if depth >= _DEEPEST:
        raise NotMat5Error("structs nested too deeply")
    length, data = _numbers(data, order)
    _, names, data = _element(data, order)
    if len(length) != 1 or int(length[0]) < 1:
        raise NotMat5Error("a struct without field names")
    width = int(length[0])
    if len(names) // width > _MOST_FIELDS:
        raise NotMat5Error("a struct with too many fields")
    found: dict[str, Value] = {}
    for begin in range(0, len(names) - width + 1, width):
        kind, content, data = _element(data, order)
        if kind != _MATRIX:
            raise NotMat5Error("a field that is no array")
        field = bytes(names[begin : begin + width]).split(b"\0")[0].decode("latin-1")
        found[field] = _matrix(content, order, depth=depth + 1)[1]
    return found


def _numbers(data: memoryview, order: str) -> tuple[np.ndarray, memoryview]:
    """The numbers of the element at the beginning, and what follows."""
    kind, content, rest = _element(data, order)
    if kind not in _NUMBER_TYPES:
        raise NotMat5Error(f"numbers of unknown type {kind}")
    dtype = np.dtype(order + _NUMBER_TYPES[kind])
    if len(content) % dtype.itemsize:
        raise NotMat5Error("a number that is cut off")
    return np.frombuffer(content, dtype), rest
