"""Sessions of single days, as a profile keeps them."""

from lengthwise.contracts.practice import Practice
from lengthwise.contracts.session import MuscleReached, SessionTotals
from lengthwise.record.store import ProfileStore

EXERCISE = "supine_hamstring"


def of_day(day: int, *reached: MuscleReached, practice: Practice | None = None) -> SessionTotals:
    return SessionTotals(
        session_id=f"202601{day:02d}T080000Z-00000{day % 10}",
        started_utc=f"2026-01-{day:02d}T08:00:00Z",
        duration_s=200.0,
        frames=4000,
        exercise_id=EXERCISE,
        effective_s=80.0,
        uncertain_s=3.0,
        rejections={},
        claimed_ratio={"hip_flexion_l": 0.9, "hip_flexion_r": 0.9, "knee_flexion_l": 0.9},
        simulated=False,
        complete=True,
        practice=practice,
        reached=reached,
    )


def kept(store: ProfileStore, *all_of: SessionTotals) -> None:
    for totals in all_of:
        store.add_session(totals, store.session_folder(totals.session_id).sealed)
