"""Words to sound: real speech where the program is installed, and what it is given."""

import io
import shutil
import stat
import wave
from pathlib import Path

import pytest

from lengthwise.contracts.errors import MissingPartError
from lengthwise.live.voice import PROGRAM, speaks, spoken

needs_voice = pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed: apt-get install {PROGRAM}"
)


def seconds(wav: bytes) -> float:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert any(file.readframes(file.getnframes())), "it is not silence"
        return file.getnframes() / file.getframerate()


@needs_voice
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Let the front of the hip sink."), ("de", "Lass die Vorderseite der Hüfte sinken.")],
)
def test_a_cue_is_spoken_before_the_next_one_may_come(language: str, text: str) -> None:
    assert 1.0 < seconds(spoken(text, language)) < 4.0


@needs_voice
def test_more_words_take_longer_in_the_file_too() -> None:
    few, more = (
        spoken("Ease off.", "en"),
        spoken("Ease off a little, and breathe out slowly.", "en"),
    )
    assert seconds(few) < seconds(more)


@needs_voice
@pytest.mark.parametrize("text", ["-v de", "<speak>", "half a letter \ud800", "a\x00b"])
def test_nothing_in_the_words_is_taken_for_an_order(text: str) -> None:
    assert seconds(spoken(text, "en")) > 0.1


def test_the_words_are_not_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / PROGRAM
    program.write_text(
        '#!/bin/sh\necho "$@" > "$0.args"; cat > "$0.said"; head -c 244 /dev/zero | tr "\\0" x\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    spoken("Pain is 7 now", "en")
    assert (tmp_path / f"{PROGRAM}.said").read_text() == "Pain is 7 now"
    assert "Pain" not in (tmp_path / f"{PROGRAM}.args").read_text()


def test_a_language_or_machine_without_a_voice_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not speaks("xx")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPartError, match=f"apt-get install {PROGRAM}"):
        spoken("hello", "en")


def test_a_voice_that_breaks_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / PROGRAM
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(MissingPartError, match="a voice that works is missing"):
        spoken("hello", "en")
