"""What libraries load and nobody here uses: to be imported before them, in a process that stays.

SciPy's array layer takes in all of NumPy by name, and with it a reader of Fortran sources that
loads a guesser of text encodings: 3 MB of what every process of rooms is forked off.
"""

import sys
from types import ModuleType

import numpy as np

_UNUSED = "f2py"


def spare_unused() -> None:
    """Changes nothing where it is loaded already."""
    name = f"numpy.{_UNUSED}"
    if name not in sys.modules:
        empty = ModuleType(name, "Not loaded in this process.")
        sys.modules[name] = empty
        setattr(np, _UNUSED, empty)


spare_unused()
