"""`lengthwise analyze` as a person uses it: what is kept, what is refused, what is said."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command_files import FRAMES, landmarks, nobody

from lengthwise.cli.analyze import tell
from lengthwise.cli.main import main
from lengthwise.contracts.observation import CameraStream, View
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import SessionConfig, SessionStarted
from lengthwise.live import outputs as outputs_module
from lengthwise.live.analyze import AnalyzeResult
from lengthwise.live.rehearsal import Rehearsal, lunge, rehearse
from lengthwise.record.recover import recover
from lengthwise.record.sealed_reading import sealed_start
from lengthwise.record.store import ProfileStore
from lengthwise.sim import recording

TABLES = ("body.csv", "tissue.csv", "events.jsonl")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> AnalyzeResult:
    """A coached session of a person with marks, sealed; its sensors half as often as usual."""
    request = lunge(tmp_path_factory.mktemp("guided"), seed=7)
    plan = replace(request.plan, sensors="camera+imu4", duration_s=40.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "RATE_HZ", 50.0)
        patch.setattr(recording, "CAMERA_HZ", 15.0)
        result = rehearse(Rehearsal(plan, request.out))
    assert (result.folder / "events.jsonl").read_text().count("\n") > 5
    return result


def analyzed(*arguments: object) -> int:
    return main(["analyze", *map(str, arguments), "--quiet"])


def line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def started(folder: Path) -> SessionStarted:
    found = sealed_start(folder / "session.mcap")
    assert found is not None
    return found


def test_a_sealed_session_analysed_without_options_gives_the_same_bytes(
    guided: AnalyzeResult, tmp_path: Path
) -> None:
    first = started(guided.folder)
    assert first.config.exercise_id is not None and first.person.marks
    assert analyzed(guided.recording, "--out", tmp_path / "again") == 0
    for name in TABLES:
        assert (tmp_path / "again" / name).read_bytes() == (guided.folder / name).read_bytes(), name
    again = started(tmp_path / "again")
    assert (again.config, again.person, again.started_utc) == (
        first.config,
        first.person,
        first.started_utc,
    )
    assert again.session_id != first.session_id


def test_what_is_given_stands_above_what_was_recorded(
    guided: AnalyzeResult, tmp_path: Path
) -> None:
    then = started(guided.folder)
    out = tmp_path / "out"
    options = ("--height-m", "1.9", "--view", "right", "--exercise", "figure_four")
    assert analyzed(guided.recording, "--out", out, *options) == 0
    now = started(out)
    assert now.config == SessionConfig("figure_four", None, None, then.config.zero_s, 1.9)
    cameras = [s for s in now.recording.streams if isinstance(s, CameraStream)]
    assert [c.view for c in cameras] == [View.RIGHT]
    assert now.person == then.person


def test_a_coached_session_can_be_measured_only(guided: AnalyzeResult, tmp_path: Path) -> None:
    assert analyzed(guided.recording, "--out", tmp_path / "out", "--exercise", "none") == 0
    assert (tmp_path / "out" / "events.jsonl").read_bytes() == b""
    assert started(tmp_path / "out").config.exercise_id is None


def test_a_side_needs_an_exercise(
    guided: AnalyzeResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for source, more in ((landmarks(tmp_path), ()), (guided.recording, ("--exercise", "none"))):
        assert analyzed(source, "--out", tmp_path / "out", "--side", "l", *more) == 2
        assert "--side: found l; allowed: only with an exercise" in line(capsys)
    assert not (tmp_path / "out").exists()


def test_a_finished_session_is_replaced_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = landmarks(tmp_path), tmp_path / "out"
    assert analyzed(source, "--out", out) == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    capsys.readouterr()
    assert analyzed(source, "--out", out) == 2
    assert "--replace" in line(capsys)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert analyzed(source, "--out", out, "--replace") == 0
    assert (out / "session.mcap").read_bytes() != before["session.mcap"]


def test_a_recording_without_any_usable_estimate_is_kept_and_not_listed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (nobody(tmp_path), "--out", tmp_path / "out", "--profile", "anna", "--json")
    assert analyzed(*arguments) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["frames"] == 0
    assert len(printed.err.splitlines()) == 1
    assert f"{FRAMES} camera pictures that showed nobody" in printed.err
    assert "not listed in profile anna" in printed.err
    assert started(tmp_path / "out").recording.name == "landmarks.csv"
    assert (tmp_path / "out" / "report.html").is_file()
    with ProfileStore.open(home, "anna") as store:
        assert store.sessions() == []


@pytest.mark.parametrize("text", ["\x1b[31m2026-01-31", "yesterday", "2026-01-31\x0708:15:00"])
def test_a_start_that_is_no_time_is_refused_and_reaches_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    source = landmarks(tmp_path, started_utc=text)
    assert analyzed(source, "--out", tmp_path / "out") == 2
    said = line(capsys)
    assert said.isprintable() and "ISO 8601" in said
    assert not (tmp_path / "out").exists()


def test_a_start_that_is_a_time_is_kept_as_it_was_written(tmp_path: Path) -> None:
    source = landmarks(tmp_path, started_utc="2026-01-31T08:15:00+01:00")
    assert analyzed(source, "--out", tmp_path / "out") == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["started_utc"] == "2026-01-31T08:15:00+01:00"


@pytest.mark.parametrize("first_simulated", [True, False])
def test_simulated_and_real_sessions_never_share_a_profile(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], first_simulated: bool
) -> None:
    first = landmarks(tmp_path, simulated=first_simulated)
    assert analyzed(first, "--out", tmp_path / "first", "--profile", "anna") == 0
    capsys.readouterr()
    other = landmarks(tmp_path, simulated=not first_simulated)
    assert analyzed(other, "--out", tmp_path / "other", "--profile", "anna") == 2
    assert "use another profile" in line(capsys)
    assert not (tmp_path / "other").exists()
    assert started(tmp_path / "first").person == Person("anna", simulated=first_simulated)
    with ProfileStore.open(home, "anna") as store:
        assert [s.simulated for s in store.sessions()] == [first_simulated]


def test_an_interrupted_recording_names_the_finished_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = outputs_module.SessionOutputs.take
    count = 0

    def interrupted(self: outputs_module.SessionOutputs, event: object) -> None:
        nonlocal count
        count += 1
        if count == 20:
            raise KeyboardInterrupt
        take(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(outputs_module.SessionOutputs, "take", interrupted)
    assert analyzed(landmarks(tmp_path), "--out", tmp_path / "out") == 130
    assert str(tmp_path / "out" / "session.mcap") in line(capsys)
    assert (tmp_path / "out" / "session.mcap").is_file()


def test_an_interrupt_before_the_sealing_names_recover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _interrupt_at(monkeypatch, "seal")
    assert analyzed(landmarks(tmp_path), "--out", out) == 130
    said = line(capsys)
    assert f"lengthwise recover {out}" in said and "finished" not in said
    (found,) = recover(out)
    assert (found.problem, found.frames) == (None, FRAMES)


def test_an_interrupt_after_the_sealing_names_the_finished_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _interrupt_at(monkeypatch, "build_report")
    assert analyzed(landmarks(tmp_path), "--out", out) == 130
    said = line(capsys)
    assert f"finished record is {out / 'session.mcap'}" in said and "recover" not in said
    assert started(out).recording.name == "landmarks.csv"


def _interrupt_at(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs_module, step, interrupt)


def test_a_file_whose_name_is_no_text_is_analysed(tmp_path: Path) -> None:
    source = landmarks(tmp_path).rename(tmp_path / "\udcff\x07landmarks.csv")
    assert analyzed(source, "--out", tmp_path / "out") == 0
    assert started(tmp_path / "out").recording.name == "\ufffd\ufffdlandmarks.csv"


def test_what_was_seen_is_told_in_plain_words(
    guided: AnalyzeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(guided)
    told = capsys.readouterr().out
    assert "seen most of the time: pelvis tip" in told
    assert "_" not in told.replace(str(guided.folder), "")


def test_a_deleted_session_is_told_as_json_and_leaves_what_came_after(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = landmarks(tmp_path), tmp_path / "out"
    assert analyzed(source, "--out", out, "--profile", "anna") == 0
    first = started(out).session_id
    assert analyzed(source, "--out", out, "--replace") == 0
    capsys.readouterr()
    delete = ["history", "--profile", "anna", "--delete", first]
    assert main([*delete, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    kept = [str(out / "session.mcap")]
    assert told == {"session_id": first, "removed": [], "kept": kept, "ramps_kept": 0}
    assert started(out).session_id != first
    assert main(delete) == 2
    assert "lengthwise history" in line(capsys)


def test_a_torque_file_gives_extensibility_on_the_page_and_in_the_summary(
    guided: AnalyzeResult, tmp_path: Path
) -> None:
    """A pull that grows with the left hip as the session itself read it."""
    rows = (guided.folder / "body.csv").read_text().splitlines()
    at = rows[0].split(",").index("hip_flexion_l_deg")
    known = [(c[0], float(c[at])) for c in (r.split(",") for r in rows[1:]) if c[at]]
    deepest = min(angle for _, angle in known)
    lines = [f"{t_s},{20.0 - 0.5 * (angle - deepest):.3f}" for t_s, angle in known]
    torque = tmp_path / "torque.csv"
    torque.write_text("\n".join(["t_s,hip_flexion_l_torque_nm", *lines]) + "\n")
    out = tmp_path / "out"
    assert analyzed(guided.recording, "--out", out, "--torque", torque) == 0
    summary = json.loads((out / "summary.json").read_text())
    found = {r["kind"]: r for r in summary["range_results"]}
    assert found["extensibility"]["angle_deg"] == pytest.approx(deepest + 10.0, abs=1.0)
    assert found["extensibility"]["torque_nm"] == 15.0
    assert "Extensibility" in (out / "report.html").read_text()
    assert (out / "tissue.csv").read_bytes() == (guided.folder / "tissue.csv").read_bytes()
    assert summary["torque_window"]["absent"] is not None


def test_a_torque_file_with_both_marks_gives_a_window_in_torque(
    guided: AnalyzeResult, tmp_path: Path
) -> None:
    rows = (guided.folder / "body.csv").read_text().splitlines()
    at = rows[0].split(",").index("hip_flexion_l_deg")
    known = [(c[0], float(c[at])) for c in (r.split(",") for r in rows[1:]) if c[at]]
    deepest = min(angle for _, angle in known)
    last = next(t_s for t_s, angle in known if angle == deepest)
    torque = tmp_path / "torque.csv"
    stated = [f"# first_resistance_s={known[0][0]}", f"# tolerance_s={last}"]
    lines = [f"{t_s},{20.0 - 0.5 * (angle - deepest):.3f}" for t_s, angle in known]
    torque.write_text("\n".join([*stated, "t_s,hip_flexion_l_torque_nm", *lines]) + "\n")
    out = tmp_path / "out"
    assert analyzed(guided.recording, "--out", out, "--torque", torque) == 0
    window = json.loads((out / "summary.json").read_text())["torque_window"]
    assert window["absent"] is None
    assert window["tolerance_nm"] == pytest.approx(20.0, abs=0.5)
    assert window["furthest_position"] == pytest.approx(1.0, abs=0.05)
    assert 0.0 <= window["in_window_s"] <= window["likely_in_window_s"]
    cells = [row.split(",")[-2:] for row in (out / "tissue.csv").read_text().splitlines()[1:]]
    told = [float(position) for position, _ in cells if position]
    assert len(told) > 10 and max(told) == pytest.approx(1.0, abs=0.05)
    assert "Window by the measured pull" in (out / "report.html").read_text()


def test_a_standard_torque_alone_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = landmarks(tmp_path)
    assert analyzed(source, "--out", tmp_path / "out", "--standard-torque-nm", "15") == 2
    assert "--torque" in line(capsys)
    assert not (tmp_path / "out").exists()
