"""One recorded instant as a screen is told it: live, and when a session is looked at again."""

from collections.abc import Mapping

import numpy as np

from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.wire import RampView, Shown


def shown(
    frame: FrameLogged, *, seq: int, turned_away: Mapping[str, int], ramp: RampView | None = None
) -> Shown:
    """What may not be shown is NaN, or is named in `unseen`. `ramp`: only while it is led."""
    body, tissue = frame.body, frame.tissue
    sd = np.sqrt(np.maximum(body.covariance_rad2.diagonal(), 0.0))
    muscles = np.stack([tissue.range_fraction, tissue.range_fraction_sd], axis=1)
    muscles = np.where(np.array(tissue.claimed)[:, None], muscles, np.nan)
    return Shown(
        seq=seq,
        t_s=body.t_s,
        guidance=frame.guidance,
        angles=np.stack([body.mean_rad, sd], axis=1).astype("<f4").tobytes(),
        unseen=tuple(u.value for u in body.unseen),
        muscles=muscles.astype("<f4").tobytes(),
        turned_away=dict(turned_away),
        ramp=ramp,
    )
