"""Each code of a refusal has its words on the page, in each language: they say every value that
is sent with it, and ask for none that does not come."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import lengthwise
from lengthwise.contracts.errors import StorageError
from lengthwise.record.database import stated
from lengthwise.web.refused import LINES

SOURCE = Path(lengthwise.__file__).parent
TEXTS = Path(__file__).parents[2] / "ui" / "src" / "texts"
_WORDS = re.compile(r'"refused\.(\w+)": "(.*)",')
_STORE = Path("anna/store.sqlite")
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
    found: dict[str, set[str]] = {}
    for code, named in coded():
        assert found.setdefault(code, named) == named, code
    found |= {code: set() for code in LINES}
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
        assert set(re.findall(r"\{(\w+)\}", said)) == known[code], code


def test_where_a_value_is_refused_it_is_sent_to_be_said() -> None:
    """The line names the value that was found: what is worded anew may not say less."""
    for file in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "coded"):
                continue
            raised = getattr(call.func, "value", None)
            told = {k.arg: k.value for k in getattr(raised, "keywords", ())}
            if "value" in told and not isinstance(told["value"], ast.Constant):
                assert call.keywords, f"{file.name}:{call.lineno}"


def test_a_full_disk_is_told_from_one_that_may_not_be_written() -> None:
    found = [
        StorageError("writing x", cause=cause, remedy="y", written=Path("x")) for cause in _DISK
    ]
    assert [f.code for f in found] == ["no_room", "not_writable", "not_stored"]
    assert found[2].values == {"path": "x", "cause": "Input/output error"}


@pytest.mark.parametrize("cause", [*_DISK, "it is still being written"])
def test_what_is_no_writing_is_said_by_its_line_alone(cause: str) -> None:
    """Who asks to delete does not read that it is kept."""
    found = StorageError("deleting x", cause=cause, remedy="y")
    assert found.code is None and not found.values


def test_a_store_that_is_full_in_use_or_read_only_is_told_as_such() -> None:
    found = {
        name: stated(_STORE, _sqlite(code))
        for name, code in {
            "full": sqlite3.SQLITE_FULL,
            "busy": sqlite3.SQLITE_BUSY,
            "read only": sqlite3.SQLITE_READONLY,
            "broken": sqlite3.SQLITE_IOERR,
        }.items()
    }
    assert {name: getattr(why, "code", "") for name, why in found.items()} == {
        "full": "no_room",
        "busy": "in_use",
        "read only": "not_writable",
        "broken": None,
    }


def _sqlite(code: int) -> sqlite3.OperationalError:
    why = sqlite3.OperationalError("database or disk is full")
    why.sqlite_errorcode = code
    return why
