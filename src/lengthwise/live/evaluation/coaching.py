"""Golden replays: every exercise led by the coach, clean and with each fault its file declares.

What cannot be known is abstained and not failed; both are counted, side by side.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import msgspec

from lengthwise.live.evaluation.coaching_pieces import FAULT_RATIO, WITHIN_S, Piece, Run
from lengthwise.live.evaluation.coaching_run import SENSORS, run
from lengthwise.live.evaluation.coaching_tables import tables
from lengthwise.live.evaluation.jobs import Advance, run_all
from lengthwise.live.evaluation.table import Table, markdown
from lengthwise.reference.exercises import Exercise, exercise, exercises

NOISES_MM = (5.0, 20.0)
_AT_ONCE = 12
"""Runs for each process between two writings of what is kept."""
_DECIDES = ("body", "coach", "contracts", "reference", "sim", "tissue")
"""Packages that a run depends on, besides the modules of `live` named below."""
_DECIDES_TOO = ("pipeline.py", "sequencer.py", "params.py", "rehearsal.py",
                "evaluation/coaching_run.py", "evaluation/coaching_pieces.py",
                "evaluation/coaching_score.py", "evaluation/coaching_truth.py",
                "evaluation/coaching_ceiling.py",
                "evaluation/coaching_least.py")  # fmt: skip

_SAID = f"""
Everybody here is **simulated**: a person with marks of their own, taken on another day, who is led
by the coach through the first hold of the left side, once clean and once for every constraint of
the exercise's file. In a faulty hold that coordinate leaves by {FAULT_RATIO} times its tolerance
within a second, six seconds into the hold (of short holds after two fifths), and comes back when
the person has been asked to correct it. Truth is the simulator's; what was said and counted comes
from the coach's decisions and guidance. Landmark noise is the white part alone, of 5 or 20 mm; the
slow errors of the pose model stay as measured. The one phone is worn where the exercise wants it;
*imus* are six sensors, on sacrum, lowest rib, thighs and shanks, without a camera.

- **right**: the first words after the true coordinate passed its tolerance, or its own words while
  it was leaving, are the cue of that constraint, at the latest {WITHIN_S} s after it passed.
  **Late** is the same words later. **Waited, no words**: the clock stopped with the reason on the
  screen, but nothing or something else was spoken in time. **Missed**: the coordinate was known and
  taken to be in its place. These three are failures.
- **not known** and **in doubt** are abstentions: the coordinate was not claimed, or the coach was
  not sure that it had passed its tolerance, said nothing and counted nothing as effective.
- **false**: share of holds told effective that were not, where what is broken was known; in clean
  holds only a position that errs can do that;
  **false, not seen**: the same for a broken constraint that its exercise does not require and that
  was not known; such seconds are shown and written as counted *without* it. **missed effective**:
  of the time in clean holds that was really effective while all that is required was known, what
  was not counted. **abstains**: share of hold time in which the coach counts the hollow ring or
  says what it cannot see.
- Time **above the ceiling** is told in full first. Much of it is made by the fault itself: a hip
  that is abducted where it should stay lengthens the psoas past its ceiling. **Seen, not eased**: a
  target above its ceiling had a position that was known, or that was sure to be over it, and the
  coach let it be; that is a failure. **Eased** and **corrected** (no position was sure, but the
  broken constraint was known) are the time that the person took to hear it and to come back.
  **Not seen** is an abstention, counted beside failures and never taken off the whole. **Least** is
  what words can leave of it at all: the same person with the same fault hears what to correct, and
  to ease, at the instant in which the truth passes a tolerance or the ceiling, and takes as long as
  ever to react and to come back.
- A hold that **never begins** is no result of its exercise at all, and is named.
"""


def pieces(
    chosen: Sequence[Exercise], sensors: Sequence[str], noises_mm: Sequence[float], seeds: int
) -> list[Piece]:
    """Each exercise clean and with every fault; without a camera there is no landmark noise."""
    return list(_pieces(chosen, sensors, noises_mm, seeds))


def _pieces(
    chosen: Sequence[Exercise], sensors: Sequence[str], noises_mm: Sequence[float], seeds: int
) -> Iterator[Piece]:
    for e in chosen:
        for worn in sensors:
            for noise_mm in (None,) if worn == "imus" else noises_mm:
                for seed in range(seeds):
                    for fault in (None, *(c.coordinate for c in e.constraints)):
                        yield Piece(e.id, worn, noise_mm, seed, fault)


def evaluate(
    *,
    only: Sequence[str] = (),
    sensors: Sequence[str] = SENSORS,
    noises_mm: Sequence[float] = NOISES_MM,
    seeds: int = 1,
    jobs: int = 1,
    advance: Advance | None = None,
    kept: Path | None = None,
) -> list[Table]:
    """Floors first, then by sensors, then each exercise. Raises InputError for unknown ids.

    `kept`: a file that holds finished runs, one a line. Those of this very code are not run again,
    and every new one is added at once, so that what was interrupted goes on.
    """
    chosen = [exercise(i) for i in only] if only else list(exercises().values())
    asked = pieces(chosen, sensors, noises_mm, seeds)
    return tables(_runs(asked, jobs=jobs, advance=advance, kept=kept))


def page(found: Sequence[Table], command: str) -> str:
    return f"# What the coach does\n\nMade by `{command}`.\n{_SAID}\n{markdown(found)}"


class _Kept(msgspec.Struct, frozen=True):
    code: str
    run: Run


def _runs(
    asked: list[Piece], *, jobs: int, advance: Advance | None, kept: Path | None
) -> list[Run]:
    if kept is None:
        return run_all(run, asked, jobs=jobs, advance=advance)
    code = _code()
    done = {found.run.piece: found.run for found in _read(kept) if found.code == code}
    left = [piece for piece in asked if piece not in done]
    batch = max(jobs, 1) * _AT_ONCE
    for begin in range(0, len(left), batch):
        fresh = run_all(run, left[begin : begin + batch], jobs=jobs)
        with kept.open("ab") as out:
            for one in fresh:
                out.write(msgspec.json.encode(_Kept(code, one)) + b"\n")
        done |= {one.piece: one for one in fresh}
        if advance is not None:
            advance(len(asked) - len(left) + begin + len(fresh), len(asked))
    return [done[piece] for piece in asked]


def _read(kept: Path) -> Iterator[_Kept]:
    """What can be read; a line that was cut off by an interrupt is run again."""
    lines = kept.read_bytes().splitlines() if kept.exists() else []
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=_Kept)
        except msgspec.MsgspecError:
            continue


def _code() -> str:
    """A digest of all code and data that a run depends on."""
    root = Path(str(files("lengthwise")))
    found = [p for package in _DECIDES for p in (root / package).rglob("*.*")]
    found += [root / "live" / name for name in _DECIDES_TOO]
    digest = sha256()
    for path in sorted(p for p in found if p.suffix in (".py", ".toml", ".csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
