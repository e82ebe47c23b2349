"""What was pulled in kept sessions, beside the one before: like with like, and chance named."""

import sys
from math import radians
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.devices import Pull, Use, WornDevice
from lengthwise.contracts.pull import HoldRelaxed, MusclePulled, PullTotals
from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.states import Estimate
from lengthwise.live.pull_listing import pull_words
from lengthwise.live.pull_told import PullReport, before, comparable_days

HIP = Coordinate.HIP_FLEXION_R


def angle(deg: float, sd_deg: float = 2.0) -> Estimate:
    return Estimate(radians(deg), radians(sd_deg))


PULLED = PullTotals("gauge", HIP, True, 30.0, angle(60.0), angle(72.0), weight_nm=Estimate(-41, 4))


def session(day: int, pulled: PullTotals | None) -> SessionTotals:
    return SessionTotals(
        f"s{day}", f"2026-01-{day:02d}T08:15:00Z", 60.0, 600, None, None, None, {}, {}, False, True,
        pulled=pulled,
    )  # fmt: skip


def told(*pulled: PullTotals | None) -> list[str]:
    sessions = [session(day, one) for day, one in enumerate(pulled, 1)]
    return pull_words(sessions[-1], sessions)


def test_each_of_both_results_is_told_beside_its_own_kind() -> None:
    later = replace(PULLED, extensible_rad=angle(61.0), borne_rad=angle(80.0))
    first, second = told(PULLED, None, later)
    assert first == (
        "Right hip bend: 30 N\u00b7m at 61\u00b0 (\u00b1 4\u00b0), +1\u00b0 since 2026-01-01, "
        "no more than both can tell"
    )
    assert second == (
        "Right hip bend: tolerance at 80\u00b0 (\u00b1 4\u00b0), +8\u00b0 since 2026-01-01"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(PULLED, coordinate=Coordinate.HIP_FLEXION_L),
        replace(PULLED, weight_nm=None),
        replace(PULLED, standard_nm=20.0, borne_rad=None),
    ],
    ids=["joint", "weight", "standard"],
)
def test_what_was_measured_otherwise_is_not_compared(other: PullTotals) -> None:
    assert not any("since" in line for line in told(other, PULLED))


def test_where_the_weight_was_not_taken_out_only_the_same_exercise_is_compared(
    tmp_path: Path,
) -> None:
    """Standing it is in the torque, on the side it turns no hip: neither has it taken out."""
    bare = replace(PULLED, weight_nm=None)
    standing = replace(session(1, replace(bare, borne_rad=angle(60.0))), exercise_id="a")
    for other, compared in (("a", True), ("b", False)):
        lying = replace(session(2, bare), exercise_id=other)
        lines = pull_words(lying, [standing, lying])
        assert any("since" in line for line in lines) is compared
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "summary.json").write_bytes(msgspec.json.encode(standing))
    now = tmp_path / "now"
    earlier = before(now, "2026-01-05T08:15:00Z")
    assert len(comparable_days(earlier, "a")) == 1 and comparable_days(earlier, "b") == ()


def test_a_weight_that_stayed_in_is_said_and_nothing_of_what_was_not_measured() -> None:
    borne_nm = Estimate(41.0, 3.0)
    lines = told(replace(PULLED, extensible_rad=None, borne_nm=borne_nm, weight_nm=None))
    assert lines == [
        "Right hip bend: tolerance at 72\u00b0 (\u00b1 4\u00b0) with 41 N\u00b7m (\u00b1 6)",
        "the weight of the limb is not taken out of these torques",
    ]
    assert told(None) == [] and told(replace(PULLED, extensible_rad=None, borne_rad=None)) == []


def test_the_next_session_says_it_beside_the_last_one_before_it(tmp_path: Path) -> None:
    def kept(name: str, day: int, content: object) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        at = f"2026-01-{day:02d}T08:15:00Z"
        written = msgspec.json.encode({"started_utc": at, "pulled": content})
        (folder / "summary.json").write_bytes(written)
        return folder

    kept("b", 1, replace(PULLED, extensible_rad=angle(40.0)))
    kept("a", 2, PULLED)
    kept("after", 9, replace(PULLED, extensible_rad=angle(90.0)))
    kept("nothing", 4, None)
    (kept("damaged", 3, {"device": 1}) / "summary.json").write_bytes(b"{")
    now = kept("now", 5, replace(PULLED, extensible_rad=angle(75.0)))
    earlier = comparable_days(before(now, "2026-01-05T08:15:00Z"), None)
    assert [day for day, _ in earlier] == ["2026-01-01", "2026-01-02"]
    assert earlier[-1][1] == PULLED
    gauge = WornDevice("gauge", Use.PULL, pull=Pull(HIP, lever_m=0.8))
    today = replace(PULLED, extensible_rad=angle(75.0), borne_rad=None)
    lines = PullReport(gauge, weighed=True, earlier=earlier).told(today)
    assert lines[-1] == (
        "Right hip bend: 30 N\u00b7m at 75\u00b0 (\u00b1 4\u00b0), +15\u00b0 since 2026-01-02"
    )
    assert not any("since" in line for line in PullReport(gauge, weighed=True).told(today))


def test_a_muscle_is_told_with_its_doubt_unless_its_path_is_another_now() -> None:
    muscle = MusclePulled(
        "hamstrings_r", angle(0.0), 0.015, 0.52, Estimate(-0.061, 0.005), 0.05, edition=2
    )
    bare = replace(PULLED, extensible_rad=None, borne_rad=None)
    assert told(replace(bare, muscles=(muscle,))) == [
        "hamstrings r: comes into tension 61 mm shorter (\u00b1 10) than a generic muscle, "
        "0.5 times as stiff (0.5 to 0.6)"
    ]
    changed = replace(muscle, muscle="rectus_abdominis_r")
    later = replace(muscle, edition=sys.maxsize)
    assert told(replace(bare, muscles=(changed, later))) == []


def test_what_went_in_holds_is_told_beside_alike_ones_only() -> None:
    def held(loss: float, deg: float = 60.0) -> PullTotals:
        one = HoldRelaxed(9.0, 30.0, Estimate(loss, 0.02), angle(deg), 80.0)
        return replace(PULLED, extensible_rad=None, borne_rad=None, relaxed=(one,))

    assert told(held(0.2, 70.0), held(0.24)) == [
        "Right hip bend: 24 % (\u00b1 4) of the pull went within 30 s at 60\u00b0"
    ]
    days = [session(day, held(loss)) for day, loss in ((1, 0.2), (10, 0.22), (31, 0.21))]
    assert pull_words(days[-1], days) == [
        "Right hip bend: 21 % (\u00b1 4) of the pull went within 30 s at 60\u00b0, "
        "+0.1 % (\u00b1 2.3) a week, no more than chance makes"
    ]
    assert "a week" not in pull_words(days[1], days)[0], "what came later is not known then"
