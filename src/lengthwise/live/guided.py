"""Use cases of a guided live session: who may begin one, with what, and what is kept of it.

Nothing here trusts the page: whether a person may be led is asked of what is stored, each time.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from lengthwise import __version__
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.devices import WornDevice
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import (
    CameraStream,
    ImuStream,
    PoseModel,
    Posture,
    RecordingHeader,
    Stream,
)
from lengthwise.contracts.person import Mark, RampLed
from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.contracts.session import (
    LOG_VERSION,
    SessionConfig,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.cleared import Cleared, cleared
from lengthwise.live.constant_edits import edit_notes
from lengthwise.live.kept_answers import care_at, flare_told_s
from lengthwise.live.kept_findings import calibration_notes
from lengthwise.live.kept_marks import mark_notes
from lengthwise.live.learning import with_cues
from lengthwise.live.own_plan import PlanOfToday, held_back, plan_of_today, planned_rounds
from lengthwise.live.personal_limits import limit_notes
from lengthwise.live.plan_book import book_of
from lengthwise.live.ramp_asked import asked_on, check_permitted
from lengthwise.live.session_name import new_session_id, now_utc
from lengthwise.live.todays_windows import person_at, window_notes
from lengthwise.live.worn import Worn
from lengthwise.plan.clearance import Clearance, clearance
from lengthwise.plan.eligible import as_screened, raised
from lengthwise.plan.screening import (
    Refusal,
    Result,
    adds_to,
    due,
    may_answer,
    refusal,
)
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.reference.effort import named_rules
from lengthwise.reference.exercises import Exercise, led_exercises
from lengthwise.reference.screening import screening
from lengthwise.reference.screening_words import check_asked_in
from lengthwise.reference.translations import ENGLISH
from lengthwise.tissue.setup import setup_name

LIVE_DRIVER = "live"
_WHY = {
    Refusal.NEVER_ANSWERED: "the safety questions have not been answered yet",
    Refusal.OTHER_VERSION: "the safety questions have changed since they were answered",
    Refusal.FROM_THE_FUTURE: "the safety questions were answered later than now",
    Refusal.EXPIRED: "some of the safety questions were answered too long ago",
    Refusal.OUTCOME: "an answer to the safety questions needs somebody to look first",
    Refusal.EXERCISE_BARRED: "an answer to the safety questions leaves this exercise out",
    Refusal.STOPPED_SINCE: "the last session ended with a symptom or with pain",
    Refusal.FLARE_SINCE: "your back has become worse since the safety questions were answered",
    Refusal.HELD: "two sessions within a week were stopped by a symptom",
}


_BEGIN = "begin with the safety questions"
_REMEDY = {Refusal.HELD: "breathe or walk, and let a doctor or physiotherapist have a look"}


class GuidedRequest(Struct, frozen=True):
    """What a page asks for. `width_px`, `height_px` of the image; `phone`: one that is
    worn, and when the person stood still with it, which the session begins with; `devices` that
    are heard, `sensors` of them that are worn on a segment, `stood_s`: when
    the person stood still with these; `baseline_nrs`: pain now, 0 to 10. `ramp`: in place of holds
    a ramp to tolerance; `warm`: whether the person has moved gently just before it."""

    exercise_id: str
    width_px: int
    height_px: int
    pose_model: PoseModel
    side: Side | None = None
    height_m: float | None = None
    phone: Worn | None = None
    devices: tuple[WornDevice, ...] = ()
    sensors: tuple[ImuStream, ...] = ()
    stood_s: tuple[float, float] | None = None
    language: str | None = None
    baseline_nrs: float | None = None
    ramp: bool = False
    warm: bool | None = None


class Standing(Struct, frozen=True):
    """How somebody stands with the safety questions now. `refusal` None: may be led."""

    refusal: Refusal | None
    result: Result | None
    may_answer: bool


def standing(store: ProfileStore, exercise: Exercise | None = None) -> Standing:
    """Whether the person of a profile may be led now, and through that exercise: the one door,
    for whoever begins, comes back or looks at a list."""
    now = cleared(store)
    (why,) = _refusals(store, now, (exercise,))
    told = now.result if now.state.anything or now.state.flags else None
    return Standing(why, told, _may(store, now.state, now.now_s))


def refusals(store: ProfileStore) -> dict[str, Refusal | None]:
    """Why each exercise may not be led now; what is stored is asked once for all of them."""
    known = tuple(led_exercises().values())
    found = _refusals(store, cleared(store), known)
    return {e.id: why for e, why in zip(known, found, strict=True)}


def bars_now(store: ProfileStore) -> frozenset[str]:
    """Rules by which exercises are left out now, where the person may be led at all."""
    now, today = cleared(store), plan_of_today(store, at_s=time.time())
    return _bars(store, now, today) | now.result.barred


def _bars(store: ProfileStore, now: Cleared, today: PlanOfToday) -> frozenset[str]:
    care = _care_now(store, Care(), today, now_utc())
    word = book_of(store).clinician
    lifted = frozenset() if word is None else frozenset(word.lifted)  # of phase and flare alone
    return (raised(as_screened(care, now.result.barred)) - lifted) | today.bars


def _refusals(
    store: ProfileStore, now: Cleared, chosen: Sequence[Exercise | None]
) -> list[Refusal | None]:
    """For each exercise, or for whether any may be led (None)."""
    asked, today = screening(), plan_of_today(store, at_s=now.now_s)
    barred = _bars(store, now, today)
    found: list[Refusal | None] = []
    for e in chosen:
        why = now.refusal
        if e is not None and why is None:
            why = refusal(asked, now.state, now_s=now.now_s, flare_s=now.flare_s, exercise=e)
            if why is None and today.held and held_back(e):
                why = Refusal.HELD
            elif why is None and barred & set(named_rules(e)):
                why = Refusal.EXERCISE_BARRED
        found.append(why)
    return found


def care_today(store: ProfileStore, at_utc: str) -> Care:
    """The care of a session that would begin now, with nothing stated for it."""
    today = plan_of_today(store, at_s=time.time())
    return as_screened(_care_now(store, Care(), today, at_utc), cleared(store).result.barred)


def _care_now(store: ProfileStore, told: Care, today: PlanOfToday, at_utc: str) -> Care:
    """With what was answered; the easy days of a flare hold whatever was answered since."""
    care = care_at(told, store.person(), at_utc, now=True)
    return replace(care, flare=True) if today.easy else care


def questions_now(store: ProfileStore) -> tuple[str, ...]:
    """Ids of what is to be answered now; all questions where nothing is."""
    asked = screening()
    flare_s = flare_told_s(store.person(), now_utc())
    found = due(asked, _clearance(store), now_s=time.time(), flare_s=flare_s)
    return found or tuple(q.id for q in asked.question)


def _may(store: ProfileStore, state: Clearance, now_s: float) -> bool:
    """Whether new answers are taken (rule S).

    What is open and seems to have been told later than now was told under another clock, so nobody
    knows how long ago: the day that has to pass begins anew, once.
    """
    asked = screening()
    if not may_answer(asked, state, now_s=now_s):
        unknown = {f for f, told_s in state.flags.items() if not any(t <= now_s for t in told_s)}
        known = [q for q in asked.question if q.id in unknown]
        if known:
            anew = {q.id: q.raised for q in known}
            store.add_screening(Screened(asked.version, now_s, anew))
        return False
    return True


def answer(
    store: ProfileStore, answers: dict[str, YesNo], *, version: int, language: str = ENGLISH
) -> Standing:
    """Keep the answers, and say how the person stands. What is new and raises something is taken at
    any time: it clears nothing.

    Raises SafetyRefusedError where answers are changed that somebody has to look at first,
    InputError where they were read in words that nobody has reviewed.
    """
    check_asked_in(language)
    now_s, state = time.time(), _clearance(store)
    if not _may(store, state, now_s) and not adds_to(screening(), state, answers):
        raise SafetyRefusedError(
            "changing the answers",
            reason="what you answered needs somebody to look first",
            remedy="answer all questions again when that was done, tomorrow at the earliest",
        )
    store.add_screening(Screened(version, now_s, answers))
    return standing(store)


def guided_started(store: ProfileStore, request: GuidedRequest) -> SessionStarted:
    """What a guided session begins with. Raises SafetyRefusedError without a clearance, or where a
    ramp is asked for and not permitted; InputError on an exercise that is not known, a ramp of no
    side, or where a real person's profile would hold a simulated one's figures."""
    chosen = led_exercises().get(request.exercise_id)
    if chosen is None:
        raise InputError(
            "exercise",
            value=request.exercise_id,
            allowed="one of the list",
            remedy="see: lengthwise exercises list",
        )
    check_may_be_led(store, chosen)
    started_utc, streams = now_utc(), _streams(request, chosen)
    setup = setup_name(streams)
    kept = store.person()
    made_up = [d.name for d in _devices(request) if d.simulated]
    _check_real(made_up, simulated=kept.simulated, profile=store.profile_id)
    person = person_at(kept, started_utc, setup=setup)
    today = plan_of_today(store, at_s=time.time())
    stated = Care(baseline_nrs=request.baseline_nrs, warm=request.warm if request.ramp else None)
    care = _care_now(store, stated, today, started_utc)
    config = SessionConfig(
        exercise_id=chosen.id,
        side=request.side,
        zero_s=_zero_s(request.phone, chosen, stood_s=request.stood_s),
        height_m=request.height_m,
        tap_segment=None if request.phone is None else request.phone.segment,
        taps_only_stop=None if request.phone is None else True,
        care=as_screened(care, cleared(store).result.barred),
        language=request.language,
        devices=_devices(request) or None,
        rounds=planned_rounds(store, chosen.id, at_s=time.time()),
        ramp=asked_on(kept, started_utc, now=True) if request.ramp else None,
    )
    check_permitted(config)
    config, of_cues = with_cues(config, store.sessions(), started_utc, recorded=None)
    notes = (
        *calibration_notes(person, streams, started_utc),
        *mark_notes(person, started_utc),
        *window_notes(kept, started_utc, setup=setup),
        *of_cues,
        *limit_notes(config, person, started_utc),
        *edit_notes(),
        *(f"{name} is a simulated stream: it measured nobody" for name in made_up),
    )
    return SessionStarted(
        version=LOG_VERSION,
        session_id=new_session_id(),
        started_utc=started_utc,
        software=f"lengthwise {__version__}",
        config=config,
        recording=RecordingHeader(
            "live",
            LIVE_DRIVER,
            streams,
            started_utc=started_utc,
            simulated=bool(made_up),
            notes=notes,
        ),
        person=person,
    )


def _check_real(made_up: Sequence[str], *, simulated: bool, profile: str) -> None:
    """Simulated and real are never mixed: not in one profile, nor in one session."""
    if made_up and not simulated:
        names = ", ".join(made_up)
        raise InputError(
            "devices",
            value=f"{names}: a simulated stream, which measures nobody",
            allowed=f"devices that measure the person of profile {profile}",
            remedy="leave it out, or choose the profile of a simulated person",
        ).coded("device_simulated", names=names)


def check_may_be_led(store: ProfileStore, chosen: Exercise) -> None:
    """Raises SafetyRefusedError without a clearance: without a code, for words of safety stay as
    they were reviewed (docs/decisions/0095)."""
    why = standing(store, chosen).refusal
    if why is not None:
        raise SafetyRefusedError(
            f"leading {chosen.name}", reason=_WHY[why], remedy=_REMEDY.get(why, _BEGIN)
        )


def folder_of(store: ProfileStore, session_id: str) -> Path:
    """Where a session of this profile is recorded, created."""
    return store.session_folder(session_id).create().path


def keep_session(
    store: ProfileStore,
    totals: SessionTotals,
    marks: tuple[Mark, ...],
    ramps: tuple[RampLed, ...] = (),
) -> None:
    """List a finished session with its marks; ramps that were begun count whatever came of them."""
    keep_ramps(store, ramps)
    if not totals.frames:
        return
    store.add_session(totals, folder_of(store, totals.session_id) / SEALED_NAME)
    if marks:
        person = replace(store.person(), simulated=totals.simulated)
        store.save_person(person.with_marks(marks))


def keep_ramps(store: ProfileStore, ramps: tuple[RampLed, ...]) -> None:
    """Each takes the place of what was kept of the same one when it began."""
    if ramps:
        store.save_person(store.person().with_ramps(ramps))


def keep_stop(store: ProfileStore, session_id: str, *, at_s: float | None = None) -> None:
    """A session ended with a symptom or with pain (`at_s` None: now), or broke, and how it ended is
    not known: answers that were kept before it no longer count, whatever the clock says."""
    store.add_safety_stop(session_id, at_s=time.time() if at_s is None else at_s)


def _clearance(store: ProfileStore) -> Clearance:
    return clearance(screening(), store.told_of_safety())


def _streams(request: GuidedRequest, chosen: Exercise) -> tuple[Stream, ...]:
    camera = CameraStream(
        image_width_px=request.width_px,
        image_height_px=request.height_px,
        fps_hz=None,
        view=chosen.for_side(request.side or chosen.written_for).camera_view(),
        mirrored=False,
        pose_model=request.pose_model,
        has_world=True,
    )
    phone = () if request.phone is None else (request.phone.stream(),)
    known = {d.segment for d in _devices(request)}
    return (camera, *phone, *(s for s in request.sensors if s.segment in known))


def _devices(request: GuidedRequest) -> tuple[WornDevice, ...]:
    """A phone that is worn stands for a sensor on the same segment."""
    taken = None if request.phone is None else request.phone.segment
    return tuple(d for d in request.devices if d.segment is None or d.segment is not taken)


def _zero_s(
    phone: Worn | None, chosen: Exercise, *, stood_s: tuple[float, float] | None = None
) -> tuple[float, float] | None:
    """A session with a phone or worn sensors begins with standing still, which is their zero. Where
    the exercise begins in standing itself, camera and sensors find theirs there together: what only
    the sensors have felt would leave the camera without one. Beside a phone that stood, sensors
    are set by that standing too."""
    stood_s = phone.stood_s if phone is not None else stood_s
    if stood_s is None or chosen.start_posture is Posture.STANDING:
        return None
    return 0.0, stood_s[1] - stood_s[0]
