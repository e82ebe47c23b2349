"""The passphrase on the command line: asked once, never an argument, one line where it fails."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lengthwise.cli import unlocking
from lengthwise.cli.main import main
from lengthwise.contracts.session import SessionTotals
from lengthwise.record.store import ProfileStore
from lengthwise.vault import key_file, keyring

WORDS = "four words of mine"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LENGTHWISE_HOME", str(tmp_path))
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        monkeypatch.setattr(key_file, name, value)
    assert main(["person", "--profile", "anna", "--height-m", "1.72"]) == 0
    yield tmp_path
    keyring._held.clear()


def run(monkeypatch: pytest.MonkeyPatch, *argv: str, **secrets: str) -> int:
    """As a new process would: it has been given no key yet."""
    keyring._held.clear()
    for name, value in secrets.items():
        monkeypatch.setenv(f"LENGTHWISE_{name}", value)
    code = main([*argv, "--profile", "anna"])
    assert not any(name.startswith("LENGTHWISE_PASS") for name in os.environ), "left for children"
    return code


def test_set_changed_recovered_and_taken_off(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "profiles" / "anna"
    assert run(monkeypatch, "person") == 0
    assert "not encrypted" in capsys.readouterr().out
    assert run(monkeypatch, "person", "lock", PASSPHRASE=WORDS) == 0
    code = capsys.readouterr().out.splitlines()[0].removeprefix("Recovery code: ")
    assert run(monkeypatch, "person", PASSPHRASE=WORDS) == 0
    assert "kept encrypted" in capsys.readouterr().out
    change = {"PASSPHRASE": WORDS, "NEW_PASSPHRASE": "words of another kind"}
    assert run(monkeypatch, "person", "passphrase", **change) == 0
    assert run(monkeypatch, "history", PASSPHRASE=WORDS) == 2
    assert run(monkeypatch, "history", PASSPHRASE="words of another kind") == 0
    recover = {"RECOVERY_CODE": code, "NEW_PASSPHRASE": "words of a third kind"}
    assert run(monkeypatch, "person", "recover", **recover) == 0
    assert run(monkeypatch, "person", "unlock", PASSPHRASE="words of a third kind") == 0
    assert not (folder / "key.json").exists()
    assert run(monkeypatch, "history") == 0
    everything = "".join(capsys.readouterr())
    assert not any(word in everything for word in (WORDS, "of another kind", "of a third kind"))


def test_a_wrong_one_is_one_line_and_nobody_at_the_terminal_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "person", "lock", PASSPHRASE=WORDS)
    capsys.readouterr()
    for command in (["history"], ["person"], ["analyze", "x.csv", "--out", str(home / "out")]):
        assert run(monkeypatch, *command, PASSPHRASE="wrong words of mine") == 2
        (home / "profiles" / "anna" / "key.tries").unlink()
        assert run(monkeypatch, *command) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 2
        assert "wrong words" not in said.err and "LENGTHWISE_PASSPHRASE_FD" in said.err


def test_it_is_asked_for_once_and_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "person", "lock", PASSPHRASE=WORDS)
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return WORDS

    monkeypatch.setattr(unlocking, "getpass", typed)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert run(monkeypatch, "history") == 0
    assert asked == ["Passphrase of anna: "]


def test_a_file_descriptor_gives_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "person", "lock", PASSPHRASE=WORDS)
    reading, writing = os.pipe()
    os.write(writing, WORDS.encode() + b"\nnot this line\n")
    os.close(writing)
    assert run(monkeypatch, "history", PASSPHRASE_FD=str(reading)) == 0
    assert run(monkeypatch, "history", PASSPHRASE_FD="many") == 2


def test_deleting_asks_and_needs_no_passphrase(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "person", "lock", PASSPHRASE=WORDS)
    folder = home / "profiles" / "anna"
    assert run(monkeypatch, "person", "delete") == 2 and folder.exists()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "bert")
    assert run(monkeypatch, "person", "delete") == 2 and folder.exists()
    monkeypatch.setattr("builtins.input", lambda _: "anna")
    assert run(monkeypatch, "person", "delete") == 0 and not folder.exists()
    assert "its key is destroyed" in capsys.readouterr().out
    assert run(monkeypatch, "person", "delete") == 2


def test_a_report_is_written_in_clear_where_the_person_says_and_it_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "20260131T081500Z-a1b2c3"
    totals = SessionTotals(
        session_id=name,
        started_utc="2026-01-31T08:15:00Z",
        duration_s=1.0,
        frames=1,
        exercise_id=None,
        effective_s=None,
        uncertain_s=None,
        rejections={},
        claimed_ratio={},
        simulated=False,
        complete=True,
    )
    with ProfileStore.open(home, "anna") as store:
        folder = store.session_folder(name).create()
        store.add_session(totals, folder.sealed)
    (folder.path / "report.html").write_text("<p>what was seen</p>")
    run(monkeypatch, "person", "lock", PASSPHRASE=WORDS)
    assert b"seen" not in (folder.path / "report.html").read_bytes()
    asked = ["history", "--report", name]
    assert run(monkeypatch, *asked, PASSPHRASE=WORDS) == 2
    out = home / "mine.html"
    assert run(monkeypatch, *asked, "--out", str(out), PASSPHRASE=WORDS) == 0
    assert out.read_text() == "<p>what was seen</p>"
    assert "in clear" in capsys.readouterr().out
