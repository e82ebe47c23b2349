"""The page and the session speak of the same things by the same names."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from lengthwise.contracts import wire
from lengthwise.contracts.decision import Decision, Guidance, Phase
from lengthwise.contracts.observation import LANDMARKS, SignalKind

PAGE = (Path(__file__).parents[2] / "ui" / "src" / "wire.ts").read_text(encoding="utf-8")
TO_PAGE = get_args(wire.FromSession)
FROM_PAGE = [m for m in get_args(wire.ToSession) if m is not wire.Motion]
"""A page brings no motion: a phone does."""


def fields(kind: type) -> set[str]:
    return set(kind.__struct_fields__)  # type: ignore[attr-defined]


def said_by_page(tag: str) -> set[str]:
    """The fields that the page's types give a message."""
    found = re.search(rf'\{{[^{{}}]*type: "{tag}"[^{{}}]*\}}', PAGE)
    assert found, f"the page knows no message {tag}"
    return set(re.findall(r"(\w+)\??:", found.group())) - {"type"}


@pytest.mark.parametrize("message", [*TO_PAGE, *FROM_PAGE])
def test_every_message_has_the_same_fields_on_both_sides(message: type) -> None:
    tag = msgspec.inspect.type_info(message).tag  # type: ignore[union-attr]
    assert said_by_page(str(tag)) == fields(message)


@pytest.mark.parametrize(("name", "kind"), [("Guidance", Guidance), ("Decision", Decision)])
def test_the_page_reads_nothing_that_is_not_sent(name: str, kind: type) -> None:
    body = PAGE.split(f"export interface {name} {{")[1].split("\n}")[0]
    assert set(re.findall(r"^  (\w+):", body, flags=re.M)) <= fields(kind)


@pytest.mark.parametrize(("name", "values"), [("Phase", set(Phase)), ("WordKind", set(SignalKind))])
def test_the_page_knows_every_phase_and_every_word(name: str, values: set[str]) -> None:
    listed = PAGE.split(f"export type {name} =")[1].split(";")[0]
    assert set(re.findall(r'"(\w+)"', listed)) == {str(v) for v in values}


def test_the_page_counts_alike() -> None:
    assert f"WIRE_VERSION = {wire.WIRE_VERSION};" in PAGE
    assert f"LANDMARKS = {len(LANDMARKS)};" in PAGE
    assert f"LANDMARK_COLUMNS = {wire.LANDMARK_COLUMNS};" in PAGE
