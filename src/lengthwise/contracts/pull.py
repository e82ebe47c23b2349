"""What a session's gauge or band measured, as it is kept of the session."""

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.muscles import ANATOMY_EDITION
from lengthwise.contracts.states import Estimate


class MusclePulled(Struct, frozen=True):
    """A muscle that the pull told of. `muscle` as `<group>_<side>`. `later_m`: by how much longer
    it is when it comes into tension than was thought before, with an sd of `before_sd_m` then;
    `slack_shift_m`: the same against the generic muscle of this body; `stiffness_ratio` against it,
    and the sd of its logarithm. `edition`: of the anatomical model that the lengths are of."""

    muscle: str
    later_m: Estimate
    before_sd_m: float
    stiffness_ratio: float
    slack_shift_m: Estimate
    stiffness_log_sd: float
    edition: int = ANATOMY_EDITION


class HoldRelaxed(Struct, frozen=True):
    """One hold in which the joint kept still: the share by which the pull fell from its first still
    seconds to `held_s` after them. `begun_s`: when the hold began; `begun_n`: the pull in those
    first seconds; `angle_rad`: at which angle, with what it moved by and how well it was known."""

    begun_s: float
    held_s: float
    loss_ratio: Estimate
    angle_rad: Estimate
    begun_n: float


class PullTotals(Struct, frozen=True):
    """Two results, never mixed: `extensible_rad`, the angle at the torque `standard_nm`, and
    `borne_rad`, the angle at tolerance, with what was resisted there. None where there is none.

    `weight_nm`: by how much the limb's weight was taken out at its greatest, None: it is in the
    torques. `furthest_nm`: what muscles and joint resist with at `furthest_rad`, the greatest angle
    of the pull, by all of its torques together. `muscles`: those that it told of; `why_not`: the
    reason why of none, `too_few_readings` or `torques_contradict`. `line_alignment`: cosine between
    what the pull does and what lengthens the exercise's targets fastest, of the holds; None where
    the ends of the line are not stated or it is too unsure. `relaxed`: the holds that tell how the
    pull fell in them; empty where none kept still long enough.
    """

    device: str
    coordinate: Coordinate
    stiff: bool
    standard_nm: float | None = None
    extensible_rad: Estimate | None = None
    borne_rad: Estimate | None = None
    borne_nm: Estimate | None = None
    weight_nm: Estimate | None = None
    furthest_rad: float | None = None
    furthest_nm: Estimate | None = None
    muscles: tuple[MusclePulled, ...] = ()
    why_not: str | None = None
    line_alignment: Estimate | None = None
    relaxed: tuple[HoldRelaxed, ...] = ()
