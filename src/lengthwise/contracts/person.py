"""A person as the product knows them: measured values with sd, date and expiry."""

from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from lengthwise.contracts.answers import Answer
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import MeasuredLimit, Sex
from lengthwise.contracts.muscles import MuscleGroup, lengths_hold


class MeasureName(StrEnum):
    HEIGHT = "height_m"
    MASS = "mass_kg"
    TRUNK = "trunk_length_m"
    PELVIS_WIDTH = "pelvis_width_m"
    THIGH = "thigh_length_m"
    SHANK = "shank_length_m"
    AGE = "age_years"


class Measure(Struct, frozen=True):
    """A measured value, in the unit its name ends with. An age is that of `measured_utc`."""

    name: MeasureName
    value: float
    sd: float
    measured_utc: str
    expires_utc: str | None = None


class MarkKind(StrEnum):
    FIRST_RESISTANCE = "first_resistance"
    TOLERANCE = "tolerance"


class Mark(Struct, frozen=True):
    """A personal mark of one muscle group and side, as the length (m) of its muscle-tendon units.

    A length stays what it is when more is learnt of how far the person's joints go. `upright_m`:
    length of the same group in upright standing, of the body the mark was taken with; `on_body`
    carries a mark over to a body of other measures. `setup` names the sensors and view it was taken
    with: marks of the same setup and session share their bias with the reading, marks of another
    day carry their full sd. `distance_sd_m`, of a tolerance: sd of its distance from the first
    resistance that was marked with it, whose bias it shared; None where that was not told.
    `session_id`: where it was marked; None in older ones. `pain_relief`: whether the person had
    taken pain relief; None: not asked. `edition`: of the anatomical model that the length is one
    of; 1 in those from before it was written down.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    length_m: float
    sd_m: float
    upright_m: float
    measured_utc: str
    setup: str
    expires_utc: str | None = None
    distance_sd_m: float | None = None
    session_id: str | None = None
    pain_relief: bool | None = None
    edition: int = 1

    @property
    def holds(self) -> bool:
        """Whether its length is one of today's anatomical model."""
        return lengths_hold(self.group, edition=self.edition)

    def on_body(self, upright_m: float) -> "Mark":
        """The same mark where the group is `upright_m` long in upright standing."""
        scale = upright_m / self.upright_m
        if scale == 1.0:
            return self
        distance_m = self.distance_sd_m
        return replace(
            self,
            length_m=scale * self.length_m,
            sd_m=scale * self.sd_m,
            upright_m=upright_m,
            distance_sd_m=None if distance_m is None else scale * distance_m,
        )


class FractionMark(Struct, frozen=True):
    """A mark of an earlier version, as a share of a range (0..1) whose ends were not kept.

    Never used: the ends depend on the measures of that day, which nobody wrote down with it. Kept
    so that what is no longer used can be named.
    """

    group: MuscleGroup
    side: Side
    kind: MarkKind
    range_fraction: float
    sd: float
    measured_utc: str
    setup: str
    expires_utc: str | None = None
    distance_sd: float | None = None


class FindingKind(StrEnum):
    """What a calibration finds; the unit is the end of the name.

    `mirrored`: 1 where the image is a mirror image, 0 where it is not. The lengths are between
    landmarks as a pose model places them, not between joints of the anatomical model.
    `hip_line_gain_ratio`: the share of a pelvic obliquity that the hip landmarks show from the
    front. `wearing_turn_rad`: how far a worn sensor is turned about the vertical from its declared
    position, + to the left.
    """

    MIRRORED = "mirrored"
    TRUNK_LINE = "trunk_line_m"
    SHOULDER_LINE = "shoulder_line_m"
    HIP_LINE = "hip_line_m"
    THIGH = "thigh_m"
    SHANK = "shank_m"
    HIP_LINE_GAIN = "hip_line_gain_ratio"
    WEARING_TURN = "wearing_turn_rad"


class Finding(Struct, frozen=True):
    """One result of a calibration. `sd` in the unit of `value`; of a yes or no, sqrt(p (1 - p)).

    `setup` names what it was found with and holds for: a camera, a pose model, a worn position.
    After `expires_utc` it is not used.
    """

    kind: FindingKind
    value: float
    sd: float
    measured_utc: str
    expires_utc: str
    setup: str


class Window(Struct, frozen=True):
    """Where to stretch, as positions between the two marks. Owned by the plan."""

    group: MuscleGroup
    side: Side
    low: float = 0.60
    high: float = 0.85
    ceiling: float = 0.90


class RampLed(Struct, frozen=True):
    """A ramp to tolerance that was begun, to its end or not; by its first target.

    `harmed`: a symptom, too much pain or a stop was told in its session, then or later, or instead
    of a beginning. None: from before that was written down.
    """

    group: MuscleGroup
    side: Side
    at_utc: str
    session_id: str | None = None
    harmed: bool | None = None


class Person(Struct, frozen=True):
    """One profile. `simulated` persons are never mixed with real ones.

    In files marks stand under `length_marks`; what older files hold under `marks` are range
    fractions, and stay that.
    """

    profile_id: str
    measures: tuple[Measure, ...] = ()
    marks: tuple[Mark, ...] = field(default=(), name="length_marks")
    windows: tuple[Window, ...] = ()
    simulated: bool = False
    findings: tuple[Finding, ...] = ()
    fraction_marks: tuple[FractionMark, ...] = field(default=(), name="marks")
    sex: Sex | None = None
    limits: tuple[MeasuredLimit, ...] = ()
    answers: tuple[Answer, ...] = ()
    ramps: tuple[RampLed, ...] = ()

    def measure(self, name: MeasureName) -> Measure | None:
        """The latest measure of that name, or None."""
        found = [m for m in self.measures if m.name is name]
        return max(found, key=lambda m: m.measured_utc) if found else None

    def with_measures(self, newer: tuple[Measure, ...]) -> "Person":
        """The person with measures kept, each in place of the older ones of its name."""
        names = {m.name for m in newer}
        kept = tuple(m for m in self.measures if m.name not in names)
        return replace(self, measures=kept + newer)

    def with_marks(self, newer: tuple[Mark, ...]) -> "Person":
        """The person with marks added; one of the very same moment takes the place of the older."""

        def moment(m: Mark) -> tuple[MuscleGroup, Side, MarkKind, str]:
            return m.group, m.side, m.kind, m.measured_utc

        moments = {moment(m) for m in newer}
        kept = tuple(m for m in self.marks if moment(m) not in moments)
        return replace(self, marks=kept + newer)

    def with_answers(self, newer: tuple[Answer, ...]) -> "Person":
        """The person with answers kept, each in place of the older one of its name."""
        names = {a.name for a in newer}
        kept = tuple(a for a in self.answers if a.name not in names)
        return replace(self, answers=kept + newer)

    def with_ramps(self, newer: tuple[RampLed, ...]) -> "Person":
        """The person with ramps added; the same one told again is one."""

        def moment(r: RampLed) -> tuple[MuscleGroup, Side, str]:
            return r.group, r.side, r.at_utc

        moments = {moment(r) for r in newer}
        kept = tuple(r for r in self.ramps if moment(r) not in moments)
        return replace(self, ramps=kept + newer)

    def with_limits(self, newer: tuple[MeasuredLimit, ...]) -> "Person":
        """The person with measured limits kept, each in place of the older ones of its movement."""
        names = {m.name for m in newer}
        kept = tuple(m for m in self.limits if m.name not in names)
        return replace(self, limits=kept + newer)

    def with_findings(self, newer: tuple[Finding, ...]) -> "Person":
        """The person with findings kept; each takes the place of an older one of its like."""
        like = {(f.kind, f.setup) for f in newer}
        kept = tuple(f for f in self.findings if (f.kind, f.setup) not in like)
        return replace(self, findings=kept + newer)
