"""A leg that truly falls into a stretch, on the whole chain: its sensor may be taken for one that
slipped, and it is eased and led back all the same."""

import dataclasses
from math import inf
from pathlib import Path

from msgspec.structs import replace

from lengthwise.body.session_state import Sliding
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase
from lengthwise.contracts.observation import Observation, Rejection, RejectionReason
from lengthwise.live import pipeline, sequencer
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.sim.motion import eased
from lengthwise.sim.recording import Plan, SimulatedRecording

FALLS_S, WATCHED_S, FELL_DEG, OVER_S, PATH_DEG = 5.0, 2.5, 12.0, 0.12, 25.0


class Fallen:
    """A leg over the edge of a bed, six sensors: drawn into the window, at rest, let fall by twelve
    degrees and left there, whatever is said. The person is number 100."""

    def __init__(self) -> None:
        self.latest: Guidance | None = None
        self.hold_s: float | None = None
        self.own: float | None = None
        self.came: list[Observation] = []
        self.before: pipeline.State | None = None
        plan = Plan("bed_edge_hip_flexor", Side.LEFT, 100, "imu6", duration_s=90.0)
        self.recording = SimulatedRecording(plan, guide=lambda _: self.latest, drawn=self._drawn)
        params = pipeline_params(rehearsal_started(Rehearsal(plan, Path()), self.recording))
        assert params.coach is not None
        led = dataclasses.replace(params.coach, ready_from_s=plan.led_from_s + 1.0)
        self.params = dataclasses.replace(params, coach=led)

    def _drawn(self, t_s: float, own: float) -> float:
        if self.hold_s is None:
            return 0.0
        self.own = own if self.own is None else self.own
        place, since_s = self.recording.traits.share_at(0.7), t_s - self.hold_s
        share = self.own + (place - self.own) * eased(since_s / 2.0)
        return share + FELL_DEG / PATH_DEG * eased((since_s - FALLS_S) / OVER_S) - own

    def run(self) -> None:
        """Keeps the state just before the fall, and what came after it."""
        state, order = pipeline.start(self.params), sequencer.start()
        for o in self.recording.read():
            order, due = sequencer.step(order, o, lag_s=0.0)
            falls_s = inf if self.hold_s is None else self.hold_s + FALLS_S
            for item in due:
                assert not isinstance(item, Rejection)
                state, out = pipeline.step(self.params, state, item)
                if item.t_s < falls_s:
                    self.before = state
                else:
                    self.came.append(item)
                if out.frame is not None:
                    self.latest = out.frame.guidance
                if self.latest and self.latest.phase is Phase.HOLD and self.hold_s is None:
                    self.hold_s = self.latest.t_s
            if o.t_s > falls_s + WATCHED_S:
                break


Told = tuple[list[float], list[float], list[float], list[Decision]]


def told(fallen: Fallen, *, trusts: bool, saved: bool = False) -> Told:
    """When a sensor was doubted, eased and led back, in seconds after the fall, and all decisions.
    `trusts`: nothing is ever doubted; `saved`: the state is stored and read now and then."""
    assert fallen.before is not None
    state, doubted, decisions = fallen.before, [], []
    if trusts:
        state = replace(state, body=replace(state.body, sliding=Sliding(trusts=True)))
    for n, item in enumerate(fallen.came):
        state, out = pipeline.step(fallen.params, state, item)
        if saved and n % 500 == 499:
            state = decode(encode(state), pipeline.State)
        doubted += [r.t_s for r in out.rejections if r.reason is RejectionReason.REMOUNTED]
        decisions += out.decisions
    fell_s = fallen.came[0].t_s
    eases = [d.t_s - fell_s for d in decisions if d.kind is DecisionKind.EASE]
    left = [d.t_s - fell_s for d in decisions if d.phase is Phase.RELEASE]
    return doubted, eases, left, decisions


def test_it_is_eased_and_led_back_no_later_than_if_no_sensor_were_ever_doubted() -> None:
    fallen = Fallen()
    fallen.run()
    never, eased_s, left_s, _ = told(fallen, trusts=True)
    assert not never
    assert eased_s and left_s, "else there is nothing to be late for"
    doubted, eased_too_s, left_too_s, decisions = told(fallen, trusts=False)
    assert len(doubted) == 1
    assert eased_too_s and eased_too_s[0] <= eased_s[0]
    assert left_too_s and left_too_s[0] <= left_s[0]
    assert told(fallen, trusts=False, saved=True)[3] == decisions
