"""No stop is lost: not with the program, not by recovery that is cut off, not by a clock."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from recorded_sessions import SESSION_ID, events, session, stop

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Phase, Reason
from lengthwise.contracts.observation import UNWELL, PersonSignal, SignalKind
from lengthwise.contracts.screening import SafetyStop, Screened
from lengthwise.contracts.session import (
    DecisionLogged,
    FrameLogged,
    ObservationLogged,
    SessionEvent,
)
from lengthwise.record import recover as recover_module
from lengthwise.record.log import LogWriter
from lengthwise.record.recover import recover
from lengthwise.record.stops import SCREENING_NEEDED, StopSeen
from lengthwise.record.store import ProfileStore

QUIET = [e for e in session(6, ended=False) if not isinstance(e, DecisionLogged)]


def said(kind: SignalKind, value: float | None = None) -> SessionEvent:
    return ObservationLogged(PersonSignal(1.0, kind, value=value))


def asking_stop() -> SessionEvent:
    decision = stop(1.0)
    return DecisionLogged(replace(decision, reasons=(*decision.reasons, Reason(SCREENING_NEEDED))))


SYMPTOMS = {
    "a symptom": said(SignalKind.LEG_SYMPTOM),
    "dizzy": said(SignalKind.DIZZY),
    "not well": said(SignalKind.STOP, UNWELL),
    "what was decided": asking_stop(),
    "pain, and what followed was not written any more": said(SignalKind.PAIN, 6.0),
}


def seen(found: list[SessionEvent]) -> StopSeen:
    stops = StopSeen()
    for event in found:
        stops.take(event)
    return stops


def left(home: Path, found: list[SessionEvent]) -> Path:
    with ProfileStore.open(home, "anna") as store:
        folder = store.session_folder(SESSION_ID).create()
    with LogWriter(folder.log) as log:
        for event in found:
            log.append(event)
    return folder.log


def stopped_last(store: ProfileStore) -> bool:
    """Whether what was kept last of safety is a stop."""
    told = store.told_of_safety()
    return bool(told) and isinstance(told[-1], SafetyStop)


def stopped(home: Path) -> bool:
    with ProfileStore.open(home, "anna") as store:
        return stopped_last(store)


def test_the_coach_calls_it_so() -> None:
    assert SCREENING_NEEDED == ReasonId.SCREENING_NEEDED


def test_a_quiet_session_is_neither_over_nor_asks() -> None:
    found = seen(QUIET)
    assert not found.over and not found.asks_anew
    told = seen([*QUIET, said(SignalKind.PAIN, 2.0), QUIET[-1]])
    assert not told.asks_anew, "a frame after it says that it did not stop"


def test_a_stop_is_over_and_asks_nothing() -> None:
    for event in (said(SignalKind.STOP), DecisionLogged(stop(1.0))):
        found = seen([*QUIET, event])
        assert found.over and not found.asks_anew
    guidance = QUIET[-1]
    assert isinstance(guidance, FrameLogged) and guidance.guidance is not None
    done = replace(guidance, guidance=replace(guidance.guidance, phase=Phase.DONE))
    assert seen([*QUIET, done]).over


@given(st.lists(events, max_size=6), st.lists(events, max_size=6), st.sampled_from(list(SYMPTOMS)))
@settings(max_examples=50)
def test_nothing_that_comes_after_a_symptom_takes_it_back(
    before: list[SessionEvent], after: list[SessionEvent], which: str
) -> None:
    if "not written" in which:
        after = []
    assert seen([*before, SYMPTOMS[which], *after]).asks_anew


@pytest.mark.parametrize("which", SYMPTOMS)
def test_recovery_keeps_a_stop_wherever_it_is_begun(tmp_path: Path, which: str) -> None:
    log = left(tmp_path, [*QUIET, SYMPTOMS[which]])
    (found,) = recover(log)
    assert found.problem is None and stopped(tmp_path)


def test_recovery_of_a_quiet_session_asks_nothing(tmp_path: Path) -> None:
    left(tmp_path, [*QUIET, said(SignalKind.STOP)])
    recover(tmp_path)
    assert not stopped(tmp_path)


def test_recovery_that_is_cut_off_has_kept_the_stop_before_the_log_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(tmp_path, [*QUIET, asking_stop()])

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recover_module, "retire_log", killed)
    with pytest.raises(KeyboardInterrupt):
        recover(tmp_path)
    assert stopped(tmp_path)


def test_a_stop_is_asked_about_once_however_often_it_is_found(tmp_path: Path) -> None:
    log = left(tmp_path, [*QUIET, asking_stop()])
    raw = log.read_bytes()
    recover(tmp_path)
    with ProfileStore.open(tmp_path, "anna") as store:
        store.add_screening(Screened(1, 0.0, {}))
    log.write_bytes(raw)
    recover(tmp_path)
    assert not stopped(tmp_path)


def test_what_is_damaged_may_have_held_a_stop(tmp_path: Path) -> None:
    log = left(tmp_path, QUIET)
    raw = bytearray(log.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    log.write_bytes(bytes(raw))
    recover(tmp_path)
    assert stopped(tmp_path)


def test_a_recording_that_the_store_was_not_told_of_keeps_its_stop(tmp_path: Path) -> None:
    left(tmp_path, [*QUIET, asking_stop()])
    recover(tmp_path)
    for file in (tmp_path / "profiles" / "anna").glob("store.sqlite*"):
        file.unlink()
    assert not stopped(tmp_path), "a new store knows nothing"
    recover(tmp_path)
    assert stopped(tmp_path)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=8))
@settings(max_examples=20, deadline=None)
def test_what_was_kept_last_decides_whatever_the_clock_said(
    tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[bool, int]]
) -> None:
    with ProfileStore.open(tmp_path_factory.mktemp("clock"), "anna") as store:
        for place, (stops, at_s) in enumerate(kept):
            if stops:
                store.add_safety_stop(f"session {place}", at_s=float(at_s))
            else:
                store.add_screening(Screened(place, float(at_s), {}))
        assert stopped_last(store) is bool(kept and kept[-1][0])
        assert [s.version for s in store.screenings()] == [
            place for place, (stops, _) in enumerate(kept) if not stops
        ]


def test_a_log_to_go_on_with_is_left(tmp_path: Path) -> None:
    log = left(tmp_path, QUIET)
    assert recover(tmp_path, leave={log}) == [] and log.exists()
