"""A file with something wrong in it: one line that says where, what and what is allowed."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.assessment import ResultsTold
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.week import WeekAsked
from lengthwise.live.json_file import json_file


def said(path: Path, text: str, form_of: type) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        json_file(path, form_of, form="lengthwise plan schema")
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "where", "value", "allowed"),
    [
        ('{"level": "two"}', "level", '"two"', "a whole number"),
        ('{"level": 2, "care": {"course": "blue"}}', "care.course", '"blue"', "acute"),
        ('{"lvel": 2}', "lvel", "not known", "perhaps level"),
        ('{"care": {}}', "level", "nothing", "a whole number"),
        ('{"level": 2', "w.json", "no whole JSON", "brackets"),
        ('{"level": 9, "care": {}}', "w.json", "a level is 9", "0 to 5"),
        ("[1]", "w.json", "[1]", "an object"),
    ],
)
def test_it_says_where_what_and_what_is_allowed(
    tmp_path: Path, text: str, where: str, value: str, allowed: str
) -> None:
    line = said(tmp_path / "w.json", text, WeekAsked)
    assert "\n" not in line and "`" not in line and "$" not in line
    head, _, rest = line.partition(": found ")
    found, _, may = rest.partition("; allowed: ")
    assert (where in head, value in found, allowed in may) == (True, True, True), line


def test_a_place_in_a_list_is_told_by_its_number(tmp_path: Path) -> None:
    text = '{"results": [{"test": "x", "day": 1}, {"test": "x", "day": "1"}]}'
    line = said(tmp_path / "r.json", text, ResultsTold)
    assert 'results[1].day: found "1"; allowed: a whole number' in line


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["level", "care", "results", "day", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(content=_JSON)
def test_whatever_stands_there_is_one_line(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(msgspec.json.encode(content))
    for form_of in (WeekAsked, ResultsTold):
        try:
            json_file(path, form_of, form="lengthwise plan schema")
        except InputError as refused:
            assert "\n" not in str(refused)
