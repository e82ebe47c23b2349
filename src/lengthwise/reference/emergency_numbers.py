"""Emergency numbers by country, offline. A country is chosen by the person, and never guessed."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    """`advice`: a line for what is no emergency and cannot wait for days; empty: none known."""

    name: str
    emergency: str
    source: str
    advice: str = ""


@cache
def regions() -> dict[str, Region]:
    """By two letters of ISO 3166; treat as read-only."""
    raw = (files("lengthwise.reference") / "emergency_numbers.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[str, Region])


def region(code: str) -> Region:
    """Raises InputError for a country whose number was not checked."""
    found = regions().get(code)
    if found is None:
        raise InputError(
            "country",
            value=code or "nothing",
            allowed=", ".join(sorted(regions())),
            remedy="choose where you are; for another country none is kept here, so look its "
            "number up and keep it near",
        )
    return found
