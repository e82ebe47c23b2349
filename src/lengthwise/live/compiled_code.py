"""Compiled steps hold in memory what they run, and not what others would be compiled from.

Numba keeps beside the machine code of each step that it reads from its cache the step's whole
intermediate code, in case something is compiled later that takes it in. For the steps of a session
that is 25 MB of 38. Nothing is compiled once all is in the cache; so it is kept packed, and read
again for whoever asks.
"""

import zlib
from importlib import import_module
from typing import Any

from numba.core import codegen

_PACKED = "_lengthwise_packed"
_NEEDED = ("_unserialize", "_get_module_for_linking")


def keep_only_what_runs() -> bool:
    """For all that this process reads from the cache from now on. False where this Numba is made
    otherwise: then nothing is changed."""
    library: Any = codegen.CPUCodeLibrary
    if any(not hasattr(library, name) for name in _NEEDED):
        return False
    read, linked = library._unserialize.__func__, library._get_module_for_linking

    def read_lean(cls: Any, code: Any, state: Any) -> Any:
        found = read(cls, code, state)
        _, kind, data = state
        if kind == "object" and getattr(found, "_shared_module", None) is not None:
            setattr(found, _PACKED, zlib.compress(data[1]))
            found._shared_module = None
        return found

    def linked_again(asked: Any) -> Any:
        packed = getattr(asked, _PACKED, None)
        if packed is not None and asked._shared_module is None:
            binding = import_module("llvmlite.binding")
            asked._shared_module = binding.parse_bitcode(zlib.decompress(packed))
        return linked(asked)

    library._unserialize = classmethod(read_lean)
    library._get_module_for_linking = linked_again
    return True
