"""Movements whose end is a limit of a person, as a clinician names and measures them."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Side


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Movement(StrEnum):
    """The end of each is an angle from upright standing, + in the named direction.

    `straight_leg_raise`: hip flexion with a straight knee. `knee_extension`: + beyond straight, -
    of a knee that does not come straight. `lumbar_*` of L5-S1..L1-L2 together.
    """

    HIP_FLEXION = "hip_flexion"
    HIP_EXTENSION = "hip_extension"
    HIP_ABDUCTION = "hip_abduction"
    HIP_ADDUCTION = "hip_adduction"
    HIP_INTERNAL_ROTATION = "hip_internal_rotation"
    HIP_EXTERNAL_ROTATION = "hip_external_rotation"
    STRAIGHT_LEG_RAISE = "straight_leg_raise"
    KNEE_FLEXION = "knee_flexion"
    KNEE_EXTENSION = "knee_extension"
    ANKLE_DORSIFLEXION = "ankle_dorsiflexion"
    ANKLE_PLANTARFLEXION = "ankle_plantarflexion"
    LUMBAR_FLEXION = "lumbar_flexion"
    LUMBAR_EXTENSION = "lumbar_extension"
    LUMBAR_SIDE_BEND = "lumbar_side_bend"
    LUMBAR_ROTATION = "lumbar_rotation"

    @property
    def sided(self) -> bool:
        """Whether the left end is another one than the right."""
        return self not in (Movement.LUMBAR_FLEXION, Movement.LUMBAR_EXTENSION)


class MeasuredLimit(Struct, frozen=True):
    """How far one movement of this person goes, as measured. `side` None where there is none.

    After `expires_utc` it is not used.
    """

    movement: Movement
    side: Side | None
    value_rad: float
    sd_rad: float
    measured_utc: str
    expires_utc: str

    @property
    def name(self) -> str:
        """`hip_extension_l`, `lumbar_flexion`."""
        return self.movement.value + (f"_{self.side.value}" if self.side else "")
