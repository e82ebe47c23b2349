"""The names of the figures: each can be asked for, and what is not one is answered with them."""

from mmap import mmap

import numpy as np
import pytest

from lengthwise.contracts.errors import InputError, MissingPartError
from lengthwise.live import bench, bench_coach, bench_memory, bench_serve
from lengthwise.live.bench_muscles import bench_muscles


def test_the_named_figures_are_those_that_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SIMULATED_S", 6.0)
    monkeypatch.setattr(bench_coach, "LED_S", 3.0)
    monkeypatch.setattr(bench, "bench_muscles", lambda: bench_muscles(frames=10, batch=10))
    monkeypatch.setattr(bench_memory, "KERNEL_FRAMES", 100)
    monkeypatch.setattr(bench_memory, "TISSUE_STEPS", 100)
    monkeypatch.setattr(bench_serve, "page_is_built", lambda: True)
    monkeypatch.setattr(bench_serve, "served", lambda: bench_serve.Served((0.004, 0.02), 606.0))
    assert tuple(result.name for result in bench.run()) == bench.NAMES


def test_only_what_was_asked_for_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_stations", lambda: pytest.fail("not asked for"))
    monkeypatch.setattr(bench, "bench_muscles", lambda: bench_muscles(frames=10, batch=10))
    assert [r.name for r in bench.run("muscles.l")] == [
        "muscles.lengths.frame",
        "muscles.lengths.batch",
    ]


def test_a_name_that_is_none_is_answered_with_the_names() -> None:
    with pytest.raises(InputError, match=r"found body\.stepp; allowed: muscles\.lengths\.frame"):
        bench.run("body.stepp")


def test_without_the_page_the_other_figures_are_measured_and_its_own_are_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench_serve, "page_is_built", lambda: False)
    monkeypatch.setattr(bench_serve, "served", lambda: pytest.fail("there is no page"))
    with pytest.raises(MissingPartError, match="make setup"):
        bench.run("serve")
    assert bench.missing_peers([]) == [bench_serve.WITHOUT_PAGE]


def test_a_floor_that_is_met_is_above_one_and_one_that_is_missed_below() -> None:
    found = bench_serve.Served((0.004, 0.02), 606.0)
    assert found.against_time() == {
        "p50_floor": pytest.approx(1.25),
        "p99_floor": pytest.approx(0.75),
    }
    assert found.against_memory() == {"floor": pytest.approx(0.5)}


def test_a_leak_shows_in_every_part_and_its_absence_in_none() -> None:
    """Eight kilobytes a frame kept, and the same taken and given back.

    Mapped afresh: the allocator may have as much left over from other tests.
    """
    kept: list[mmap] = []

    def leak(_: int) -> None:
        kept.append(mmap(-1, 8192))
        kept[-1].write(b"x" * 8192)

    leaking = bench_memory.growth_bytes(leak, 2000)
    flat = bench_memory.growth_bytes(lambda i: bytearray(b"x" * 8192), 2000)
    assert len(leaking) == len(flat) == bench_memory.PARTS
    assert np.median(leaking) == pytest.approx(8192, rel=0.3)
    assert np.median(flat) < 100.0
