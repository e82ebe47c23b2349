"""A person who has the coach by one channel alone: only the screen, or only the voice and sounds.

`Eye` and `Ear` turn what reaches them into what the person believes; the simulated person of `sim`
acts on that and on nothing else, and its body is what the coach sees. Words are understood by how
they are worded, not by their ids.
"""

from dataclasses import dataclass, field
from functools import cache
from math import radians

import numpy as np
from coach_script import tissue_state
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.channels import Heard, heard, window_pitch
from lengthwise.coach.coach import CoachFrame
from lengthwise.coach.questions import REASON_OF
from lengthwise.coach.wording import wordbook
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Earcon,
    Guidance,
    Phase,
    Question,
)
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import BodyState, Estimate, Unseen
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.translations import translation
from lengthwise.sim import person
from lengthwise.sim.motion import Traits

_PHASE_OF = {
    "get_ready": Phase.GET_READY,
    "ease_in": Phase.EASE_IN,
    "hold": Phase.HOLD,
    "release": Phase.RELEASE,
    "switch_side": Phase.SWITCH_SIDE,
    "done": Phase.DONE,
    "pause.person": Phase.PAUSED,
    "plan.repetition_left": Phase.REST,
}
_LINGERS_S = 6.0
"""So long after the end the session is still there."""
_HEEDED_S = 8.0
"""So long a correction that was heard is being followed."""


@dataclass
class Words:
    """What the sentences of an exercise mean: (id, side) of a text; side None where the same is
    said on both."""

    exercise: Exercise
    language: str
    meant: dict[str, tuple[str, Side | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for side in Side:
            book = wordbook(self.exercise.for_side(side), translation(self.language))
            for meaning, wording in {**book.cues, **book.reasons}.items():
                for text in (wording.text, wording.short):
                    if text is None:
                        continue
                    known = self.meant.get(text)
                    alone = known is None or known[1] is side
                    self.meant[text] = (meaning, side if alone else None)

    def understood(self, text: str) -> tuple[str | None, Side | None]:
        """By the longest sentence that it begins with."""
        found = [t for t in self.meant if text.startswith(t)]
        return self.meant[max(found, key=len)] if found else (None, None)


def believed(exercise: Exercise, side: Side) -> Guidance:
    return Guidance(
        t_s=0.0,
        phase=Phase.GET_READY,
        exercise_id=exercise.id,
        side=side if exercise.bilateral else None,
        repetition=1,
        repetitions=1,
        phase_s=0.0,
        effective_s=0.0,
        uncertain_s=0.0,
        hold_target_s=0.0,
        in_window=None,
        gauge=None,
    )


@dataclass
class Ear:
    """Only what `heard` lets through. Where no side was named, the person keeps the last one, and
    before any was named takes the right one, which no session here begins with."""

    words: Words
    said: list[Heard] = field(default_factory=list)
    sided: list[tuple[float, Side]] = field(default_factory=list)
    now: Guidance = field(init=False)
    corrected_s: float | None = None

    def __post_init__(self) -> None:
        self.now = believed(self.words.exercise, Side.RIGHT)

    def take(self, output: CoachOutput) -> Guidance:
        for decision in output.decisions:
            sound = heard(decision)
            if sound is not None:
                self.said.append(sound)
                self._listen(sound)
        t_s = output.guidance.t_s
        if self.corrected_s is not None and t_s - self.corrected_s > _HEEDED_S:
            self.corrected_s = None
            self.now = replace(self.now, waiting_for=())
        pitch = window_pitch(output.guidance)
        gauge = None if pitch is None else Estimate(pitch, 0.1)
        self.now = replace(self.now, t_s=t_s, gauge=gauge)
        return self.now

    def _listen(self, sound: Heard) -> None:
        if sound.text is None:
            if sound.sound is Earcon.END:
                self.now = replace(self.now, phase=Phase.RELEASE, cue_id="release")
            return
        meaning, side = self.words.understood(sound.text)
        if meaning is None:
            return
        self.now = replace(self.now, cue_id=meaning)
        if side is not None and self.words.exercise.bilateral:
            self.now = replace(self.now, side=side)
            self.sided.append((sound.t_s, side))
        if meaning in _PHASE_OF:
            self.now = replace(self.now, phase=_PHASE_OF[meaning], question=None)
        if meaning.startswith(("stop.", "symptom.", "pain.stop")):
            self.now = replace(self.now, phase=Phase.STOPPED, question=None)
        if meaning in {c.cue for c in self.words.exercise.constraints}:
            self.corrected_s = sound.t_s
            self.now = replace(self.now, waiting_for=("compensation.heard",))
        asked = next((q for q, i in REASON_OF.items() if i == meaning), None)
        if asked is not None:
            put = Question(asked, sound.text, sound.short, sound.language or "", sound.t_s)
            self.now = replace(self.now, question=put)


@dataclass
class Eye:
    """The guidance of each frame and the texts of what is noted; its cue is what its text means."""

    words: Words
    shown: list[Guidance] = field(default_factory=list)
    noted: list[Decision] = field(default_factory=list)

    def take(self, output: CoachOutput) -> Guidance:
        seen = output.guidance
        self.shown.append(seen)
        self.noted += [d for d in output.decisions if d.kind is DecisionKind.NOT_KNOWN]
        meaning, _ = self.words.understood(seen.cue_text or "")
        return replace(seen, cue_id=meaning)


@dataclass
class Session:
    """A whole session of one who sees or hears. `hidden`: what no sensor claims; `unseen`: times at
    which nothing is seen; `away_rad`: by how much the body is elsewhere than in the start posture
    until `away_until_s`. `says`: words at given times."""

    exercise: Exercise
    channel: Ear | Eye
    language: str = "en"
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    rate_hz: float = 5.0
    hidden: frozenset[Coordinate] = frozenset()
    unseen: tuple[float, float] = (0.0, 0.0)
    away_until_s: float = 0.0
    says: tuple[tuple[float, SignalKind, float | None], ...] = ()
    outputs: list[CoachOutput] = field(default_factory=list)
    truths: list[person.Truth] = field(default_factory=list)

    def run(self, until_s: float = 900.0) -> "Session":
        params = coach.Params(self.exercise, self.sides, language=self.language)
        state = coach.start(params)
        traits = Traits.drawn(3)
        sim = person.Params(self.exercise, self.sides, 3, traits, sway_ratio=0.2)
        body = person.start(sim)
        led: Guidance | None = None
        waiting, over_s = list(self.says), None
        for frame in range(round(until_s * self.rate_hz)):
            t_s = frame / self.rate_hz
            body, truth = person.step(sim, body, t_s, led)
            self.truths.append(truth)
            items: list[CoachFrame | PersonSignal] = [self._frame(params, state, truth, traits)]
            if truth.signal is not None:
                items.append(truth.signal)
            while waiting and waiting[0][0] <= t_s:
                _, kind, value = waiting.pop(0)
                items.append(PersonSignal(t_s, kind, value=value))
            for item in items:
                state, output = coach.step(params, state, item)
                self.outputs.append(output)
                led = self.channel.take(output)
            if over_s is None and state.phase is Phase.DONE:
                over_s = t_s
            if over_s is not None and t_s > over_s + _LINGERS_S:
                break
        return self

    def _frame(
        self, params: coach.Params, state: coach.State, truth: person.Truth, traits: Traits
    ) -> CoachFrame:
        plan = params.plans[state.side_index]
        nothing = self.unseen[0] <= truth.t_s < self.unseen[1]
        pose = truth.pose_rad.copy()
        if truth.t_s < self.away_until_s:
            pose[INDEX[Coordinate.TRUNK_FLEXION]] += radians(60.0)
            pose[INDEX[self.exercise.path[0].coordinate]] += radians(60.0)
        why = tuple(
            Unseen.NO_SENSOR if nothing or c in self.hidden else Unseen.CLAIMED for c in COORDINATES
        )
        share = truth.share if truth.side is plan.side or not self.exercise.bilateral else 0.0
        span = traits.tolerance - traits.first_resistance
        position = Estimate((share - traits.first_resistance) / span, 0.04)
        targets = {} if nothing else dict.fromkeys(plan.targets, position)
        body = BodyState(truth.t_s, frozen_array(pose), _covariance_rad2(), why, 1.0)
        return CoachFrame(body, tissue_state(truth.t_s, targets))

    @property
    def decisions(self) -> list[Decision]:
        return [d for o in self.outputs for d in o.decisions]

    def phases(self) -> list[Phase]:
        return [d.phase for d in self.decisions if d.kind is DecisionKind.PHASE]

    def holds(self) -> list[tuple[float, float]]:
        """From when to when each hold went."""
        found, begun_s = [], None
        for d in self.decisions:
            if d.kind is not DecisionKind.PHASE:
                continue
            if begun_s is not None:
                found.append((begun_s, d.t_s))
            begun_s = d.t_s if d.phase is Phase.HOLD else None
        return found


@cache
def _covariance_rad2() -> np.ndarray:
    return frozen_array(np.eye(len(COORDINATES)) * radians(2.0) ** 2)


def hears(exercise: Exercise, language: str = "en", **how: object) -> tuple[Session, Ear]:
    ear = Ear(Words(exercise, language))
    return Session(exercise, ear, language, **how), ear  # type: ignore[arg-type]


def sees(exercise: Exercise, language: str = "en", **how: object) -> tuple[Session, Eye]:
    eye = Eye(Words(exercise, language))
    return Session(exercise, eye, language, **how), eye  # type: ignore[arg-type]
