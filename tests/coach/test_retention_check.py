"""A retention check: nothing tells how it goes, and everything that is not a cue is as ever."""

from dataclasses import dataclass

import pytest
from coach_script import Follower, Moment, tip

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercises import exercises

LOADED = (Phase.EASE_IN, Phase.HOLD)


@dataclass
class Asked(Follower):
    """Without cues; as a retention check or as plain practice."""

    check: bool = False

    def params(self) -> coach.Params:
        return coach.Params(self.exercise, self.sides, cue_share=0.0, check=self.check)


def tips(m: Moment) -> None:
    if m.phase is Phase.HOLD and m.phase_s > 4.0:
        tip(m)


def asked(*, check: bool, **options: object) -> Asked:
    lunge = exercises()["half_kneeling_hip_flexor"]
    return Asked(lunge, (Side.LEFT,), check=check, **options)  # type: ignore[arg-type]


def test_nothing_shown_tells_how_a_check_goes() -> None:
    checked = asked(check=True, change=tips).run(90.0)
    shown = [o.guidance for o in checked.outputs]
    assert any(g.phase is Phase.HOLD for g in shown) and all(g.uncued for g in shown)
    for g in shown:
        assert g.gauge is None
        if g.phase in LOADED:
            assert g.in_window is None and g.waiting_for == ()
    plain = [o.guidance for o in asked(check=False, change=tips).run(90.0).outputs]
    assert any(g.gauge is not None for g in plain)
    assert any("compensation.pelvis_tilt" in g.waiting_for for g in plain)
    assert not any(g.uncued for g in plain)


def test_a_check_decides_as_practice_without_cues_does() -> None:
    checked, plain = (asked(check=c, change=tips).run(120.0) for c in (True, False))
    counted = (DecisionKind.PHASE, DecisionKind.HOLD_COUNTING, DecisionKind.HOLD_PAUSED)
    for kind in counted:
        assert checked.of(kind) == plain.of(kind)
    left = [d for d in checked.of(DecisionKind.FADED) if d.cue_id == "tuck_pelvis"]
    assert left and not [d for d in checked.of(DecisionKind.CUE) if d.cue_id == "tuck_pelvis"]


def test_a_check_does_not_say_how_much_is_left_as_that_goes_by_what_counts() -> None:
    checked, plain = (asked(check=c).run(90.0) for c in (True, False))
    left = {"hold.ten_left", "hold.half"}
    assert left & {d.cue_id for d in plain.decisions}
    assert not left & {d.cue_id for d in checked.decisions}
    assert not left & {o.guidance.cue_id for o in checked.outputs}


def test_a_stop_ends_a_check_as_it_ends_anything() -> None:
    def hurts(m: Moment) -> SignalKind | None:
        return SignalKind.STOP if m.phase is Phase.HOLD and m.phase_s > 3.0 else None

    checked = asked(check=True, signals=hurts).run(60.0)
    (stop,) = checked.of(DecisionKind.STOP)
    assert stop.text and checked.outputs[-1].guidance.phase is Phase.STOPPED


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_check_with_cues_is_no_check(share: float) -> None:
    with pytest.raises(ValueError, match="without cues"):
        coach.Params(exercises()["cat_cow"], cue_share=share, check=True)
