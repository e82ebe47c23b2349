"""The one-time code that pairs a phone: good for minutes, one use, few wrong guesses."""

import hmac
import secrets

from msgspec import Struct
from msgspec.structs import replace

GOOD_FOR_S = 300.0
MOST_WRONG = 5
_BYTES = 16


class Code(Struct, frozen=True):
    """`text` None: used, or guessed wrongly too often."""

    text: str | None
    until_s: float
    wrong: int = 0

    def open(self, now_s: float) -> bool:
        return self.text is not None and now_s < self.until_s


def new_code(now_s: float) -> Code:
    return Code(secrets.token_urlsafe(_BYTES), now_s + GOOD_FOR_S)


def tried(code: Code, text: str, now_s: float) -> tuple[Code, bool]:
    """The code after somebody showed `text`, and whether it was that. After it was, and after too
    many that were not, it opens nothing."""
    if code.text is None or not code.open(now_s):
        return code, False
    if hmac.compare_digest(code.text.encode(), text.encode()):
        return replace(code, text=None), True
    wrong = code.wrong + 1
    return replace(code, wrong=wrong, text=None if wrong >= MOST_WRONG else code.text), False
