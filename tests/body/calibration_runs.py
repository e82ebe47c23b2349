"""Simulated people who are calibrated: asked and answering live, or recorded by a timetable."""

from dataclasses import dataclass

import numpy as np

from lengthwise.body.calibration import machine
from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.outcomes import Outcome, Result
from lengthwise.body.calibration.results import results
from lengthwise.body.calibration.worn_check import WornSensor
from lengthwise.contracts.observation import Segment
from lengthwise.contracts.person import FindingKind
from lengthwise.sim.calibration import SimulatedCalibration, Volunteer

HALF_TURN_ABOUT_FRONT = np.diag([1.0, -1.0, -1.0])
HALF_TURN_ABOUT_UP = np.diag([-1.0, -1.0, 1.0])
QUARTER_TURN_ABOUT_UP = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


@dataclass
class Run:
    recording: SimulatedCalibration
    params: machine.Params
    state: machine.State

    @property
    def results(self) -> tuple[Result, ...]:
        return results(self.params, self.state)

    def of(self, kind: FindingKind | None) -> Result:
        return next(r for r in self.results if r.kind is kind)

    def worn(self, segment: Segment) -> Result:
        return next(r for r in self.results if r.segment is segment)

    def outcomes(self) -> set[Outcome]:
        return {r.outcome for r in self.results}

    @property
    def took_s(self) -> float:
        assert self.state.time_s is not None and self.state.begun_s is not None
        return self.state.time_s - self.state.begun_s


def run(
    volunteer: Volunteer,
    *,
    height: bool = True,
    positions: tuple[WornSensor, ...] = (),
    live: bool = True,
) -> Run:
    asked = [Ask.STAND_STILL]
    recording = SimulatedCalibration(volunteer, guide=(lambda _t_s: asked[0]) if live else None)
    params = machine.Params(
        recording.header.streams, recording.traits.height_m if height else None, positions
    )
    state = machine.start(params)
    for observation in recording.read():
        state, asked[0] = machine.step(params, state, observation)
        if asked[0] is Ask.DONE:
            break
    return Run(recording, params, state)
