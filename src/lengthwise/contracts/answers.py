"""What a person has answered of themselves that decides what may be led; kept with its date.

Not asked is not answered: there is no default, and what is not answered refuses.
"""

from enum import StrEnum

from msgspec import Struct


class AnswerName(StrEnum):
    """`hypermobile`: a Beighton score, 0 to 9; `pain_now`: 0 to 10; the others a word."""

    PAIN_NOW = "pain_now"
    PAIN_RELIEF = "pain_relief"
    FLARE = "flare"
    IRRITABLE = "irritable"
    LEG_SIGN = "leg_sign"
    COURSE = "course"
    HYPERMOBILE = "hypermobile"
    OSTEOPOROTIC = "osteoporotic"
    PREGNANT = "pregnant"


class Answer(Struct, frozen=True):
    """`value`: one of the words that the question allows, or its number as text. After
    `expires_utc` it counts as not answered; None: it lasts until it is answered anew."""

    name: AnswerName
    value: str
    told_utc: str
    expires_utc: str | None = None
