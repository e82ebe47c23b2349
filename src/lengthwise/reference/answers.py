"""What a person is asked of themselves, as data: words, allowed answers, how long they count."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from lengthwise.contracts.answers import AnswerName
from lengthwise.reference.constants import constant

DAY, LASTING = "day", "lasting"


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """One question; see the head of `answers.toml`. Either `options` or `most`."""

    ask: str
    why: str
    allows: str
    forbids: str
    options: dict[str, str] = {}
    most: float | None = None
    forbidding: tuple[str, ...] = ()
    forbids_from: str | None = None

    @property
    def allowed(self) -> str:
        """What may be answered, in words."""
        if self.most is not None:
            return f"a number from 0 to {self.most:g}"
        return ", ".join(self.options)

    def usable(self, text: str) -> str | None:
        """An answer in the form in which it is kept; None where it is none."""
        text = text.strip().lower()
        if self.most is None:
            return text if text in self.options else None
        try:
            number = float(text)
        except ValueError:
            return None
        return f"{number:g}" if 0.0 <= number <= self.most else None

    def forbids_with(self, value: str) -> bool:
        """Whether a usable answer is one that forbids."""
        if self.forbids_from is not None:
            return float(value) >= constant("answers", self.forbids_from)
        return value in self.forbidding

    def lasts(self, value: str) -> str:
        """How long it counts: `DAY`, `LASTING` or the name of a constant in days."""
        return self.forbids if self.forbids_with(value) else self.allows


@cache
def asked() -> dict[AnswerName, Asked]:
    """Every question in the order of asking; treat as read-only."""
    raw = (files("lengthwise.reference") / "answers.toml").read_bytes()
    return msgspec.toml.decode(raw, type=dict[AnswerName, Asked])
