"""Words that no text shown to a person may hold, as data, and the check for them."""

import re
from functools import cache
from importlib.resources import files

import msgspec


@cache
def _pattern() -> re.Pattern[str]:
    raw = (files("lengthwise.reference") / "words.toml").read_bytes()
    listed = msgspec.toml.decode(raw, type=dict[str, tuple[str, ...]])["alarming"]
    longest_first = sorted(listed, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def alarming_words(text: str) -> tuple[str, ...]:
    """The alarming words found in a text, in their order, lower case; empty when it is calm."""
    return tuple(found.lower() for found in _pattern().findall(text))
