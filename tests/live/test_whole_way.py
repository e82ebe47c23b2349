"""The whole way of a frame: run, streamed, saved and resumed, sealed and run again: same bytes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import ImuSample, LandmarkFrame, Observation
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    DecisionLogged,
    FrameLogged,
    RejectionLogged,
    SessionConfig,
    SessionEvent,
    SessionStarted,
)
from lengthwise.live import pipeline
from lengthwise.live.analyze import AnalyzeRequest, analyze
from lengthwise.live.params import pipeline_params
from lengthwise.live.rehearsal import Rehearsal, rehearse
from lengthwise.live.session import Arrival, live_session_events, session_events
from lengthwise.sim.recording import Plan, SimulatedRecording
from replayed import replayed_decisions

PLAN = Plan(
    "half_kneeling_hip_flexor", Side.LEFT, seed=11, sensors="camera+sacrum", duration_s=12.0
)


@pytest.fixture(scope="module")
def started() -> SessionStarted:
    return SessionStarted(
        LOG_VERSION,
        "20260101T000000Z-000000",
        "2026-01-01T00:00:00Z",
        "test",
        SessionConfig(exercise_id=PLAN.exercise_id, side=PLAN.side, zero_s=(0.5, PLAN.stand_s)),
        SimulatedRecording(PLAN).header,
        Person("test", simulated=True),
    )


@pytest.fixture(scope="module")
def params(started: SessionStarted) -> pipeline.Params:
    return pipeline_params(started)


@pytest.fixture(scope="module")
def observations() -> list[Observation]:
    return list(SimulatedRecording(PLAN).read())


def outcome(events: list[SessionEvent]) -> list[bytes]:
    return [encode(e) for e in events if isinstance(e, FrameLogged | DecisionLogged)]


@pytest.fixture(scope="module")
def whole(params: pipeline.Params, observations: list[Observation]) -> list[bytes]:
    found = outcome(list(session_events(params, observations)))
    assert len(found) > 300
    return found


def test_a_camera_late_by_its_inference_gives_the_same_session(
    params: pipeline.Params, observations: list[Observation], whole: list[bytes]
) -> None:
    """Frames and words arrive 60 ms after the samples of their instant; the lag puts them back."""
    late_s = 0.06
    arrivals = sorted(
        observations, key=lambda o: o.t_s + (0.0 if isinstance(o, ImuSample) else late_s)
    )
    assert [o.t_s for o in arrivals] != [o.t_s for o in observations]
    assert outcome(list(session_events(params, arrivals, lag_s=0.1))) == whole


def test_a_live_session_is_the_recorded_one_however_long_inference_takes(
    params: pipeline.Params, observations: list[Observation], whole: list[bytes]
) -> None:
    """Frames take 60 to 150 ms, each its own time, samples none; nobody says how long to wait."""
    rng = np.random.default_rng(5)
    arrivals = sorted(
        (
            Arrival(o.t_s + (rng.uniform(0.06, 0.15) if isinstance(o, LandmarkFrame) else 0.0), o)
            for o in observations
        ),
        key=lambda arrival: arrival.now_s,
    )
    events = list(live_session_events(params, arrivals))
    assert not [e for e in events if isinstance(e, RejectionLogged) and e.before_steps]
    assert outcome(events) == whole


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 1500))
def test_saved_and_resumed_at_a_random_frame_is_the_whole_run(
    params: pipeline.Params, observations: list[Observation], at: int
) -> None:
    """The state of every step goes through bytes and back; the rest of the run is the same."""
    at = min(at, len(observations) - 200)
    state = pipeline.start(params)
    for observation in observations[:at]:
        state, _ = pipeline.step(params, state, observation)
    resumed = decode(encode(state), pipeline.State)
    assert encode(resumed) == encode(state)
    for observation in observations[at : at + 200]:
        state, expected = pipeline.step(params, state, observation)
        resumed, found = pipeline.step(params, resumed, observation)
        assert encode(found) == encode(expected)
    assert encode(resumed) == encode(state)


def test_a_sealed_session_run_again_decides_the_same(tmp_path: Path) -> None:
    result = rehearse(Rehearsal(PLAN, tmp_path, calibrated=False))
    recorded, again = replayed_decisions(result.recording)
    assert recorded
    assert again == recorded


def test_an_interrupt_keeps_what_was_recorded(tmp_path: Path) -> None:
    count = 0

    def interrupt(event: SessionEvent) -> None:
        nonlocal count
        count += 1
        if count == 500:
            raise KeyboardInterrupt

    result = rehearse(Rehearsal(PLAN, tmp_path, calibrated=False), listener=interrupt)
    assert not result.totals.complete
    assert result.totals.frames > 50
    assert result.recording.is_file() and result.report.is_file()


def test_a_session_run_again_counts_the_same_rejections(tmp_path: Path) -> None:
    """Two kinds: rows that the driver turns away, and samples that a gate of the estimate does."""
    rows = ["t_s,segment,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s"]
    rows += [f"{n / 100:.2f},pelvis,0.0{n % 7},0,9.8,0,0,0" for n in range(300)]
    rows[100] = rows[100].replace("9.8", "nan")
    rows[200:220] = [f"{n / 100:.2f},pelvis,0.05,0,9.8,0,0,0" for n in range(199, 219)]
    source = tmp_path / "imu.csv"
    source.write_text("\n".join(rows) + "\n")
    first = analyze(AnalyzeRequest(source, tmp_path / "first", SessionConfig()))
    again = analyze(AnalyzeRequest(first.recording, tmp_path / "again", SessionConfig()))
    assert {"imu:pelvis.non_finite", "imu:pelvis.frozen"} <= set(first.totals.rejections)
    assert again.totals.rejections == first.totals.rejections
    assert (again.folder / "body.csv").read_bytes() == (first.folder / "body.csv").read_bytes()


def test_the_language_and_the_share_of_cues_are_fixed_by_what_was_written_at_the_start(
    started: SessionStarted,
) -> None:
    config = replace(started.config, language="de", cue_share=0.5)
    coached = pipeline_params(decode(encode(replace(started, config=config)), SessionStarted)).coach
    assert coached is not None
    assert (coached.language, coached.cue_share) == ("de", 0.5)
    plain = pipeline_params(started).coach
    assert plain is not None
    assert (plain.language, plain.cue_share) == ("en", 1.0)
