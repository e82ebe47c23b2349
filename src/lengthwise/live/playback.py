"""Use case: a kept session as a page plays it back, from its record alone.

Every instant is the same message that the page was sent live, so that fog is fog again, and nothing
is known afterwards that was not known then.
"""

from pathlib import Path

import msgspec

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import DecisionLogged, FrameLogged, SessionStarted
from lengthwise.contracts.wire import Told, written
from lengthwise.live.outputs import Thinned
from lengthwise.live.params import body_measures
from lengthwise.live.shown import shown
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import exercise

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
    }


def _nothing(sealed: Path) -> InputError:
    return InputError(
        f"recording {sealed}",
        value="no body in it",
        allowed="one in which somebody was seen",
        remedy="look at another session",
    )
