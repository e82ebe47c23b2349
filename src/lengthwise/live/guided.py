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
from lengthwise.contracts.errors import InputError, SafetyRefusedError
from lengthwise.contracts.observation import (
    CameraStream,
    PoseModel,
    Posture,
    RecordingHeader,
    Stream,
)
from lengthwise.contracts.person import Mark
from lengthwise.contracts.screening import Screened, YesNo
from lengthwise.contracts.session import (
    LOG_VERSION,
    SessionConfig,
    SessionStarted,
    SessionTotals,
)
from lengthwise.live.analyze import new_session_id, now_utc
from lengthwise.live.kept_answers import care_at
from lengthwise.live.kept_findings import calibration_notes
from lengthwise.live.kept_marks import mark_notes
from lengthwise.live.learning import with_cues
from lengthwise.live.personal_limits import limit_notes
from lengthwise.live.phone_standing import Worn
from lengthwise.live.todays_windows import person_at, window_notes
from lengthwise.plan.eligible import raised
from lengthwise.plan.screening import Refusal, Result, may_answer_again, refusal, result
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import Exercise, exercises
from lengthwise.reference.screening import screening
from lengthwise.tissue.setup import setup_name

LIVE_DRIVER = "live"
_WHY = {
    Refusal.NEVER_ANSWERED: "the safety questions have not been answered yet",
    Refusal.OTHER_VERSION: "the safety questions have changed since they were answered",
    Refusal.FROM_THE_FUTURE: "the safety questions were answered later than now",
    Refusal.EXPIRED: "the safety questions were answered more than a week ago",
    Refusal.OUTCOME: "an answer to the safety questions needs somebody to look first",
    Refusal.EXERCISE_BARRED: "an answer to the safety questions leaves this exercise out",
    Refusal.STOPPED_SINCE: "the last session ended with a symptom or with pain",
}


class GuidedRequest(Struct, frozen=True):
    """What a page asks for. `width_px`, `height_px` of the image; `phone`: one that is
    worn, and when the person stood still with it, which the session begins with; `baseline_nrs`:
    pain now, 0 to 10."""

    exercise_id: str
    width_px: int
    height_px: int
    pose_model: PoseModel
    side: Side | None = None
    height_m: float | None = None
    phone: Worn | None = None
    language: str | None = None
    baseline_nrs: float | None = None


class Standing(Struct, frozen=True):
    """How somebody stands with the safety questions now. `refusal` None: may be led."""

    refusal: Refusal | None
    result: Result | None
    may_answer: bool


def standing(store: ProfileStore, exercise: Exercise | None = None) -> Standing:
    """Whether the person of a profile may be led now, and through that exercise."""
    asked, now_s, given = screening(), time.time(), _latest(store)
    (why,) = _refusals(store, (exercise,), given, now_s=now_s)
    found = None if given is None else result(asked, given.answers)
    return Standing(why, found, _may_answer(store, now_s))


def refusals(store: ProfileStore) -> dict[str, Refusal | None]:
    """Why each exercise may not be led now; what is stored is asked once for all of them."""
    known = tuple(exercises().values())
    found = _refusals(store, known, _latest(store), now_s=time.time())
    return {e.id: why for e, why in zip(known, found, strict=True)}


def _refusals(
    store: ProfileStore,
    chosen: Sequence[Exercise | None],
    given: Screened | None,
    *,
    now_s: float,
) -> list[Refusal | None]:
    """For each exercise; None: for whether any may be led."""
    stopped = store.stopped_since_screening()
    barred = raised(care_at(Care(), store.person(), now_utc(), now=True))
    found = []
    for e in chosen:
        why = refusal(screening(), given, now_s=now_s, exercise=e, stopped_since=stopped)
        if why is None and e is not None and barred & set(e.contraindications):
            why = Refusal.EXERCISE_BARRED
        found.append(why)
    return found


def _may_answer(store: ProfileStore, now_s: float) -> bool:
    """Whether new answers are taken (rule S).

    Answers that refer somebody and seem to be of later than now were given under another clock, so
    nobody knows how long ago: the day that has to pass begins anew, once. Each time at which the
    same was told must be a day away, so that setting the clock back shortens no wait.
    """
    asked, given = screening(), store.screenings()
    if not given:
        return may_answer_again(asked, None, now_s=now_s)
    same = [s for s in given if (s.version, s.answers) == (given[-1].version, given[-1].answers)]
    known = [s for s in same if s.at_s <= now_s]
    if known:
        return all(may_answer_again(asked, s, now_s=now_s) for s in known)
    if may_answer_again(asked, given[-1], now_s=now_s):
        return True
    store.add_screening(replace(given[-1], at_s=now_s))
    return False


def answer(store: ProfileStore, answers: dict[str, YesNo], *, version: int) -> Standing:
    """Keep the answers, and say how the person stands. Raises SafetyRefusedError where answers are
    changed that somebody has to look at first."""
    now_s = time.time()
    if not _may_answer(store, now_s):
        raise SafetyRefusedError(
            "changing the answers",
            reason="what you answered needs somebody to look first",
            remedy="answer all questions again when that was done, tomorrow at the earliest",
        )
    store.add_screening(Screened(version, now_s, answers))
    return standing(store)


def guided_started(store: ProfileStore, request: GuidedRequest) -> SessionStarted:
    """What a guided session begins with. Raises SafetyRefusedError without a clearance, InputError
    on an exercise that is not known."""
    chosen = exercises().get(request.exercise_id)
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
    person = person_at(kept, started_utc, setup=setup)
    config = SessionConfig(
        exercise_id=chosen.id,
        side=request.side,
        zero_s=_zero_s(request.phone, chosen),
        height_m=request.height_m,
        tap_segment=None if request.phone is None else request.phone.segment,
        taps_only_stop=None if request.phone is None else True,
        care=care_at(Care(baseline_nrs=request.baseline_nrs), kept, started_utc, now=True),
        language=request.language,
    )
    config, of_cues = with_cues(config, store.sessions(), started_utc, recorded=None)
    notes = (
        *calibration_notes(person, streams, started_utc),
        *mark_notes(person, started_utc),
        *window_notes(kept, started_utc, setup=setup),
        *of_cues,
        *limit_notes(config, person, started_utc),
    )
    return SessionStarted(
        version=LOG_VERSION,
        session_id=new_session_id(),
        started_utc=started_utc,
        software=f"lengthwise {__version__}",
        config=config,
        recording=RecordingHeader(
            "live", LIVE_DRIVER, streams, started_utc=started_utc, notes=notes
        ),
        person=person,
    )


def check_may_be_led(store: ProfileStore, chosen: Exercise) -> None:
    """Raises SafetyRefusedError without a clearance."""
    why = standing(store, chosen).refusal
    if why is not None:
        raise SafetyRefusedError(
            f"leading {chosen.name}", reason=_WHY[why], remedy="begin with the safety questions"
        )


def folder_of(store: ProfileStore, session_id: str) -> Path:
    """Where a session of this profile is recorded, created."""
    return store.session_folder(session_id).create().path


def keep_session(store: ProfileStore, totals: SessionTotals, marks: tuple[Mark, ...]) -> None:
    """List a finished session with its marks."""
    if not totals.frames:
        return
    store.add_session(totals, folder_of(store, totals.session_id) / SEALED_NAME)
    if marks:
        person = replace(store.person(), simulated=totals.simulated)
        store.save_person(person.with_marks(marks))


def keep_stop(store: ProfileStore, session_id: str, *, at_s: float | None = None) -> None:
    """A session ended with a symptom or with pain (`at_s` None: now), or broke, and how it ended is
    not known: answers that were kept before it no longer count, whatever the clock says."""
    store.add_safety_stop(session_id, at_s=time.time() if at_s is None else at_s)


def _latest(store: ProfileStore) -> Screened | None:
    answers = store.screenings()
    return answers[-1] if answers else None


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
    return (camera,) if request.phone is None else (camera, request.phone.stream())


def _zero_s(phone: Worn | None, chosen: Exercise) -> tuple[float, float] | None:
    """A session with a phone begins with standing still, which is its zero. Where the exercise
    begins in standing itself, camera and phone find theirs there together: what only the phone has
    felt would leave the camera without one."""
    if phone is None or chosen.start_posture is Posture.STANDING:
        return None
    return 0.0, phone.stood_s[1] - phone.stood_s[0]
