"""A voice of this machine: words in, sound out, nothing kept.

Browsers on Linux often have no voice of their own, and one that lives elsewhere would hear what is
said. `espeak-ng` is plain and quick (0.05 s a sentence) and knows many languages.
"""

import io
import shutil
import subprocess
import wave

from lengthwise.contracts.errors import MissingPartError

PROGRAM = "espeak-ng"
_VOICES = {"en": "en-gb", "de": "de"}
_WORDS_A_MINUTE = 140
"""Slower than its own 175: for who lies on the floor and listens from afar (expert default)."""
_LOUDNESS = 90
_WITHIN_S = 5.0
_HEADER_BYTES = 44


def speaks(language: str) -> bool:
    """Whether this machine can say something in a language (`en`, `de`)."""
    return language in _VOICES and shutil.which(PROGRAM) is not None


def spoken(text: str, language: str) -> bytes:
    """A WAV file of `text`: one channel, 16 bit. Raises MissingPartError without a voice."""
    if not speaks(language):
        raise MissingPartError(
            f"a voice for '{language}'",
            needed_for="spoken cues",
            remedy=f"apt-get install {PROGRAM} (it speaks {' and '.join(_VOICES)})",
        )
    command = [PROGRAM, "-v", _VOICES[language], "-s", str(_WORDS_A_MINUTE)]
    command += ["-a", str(_LOUDNESS), "--stdin", "--stdout"]
    # The words go by the pipe: what stands on a command line is seen by everybody on the machine.
    try:
        said = subprocess.run(
            command,
            input=text.encode(errors="replace"),
            capture_output=True,
            timeout=_WITHIN_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as cause:
        raise MissingPartError(
            "a voice that works",
            needed_for="spoken cues",
            remedy=f"try it in a terminal: {PROGRAM} -v {_VOICES[language]} hello",
        ) from cause
    return _with_true_length(said.stdout)


def _with_true_length(streamed: bytes) -> bytes:
    """Written to a pipe, its header could not know how long it would be."""
    rate_hz = int.from_bytes(streamed[24:28], "little")
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(streamed[_HEADER_BYTES:])
    return whole.getvalue()
