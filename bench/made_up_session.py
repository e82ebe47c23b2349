"""Events of the size and kind that a camera session writes; for measuring the record only.

Coordinates wander smoothly and arrays carry sensor-like noise, because what is constant would
compress far better than a person does.
"""

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.observation import (
    CameraStream,
    LandmarkFrame,
    PoseModel,
    RecordingHeader,
    View,
)
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import LOG_VERSION, FrameLogged, SessionConfig, SessionStarted
from lengthwise.contracts.states import BodyState, TissueState, Unseen

RATE_HZ = 30.0


def started(session_id: str, profile_id: str) -> SessionStarted:
    return SessionStarted(
        version=LOG_VERSION,
        session_id=session_id,
        started_utc="2026-01-31T08:15:00.000Z",
        software="lengthwise bench",
        config=SessionConfig(exercise_id="half_kneeling_lunge", side=Side.LEFT),
        recording=RecordingHeader(
            "made up",
            "none",
            (CameraStream(1280, 720, RATE_HZ, View.LEFT, pose_model=PoseModel.FULL),),
            simulated=True,
        ),
        person=Person(profile_id, simulated=True),
    )


class MadeUpPerson:
    """A wandering stick figure; the same seed gives the same events."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._xy_px = self._rng.uniform(100, 700, (33, 2))
        self._world_m = self._rng.normal(0, 0.4, (33, 3))
        self._root = self._rng.normal(0, 0.05, (len(COORDINATES), len(COORDINATES)))
        self._mean_rad = self._rng.normal(0, 0.3, len(COORDINATES))

    def landmarks(self, t_s: float) -> LandmarkFrame:
        rng = self._rng
        return LandmarkFrame(
            t_s=t_s,
            xy_px=frozen_array(self._xy_px + rng.normal(0, 1.5, (33, 2))),
            image_z_px=frozen_array(rng.normal(0, 60, 33)),
            visibility=frozen_array(rng.uniform(0.2, 1, 33)),
            present=frozen_array(np.ones(33), dtype="bool"),
            world_m=frozen_array(self._world_m + rng.normal(0, 0.01, (33, 3))),
        )

    def outputs(self, t_s: float) -> FrameLogged:
        rng = self._rng
        self._mean_rad = self._mean_rad + rng.normal(0, 0.01, self._mean_rad.shape)
        covariance = self._root @ self._root.T * rng.uniform(0.9, 1.1)
        n = len(GROUP_SIDES)
        return FrameLogged(
            body=BodyState(
                t_s=t_s,
                mean_rad=frozen_array(self._mean_rad),
                covariance_rad2=frozen_array((covariance + covariance.T) / 2),
                unseen=(Unseen.CLAIMED,) * len(COORDINATES),
                quality=0.9,
            ),
            tissue=TissueState(
                t_s=t_s,
                length_m=frozen_array(rng.uniform(0.1, 0.4, n)),
                length_sd_m=frozen_array(rng.uniform(0.001, 0.01, n)),
                range_fraction=frozen_array(rng.uniform(0.2, 0.9, n)),
                range_fraction_sd=frozen_array(rng.uniform(0.01, 0.1, n)),
                claimed=(True,) * n,
                window_position=(None,) * n,
            ),
            guidance=Guidance(
                t_s=t_s,
                phase=Phase.HOLD,
                exercise_id="half_kneeling_lunge",
                side=Side.LEFT,
                repetition=1,
                repetitions=3,
                phase_s=t_s,
                effective_s=t_s,
                uncertain_s=0.0,
                hold_target_s=30.0,
                in_window=True,
                gauge=None,
            ),
        )
