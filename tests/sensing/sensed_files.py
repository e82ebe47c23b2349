"""Small recordings of every kind, and one way to read anything."""

from contextlib import closing
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    RecordingHeader,
    Rejection,
    Segment,
    Tick,
)
from lengthwise.sensing.driver import Driver, OpenOptions

Item = LandmarkFrame | ImuSample | PersonSignal | Tick | Rejection


def read_all(
    driver: Driver, path: Path, options: OpenOptions | None = None
) -> tuple[RecordingHeader, list[Item]]:
    with closing(driver.open(path, options or OpenOptions())) as recording:
        return recording.header, list(recording.read())


def observations(items: list[Item]) -> list[Item]:
    return [item for item in items if not isinstance(item, Rejection)]


def reasons(items: list[Item]) -> list[str]:
    return [item.reason.value for item in items if isinstance(item, Rejection)]


def standing_frame(t_s: float, *, world: bool = False, person_count: int = 1) -> LandmarkFrame:
    rng = np.random.default_rng(round(t_s * 1000))
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(rng.uniform(0, 700, (33, 2))),
        image_z_px=frozen_array(rng.normal(0, 100, 33)),
        visibility=frozen_array(rng.uniform(0, 1, 33)),
        present=frozen_array(np.ones(33), dtype="?"),
        world_m=frozen_array(rng.normal(0, 0.4, (33, 3))) if world else None,
        person_count=person_count,
    )


def still_sample(t_s: float, segment: Segment = Segment.PELVIS) -> ImuSample:
    return ImuSample(t_s, segment, (9.81, 0.0, 0.1), (0.0, 0.01, 0.0))


def numbers(limit: float) -> st.SearchStrategy[float]:
    return st.floats(-limit, limit, allow_nan=False, allow_infinity=False)


@st.composite
def frames(draw: st.DrawFn, *, t_s: float, world: bool) -> LandmarkFrame:
    """Any frame a pose model can give: some landmarks may be missing, at least one is not."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    scale = draw(st.sampled_from([1e-6, 1.0, 500.0, 1e5]))
    present = rng.random(33) < draw(st.sampled_from([0.1, 0.9, 1.1]))
    present[seed % 33] = True
    masked = present[:, None]
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(np.where(masked, rng.normal(0, scale, (33, 2)), 0.0)),
        image_z_px=frozen_array(np.where(present, rng.normal(0, scale, 33), 0.0)),
        visibility=frozen_array(np.where(present, rng.random(33), 0.0)),
        present=frozen_array(present, dtype="?"),
        world_m=frozen_array(np.where(masked, rng.normal(0, 1, (33, 3)), 0.0)) if world else None,
        person_count=draw(st.integers(1, 3)),
    )
