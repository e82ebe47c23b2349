"""Minutes of the endless session of `bench/million_frames.py`: everything that can go wrong."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lengthwise.contracts.codec import decode, encode

SCRIPT = Path(__file__).parents[2] / "bench" / "million_frames.py"


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("million_frames", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_covariance_stays_positive_definite_over_three_thousand_hostile_frames(
    bench: ModuleType,
) -> None:
    films = bench.filmed(("lunge",))
    minutes = []
    for now in bench.watched(films, every=50):
        minutes.append(now)
        if now.tally.frames >= 3000:
            break
    tally = now.tally
    assert tally.looks >= 60 and tally.rejections > 100
    assert tally.not_finite == tally.not_symmetric == tally.indefinite == 0
    assert tally.smallest > 0.0
    assert tally.marked_smallest > -1e-9 and tally.told_smallest > -1e-12
    assert tally.least_sd > 1e-4 and tally.largest_joint_sd_ratio < 2.0
    saved = decode(encode(minutes[-2]), bench.Progress)
    resumed = next(iter(bench.watched(films, every=50, begun=saved)))
    assert encode(resumed) == encode(now)


def test_an_indefinite_matrix_would_be_seen(bench: ModuleType) -> None:
    turned = np.array([[1.0, 1.1], [1.1, 1.0]])
    assert bench.least_eigenvalue(turned) == pytest.approx(-0.1)
    assert bench.least_eigenvalue(np.diag([1.0, 0.0])) == -np.inf
    assert bench.least_eigenvalue(np.diag([4.0, 9.0])) == pytest.approx(1.0)
