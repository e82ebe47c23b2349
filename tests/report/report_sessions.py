"""Made-up sessions for the report: a lunge with two holds, a measured recording, an empty one."""

from dataclasses import dataclass, field

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase, Reason
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import CameraStream, RecordingHeader, View
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    FrameLogged,
    SessionConfig,
    SessionEnded,
    SessionStarted,
    SessionTotals,
)
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.reference.exercises import exercise
from lengthwise.report.body_drawing import DrawingSource
from lengthwise.report.report_input import ReportInput

C = Coordinate
_HOLD_S = 30.0
_START_POSE = {C.HIP_FLEXION_L: 5, C.KNEE_FLEXION_L: 90, C.HIP_FLEXION_R: 85, C.KNEE_FLEXION_R: 90}
_CAMERA_NEVER = (C.PELVIS_ROTATION, C.LUMBAR_ROTATION, C.THORAX_ROTATION)
_FROM_SIDE = (
    C.PELVIS_OBLIQUITY, C.LUMBAR_SIDE_BEND, C.HIP_ADDUCTION_L, C.HIP_ADDUCTION_R,
    C.HIP_ROTATION_L, C.HIP_ROTATION_R, C.THORAX_SIDE_BEND,
)  # fmt: skip


def body_state(
    t_s: float,
    degrees: dict[Coordinate, float],
    *,
    unseen: dict[Coordinate, Unseen] | None = None,
    sd_deg: float = 2.0,
) -> BodyState:
    mean = np.zeros(len(COORDINATES))
    for coordinate, value in degrees.items():
        mean[INDEX[coordinate]] = np.radians(value)
    why = unseen or {}
    sd = np.array([np.radians(25.0 if c in why else sd_deg) for c in COORDINATES])
    return BodyState(
        t_s=t_s,
        mean_rad=frozen_array(mean),
        covariance_rad2=frozen_array(np.diag(sd**2)),
        unseen=tuple(why.get(c, Unseen.CLAIMED) for c in COORDINATES),
        quality=0.8,
    )


def tissue_state(
    t_s: float,
    fractions: dict[tuple[MuscleGroup, Side], float],
    *,
    claimed: bool = True,
    positions: dict[tuple[MuscleGroup, Side], float] | None = None,
) -> TissueState:
    fraction = np.full(len(GROUP_SIDES), 0.35)
    for target, value in fractions.items():
        fraction[GROUP_INDEX[target]] = value
    windows: list[Estimate | None] = [None] * len(GROUP_SIDES)
    for target, value in (positions or {}).items():
        windows[GROUP_INDEX[target]] = Estimate(value, 0.05)
    return TissueState(
        t_s=t_s,
        length_m=frozen_array(np.full(len(GROUP_SIDES), 0.3)),
        length_sd_m=frozen_array(np.full(len(GROUP_SIDES), 0.002)),
        range_fraction=frozen_array(fraction),
        range_fraction_sd=frozen_array(np.full(len(GROUP_SIDES), 0.03)),
        claimed=tuple([claimed] * len(GROUP_SIDES)),
        window_position=tuple(windows),
    )


@dataclass
class _LungeClock:
    """Walks through the phases of two repetitions and keeps the coach's figures."""

    repetition: int = 1
    effective_s: float = 0.0
    uncertain_s: float = 0.0
    decisions: list[Decision] = field(default_factory=list)


def _phase_at(t_s: float) -> tuple[Phase, int, float]:
    """Phase, repetition and how far into the stretch (0..1) at a time of the made-up session."""
    repetition, u = (1, t_s) if t_s < 62 else (2, t_s - 62)
    if u < 6:
        return Phase.GET_READY, repetition, 0.0
    if u < 14:
        return Phase.EASE_IN, repetition, (u - 6) / 8
    if u < 50:
        return Phase.HOLD, repetition, 1.0
    if u < 54:
        return Phase.RELEASE, repetition, 1.0 - (u - 50) / 4
    return (Phase.REST if repetition == 1 else Phase.DONE), repetition, 0.0


def lunge(
    *,
    pelvis_seen: bool = True,
    simulated: bool = False,
    complete: bool = True,
    name: str = "kitchen.mp4",
    cue_text: str = "Tuck the pelvis a little.",
    anatomy: DrawingSource | None = None,
    step_s: float = 0.1,
) -> ReportInput:
    """Two repetitions on the left. Without the pelvis in view nothing of the psoas is known."""
    clock = _LungeClock()
    frames = [_lunge_frame(float(t), clock, pelvis_seen, step_s) for t in np.arange(0, 122, step_s)]
    clock.decisions.append(
        Decision(
            t_s=31.0,
            kind=DecisionKind.CUE,
            phase=Phase.HOLD,
            exercise_id="half_kneeling_hip_flexor",
            side=Side.LEFT,
            reasons=(Reason("compensation.pelvis_tilt", {"change_deg": 10.4, "sd_deg": 2.1}),),
            cue_id="tuck_pelvis",
            text=cue_text,
        )
    )
    effective = sum(_last(frames, r)[0] for r in (1, 2))
    uncertain = sum(_last(frames, r)[1] for r in (1, 2))
    started = started_with("half_kneeling_hip_flexor", Side.LEFT, name=name, simulated=simulated)
    return ReportInput(
        started=started,
        ended=SessionEnded(122.0, complete, len(frames)),
        frames=frames,
        decisions=sorted(clock.decisions, key=lambda d: d.t_s),
        totals=totals_of(
            started,
            frames,
            effective_s=effective,
            uncertain_s=uncertain,
            complete=complete,
            rejections={"camera.no_person": 12, "imu:pelvis.late": 3},
        ),
        exercise=exercise("half_kneeling_hip_flexor"),
        anatomy=anatomy,
    )


def _last(frames: list[FrameLogged], repetition: int) -> tuple[float, float]:
    found = [f.guidance for f in frames if f.guidance and f.guidance.repetition == repetition]
    return max(g.effective_s for g in found), max(g.uncertain_s for g in found)


def _lunge_frame(t: float, clock: _LungeClock, pelvis_seen: bool, step_s: float) -> FrameLogged:
    phase, repetition, depth = _phase_at(t)
    if repetition != clock.repetition:
        clock.repetition, clock.effective_s, clock.uncertain_s = repetition, 0.0, 0.0
    tipping = 12.0 * np.exp(-(((t - 31.0) / 2.5) ** 2))
    sway = 0.6 * np.sin(1.3 * t) + 0.25 * np.sin(5.1 * t)
    unseen = dict.fromkeys(_CAMERA_NEVER, Unseen.NEVER_FROM_CAMERA)
    unseen |= dict.fromkeys(_FROM_SIDE, Unseen.VIEW)
    if not pelvis_seen:
        unseen |= dict.fromkeys((C.PELVIS_TILT, C.LUMBAR_FLEXION), Unseen.NEVER_FROM_CAMERA)
        unseen[C.HIP_FLEXION_L] = Unseen.UNCERTAIN
    if 86 < t < 92:
        unseen |= dict.fromkeys((C.HIP_FLEXION_L, C.KNEE_FLEXION_L), Unseen.OCCLUDED)
    unseen |= dict.fromkeys((C.ANKLE_DORSIFLEXION_L, C.ANKLE_DORSIFLEXION_R), Unseen.OUT_OF_FRAME)
    hip = 5 - 22 * depth + sway
    tilt = 2 + 0.4 * sway + tipping * depth
    knee = 90 - 22 * depth + 0.5 * sway
    angles = _START_POSE | {
        C.HIP_FLEXION_L: hip, C.KNEE_FLEXION_L: knee, C.KNEE_FLEXION_R: 90 + 12 * depth,
        C.HIP_FLEXION_R: 88 + 6 * depth, C.PELVIS_TILT: tilt, C.LUMBAR_FLEXION: -4 - 0.3 * tilt,
        C.TRUNK_FLEXION: 3 + 0.5 * sway, C.THORAX_FLEXION: -2.0, C.TRUNK_SIDE_LEAN: 1.0,
    }  # fmt: skip
    body = body_state(t, angles, unseen=unseen)
    known = C.HIP_FLEXION_L not in unseen and pelvis_seen
    psoas = 0.42 + 0.40 * depth - 0.018 * tipping * depth + 0.006 * sway
    position = (psoas - 0.55) / 0.37
    targets = [(MuscleGroup.PSOAS, Side.LEFT), (MuscleGroup.ILIACUS, Side.LEFT)]
    tissue = tissue_state(
        t,
        {targets[0]: psoas, targets[1]: psoas + 0.05, (MuscleGroup.RECTUS_FEMORIS, Side.LEFT): 0.6},
        claimed=known,
        positions=dict.fromkeys(targets, position) if known else None,
    )
    return FrameLogged(body, tissue, _lunge_guidance(t, phase, depth, clock, known, tilt, step_s))


def _lunge_guidance(
    t: float,
    phase: Phase,
    depth: float,
    clock: _LungeClock,
    known: bool,
    tilt: float,
    step_s: float,
) -> Guidance:
    waiting: tuple[str, ...] = ()
    if phase is Phase.HOLD:
        if not known:
            waiting = ("not_known.pelvis_tilt",)
            clock.uncertain_s += step_s
        elif tilt > 8:
            waiting = ("compensation.pelvis_tilt",)
        else:
            clock.effective_s += step_s
    return Guidance(
        t_s=t,
        phase=phase,
        exercise_id="half_kneeling_hip_flexor",
        side=Side.LEFT,
        repetition=clock.repetition,
        repetitions=2,
        phase_s=0.0,
        effective_s=clock.effective_s,
        uncertain_s=clock.uncertain_s,
        hold_target_s=_HOLD_S,
        in_window=(tilt <= 8) if known and phase is Phase.HOLD else None,
        gauge=None,
        waiting_for=waiting,
    )


def measured(*, anatomy: DrawingSource | None = None, name: str = "walk.mp4") -> ReportInput:
    """A recording without an exercise: sitting down and standing up again."""
    frames = []
    for t in np.arange(0.0, 20.0, 0.1):
        depth = 0.5 - 0.5 * np.cos(2 * np.pi * t / 20.0)
        unseen = dict.fromkeys((*_CAMERA_NEVER, *_FROM_SIDE), Unseen.VIEW)
        angles = {C.HIP_FLEXION_L: 75 * depth, C.HIP_FLEXION_R: 75 * depth,
                  C.KNEE_FLEXION_L: 90 * depth, C.KNEE_FLEXION_R: 90 * depth,
                  C.TRUNK_FLEXION: 20 * depth}  # fmt: skip
        fractions = {(MuscleGroup.GLUTEUS_MAXIMUS, s): 0.3 + 0.4 * depth for s in Side}
        frames.append(
            FrameLogged(
                body_state(float(t), angles, unseen=unseen, sd_deg=4.0),
                tissue_state(float(t), fractions),
                None,
            )
        )
    started = started_with(None, None, name=name, simulated=False)
    return ReportInput(
        started=started,
        ended=SessionEnded(20.0, True, len(frames)),
        frames=frames,
        decisions=[],
        totals=totals_of(started, frames, effective_s=None, uncertain_s=None),
        exercise=None,
        anatomy=anatomy,
    )


def empty(*, coached: bool) -> ReportInput:
    """A recording in which nobody was seen."""
    name = "half_kneeling_hip_flexor" if coached else None
    started = started_with(name, None, name="dark.mp4", simulated=False)
    return ReportInput(
        started=started,
        ended=SessionEnded(4.0, True, 0),
        frames=[],
        decisions=[],
        totals=totals_of(
            started,
            [],
            effective_s=0.0 if coached else None,
            uncertain_s=0.0 if coached else None,
            rejections={"camera.no_person": 120},
        ),
        exercise=exercise(name) if name else None,
        anatomy=None,
    )


def started_with(
    exercise_id: str | None, side: Side | None, *, name: str, simulated: bool
) -> SessionStarted:
    return SessionStarted(
        version=1,
        session_id="20251122T100412Z-3fa9c1",
        started_utc="2025-11-22T10:04:12.000Z",
        software="lengthwise 0.1.0",
        config=SessionConfig(exercise_id=exercise_id, side=side),
        recording=RecordingHeader(
            name=name,
            driver="video",
            streams=(CameraStream(1280, 720, 30.0, view=View.LEFT),),
            simulated=simulated,
        ),
        person=Person("unnamed"),
    )


def totals_of(
    started: SessionStarted,
    frames: list[FrameLogged],
    *,
    effective_s: float | None,
    uncertain_s: float | None,
    complete: bool = True,
    rejections: dict[str, int] | None = None,
) -> SessionTotals:
    count = max(len(frames), 1)
    return SessionTotals(
        session_id=started.session_id,
        started_utc=started.started_utc,
        duration_s=frames[-1].body.t_s if frames else 4.0,
        frames=len(frames),
        exercise_id=started.config.exercise_id,
        effective_s=effective_s,
        uncertain_s=uncertain_s,
        rejections=rejections or {},
        claimed_ratio={
            c.value: sum(f.body.claimed(c) is not None for f in frames) / count for c in COORDINATES
        },
        simulated=started.recording.simulated,
        complete=complete,
    )
