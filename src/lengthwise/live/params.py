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
from lengthwise.coach import coach
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate, Side
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
from lengthwise.live import pipeline
from lengthwise.live.kept_findings import kept_findings, valid
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise, exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue import engine, relaxation
from lengthwise.tissue.lumbar_load import LoadParams
from lengthwise.tissue.nerve import NerveParams
from lengthwise.tissue.passive_curve import GroupCurves, curves_fingerprint
from lengthwise.tissue.passive_tension import calibrated, marked_lengths, population
from lengthwise.tissue.range import RangeBounds, bounds_fingerprint
from lengthwise.tissue.range import range_bounds as searched_bounds
from lengthwise.tissue.setup import setup_name

_Kept = TypeVar("_Kept")


def pipeline_params(started: SessionStarted) -> pipeline.Params:
    """Parameters of body, tissue and coach for one session."""
    config, person = started.config, started.person
    coached = exercise(config.exercise_id) if config.exercise_id else None
    sides = _sides(config, coached)
    measures = body_measures(config, person)
    anatomy = Anatomy.build(measures)
    body = body_params(started)
    bounds = range_bounds(anatomy, data_home())
    marks = tuple(m for m in person.marks if valid(m.expires_utc, started.started_utc))
    return pipeline.Params(
        anatomy=anatomy,
        body=body,
        tissue=engine.Params(
            anatomy=anatomy,
            bounds=bounds,
            exercise=coached,
            sides=sides,
            marks=marks,
            setup=setup_name(started.recording.streams),
            load=LoadParams.of(
                anatomy, body_mass_kg=body_mass_kg(person), posture=_declared(started, coached)
            ),
            nerve=_nerve_params(anatomy),
            relaxing=personal_tension(anatomy, bounds, marks, data_home()),
        ),
        coach=coach.Params(
            exercise=coached,
            sides=sides,
            windows=person.windows,
            care=config.care,
            inertial=inertial_coordinates(started.recording.streams),
            ready_from_s=config.zero_s[1] if config.zero_s else 0.0,
        )
        if coached
        else None,
    )


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


def body_mass_kg(person: Person) -> Estimate:
    """As measured, else that of any adult: a ratio to standing hardly depends on it."""
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


def range_bounds(anatomy: Anatomy, home: Path) -> RangeBounds:
    """Shortest and longest lengths of this body, kept in `home` once searched."""
    key = (anatomy.measures, anatomy.fingerprint, bounds_fingerprint())
    return _kept(home, "range", key, RangeBounds, lambda: searched_bounds(anatomy))


def group_curves(anatomy: Anatomy, home: Path) -> GroupCurves:
    """Passive tension by stretch of this body's muscles, kept in `home` once made."""
    key = (anatomy.fingerprint, Anatomy.build().fingerprint, curves_fingerprint())
    return _kept(
        home, "tension", key, GroupCurves, lambda: GroupCurves.over(anatomy, Anatomy.build())
    )


def personal_tension(
    anatomy: Anatomy, bounds: RangeBounds, marks: tuple[Mark, ...], home: Path
) -> relaxation.Params:
    """Where this person's muscles come into tension, by their marks where there are any."""
    curves = group_curves(anatomy, home)
    usual = population(curves, generic=group_curves(Anatomy.build(), home))
    return relaxation.Params(curves, calibrated(curves, usual, marked_lengths(marks, bounds)))


def _kept(
    home: Path, name: str, key: object, kind: type[_Kept], make: Callable[[], _Kept]
) -> _Kept:
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
        part.write_bytes(encode(found))
        part.replace(kept)
    return found


def _sides(config: SessionConfig, coached: Exercise | None) -> tuple[Side, ...]:
    if coached is None:
        return (Side.LEFT,)
    if config.side is not None:
        return (config.side,)
    return (Side.LEFT, Side.RIGHT) if coached.bilateral else (Side.LEFT,)


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
