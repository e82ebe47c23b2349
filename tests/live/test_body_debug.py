"""The debug view runs the very estimate, and names what it compared."""

from pathlib import Path

import numpy as np
import pytest

from lengthwise.body import estimator
from lengthwise.cli.main import main
from lengthwise.contracts.codec import encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import LandmarkFrame, Observation, PersonSignal, Rejection
from lengthwise.live.body_debug import names_of, traced
from lengthwise.live.evaluation.delivery import delivered
from lengthwise.reference.exercises import exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sensing.landmarks_csv import write_landmarks_csv
from lengthwise.sim.recording import Plan, SimulatedRecording

_ID = "half_kneeling_hip_flexor"


def session(sensors: str) -> tuple[estimator.Params, list[Observation]]:
    plan = Plan(_ID, Side.LEFT, seed=3, sensors=sensors, duration_s=10.0, stand_s=2.0)
    recording = SimulatedRecording(plan)
    posture = exercise(_ID).start_posture
    params = estimator.Params(
        recording.header.streams, posture, posture_mean_rad(posture), zero_s=(0.2, 2.0)
    )
    return params, [o for o in recording.read() if not isinstance(o, PersonSignal)]


def test_asking_what_was_compared_changes_nothing() -> None:
    params, observations = session("camera+sacrum")
    plain = asked = estimator.start(params)
    for observation in observations[:600]:
        plain, out = estimator.step(params, plain, observation)
        asked, told, _ = estimator.explained(params, asked, observation)
        assert encode(out) == encode(told)
    assert encode(plain) == encode(asked)


@pytest.mark.parametrize("sensors", ["front", "camera+sacrum+thigh_l", "imu4"])
def test_every_reading_has_a_name_of_its_own(sensors: str) -> None:
    params, observations = session(sensors)
    state, compared_once = estimator.start(params), False
    for observation in delivered(observations):
        assert not isinstance(observation, Rejection)
        state, _, compared = estimator.explained(params, state, observation)
        if compared is not None:
            names = names_of(params, compared)
            assert len(set(names)) == len(names) == len(compared.whole.spread)
            assert len(compared.used) == len(names)
            compared_once = True
    assert compared_once


def test_each_frame_is_one_row_and_times_cut_it() -> None:
    params, observations = session("camera+sacrum")
    seen = traced(params, observations, from_s=4.0, to_s=6.0)
    times = [s.t_s for s in seen.states]
    frames = [o for o in observations if isinstance(o, LandmarkFrame) and 4.0 <= o.t_s <= 6.0]
    assert len(times) == len(seen.nis) >= len(frames)
    assert times[0] >= 4.0 and times[-1] <= 6.0 and np.all(np.diff(times) > 0.0)
    with pytest.raises(InputError, match="no estimate from 50 s to 60 s"):
        traced(params, observations, from_s=50.0, to_s=60.0)


def test_the_command_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan(_ID, Side.LEFT, seed=3, sensors="camera", duration_s=4.0, stand_s=2.0)
    recording = SimulatedRecording(plan)
    assert recording.camera is not None
    source, page = tmp_path / "landmarks.csv", tmp_path / "new" / "page.html"
    frames = (o for o in recording.read() if isinstance(o, LandmarkFrame))
    write_landmarks_csv(source, recording.camera.stream(), frames)
    command = ["body", "debug", str(source), "--out", str(page), "--from", "1", "--to", "3"]
    assert main(command) == 0
    assert "estimates" in capsys.readouterr().out
    assert "left knee" in page.read_text(encoding="utf-8")
    assert main([*command[:-1], "0.5"]) == 2
    assert "later than --from 1" in capsys.readouterr().err
