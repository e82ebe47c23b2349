"""A muscle that works in a hold eases as the other signs of guarding do; it can do nothing else."""

from collections.abc import Iterator
from dataclasses import replace as replaced
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from lengthwise.body import breathing
from lengthwise.coach.guarding import NOTHING, Signs, step
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.device_wire import read_bundle, written
from lengthwise.contracts.devices import EmgSample, Use, WornDevice
from lengthwise.contracts.observation import Observation, Rejection, RejectionReason
from lengthwise.contracts.session import DecisionLogged, RejectionLogged, SessionEvent
from lengthwise.devices.chosen import worn_device
from lengthwise.devices.lsl.driver import STREAMS
from lengthwise.devices.remembered import Remembered
from lengthwise.live import worn_sensing
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Led, Rehearsal, rehearsal_started
from lengthwise.live.session import session_events
from lengthwise.report.not_seen import set_aside
from lengthwise.sim.recording import Plan

QUIET_V, WORKS_V, RATE_HZ = 2e-6, 6e-5, 1000.0
WORN = WornDevice("muscle", Use.EMG)
PLAN = Plan("chair_forward_fold", Side.LEFT, 4, sensors="imu4", duration_s=34.0, sway_ratio=0.1)


def decisions(folder: Path, *, worn: WornDevice | None, works_s: float | None) -> list[Decision]:
    """What is said to a simulated person."""
    found = events(folder, worn=worn, works_s=works_s)
    return [event.decision for event in found if isinstance(event, DecisionLogged)]


def unjudged(folder: Path, *, heard_from_s: float) -> list[Rejection]:
    found = events(folder, worn=WORN, works_s=None, heard_from_s=heard_from_s)
    rejections = [event.rejection for event in found if isinstance(event, RejectionLogged)]
    return [r for r in rejections if r.reason is RejectionReason.NO_REST]


def events(
    folder: Path, *, worn: WornDevice | None, works_s: float | None, heard_from_s: float = 0.0
) -> list[SessionEvent]:
    """Of a simulated person who is led; `works_s`: how long into a hold the muscle begins to work,
    None: it stays silent; `heard_from_s`: when the first of it comes."""
    led = Led(PLAN)
    params = pipeline_params(rehearsal_started(Rehearsal(PLAN, folder), led.recording))
    params = replaced(params, worn=worn_sensing.Params(() if worn is None else (worn,)))
    held_s: list[float] = []
    said: list[SessionEvent] = []

    def heard() -> Iterator[Observation | EmgSample]:
        chance, told_s = np.random.default_rng(100), 0.0
        for observation in led.observations():
            while worn is not None and told_s + 0.04 <= observation.t_s:
                told_s += 0.04
                if led.phase is Phase.HOLD and not held_s:
                    held_s.append(told_s)
                active = works_s is not None and held_s and told_s - held_s[0] > works_s
                row = chance.normal(0.0, WORKS_V if active else QUIET_V, 40)
                if told_s >= heard_from_s:
                    yield EmgSample(told_s, "muscle", RATE_HZ, tuple(row.tolist()))
            yield observation

    for event in session_events(params, heard()):
        led.hear(event)
        said.append(event)
    return said


def muscle(said: list[Decision]) -> list[Decision]:
    return [d for d in said if any(r.id == "guarding.muscle" for r in d.reasons)]


@pytest.mark.usefixtures("sparse")
def test_a_muscle_that_works_in_a_hold_is_eased_and_a_silent_one_changes_nothing(
    tmp_path: Path,
) -> None:
    without = decisions(tmp_path / "a", worn=None, works_s=None)
    assert decisions(tmp_path / "b", worn=WORN, works_s=None) == without
    working = decisions(tmp_path / "c", worn=WORN, works_s=3.0)
    began_s = next(d.t_s for d in without if d.phase is Phase.HOLD)
    ease = muscle(working)[0]
    assert ease.kind is DecisionKind.EASE
    assert began_s + 4.0 < ease.t_s < began_s + 6.0
    assert ease.reasons[0].numbers["muscle_works_ratio"] > 3.0
    assert "Ease off a little until the muscle rests." in [d.text for d in working]
    assert [d for d in working if d.t_s < ease.t_s] == [d for d in without if d.t_s < ease.t_s]
    assert muscle(without) == []


def test_activity_that_is_not_known_is_no_sign() -> None:
    settings = published_settings()
    told = step(NOTHING, Signs(0.0, muscle_works_ratio=8.0), settings)
    assert [(w.id, w.numbers) for w in told.suspected] == [
        ("guarding.muscle", {"muscle_works_ratio": 8.0})
    ]
    for nothing in (None, float("nan")):
        assert step(told, Signs(1.0, muscle_works_ratio=nothing), settings).suspected == ()


def test_only_a_declared_stream_is_heard() -> None:
    breath = breathing.published_limits(), breathing.start()
    row = EmgSample(1.0, "another", RATE_HZ, (0.0,) * 40)
    params, state = worn_sensing.Params((WORN,)), worn_sensing.start()
    assert worn_sensing.step(params, state, breath, row)[0] == state
    assert worn_sensing.muscle_works_ratio(params, state, 1.0) is None


def test_a_named_stream_of_muscle_activity_is_there_for_a_session() -> None:
    named = Remembered("muscle", "lsl_emg", "EMG amplifier")
    assert worn_device(named, STREAMS["lsl_emg"]) == WORN


def test_a_row_goes_whole_into_a_session_and_one_that_is_no_number_does_not() -> None:
    row = EmgSample(1.0, "muscle", RATE_HZ, (1e-6, -2e-6))
    broken = EmgSample(1.0, "muscle", RATE_HZ, (1e-6, float("nan")))
    assert read_bundle(written((row, broken))) == (row,)


@pytest.mark.usefixtures("sparse")
def test_a_hold_without_a_known_rest_is_told_once_as_not_judged(tmp_path: Path) -> None:
    """Electrodes that are stuck on only when the hold begins, or that nothing is heard of."""
    assert unjudged(tmp_path / "a", heard_from_s=0.0) == []
    for n, from_s in enumerate((15.0, 1e9)):
        (told,) = unjudged(tmp_path / str(n), heard_from_s=from_s)
        assert (told.source, told.reason) == ("muscle_activity:muscle", RejectionReason.NO_REST)
        said = set_aside({f"{told.source}.{told.reason.value}": 1})
        assert "1 hold's muscle activity (muscle) could not be judged" in unescape(said)
