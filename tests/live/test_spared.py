"""What nobody uses is not loaded where everything is, and what is used works without it."""

import subprocess
import sys

_LOOKED_AT = """
import lengthwise.live.spared, sys
from scipy import ndimage, special
assert abs(special.ndtri(0.975) - 1.96) < 1e-3 and ndimage.zoom([[1.0, 2.0]], 2).shape == (2, 4)
print(*(name for name in ("numpy.f2py.crackfortran", "charset_normalizer") if name in sys.modules))
"""


def test_scipy_works_without_what_reads_fortran_sources() -> None:
    told = subprocess.run([sys.executable, "-c", _LOOKED_AT], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []
