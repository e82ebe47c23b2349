"""Use case: a kept session as a page plays it back, from its record alone.

Every instant is the same message that the page was sent live, so that fog is fog again, and nothing
is known afterwards that was not known then. Where the window lay between the two marks follows
from what the session began with, and is drawn only over what was known.
"""

from pathlib import Path

import msgspec

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import DecisionLogged, FrameLogged, SessionStarted
from lengthwise.contracts.wire import Told, written
from lengthwise.live.params import body_measures
from lengthwise.live.shown import shown
from lengthwise.live.thinned import Thinned
from lengthwise.plan.ramp_permission import known_bars
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.tissue.window import window_for

_EVERY_S = 0.2
_MOST = 1000
"""Instants at least thinned to twice that: of ten minutes one in 0.4 s, some 1.5 MB."""


def played(sealed: Path) -> bytes:
    """msgpack: who and what, then `views` and `told`, each as messages of the stream. Raises
    InputError where nothing can be played back."""
    events = read_sealed(sealed)
    started = next(events, None)
    if not isinstance(started, SessionStarted):
        raise _nothing(sealed)
    views: Thinned[bytes] = Thinned(_MOST)
    told: list[bytes] = []
    next_s = last_s = 0.0
    for event in events:
        if isinstance(event, DecisionLogged):
            told.append(written(Told(len(told) + 1, event.decision)))
        elif isinstance(event, FrameLogged):
            last_s = event.body.t_s
            if last_s >= next_s:
                next_s = last_s + _EVERY_S
                views.take(written(shown(event, seq=views.seen + 1, turned_away={})))
    if not views.frames:
        raise _nothing(sealed)
    return msgspec.msgpack.encode(
        _head(started) | {"duration_s": last_s, "views": views.frames, "told": told}
    )


def _head(started: SessionStarted) -> dict[str, object]:
    config = started.config
    chosen = exercise(config.exercise_id) if config.exercise_id else None
    tall_m = body_measures(config, started.person).height_m
    return {
        "session_id": started.session_id,
        "exercise_id": None if chosen is None else chosen.id,
        "plain_name": None if chosen is None else chosen.plain_name,
        "view": "front" if chosen is None else chosen.camera_view().value,
        "side": None if config.side is None else config.side.value,
        "height_m": tall_m or constant("anatomy", "generic_stature_m"),
        "windows": {} if chosen is None else windows_of(started, chosen),
    }


def windows_of(started: SessionStarted, chosen: Exercise) -> dict[str, tuple[float | None, ...]]:
    """By side, of what is lengthened first: lower and upper edge of the window and the ceiling, as
    positions between the two marks. Nobody who may not be led into a window had its edges."""
    leads = not known_bars(started.config.care)
    found: dict[str, tuple[float | None, ...]] = {}
    for side in Side:
        targets = chosen.for_side(side).targets
        if targets:
            first = targets[0]
            w = window_for(started.person.windows, first.group, first.side)
            found[side.value] = (w.low if leads else None, w.high if leads else None, w.ceiling)
    return found


def _nothing(sealed: Path) -> InputError:
    return InputError(
        f"recording {sealed}",
        value="no body in it",
        allowed="one in which somebody was seen",
        remedy="look at another session",
    )
