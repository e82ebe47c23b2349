"""From what a person answered to the care of a session's day."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from lengthwise.contracts.answers import Answer, AnswerName
from lengthwise.contracts.care import Care, Course, Nerve, NeuralSign
from lengthwise.contracts.coordinates import Side
from lengthwise.reference.answers import asked

_SIDES = {"no": (), "left": (Side.LEFT,), "right": (Side.RIGHT,), "both": tuple(Side)}


def care_with(care: Care, answers: Iterable[Answer]) -> Care:
    """The care with what was answered, where the session itself states nothing.

    `answers`: only those that count on the day, none twice. A sign in a leg stands for both of its
    nerves: which one it is was not asked.
    """
    told = {a.name: a.value for a in answers}
    found = {
        field: read(told[name])
        for name, (field, read) in _FIELDS.items()
        if name in told and getattr(care, field) is None
    }
    return replace(care, **found) if found else care


def _yes(value: str) -> bool:
    return value == "yes"


def _hypermobile(value: str) -> bool:
    return asked()[AnswerName.HYPERMOBILE].forbids_with(value)


def _signs(value: str) -> tuple[NeuralSign, ...]:
    return tuple(NeuralSign(side, nerve) for side in _SIDES[value] for nerve in Nerve)


_FIELDS: dict[AnswerName, tuple[str, Callable[[str], object]]] = {
    AnswerName.PAIN_NOW: ("baseline_nrs", float),
    AnswerName.PAIN_RELIEF: ("pain_relief", _yes),
    AnswerName.FLARE: ("flare", _yes),
    AnswerName.IRRITABLE: ("irritable", _yes),
    AnswerName.LEG_SIGN: ("neural_signs", _signs),
    AnswerName.COURSE: ("course", Course),
    AnswerName.HYPERMOBILE: ("hypermobile", _hypermobile),
    AnswerName.OSTEOPOROTIC: ("osteoporotic", _yes),
    AnswerName.PREGNANT: ("pregnant", _yes),
}
