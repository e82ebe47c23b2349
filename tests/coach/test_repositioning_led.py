"""A person led through finding a place again: what is said, what is allowed, what is told."""

from math import degrees, radians

import numpy as np
import pytest
from coach_script import Follower

from lengthwise.coach import coach
from lengthwise.coach.params import CoachFrame
from lengthwise.coach.repositioning_led import (
    Params,
    State,
    askable,
    difference,
    found,
    start,
    step,
    unsuitable,
)
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind
from lengthwise.contracts.repositioning import Untold
from lengthwise.contracts.states import BodyState, Estimate, MarkedPose, Unseen
from lengthwise.reference.exercises import exercises
from lengthwise.reference.translations import translation
from lengthwise.reference.words import alarming_words

CAT, LUMBAR = "cat_cow", Coordinate.LUMBAR_FLEXION
RATE_HZ = 10.0
MISS_DEG = 3.0


class Person:
    """Goes towards the end of the path, stays when told, and then misses the place by 3 degrees."""

    def __init__(
        self,
        *,
        language: str = "en",
        signals: dict[float, SignalKind] | None = None,
        value: float = 9.0,
    ):
        self.value = value
        self.params = Params(coach.Params(exercises()[CAT], language=language), LUMBAR)
        self.state, self.share = start(self.params), 0.0
        self.place: float | None = None
        self.marks: tuple[MarkedPose, ...] = ()
        self.signals = dict(signals or {})
        self.decisions: list[Decision] = []
        self.phases: list[Phase] = []
        # Poses of the exercise on its path, from the script that the coach's own tests use.
        self.script = Follower(exercises()[CAT], (Side.LEFT,))

    def run(self, until_s: float = 200.0) -> "Person":
        for n in range(round(until_s * RATE_HZ)):
            t_s = n / RATE_HZ
            self._move()
            due = [s for s in self.signals if s <= t_s]
            for at_s in due:
                signal = PersonSignal(t_s, self.signals.pop(at_s), value=self.value)
                self.state, output, _ = step(self.params, self.state, signal)
                self.decisions += output.decisions
            frame = self._frame(t_s)
            self.state, output, placed = step(self.params, self.state, frame)
            self.decisions += output.decisions
            if placed:
                self._mark(frame.body)
            if output.guidance.phase not in self.phases[-1:]:
                self.phases.append(output.guidance.phase)
            assert output.guidance.gauge is None and output.guidance.waiting_for == ()
            if output.guidance.phase in (Phase.DONE, Phase.STOPPED):
                break
        return self

    def _move(self) -> None:
        cue, goal = self.state.cue_id, 0.0
        way_deg = degrees(self.params.rule.way_rad)
        if cue == "ease_in":
            goal = 1.0
        elif cue == "reposition.stay":
            self.place = self.share if self.place is None else self.place
            goal = self.place
        elif cue == "reposition.find" and self.place is not None:
            goal = self.place + MISS_DEG / way_deg
        self.share += min(0.02, max(-0.02, goal - self.share))

    def _frame(self, t_s: float) -> CoachFrame:
        moment = self.script._moment(self.params.led, self.state.led, t_s, self.share)
        from coach_script import _frame

        frame = _frame(self.params.led, moment, self.state.led)
        body = BodyState(
            frame.body.t_s, frame.body.mean_rad, frame.body.covariance_rad2, frame.body.unseen,
            frame.body.quality, self.marks,
        )  # fmt: skip
        return CoachFrame(body, frame.tissue)

    def _mark(self, body: BodyState) -> None:
        rows = [INDEX[c] for c in ANATOMICAL]
        own = np.array(body.covariance_rad2)[np.ix_(rows, rows)]
        self.marks = (
            MarkedPose(
                body.t_s, SignalKind.FIRST_RESISTANCE, (), frozen_array(body.mean_rad[rows]),
                frozen_array(own), frozen_array(0.9 * own), frozen_array(np.empty((0, 13, 13))),
            ),
        )  # fmt: skip

    def said(self) -> list[str | None]:
        return [d.cue_id for d in self.decisions]


def test_a_person_who_misses_by_three_degrees_is_told_so() -> None:
    person = Person().run()
    told = found(person.params, person.state)
    assert told.errors is not None and told.trials == told.errors.told == 5
    assert degrees(told.errors.constant.mean) == pytest.approx(MISS_DEG, abs=0.3)
    assert person.phases[-1] is Phase.DONE
    assert person.said() == [
        "get_ready", "ease_in", "reposition.stay", "release", *["reposition.find", "release"] * 5,
        "reposition.done",
    ]  # fmt: skip


def test_everything_said_has_its_short_form_and_nothing_said_tells_how_near_it_was() -> None:
    for d in Person().run().decisions:
        assert d.text and d.short and len(d.short.split()) <= 6
        assert alarming_words(d.text) == ()
        assert all(set(r.numbers) <= {"repetition", "sides"} for r in d.reasons)


def test_german_is_spoken_where_it_is_asked_for() -> None:
    assert translation("de") is not None
    said = [d for d in Person(language="de").run().decisions if d.cue_id != "get_ready"]
    assert {d.language for d in said} == {"de"}


@pytest.mark.parametrize(
    ("kind", "phase", "untold"),
    [
        (SignalKind.STOP, Phase.STOPPED, Untold.STOPPED),
        (SignalKind.PAIN, Phase.STOPPED, Untold.STOPPED),
        (SignalKind.DIZZY, Phase.STOPPED, Untold.STOPPED),
        (SignalKind.SKIP, Phase.DONE, Untold.STOPPED),
        (SignalKind.TOLERANCE, Phase.DONE, Untold.STOPPED),
    ],
)
def test_a_word_ends_it_and_is_answered(kind: SignalKind, phase: Phase, untold: Untold) -> None:
    person = Person(signals={30.0: kind}).run()
    assert person.phases[-1] is phase
    told = found(person.params, person.state)
    assert (told.errors, told.untold) == (None, untold)
    assert person.decisions[-1].text
    if phase is Phase.STOPPED:
        assert person.decisions[-1].kind is DecisionKind.STOP


@pytest.mark.parametrize("at_s", [15.0, 12.0])
def test_nobody_is_led_in_again_while_pain_asks_to_ease(at_s: float) -> None:
    person = Person(signals={at_s: SignalKind.PAIN}, value=4.0).run()
    led_in = [d.t_s for d in person.decisions if d.cue_id == "reposition.find"]
    assert all(t_s < at_s for t_s in led_in)
    assert found(person.params, person.state).untold is Untold.ENVELOPE


def test_a_gentle_pull_on_the_way_is_the_place() -> None:
    early = Person(signals={4.0: SignalKind.FIRST_RESISTANCE}).run()
    late = Person().run()
    nearer, further = (found(p.params, p.state).place for p in (early, late))
    assert nearer is not None and further is not None
    assert abs(nearer.mean) < abs(further.mean)


@pytest.mark.parametrize("exercise_id", sorted(exercises()))
def test_only_quiet_movements_off_the_feet_are_asked_for(exercise_id: str) -> None:
    written = exercises()[exercise_id]
    for coordinate in askable(written):
        assert written.start_posture not in (Posture.STANDING, Posture.HALF_KNEELING)
        way = next(m for m in written.path if m.coordinate is coordinate)
        assert abs(way.end_deg - way.start_deg) >= 12.0
    assert unsuitable(written, Coordinate.TRUNK_FLEXION) is not None


def test_what_does_not_suit_is_turned_away() -> None:
    with pytest.raises(ValueError, match="eyes are closed"):
        Params(coach.Params(exercises()["half_kneeling_hip_flexor"]), Coordinate.HIP_FLEXION_L)
    with pytest.raises(ValueError, match="hardly"):
        Params(coach.Params(exercises()[CAT]), Coordinate.KNEE_FLEXION_L)


def _body(now_deg: float, sd: float, *, marks: tuple[MarkedPose, ...] = ()) -> BodyState:
    mean = np.zeros(len(COORDINATES))
    mean[INDEX[LUMBAR]] = radians(now_deg)
    return BodyState(
        1.0, frozen_array(mean), frozen_array(np.eye(len(COORDINATES)) * sd**2),
        (Unseen.CLAIMED,) * len(COORDINATES), 1.0, marks,
    )  # fmt: skip


def test_what_errs_in_both_instants_is_not_in_the_difference() -> None:
    """Worked: sds of 3 degrees with 8 of their 9 square degrees in common leave sqrt(2)."""
    sd = radians(3.0)
    own = np.eye(13) * sd**2
    mark = MarkedPose(
        0.5, SignalKind.FIRST_RESISTANCE, (), frozen_array(np.full(13, radians(10.0))),
        frozen_array(own), frozen_array(own * 8.0 / 9.0), frozen_array(np.empty((0, 13, 13))),
    )  # fmt: skip
    gone = difference(_body(14.0, sd, marks=(mark,)), LUMBAR, Estimate(radians(10.0), sd))
    assert gone is not None
    assert degrees(gone.mean) == pytest.approx(4.0)
    assert degrees(gone.sd) == pytest.approx(2.0**0.5)
    assert difference(_body(14.0, sd), LUMBAR, Estimate(0.1, sd)) is None
    assert difference(_body(14.0, sd, marks=(mark,)), LUMBAR, None) is None


def test_nothing_is_begun_before_the_person_may_be_led() -> None:
    params = Params(coach.Params(exercises()[CAT], ready_from_s=1e6), LUMBAR)
    person = Person()
    person.params, person.state = params, State()
    person.run(20.0)
    assert person.phases == [Phase.GET_READY]
    assert found(params, person.state).untold is Untold.NOT_BEGUN
