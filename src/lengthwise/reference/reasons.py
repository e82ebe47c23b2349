"""The plain sentence behind each reason id of a decision."""

from functools import cache
from importlib.resources import files

import msgspec


@cache
def reason_sentences() -> dict[str, str]:
    """Every listed reason id with its sentence; treat as read-only."""
    raw = (files("lengthwise.reference") / "reasons.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, str])


def reason_sentence(reason_id: str) -> str:
    """The sentence of one reason. Raises KeyError for an id that is not listed."""
    return reason_sentences()[reason_id]
