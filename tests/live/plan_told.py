"""What a person tells a plan, and the plan that comes of it."""

from datetime import datetime, timedelta

from kept_days import of_day
from msgspec.structs import replace

from lengthwise.contracts.answers import AnswerName
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.own_plan import AtHand, Intake, Tight, TightPlace
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.live.own_plan_shown import PlanShown, TodayShown
from lengthwise.live.own_plan_shown import plan_shown as shown_at
from lengthwise.live.own_plan_told import DaySaid, tell_day, tell_intake
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

GOOD = {q.id: q.good for q in screening().question}
VERSION = screening().version


DAY = timedelta(days=1)
NOON = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)
NOW_S = NOON.timestamp()
LASTING = {AnswerName.COURSE: "chronic", AnswerName.HYPERMOBILE: "1", AnswerName.IRRITABLE: "no"}
NONE_OF_THESE = {AnswerName.FLARE: "no", AnswerName.IRRITABLE: "no", AnswerName.LEG_SIGN: "no"}
INTAKE = Intake(
    usual_nrs=2.0,
    where="low back, left",
    movement="getting out of the car",
    activity="carry my child upstairs",
    at_hand=(AtHand.CHAIR, AtHand.MAT),
    tight=(
        Tight(TightPlace.THIGH_BACK, Side.LEFT),
        Tight(TightPlace.THIGH_BACK, Side.RIGHT),
        Tight(TightPlace.HIP_FRONT, Side.LEFT),
    ),
)


def plan_shown(store: ProfileStore, *, at_s: float = NOW_S) -> PlanShown:
    return shown_at(store, at_s=at_s)


def today(store: ProfileStore, *, at_s: float = NOW_S) -> TodayShown:
    found = plan_shown(store, at_s=at_s).today
    assert found is not None
    return found


def all_told(store: ProfileStore, *, at_s: float = NOW_S, pain: float = 2.0) -> None:
    tell_intake(store, INTAKE, LASTING, at_s=at_s)
    tell_day(store, DaySaid(pain=pain, answers=NONE_OF_THESE), at_s=at_s)


def led(
    store: ProfileStore,
    at: datetime,
    *,
    before: float,
    most: float | None,
    exercise_id: str | None = None,
) -> str:
    """A session of that time, with what was told of it."""
    session_id = f"{at:%Y%m%dT%H%M%S}Z-a1b2c3"
    utc = datetime.fromtimestamp(at.timestamp()).astimezone().isoformat()
    done = replace(of_day(1), session_id=session_id, started_utc=utc)
    if exercise_id is not None:
        done = replace(done, exercise_id=exercise_id)
    store.add_session(done, store.session_folder(session_id).sealed)
    store.tell_pain(PainTold(session_id, PainMoment.BEFORE, before, at.timestamp()))
    if most is not None:
        store.tell_pain(PainTold(session_id, PainMoment.MOST, most, at.timestamp()))
        store.tell_pain(PainTold(session_id, PainMoment.AFTER, before, at.timestamp()))
    return session_id
