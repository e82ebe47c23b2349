"""`lengthwise analyze`: arguments to a request, a progress bar, the result in a few lines."""

import argparse
import sys
from math import isfinite

import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from lengthwise.cli.arguments import CUES
from lengthwise.cli.screen import Screen
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.home import data_home
from lengthwise.contracts.movements import Sex
from lengthwise.contracts.observation import View
from lengthwise.contracts.session import RampAsked, SessionConfig
from lengthwise.live import analyze as use_case
from lengthwise.live.kept_answers import stated_care
from lengthwise.record.session_folder import profile_folder
from lengthwise.reference.exercises import exercise
from lengthwise.report.repositioned import repositioned_words
from lengthwise.report.words import coordinate_name, labels
from lengthwise.vault.keyring import locked_folder

_MEASURE_ONLY = "none"
_YES_NO = {"yes": True, "no": False, None: None}


def session_config(o: argparse.Namespace) -> SessionConfig:
    """What was stated about the session in the arguments of a command."""
    stated = o.exercise if o.exercise != _MEASURE_ONLY else None
    return SessionConfig(
        exercise_id=exercise(stated).id if stated else None,
        side=Side(o.side) if o.side else None,
        posture=o.posture,
        zero_s=o.zero_s,
        height_m=o.height_m,
        mirrored=_YES_NO[o.mirrored],
        age_years=o.age_years,
        sex=Sex(o.sex) if o.sex else None,
        mass_kg=o.mass_kg,
        held_kg=o.held_kg,
    )


def session_care(o: argparse.Namespace, *, pain_relief: bool | None = None) -> Care:
    """What was answered in the arguments of a command. Raises InputError."""
    return stated_care(o.answer, Care(pain_relief=pain_relief, warm=warm_answer(o)))


def warm_answer(o: argparse.Namespace) -> bool | None:
    return _YES_NO[o.warm]


def run(o: argparse.Namespace) -> int:
    measure_only = o.exercise == _MEASURE_ONLY
    care = session_care(o, pain_relief=_YES_NO[o.pain_relief])
    config = msgspec.structs.replace(
        session_config(o),
        language=o.language,
        care=care,
        cue_share=CUES[o.cues] if o.cues else None,
        check=o.check or None,
        repositioning=Coordinate(o.repositioning) if o.repositioning else None,
        ramp=RampAsked(holds=True) if o.ramp else None,
        tap_segment=o.taps,
    )
    request = use_case.AnalyzeRequest(
        input=o.input,
        out=o.out,
        config=config,
        pose_model=o.pose_model,
        view=View(o.view) if o.view else None,
        profile=o.profile,
        measure_only=measure_only,
        replace=o.replace,
        smooth=o.smooth,
        torque=o.torque,
        standard_torque_nm=o.standard_torque_nm,
    )
    with _bar(quiet=o.quiet or o.json) as bar:
        task = bar.add_task("analysing", total=None, t_s=0.0)

        def show(p: use_case.Progress) -> None:
            bar.update(task, completed=p.done, total=p.total, t_s=p.t_s)

        result = use_case.analyze(request, progress=show)
    if o.json:
        print((result.folder / "summary.json").read_text(encoding="utf-8"), end="")
    else:
        tell(result)
        if o.profile and _leaves_encryption(o.profile, result):
            print(f"note: the profile is encrypted, what lies in {result.folder} is not")
    if not result.totals.complete:
        print(f"lengthwise: stopped; the finished record is {result.recording}", file=sys.stderr)
        return 130
    if result.totals.frames == 0:
        raise _nothing_seen(result, profile=o.profile)
    return 0


def _leaves_encryption(profile: str, result: use_case.AnalyzeResult) -> bool:
    of_profile = locked_folder(profile_folder(data_home(), profile))
    return of_profile is not None and locked_folder(result.folder) is None


def _nothing_seen(result: use_case.AnalyzeResult, *, profile: str | None) -> InputError:
    set_aside = ", ".join(_set_aside(result)) or "nothing in it"
    unlisted = f"; it is not listed in profile {profile}" if profile else ""
    return InputError(
        "recording",
        value=f"no usable estimate ({set_aside})",
        allowed="at least one reading that can be used",
        remedy=f"what was not seen and why is in {result.report}{unlisted}",
    )


def _bar(*, quiet: bool) -> Progress:
    screen = Screen(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[t_s]:.1f} s of the recording"),
        TimeRemainingColumn(),
        console=screen,
        disable=quiet or not screen.is_terminal,
        transient=True,
    )


def tell(result: use_case.AnalyzeResult) -> None:
    """What came of it, in a few lines."""
    t = result.totals
    claimed = [c for c, ratio in t.claimed_ratio.items() if ratio >= 0.5]
    names = ", ".join(coordinate_name(Coordinate(c)).lower() for c in claimed)
    print(f"{t.duration_s:.1f} s, {t.frames} estimates" + (", simulated" if t.simulated else ""))
    if t.effective_s is not None and t.uncertain_s is not None and isfinite(t.effective_s):
        print(f"effective hold {t.effective_s:.0f} s, not known {t.uncertain_s:.0f} s")
    if t.repositioning is not None:
        print("\n".join(repositioned_words(t.repositioning)))
    print(f"seen most of the time: {names or 'no joint angle'}")
    for line in _set_aside(result):
        print(f"not used: {line}")
    for note in result.notes:
        print(f"note: {note}")
    for line in result.ramp:
        print(line)
    print(f"report: {result.report}")


def _set_aside(result: use_case.AnalyzeResult) -> list[str]:
    """Readings that were not used, in plain words: "3 camera pictures that showed nobody"."""
    known, lines = labels(), []
    for name, count in result.totals.rejections.items():
        source, _, reason = name.rpartition(".")
        kind, _, segment = source.partition(":")
        one, many = known.source.get(kind, known.source["other"])
        where = f" ({segment.replace('_', ' ')})" if segment else ""
        words = known.rejection.get(reason, reason.replace("_", " "))
        lines.append(f"{count} {one if count == 1 else many}{where} that {words}")
    return lines
