"""From both ramps to the window between their marks, with body, tissue and coach as they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.coach.state import OtherSide
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.muscles import GROUP_INDEX
from lengthwise.contracts.observation import Observation, PersonSignal, Rejection, SignalKind
from lengthwise.contracts.person import MarkKind
from lengthwise.live import pipeline, sequencer
from lengthwise.live.kept_answers import stated_care
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.sim.recording import Plan, SimulatedRecording

pytestmark = pytest.mark.usefixtures("sparse")
ANSWERS = [
    "pain_now=1", "pain_relief=no", "flare=no", "irritable=no", "leg_sign=no", "course=chronic",
    "hypermobile=0", "osteoporotic=no", "pregnant=no",
]  # fmt: skip
LONGEST_S = 300.0


@dataclass
class Way:
    """Of every frame: when, phase, whether what follows is held, and whether there is a position;
    `state` at its end, `rest` at the first moment of the last rest, `second` in the last wait of
    the second ramp."""

    params: pipeline.Params
    frames: list[tuple[float, Phase, bool, bool]] = field(default_factory=list)
    state: pipeline.State | None = None
    rest: pipeline.State | None = None
    second: pipeline.State | None = None
    ends: set[str] = field(default_factory=set)


def _in_order(recording: SimulatedRecording) -> Iterator[Observation]:
    order = sequencer.start()
    for observation in recording.read():
        order, due = sequencer.step(order, observation, lag_s=0.0)
        yield from (item for item in due if not isinstance(item, Rejection))


@pytest.fixture(scope="module")
def way() -> Way:
    """Marks that lie far enough apart."""
    return gone("standing_hamstring", Phase.HOLD)


@pytest.fixture(scope="module")
def to_joint_end() -> Way:
    """Both ramps of this simulated person end at the end of the joint."""
    return gone("seated_hamstring", Phase.REST)


def gone(exercise_id: str, until: Phase) -> Way:
    """With six sensors, until the first hold or the rest before it."""
    plan = Plan(exercise_id, Side.LEFT, 1, sensors="imu6", duration_s=LONGEST_S)
    guide: list = [None]  # type: ignore[type-arg]
    recording = SimulatedRecording(plan, guide=lambda _: guide[0])
    care = stated_care(ANSWERS, Care(warm=True))
    request = Rehearsal(plan, Path(), ramp=True, care=care)
    found = Way(pipeline_params(rehearsal_started(request, recording)))
    state = pipeline.start(found.params)
    assert found.params.coach is not None and found.params.coach.held_plan is not None
    row = GROUP_INDEX[found.params.coach.plans[0].targets[0]]
    for item in _in_order(recording):
        state, out = pipeline.step(found.params, state, item)
        found.ends |= {
            r.id for d in out.decisions if d.kind is DecisionKind.PHASE for r in d.reasons
        }
        led = state.coach
        ramp = None if led is None or led.ramping is None else led.ramping.ramp
        if ramp is not None and ramp.phase is RampPhase.WAITING and len(ramp.ended) == 1:
            found.second = state
        if out.frame is None or led is None or led.ramping is None:
            continue
        guide[0] = out.frame.guidance
        seen = out.frame.tissue.raw_position[row] is not None
        found.frames.append((out.frame.body.t_s, led.phase, led.ramping.held, seen))
        if led.phase is Phase.REST and led.ramping.follows and found.rest is None:
            found.rest = state
        if led.phase is Phase.HOLD or (until is Phase.REST and found.rest is not None):
            break
    found.state = state
    return found


def test_nothing_is_measured_between_the_marks_before_the_first_hold(way: Way) -> None:
    assert {seen for _, _, held, seen in way.frames if not held} == {False}


def test_from_getting_ready_for_it_there_is_a_position(way: Way) -> None:
    held = [(phase, seen) for _, phase, held, seen in way.frames if held]
    assert held[0][0] is Phase.GET_READY and held[-1] == (Phase.HOLD, True)
    assert {seen for _, seen in held[2:]} == {True}


def test_the_end_of_a_joint_is_marked_without_a_word(to_joint_end: Way) -> None:
    assert to_joint_end.rest is not None and to_joint_end.rest.coach is not None
    assert "ramp.joint_end" in to_joint_end.ends and "ramp.tolerance" not in to_joint_end.ends
    marks = {m.kind: m.length_m for m in to_joint_end.rest.tissue.withheld}
    assert marks[MarkKind.TOLERANCE] > marks[MarkKind.FIRST_RESISTANCE]
    ended = to_joint_end.rest.coach.ramping.ramp.ended  # type: ignore[union-attr]
    assert marks[MarkKind.TOLERANCE] in [m.length.mean for m in ended if m.length is not None]


def test_the_lower_of_both_is_what_is_measured_against(way: Way) -> None:
    assert way.state is not None and "ramp.tolerance" in way.ends
    (tolerance,) = (m for m in way.state.tissue.marks if m.kind is MarkKind.TOLERANCE)
    ended = way.state.coach.ramping.ramp.ended  # type: ignore[union-attr]
    assert tolerance.length_m == min(m.length.mean for m in ended if m.length is not None)


def test_the_body_keeps_the_pose_of_each_mark(way: Way) -> None:
    assert way.state is not None
    kept = {(m.t_s, m.kind.value) for m in way.state.body.marks}
    assert {(m.t_s, m.kind.value) for m in way.state.tissue.marks} <= kept


@pytest.mark.parametrize("kind", [SignalKind.TOLERANCE, SignalKind.FIRST_RESISTANCE])
def test_a_word_in_the_rest_after_both_marks_nothing(way: Way, kind: SignalKind) -> None:
    assert way.rest is not None and way.rest.coach is not None
    said = PersonSignal(way.rest.coach.t_s or 0.0, kind)
    after, _ = pipeline.step(way.params, way.rest, said)
    assert after.tissue.withheld == way.rest.tissue.withheld
    assert after.body.marks == way.rest.body.marks


def test_whoever_skips_the_rest_is_measured_at_once(way: Way) -> None:
    assert way.rest is not None and way.rest.coach is not None
    skip = PersonSignal(way.rest.coach.t_s or 0.0, SignalKind.SKIP)
    after, _ = pipeline.step(way.params, way.rest, skip)
    assert after.coach is not None and after.coach.phase is Phase.GET_READY
    assert after.tissue.marks and not after.tissue.withheld


def in_the_second(way: Way) -> pipeline.State:
    """The last moment before the second ramp ended."""
    assert way.second is not None
    return way.second


@pytest.mark.parametrize("how", ["a target out of claim", "perhaps the other side"])
def test_where_a_ramp_measures_what_cannot_be_marked_nothing_is_held(way: Way, how: str) -> None:
    """The mark of the first ramp is there, and may be the further one."""
    state = in_the_second(way)
    assert state.coach is not None and state.tissue.last is not None
    if how == "a target out of claim":
        unseen = replace(state.tissue.last, claimed=(False,) * len(state.tissue.last.claimed))
        state = replace(state, tissue=replace(state.tissue, last=unseen))
    else:
        state = replace(state, coach=replace(state.coach, other=OtherSide(untold=True)))
    said = PersonSignal(state.coach.t_s or 0.0, SignalKind.TOLERANCE)
    after, _ = pipeline.step(way.params, state, said)
    assert after.coach is not None and after.coach.ramping is not None
    assert after.tissue.withheld == state.tissue.withheld
    assert after.coach.ramping.unmarked and not after.coach.ramping.follows


def test_where_one_target_is_not_marked_nothing_is_held(way: Way) -> None:
    assert (
        way.rest is not None and way.rest.coach is not None and way.rest.coach.ramping is not None
    )
    led = replace(way.rest.coach, ramping=replace(way.rest.coach.ramping, unmarked=True))
    state = replace(way.rest, coach=led)
    skip = PersonSignal(led.t_s or 0.0, SignalKind.SKIP)
    after, _ = pipeline.step(way.params, state, skip)
    assert after.coach is not None and after.coach.ramping is not None
    assert not after.coach.ramping.held and not after.tissue.marks
