"""What is only timed: no path, no window, the time of being in the position or of walking."""

import math

import pytest
from coach_script import COUNTED, Follower, Moment, at, leaving, lumbar_load, vanish
from msgspec.structs import replace

from covering import covering
from lengthwise.coach.envelope import Action, Sight, strictest
from lengthwise.coach.limits.said import Now, Said
from lengthwise.coach.limits.tissue import LumbarSight
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase, Reason
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_parts import MOVES_ABOUT
from lengthwise.reference.exercises import Behaviour, Dose, Exercise, exercise, exercises

CALM = LumbarSight(Estimate(1.0, 0.1), 3.0, 3.0)


def short(exercise_id: str, hold_s: float = 20.0) -> Exercise:
    whole = exercise(exercise_id)
    return replace(whole, dose=Dose(hold_s, 1, 2.0, 0.0, "expert default"))


def between(begin_s: float, end_s: float, do):  # type: ignore[no-untyped-def]
    def change(m: Moment) -> None:
        if m.phase is Phase.HOLD and begin_s <= m.phase_s < end_s:
            do(m)

    return change


def sit_up(m: Moment) -> None:
    m.angles_deg[Coordinate.PELVIS_TILT] = 0.0
    m.angles_deg[Coordinate.TRUNK_FLEXION] = 0.0


def test_breathing_counts_the_seconds_in_the_position() -> None:
    person = Follower(short("supine_breathing")).run(60.0)
    assert person.phases() == [
        Phase.GET_READY, Phase.EASE_IN, Phase.HOLD, Phase.RELEASE, Phase.DONE
    ]  # fmt: skip
    effective_s, uncertain_s = person.holds()[None, 1]
    assert effective_s == pytest.approx(20.0, abs=0.21) and uncertain_s == 0.0
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"
    said = [d.text for d in person.of(DecisionKind.CUE)]
    assert "Let the breath come low into the belly." in said


@pytest.mark.parametrize(
    ("happens", "why"), [(vanish, "known.lost"), (sit_up, "get_ready.posture")]
)
def test_leaving_the_frame_or_the_position_pauses_and_coming_back_goes_on(
    happens: object, why: str
) -> None:
    """Ten seconds away: longer than what releases a stretch, and here nothing is under load."""
    person = Follower(short("supine_breathing"), change=between(5.0, 15.0, happens)).run(80.0)
    told = [d for d in person.decisions if d.kind in COUNTED]
    assert [d.kind for d in told] == [COUNTED[0], COUNTED[1], COUNTED[0]]
    assert told[1].reasons[0].id == why
    assert person.phases().count(Phase.HOLD) == 1
    assert person.holds()[None, 1][0] == pytest.approx(20.0, abs=0.3)
    held_s = leaving(person, Phase.HOLD).t_s - told[0].t_s
    assert held_s == pytest.approx(30.0, abs=0.5)


def test_someone_who_does_not_come_back_is_not_waited_for_without_end() -> None:
    person = Follower(short("supine_breathing"), change=between(5.0, 1e9, vanish)).run(80.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.time_bound"


def test_walking_needs_no_sight_says_so_once_and_claims_no_effective_second() -> None:
    person = Follower(short("walking"), change=vanish).run(60.0)
    assert person.phases()[-1] is Phase.DONE
    effective_s, uncertain_s = person.holds()[None, 1]
    assert effective_s == 0.0 and uncertain_s == pytest.approx(20.0, abs=0.21)
    said = [d for d in person.of(DecisionKind.CUE) if d.cue_id == "time.alone"]
    assert len(said) == 1 and "Nothing need be seen" in (said[0].text or "")
    assert [d.reasons[0].id for d in person.of(DecisionKind.NOT_KNOWN)] == ["time.alone"]
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"


@pytest.mark.parametrize("word", [SignalKind.STOP, SignalKind.LEG_SYMPTOM, SignalKind.DIZZY])
@pytest.mark.parametrize("exercise_id", ["walking", "supine_breathing"])
def test_a_stop_ends_what_is_timed_at_once(exercise_id: str, word: SignalKind) -> None:
    stop = at(word, phase=Phase.HOLD, after_s=4.0)
    person = Follower(short(exercise_id), signals=stop).run(30.0)
    assert person.phases()[-1] is Phase.HOLD
    assert person.of(DecisionKind.STOP)
    assert person.outputs[-1].guidance.phase is Phase.STOPPED


def test_a_cycle_is_too_quick_by_the_tempo_of_its_exercise() -> None:
    """Cat-cow asks for ten seconds: six of them are enough, the general four are not."""
    slow, quick = (Follower(exercise("cat_cow"), rate_hz=10.0) for _ in range(2))

    def sweep(cycle_s: float):  # type: ignore[no-untyped-def]
        begun_s: list[float] = []

        def change(m: Moment) -> None:
            if m.phase not in (Phase.EASE_IN, Phase.HOLD):
                return
            begun_s.append(m.t_s)
            wave = math.sin(2.0 * math.pi * (m.t_s - begun_s[0]) / cycle_s)
            for motion in exercise("cat_cow").path:
                end_deg = motion.end_deg if wave > 0 else motion.other_end_deg
                span = end_deg - motion.start_deg
                m.angles_deg[motion.coordinate] = motion.start_deg + abs(wave) * span

        return change

    slow.change, quick.change = sweep(7.0), sweep(5.0)
    assert slow.run(70.0).outputs[-1].guidance.cycles
    assert quick.run(70.0).outputs[-1].guidance.cycles == 0
    assert "cycle.fast" in quick.reason_ids()


def test_sets_multiply_the_repetitions() -> None:
    lunge = exercise("half_kneeling_hip_flexor")
    dose = replace(lunge.dose, hold_s=5.0, repetitions=2, sets=2)
    person = Follower(replace(lunge, dose=dose, bilateral=False)).run(250.0)
    assert person.outputs[-1].guidance.repetitions == 4
    assert len(person.holds()) == 4


def test_pain_eases_what_is_timed_aloud_and_stops_the_clock() -> None:
    pain = at(SignalKind.PAIN, phase=Phase.HOLD, after_s=4.0)
    person = Follower(short("suitcase_carry"), signals=pain, value=4.0).run(16.0)
    assert "ease" in {d.cue_id for d in person.of(DecisionKind.CUE)}
    assert sum(person.holds().get((Side.LEFT, 1), (0.0, 0.0))) < 6.0


def test_a_load_is_not_carried_with_much_pain_and_walking_is() -> None:
    care = Care(baseline_nrs=8.0)
    for exercise_id, begins in (("suitcase_carry", False), ("walking", True)):
        person = Follower(short(exercise_id), care=care).run(30.0)
        assert (Phase.EASE_IN in person.phases()) is begins, exercise_id


HELD_STILL = [e.id for e in exercises().values() if e.behaviour is Behaviour.HELD_STILL]


@pytest.mark.parametrize("exercise_id", HELD_STILL)
def test_nobody_holds_who_has_not_moved(exercise_id: str) -> None:
    e = exercise(exercise_id)

    def frozen(m: Moment) -> None:
        written = e.for_side(m.side)
        for motion in written.path:
            m.angles_deg[motion.coordinate] = motion.start_deg

    person = Follower(e, change=frozen, rate_hz=8.0).run(60.0)
    assert sum(effective for effective, _ in person.holds().values()) == 0.0


TIMED = [e.id for e in exercises().values() if e.behaviour is Behaviour.TIMED]


@pytest.mark.parametrize("exercise_id", TIMED)
def test_a_pain_without_a_number_begins_nothing(exercise_id: str) -> None:
    pain = at(SignalKind.PAIN, phase=Phase.GET_READY, after_s=0.0)
    person = Follower(short(exercise_id), signals=pain, value=math.nan).run(30.0)
    assert set(person.phases()) == {Phase.GET_READY}


def test_a_low_back_that_bears_too_much_is_eased_while_carrying() -> None:

    def bears(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 3.0:
            m.lumbar = lumbar_load(9.0)

    person = Follower(short("suitcase_carry"), change=bears).run(16.0)
    assert "ease" in {d.cue_id for d in person.of(DecisionKind.CUE)}
    assert "lumbar.limit" in person.reason_ids(DecisionKind.EASE)
    assert sum(person.holds()[Side.LEFT, 1]) == pytest.approx(3.0, abs=0.3)


def hold_breath(m: Moment) -> None:
    m.breath_held_s = 9.0


def test_a_breath_held_under_a_load_is_eased_and_on_a_walk_is_free() -> None:
    for exercise_id, eased in (("suitcase_carry", True), ("walking", False)):
        person = Follower(short(exercise_id), change=hold_breath).run(20.0)
        assert ("guarding.breath" in person.reason_ids()) is eased, exercise_id
        assert "guarding.breath_rest" not in person.reason_ids()


@pytest.mark.parametrize("exercise_id", ["supine_breathing", "seated_breathing"])
def test_a_breath_held_at_rest_is_told_in_its_own_words_and_not_counted(exercise_id: str) -> None:
    """Thirteen seconds without a breath, five of them too long; then it flows again."""

    def held(m: Moment) -> None:
        inside = m.phase is Phase.HOLD and 4.0 <= m.phase_s < 17.0
        m.breath_held_s = m.phase_s - 4.0 if inside else 0.0

    person = Follower(short(exercise_id), change=held).run(60.0)
    eased = person.of(DecisionKind.EASE)
    assert [r.id for r in eased[0].reasons] == ["guarding.breath_rest"]
    begun_s = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.HOLD)
    assert eased[0].t_s - begun_s == pytest.approx(12.1, abs=0.11)
    said = [d for d in person.of(DecisionKind.CUE) if d.t_s >= eased[0].t_s]
    assert said[0].text == "Let the breath flow again, in and out."
    assert said[0].t_s == eased[0].t_s
    # Full after 25 s, and on to the end of the paced breath of ten seconds.
    assert leaving(person, Phase.HOLD).t_s - begun_s == pytest.approx(30.0, abs=0.5)
    assert person.holds()[None, 1][0] == pytest.approx(25.0, abs=0.3)


def test_at_rest_tremor_and_a_pull_are_nothing_to_let_go_of() -> None:
    limits = Follower(exercise("supine_breathing")).params().limits
    seen = Sight(stop=False, now=Now(Said(), True, None, 0.0), since_ease_s=math.inf)
    for why, action in (
        ("breath", Action.EASE),
        ("tremor", Action.DEEPEN),
        ("tension", Action.DEEPEN),
    ):
        sight = replace(seen, guarding=(Reason(f"guarding.{why}"),), lumbar=CALM, nerves=())
        assert strictest(sight, limits).action is action, why


CHEST_SEEN = [
    i
    for i in covering(lambda e: {("behaviour", e.behaviour), ("kind", e.kind)})
    if exercises()[i].kind not in MOVES_ABOUT
]


@pytest.mark.parametrize("exercise_id", CHEST_SEEN)
@pytest.mark.parametrize("held_s", [None, 7.5, 9.0])
def test_a_held_breath_alone_is_noticed_in_whatever_is_done(
    exercise_id: str, held_s: float | None
) -> None:
    """Nothing else is amiss; without a sensor of it nothing is known, and nothing said."""

    def held(m: Moment) -> None:
        if held_s is not None and m.phase is Phase.HOLD:
            m.breath_held_s = min(m.phase_s, held_s)

    person = Follower(exercise(exercise_id), change=held, rate_hz=8.0).run(60.0)
    breath = [d for d in person.decisions if any("guarding.breath" in r.id for r in d.reasons)]
    told = held_s is not None and held_s > 8.0
    assert ({DecisionKind.EASE, DecisionKind.CUE} <= {d.kind for d in breath}) is told
    assert bool(breath) is told
