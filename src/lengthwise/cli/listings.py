"""Commands that look something up and print it, as a table or as JSON."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.table import Table

from lengthwise.cli.screen import Screen
from lengthwise.contracts.home import data_home
from lengthwise.contracts.session import SessionTotals

if TYPE_CHECKING:
    from lengthwise.record.store import Deleted


def table(*columns: str) -> Table:
    """An empty table to add rows to."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def print_json(value: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def doctor(*, as_json: bool) -> int:
    from lengthwise.live.doctor import FOR_VIDEO, Health, examine

    findings = examine(data_home())
    if as_json:
        print_json(findings)
    else:
        rows = table("", "part", "found", "what to do")
        signs = {Health.OK: "[green]ok[/]", Health.OPTIONAL: "[yellow]–[/]"}
        for f in findings:
            rows.add_row(signs.get(f.health, "[red]needed[/]"), f.name, f.found, f.remedy)
        Screen().print(rows)
        if any(f.health is Health.NEEDED for f in findings):
            print("Not ready: do what stands beside each part marked as needed.")
        elif any(f.remedy.startswith(FOR_VIDEO) for f in findings):
            print("Ready, except for video: do what stands beside its missing parts.")
        else:
            print("Ready.")
    return 2 if any(f.health is Health.NEEDED for f in findings) else 0


def history(
    profile: str,
    *,
    delete: str | None,
    as_json: bool,
    report: str | None = None,
    out: Path | None = None,
) -> int:
    from lengthwise.live.learning import practice_words
    from lengthwise.live.pull_listing import pull_words
    from lengthwise.record.session_folder import check_place
    from lengthwise.record.store import ProfileStore, profiles

    check_place(data_home())
    if delete is None and not profiles(data_home()):
        # Whoever begins has nothing wrong with their command.
        print_json([]) if as_json else print("nobody is kept yet: analyze with --profile does it")
        return 0
    with ProfileStore.open_known(data_home(), profile) as store:
        if report is not None:
            return _report(store.recording(report), out)
        if delete is not None:
            return _told(store.delete_session(delete), as_json=as_json)
        sessions = store.sessions()
    if as_json:
        print_json(sessions)
        return 0
    if not sessions:
        print(f"no sessions in profile {profile} yet: analyze with --profile {profile} keeps one")
        return 0
    for s in sessions:
        facts = [s.exercise_id or "measured only", f"{s.duration_s / 60:.1f} min"]
        if s.effective_s is not None and s.uncertain_s is not None:
            facts += [f"effective {s.effective_s:.0f} s", f"not known {s.uncertain_s:.0f} s"]
        facts += practice_words(s, sessions)
        facts += [word for word, is_so in _marks(s) if is_so]
        print("\n    ".join([f"{s.session_id}  {', '.join(facts)}", *pull_words(s, sessions)]))
    return 0


def _report(recording: Path, out: Path | None) -> int:
    """A session's page as a file in clear, where the person wants it."""
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.whole_file import whole_file
    from lengthwise.vault.files import read_bytes
    from lengthwise.vault.keyring import locked_folder

    if out is None:
        raise InputError(
            "--out", value="nothing", allowed="a new file", remedy="name where the report is to go"
        )
    page = recording.with_name("report.html")
    if not page.is_file():
        raise InputError(
            "--report", value=page, allowed="a session with a report", remedy="choose another"
        )
    with whole_file(out) as part:
        part.write_bytes(read_bytes(page))
    in_clear = "; it is in clear there" if locked_folder(page) else ""
    print(f"report: {out}{in_clear}")
    return 0


def _told(deleted: "Deleted", *, as_json: bool) -> int:
    if as_json:
        print_json(deleted)
        return 0
    print(f"session {deleted.session_id} is deleted")
    for path in deleted.removed:
        print(f"removed: {path}")
    for path in deleted.kept:
        print(f"kept, it is of another session: {path}")
    if not deleted.removed:
        print("its recording was no longer there")
    if deleted.ramps_kept:
        print("kept: which muscle was led to tolerance when, since another such ramp depends on it")
    return 0


def _marks(s: SessionTotals) -> tuple[tuple[str, bool], ...]:
    return ("simulated", s.simulated), ("cut off", not s.complete)


def recovered(folder: Path | None, *, as_json: bool) -> int:
    from lengthwise.cli.unlocking import unlock_unfinished
    from lengthwise.record.recover import recover

    unlock_unfinished(folder or data_home())
    found = recover(folder or data_home())
    if as_json:
        print_json(found)
        return 0
    if not found:
        print("nothing to recover: every session was finished")
    for r in found:
        if r.problem is not None:
            print(f"{r.log or r.sealed}: {r.problem}")
        elif r.sealed is None:
            print(f"{r.log}: nothing whole had been written yet; removed")
        else:
            left_out = r.bytes_cut + r.bytes_skipped
            print(f"{r.sealed}: {r.events} events, {r.frames} frames; {left_out} bytes left out")
    return 2 if any(r.problem for r in found) else 0


def bench(only: str, *, as_json: bool) -> int:
    from lengthwise.live.bench import missing_peers, run

    results = run(only)
    for missing in missing_peers(results):
        print(missing, file=sys.stderr)
    if as_json:
        print_json({"results": results})
        return 0
    rows = table("figure", "median", "p99", "unit", "against")
    for r in results:
        against = ", ".join(f"{peer} ×{ratio:.1f}" for peer, ratio in r.against.items())
        rows.add_row(r.name, f"{r.median:.4g}", f"{r.p99:.4g}", r.unit, against)
    Screen().print(rows)
    return 0


def setup() -> int:
    from lengthwise.live.setup import prepare

    for step in prepare(data_home(), say=print):
        print(f"{step.name}: {step.problem or 'ready'}")
    return 0
