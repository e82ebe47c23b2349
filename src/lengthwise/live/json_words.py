"""What is wrong in a JSON file, in the words of who wrote it: where, what, what is allowed."""

import re
from difflib import get_close_matches
from typing import Any, NamedTuple

import msgspec

_AT = re.compile(r" - at `(?:key )?(?:in )?\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_EXPECTED = re.compile(r"^Expected `([^`]+)`(?:, got `[^`]+`)?(.*)$")
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "bool": "true or false",
    "null": "null",
    "array": "a list in [ ]",
    "object": "an object in { }",
    "date": "a day as 2026-01-31",
}
_LONGEST = 60
_MOST_NAMES = 12


class Wrong(NamedTuple):
    """`where` in the file, empty: the whole of it."""

    where: str
    value: str
    allowed: str


def wrong_in(raw: bytes, form_of: type, problem: str) -> Wrong:
    """What msgspec or a type of ours said of it, put in the words of the file."""
    try:
        content: Any = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Wrong("", f"no whole JSON: {problem}", "one JSON value with all brackets closed")
    at = _AT.search(problem)
    said, path = (problem[: at.start()], at.group(1)) if at else (problem, "")
    steps = [name or number for name, number in _STEP.findall(path)]
    where, value = path.lstrip("."), _shown(_at(content, steps))
    field = re.search(r"(unknown|missing required) field `([^`]+)`", said)
    if field is not None:
        inner = f"{where}.{field.group(2)}" if where else field.group(2)
        form = _form(form_of, steps)
        if field.group(1) == "unknown":
            return Wrong(inner, "a name that is not known", _names(form, field.group(2)))
        return Wrong(inner, "nothing", _kind(form.get("properties", {}).get(field.group(2), {})))
    if said.startswith("Invalid enum value"):
        return Wrong(where, value, _kind(_form(form_of, steps)))
    expected = _EXPECTED.match(said)
    if expected is not None:
        kinds = [_KINDS.get(k.strip(), k.strip()) for k in expected.group(1).split("|")]
        return Wrong(where, value, " or ".join(kinds) + expected.group(2))
    ours, _, allowed = said.partition("; allowed: ")
    return Wrong(where, ours, allowed or "what this form holds")


def _at(content: Any, steps: list[str]) -> Any:
    for step in steps:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _form(form_of: type, steps: list[str]) -> dict[str, Any]:
    """The part of the schema that a place in the file is of; empty where it cannot be told."""
    schema = msgspec.json.schema(form_of)
    defined = schema.get("$defs", {})

    def plain(part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            part = defined[part["$ref"].rpartition("/")[2]]
        some = [plain(p) for p in part.get("anyOf", ())]
        whole = [p for p in some if p.get("type") != "null"]
        return whole[0] if len(whole) == 1 else part

    part = plain(schema)
    for step in steps:
        inner = part.get("items") if step.isdigit() else part.get("properties", {}).get(step)
        part = plain(inner if isinstance(inner, dict) else {})
    return part | {"properties": {k: plain(v) for k, v in part.get("properties", {}).items()}}


def _names(form: dict[str, Any], said: str) -> str:
    known = list(form.get("properties", {}))
    near = get_close_matches(said, known, n=2)
    names = ", ".join((near or known)[:_MOST_NAMES])
    return f"perhaps {names}" if near else names or "no names here"


def _kind(form: dict[str, Any]) -> str:
    if "enum" in form:
        return ", ".join(str(v) for v in form["enum"])
    named = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}
    kind = str(form.get("type", ""))
    return _KINDS.get(named.get(kind, kind), "what this form holds")
