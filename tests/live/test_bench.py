"""The names of the figures: each can be asked for, and what is not one is answered with them."""

import pytest

from lengthwise.contracts.errors import InputError
from lengthwise.live import bench
from lengthwise.live.bench_muscles import bench_muscles


def test_the_named_figures_are_those_that_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SIMULATED_S", 6.0)
    monkeypatch.setattr(bench, "bench_muscles", lambda: bench_muscles(frames=10, batch=10))
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
