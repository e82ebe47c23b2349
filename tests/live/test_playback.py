"""A session played back is what was shown, and what was not known then is not known now."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.person import Window
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    SessionEnded,
    SessionStarted,
)
from lengthwise.contracts.wire import Shown, Told
from lengthwise.live.load.person import rehearsed
from lengthwise.live.outputs import SessionOutputs
from lengthwise.live.params import pipeline_params
from lengthwise.live.playback import played, windows_of
from lengthwise.live.session import session_events
from lengthwise.record.sealed_reading import read_sealed
from lengthwise.reference.exercises import exercise


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    led, started = rehearsed(3, seconds=8.0)
    params = pipeline_params(started)
    folder = tmp_path_factory.mktemp("kept")
    with SessionOutputs(folder, started, params.anatomy) as outputs:
        for event in session_events(params, led.observations()):
            outputs.take(event)
        outputs.finish(draw=False)
    return outputs.sealed_path


def test_each_instant_is_one_of_the_record_with_its_fog(sealed: Path) -> None:
    told = msgspec.msgpack.decode(played(sealed))
    views = [msgspec.msgpack.decode(raw, type=Shown) for raw in told["views"]]
    frames = {e.body.t_s: e for e in read_sealed(sealed) if isinstance(e, FrameLogged)}
    assert 20 < len(views) <= len(frames)
    times = [v.t_s for v in views]
    assert times == sorted(times) and min(np.diff(times)) > 0.15
    for view in views:
        frame = frames[view.t_s]
        assert view.unseen == tuple(u.value for u in frame.body.unseen)
        angles = np.frombuffer(view.angles, "<f4").reshape(len(COORDINATES), 2)
        np.testing.assert_allclose(angles[:, 0], frame.body.mean_rad, atol=1e-6)
        muscles = np.frombuffer(view.muscles, "<f4").reshape(-1, 2)
        assert (np.isfinite(muscles[:, 0]) <= np.array(frame.tissue.claimed)).all()
        assert view.guidance == frame.guidance
    assert any(u != "claimed" for v in views for u in v.unseen), "and some of it was fog"


def test_no_decision_is_left_out(sealed: Path) -> None:
    told = msgspec.msgpack.decode(played(sealed))
    said = [msgspec.msgpack.decode(raw, type=Told).decision for raw in told["told"]]
    assert said == [e.decision for e in read_sealed(sealed) if isinstance(e, DecisionLogged)]
    assert told["exercise_id"] and 1.2 < told["height_m"] < 2.3


def test_the_window_is_that_of_the_session(sealed: Path) -> None:
    windows = msgspec.msgpack.decode(played(sealed))["windows"]
    started = next(e for e in read_sealed(sealed) if isinstance(e, SessionStarted))
    assert started.person.windows == () and set(windows) == {"l", "r"}
    assert all(w == [0.6, 0.85, 0.9] for w in windows.values())
    chosen = exercise(str(started.config.exercise_id))
    first = chosen.for_side(Side.LEFT).targets[0]
    own = replace(started.person, windows=(Window(first.group, first.side, 0.5, 0.7, 0.8),))
    narrow = replace(started, person=own)
    assert windows_of(narrow, chosen)["l"] == (0.5, 0.7, 0.8)
    flare = replace(narrow, config=replace(started.config, care=Care(flare=True)))
    assert windows_of(flare, chosen)["l"] == (None, None, 0.8)


def test_a_session_without_a_body_says_that_there_is_nothing(tmp_path: Path) -> None:
    _, started = rehearsed(3, seconds=1.0)
    params = pipeline_params(started)
    with SessionOutputs(tmp_path, started, params.anatomy) as outputs:
        outputs.take(SessionEnded(0.0, complete=True, frames=0))
        outputs.finish(draw=False)
    with pytest.raises(InputError, match="no body in it"):
        played(outputs.sealed_path)
