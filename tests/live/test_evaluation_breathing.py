"""How well breathing is heard, in simulated people and in real recordings."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.contracts.observation import ImuSample, Segment
from lengthwise.live.evaluation.breathing import (
    CONDITIONS,
    Condition,
    _Piece,
    heard,
    page,
)
from lengthwise.live.evaluation.breathing_recordings import listen, recorded
from lengthwise.sim.breath import RIB_TURN_RAD


def test_ordinary_breathing_is_known_at_its_rate_and_raises_no_alarm() -> None:
    found = heard(_Piece(Condition(RIB_TURN_RAD, 0.0), 11, 240.0))
    assert found.false == 0 and found.holds == 0
    assert found.known > 0.8
    assert np.abs(found.errors).mean() < 1.5
    assert found.covered > 0.8 * len(found.errors)


def test_held_breaths_are_told_after_the_limit_and_before_they_end() -> None:
    found = heard(_Piece(Condition(RIB_TURN_RAD, 0.0, holds=True), 12, 300.0))
    assert found.holds >= 2
    assert len(found.delays_s) >= found.holds - 1
    assert all(7.0 < delay < 27.0 for delay in found.delays_s)
    assert found.false == 0


def test_a_body_that_only_sways_is_hardly_ever_heard_to_breathe() -> None:
    found = heard(_Piece(Condition(0.0, 0.001), 13, 240.0))
    assert found.known < 0.05 and found.false == 0


def test_an_alarm_is_one_however_long_it_lasts() -> None:
    turn = RIB_TURN_RAD * np.sin(2 * np.pi * 0.25 * np.arange(800) / 20.0)
    turn[600:] = turn[600]
    samples = [
        ImuSample(n / 20.0, Segment.T12, (9.81 * float(x), 0.001 * (n % 3), 9.81))
        for n, x in enumerate(turn)
    ]
    assert len(listen(samples).alarms_s()) == 1


def test_every_condition_has_its_own_name_and_size() -> None:
    assert len(set(CONDITIONS)) == len(CONDITIONS)
    assert "simulated" in page([], "x")


@pytest.mark.shared_data
def test_real_recordings_raise_no_alarm_and_what_nobody_wears_does_not_breathe(
    shared_data: Path,
) -> None:
    rows = recorded(shared_data)
    assert sum(r.false() for r in rows) == 0
    assert all(r.told.known < 0.02 for r in rows if not r.breathes)
    stopped = [r.found() for r in rows if r.found() is not None]
    assert sum(map(bool, stopped)) >= 0.7 * len(stopped)
