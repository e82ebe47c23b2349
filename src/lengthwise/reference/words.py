"""Words that no text shown to a person may hold, as data, and the check for them."""

import re
from functools import cache
from importlib.resources import files

import msgspec


def alarming_words(text: str) -> tuple[str, ...]:
    """The alarming words found in a text, in their order, lower case; empty when it is calm."""
    return alarming_in(text, _english())


def alarming_in(text: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the listed words and phrases stand in a text: whole words, in any case."""
    return tuple(found.lower() for found in _pattern(listed).findall(text))


@cache
def _english() -> tuple[str, ...]:
    raw = (files("lengthwise.reference") / "words.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, tuple[str, ...]])["alarming"]


@cache
def _pattern(listed: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(listed, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
