"""Holds as they happened: seconds that counted, that could not be known, or that waited."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.session import FrameLogged

_HALF = 0.5
_COMPENSATION = "compensation."
WINDOW_UNSURE = "hold.window_unsure"


class Counted(StrEnum):
    EFFECTIVE = "effective"
    UNCERTAIN = "uncertain"
    WAITING = "waiting"


@dataclass(frozen=True)
class Piece:
    """A stretch of a hold with one fate. `reason` id that kept it from counting, or None."""

    start_s: float
    end_s: float
    counted: Counted
    reason: str | None

    @property
    def seconds(self) -> float:
        return self.end_s - self.start_s

    @property
    def likely(self) -> bool:
        """Not counted only because the estimate, which lies inside the window, is too unsure."""
        return self.counted is Counted.UNCERTAIN and self.reason == WINDOW_UNSURE


@dataclass(frozen=True)
class Hold:
    """One repetition on one side; seconds as the coach counted them."""

    side: Side | None
    repetition: int
    start_s: float
    end_s: float
    effective_s: float
    uncertain_s: float
    target_s: float
    pieces: tuple[Piece, ...]

    @property
    def likely_s(self) -> float:
        """Of `uncertain_s`: the estimate was in the window, and nothing else was amiss."""
        return sum(p.seconds for p in self.pieces if p.likely)

    def waited_s(self) -> dict[tuple[Counted, str], float]:
        """Seconds by the reason for which the clock waited or could not know, longest first."""
        total: dict[tuple[Counted, str], float] = defaultdict(float)
        for piece in self.pieces:
            if piece.reason is not None:
                total[piece.counted, piece.reason] += piece.seconds
        return dict(sorted(total.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class PhaseSpan:
    phase: Phase
    side: Side | None
    repetition: int
    start_s: float
    end_s: float


def phase_spans(frames: Sequence[FrameLogged]) -> tuple[PhaseSpan, ...]:
    """The phases of a coached session one after the other; empty where it only measured."""
    spans: list[PhaseSpan] = []
    for frame in frames:
        g = frame.guidance
        if g is None:
            continue
        last = spans[-1] if spans else None
        if last and (last.phase, last.side, last.repetition) == (g.phase, g.side, g.repetition):
            spans[-1] = PhaseSpan(g.phase, g.side, g.repetition, last.start_s, g.t_s)
            continue
        if last:
            spans[-1] = PhaseSpan(last.phase, last.side, last.repetition, last.start_s, g.t_s)
        spans.append(PhaseSpan(g.phase, g.side, g.repetition, g.t_s, g.t_s))
    return tuple(spans)


def holds(frames: Sequence[FrameLogged]) -> tuple[Hold, ...]:
    """Every repetition in which a hold was begun, in order."""
    grouped: dict[tuple[Side | None, int], list[Guidance]] = {}
    for frame in frames:
        g = frame.guidance
        if g is not None and g.phase is Phase.HOLD:
            grouped.setdefault((g.side, g.repetition), []).append(g)
    return tuple(_hold(list(found)) for found in grouped.values())


def _hold(found: list[Guidance]) -> Hold:
    return Hold(
        side=found[0].side,
        repetition=found[0].repetition,
        start_s=found[0].t_s,
        end_s=found[-1].t_s,
        effective_s=max(g.effective_s for g in found),
        uncertain_s=max(g.uncertain_s for g in found),
        target_s=found[0].hold_target_s,
        pieces=_pieces(found),
    )


def _pieces(found: list[Guidance]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for before, now in pairwise(found):
        interval_s = now.t_s - before.t_s
        if interval_s <= 0:
            continue
        reason = next(iter(now.waiting_for or before.waiting_for), None)
        if now.effective_s - before.effective_s > _HALF * interval_s:
            counted, reason = Counted.EFFECTIVE, None
        elif now.uncertain_s - before.uncertain_s > _HALF * interval_s:
            counted = Counted.UNCERTAIN
        else:
            counted = Counted.WAITING
        last = pieces[-1] if pieces else None
        if last and last.counted is counted and last.reason == reason:
            pieces[-1] = Piece(last.start_s, now.t_s, counted, reason)
        else:
            pieces.append(Piece(before.t_s, now.t_s, counted, reason))
    return tuple(pieces)


@dataclass(frozen=True)
class Kept:
    """How much of the hold time a coordinate stayed in place. None: too little was seen."""

    coordinate: Coordinate
    ratio: float | None


def kept_in_place(
    frames: Sequence[FrameLogged], coordinates: Sequence[Coordinate]
) -> tuple[Kept, ...]:
    """For each coordinate the share of known hold frames in which the coach saw no compensation.

    `coordinates` of the frames' own working side are looked up as given; None where it was known
    in less than half of the hold frames.
    """
    held = [f for f in frames if f.guidance is not None and f.guidance.phase is Phase.HOLD]
    out = []
    for coordinate in coordinates:
        known = [f for f in held if f.body.claimed(coordinate) is not None]
        if not known or len(known) * 2 < len(held):
            out.append(Kept(coordinate, None))
            continue
        moved = sum(
            _COMPENSATION + coordinate.value in f.guidance.waiting_for
            for f in known
            if f.guidance is not None
        )
        out.append(Kept(coordinate, 1.0 - moved / len(known)))
    return tuple(out)
