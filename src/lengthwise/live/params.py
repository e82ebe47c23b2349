"""From what a session was started with to the parameters of every step.

A replay starts from the same `SessionStarted`, so it runs with the same parameters.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

import msgspec

from lengthwise.body import estimator
from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.body.priors import calibration_of
from lengthwise.coach import coach, repositioning_led, taking_params
from lengthwise.coach.ramping import RampLead
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import (
    CameraStream,
    ImuStream,
    Posture,
    Segment,
    Stream,
)
from lengthwise.contracts.person import Mark, MeasureName, Person
from lengthwise.contracts.session import SessionConfig, SessionStarted
from lengthwise.contracts.states import Estimate
from lengthwise.live import pipeline, ramp_session, worn_sensing
from lengthwise.live.driving_params import driving_params
from lengthwise.live.in_rounds import in_rounds
from lengthwise.live.kept_findings import kept_findings
from lengthwise.live.kept_marks import kept_marks
from lengthwise.live.personal_limits import ends_at
from lengthwise.plan.ramp_permission import known_bars
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_rules import back_load_told, holds_a_thing
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.reference.translations import ENGLISH
from lengthwise.tissue import engine, relaxation
from lengthwise.tissue.joint_ends import EVERYBODY, PersonEnds
from lengthwise.tissue.lumbar_load import HeldWeight, LoadParams
from lengthwise.tissue.nerve import NerveParams
from lengthwise.tissue.passive_curve import GroupCurves, curves_fingerprint
from lengthwise.tissue.passive_tension import calibrated, marked_lengths, population
from lengthwise.tissue.range import RangeBounds, bounds_fingerprint
from lengthwise.tissue.range import range_bounds as searched_bounds
from lengthwise.tissue.setup import setup_name

_Kept = TypeVar("_Kept")
_HANDS_BUSY = frozenset({Posture.FOUR_POINT, Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING})
"""Where the floor carries the hands or the body: a weight held is not known of there."""


def pipeline_params(started: SessionStarted) -> pipeline.Params:
    """Parameters of body, tissue and coach for one session."""
    config, person = started.config, started.person
    coached = exercise(config.exercise_id) if config.exercise_id else None
    sides = _sides(config, coached)
    measures = body_measures(config, person)
    anatomy = Anatomy.build(measures)
    body = body_params(started)
    bounds = range_bounds(anatomy, data_home(), ends_at(config, person, started.started_utc))
    marks = kept_marks(person, started.started_utc)
    tissue = engine.Params(
        anatomy=anatomy,
        bounds=bounds,
        exercise=coached,
        sides=sides,
        marks=ramp_session.marks_between(started, marks),
        setup=setup_name(started.recording.streams),
        windows=person.windows,
        relief=config.care.pain_relief is True,
        load=_load_params(started, anatomy, coached),
        nerve=_nerve_params(anatomy),
        relaxing=personal_tension(anatomy, marks, data_home()),
    )
    lead = ramp_session.lead_on(started, tissue)
    led = _coach_params(started, coached, sides, lead) if coached else None
    place = config.repositioning
    test = led is not None and coached is not None and coached.taken is not None
    return pipeline.Params(
        anatomy=anatomy,
        body=body,
        tissue=tissue,
        coach=None if place or test else led,
        tap_segment=config.tap_segment,
        taps_only_stop=config.taps_only_stop is True,
        repositioning=repositioning_led.Params(led, place) if led and place else None,
        taking=taking_params.Params(led) if led and test else None,
        worn=worn_sensing.Params(config.devices or ()),
        driven=None if place or test else driving_params(config, led, marks),
    )


def sides_told(started: SessionStarted) -> bool:
    """Whether left and right are known: not from an image that may be a mirror image."""
    cameras = [s for s in started.recording.streams if isinstance(s, CameraStream)]
    stated = started.config.mirrored is not None
    return stated or all(camera.mirrored is not None for camera in cameras)


def _coach_params(
    started: SessionStarted,
    coached: Exercise,
    sides: tuple[Side, ...],
    lead: RampLead | None,
) -> coach.Params:
    config = started.config
    return coach.Params(
        exercise=in_rounds(coached, config.rounds),
        sides=sides,
        windows=started.person.windows,
        care=config.care,
        inertial=inertial_coordinates(started.recording.streams),
        language=config.language or ENGLISH,
        cue_share=_cue_share(config),
        check=config.check is True,
        ready_from_s=config.zero_s[1] if config.zero_s else 0.0,
        window_leads=not known_bars(config.care),
        sides_told=sides_told(started),
        ramp=lead,
    )


def _cue_share(config: SessionConfig) -> float:
    if config.check:
        return 0.0
    return 1.0 if config.cue_share is None else config.cue_share


def inertial_coordinates(streams: tuple[Stream, ...]) -> frozenset[Coordinate]:
    """The bends that gyroscopes on both sides of the joint carry: only there can a tremor show."""
    worn = {s.segment for s in streams if isinstance(s, ImuStream) and s.has_gyr}
    return frozenset(c for c, both in _BETWEEN.items() if worn >= both)


_BETWEEN = {
    Coordinate.HIP_FLEXION_L: {Segment.PELVIS, Segment.THIGH_L},
    Coordinate.HIP_FLEXION_R: {Segment.PELVIS, Segment.THIGH_R},
    Coordinate.KNEE_FLEXION_L: {Segment.THIGH_L, Segment.SHANK_L},
    Coordinate.KNEE_FLEXION_R: {Segment.THIGH_R, Segment.SHANK_R},
}


def body_params(started: SessionStarted) -> estimator.Params:
    """Parameters of the body estimate for one session."""
    config, streams = started.config, started.recording.streams
    coached = exercise(config.exercise_id) if config.exercise_id else None
    first = coached.for_side(_sides(config, coached)[0]) if coached else None
    posture = _posture(started, coached)
    return estimator.Params(
        streams=streams,
        posture=posture,
        start_rad=posture_mean_rad(
            posture,
            overrides_rad=first.start_rad() if first else None,
            side=first.written_for if first else Side.LEFT,
        ),
        zero_s=config.zero_s,
        mirrored=config.mirrored,
        measures=body_measures(config, started.person),
        calibration=calibration_of(kept_findings(started.person, started.started_utc)[0], streams),
        pelvis_kept=coached is not None and coached.pelvis_kept,
    )


def body_measures(config: SessionConfig, person: Person) -> BodyMeasures:
    """What is known of the person's size; the height stated for the session comes first."""

    def known(name: MeasureName) -> float | None:
        measure = person.measure(name)
        return measure.value if measure else None

    return BodyMeasures(
        height_m=config.height_m or known(MeasureName.HEIGHT),
        trunk_length_m=known(MeasureName.TRUNK),
        pelvis_width_m=known(MeasureName.PELVIS_WIDTH),
        thigh_length_m=known(MeasureName.THIGH),
        shank_length_m=known(MeasureName.SHANK),
    )


def _load_params(started: SessionStarted, anatomy: Anatomy, coached: Exercise | None) -> LoadParams:
    """Raises InputError for a weight held where the hands or the body lie on the floor."""
    config, posture = started.config, _declared(started, coached)
    held_kg = config.held_kg or 0.0
    if held_kg > 0.0 and posture in _HANDS_BUSY:
        raise InputError(
            "--held-kg",
            value=f"{held_kg:g} in posture {posture.value}",
            allowed="a weight held in standing, sitting or half-kneeling",
            remedy="leave it out, or state another --posture",
        )
    return LoadParams.of(
        anatomy,
        body_mass_kg=body_mass_kg(config, started.person),
        posture=posture if _load_told(config, coached) else Posture.UNKNOWN,
        held=HeldWeight(held_kg),
    )


def _load_told(config: SessionConfig, coached: Exercise | None) -> bool:
    """What the low back bears is not known at work lying, nor with a thing in the hands whose mass
    nobody stated."""
    if coached is None or back_load_told(coached):
        return True
    return config.held_kg is not None and holds_a_thing(coached)


def body_mass_kg(config: SessionConfig, person: Person) -> Estimate:
    """As stated, else as measured, else that of any adult: a ratio to standing hardly depends on
    it."""
    if config.mass_kg is not None:
        return Estimate(config.mass_kg, constant("calibration", "stated_mass_sd_kg"))
    measured = person.measure(MeasureName.MASS)
    if measured is not None:
        return Estimate(measured.value, measured.sd)
    return Estimate(
        constant("lumbar_load", "unknown_body_mass_kg"),
        constant("lumbar_load", "unknown_body_mass_sd_kg"),
    )


@lru_cache(maxsize=4)
def _nerve_params(anatomy: Anatomy) -> NerveParams:
    return NerveParams.of(anatomy)


def range_bounds(anatomy: Anatomy, home: Path, ends: PersonEnds = EVERYBODY) -> RangeBounds:
    """Shortest and longest lengths of this body and its joints, kept in `home` once searched."""
    key = (anatomy.measures, anatomy.fingerprint, bounds_fingerprint(), ends)
    return kept_once(home, "range", key, RangeBounds, lambda: searched_bounds(anatomy, ends))


def group_curves(anatomy: Anatomy, home: Path) -> GroupCurves:
    """Passive tension by stretch of this body's muscles, kept in `home` once made."""
    key = (anatomy.fingerprint, Anatomy.build().fingerprint, curves_fingerprint())
    return kept_once(
        home, "tension", key, GroupCurves, lambda: GroupCurves.over(anatomy, Anatomy.build())
    )


def personal_tension(anatomy: Anatomy, marks: tuple[Mark, ...], home: Path) -> relaxation.Params:
    """Where this person's muscles come into tension, by their marks where there are any."""
    curves = group_curves(anatomy, home)
    usual = population(curves, generic=group_curves(Anatomy.build(), home))
    return relaxation.Params(
        curves, calibrated(curves, usual, marked_lengths(marks, curves.neutral_m))
    )


def kept_once(
    home: Path, name: str, key: object, kind: type[_Kept], make: Callable[[], _Kept]
) -> _Kept:
    """A table that is kept in `home` once made, under a name that changes with its `key`."""
    digest = sha256(encode(key)).hexdigest()[:16]
    kept = home / "anatomy" / f"{name}-{digest}.bin"
    try:
        return decode(kept.read_bytes(), kind)
    except (OSError, msgspec.MsgspecError, ValueError):
        found = make()
    # Only a convenience: without a place for it the work is done again next time.
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{token_hex(4)}.part")
        part.touch(mode=0o600)  # it follows from this person's measures
        part.write_bytes(encode(found))
        part.replace(kept)
    return found


def _sides(config: SessionConfig, coached: Exercise | None) -> tuple[Side, ...]:
    if coached is None:
        return (Side.LEFT,)
    if config.side is not None:
        return (config.side,)
    return (Side.LEFT, Side.RIGHT) if coached.bilateral else (Side.LEFT,)


def declared_posture(started: SessionStarted) -> Posture:
    """The posture that somebody or something said, else UNKNOWN."""
    config = started.config
    return _declared(started, exercise(config.exercise_id) if config.exercise_id else None)


def _declared(started: SessionStarted, coached: Exercise | None) -> Posture:
    """The posture, where somebody or something said it; without that what carries a body is not
    known."""
    cameras = [s for s in started.recording.streams if isinstance(s, CameraStream)]
    said = started.config.posture is not None or coached is not None or bool(cameras)
    return _posture(started, coached) if said else Posture.UNKNOWN


def _posture(started: SessionStarted, coached: Exercise | None) -> Posture:
    """Stated by the person, else by the exercise, else by the recording."""
    if started.config.posture is not None:
        return Posture(started.config.posture)
    if coached is not None:
        return coached.start_posture
    cameras = [s for s in started.recording.streams if isinstance(s, CameraStream)]
    return cameras[0].posture if cameras else Posture.STANDING
