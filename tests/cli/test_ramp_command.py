"""`--ramp`, `--taps` and `--answer` on the whole way: led, kept, and refused in plain words."""

import json
from pathlib import Path

import pytest
from command_files import landmarks
from command_lines import refused

from lengthwise.cli.main import main
from lengthwise.contracts.home import data_home
from lengthwise.record.store import ProfileStore

pytestmark = pytest.mark.usefixtures("sparse")
LUNGE = ("half_kneeling_hip_flexor", "--ramp", "--sensors", "imu4", "--warm", "yes")


def test_a_ramp_is_led_by_taps_told_and_kept_with_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way: a simulated person, who taps; then the sealed session into a profile."""
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path / "home"))
    out, again = tmp_path / "out", tmp_path / "again"
    until_rest = ("--seconds", "190")
    assert main(("simulate", *LUNGE, *until_rest, "--taps", "sacrum", "--out", str(out))) == 0
    told = capsys.readouterr().out
    assert "If you like, one small step by yourself." in told
    assert "marked twice, the lower kept" in told
    assert "Then the stretch itself is held." in told
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "marked twice, the lower kept" in page
    summary = json.loads((out / "summary.json").read_text())
    assert "psoas, left" in summary["ramp"][0]

    analyze = ("analyze", str(out / "session.mcap"), "--out", str(again), "--profile", "sim")
    assert main((*analyze, "--quiet")) == 0
    assert (again / "events.jsonl").read_bytes() == (out / "events.jsonl").read_bytes()
    with ProfileStore.open(data_home(), "sim") as store:
        person = store.person()
        (session,) = store.sessions()
        assert [(r.group.value, r.side.value) for r in person.ramps] == [("psoas", "l")] * 2
        kinds = [(m.group.value, m.kind.value) for m in person.marks]
        assert kinds.count(("psoas", "tolerance")) == kinds.count(("iliacus", "tolerance")) == 1
        assert kinds.count(("psoas", "first_resistance")) == 2
        store.delete_session(session.session_id)
        assert [r.session_id for r in store.person().ramps] == [None, None]
        assert store.person().marks == ()


def test_whoever_says_pain_comes_back_and_nothing_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pain that would only ease a stretch; what stops is held at the coach itself."""
    out = tmp_path / "out"
    assert main(("simulate", *LUNGE, "--fault", "ramp_pain", "--out", str(out))) == 0
    told = capsys.readouterr().out
    assert "no tolerance of the front of the left hip, deep is kept" in told
    assert "more pain than is asked for" in told
    events = [json.loads(line) for line in (out / "events.jsonl").read_text().splitlines()]
    phases = [e["phase"] for e in events if e["kind"] in ("phase", "stop")]
    assert phases.count("ease_in") == 1 and phases[-1] == "done"


def test_what_is_against_it_is_told_with_what_changes_it_and_the_first_pull_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ("--answer", "flare=yes", "--answer", "hypermobile=7")
    assert main(("simulate", *LUNGE, *answers, "--out", str(tmp_path / "out"))) == 0
    told = capsys.readouterr().out
    assert "your back is clearly worse than usual; what changes it: three days" in told
    assert "your joints go very far" in told
    assert "the first gentle pull was marked, and that is what leads" in told
    assert "one small step" not in told and "no ramp to tolerance was led" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--ramp",), "--exercise ID"),
        (("--ramp", "--exercise", "half_kneeling_hip_flexor"), "--side l"),
        (("--taps", "head"), "sacrum"),
        (("--answer", "flare=perhaps"), "yes, no"),
        (("--answer", "mood=good"), "pain_relief"),
        (("--warm", "hot"), "allowed: yes, no"),
    ],
)
def test_what_cannot_be_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    source = landmarks(tmp_path)
    assert told in refused(
        capsys, "analyze", str(source), "--out", str(tmp_path / "out"), *arguments
    )
