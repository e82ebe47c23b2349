"""Each code of a refusal has its words on the page, in each language, and they ask for no value
that does not come."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lengthwise
from lengthwise.contracts.errors import StorageError
from lengthwise.web.refused import LINES

SOURCE = Path(lengthwise.__file__).parent
TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
_WORDS = re.compile(r'"refused\.(\w+)": "(.*)",')
_DISK = ("No space left on device", "Permission denied", "Input/output error")


def coded() -> Iterator[tuple[str, set[str]]]:
    """Codes with the names of their values, as they are written where they are refused."""
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if ".coded(" not in text:
            continue
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "coded":
                named = {k.arg for k in call.keywords if k.arg}
                for code in ast.walk(call.args[0]):
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        yield code.value, named


def codes() -> dict[str, set[str]]:
    found = dict(coded())
    found |= {code: set() for code in (*LINES, "locked", "not_the_form")}
    found |= {str(StorageError("it", cause=c, remedy="").code): set() for c in _DISK}
    # Chosen by name, and coded where they are raised.
    found |= {c: set() for c in ("not_held", "nobody_named", "stopped_today", "questions_open")}
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_code_has_words_that_its_values_fill(language: str) -> None:
    text = (TEXTS / f"{language}.refused.ts").read_text(encoding="utf-8")
    words = dict(_WORDS.findall(text))
    assert words.pop("other").endswith("{line}")
    known = codes()
    assert words.keys() == known.keys()
    for code, said in words.items():
        assert set(re.findall(r"\{(\w+)\}", said)) <= known[code], code


def test_a_full_disk_is_told_from_one_that_may_not_be_written() -> None:
    found = [StorageError("writing x", cause=cause, remedy="y").code for cause in _DISK]
    assert found == ["no_room", "not_writable", "not_stored"]
