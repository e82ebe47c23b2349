"""Sessions to record: realistic events of a given size, and strategies for any event at all."""

import math

import numpy as np
from hypothesis import strategies as st

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase, Reason
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.observation import (
    CameraStream,
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    RecordingHeader,
    Rejection,
    RejectionReason,
    Segment,
    SignalKind,
    Tick,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
    SessionConfig,
    SessionEnded,
    SessionEvent,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.states import BodyState, TissueState, Unseen

SESSION_ID = "20260131T081500Z-a1b2c3"


def started(
    session_id: str = SESSION_ID, *, exercise_id: str | None = "half_kneeling_lunge"
) -> SessionStarted:
    return SessionStarted(
        version=LOG_VERSION,
        session_id=session_id,
        started_utc="2026-01-31T08:15:00.000Z",
        software="lengthwise test",
        config=SessionConfig(exercise_id=exercise_id, side=Side.LEFT),
        recording=RecordingHeader("made up", "none", (CameraStream(1280, 720, 30.0),)),
        person=Person("anna"),
    )


def landmark_frame(t_s: float, rng: np.random.Generator) -> LandmarkFrame:
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(rng.uniform(0, 720, (33, 2))),
        image_z_px=frozen_array(rng.normal(0, 100, 33)),
        visibility=frozen_array(rng.uniform(0, 1, 33)),
        present=frozen_array(rng.uniform(0, 1, 33) < 0.9, dtype="bool"),
        world_m=frozen_array(rng.normal(0, 0.4, (33, 3))),
    )


def outputs(
    t_s: float,
    rng: np.random.Generator,
    *,
    effective_s: float = 0.0,
    uncertain_s: float = 0.0,
    repetition: int = 1,
) -> FrameLogged:
    root = rng.normal(0, 0.05, (len(COORDINATES), len(COORDINATES)))
    n = len(GROUP_SIDES)
    return FrameLogged(
        body=BodyState(
            t_s=t_s,
            mean_rad=frozen_array(rng.normal(0, 0.3, len(COORDINATES))),
            covariance_rad2=frozen_array(root @ root.T),
            unseen=tuple(Unseen.CLAIMED if i % 3 else Unseen.VIEW for i in range(len(COORDINATES))),
            quality=0.8,
        ),
        tissue=TissueState(
            t_s=t_s,
            length_m=frozen_array(rng.uniform(0.1, 0.4, n)),
            length_sd_m=frozen_array(rng.uniform(0, 0.01, n)),
            range_fraction=frozen_array(rng.uniform(0, 1, n)),
            range_fraction_sd=frozen_array(rng.uniform(0, 0.1, n)),
            claimed=(True,) * n,
            window_position=(None,) * n,
        ),
        guidance=Guidance(
            t_s=t_s,
            phase=Phase.HOLD,
            exercise_id="half_kneeling_lunge",
            side=Side.LEFT,
            repetition=repetition,
            repetitions=3,
            phase_s=t_s,
            effective_s=effective_s,
            uncertain_s=uncertain_s,
            hold_target_s=30.0,
            in_window=True,
            gauge=None,
        ),
    )


def session(
    frames: int, *, session_id: str = SESSION_ID, ended: bool = True, seed: int = 0
) -> list[SessionEvent]:
    """A session at 30 Hz: landmarks in, outputs out, a rejection and a decision in between."""
    rng = np.random.default_rng(seed)
    events: list[SessionEvent] = [started(session_id)]
    for i in range(frames):
        t_s = (i + 1) / 30
        events.append(ObservationLogged(landmark_frame(t_s, rng)))
        if i % 4 == 1:
            events.append(
                RejectionLogged(Rejection(t_s, "camera", RejectionReason.JUMP, "left_knee"))
            )
        if i % 7 == 3:
            events.append(DecisionLogged(stop(t_s)))
        events.append(outputs(t_s, rng, effective_s=i / 30))
    if ended:
        events.append(SessionEnded(frames / 30, complete=True, frames=frames))
    return events


def stop(t_s: float) -> Decision:
    return Decision(
        t_s=t_s,
        kind=DecisionKind.STOP,
        phase=Phase.STOPPED,
        exercise_id="half_kneeling_lunge",
        side=Side.LEFT,
        reasons=(Reason("person.stop", {"t_s": t_s}),),
    )


_time_s = st.floats(0, 1e5)
_any_float = st.floats() | st.just(math.nan)
_text = st.text(max_size=20)

events = st.one_of(
    _time_s.map(lambda t: ObservationLogged(Tick(t))),
    st.builds(
        lambda t, acc: ObservationLogged(ImuSample(t, Segment.PELVIS, acc)),
        _time_s,
        st.tuples(_any_float, _any_float, _any_float),
    ),
    st.builds(
        lambda t, kind: ObservationLogged(PersonSignal(t, kind)),
        _time_s,
        st.sampled_from(SignalKind),
    ),
    st.builds(
        lambda t, seed: ObservationLogged(landmark_frame(t, np.random.default_rng(seed))),
        _time_s,
        st.integers(0, 2**32),
    ),
    st.builds(
        lambda t, source, reason, detail: RejectionLogged(Rejection(t, source, reason, detail)),
        _any_float,
        _text,
        st.sampled_from(RejectionReason),
        _text,
    ),
    st.builds(lambda t: DecisionLogged(stop(t)), _time_s),
    st.builds(
        lambda t, complete, frames: SessionEnded(t, complete, frames),
        _time_s,
        st.booleans(),
        st.integers(0, 10**6),
    ),
    st.text(max_size=8).map(lambda name: started(session_id=name)),
)
"""Any event, with the numbers that sensors really send: NaN, infinities, negative zero."""

event_lists = st.lists(events, max_size=12)


def totals(session_id: str, started_utc: str) -> SessionTotals:
    return SessionTotals(
        session_id, started_utc, 60.0, 1800, None, None, None, {"camera.jump": 2}, {}, False, True
    )
