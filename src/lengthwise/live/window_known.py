"""How surely a set of sensors would know where a stretch stands between a person's two marks.

First resistance is marked on the way in, as in a session; tolerance was marked on another day in
the same set-up. Muscles are read whether claimed or not, as the limits of safety do.
"""

from pathlib import Path
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.contracts.observation import PersonSignal
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import BodyState
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearsal_started
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.sim.recording import SimulatedRecording
from lengthwise.tissue import engine
from lengthwise.tissue.window import WidestSd, numeric, widest_sd


class WindowKnown(Struct, frozen=True):
    """In the hold: `sd` of the window position of the target that is known best, in units of the
    way between the marks; `claimed_ratio` of the time in which that muscle is claimed and the
    position is sure enough to be numeric; `needed` sds."""

    sd: float
    claimed_ratio: float
    needed: WidestSd

    @property
    def numeric(self) -> bool:
        return self.claimed_ratio >= 0.5


class Placed(Struct, frozen=True):
    """At one instant: of one target, and whether a numeric window comes of it."""

    sd: float
    numeric: bool


class Places:
    """Reads window positions of a simulated person out of the body states that it is given."""

    def __init__(self, chosen: Exercise, side: Side, recording: SimulatedRecording) -> None:
        request = Rehearsal(recording.plan, Path())
        self._params = pipeline_params(rehearsal_started(request, recording)).tissue
        self._state = engine.start(self._params)
        self._targets = tuple((t.group, t.side) for t in chosen.about)
        self.found: list[Placed] = []

    def marked(self, body: BodyState, signal: PersonSignal) -> PersonSignal:
        """The signal with its targets, after it was taken for a mark of what was just seen."""
        told = replace(signal, targets=self._targets)
        state, _ = engine.step(self._params, self._state, body)
        assert state.last is not None, "a body state was just read"
        every = replace(state, last=replace(state.last, claimed=(True,) * len(GROUP_SIDES)))
        self._state, _ = engine.step(self._params, every, told)
        return told

    def see(self, body: BodyState) -> None:
        self._state, tissue = engine.step(self._params, self._state, body)
        assert tissue is not None, "the tissue engine answers every body state"
        placed = []
        for group, side in self._targets:
            position = tissue.raw_window(group, side)
            if position is not None:
                claimed = tissue.claimed[GROUP_INDEX[group, side]]
                placed.append(Placed(position.sd, claimed and numeric(position) is not None))
        if placed:
            self.found.append(min(placed, key=lambda p: p.sd))


def places(chosen: Exercise, side: Side, recording: SimulatedRecording) -> Places | None:
    """None for an exercise that is not held between marks."""
    stretched = chosen.behaviour is Behaviour.HELD_IN_WINDOW and chosen.about
    return Places(chosen, side, recording) if stretched else None


def window_known(found: list[Placed], chosen: Exercise) -> WindowKnown | None:
    """All that was read in the hold together; None where there was no position."""
    if not found:
        return None
    target = chosen.about[0]
    return WindowKnown(
        fmean(p.sd for p in found),
        fmean(float(p.numeric) for p in found),
        widest_sd(Window(target.group, target.side)),
    )
