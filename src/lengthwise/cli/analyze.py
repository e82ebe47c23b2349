"""`lengthwise analyze`: arguments to a request, a progress bar, the result in a few lines."""

import argparse
from math import isfinite

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.observation import View
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import SessionConfig
from lengthwise.live import analyze as use_case
from lengthwise.reference.exercises import exercise


def run(o: argparse.Namespace) -> int:
    if o.side and not o.exercise:
        raise InputError(
            "--side", value=o.side, allowed="only together with --exercise", remedy="add --exercise"
        )
    if o.exercise:
        exercise(o.exercise)
    config = SessionConfig(
        exercise_id=o.exercise,
        side=Side(o.side) if o.side else None,
        posture=o.posture,
        zero_s=o.zero_s,
        height_m=o.height_m,
        mirrored={"yes": True, "no": False, None: None}[o.mirrored],
    )
    person = _person(o.profile)
    request = use_case.AnalyzeRequest(
        input=o.input,
        out=o.out,
        config=config,
        pose_model=o.pose_model,
        view=View(o.view) if o.view else None,
        person=person,
    )
    with _bar(quiet=o.quiet or o.json) as bar:
        task = bar.add_task("analysing", total=None, t_s=0.0)

        def show(p: use_case.Progress) -> None:
            bar.update(task, completed=p.done, total=p.total, t_s=p.t_s)

        result = use_case.analyze(request, progress=show)
    if o.profile:
        _keep(o.profile, result)
    if o.json:
        print((result.folder / "summary.json").read_text(), end="")
    else:
        tell(result)
    return 0 if result.totals.complete else 130


def _person(profile: str | None) -> Person:
    if profile is None:
        return Person("unnamed")
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open(data_home(), profile) as store:
        return store.person()


def _keep(profile: str, result: use_case.AnalyzeResult) -> None:
    from lengthwise.record.store import ProfileStore

    with ProfileStore.open(data_home(), profile) as store:
        store.add_session(result.totals, result.recording)


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[t_s]:.1f} s of the recording"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    )


def tell(result: use_case.AnalyzeResult) -> None:
    """What came of it, in a few lines."""
    t = result.totals
    claimed = [c for c, ratio in t.claimed_ratio.items() if ratio >= 0.5]
    print(f"{t.duration_s:.1f} s, {t.frames} estimates" + (", simulated" if t.simulated else ""))
    if t.effective_s is not None and t.uncertain_s is not None and isfinite(t.effective_s):
        print(f"effective hold {t.effective_s:.0f} s, not known {t.uncertain_s:.0f} s")
    print("seen most of the time: " + (", ".join(claimed) if claimed else "no joint angle"))
    for name, count in t.rejections.items():
        print(f"not used: {count} x {name}")
    for note in result.notes:
        print(f"note: {note}")
    print(f"report: {result.report}")
