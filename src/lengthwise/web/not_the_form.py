"""What of a sent form cannot be taken, as one line: where, what, what is allowed, what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from lengthwise.contracts.errors import LengthwiseError
from lengthwise.web.forms import Form


def not_the_form(first: Mapping[str, Any], endpoint: Callable[..., Any]) -> LengthwiseError:
    """`first`: the first error of pydantic about what was sent to `endpoint`.

    The bounds of a number are named, of all else why. Never what was sent: it may be a secret or
    somebody's pain, and what is refused may end in a log; who typed it has it before them.
    """
    where = [str(part) for part in first["loc"][1:]]
    field = ".".join(where).encode("ascii", "backslashreplace").decode()
    bounds = _bounds(where, endpoint)
    if first["type"] in ("greater_than_equal", "less_than_equal") and bounds is not None:
        low, high = bounds
        return LengthwiseError(
            f"{field}: {low:g} to {high:g} is allowed; correct it, then send it again"
        ).coded("not_the_form", field=field, low=low, high=high)
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
