"""What of a sent form cannot be taken, as one line: where, what, what is allowed, what to do."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from lengthwise.contracts.errors import InputError, LengthwiseError
from lengthwise.web.forms import Form

_LONGEST = 1e9
"""A larger number is shown by its exponent."""


def not_the_form(first: Mapping[str, Any], endpoint: Callable[..., Any]) -> LengthwiseError:
    """`first`: the first error of pydantic about what was sent to `endpoint`.

    A number out of its bounds is named with them. Of all else only where and why, never what: it
    may be a secret, or hold what JSON cannot say again (half a letter).
    """
    where = [str(part) for part in first["loc"][1:]]
    field = ".".join(where).encode("ascii", "backslashreplace").decode()
    bounds = _bounds(where, endpoint)
    if first["type"] in ("greater_than_equal", "less_than_equal") and bounds is not None:
        low, high = bounds
        value = _shown(first["input"])
        return InputError(
            field,
            value=value if isinstance(value, str) else f"{value:g}",
            allowed=f"{low:g} to {high:g}",
            remedy="correct it, then send it again",
        ).coded("not_the_form", field=field, value=value, low=low, high=high)
    why = str(first["msg"]).encode("ascii", "backslashreplace").decode()
    return LengthwiseError(f"{field or 'what was sent'}: {why}; correct it, then send it again")


def _bounds(where: list[str], endpoint: Callable[..., Any]) -> tuple[float, float] | None:
    """Smallest and largest that a form of the endpoint takes of a field of its own."""
    for form in endpoint.__annotations__.values():
        if not (isinstance(form, type) and issubclass(form, Form)) or len(where) != 1:
            continue
        field = form.model_json_schema()["properties"].get(where[0], {})
        for told in (field, *field.get("anyOf", ())):
            if "minimum" in told and "maximum" in told:
                return float(told["minimum"]), float(told["maximum"])
    return None


def _shown(sent: Any) -> float | str:
    """A number as JSON can say it again: neither infinite, nor too long to be read."""
    try:
        value = float(sent)
    except OverflowError:
        return "too large"
    return value if math.isfinite(value) and abs(value) < _LONGEST else f"{value:g}"
