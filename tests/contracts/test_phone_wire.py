"""The phone and this machine speak of the same things by the same names, and calmly."""

import re
from pathlib import Path

import msgspec
import pytest

from lengthwise.contracts import phone_wire, wire
from lengthwise.contracts.phone_wire import Heard, Paired, PhoneSays, read_bundle, read_pair
from lengthwise.live.phone import MOST_BUNDLES_A_SECOND, MOST_SAMPLES_A_SECOND
from lengthwise.reference.exercises import exercises
from lengthwise.reference.translations import translation
from lengthwise.reference.wearing import place_for_exercise
from lengthwise.reference.words import alarming_words

UI = Path(__file__).parents[2] / "ui" / "src"
PHONE = (UI / "phone" / "wire.ts").read_text(encoding="utf-8")
WORDS = (UI / "phone" / "words.ts").read_text(encoding="utf-8")
GERMAN = [(UI / name).read_text(encoding="utf-8") for name in ("phone/words.de.ts", "viewer.ts")]
PICTURES = (UI / "phone" / "picture.ts").read_text(encoding="utf-8")
CARD = (UI / "parts" / "phone.ts").read_text(encoding="utf-8")


def fields(kind: type) -> set[str]:
    return set(kind.__struct_fields__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "kind"), [("Heard", Heard), ("Paired", Paired)])
def test_the_phone_reads_what_is_sent(name: str, kind: type) -> None:
    body = PHONE.split(f"export interface {name} {{")[1].split("\n}")[0]
    assert set(re.findall(r"^  (\w+):", body, flags=re.M)) - {"type"} == fields(kind)


@pytest.mark.parametrize("kind", [wire.Clock, wire.Motion])
def test_the_phone_sends_what_is_read(kind: type) -> None:
    tag = msgspec.inspect.type_info(kind).tag  # type: ignore[union-attr]
    found = re.search(rf'\{{[^{{}}]*type: "{tag}"[^{{}}]*\}}', PHONE)
    assert found
    assert set(re.findall(r"(\w+)\??:", found.group())) - {"type"} == fields(kind)


def test_the_phone_counts_alike() -> None:
    assert f"MOTION_COLUMNS = {wire.MOTION_COLUMNS};" in PHONE
    assert f"MOST_SAMPLES = {wire.MOST_SAMPLES};" in PHONE
    kept_s = float(re.findall(r"KEPT_S = (\d+);", PHONE)[0])
    assert kept_s < wire.MOST_LATE_S, "what it keeps is taken, with a moment to bring it"
    most_kept = int(re.findall(r"MOST_KEPT = (\d+);", PHONE)[0])
    assert most_kept < MOST_SAMPLES_A_SECOND * wire.MOST_LATE_S, "and is no more than may come"
    assert most_kept / wire.MOST_SAMPLES < 2.0 * MOST_BUNDLES_A_SECOND
    bundle = wire.MOST_SAMPLES * wire.MOTION_COLUMNS * 8
    assert bundle + 200 < wire.MOST_BYTES, "a full bundle with its clock fits"


def test_everything_a_phone_is_told_has_its_words() -> None:
    listed = set(re.findall(r'"(\w+)"', PHONE.split("export type Says =")[1].split(";")[0]))
    assert listed == {says.value for says in PhoneSays}
    worded = WORDS.split("SAYS:")[1].split("\n};")[0]
    assert set(re.findall(r"^  (\w+): \{", worded, flags=re.M)) == listed


def test_every_place_that_an_exercise_asks_for_has_its_words_and_its_picture() -> None:
    for chosen in exercises().values():
        place = place_for_exercise(chosen).recommended
        assert f"  {place}:" in WORDS and f"  {place}:" in PICTURES, chosen.id


@pytest.mark.parametrize("text", [WORDS, CARD])
def test_nothing_that_is_said_alarms(text: str) -> None:
    assert alarming_words(text) == ()


@pytest.mark.parametrize("text", GERMAN)
def test_nothing_that_is_said_in_german_alarms(text: str) -> None:
    german = translation("de")
    assert german is not None and german.alarming_words(text) == ()


def test_a_pair_and_a_bundle_are_read_and_no_other() -> None:
    to_bytes = msgspec.msgpack.Encoder().encode
    assert read_pair(to_bytes(phone_wire.Pair("abc"))).code == "abc"
    clock, motion = wire.Clock(1.0), wire.Motion(1, bytes(56))
    assert read_bundle(to_bytes((motion, clock))) == phone_wire.Bundle(clock, motion)
    for raw in (b"", b"\xc0", to_bytes({"type": "pair"}), to_bytes(phone_wire.Pair("x" * 101))):
        with pytest.raises(wire.NotTakenError):
            read_pair(raw)
