"""Use case: guide a simulated person through an exercise, coach and person answering each other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise import __version__
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.devices import Drive, Pull
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import Observation, Rejection
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    BandOrdered,
    DecisionLogged,
    FrameLogged,
    RampAsked,
    SessionConfig,
    SessionEvent,
    SessionStarted,
)
from lengthwise.contracts.states import Estimate
from lengthwise.live.analyze import (
    AnalyzeResult,
    Listener,
    new_session_id,
    now_utc,
    run_session,
)
from lengthwise.live.hindsight import Hindsight
from lengthwise.live.learning import check_stated
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.out_folder import check_out, prepared_folder
from lengthwise.live.params import body_measures, pipeline_params, range_bounds
from lengthwise.live.rehearsal_band import BandCarry, BandWorn, band_device
from lengthwise.live.rehearsal_devices import Carry, DevicesWorn, over_devices
from lengthwise.live.sequencer import Came
from lengthwise.live.session import session_events
from lengthwise.reference.exercises import exercise
from lengthwise.sim.band_on_person import BandOnPerson
from lengthwise.sim.faults import Fault, FaultKind
from lengthwise.sim.marks import simulated_person
from lengthwise.sim.motion import Traits
from lengthwise.sim.recording import Drawn, Plan, SimulatedRecording, not_drawn
from lengthwise.tissue.setup import setup_name

_LINGER_S = 1.0
_LAST_WORDS_S = 6.0
"""After the end, at most: its words wait for those before them."""
_OVER = (Phase.DONE, Phase.STOPPED)


class Rehearsal(Struct, frozen=True):
    """`calibrated` false: a person without marks, led by first gentle pulls alone. `replace`: a
    finished session in `out` may be given up. `language` of what the coach says; None: English.
    `cue_share` of the corrections is said, None: all; `check`: an uncued retention check.
    `ramp`: led to tolerance before the holds, as `care` permits; where `plan.taps` names a sensor,
    its taps are listened to. `devices`: the worn sensors are heard as devices, which is nothing
    that a person would notice; None: as in a recording. `band`: a simulated band that the session
    may drive, and where it pulls.
    """

    plan: Plan
    out: Path
    calibrated: bool = True
    replace: bool = False
    language: str | None = None
    cue_share: float | None = None
    check: bool = False
    ramp: bool = False
    care: Care = Care()
    devices: DevicesWorn | None = None
    band: tuple[Drive, Pull] | None = None


def rehearse(
    request: Rehearsal,
    *,
    listener: Listener = lambda _: None,
    begun: Callable[[], None] = lambda: None,
    carry: Carry | None = None,
    band: BandOnPerson | None = None,
    band_carry: BandCarry | None = None,
) -> AnalyzeResult:
    """One guided session of the simulated person, written like any other, labelled simulated.

    `begun` is told once everything that was asked for has been found in order; `carry`: how what
    devices notify gets here; `band` that is driven, and how it is spoken with.
    """
    check_out(request.out, keep=request.out, replace=request.replace)
    worn = None
    if request.band is not None:
        traits = request.plan.traits or Traits.drawn(request.plan.seed)
        band = BandOnPerson(seed=request.plan.seed) if band is None else band
        worn = BandWorn(traits, band, carry=band_carry)
    led = Led(request.plan, drawn=not_drawn if worn is None else worn.drawn)
    started = rehearsal_started(request, led.recording)
    params = pipeline_params(started)

    def listen(event: SessionEvent) -> None:
        led.hear(event)
        if worn is not None and isinstance(event, BandOrdered):
            worn.order(event.order)
        listener(event)

    begun()
    came: Iterator[Came | Rejection] = led.observations()
    if worn is not None:
        came = worn.beside(led.observations(), lambda: led.phase)
    elif request.devices is not None:
        came = over_devices(
            led.observations(),
            request.devices,
            phase=lambda: led.phase,
            pose_rad=lambda: led.recording.pose_rad,
            carry=carry,
        )
    hindsight, learnt = Hindsight(), LearningTaken(params)
    return run_session(
        started,
        session_events(params, came, look_back=hindsight.take, watch=learnt.watch),
        hindsight=hindsight,
        learnt=learnt,
        anatomy=params.anatomy,
        folder=prepared_folder(request.out, keep=request.out, replace=request.replace),
        listener=listen,
    )


class Led:
    """Carries the coach's latest guidance to the simulated person; ends a little after the end."""

    def __init__(self, plan: Plan, *, drawn: Drawn = not_drawn) -> None:
        self._latest: Guidance | None = None
        self._over_s: float | None = None
        self._ends_s: float | None = None
        self.recording = SimulatedRecording(
            plan,
            guide=lambda _t_s: self._latest,
            drawn=drawn,
        )

    def hear(self, event: SessionEvent) -> None:
        if isinstance(event, FrameLogged) and event.guidance is not None:
            self._latest = event.guidance
            if self._over_s is None and event.guidance.phase in _OVER:
                self._over_s = event.guidance.t_s
        elif isinstance(event, DecisionLogged) and self._ends_s is None:
            said = event.decision
            if said.phase in _OVER and said.text is not None:
                self._ends_s = said.t_s + _LINGER_S

    @property
    def phase(self) -> Phase | None:
        return None if self._latest is None else self._latest.phase

    @property
    def gauge(self) -> Estimate | None:
        """Where the person is shown to be in their window."""
        return None if self._latest is None else self._latest.gauge

    def observations(self) -> Iterator[Observation]:
        for observation in self.recording.read():
            if self._over(observation.t_s):
                return
            yield observation

    def _over(self, t_s: float) -> bool:
        if self._over_s is None:
            return False
        longest_s = self._over_s + _LAST_WORDS_S
        return t_s > (longest_s if self._ends_s is None else min(self._ends_s, longest_s))


def rehearsal_started(request: Rehearsal, recording: SimulatedRecording) -> SessionStarted:
    """What such a session begins with: the simulated person's own marks, or none."""
    plan = request.plan
    devices = request.devices.devices(recording.header.streams) if request.devices else ()
    if request.band is not None:
        devices = (*devices, band_device(*request.band))
    config = SessionConfig(
        exercise_id=plan.exercise_id,
        side=None if plan.both_sides else plan.side,
        zero_s=(0.5, plan.stand_s) if plan.stand_s > 1 else None,
        height_m=recording.traits.height_m,
        language=request.language,
        cue_share=request.cue_share,
        check=request.check or None,
        repositioning=plan.looks_for,
        care=request.care,
        ramp=RampAsked((), holds=True) if request.ramp else None,
        tap_segment=plan.taps,
        devices=devices or None,
    )
    check_stated(config)
    person = Person("simulated", simulated=True)
    if request.calibrated:
        anatomy = Anatomy.build(body_measures(config, person))
        person = simulated_person(
            recording.traits,
            exercise(plan.exercise_id),
            anatomy=anatomy,
            bounds=range_bounds(anatomy, data_home()),
            setup=setup_name(recording.header.streams) or "",
        )
    return SessionStarted(
        version=LOG_VERSION,
        session_id=new_session_id(),
        started_utc=now_utc(),
        software=f"lengthwise {__version__}",
        config=config,
        recording=msgspec.structs.replace(recording.header, duration_s=None),
        person=person,
    )


def lunge(out: Path, *, seed: int) -> Rehearsal:
    """The demo's guided lunge: sensors at sacrum, lowest rib, thighs and shanks.

    The person is a supple one, with 22 degrees of hip between first resistance and tolerance: a
    window of 12 is narrower than what these sensors tell apart, and the coach would lead by the
    first gentle pull. Once in each hold the pelvis tips 11 degrees forward.
    """
    supple = msgspec.structs.replace(Traits.drawn(seed), first_resistance=0.12, tolerance=1.0)
    plan = Plan(
        exercise_id="half_kneeling_hip_flexor",
        side=Side.LEFT,
        seed=seed,
        sensors="imu6",
        duration_s=600.0,
        both_sides=True,
        faults=(Fault(FaultKind.PELVIS_TIPS, 12.0, 20.0, 0.19),),
        traits=supple,
    )
    return Rehearsal(plan, out)
